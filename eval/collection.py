"""A test collection in BEIR's format: documents, queries and judgements (Thakur et al. 2021)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.records import DataFileError, read_lines, read_records
from ingest.document import Document, Source

LAYOUT = "A folder in BEIR format holds corpus.jsonl, queries.jsonl and qrels/<split>.tsv."
Judgements = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents under BEIR's own ids, the text of every judged query, and its judgements by document.

    Only queries with something relevant (a judgement above 0) are here: no system can score on another one.
    """

    name: str
    split: str
    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    judgements: Judgements

    @property
    def lacking(self) -> int:
        """Relevant documents that the corpus does not hold; they count as not found, as in trec_eval."""
        held = {document.source.key for document in self.documents}
        return len({key for gains in self.judgements.values() for key, gain in gains.items() if gain > 0} - held)


def read_collection(folder: Path, split: str) -> Collection:
    """The collection in a folder. Raises DataFileError naming file, line and remedy."""
    if not folder.is_dir():
        raise DataFileError(folder, None, "there is no such folder", LAYOUT)
    for needed in ("corpus.jsonl", "queries.jsonl"):
        if not (folder / needed).is_file():
            raise DataFileError(folder / needed, None, "is missing", LAYOUT)
    judgements = _read_judgements(folder / "qrels" / f"{split}.tsv")
    queries = _read_queries(folder / "queries.jsonl", judgements)
    return Collection(folder.resolve().name, split, _read_documents(folder / "corpus.jsonl"), queries, judgements)


def make_document(key: str, number: int, title: str, text: str) -> Document:
    """A document of somebody's data: no reference but a title; a title without text is its own text."""
    content = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    source = Source(key, number, title, authors="", container="", year=0, kind="passage", url="", as_of="")
    return Document(source, text if text.strip() else title, root="", path=key, content_hash=content)


def _read_documents(path: Path) -> tuple[Document, ...]:
    found: dict[str, Document] = {}
    for number, record in enumerate(read_records(path), start=1):
        key = record.text("_id")
        if not key or key in found:
            problem = f"the id {key!r} is used twice" if key else "the id is empty"
            raise record.line.fault(problem, "Give every document an id of its own.")
        found[key] = make_document(key, number, record.text("title", ""), record.text("text"))
    if not found:
        raise DataFileError(path, None, "holds no document", LAYOUT)
    return tuple(found.values())


def _read_queries(path: Path, judgements: Judgements) -> dict[str, str]:
    texts: dict[str, str] = {}
    for record in read_records(path):
        key, text = record.text("_id"), record.text("text")
        if key in judgements and not text.strip():
            raise record.line.fault("the query is empty", "Write its text, or take its judgements out.")
        texts[key] = text
    unknown = next((key for key in judgements if key not in texts), None)
    if unknown is not None:
        problem = f"holds no query {unknown!r}, which is judged"
        raise DataFileError(path, None, problem, "Add it, or take its judgements out.")
    return {key: texts[key] for key in judgements}


def _read_judgements(path: Path) -> dict[str, dict[str, float]]:
    if not path.is_file():
        there = sorted(file.stem for file in path.parent.glob("*.tsv"))
        remedy = f"Choose a split that is there: --split {' or '.join(there)}." if there else LAYOUT
        raise DataFileError(path, None, "is missing", remedy)
    found: dict[str, dict[str, float]] = {}
    for line in read_lines(path):
        fields = line.text.split("\t")
        if line.number == 1 and not _is_number(fields[-1]):
            continue  # the names of the columns
        if len(fields) != 3 or not _is_number(fields[2]):
            remedy = "Write query id, document id and a number, separated by tabs."
            raise line.fault(f"is no judgement: {line.text[:60]!r}", remedy)
        query, document, gain = fields
        found.setdefault(query, {})[document] = float(gain)
    judged = {query: gains for query, gains in found.items() if any(gain > 0 for gain in gains.values())}
    if not judged:
        raise DataFileError(path, None, "judges no document as relevant", "A relevant one has a score above 0.")
    return judged


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
