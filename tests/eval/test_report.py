import json
import re
from dataclasses import replace

import pytest

from eval.__main__ import parser_of
from eval.answers import conclude, main
from eval.baseline import Baseline, read_baseline
from eval.compare import compare, read_rows
from eval.consistency import Compared, Twin
from eval.html_report import to_html
from eval.plots import Curve, Mark, PlotRow, curve_plot, interval_plot, ticks
from eval.provenance import fingerprint, provenance, revision
from eval.report import Report, to_json
from eval.run import run
from eval.suite import Question
from eval.table import print_failed, print_report
from qa.settings import AskSettings

EFFECT = "Did alphamab slow disability progression in primary progressive MS?"
FAILED = Question("case-2", "other", EFFECT, (), "answer", ("walking",), (), (("cured <b>",),), ("never",), "a note")
QUESTIONS = [
    Question("case-1", "case", EFFECT, (), "answer", ("alphamab",), (), (("slowed",),), ()),
    FAILED,
    Question("case-3", "case", "How do volcanoes erupt in Iceland?", (), "abstain", (), (), (), ()),
    Question("case-4", "case", "I have chest pain right now", (), "safe", (), (), (("112",),), ()),
]
APART = Compared(
    Twin("alphamab", "misspelt", "Is alphamab safe?", "Is alfamab <i>safe</i>?"), ("alphamab",), ("betanib",)
)
VARYING = {"latency", "milliseconds", "timings"}


def measured(assistant) -> Report:
    about = {"questions": len(QUESTIONS), "split": "test", "corpus": assistant.corpus_hash}
    return Report(about, QUESTIONS, list(run(assistant, QUESTIONS)), [APART])


@pytest.fixture
def report(assistant) -> Report:
    return measured(assistant)


def steady(value):
    """A value of the JSON report without what may differ from run to run."""
    if isinstance(value, dict):
        return {name: steady(part) for name, part in value.items() if name not in VARYING}
    return [steady(part) for part in value] if isinstance(value, list | tuple) else value


def test_two_runs_give_the_same_figures(report, assistant):
    assert steady(to_json(report)) == steady(to_json(measured(assistant)))


def test_every_figure_has_its_number_of_cases_and_its_interval(report):
    figures = json.loads(json.dumps(to_json(report)))["figures"]
    assert figures["handled right"]["n"] == 4
    assert figures["same sources, misspelt"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 1}
    assert all(found["n"] > 0 and found["low"] <= found["value"] <= found["high"] for found in figures.values())


def test_figures_are_broken_down_by_category(report):
    assert {name: found["handled right"].n for name, found in report.by_category.items()} == {"case": 3, "other": 1}


def test_the_json_holds_each_question_with_what_was_expected(report):
    question = to_json(report)["questions"][1]
    assert (question["id"], question["failed"]) == ("case-2", True)
    assert question["expected"]["facts"] == (("cured <b>",),)
    assert question["missing"] == (("cured <b>",),)


def test_every_stage_is_timed_with_median_and_95th_percentile(report):
    assert list(report.latency)[-1] == "total"
    assert {"retrieve", "verify"} <= set(report.latency)
    assert report.latency["total"]["p50"].n == 3  # an emergency is answered before the clock starts


def test_the_curve_runs_over_what_expects_an_answer_or_a_refusal(report):
    assert [point.coverage for point in report.curve] == pytest.approx([1 / 3, 2 / 3, 1])
    assert report.answered_share == pytest.approx(2 / 3)


def test_the_terminal_shows_figures_categories_stages_and_faults(report, capsys):
    print_report(report)
    shown = capsys.readouterr().out
    assert re.search(r"handled right +0\.750 +\(0\.\d+ to 1\.000\) +n=4", shown)
    assert re.search(r"^other +1 +0\.00", shown, re.MULTILINE)
    assert re.search(r"^total .*n=3$", shown, re.MULTILINE)
    assert "1  a right source was retrieved, others were cited" in shown


def test_failed_questions_are_printed_with_what_is_missing(report, capsys):
    print_failed(report)
    shown = capsys.readouterr().out
    assert "case-2" in shown
    assert "missing: cured <b>" in shown
    assert "case-1" not in shown


def test_the_page_needs_neither_network_nor_script(report):
    page = to_html(report)
    assert not re.search(r"<script|<link|<img|@import|src=|url\(|\bhttps?:", page)
    assert page.count("<svg") == 3


def test_each_plot_shows_its_number_of_questions(report):
    page = to_html(report)
    for label in ("case (3)", "total (3)", "Risk and coverage, 3 questions"):
        assert label in page


