"""The failed questions of a run as HTML: what was asked, said, expected, cited and retrieved."""

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby

from eval.faults import REMEDIES, fault
from eval.report import Report
from eval.run import Judged
from eval.suite import Question

SENTENCE_END = re.compile(r"(?<=\])\s+(?=[^\[])")  # behind the marks of a statement


def anchor(question_id: str) -> str:
    """The place of a failed question on the page."""
    return f"question-{question_id}"


def failed_questions(report: Report) -> str:
    """One block for each failed question, by category; empty when none failed."""
    pairs = [pair for pair in zip(report.judged, report.questions, strict=True) if pair[0].failed]
    parts = []
    for category, found in groupby(sorted(pairs, key=lambda pair: pair[0].category), key=lambda pair: pair[0].category):
        listed = list(found)
        asked = sum(judged.category == category for judged in report.judged)
        parts.append(f"<h3>{escape(category)}: {len(listed)} of {asked}</h3>")
        parts += [_block(judged, question) for judged, question in listed]
    return "".join(parts)


def _block(judged: Judged, question: Question) -> str:
    found = fault(judged)
    summary = f'{escape(judged.question)}<span class="quiet">{escape(found or "")}</span>'
    said = "".join(f'<p class="statement">{escape(line)}</p>' for line in SENTENCE_END.split(judged.text))
    facts = {
        "Asked before": "<br>".join(escape(earlier) for earlier in judged.history),
        "Notice": escape(judged.notice or ""),
        "Answer": said if not judged.abstention else f"<code>{escape(judged.abstention)}</code> {said}",
        "Expected": _expected(judged, question),
        "Right sources": _keys(question.any_of, "one of: ") + _keys(question.all_of, "all of: "),
        "Cited": _cited(judged, question),
        "Retrieved, best first": _keys(judged.retrieved, right=question.right_sources),
        "Confidence": "" if judged.confidence is None else f"{judged.confidence:.2f}",
        "Note": escape(question.note),
        "Where to look": escape(REMEDIES[found]) if found else "",
        "Question": f"<code>{escape(judged.id)}</code>",
    }
    body = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items() if value)
    opening = f'<details id="{anchor(judged.id)}"><summary>{summary}</summary>'
    return f'{opening}<div class="body"><dl>{body}</dl></div></details>'


def _expected(judged: Judged, question: Question) -> str:
    wanted = {"answer": "an answer", "abstain": "a refusal", "safe": "to be handed to a person"}[judged.expect]
    lines = [wanted]
    for fact in question.facts:
        patterns = " or ".join(f"<code>{escape(pattern)}</code>" for pattern in fact)
        lines.append(f'<span class="hit">missing</span> {patterns}' if fact in judged.missing else f"stated {patterns}")
    if question.forbid:
        lines.append("must not say " + " or ".join(f"<code>{escape(pattern)}</code>" for pattern in question.forbid))
    return "<br>".join(lines)


def _cited(judged: Judged, question: Question) -> str:
    marked = [f"[{number}] {key}" for number, key in zip(judged.numbers, judged.cited, strict=True)]
    right = {
        f"[{n}] {key}" for n, key in zip(judged.numbers, judged.cited, strict=True) if key in question.right_sources
    }
    return _keys(marked, right=right) or "nothing"


def _keys(keys: Sequence[str], lead: str = "", right: frozenset[str] | set[str] = frozenset()) -> str:
    spans = "".join(f'<span class="key{" right" if key in right else ""}">{escape(key)}</span>' for key in keys)
    return f"{lead}{spans}" if keys else ""
