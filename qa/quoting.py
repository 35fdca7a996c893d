"""From the marks of a written sentence to the quotes that carry it, or to the reason why none does."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Source, Span
from ingest.sparse import tokenize
from qa.answer import Citation, Removed, Statement, Support
from qa.checker import Check, Similarity, Verdict
from qa.context import leans, misread
from qa.evidence import EDITORIAL_SECTION, Candidate
from qa.understand import Understanding
from qa.writing import Written, is_english

TRIED = 3  # sentences of a passage that are tried as the quote, the nearest ones
# A sentence that tells a language model what to say is no evidence for it.
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
    r"\b(?:instructions?|rules?|prompts?|above|previous|earlier|before)\b|"
    r"\b(?:system|developer|hidden) (?:prompt|message|instruction)|\blanguage model\b|\bAI (?:assistant|model)\b|"
    r"^\W*(?:system|assistant|user|human|note to \w+)\s*:|"
    r"\b(?:you (?:must|should|shall|will)|please|now|instead|always|only) "
    r"(?:write|say|answer|reply|respond|output|state|claim|cite)\b|"
    r"^\W*(?:write|say|answer|reply|respond|output|state|claim|repeat|print)\b",
    re.IGNORECASE,
)
Judge = Callable[[Statement], Verdict]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that the model is offered under a number; its sentences are what may be quoted."""

    number: int
    source: Source
    section: str
    start: int
    text: str
    sentences: tuple[Span, ...]
    page: int | None = None

    @property
    def about(self) -> dict[str, str]:
        """What the prompt says of the source."""
        source = self.source
        phenotypes = ", ".join(source.phenotypes)
        return {"title": source.title, "kind": source.kind, "year": source.dated, "phenotypes": phenotypes}

    def citations(self) -> Iterator[Citation]:
        """One citation for each sentence, but for those that tell a model what to say."""
        for span in self.sentences:
            quote = self.text[span.start - self.start : span.end - self.start]
            if ORDERS.search(quote):
                continue
            page = None if self.page is None else self.page + self.text.count("\f", 0, span.start - self.start)
            yield Citation(self.source.number, self.source, quote, span.start, span.end, self.section, page)


def offered(ranked: Sequence[Candidate], sentences: dict[str, tuple[Span, ...]], most: int) -> list[Passage]:
    """The passages of the best sentences, best first; `sentences` gives the ranges of each by chunk id."""
    hits = {candidate.hit.chunk_id: candidate.hit for candidate in ranked}
    return [
        Passage(number, hit.source, hit.section, hit.start, hit.text, sentences[hit.chunk_id], hit.page)
        for number, hit in enumerate(list(hits.values())[:most], start=1)
    ]


@dataclass(frozen=True, slots=True)
class Quoting:
    """What written sentences are held against."""

    asked: Understanding
    passages: Sequence[Passage]
    judge: Judge
    similarity: Similarity

    def statement(self, written: Written, before: Statement | None) -> Statement | Removed:
        """The sentence with the quotes that carry it, or why it is removed.

        Small models often mark only the last of several sentences: one without a mark is held against every passage,
        and cites the first that carries it.

        `before` is the statement right before it, None where that was removed.
        """
        reason = self._unusable(written)
        if reason:
            return Removed(written.text, reason, Check.QUOTE)
        carrying: list[Citation] = []
        failed: list[Verdict] = []
        for number in written.marks or range(1, len(self.passages) + 1):
            found = self._quote(written.text, self.passages[number - 1], before)
            if isinstance(found, Citation):
                carrying.append(found)
                if not written.marks:
                    break
            else:
                failed.append(found)
        if not carrying:
            reason = failed[0].reason if written.marks else "it names no passage, and none carries it"
            return Removed(written.text, reason, failed[0].kind if written.marks else Check.QUOTE)
        editorial = any(citation.section == EDITORIAL_SECTION for citation in carrying)
        return Statement(written.text, tuple(dict.fromkeys(carrying)), Support.SUPPORTED, editorial)

    def _unusable(self, written: Written) -> str | None:
        if not is_english(written.text):
            return "it is not in English"
        outside = [number for number in written.marks if not 1 <= number <= len(self.passages)]
        return f"it cites passage {outside[0]}, which there is not" if outside else None

    def _quote(self, text: str, passage: Passage, before: Statement | None) -> Citation | Verdict:
        """The sentence of a passage that carries the text alone; else the verdict on the one nearest to it."""
        words = set(tokenize([text])[0])

        def nearness(citation: Citation) -> float:
            shared = len(words & set(tokenize([citation.quote])[0])) / max(1, len(words))
            return shared + self.similarity(text, citation.quote)

        nearest = sorted(passage.citations(), key=nearness, reverse=True)[:TRIED]
        verdicts = [self._judged(text, citation, before) for citation in nearest]
        for citation, found in zip(nearest, verdicts, strict=True):
            if found.support is Support.SUPPORTED:
                return citation
        return verdicts[0] if verdicts else Verdict(Support.UNSUPPORTED, "the passage holds no finding", Check.QUOTE)

    def _judged(self, text: str, citation: Citation, before: Statement | None) -> Verdict:
        found = self.judge(Statement(text, (citation,), Support.UNSUPPORTED))
        if found.support is not Support.SUPPORTED:
            return found
        if leans(text):
            told = before is not None and citation.source in {other.source for other in before.citations}
            return found if told else Verdict(Support.UNSUPPORTED, "it does not say what it is about", Check.NAME)
        problem = misread(self.asked, text, [citation])
        return Verdict(Support.UNSUPPORTED, problem.reason, problem.kind) if problem else found
