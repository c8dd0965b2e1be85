"""``searchkit stats``: count what the index holds."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import click

import searchkit
from searchkit.cli.machine import print_json
from searchkit.cli.options import index_option, json_option
from searchkit.cli.terminal import one_line


@click.command("stats")
@index_option
@json_option
def command(*, index_path: Path, as_json: bool) -> int:
    """
    Count what the index holds.

    One line a figure: documents, tokens, words, sizes in bytes, documents by
    type. In a pipe there is a tab between name and figure, and no grouping of
    digits.
    """
    with searchkit.open(index_path) as index:
        figures = dataclasses.asdict(index.stats())
    if as_json:
        print_json(figures)
    else:
        print_figures(figures)
    return 0


def print_figures(figures: dict[str, object]) -> None:
    """Write one line a figure on stdout: aligned on a terminal, with a tab in a pipe."""
    rows = [(name.replace("_", " "), value) for name, value in _flat(figures)]
    drawn = sys.stdout.isatty()
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        if drawn:
            number = isinstance(value, int) and not isinstance(value, bool)
            shown = f"{value:,}" if number else one_line(str(value))
            sys.stdout.write(f"{one_line(name):<{width}}  {shown}\n")
        else:
            sys.stdout.write(f"{one_line(name)}\t{one_line(str(value))}\n")


def _flat(figures: dict[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            for key, inner in value.items():
                yield f"{name}: {key}", inner
        elif value is not None:
            yield name, value
