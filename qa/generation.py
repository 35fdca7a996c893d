"""One generation of the index, opened, with everything that answering needs made from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import Source
from ingest.embed import Embedder
from ingest.index import Index, Layout, open_index_embedder
from qa.answer import Abstention, Statement, Support, Turn
from qa.follow_up import may_lean
from qa.glossary import packaged_glossary
from qa.lexicon import Lexicon
from qa.retrieve import Retriever
from qa.settings import AskSettings
from qa.spelling import english_words
from qa.threads import single_threaded
from qa.triage import packaged_triage
from qa.trials import Trial, trials
from qa.understand import Understanding, understand
from qa.unheard import asked_alone
from qa.verify import verify

if TYPE_CHECKING:
    from qa.checker import Similarity

KEPT = 10_000  # words of which the rank is kept
STILL_URGENT = 3  # turns


@dataclass(frozen=True)
class Opened:
    """One generation of the index with everything made from it."""

    index: Index
    embedder: Embedder
    retriever: Retriever
    collection: str = ""
    """Its name where the index is a collection of another."""

    @cached_property
    def corpus_hash(self) -> str:
        """One hash over all documents, made once: it takes 30 ms for 50,000 of them."""
        return self.index.manifest.corpus_hash

    @cached_property
    def sources(self) -> list[Source]:
        """All sources by number."""
        return self.index.catalog.sources()

    @cached_property
    def trials(self) -> list[Trial]:
        """The sources that report whether a primary outcome was met."""
        return trials(self.sources)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the documents."""
        sparse, passages = self.index.sparse, self.index.manifest.chunks
        embedder = self.embedder
        return Lexicon(
            passages,
            sparse.document_frequency,
            sparse.vocabulary(),
            lru_cache(KEPT)(embedder.vocabulary_rank),
            cache(embedder.vocabulary),
            cache(self.index.questions.words),
            english_words,
        )

    @cached_property
    def similarity(self) -> "Similarity":
        """How alike two texts are, as the embedder sees them."""
        from qa.support import cosine_similarity

        return cosine_similarity(self.embedder)

    def read(self, question: str, turns: Sequence[Turn]) -> Understanding:
        """A question as it is understood in the light of the turns before it."""
        return understand(question, turns, packaged_glossary(), self.lexicon)

    def readings(self, question: str, turns: Sequence[Turn]) -> list[Understanding]:
        """The same; before it other readings of a question that leave open how to take it.

        As a follow-up, where it may be one though its words do not tell; alone, where another drug is told beside it.
        """
        read, glossary = self.read(question, turns), packaged_glossary()
        if alone := asked_alone(question, glossary):
            return [understand(alone, turns, glossary, self.lexicon), read]
        if not may_lean(question, turns, glossary):
            return [read]
        return [understand(question, turns, glossary, self.lexicon, leans=True), read]

    def concern(self, message: str, query: str, history: Sequence[Turn] = ()) -> Abstention | None:
        """What triage takes a message for; `query` is what would be searched for it.

        An emergency told in one of the last turns is still one, whatever is asked now.
        """
        urgent = (self.concern(turn.question, self.read(turn.question, ()).query) for turn in history[-STILL_URGENT:])
        if any(found is Abstention.EMERGENCY for found in urgent):
            return Abstention.EMERGENCY
        vector = self.retriever.vectors.of_one(query)
        with single_threaded():
            return packaged_triage().of(message, vector)

    def prepare(self, message: str, parts: Sequence[str], history: Sequence[Turn], settings: AskSettings) -> None:
        """Make and search the vectors for a message and the questions in it, each asked after those before, at once."""
        said = [Turn(part, same_message=True) for part in parts]
        before = [[*history, *said[:place]] for place in range(len(parts))]
        asked = [one for part, turns in zip(parts, before, strict=True) for one in self.readings(part, turns)]
        self.retriever.encode(asked, *(self.read(text, ()).query for text in (message, *parts)))
        with single_threaded():
            self.retriever.search_ahead(asked, settings)

    def checked(self, statements: Sequence[Statement]) -> list[Statement]:
        """The statements whose quotes stand in their documents."""
        verified = (verify(statement, self.text_of) for statement in statements)
        return [statement for statement in verified if statement.support is Support.SUPPORTED]

    def text_of(self, key: str) -> str:
        """The text of a document. Raises KeyError."""
        return self.index.catalog.text_of(key)


def open_generation(index_dir: Path, embedder: Embedder | None) -> Opened:
    """The current generation of an index, with `embedder` or the one that it was built with."""
    return assembled(index_dir, Index.open(index_dir), embedder)


def assembled(index_dir: Path, index: Index, embedder: Embedder | None) -> Opened:
    """Everything that is made from an opened index."""
    ready = embedder or open_index_embedder(index_dir, index.manifest.settings)
    sources = index.catalog.sources()
    return Opened(index, ready, Retriever(index, ready, sources), Layout(index_dir).collection)
