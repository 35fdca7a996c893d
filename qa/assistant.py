"""The assistant: one question in, one checked answer out. The UI, the commands and the eval suite use this object."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.conversation import conversation
from ingest.document import Document, Source
from ingest.embed import Embedder
from ingest.errors import IndexMissingError
from ingest.index import Index, Layout, collection_dir, configured_index_dir
from ingest.progress import Progress, silent
from ingest.settings import IndexSettings
from qa.abstain import DOUBT, Calibration, in_doubt, message, packaged_calibration
from qa.answer import Abstention, Answer, Hit, Statement, Turn
from qa.beyond import beyond
from qa.compose import compose
from qa.events import ComposedEvent, DoneEvent, Event, RetrievedEvent, StatementEvent, Stopwatch
from qa.evidence import Candidate, Evidence
from qa.find import Finder
from qa.generation import Opened, assembled, open_generation
from qa.glossary import packaged_glossary
from qa.message import halves, questions_in, said_at_once, without_orders
from qa.notice import tell
from qa.overview import asks_overview, decisions, with_overview
from qa.recent import RecentAnswers
from qa.retrieve import Retrieved, best_of_each
from qa.safety import notice_of, triage, without_promise
from qa.settings import AskSettings
from qa.signals import signals
from qa.tried import asks_tried, tried
from qa.understand import Understanding, check_question

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from qa.explain import Explanation

__all__ = ["Assistant", "ComposedEvent", "DoneEvent", "Event", "RetrievedEvent", "StatementEvent"]
History = Sequence[Turn | str]
IN_DOUBT = 4  # statements where the sources may not answer: more of them are beside the point


class Assistant:
    """Answers questions from one index. Thread-safe; picks up a new generation of the index by itself."""

    def __init__(self, index_dir: Path, opened: Opened, settings: AskSettings, calibration: Calibration | None) -> None:
        self.index_dir = index_dir
        self._opened = opened
        self.settings = settings
        self._calibration = calibration
        self._lock = threading.Lock()
        self._recent = RecentAnswers()

    @classmethod
    def open(
        cls,
        index_dir: Path | str | None = None,
        *,
        collection: str | None = None,
        settings: AskSettings | None = None,
        embedder: Embedder | None = None,
        calibration: Calibration | None = None,
        progress: Progress = silent,
    ) -> "Assistant":
        """Open the index in `index_dir`, or the default index, which is built first if there is none yet.

        `collection` names one beside it (`python -m ingest PATHS --collection NAME`), which must be there.

        Raises IngestError: no index in the named folder, built by another version, damaged; and
        ModelConfigurationError for a language model in the settings that cannot be set up.
        """
        chosen = settings or AskSettings()
        if chosen.model:
            from qa.models import open_model

            open_model(chosen.model)
        folder = collection_dir(Path(index_dir) if index_dir is not None else configured_index_dir(), collection)
        try:
            opened = open_generation(folder, embedder)
        except IndexMissingError:
            if index_dir is not None or collection is not None:
                raise
            from ingest.build import build_index

            build_index(folder, IndexSettings(), embedder=embedder, progress=progress)
            opened = open_generation(folder, embedder)
        return cls(folder, opened, chosen, calibration)

    def ask(self, question: str, history: History = (), *, settings: AskSettings | None = None) -> Answer:
        """Answer one question in the light of earlier turns; asked again, it gets the same answer as long as the index
        is the same, with the timings of the first time.

        Raises QuestionError for an empty question or one of more than 2,000 characters.
        """
        chosen = settings or self.settings
        key = (self._current().index.name, question, tuple(_turns(history)), chosen)
        if known := self._recent.get(key):
            return known
        for event in self.stream(question, history, settings=chosen):
            if isinstance(event, DoneEvent):
                # what a language model writes differs from time to time, and may have failed for once
                return event.answer if chosen.model else self._recent.keep(key, event.answer)
        raise AssertionError("a stream ends with DoneEvent")

    def stream(self, question: str, history: History = (), *, settings: AskSettings | None = None) -> Iterator[Event]:
        """The same answer as `ask`, as it comes about: RetrievedEvent, StatementEvent of each statement, DoneEvent.

        Where a language model writes, ComposedEvent comes before its statements.
        """
        text = check_question(question)
        opened, chosen = self._current(), settings or self.settings
        base = Answer(text, corpus_hash=opened.corpus_hash, collection=opened.collection)
        if said := said_at_once(text, triage(text)):
            yield DoneEvent(replace(base, abstention=said.reason, message=said.text))
            return
        asking = without_orders(text)
        questions = questions_in(asking)
        finder = Finder(opened, self._fitted, chosen, Stopwatch())
        if len(questions) > 1 or len(halves(asking)) > 1:
            from qa.several import answer_several

            def ask(part: str, turns: History, shorter: AskSettings) -> Iterator[Event]:
                own = replace(finder, settings=shorter, watch=Stopwatch())
                return self._one(own, replace(base, question=part), part, turns)

            opened.prepare(text, [half for one in questions for half in halves(one)], _turns(history), chosen)
            whole = replace(base, abstention=opened.concern(text, opened.read(text, ()).query, _turns(history)))
            yield from answer_several(ask, whole, questions, history, chosen)
        else:
            yield from self._one(finder, base, asking, history)

    def _one(self, finder: Finder, base: Answer, asking: str, history: History) -> Iterator[Event]:
        """The events of the answer to one question, which is not taken apart; `base` is what it is filled into.

        What the question concerns is read from `base.question`, all that was typed; `asking` is that without orders.
        """
        opened, chosen, watch = finder.opened, finder.settings, finder.watch
        whole = opened.read(base.question, ()).query if history or base.question != asking else ""
        found = finder.find(asking, _turns(history), whole)
        turns, query = _turns(history), whole or found.asked.query
        base = replace(base, abstention=opened.concern(base.question, query, turns))
        yield RetrievedEvent(found.retrieved.hits)
        decided = _decisions(opened, found.asked, watch, chosen)
        answer = self._judged(base, opened, found, watch, decided=bool(decided))
        if not answer.message:
            most = min(IN_DOUBT, chosen.max_statements) if in_doubt(answer) else chosen.max_statements
            drafted = with_overview(self._composed(found, most, watch), decided)
            with watch.stage("verify"):
                composed = opened.checked(drafted)
            draft = None
            # personal questions and lists of decisions are answered in the sources' own words alone
            if chosen.model and composed and not (answer.abstention or decided):
                from qa.write import Conversation, write

                conversation = Conversation(found, turns, composed, chosen.max_statements)
                draft = yield from write(conversation, opened, chosen.model, watch)
            answer = yield from tell(answer, found.asked, composed, draft)
        watch.mark("total")
        shown = not answer.statements and answer.abstention is not Abstention.OFF_TOPIC
        related = best_of_each(found.retrieved.hits, chosen.related) if shown else ()
        notice = answer.notice if answer.statements else without_promise(answer.notice or "") or None
        yield DoneEvent(replace(answer, notice=notice, related=related, timings=watch.timings))

    @property
    def corpus_hash(self) -> str:
        """One hash over all documents of the index."""
        return self._current().corpus_hash

    @property
    def embedder(self) -> Embedder:
        """The embedding model that the index was built with."""
        return self._current().embedder

    def retrieve(self, query: str, k: int = 10, *, history: History = ()) -> list[Hit]:
        """The `k` best chunks for a query: the very retriever that `ask` uses."""
        if k < 1:
            raise ValueError(f"k is {k}; choose at least 1")
        opened = self._current()
        asked = self.read(query, history)
        return list(opened.retriever.retrieve(asked.query, asked.expanded, k, self.settings).hits)

    def sources(self) -> list[Source]:
        """All sources of the index, by number."""
        return self._current().sources

    def document(self, key: str) -> Document:
        """One document with its text, into which citations point. Raises KeyError."""
        return self._current().index.catalog.document(key)

    def read(self, question: str, history: History = ()) -> Understanding:
        """The question as it is understood: what is searched for, and the names in it."""
        return self._current().read(question, _turns(history))

    def candidates(self, question: str, history: History = ()) -> list[Candidate]:
        """The sentences that an answer is composed from, best first, with the features of each (see `evidence`)."""
        return list(self.evidence(question, history).ranked)

    def signals(self, question: str, history: History = ()) -> dict[str, float]:
        """What the abstention is decided on, by name (see `qa.signals.Signals`)."""
        return signals(self.evidence(question, history), self._current().lexicon).by_name()

    def evidence(self, question: str, history: History = ()) -> Evidence:
        """What is found for a question as for a new one: without the written question or example that it may be."""
        settings = replace(self.settings, besides=conversation(question, [t.question for t in _turns(history)]))
        finder = Finder(self._current(), self._fitted, settings, Stopwatch())
        return finder.find(check_question(question), _turns(history))

    def explain(self, question: str, history: History = ()) -> "Explanation":
        """The same question followed through the stages, with the numbers of each."""
        from qa.explain import Explanation

        opened = self._current()
        text = check_question(question)
        found = Finder(opened, self._fitted, self.settings, Stopwatch()).find(text, _turns(history))
        measured = signals(found, opened.lexicon)
        calibration = self._fitted(found.retrieved)
        judged = (measured, calibration.probability(measured.by_name()), calibration.threshold)
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
            name = Layout(self.index_dir).current()
            if name != self._opened.index.name:
                before = self._opened
                index = Index.open(self.index_dir)
                same = index.manifest.settings == before.index.manifest.settings
                self._opened = assembled(self.index_dir, index, before.embedder if same else None)
            return self._opened

    def _fitted(self, retrieved: Retrieved) -> Calibration:
        """The calibration that was given, else the packaged one for what the search could use."""
        return self._calibration or packaged_calibration(written=bool(retrieved.written))

    def _judged(self, base: Answer, opened: Opened, found: Evidence, watch: Stopwatch, *, decided: bool) -> Answer:
        """The answer with its abstention and notice; a message means that there will be no statements.

        Where regulators' decisions answer (`decided`), nothing is refused for want of a near sentence.
        """
        with watch.stage("abstain"):
            measured = signals(found, opened.lexicon)
            calibration = self._fitted(found.retrieved)
            reason = None if decided else calibration.abstention(found.asked, measured) or beyond(found)
            probability = calibration.probability(measured.by_name())
        notice = notice_of(base.abstention, base.question)
        base = replace(base, confidence=probability, notice=notice)
        if reason:
            return replace(base, abstention=base.abstention or reason, message=message(reason, found.asked))
        doubt = DOUBT if probability < calibration.doubt and not decided else None
        return replace(base, notice=" ".join(filter(None, [notice, doubt])) or None)

    def _composed(self, found: Evidence, most: int, watch: Stopwatch) -> list[Statement]:
        with watch.stage("compose"):
            further = self._fitted(found.retrieved).further
            return compose(found.asked, found.ranked, most, further)


def _decisions(opened: Opened, asked: Understanding, watch: Stopwatch, settings: AskSettings) -> list[Statement]:
    """Regulators' decisions or how trials ended, for questions that ask for the whole picture."""
    of_trials = asks_tried(asked)
    if not of_trials and not asks_overview(asked):
        return []
    with watch.stage("decisions"):
        sources = [source for source in opened.sources if settings.only.admits(source)]
        search = (opened.index.catalog.chunks_of, opened.retriever.vectors.of_one)
        if of_trials:
            return tried(asked, sources, opened.index.catalog.chunks_of)
        return decisions(asked, sources, *search, packaged_glossary())


def _turns(history: History) -> list[Turn]:
    return [turn if isinstance(turn, Turn) else Turn(turn) for turn in history]
