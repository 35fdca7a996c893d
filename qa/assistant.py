"""The assistant: one question in, one checked answer out. The UI, the commands and the eval suite use this object."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.build import build_index
from ingest.document import Document, Source
from ingest.embed import Embedder, Vectors
from ingest.errors import IndexMissingError
from ingest.index import Index, Layout, configured_index_dir
from ingest.progress import Progress, silent
from ingest.settings import IndexSettings
from qa.abstain import MESSAGES, Calibration, message, signals
from qa.answer import Abstention, Answer, Hit, Statement, Support, Turn
from qa.compose import compose
from qa.evidence import Candidate, Evidence, rank_sentences
from qa.generation import Opened, assembled, open_generation
from qa.glossary import packaged_glossary
from qa.notice import notices
from qa.overview import asks_overview, decisions, with_overview
from qa.safety import EMERGENCY_MESSAGE, PERSONAL_NOTICE
from qa.settings import AskSettings
from qa.triage import packaged_triage
from qa.understand import Understanding, check_question, understand
from qa.verify import verify

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from qa.explain import Explanation

History = Sequence[Turn | str]


@dataclass(frozen=True, slots=True)
class RetrievedEvent:
    """First event of a stream: what was found."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class StatementEvent:
    """A statement that has passed its check."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """Last event of a stream: the whole answer."""

    answer: Answer


Event = RetrievedEvent | StatementEvent | DoneEvent


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds by stage."""

    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the block under `name`."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = round((time.perf_counter() - started) * 1000, 3)


class Assistant:
    """Answers questions from one index. Thread-safe; picks up a new generation of the index by itself."""

    def __init__(self, index_dir: Path, opened: Opened, settings: AskSettings, calibration: Calibration) -> None:
        self._index_dir = index_dir
        self._opened = opened
        self._settings = settings
        self._calibration = calibration
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls,
        index_dir: Path | str | None = None,
        *,
        settings: AskSettings | None = None,
        embedder: Embedder | None = None,
        calibration: Calibration | None = None,
        progress: Progress = silent,
    ) -> "Assistant":
        """Open the index in `index_dir`, or the default index, which is built first if there is none yet.

        Raises IngestError: no index in the named folder, built by another version, damaged.
        """
        folder = Path(index_dir) if index_dir is not None else configured_index_dir()
        try:
            opened = open_generation(folder, embedder)
        except IndexMissingError:
            if index_dir is not None:
                raise
            build_index(folder, IndexSettings(), embedder=embedder, progress=progress)
            opened = open_generation(folder, embedder)
        return cls(folder, opened, settings or AskSettings(), calibration or Calibration.load())

    def ask(self, question: str, history: History = (), *, settings: AskSettings | None = None) -> Answer:
        """Answer one question in the light of earlier turns.

        Raises QuestionError for an empty question or one of more than 2,000 characters.
        """
        for event in self.stream(question, history, settings=settings):
            if isinstance(event, DoneEvent):
                return event.answer
        raise AssertionError("a stream ends with DoneEvent")

    def stream(self, question: str, history: History = (), *, settings: AskSettings | None = None) -> Iterator[Event]:
        """The same answer as `ask`, as it comes about: RetrievedEvent, StatementEvent of each statement, DoneEvent."""
        text = check_question(question)
        opened, chosen, watch = self._current(), settings or self._settings, Stopwatch()
        concern = packaged_triage().of(text, opened.embedder.encode([text])[0])
        base = Answer(text, corpus_hash=opened.index.manifest.corpus_hash, abstention=concern)
        if concern is Abstention.EMERGENCY:
            yield DoneEvent(replace(base, message=EMERGENCY_MESSAGE))
            return
        started = time.perf_counter()
        found = self._find(opened, text, history, chosen, watch)
        yield RetrievedEvent(found.retrieved.hits)
        decided = _decisions(opened, found.asked, watch)
        answer = self._judged(base, opened, found, watch, decided=bool(decided))
        if not answer.message:
            statements = []
            composed = with_overview(self._composed(found, chosen, watch), decided)
            for statement in _checked(opened, composed, watch):
                statements.append(statement)
                yield StatementEvent(statement)
            answer = _answered(answer, found.asked, statements)
        watch.timings["total"] = round((time.perf_counter() - started) * 1000, 3)
        shown = not answer.statements and answer.abstention is not Abstention.OFF_TOPIC
        related = _distinct(found.retrieved.hits, chosen.related) if shown else ()
        yield DoneEvent(replace(answer, related=related, timings=watch.timings))

    @property
    def corpus_hash(self) -> str:
        """One hash over all documents of the index."""
        return self._current().index.manifest.corpus_hash

    @property
    def embedder(self) -> Embedder:
        """The embedding model that the index was built with."""
        return self._current().embedder

    def retrieve(self, query: str, k: int = 10, *, history: History = ()) -> list[Hit]:
        """The `k` best chunks for a query: the very retriever that `ask` uses."""
        if k < 1:
            raise ValueError(f"k is {k}; choose at least 1")
        opened = self._current()
        asked = understand(query, _turns(history), packaged_glossary(), opened.lexicon)
        return list(opened.retriever.retrieve(asked.query, asked.expanded, k, self._settings).hits)

    def sources(self) -> list[Source]:
        """All sources of the index, by number."""
        return self._current().sources

    def document(self, key: str) -> Document:
        """One document with its text, into which citations point. Raises KeyError."""
        return self._current().index.catalog.document(key)

    def candidates(self, question: str, history: History = ()) -> list[Candidate]:
        """The sentences that an answer is composed from, best first, with the features of each."""
        found = self._find(self._current(), check_question(question), history, self._settings, Stopwatch())
        return list(found.ranked)

    def signals(self, question: str, history: History = ()) -> dict[str, float]:
        """What the abstention is decided on, by name (see `qa.abstain.Signals`)."""
        opened = self._current()
        found = self._find(opened, check_question(question), history, self._settings, Stopwatch())
        measured = signals(found, opened.lexicon)
        return {name: getattr(measured, name) for name in measured.names()}

    def explain(self, question: str, history: History = ()) -> "Explanation":
        """The same question followed through the stages, with the numbers of each."""
        from qa.explain import Explanation

        opened, calibration = self._current(), self._calibration
        text = check_question(question)
        found = self._find(opened, text, history, self._settings, Stopwatch())
        measured = signals(found, opened.lexicon)
        judged = (measured, calibration.probability(measured), calibration.threshold)
        answer = self.ask(text, history)
        return Explanation(found, opened.lexicon, calibration.ranking, *judged, answer)

    def as_retriever(self, k: int = 10) -> "BaseRetriever":
        """A LangChain retriever over the same search; metadata hold number, key, title, section, url and score."""
        from qa.langchain import make_retriever

        return make_retriever(self, k)

    def as_runnable(self) -> "Runnable[Any, Any]":
        """A LangChain runnable: a question, or {"question", "history"}, to an Answer; streams the events."""
        from qa.langchain import make_runnable

        return make_runnable(self)

    def _current(self) -> Opened:
        """The opened generation; reopened first when a run of ingest has switched in a newer one."""
        with self._lock:
            name = Layout(self._index_dir).current()
            if name != self._opened.index.name:
                before = self._opened
                index = Index.open(self._index_dir)
                same = index.manifest.settings == before.index.manifest.settings
                self._opened = assembled(self._index_dir, index, before.embedder if same else None)
            return self._opened

    def _find(
        self, opened: Opened, question: str, history: History, settings: AskSettings, watch: Stopwatch
    ) -> Evidence:
        with watch.stage("understand"):
            asked = understand(question, _turns(history), packaged_glossary(), opened.lexicon)
        with watch.stage("retrieve"):
            retrieved = opened.retriever.retrieve(asked.query, asked.expanded, settings.passages, settings)
        with watch.stage("rank"):
            ranked = rank_sentences(asked, retrieved, opened.lexicon.rarity, self._calibration.ranking)
        return Evidence(asked, retrieved, ranked)

    def _judged(self, base: Answer, opened: Opened, found: Evidence, watch: Stopwatch, *, decided: bool) -> Answer:
        """The answer with its abstention and notice; a message means that there will be no statements.

        Where regulators' decisions answer (`decided`), nothing is refused for want of a near sentence.
        """
        with watch.stage("abstain"):
            measured = signals(found, opened.lexicon)
            reason = None if decided else self._calibration.abstention(found.asked, measured)
            base = replace(base, confidence=self._calibration.probability(measured))
        notice = PERSONAL_NOTICE if base.abstention is Abstention.PERSONAL_ADVICE else None
        if reason is None:
            return replace(base, notice=notice)
        told = message(reason, found.asked)
        return replace(base, abstention=base.abstention or reason, notice=notice, message=told)

    def _composed(self, found: Evidence, settings: AskSettings, watch: Stopwatch) -> list[Statement]:
        with watch.stage("compose"):
            return compose(found.asked, found.ranked, settings.max_statements)


