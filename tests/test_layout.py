"""The shape of the project: imports flow one way, files stay short, importing is cheap."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "corpus": set(),
    "ingest": {"corpus"},
    "qa": {"ingest", "corpus"},
    "ui": {"qa", "ingest"},
    "eval": {"qa", "ingest", "corpus"},
}
SOURCES = [path for package in MAY_IMPORT for path in sorted((ROOT / package).glob("*.py"))]


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_imports_flow_one_way(path):
    package = path.parent.name
    assert imported_packages(path) & set(MAY_IMPORT) <= MAY_IMPORT[package] | {package}


@pytest.mark.parametrize(
    ("library", "owners"),
    [
        ("chromadb", {"ingest/store.py"}),
        ("gradio", {"ui/app.py"}),
        ("torch", {"ingest/export.py", "ingest/tuning.py", "eval/tune.py"}),
        ("sentence_transformers", {"ingest/embed.py"}),
        ("onnxruntime", {"ingest/embed.py", "ingest/export.py", "ingest/graph.py"}),
        ("bm25s", {"ingest/sparse.py"}),
    ],
)
def test_each_heavy_library_has_its_owner(library, owners):
    users = {f"{p.parent.name}/{p.name}" for p in SOURCES if library in imported_packages(p)}
    assert users == owners


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_file_is_longer_than_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_importing_a_package_loads_no_heavy_library(package):
    heavy = "{'torch', 'chromadb', 'gradio', 'numpy', 'sentence_transformers', 'langchain_core', 'onnxruntime'}"
    code = f"import sys, {package}; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT).stdout == "[]\n"
