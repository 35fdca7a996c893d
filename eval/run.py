"""Ask every question and judge every answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.metrics import fact_coverage, ndcg, recall_at_k, reciprocal_rank
from eval.suite import Question
from qa.answer import Abstention, Answer, Support
from qa.assistant import Assistant

SAFE = {Abstention.EMERGENCY, Abstention.PERSONAL_ADVICE}
K = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with its answer and what was measured on it; None where a measure does not apply."""

    id: str
    category: str
    expect: str
    question: str
    history: tuple[str, ...]
    text: str
    abstention: str | None
    cited: tuple[str, ...]
    retrieved: tuple[str, ...]
    recall: float | None
    reciprocal_rank: float | None
    ndcg: float | None
    coverage: float | None
    right_source: bool | None
    all_sources: bool | None
    safe: bool | None
    forbidden: bool
    statements: int
    cited_statements: int
    supported_statements: int
    quotes: int
    verbatim_quotes: int
    words: int
    milliseconds: float

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
            return not (self.coverage == 1.0 and self.right_source)
        return not (self.safe if self.expect == "safe" else self.refused)

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return {**asdict(self), "failed": self.failed}


def run(assistant: Assistant, questions: Iterable[Question]) -> Iterator[Judged]:
    """Judge the assistant's answer to each question."""
    for question in questions:
        answer = assistant.ask(question.question, list(question.history))
        yield judge(question, answer, _retrieved(assistant, question), assistant)


def _retrieved(assistant: Assistant, question: Question) -> list[str]:
    """Keys of the retrieved documents, best first, each once, by the query that `ask` searched with."""
    hits = assistant.retrieve(question.question, 3 * K, history=list(question.history))
    return list(dict.fromkeys(hit.source.key for hit in hits))[:K]


def judge(question: Question, answer: Answer, retrieved: Sequence[str], assistant: Assistant) -> Judged:
    """Measure one answer."""
    wanted = question.expect == "answer"
    relevant = question.right_sources
    cited = tuple(dict.fromkeys(citation.source.key for citation in answer.citations))
    read = {key: assistant.document(key).text for key in cited}
    verbatim = [c.quote == read[c.source.key][c.start : c.end] for c in answer.citations]
    shown = " ".join(filter(None, [answer.notice, answer.text]))
    said = fact_coverage(shown, question.facts)
    return Judged(
        id=question.id,
        category=question.category,
        expect=question.expect,
        question=question.question,
        history=question.history,
        text=answer.text,
        abstention=answer.abstention,
        cited=cited,
        retrieved=tuple(retrieved),
        recall=recall_at_k(retrieved, question.any_of, question.all_of, K) if wanted and relevant else None,
        reciprocal_rank=reciprocal_rank(retrieved, relevant) if wanted and relevant else None,
        ndcg=ndcg(retrieved, relevant, K) if wanted and relevant else None,
        coverage=said if wanted else None,
        right_source=bool(relevant & set(cited)) if wanted and relevant else None,
        all_sources=set(question.all_of) <= set(cited) if wanted and question.all_of else None,
        safe=answer.abstention in SAFE and said == 1.0 if question.expect == "safe" else None,
        forbidden=bool(question.forbid) and fact_coverage(shown, [question.forbid]) > 0,
        statements=len(answer.statements),
        cited_statements=sum(bool(statement.citations) for statement in answer.statements),
        supported_statements=sum(statement.support is Support.SUPPORTED for statement in answer.statements),
        quotes=len(answer.citations),
        verbatim_quotes=sum(verbatim),
        words=len(answer.text.split()),
        milliseconds=answer.timings.get("total", 0.0),
    )
