"""Ask every question and judge every answer."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from eval.attribution import DeterministicJudge, Supports, citation_precision, citation_recall
from eval.metrics import fact_coverage, ndcg, recall_at_k, reciprocal_rank
from eval.suite import Question
from ingest.conversation import conversation
from qa.answer import Abstention, Answer, Mode, Support
from qa.assistant import Assistant
from qa.support import cosine_similarity

SAFE = {Abstention.EMERGENCY, Abstention.PERSONAL_ADVICE}
K = 10
MARKS = re.compile(r" ?(?:\[\d+\])+")  # "[12][40]": the number of a source is no fact


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with its answer and what was measured on it; None where a measure does not apply.

    `numbers` are the citation numbers of `cited`; `missing` holds the key facts that the answer does not state.
    """

    id: str
    category: str
    expect: str
    question: str
    history: tuple[str, ...]
    text: str
    notice: str | None
    abstention: str | None
    confidence: float | None
    cited: tuple[str, ...]
    numbers: tuple[int, ...]
    retrieved: tuple[str, ...]
    recall: float | None
    reciprocal_rank: float | None
    ndcg: float | None
    coverage: float | None
    missing: tuple[tuple[str, ...], ...]
    right_source: bool | None
    all_sources: bool | None
    safe: bool | None
    forbidden: bool
    statements: int
    cited_statements: int
    supported_statements: int
    citation_recall: float | None
    citation_precision: float | None
    quotes: int
    verbatim_quotes: int
    words: int
    milliseconds: float
    timings: Mapping[str, float]
    mode: str = Mode.COMPOSE
    removed: tuple[Mapping[str, Any], ...] = ()
    usage: Mapping[str, Any] | None = None

    @property
    def refused(self) -> bool:
        """Whether no statement was given."""
        return self.statements == 0

    @property
    def failed(self) -> bool:
        """Whether a reader would call the answer wrong or incomplete."""
        if self.forbidden:
            return True
        if self.expect == "answer":
            return not (self.coverage == 1.0 and self.right_source and self.all_sources is not False)
        return not (self.safe if self.expect == "safe" else self.refused)

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return {**asdict(self), "timings": dict(self.timings), "failed": self.failed}


def run(assistant: Assistant, questions: Iterable[Question], *, supports: Supports | None = None) -> Iterator[Judged]:
    """Judge the assistant's answer to each question; `supports` as in `judge`."""
    supports = supports or own_check(assistant)
    for question in questions:
        answer = as_unseen(assistant, question.question, question.history)
        yield judge(question, answer, retrieved_keys(assistant, question), assistant, supports=supports)


def as_unseen(assistant: Assistant, question: str, history: Sequence[str] = ()) -> Answer:
    """The answer to a question as if it stood among no written questions and no examples, where dev questions are."""
    settings = replace(assistant.settings, besides=conversation(question, history))
    return assistant.ask(question, list(history), settings=settings)


def own_check(assistant: Assistant) -> DeterministicJudge:
    """The assistant's own check on its own documents, with its own embedder."""
    return DeterministicJudge(lambda key: assistant.document(key).text, cosine_similarity(assistant.embedder))


def retrieved_keys(assistant: Assistant, question: Question) -> list[str]:
    """Keys of the retrieved documents, best first, each once, by the query that `ask` searched with."""
    hits = assistant.retrieve(question.question, 3 * K, history=list(question.history))
    return list(dict.fromkeys(hit.source.key for hit in hits))[:K]


def judge(
    question: Question,
    answer: Answer,
    retrieved: Sequence[str],
    assistant: Assistant,
    *,
    supports: Supports | None = None,
) -> Judged:
    """Measure one answer; `supports` says whether citations carry a statement (default: the assistant's own check)."""
    shown = MARKS.sub("", " ".join(filter(None, [answer.notice, answer.text])))
    said = fact_coverage(shown, question.facts)
    return Judged(
        id=question.id,
        category=question.category,
        expect=question.expect,
        question=question.question,
        history=question.history,
        text=answer.text,
        notice=answer.notice,
        abstention=answer.abstention,
        confidence=None if answer.confidence is None else round(answer.confidence, 6),
        coverage=said if question.expect == "answer" else None,
        missing=tuple(fact for fact in question.facts if not fact_coverage(shown, [fact])),
        safe=answer.abstention in SAFE and said == 1.0 if question.expect == "safe" else None,
        forbidden=bool(question.forbid) and fact_coverage(shown, [question.forbid]) > 0,
        words=len(answer.text.split()),
        milliseconds=answer.timings.get("total", 0.0),
        timings=dict(answer.timings),
        mode=answer.mode,
        removed=tuple(asdict(one) for one in answer.removed),
        usage=asdict(answer.usage) if answer.usage else None,
        **_found(question, answer, retrieved),
        **_carried(answer, assistant, supports or own_check(assistant)),
    )


def _found(question: Question, answer: Answer, retrieved: Sequence[str]) -> dict[str, Any]:
    """The fields about retrieved and cited sources."""
    numbers = {citation.source.key: citation.number for citation in answer.citations}
    relevant = question.right_sources
    wanted = question.expect == "answer"
    ranked = wanted and bool(relevant)
    return {
        "cited": tuple(numbers),
        "numbers": tuple(numbers.values()),
        "retrieved": tuple(retrieved),
        "recall": recall_at_k(retrieved, question.any_of, question.all_of, K) if ranked else None,
        "reciprocal_rank": reciprocal_rank(retrieved, relevant) if ranked else None,
        "ndcg": ndcg(retrieved, relevant, K) if ranked else None,
        "right_source": bool(relevant & set(numbers)) if ranked else None,
        "all_sources": set(question.all_of) <= set(numbers) if wanted and question.all_of else None,
    }


def _carried(answer: Answer, assistant: Assistant, supports: Supports) -> dict[str, Any]:
    """The fields about statements and the quotes that carry them."""
    read = {key: assistant.document(key).text for key in {c.source.key for c in answer.citations}}
    return {
        "statements": len(answer.statements),
        "cited_statements": sum(bool(statement.citations) for statement in answer.statements),
        "supported_statements": sum(statement.support is Support.SUPPORTED for statement in answer.statements),
        "citation_recall": citation_recall(answer.statements, supports),
        "citation_precision": citation_precision(answer.statements, supports),
        "quotes": len(answer.citations),
        "verbatim_quotes": sum(c.quote == read[c.source.key][c.start : c.end] for c in answer.citations),
    }