def _checked(opened: Opened, statements: Sequence[Statement], watch: Stopwatch) -> list[Statement]:
    with watch.stage("verify"):
        read: Callable[[str], str] = lambda key: opened.index.catalog.document(key).text  # noqa: E731  # typed
        checked = [verify(statement, read) for statement in statements]
    return [statement for statement in checked if statement.support is Support.SUPPORTED]


def _decisions(opened: Opened, asked: Understanding, watch: Stopwatch) -> list[Statement]:
    """Regulators' decisions, for questions that ask for the whole picture."""
    if not asks_overview(asked):
        return []
    catalog = opened.index.catalog
    encode: Callable[[str], Vectors] = lambda text: opened.embedder.encode([text])[0]  # noqa: E731  # typed
    with watch.stage("decisions"):
        return decisions(asked, opened.sources, catalog.chunks_of, encode, packaged_glossary())


def _answered(answer: Answer, asked: Understanding, statements: Sequence[Statement]) -> Answer:
    if statements:
        told = " ".join(filter(None, [answer.notice, *notices(asked, statements)]))
        return replace(answer, statements=tuple(statements), notice=told or None)
    reason = Abstention.INSUFFICIENT
    return replace(answer, abstention=answer.abstention or reason, message=MESSAGES[reason])


def _turns(history: History) -> list[Turn]:
    return [turn if isinstance(turn, Turn) else Turn(turn) for turn in history]


def _distinct(hits: Sequence[Hit], count: int) -> tuple[Hit, ...]:
    """The best hit of each source, best first."""
    by_source: dict[str, Hit] = {}
    for hit in hits:
        by_source.setdefault(hit.source.key, hit)
    return tuple(by_source.values())[:count]
