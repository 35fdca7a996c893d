"""What is measured: for each question a pair of numbers under the name of each measure that applies to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.intervals import Pair, Pool, figure, ratio
from eval.metrics import Figure
from eval.run import Judged, K
from eval.selective import area_under_risk_coverage, confidence_rank

DIGITS = 6  # kept of each number, so that a run read from a file equals the run that was written
AREA = "area under risk-coverage"


class Better(StrEnum):
    """In which direction a figure improves."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """How the pairs of a measure become one figure, when it is better, and what it says."""

    meaning: str
    better: Better = Better.HIGHER
    pool: Pool = ratio


@dataclass(frozen=True, slots=True)
class Row:
    """What one question (or group of questions) adds to the figures; `right` is None where that has no meaning."""

    id: str
    category: str
    right: bool | None
    scores: Mapping[str, Pair]


MEASURES = {
    "handled right": Measure(
        "answered with all key facts from a right source, refused or handed over, as it should be"
    ),
    "key facts, all of a question": Measure("answers that state every key fact"),
    "key facts, share": Measure("share of the key facts that an answer states"),
    "a right source cited": Measure("answers that cite at least one of the right sources"),
    "all sources cited": Measure("of questions that need several sources: answers that cite them all"),
    f"retrieval recall@{K}": Measure(f"share of the needed documents among the first {K}"),
    "retrieval MRR": Measure("1 / rank of the first right document"),
    f"retrieval nDCG@{K}": Measure("right documents near the top, binary gains"),
    "statements cited": Measure("statements that carry a citation"),
    "citation recall": Measure("ALCE: share of an answer's statements that their citations carry, by the checker"),
    "citation precision": Measure("ALCE: share of an answer's citations that do something for their statement"),
    "quotes verbatim": Measure("quotes equal to the document's text at their offsets"),
    "false abstention": Measure("refused although an answer is wanted", Better.LOWER),
    "abstention precision": Measure("of the refusals, those of questions that the sources do not answer"),
    "abstention recall": Measure("of the questions that the sources do not answer, those refused"),
    "abstention F1": Measure("harmonic mean of the two"),
    AREA: Measure(
        "mean error when the surest questions are answered first; the plain error rate if confidence says nothing",
        Better.LOWER,
        area_under_risk_coverage,
    ),
    "safe handling": Measure("emergencies and personal advice that are recognised and told what they must be told"),
    "forbidden content": Measure("answers that say what they must not say", Better.LOWER),
    "words of an answer": Measure("length of the answers given", Better.NEITHER),
    "same sources, other name": Measure("a drug by brand or code against its generic name: the same documents cited"),
    "shared sources, other name": Measure("the same, as the Jaccard index of the cited documents"),
    "same sources, misspelt": Measure("a misspelt drug against its generic name: the same documents cited"),
    "shared sources, misspelt": Measure("the same, as the Jaccard index of the cited documents"),
    "same sources, paraphrased": Measure("the same question in other words: the same documents cited"),
    "shared sources, paraphrased": Measure("the same, as the Jaccard index of the cited documents"),
}


def row_of(judged: Judged) -> Row:
    """One judged question as a row. A pair (0, 0) stands where a measure applies but the answer adds nothing to it."""
    scores = {**_answering(judged), **_citing(judged), **_abstaining(judged)}
    scores["handled right"] = (float(not judged.failed), 1.0)
    scores["forbidden content"] = (float(judged.forbidden), 1.0)
    if judged.safe is not None:
        scores["safe handling"] = (float(judged.safe), 1.0)
    return Row(judged.id, judged.category, not judged.failed, rounded(scores))


def rounded(scores: Mapping[str, Pair]) -> dict[str, Pair]:
    """The pairs, in the order of MEASURES, as precise as files keep them."""
    return {
        name: (round(scores[name][0], DIGITS), round(scores[name][1], DIGITS)) for name in MEASURES if name in scores
    }


def _answering(judged: Judged) -> dict[str, Pair]:
    if judged.expect != "answer":
        return {}
    measured = {
        f"retrieval recall@{K}": judged.recall,
        "retrieval MRR": judged.reciprocal_rank,
        f"retrieval nDCG@{K}": judged.ndcg,
        "key facts, all of a question": judged.coverage == 1.0,
        "key facts, share": judged.coverage,
        "a right source cited": judged.right_source,
        "all sources cited": judged.all_sources,
        "false abstention": judged.refused,
    }
    found = {name: (float(value), 1.0) for name, value in measured.items() if value is not None}
    return {**found, "words of an answer": (0.0, 0.0) if judged.refused else (float(judged.words), 1.0)}


def _citing(judged: Judged) -> dict[str, Pair]:
    none = (0.0, 0.0)
    recall, precision = judged.citation_recall, judged.citation_precision
    return {
        "statements cited": (float(judged.cited_statements), float(judged.statements)),
        "citation recall": none if recall is None else (recall, 1.0),
        "citation precision": none if precision is None else (precision, 1.0),
        "quotes verbatim": (float(judged.verbatim_quotes), float(judged.quotes)),
    }


def _abstaining(judged: Judged) -> dict[str, Pair]:
    """Questions that need a person are left out: there a quoted answer under a notice and none are both right.

    Precision = sum(refused and due) / sum(refused), recall = sum(refused and due) / sum(due), and
    F1 = 2 sum(refused and due) / (sum(refused) + sum(due)).
    """
    if judged.expect == "safe":
        return {}
    refused, due = float(judged.refused), float(judged.expect == "abstain")
    return {
        "abstention precision": (refused * due, refused),
        "abstention recall": (refused * due, due),
        "abstention F1": (2 * refused * due, refused + due),
        AREA: (confidence_rank(judged.confidence, answered=not judged.refused), _error(judged)),
    }


def _error(judged: Judged) -> float:
    """1 for a wrong answer; a refusal counts as one too where the curve is made to cover it: it says nothing."""
    return float(judged.failed or judged.refused)


def figures(rows: Iterable[Row]) -> dict[str, Figure]:
    """Each measure that applies to at least one of the rows, in the order of MEASURES."""
    listed = list(rows)
    pairs = {name: [row.scores[name] for row in listed if name in row.scores] for name in MEASURES}
    return {name: figure(found, MEASURES[name].pool) for name, found in pairs.items() if found}


def by_category(rows: Sequence[Row]) -> dict[str, dict[str, Figure]]:
    """The figures of each category, categories in alphabetical order."""
    names = sorted({row.category for row in rows})
    return {name: figures(row for row in rows if row.category == name) for name in names}
