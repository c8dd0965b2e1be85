"""The pages cannot fall behind the code: links, paths, commands and examples hold."""

from __future__ import annotations

import doctest
import itertools
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

import searchkit

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "index").glob("*.md")])
README = ROOT / "README.md"
# What .ci/run takes from README.md, word for word.
TEST_COMMAND = (
    'python3 -m venv .venv && .venv/bin/pip install -q -e ".[test]" && .venv/bin/python -m pytest'
)

_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_BACKTICKED = re.compile(r"`(?P<path>[\w.-]+(?:/[\w.-]+)*/?)`")
_OF_SOURCE = (".py", ".md", ".toml")
_NOT_RUN = "<!-- not run -->"


def text_of(page: Path) -> str:
    """Return a page, or skip: it is being written."""
    if not page.exists():
        pytest.skip(f"{page.relative_to(ROOT)} is not there yet")
    return page.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    before: str
    """The nearest line above it that is not blank."""
    language: str
    code: str


def split(page: str) -> tuple[list[Block], str]:
    """Return the fenced blocks of a page, and the page without them."""
    blocks: list[Block] = []
    prose: list[str] = []
    lines = iter(page.splitlines())
    for line in lines:
        if not line.lstrip().startswith("```"):
            prose.append(line)
            continue
        before = next((above for above in reversed(prose) if above.strip()), "")
        code = itertools.takewhile(lambda inner: inner.strip() != "```", lines)
        blocks.append(Block(before, line.strip("` "), textwrap.dedent("\n".join(code))))
        prose.append("```")
    return blocks, "\n".join(prose)


def blocks_of(page: str, *languages: str) -> list[Block]:
    """Return the fenced blocks of a page in some languages that are to be run."""
    return [b for b in split(page)[0] if b.language in languages and b.before != _NOT_RUN]


