"""docs/cli.md cannot fall behind the program."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from cli_docs import PAGE, documented, expected, written
from click.testing import Result

import searchkit
from searchkit.cli.app import COMMANDS, main

ROOT = PAGE.parents[1]


def test_every_command_is_documented() -> None:
    """The page has a block for the program and for each command, in the program's order."""
    assert documented(PAGE.read_text(encoding="utf-8")) == expected()


def test_page_is_up_to_date() -> None:
    """What the page shows is what --help prints; `python tests/cli/cli_docs.py` writes it."""
    page = PAGE.read_text(encoding="utf-8")

    assert written(page) == page


@pytest.mark.parametrize("page", [ROOT / "README.md", PAGE], ids=lambda page: page.name)
def test_explained_queries_are_read_so(
    page: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    """What a page shows under `--explain-query` is what the example corpus's index prints."""
    searchkit.reindex(ROOT / "corpus", tmp_path, processes=1)
    session = re.compile(r"^\$ searchkit (search --explain-query .+)\n(\w.+)$", re.MULTILINE)
    shown = session.findall(page.read_text(encoding="utf-8"))

    assert len(shown) > 1
    for command, line in shown:
        assert run(*shlex.split(command), "--index", str(tmp_path)).stdout == f"{line}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    """A command explains itself, and every option of it too."""
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name
    assert command.help
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_every_command_module_is_listed() -> None:
    """A file that defines a command is a command of the program."""
    folder = PAGE.parents[1] / "searchkit" / "cli"
    defining = {
        path.stem
        for path in folder.glob("*.py")
        if "@click.command(" in path.read_text(encoding="utf-8")
    }

    assert defining == set(COMMANDS)
