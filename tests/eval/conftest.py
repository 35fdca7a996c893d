"""Judged answers made by hand: a right one, and whatever a test changes in it."""

from collections.abc import Callable

import pytest

from eval.run import Judged

RIGHT = {
    "id": "case-1",
    "category": "case",
    "expect": "answer",
    "question": "Does alphamab slow MS?",
    "history": (),
    "text": "Alphamab slows MS. [1]",
    "notice": None,
    "abstention": None,
    "confidence": 0.9,
    "cited": ("alphamab",),
    "numbers": (1,),
    "retrieved": ("alphamab", "betanib"),
    "recall": 1.0,
    "reciprocal_rank": 1.0,
    "ndcg": 1.0,
    "coverage": 1.0,
    "missing": (),
    "right_source": True,
    "all_sources": None,
    "safe": None,
    "forbidden": False,
    "statements": 1,
    "cited_statements": 1,
    "supported_statements": 1,
    "citation_recall": 1.0,
    "citation_precision": 1.0,
    "quotes": 1,
    "verbatim_quotes": 1,
    "words": 4,
    "milliseconds": 5.0,
    "timings": {"retrieve": 4.0, "total": 5.0},
}
SILENT = {"statements": 0, "cited_statements": 0, "supported_statements": 0, "quotes": 0, "verbatim_quotes": 0}
REFUSED = {**SILENT, "citation_recall": None, "citation_precision": None, "cited": (), "numbers": (), "text": "No."}
UNMEASURED = dict.fromkeys(("recall", "reciprocal_rank", "ndcg", "coverage", "right_source"))

MakeJudged = Callable[..., Judged]


@pytest.fixture
def make_judged() -> MakeJudged:
    """A right answer; fields override. `refused=True` makes it a refusal, `expect` fits the measures to it."""

    def make(*, refused: bool = False, **fields: object) -> Judged:
        wanted = fields.get("expect", "answer") == "answer"
        missed = {"coverage": 0.0, "right_source": False} if refused and wanted else {}
        return Judged(**{**RIGHT, **(REFUSED if refused else {}), **(missed if wanted else UNMEASURED), **fields})

    return make
