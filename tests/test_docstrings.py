"""What stands in the source beside code: docstrings, their examples, nothing left undone."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "searchkit").rglob("*.py"))
Defined = ast.FunctionDef | ast.ClassDef

# Neither pattern matches its own spelling.
MACHINE_PATH = re.compile(r"(?<![\w.~$/{}-])/(?:work|tmp|root|home)\b(?=/|$|[\s\"'`)])")
HOSTS = re.compile(r"\b(?:pypi|pythonhosted|crates|npmjs|anaconda)[.](?:org|io|com)\b")
_WRITTEN = (".py", ".md", ".toml", ".txt", ".json", ".jsonl", ".cfg", ".yml", ".yaml", ".sh", "")


def module_name(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def ids(path: Path) -> str:
    """Return how tests name a file."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [p for p in SOURCES if p.stem != "__main__"], ids=ids)
def test_docstring_examples_hold(path: Path) -> None:
    """The examples in a module's docstrings give what they show."""
    assert doctest.testmod(importlib.import_module(module_name(path))).failed == 0


def test_examples_are_found() -> None:
    """There are docstring examples for the test above to run."""
    finder = doctest.DocTestFinder()
    module = importlib.import_module("searchkit.analysis.analyzer")
    assert any(test.examples for test in finder.find(module))


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Defined]]:
    """Yield the public classes, functions and methods of a module with their dotted names."""
    for node in body:
        if not isinstance(node, Defined) or node.name.startswith("_"):
            continue
        marks = {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}
        if not marks & {"overload", "setter"}:
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from public(node.body, f"{prefix}{node.name}.")


def inherited_doc(path: Path, name: str) -> str | None:
    """Return the docstring of the method that *name* overrides."""
    found: object = importlib.import_module(module_name(path))
    for part in name.split("."):
        found = getattr(found, part)
    return inspect.getdoc(found)


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_public_names_have_docstrings(path: Path) -> None:
    """Every module, public class, function and method says what it is for."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(module)
    silent = [
        name
        for name, node in public(module.body)
        if not ast.get_docstring(node) and not ("." in name and inherited_doc(path, name))
    ]
    assert silent == []


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_nothing_is_left_to_do(path: Path) -> None:
    """No note of unfinished work stands in the package."""
    assert re.findall("TO" + "DO|FIX" + "ME|XX" + "X", path.read_text(encoding="utf-8")) == []


def project_files() -> list[Path]:
    """Return the files of the project that people write."""
    folders = ["searchkit", "tests", "benchmarks", "docs", "corpus", ".ci"]
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    found += [path for path in ROOT.iterdir() if path.is_file()]
    return sorted(p for p in found if p.suffix in _WRITTEN and "__pycache__" not in p.parts)


def test_no_file_names_this_machine() -> None:
    """No file holds an absolute path of one machine, or the host of a package index."""
    files = project_files()
    assert ROOT / ".ci" / "run" in files
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [(ids(path), m[0]) for p in (MACHINE_PATH, HOSTS) for m in p.finditer(text)]
    assert found == []


@pytest.mark.parametrize("text", ["work/main", "tmp", "home/x)", "root"])
def test_machine_paths_are_recognised(text: str) -> None:
    """The pattern of the test above finds what it is for."""
    assert MACHINE_PATH.search(f'"{"/"}{text}"')


def test_only_tests_look_beside_the_project() -> None:
    """Real documents in a folder beside the project are for tests and benchmarks alone."""
    beside = "../" + "shared"
    found = [p for p in project_files() if beside in p.read_text("utf-8", errors="replace")]
    folders = {path.relative_to(ROOT).parts[0] for path in found}
    assert folders <= {"tests", "benchmarks"}