def slugs_of(page: str) -> set[str]:
    """Return the anchors of a page's headings, spelt as GitHub does."""
    headings = re.findall(r"^#+ +(.+)$", split(page)[1], re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def names(paths: list[Path]) -> list[str]:
    """Return how tests name *paths*."""
    return [path.relative_to(ROOT).as_posix() for path in paths]


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_relative_links_lead_somewhere(page: Path) -> None:
    """A relative link names a file that exists, and a heading in it."""
    for link in _LINK.finditer(split(page.read_text(encoding="utf-8"))[1]):
        target, _, anchor = link["target"].partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        file = page if not target else (page.parent / target).resolve()
        if target and file.parent == ROOT and file.suffix == ".md":
            text_of(file)
        assert file.exists(), link[0]
        if anchor:
            assert anchor in slugs_of(file.read_text(encoding="utf-8")), link[0]


def exists(path: str, page: Path) -> bool:
    """Tell whether a path on a page is one of the project's, or a file's bare name."""
    bases = (ROOT, ROOT / "searchkit", page.parent)
    if any((base / path).exists() for base in bases):
        return True
    return "/" not in path and any(
        file.name == path
        for top in ("searchkit", "tests", "benchmarks")
        for file in (ROOT / top).rglob(path)
    )


def is_path(text: str) -> bool:
    """Tell whether *text* claims to be a path of the project; capitals are placeholders."""
    if re.search(r"(^|[/_.-])[A-Z]+([/_.-]|$)", text.removesuffix(".md")):
        return text in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md")
    first = text.split("/")[0]
    if first == "index" and not text.endswith(_OF_SOURCE):
        return False  # what searchkit builds
    rooms = [ROOT, ROOT / "searchkit"]
    return text.endswith(_OF_SOURCE) or ("/" in text and any((r / first).is_dir() for r in rooms))


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_named_paths_exist(page: Path) -> None:
    """Every path of the project that a page sets in backticks exists."""
    found = [m["path"] for m in _BACKTICKED.finditer(split(page.read_text(encoding="utf-8"))[1])]
    missing = [path for path in found if is_path(path) and not exists(path, page)]
    assert missing == []


def test_architecture_names_code() -> None:
    """ARCHITECTURE.md names modules, so that the test of paths has something to hold."""
    found = _BACKTICKED.finditer(text_of(ROOT / "ARCHITECTURE.md"))
    assert [m["path"] for m in found if is_path(m["path"])] != []


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the example corpus and its index, as README.md finds them; we are in it."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    searchkit.reindex(tmp_path / "corpus", tmp_path / "index", processes=1)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_readme_python_runs(example: Path) -> None:
    """Every Python block of README.md runs, one after the other, on the example corpus."""
    blocks = blocks_of(text_of(README), "python", "pycon")
    assert blocks != []
    scope: dict[str, object] = {"__name__": "readme"}
    for block in blocks:
        if ">>>" in block.code:
            parser = doctest.DocTestParser()
            session = parser.get_doctest(block.code, scope, "README.md", "README.md", 0)
            assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(session).failed == 0
        else:
            exec(compile(block.code, "README.md", "exec"), scope)


def commands_of(page: str) -> list[str]:
    """Return the lines ``$ searchkit …`` of a page's console blocks, without the prompt."""
    code = "\n".join(block.code for block in blocks_of(page, "console", "sh", "shell"))
    return re.findall(r"^\$ (searchkit .*)$", code.replace("\\\n", " "), re.MULTILINE)


@pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell")
def test_readme_commands_run(example: Path) -> None:
    """Every ``$ searchkit …`` line of README.md ends with 0, or with 1 for no hits."""
    commands = commands_of(text_of(README))
    assert commands != []
    programs = example / "programs"
    programs.mkdir()
    program = programs / "searchkit"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m searchkit "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    for command in commands:
        done = subprocess.run(
            ["sh", "-c", command], cwd=example, env=environment, capture_output=True, timeout=60
        )
        assert done.returncode in (0, 1), (command, done.stderr.decode())


@pytest.mark.parametrize("marker", ["test", "main"])
def test_readme_marks_commands_for_ci(marker: str) -> None:
    """README.md marks the commands that .ci/run takes from it, each right before its block."""
    blocks = split(text_of(README))[0]
    marked = [block.code for block in blocks if f"<!-- ci: {marker} -->" in block.before]
    assert len(marked) == 1
    if marker == "test":
        assert marked[0].strip().removeprefix("$ ") == TEST_COMMAND


GLOSSARY = ROOT / "docs" / "glossary.md"
_ROW = re.compile(r"^\| (?P<word>[^|]+) \| (?P<meaning>[^|]+) \|[^|]*\| (?P<where>[^|]+) \|$", re.M)


def glossary_rows() -> list[re.Match[str]]:
    """Return the rows of the glossary's tables."""
    rows = _ROW.finditer(GLOSSARY.read_text(encoding="utf-8"))
    return [row for row in rows if row["word"] != "word" and not row["word"].startswith("-")]


def test_glossary_words_stand_once() -> None:
    """One word has one row; a word with two meanings says in brackets which is meant."""
    words = [word for row in glossary_rows() for word in row["word"].split(", ")]
    assert len(words) > 50
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("row", glossary_rows(), ids=lambda row: row["word"])
def test_glossary_leads_to_the_code(row: re.Match[str]) -> None:
    """Each word of the glossary names a file, and a name that occurs in it."""
    for where in row["where"].split("; "):
        match = re.fullmatch(r"`([\w/]+\.py)` · `(\w+)`", where)
        assert match, where
        assert re.search(rf"\b{match[2]}\b", (ROOT / match[1]).read_text(encoding="utf-8")), where


def test_version_is_told_once() -> None:
    """pyproject.toml and the package name the same version, and CHANGELOG.md has its entry."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert searchkit.__version__ == project["version"]
    entry = rf"^## \[?{re.escape(project['version'])}\b"
    assert re.search(entry, text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
