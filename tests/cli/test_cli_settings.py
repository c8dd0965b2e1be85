"""Where a value comes from: flag, then environment, then pyproject.toml, then built in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli_fakes import FakeHit, FakeIndex
from click.testing import Result

Run = Callable[..., Result]

FILE = '[tool.searchkit]\nindex = "from-file"\nlimit = 3\npassages = 2\ncolor = "never"\n'


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeIndex:
    monkeypatch.chdir(tmp_path)
    return FakeIndex(hits=[FakeHit()]).install(monkeypatch)


def test_built_in(run: Run, index: FakeIndex) -> None:
    """Without any setting the index is `index`, ten hits are asked for."""
    run("search", "x")

    assert (index.asked["path"], index.asked["limit"]) == ("index", 10)


def test_file_wins_over_built_in(run: Run, index: FakeIndex) -> None:
    """[tool.searchkit] in ./pyproject.toml is read, numbers too."""
    Path("pyproject.toml").write_text(FILE, encoding="utf-8")

    run("search", "x")

    assert index.asked["path"] == "from-file"
    assert (index.asked["limit"], index.asked["passages"]) == (3, 2)


def test_environment_wins_over_file(run: Run, index: FakeIndex) -> None:
    """SEARCHKIT_INDEX wins over the file."""
    Path("pyproject.toml").write_text(FILE, encoding="utf-8")

    run("search", "x", SEARCHKIT_INDEX="from-environment", SEARCHKIT_LIMIT="4")

    assert (index.asked["path"], index.asked["limit"]) == ("from-environment", 4)


def test_flag_wins_over_environment(run: Run, index: FakeIndex) -> None:
    """A flag wins over everything."""
    run("search", "x", "--index", "from-flag", SEARCHKIT_INDEX="from-environment")

    assert index.asked["path"] == "from-flag"


def test_file_is_not_read_for_nothing(run: Run, index: FakeIndex) -> None:
    """A file that is not TOML harms nobody who does not need it."""
    Path("pyproject.toml").write_text("not = = toml", encoding="utf-8")

    assert run("stats", "--index", "x").exit_code == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"not = = toml", "not valid TOML"),
        (b"\xff\xfe", "not valid TOML"),
        (b"[tool.searchkit]\nindex = ['a']", "must be a text or a number"),
        (b"[tool.searchkit]\nindex = true", "must be a text or a number"),
    ],
)
def test_bad_file_is_an_error(content: bytes, told: str, run: Run, index: FakeIndex) -> None:
    """A setting that cannot be read ends in 2 and names the file."""
    Path("pyproject.toml").write_bytes(content)

    result = run("stats")

    assert result.exit_code == 2
    assert "pyproject.toml" in result.stderr
    assert told in result.stderr


@pytest.mark.parametrize("content", ["", "tool = 1", "[tool]\nsearchkit = 1", "[tool.other]\n"])
def test_file_without_settings(content: str, run: Run, index: FakeIndex) -> None:
    """A file that says nothing about searchkit changes nothing."""
    Path("pyproject.toml").write_text(content, encoding="utf-8")

    run("search", "x")

    assert index.asked["path"] == "index"


def test_setting_out_of_range_names_its_option(run: Run, index: FakeIndex) -> None:
    """A setting is held to the same range as the option."""
    result = run("search", "x", SEARCHKIT_LIMIT="0")

    assert result.exit_code == 2
    assert "--limit" in result.stderr
