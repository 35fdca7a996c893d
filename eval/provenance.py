"""What a run was made with, so that two runs can be compared like with like."""

import hashlib
import json
import subprocess
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import corpus
from ingest.index import Layout
from ingest.manifest import Manifest
from qa.abstain import Calibration
from qa.settings import AskSettings

PACKAGE = "progressive-ms-qa"
Provenance = dict[str, Any]


def provenance(index_dir: Path, settings: AskSettings) -> Provenance:
    """Package version, revision, corpus, index and the settings of both, as plain JSON values.

    Raises IndexMissingError, IndexDamagedError or IndexMismatchError.
    """
    layout = Layout(index_dir)
    manifest = Manifest.read(layout.generations / layout.current(), index_dir)
    calibration = Calibration.load()
    return {
        "version": package_version(),
        "revision": revision(),
        "corpus": manifest.corpus_hash,
        "documents": len(manifest.documents),
        "index": fingerprint(manifest),
        "index settings": manifest.settings.to_dict(),
        "ask settings": asdict(settings),
        "abstention": {"threshold": calibration.threshold, "fitted on": calibration.fitted_on},
    }


def fingerprint(manifest: Manifest) -> str:
    """Equal for indexes that hold the same documents, cut and embedded in the same way, wherever they lie."""
    settings = manifest.settings.to_dict()
    parts = [manifest.corpus_hash, manifest.format_version, manifest.chunker_version, manifest.chunks, settings]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def package_version() -> str | None:
    """The installed version; None where the package is used without having been installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None


def revision(checkout: Path | None = None) -> str | None:
    """The git revision of the source checkout, with `+` when files differ from it; None without git or checkout."""
    folder = checkout or corpus.checkout_dir()
    if folder is None:
        return None
    try:
        commit = _git(folder, "rev-parse", "--short=12", "HEAD")
        return f"{commit}+" if _git(folder, "status", "--porcelain") else commit
    except (OSError, subprocess.CalledProcessError):
        return None  # git is missing, or the folder is no repository: a run without revision is still a run


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
