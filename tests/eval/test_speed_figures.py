import pytest

from eval.speed.figures import BARE, OURS, PLAIN, Report, Row, Spread, departure, growth, overlap, percentiles, stages
from eval.speed.targets import CHUNKS, DOCUMENTS, LOSS, START, TEXTS, by_size, sized, verdicts


def row(name: str, **values: float) -> Row:
    names = {"ours": OURS, "plain": PLAIN, "bare": BARE}
    return Row(name, "", {names[system]: Spread.of([value]) for system, value in values.items()})


def verdict(report: Report, beginning: str) -> str:
    return next(target.verdict for target in verdicts(report) if target.name.startswith(beginning))


def test_a_spread_is_the_median_between_the_lowest_and_the_highest_repeat():
    assert Spread.of([5.0, 1.0, 2.0]) == Spread(2.0, 1.0, 5.0, 3)


def test_no_repeats_have_no_median():
    with pytest.raises(ValueError, match="repeats is empty"):
        Spread.of([])


def test_a_percentile_is_taken_in_each_round_and_a_round_without_values_is_no_round():
    assert percentiles([[1.0, 3.0], [], [10.0, 20.0, 30.0]], 0.5) == Spread(11.0, 2.0, 20.0, 2, 2)


def test_stages_that_only_some_answers_reach_keep_their_rounds():
    assert stages([[{"rank": 1.0}, {"rank": 2.0, "compose": 3.0}], [{"rank": 4.0}]]) == {
        "rank": [[1.0, 2.0], [4.0]],
        "compose": [[3.0], []],
    }


def test_a_ratio_needs_both_systems():
    assert row("q", ours=2.0, plain=8.0).ratio(OURS) == 0.25
    assert row("q", ours=2.0).ratio(OURS) is None


def test_growth_is_from_the_smallest_to_the_largest_size():
    assert growth({100_000: 9.0, 1_000: 3.0, 10_000: 1.0}) == 3.0
    assert growth({1_000: 3.0}) is None


def test_departure_from_linear_is_between_the_extremes_of_the_rates():
    assert departure({1_000: 100.0, 10_000: 110.0, 100_000: 88.0}) == pytest.approx(0.25)
    assert departure({1_000: 100.0}) is None


def test_overlap_is_recall_against_the_exact_lists():
    assert overlap([["a", "b"], ["x", "y"]], [["b", "a"], ["x", "z"]]) == 0.75


def test_sizes_are_read_back_from_the_names_of_rows():
    report = Report({}, [row(sized(12_345, "ask p95"), ours=4.0), row("ask p95", ours=5.0)])
    assert by_size(report, "ask p95") == {12345: 4.0}


def test_what_was_not_measured_is_neither_met_nor_missed():
    assert {target.verdict for target in verdicts(Report({}))} == {"not measured"}


@pytest.mark.parametrize(("ours", "told"), [(1.0, "met"), (1.01, "MISSED")])
def test_a_start_must_be_four_times_faster(ours, told):
    assert verdict(Report({}, [row(START, ours=ours, plain=4.0)]), "cold start") == told


def test_ingestion_is_judged_by_the_lower_of_its_two_ratios():
    rows = [row(CHUNKS, ours=9.0, plain=1.0), row(DOCUMENTS, ours=2.0, plain=1.0)]
    assert verdict(Report({}, rows), "ingestion, times") == "MISSED"
    assert verdict(Report({}, rows[:1]), "ingestion, times") == "not measured"


def test_ingestion_is_held_against_the_bare_embedder():
    assert verdict(Report({}, [row(TEXTS, ours=85.0, bare=100.0)]), "ingestion over") == "met"


@pytest.mark.parametrize(("difference", "told"), [(-0.005, "met"), (0.006, "MISSED"), (-0.006, "MISSED")])
def test_int8_may_neither_lose_nor_gain_more_than_allowed(difference, told):
    assert verdict(Report({}, [row(LOSS, ours=difference)]), "nDCG@10") == told


def test_the_largest_size_decides_on_p95():
    rows = [row(sized(1_000, "ask p95"), ours=40.0), row(sized(100_000, "ask p95"), ours=29.0)]
    assert verdict(Report({}, rows), "ask() p95 at the largest") == "met"
    assert verdict(Report({}, rows), "ask() p95, largest over") == "met"


def test_a_report_as_json_holds_every_row_with_its_rounds():
    values = Report({"rounds": 1}, [row(START, ours=2.0)], ["txtai: absent"]).to_json()
    assert values["measured"][START][OURS] == {"value": 2.0, "low": 2.0, "high": 2.0, "rounds": 1, "cases": 1}
    assert values["skipped"] == ["txtai: absent"]
