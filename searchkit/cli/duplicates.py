"""``searchkit duplicates``: list documents that are copies, or nearly copies, of each other."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import searchkit
from searchkit.cli.machine import print_json
from searchkit.cli.options import index_option, json_option
from searchkit.cli.terminal import one_line

if TYPE_CHECKING:
    from searchkit.duplicates import Duplicate


@click.command("duplicates")
@index_option
@click.option(
    "--threshold",
    type=click.FloatRange(0.5, 1.0),
    default=0.9,
    show_default=True,
    metavar="SHARE",
    help="How much of two texts must be the same, from 0.5 to 1.",
)
@json_option
def command(*, index_path: Path, threshold: float, as_json: bool) -> int:
    """
    List groups of documents that say nearly the same.

    One line a document: similarity to the first of its group, date, id,
    title. The oldest is the first; a blank line ends a group. In a pipe there
    are tabs between, and the number of the group comes first.

    Similarity is the share that both hold of all runs of three words that
    either holds; at 1.000 only titles, signs or metadata differ.

    \b
    searchkit duplicates
    searchkit duplicates --threshold 1
    searchkit duplicates | cut -f4 > ids.txt
    """
    groups = searchkit.near_duplicates(index_path, threshold=threshold)
    if as_json:
        shown = [[dataclasses.asdict(document) for document in group] for group in groups]
        print_json({"threshold": threshold, "groups": shown})
        return 0
    drawn = sys.stdout.isatty()
    for number, group in enumerate(groups, 1):
        lines = [_line(document) for document in group]
        if drawn:
            sys.stdout.write("\n".join("  ".join(cells) for cells in lines) + "\n\n")
        else:
            sys.stdout.write("".join("\t".join((str(number), *cells)) + "\n" for cells in lines))
    sys.stdout.flush()  # so that on one terminal the sum comes last
    members = sum(map(len, groups))
    sys.stderr.write(f"{len(groups):,} groups of {members:,} documents that say nearly the same\n")
    return 0


def _line(document: Duplicate) -> tuple[str, ...]:
    date = f"{one_line(document.date):<10}" if sys.stdout.isatty() else one_line(document.date)
    # Cut, not rounded: what says 1.000 has the same words.
    similarity = f"{int(document.similarity * 1000) / 1000:.3f}"
    return similarity, date, one_line(document.id), one_line(document.title)
