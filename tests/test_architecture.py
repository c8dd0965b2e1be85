"""Every room imports only what the table in ARCHITECTURE.md lets it."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import searchkit

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "searchkit"
SOURCES = sorted(PACKAGE.rglob("*.py"))

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "model": set(),
    "analysis": {"errors", "model"},
    "corpus": {"errors", "model"},
    "index": {"errors", "model", "analysis"},
    "query": {"errors", "model", "analysis", "index"},
    "reindexing": {"errors", "model", "analysis", "corpus", "index"},
    "download": {"errors", "model"},
    "verification": {"errors", "model", "index"},
    "duplicates": {"errors", "model", "index"},
    "evaluation": {"errors", "model"},
}
EVERYTHING = {*MAY_IMPORT, "cli"}
# "" is ``import searchkit`` itself, which leads everywhere.
MAY_IMPORT |= {"cli": {*EVERYTHING, ""}, "__init__": EVERYTHING - {"cli"}, "__main__": {"cli"}}

ANYWHERE = {"numpy"}
# A room may import what begins with one of these, and nobody else may.
THIRD_PARTY: dict[str, set[str]] = {
    "analysis": {"snowballstemmer", "simplemma", "whoosh.analysis"},
    "corpus": {"lxml", "pypdfium2", "striprtf", "olefile", "py3langid"},
    "download": {"filelock", "urllib3"},
    "reindexing": {"xxhash"},
    "index": {
        "filelock", "zstandard", "whoosh.analysis", "whoosh.columns", "whoosh.fields",
        "whoosh.formats", "whoosh.matching", "whoosh.reading", "whoosh.scoring",
        "whoosh.searching", "whoosh.support",
    },
    "query": {"rapidfuzz", "whoosh.matching", "whoosh.qparser", "whoosh.query"},
    "evaluation": {"ir_measures"},
    "cli": {"click", "rich"},
}  # fmt: skip
# What reads a file by running what stands in it.
NOWHERE = {"pickle", "marshal", "shelve", "cPickle", "dill", "copyreg"}
MOST_LINES = 400

PUBLIC = [
    "Analyzer", "Document", "Duplicate", "Evaluation", "Hit", "Index", "IndexStats", "IndexWriter",
    "Passage", "Progress", "ReindexReport", "Results", "SearchkitError", "Section", "Token",
    "VerifyReport", "evaluate", "near_duplicates", "open", "reindex", "verify",
]  # fmt: skip


def name_of(path: Path) -> str:
    """Return how tests name a file."""
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """Return the room that a source file lies in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_of(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(tree: ast.AST, *, at_import: bool = False) -> Iterator[str]:
    """
    Yield the dotted names that a module imports.

    Args:
        at_import: only those that importing the module imports.
    """
    for node in ast.iter_child_nodes(tree):
        if at_import and isinstance(node, ast.FunctionDef | ast.If):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from imports_of(node, at_import=at_import)


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a source file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def allowed(name: str, room: str) -> bool:
    """Tell whether a room may import a dotted name."""
    head, *rest = name.split(".")
    if head == "searchkit":
        # ``from searchkit import errors`` and ``from searchkit.errors import X`` alike.
        target = rest[0] if rest and rest[0] in EVERYTHING else ""
        return target in MAY_IMPORT[room] | {room} or rest == ["__version__"]
    if head in NOWHERE:
        return False
    if head in sys.stdlib_module_names or head in ANYWHERE:
        return True
    return any(f"{name}.".startswith(f"{own}.") for own in THIRD_PARTY.get(room, ()))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_rooms_import_only_what_they_may(path: Path) -> None:
    """A room imports the rooms below it and its own third parties, anywhere in its code."""
    room = room_of(path)

    assert [name for name in imports_of(parsed(path)) if not allowed(name, room)] == []


@pytest.mark.parametrize(
    ("name", "room"),
    [
        ("searchkit.query.search", "index"),
        ("searchkit.index", "analysis"),
        ("searchkit.cli", "query"),
        ("searchkit", "index"),
        ("searchkit.open", "query"),
        ("whoosh.qparser.plugins", "index"),
        ("whoosh.query.Term", "analysis"),
        ("whoosh.analysis.Token", "query"),
        ("whoosh.filedb.filestore", "index"),
        ("click", "reindexing"),
        ("rich.text", "query"),
        ("filelock", "reindexing"),
        ("pickle", "index"),
        ("requests", "cli"),
    ],
)
def test_what_is_not_allowed_is_noticed(name: str, room: str) -> None:
    """The rule of the test above refuses what it is there to refuse."""
    assert not allowed(name, room)


def test_every_room_is_in_the_table() -> None:
    """The table has every room that there is, and no other."""
    assert {room_of(path) for path in SOURCES} == set(MAY_IMPORT)


def test_no_module_imports_itself_in_a_circle() -> None:
    """No chain of imports leads back to where it began."""
    modules = {module_of(path): path for path in SOURCES}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        names = imports_of(parsed(path), at_import=True)
        found = {name if name in modules else name.rpartition(".")[0] for name in names}
        graph[module] = {name for name in found & set(modules) if name != "searchkit"}

    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert set(order) == set(modules)


def test_third_parties_are_the_declared_dependencies() -> None:
    """What is imported is declared in pyproject.toml, and what is declared is imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = [*project["dependencies"], *project["optional-dependencies"]["evaluation"]]
    declared = {re.match(r"[\w-]+", entry)[0].lower().replace("-", "_") for entry in entries}  # type: ignore[index]
    names = {name.split(".")[0] for path in SOURCES for name in imports_of(parsed(path))}

    assert names - sys.stdlib_module_names - {"searchkit"} == declared


@pytest.mark.parametrize("folder", ["searchkit", "tests", "benchmarks"])
def test_files_stay_readable(folder: str) -> None:
    """No file has more than 400 lines."""
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }

    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_public_names_are_pinned() -> None:
    """The package offers exactly these names, and each of them is there."""
    assert searchkit.__all__ == PUBLIC
    assert [name for name in PUBLIC if getattr(searchkit, name, None) is None] == []
    assert all(getattr(searchkit, name).__doc__ for name in PUBLIC)


def test_unknown_names_are_attribute_errors() -> None:
    """A name that the package does not have is an AttributeError that says so."""
    with pytest.raises(AttributeError, match="no attribute 'serach'"):
        _ = searchkit.serach


def test_importing_the_package_does_no_work() -> None:
    """``import searchkit`` loads neither NumPy nor Whoosh, nor any room."""
    code = "import sys, searchkit; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ran.stdout.split()

    assert "searchkit" in loaded
    assert [name for name in loaded if name.split(".")[0] in {"numpy", "whoosh", "rich"}] == []
    assert [name for name in loaded if name.startswith("searchkit.")] == []


def test_a_search_starts_without_the_context_stage() -> None:
    """What finds references takes 40 ms to load, which the start of a search need not wait for."""
    code = "import sys, searchkit.query.search; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ran.stdout.split()

    assert "searchkit.query.search" in loaded
    assert "searchkit.analysis.context" not in loaded