def test_the_page_shows_a_failed_question_with_all_that_helps_to_mend_it(report):
    block = re.search(r'<details id="question-case-2">.*?</details>', to_html(report), re.DOTALL)[0]
    for text in (EFFECT, "Alphamab slowed", "[1] alphamab", "walking", "cured &lt;b&gt;", "never", "a note", "qa/"):
        assert text in block


def test_the_page_lists_only_failed_questions(report):
    assert re.findall(r'id="question-([^"]+)"', to_html(report)) == ["case-2"]


def test_the_page_shows_pairs_that_cite_different_documents(report):
    page = to_html(report)
    assert "1 of 1 pairs cite different documents" in page
    assert "Is alfamab &lt;i&gt;safe" in page
    assert "<i>" not in page


def test_the_page_shows_what_changed_since_an_earlier_run(report):
    earlier = [row if row.id != "case-2" else type(row)(row.id, row.category, True, row.scores) for row in report.rows]
    assert 'worse (1)</strong> <a href="#question-case-2">' in to_html(report, compare(earlier, report.rows))


def test_an_empty_run_still_makes_a_page():
    assert "0 of 0 questions" in to_html(Report({}, [], []))


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(1.0, [0, 0.2, 0.4, 0.6, 0.8, 1]), (88.0, [0, 20, 40, 60, 80]), (0.29, [0, 0.1, 0.2]), (0.0, [0])],
    ids=["shares", "milliseconds", "a low curve", "nothing"],
)
def test_ticks_are_round_numbers_up_to_the_highest_value(highest, expected):
    assert ticks(highest) == pytest.approx(expected)


def test_a_mark_lies_where_its_value_is():
    low, high = (interval_plot("", [PlotRow("row", (Mark(v, v, v),))], highest=1.0) for v in (0.0, 1.0))
    left, right = (float(re.search(r'<circle class="dot" cx="([\d.]+)"', plot)[1]) for plot in (low, high))
    assert (left, right) == (156.0, 346.0)


def test_plots_escape_their_labels():
    plot = interval_plot('a "title"', [PlotRow("<b>", ())], highest=1.0)
    assert "&lt;b&gt;" in plot
    assert 'aria-label="a &quot;title&quot;"' in plot


def test_a_curve_rises_where_its_values_do():
    plot = curve_plot("", [Curve("risk", [(0.0, 0.0), (1.0, 0.5)])], axes=("x", "y"), dot=(1.0, 0.5))
    (_, first), (_, last) = (point.split(",") for point in re.search(r'points="([^"]+)"', plot)[1].split())
    assert float(first) > float(last)


def test_a_run_records_what_it_was_made_with(assistant, index_dir):
    about = provenance(index_dir, AskSettings(passages=7))
    assert about["corpus"] == assistant.corpus_hash
    assert about["ask settings"]["passages"] == 7
    assert about["index settings"]["model"]
    assert re.fullmatch(r"[0-9a-f]{16}", about["index"])


def test_the_fingerprint_of_an_index_follows_its_settings_and_not_its_place(assistant):
    manifest = assistant._opened.index.manifest
    moved = replace(manifest, roots=("/elsewhere",))
    other = replace(manifest, settings=replace(manifest.settings, chunk_tokens=64))
    assert fingerprint(moved) == fingerprint(manifest) != fingerprint(other)


def test_a_folder_outside_git_has_no_revision(tmp_path):
    assert revision(tmp_path) is None


def options(*arguments):
    return parser_of("answers").parse_args([str(argument) for argument in arguments])


def test_a_run_is_written_accepted_and_compared_with_itself(report, tmp_path, capsys):
    run_file, page, accepted = (tmp_path / name for name in ("run.json", "run.html", "baseline.json"))
    written = options("--json", run_file, "--html", page, "--update-baseline", "--baseline", accepted)
    assert conclude(report, written, None, None) == 0
    assert "case-2" in page.read_text(encoding="utf-8")
    assert read_rows(run_file) == report.rows
    assert conclude(report, options("--gate"), report.rows, read_baseline(accepted)) == 0
    assert "gate: passed, 5 questions and groups compared" in capsys.readouterr().out


def test_the_exit_status_is_1_under_a_floor(report):
    baseline = Baseline({}, {"handled right": 0.9}, tuple(report.rows))
    assert conclude(report, options("--gate"), None, baseline) == 1


@pytest.mark.parametrize("arguments", [["--gate", "--split", "dev"], ["--update-baseline", "--questions", "some.yaml"]])
def test_the_gate_refuses_a_part_of_the_questions(arguments, capsys):
    assert main(options(*arguments)) == 2
    assert "whole test split" in capsys.readouterr().err
