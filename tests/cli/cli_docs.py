"""
Write the help of every command into docs/cli.md, between its markers.

Run as ``python tests/cli/cli_docs.py``; a test compares.
"""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from searchkit.cli.app import COMMANDS, main

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
BLOCK = re.compile(r"<!-- help: (.*?) -->\n.*?<!-- end -->", re.DOTALL)


def help_of(command: str) -> str:
    """Return what ``searchkit COMMAND --help`` prints at 80 columns."""
    words = [*command.split(), "--help"]
    result = CliRunner().invoke(main, words, env={"COLUMNS": "80"})
    return f"$ {' '.join(['searchkit', *words])}\n{result.output}"


def written(page: str) -> str:
    """Return *page* with every block between markers made anew."""

    def block(match: re.Match[str]) -> str:
        return f"<!-- help: {match[1]} -->\n```text\n{help_of(match[1])}```\n<!-- end -->"

    return BLOCK.sub(block, page)


def documented(page: str) -> list[str]:
    """Return the commands whose help the page shows; the program itself is ''."""
    return [match[1] for match in BLOCK.finditer(page)]


def expected() -> list[str]:
    """Return the commands that the page must show, in order."""
    return ["", *COMMANDS]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
