"""The source documents that come with the package: data only, see README.md beside this file."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent


def documents_dir() -> Path:
    """The folder of the packaged documents."""
    return ROOT / "documents"


def checkout_dir() -> Path | None:
    """The source checkout this package runs from, or None when it is installed as a wheel."""
    return ROOT.parent if (ROOT.parent / "pyproject.toml").is_file() else None
