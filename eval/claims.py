"""Statements with their quotes and whether the quotes carry them: what the checker is measured on."""

import hashlib
import random
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from eval.alter import KINDS, alter
from eval.records import DataFileError, Record, read_records
from ingest.document import Document
from ingest.sentences import split_sentences
from qa.checker import Quote, Similarity
from qa.glossary import Glossary

PARAPHRASES = Path(__file__).with_name("paraphrases.yaml")
UNMENTIONED_QUOTES = 3  # sentences of the abstract quoted for a claim that it does not mention: those most like it
ANSWERS = {
    "significantly increased": "significantly increased {outcome}",
    "significantly decreased": "significantly decreased {outcome}",
    "no significant difference": "made no significant difference to {outcome}",
}
LABELS = ("SUPPORT", "CONTRADICT", "NOT_ENOUGH_INFO")
IN_BRACKETS = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement with the quotes that it cites; `label` says what was done to it or how it was judged."""

    id: str
    label: str
    statement: str
    quotes: tuple[Quote, ...]
    supported: bool

    @property
    def split(self) -> str:
        """ "dev" or "test", fixed by the id: half of the ids each."""
        return split_of(self.id.rpartition("/")[0] or self.id)


def split_of(name: str) -> str:
    """ "dev" or "test" by the hash of a name."""
    return "dev" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "test"


def quote_of(document: Document, sentence: str) -> Quote:
    """A sentence of a document as a quote."""
    source = document.source
    title = f"{source.title} ({source.authors})"
    return Quote(sentence, source.key, title, source.container, source.year, source.drugs, source.phenotypes)


def verbatim_sentences(documents: Sequence[Document]) -> list[Claim]:
    """Every sentence of the documents as a statement that quotes itself."""
    found = []
    for document in documents:
        for span in split_sentences(document.text):
            sentence = span.of(document.text)
            if not sentence.startswith("#"):
                found.append(Claim(sentence, "verbatim", sentence, (quote_of(document, sentence),), True))
    return found


def altered(claims: Sequence[Claim], glossary: Glossary, *, at_most: int) -> list[Claim]:
    """True statements made false, up to `at_most` for each kind; the same on every machine."""
    found: list[Claim] = []
    for kind in KINDS:
        order = random.Random(kind).sample(list(claims), len(claims))
        changed = ((claim, alter(claim.statement, kind, glossary, random.Random(kind + claim.id))) for claim in order)
        false = (
            Claim(f"{claim.id}/{kind}", kind, text, claim.quotes, False)
            for claim, text in changed
            if text and text != claim.statement
        )
        found += islice(false, at_most)
    return found


def read_paraphrases(path: Path, documents: Sequence[Document]) -> list[Claim]:
    """True paraphrases of sentences of the documents. Raises DataFileError, also for a sentence that is not there."""
    import yaml

    by_key = {document.source.key: document for document in documents}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=loader):
        for source in entry["from"]:
            document = by_key.get(source["key"])
            if document is None or source["sentence"] not in document.text:
                problem = f"{entry['id']}: {source['key']} holds no sentence {source['sentence'][:60]!r}"
                remedy = "Correct it to what the document says now; an index must hold the packaged documents."
                raise DataFileError(path, None, problem, remedy)
        quotes = tuple(quote_of(by_key[source["key"]], source["sentence"]) for source in entry["from"])
        found.append(Claim(entry["id"], "paraphrase", entry["paraphrase"], quotes, True))
    return found


def read_scifact(path: Path, split: str, similarity: Similarity) -> list[Claim]:
    """SciFact claims of one split, each with its evidence; those without: the sentences of the abstract most like them.

    The abstracts are read from corpus.jsonl beside the file. Raises DataFileError.
    """
    records = list(read_records(path))
    abstracts = {record.text("_id"): record for record in read_records(path.with_name("corpus.jsonl"))}
    found = []
    for record in records:
        if split_of(record.text("claim_id")) != split:
            continue  # before the sentences of its abstract are compared
        claim, document = record.text("claim"), abstracts.get(record.text("doc_id"))
        if document is None:
            raise record.line.fault(f"document {record.text('doc_id')} is missing", "corpus.jsonl must hold it.")
        passages = _evidence(record)
        if not passages:
            text = document.text("text")
            sentences = [span.of(text) for span in split_sentences(text)]
            passages = sorted(sentences, key=lambda s: -similarity(claim, s))[:UNMENTIONED_QUOTES]
        quotes = tuple(Quote(passage, title=document.text("title")) for passage in passages)
        label = _one_of(LABELS, record, "label")
        found.append(Claim(record.text("claim_id"), label, claim, quotes, label == "SUPPORT"))
    return found


def read_directions(path: Path) -> list[Claim]:
    """Each question of Evidence Inference as three statements, the right direction and the two wrong ones.

    What stands in brackets in the names of arms and outcome is left out: doses and remarks from elsewhere in the
    article. Titles are read from corpus.jsonl beside the file. Raises DataFileError.
    """
    records = list(read_records(path))
    titles = {record.text("_id"): record.text("title", "") for record in read_records(path.with_name("corpus.jsonl"))}
    return [claim for record in records for claim in _directions(record, titles.get(record.text("pmcid"), ""))]


def _directions(record: Record, title: str) -> Iterator[Claim]:
    quotes = tuple(Quote(text, title=title) for text in _evidence(record))
    right_answer = _one_of(ANSWERS, record, "answer")
    named = {part: IN_BRACKETS.sub("", record.text(part)).strip() for part in ("intervention", "outcome", "comparator")}
    for answer, wording in ANSWERS.items():
        text = f"{named['intervention']} {wording.format(**named)} compared with {named['comparator']}."
        right = answer == right_answer
        statement = text[:1].upper() + text[1:]
        yield Claim(f"{record.text('id')}/{answer}", "right" if right else "wrong", statement, quotes, right)


def _evidence(record: Record) -> list[str]:
    """The quoted passages of a record, each written as a text or as a list of sentences."""
    passages = record.values.get("evidence", [])
    if isinstance(passages, list):
        split = [[passage] if isinstance(passage, str) else passage for passage in passages]
        if all(isinstance(part, list) and all(isinstance(sentence, str) for sentence in part) for part in split):
            return [" ".join(part) for part in split]
    raise record.line.fault("'evidence' is no list of passages", 'Write "evidence": ["...", ...], or [] for none.')


def _one_of(allowed: Collection[str], record: Record, field: str) -> str:
    value = record.text(field)
    if value not in allowed:
        raise record.line.fault(f"{field!r} is {value!r}", f"Use one of: {', '.join(allowed)}.")
    return value
