"""What a run has to do: the difference between the files and the current generation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.document import Document
from ingest.errors import DocumentError, IndexDamagedError, IndexMismatchError, IndexMissingError
from ingest.index import Layout
from ingest.load import PACKAGED, File, content_hash, find_clashes, find_files, load_document
from ingest.manifest import Manifest
from ingest.settings import IndexSettings

Claim = tuple[str, int, str]  # key, number, place


@dataclass(slots=True)
class Summary:
    """What a run did, document keys by outcome; `failed` are the errors, their earlier versions stay indexed."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[DocumentError] = field(default_factory=list)
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

    @property
    def changes_nothing(self) -> bool:
        """Whether the current generation already holds all of this."""
        return self.base is not None and not self.new and not self.gone and self.base.roots == self.roots


def make_plan(
    layout: Layout, settings: IndexSettings, *, paths: Sequence[Path], remove: Sequence[Path], rebuild: bool
) -> Plan:
    """Compare the files under the roots with the current generation.

    Raises IndexMismatchError and IndexDamagedError unless `rebuild`, UnknownPathError for a root that is gone.
    """
    base, folder = _current(layout, rebuild=rebuild)
    roots = base.roots if base else ()
    if rebuild:
        base, folder = None, None
    elif base and base.settings != settings:
        raise IndexMismatchError(layout.index_dir, "the settings", base.settings.to_dict(), settings.to_dict())
    dropped = {str(path.resolve()) for path in remove}
    wanted = dict.fromkeys([*(roots or (() if paths else (PACKAGED,))), *(str(path.resolve()) for path in paths)])
    kept_roots = tuple(root for root in wanted if root not in dropped)
    empty = Plan(layout.index_dir, kept_roots, base, folder, (), (), Summary())
    return _difference(find_files(kept_roots), empty)


def _current(layout: Layout, *, rebuild: bool) -> tuple[Manifest | None, Path | None]:
    """The current generation; none on the first run, and none when a damaged one is to be built anew anyway."""
    try:
        folder = layout.generations / layout.current()
        manifest = Manifest.read(folder, layout.index_dir)
        missing = [name for name in ("catalog.db", "chroma", "bm25") if not (folder / name).exists()]
        if missing:
            raise IndexDamagedError(layout.index_dir, f"{', '.join(missing)} of generation {folder.name} is gone")
        return manifest, folder
    except IndexMissingError:
        return None, None
    except (IndexDamagedError, IndexMismatchError):
        if rebuild:
            return None, None
        raise


def _difference(files: Sequence[File], plan: Plan) -> Plan:
    """The plan with what is new, changed and gone filled in."""
    indexed = dict(plan.base.documents) if plan.base else {}
    at_path = {File(entry.root, entry.path).location: key for key, entry in indexed.items()}
    summary = plan.summary
    new: list[Document] = []
    for file in files:
        key = at_path.get(file.location)
        try:
            content = file.read()
            if key and indexed[key].content_hash == content_hash(content):
                summary.kept.append(key)
                continue
            new.append(load_document(file, content))
        except DocumentError as error:
            summary.failed.append(error)
    claims = {path: (key, indexed[key].number, str(path)) for path, key in at_path.items()}
    failed = {error.path for error in summary.failed}
    kept = [claim for path, claim in claims.items() if claim[0] in summary.kept or path in failed]
    new, clashes = _without_clashes(new, kept, claims)
    summary.failed += clashes
    failed |= {error.path for error in clashes}
    stay = [key for path, key in at_path.items() if path in failed]
    summary.changed = [document.source.key for document in new if document.source.key in indexed]
    summary.added = [document.source.key for document in new if document.source.key not in indexed]
    present = {*summary.kept, *summary.changed, *stay}
    summary.removed = [key for key in indexed if key not in present]
    return replace(plan, new=tuple(new), gone=(*summary.removed, *summary.changed))


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
