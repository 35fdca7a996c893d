"""What a run has to do: the difference between the files and the current generation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.beside import questions_beside
from ingest.document import Document
from ingest.errors import DocumentError, IndexDamagedError, IndexMismatchError, IndexMissingError, UnknownPathError
from ingest.examples import Example
from ingest.foreign import Numbers, Unnumbered, demand_a_name, foreign_stamp, unnumbered_document
from ingest.index import Layout
from ingest.load import HEAD, PACKAGED, File, find_clashes, is_ours, load_document, survey
from ingest.manifest import Assigned, Entry, Manifest, kept_numbers
from ingest.progress import Progress, silent
from ingest.questions import Asked, questions_hash
from ingest.reading import Budget, Reading
from ingest.remote import FILE as VECTORS_FILE
from ingest.settings import IndexSettings
from ingest.tuning import question_model

Claim = tuple[str, int, str]  # key, number, place


@dataclass(slots=True)
class Summary:
    """What a run did, document keys by outcome; `failed` are the errors, their earlier versions stay indexed."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[DocumentError] = field(default_factory=list)
    skipped: list[tuple[Path, str]] = field(default_factory=list)
    """Files that are no documents by their nature, with the reason."""
    notes: list[tuple[Path, str]] = field(default_factory=list)
    """What a person should know of files that were read, such as pages without text."""
    chunks: int = 0
    embedded: int = 0
    generation: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between the files and the current generation."""

    index_dir: Path
    roots: tuple[str, ...]
    base: Manifest | None
    base_folder: Path | None
    new: tuple[Document, ...]
    gone: tuple[str, ...]
    summary: Summary
    assigned: Mapping[str, Assigned] = field(default_factory=dict)
    stamps: Mapping[str, str] = field(default_factory=dict)
    """New file hashes of documents that stay as they are."""
    store: str = ""
    """Address of the Chroma server that is to hold the vectors; empty for the generation's own folder."""
    asked: tuple[Asked, ...] = ()
    """Questions written beside the documents, of all roots."""
    examples: tuple[Example, ...] = ()
    """Questions that they answer and others, of all roots."""
    question_model: str = ""
    """What embeds them."""
    device: str = "cpu"

    @property
    def questions(self) -> str:
        """One hash over all questions and examples and what embeds them, empty for none."""
        rows = [(one.key, one.opening, one.question) for one in self.asked]
        examples = [(str(one.held), one.question) for one in self.examples]
        return questions_hash([*rows, *examples], self.question_model)

    @property
    def changes_nothing(self) -> bool:
        """Whether the current generation already holds all of this."""
        if self.base is None or self.base.questions != self.questions:
            return False
        if self.base.store != self.store:
            return False
        return self.base.roots == self.roots and not self.new and not self.gone and not self.stamps


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a run works: what a file may cost, where vectors are kept, how long to wait for others."""

    budget: Budget = field(default_factory=Budget)
    store: str | None = None
    """Address of a Chroma server; empty for the index's own folder; None for wherever the vectors are."""
    wait: float = 0
    """Seconds."""
    device: str = "cpu"
    """Where torch embeds (see `IndexSettings.runtime`), such as cuda."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    paths: Sequence[Path] = ()
    remove: Sequence[Path] = ()
    rebuild: bool = False
    terms: Terms = field(default_factory=Terms)


def make_plan(layout: Layout, settings: IndexSettings, wanted: Wanted, progress: Progress = silent) -> Plan:
    """Compare the files under the roots with the current generation.

    Raises IndexMismatchError and IndexDamagedError unless `rebuild`, UnknownPathError for a root that is gone.
    """
    base, folder = _current(layout, rebuild=wanted.rebuild)
    roots = base.roots if base else ()
    assigned = base.assigned if base else _numbers_of(layout)
    kept_store = base.store if base else ""
    if wanted.rebuild:
        base, folder = None, None
    elif base and base.settings != settings:
        raise IndexMismatchError(layout.index_dir, "the settings", base.settings.to_dict(), settings.to_dict())
    if base and wanted.terms.store is not None and bool(wanted.terms.store) != bool(base.store):
        places = (base.store or "its folder", wanted.terms.store or "its folder")
        raise IndexMismatchError(layout.index_dir, "the vectors in", *places)
    kept_roots = _roots(layout, roots, wanted)
    store = (kept_store if wanted.terms.store is None else wanted.terms.store).rstrip("/")
    empty = Plan(
        layout.index_dir, kept_roots, base, folder, (), (), Summary(), assigned, store=store, device=wanted.terms.device
    )
    asked, examples = questions_beside(empty.roots, empty.summary.failed)
    whole = replace(empty, asked=asked, examples=examples, question_model=question_model(settings.model))
    return _difference(whole, wanted.terms.budget, progress)


def _roots(layout: Layout, roots: Sequence[str], wanted: Wanted) -> tuple[str, ...]:
    first = () if wanted.paths or layout.is_collection else (PACKAGED,)
    named = dict.fromkeys([*(roots or first), *(str(path.resolve()) for path in wanted.paths)])
    for path in wanted.remove:
        if str(path.resolve()) not in named:
            shown = ", ".join(root for root in named if root != PACKAGED) or "none"
            raise UnknownPathError(f"{path} was not indexed by that name. Indexed folders and files: {shown}")
    if not named:
        raise UnknownPathError("There is nothing to index: name files or folders.")
    dropped = {str(path.resolve()) for path in wanted.remove}
    return tuple(root for root in named if root not in dropped)


def _numbers_of(layout: Layout) -> Mapping[str, Assigned]:
    """The numbers given before, also where the index itself can no longer be read."""
    try:
        return kept_numbers(layout.generations / layout.current())
    except (IndexMissingError, IndexDamagedError):
        return {}


def _current(layout: Layout, *, rebuild: bool) -> tuple[Manifest | None, Path | None]:
    """The current generation; none on the first run, and none when a damaged one is to be built anew anyway."""
    try:
        folder = layout.generations / layout.current()
        manifest = Manifest.read(folder, layout.index_dir)
        own = VECTORS_FILE if manifest.store else "chroma"
        missing = [name for name in ("catalog.db", own, "bm25") if not (folder / name).exists()]
        if missing:
            raise IndexDamagedError(layout.index_dir, f"{', '.join(missing)} of generation {folder.name} is gone")
        return manifest, folder
    except IndexMissingError:
        return None, None
    except (IndexDamagedError, IndexMismatchError):
        if rebuild:
            return None, None
        raise


@dataclass(slots=True)
class _Found:
    """What reading the files brought."""

    ours: list[Document] = field(default_factory=list)
    foreign: list[Unnumbered] = field(default_factory=list)
    failed: set[Path] = field(default_factory=set)
    """Places of files that could not be read; what was indexed of them stays."""


def _difference(plan: Plan, budget: Budget, progress: Progress) -> Plan:
    """The plan with what is new, changed and gone filled in."""
    lying = survey(plan.roots)
    summary, indexed = plan.summary, dict(plan.base.documents) if plan.base else {}
    summary.skipped += [(path, f"{path.suffix} files are no documents") for path in lying.skipped]
    at_place: dict[Path, list[str]] = {}
    for key, entry in indexed.items():
        at_place.setdefault(File(entry.root, entry.path).location, []).append(key)
    found = _Found()
    with Reading(budget) as reading:
        for done, file in enumerate(lying.files):
            progress("reading files", done, len(lying.files))
            keys = at_place.get(file.location, [])
            try:
                if not _unchanged(file, keys, indexed, summary):
                    contracted = bool(keys) and not indexed[keys[0]].file_hash
                    _read(file, found, summary, None if contracted else reading)
            except DocumentError as error:
                summary.failed.append(error)
                found.failed.add(file.location)
    progress("reading files", len(lying.files), len(lying.files))
    ours = _settled(found, plan, at_place, indexed)
    return _numbered(found, replace(plan, new=tuple(ours)), {str(file.location) for file in lying.files})


def _unchanged(file: File, keys: Sequence[str], indexed: Mapping[str, Entry], summary: Summary) -> bool:
    demand_a_name(file)
    if not keys:
        return False
    plain = file.content_hash()
    stamps = {indexed[key].stamp for key in keys}
    if stamps != {plain} and (not indexed[keys[0]].file_hash or stamps != {foreign_stamp(file, plain)}):
        return False
    summary.kept += keys
    return True


def _read(file: File, found: _Found, summary: Summary, reading: Reading | None) -> None:
    """Read one file; without a `reading` it is held to the contract, as its earlier version was."""
    if reading is None or is_ours(file, file.head(HEAD)):
        found.ours.append(load_document(file))
        return
    drafts = reading.read(file.location)
    stamp = foreign_stamp(file, file.content_hash())
    summary.notes += [(file.location, note) for note in drafts[0].notes]
    found.foreign += [unnumbered_document(draft, file, stamp) for draft in drafts]


def _settled(
    found: _Found, plan: Plan, at_place: Mapping[Path, Sequence[str]], indexed: Mapping[str, Entry]
) -> list[Document]:
    """Our documents whose key and number are free; the others become failures."""
    mine = {File(document.root, document.path).location for document in found.ours}
    claims = {
        p: (keys[0], indexed[keys[0]].number, str(p)) for p, keys in at_place.items() if not indexed[keys[0]].file_hash
    }
    kept_keys = set(plan.summary.kept)
    kept = [claim for path, claim in claims.items() if claim[0] in kept_keys or path in found.failed]
    given = [(k, entry.number, entry.place) for k, entry in plan.assigned.items() if Path(entry.place) not in mine]
    new, clashes = _without_clashes(found.ours, [*given, *kept], claims)
    plan.summary.failed += clashes
    found.failed |= {error.path for error in clashes}
    return new


def _numbered(found: _Found, plan: Plan, present: set[str]) -> Plan:
    """The plan with the foreign documents numbered, and the outcome of every document told."""
    summary, indexed = plan.summary, dict(plan.base.documents) if plan.base else {}
    ours = {File(document.root, document.path).location: document.source for document in plan.new}
    given = {key: entry for key, entry in plan.assigned.items() if Path(entry.place) not in ours}
    places = {key: File(entry.root, entry.path).location for key, entry in indexed.items()}
    staying = {*summary.kept, *(key for key, place in places.items() if place in found.failed)}
    fixed = [(key, indexed[key].number) for key in staying if key not in given]
    fixed += [(source.key, source.number) for source in ours.values()]
    numbers = Numbers(given, keys=[key for key, _ in fixed], numbers=[number for _, number in fixed])
    new, stamps = list(plan.new), {}
    for one in found.foreign:
        document = numbers.number(one, present)
        before = indexed.get(document.source.key)
        if before and before.content_hash == document.content_hash and places[document.source.key] == Path(one.place):
            stamps[document.source.key] = document.file_hash
            summary.kept.append(document.source.key)
        else:
            new.append(document)
    keys = [document.source.key for document in new]
    summary.changed, summary.added = [k for k in keys if k in indexed], [k for k in keys if k not in indexed]
    left = {*staying, *summary.kept, *summary.changed}
    summary.removed = [key for key in indexed if key not in left]
    gone = (*summary.removed, *summary.changed)
    return replace(plan, new=tuple(new), gone=gone, assigned=numbers.assigned, stamps=stamps)


def _without_clashes(
    new: list[Document], kept: Sequence[Claim], claims: Mapping[Path, Claim]
) -> tuple[list[Document], list[DocumentError]]:
    """The documents whose key and number are free, and an error for each other one.

    What is indexed comes first. A refused edit leaves the indexed version with its key and number (`claims`, by
    path), so this goes on until nothing more is refused.
    """
    used = list(kept)
    errors: list[DocumentError] = []
    while True:
        wanted = [(d.source.key, d.source.number, str(File(d.root, d.path).location)) for d in new]
        clashes = find_clashes([*used, *wanted])
        if not clashes:
            return new, errors
        errors += clashes
        refused = {clash.path for clash in clashes}
        used += [claims[path] for path in refused if path in claims]
        new = [d for d in new if File(d.root, d.path).location not in refused]
