"""``searchkit search``: ask the index."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import searchkit
from searchkit.cli import hits, machine
from searchkit.cli.failures import NO_HITS
from searchkit.cli.options import color_option, form_options, index_option, setting
from searchkit.cli.terminal import colored, visible

# One for one, so that the caret under a query that is wrong still points at its place.
_BREAKS = str.maketrans("\t\n\v\f\r", "     ")


@click.command("search")
@click.argument("words", nargs=-1, required=True, metavar="QUERY…")
@index_option
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    envvar="SEARCHKIT_LIMIT",
    default=setting("limit", "10"),
    metavar="N",
    help="At most N hits (default: 10).",
)
@click.option(
    "--offset",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Leave out the first N hits.",
)
@click.option(
    "-p",
    "--passages",
    type=click.IntRange(min=0),
    envvar="SEARCHKIT_PASSAGES",
    default=setting("passages", None),
    metavar="N",
    help="At most N passages a hit (default: 3; in a pipe and in CSV: 1).",
)
@form_options
@color_option
@click.option("-q", "--quiet", is_flag=True, help="No count and no note on stderr.")
def command(
    *,
    words: tuple[str, ...],
    index_path: Path,
    limit: int,
    offset: int,
    passages: int | None,
    color: str,
    quiet: bool,
    form: str | None = None,
) -> int:
    """
    Search the index for QUERY.

    Prints ranked documents with the passages that answer. In a pipe that is
    one line a hit: id, page or heading, passage, with tabs between.

    \b
    searchkit search hållbar produktion
    searchkit search '"cirkulär ekonomi" OCH typ:motion'
    searchkit search -n 50 --csv upphandling > hits.csv
    searchkit search -- avfall -förbränning

    The exit status is 0 if there are hits, 1 if there are none, 2 on an error.
    """
    query = " ".join(words).translate(_BREAKS)
    drawn = form is None and sys.stdout.isatty()
    with searchkit.open(index_path) as index:
        if form == "explain-query":
            sys.stdout.write(visible(index.explain_query(query)).rstrip("\n") + "\n")
            return 0
        if passages is None:
            passages = 3 if drawn or form in ("json", "jsonl") else 1
        results = index.search(query, limit=limit, passages=passages, offset=offset)
        _print(results, form, drawn=drawn, color=colored(color, sys.stdout))
        if not quiet:
            _remark(results, form, offset=offset)
        return 0 if len(results) else NO_HITS


def _print(results: searchkit.Results, form: str | None, *, drawn: bool, color: bool) -> None:
    if form == "json":
        machine.print_json(machine.results_object(results))
    elif form == "jsonl":
        for hit in results:
            machine.print_json(machine.hit_object(hit))
    elif form == "csv":
        machine.print_csv(results)
    elif drawn:
        hits.print_drawn(results, color=color)
    else:
        hits.print_lines(results, color=color)


def _remark(results: searchkit.Results, form: str | None, *, offset: int) -> None:
    sys.stdout.flush()  # so that on one terminal the remarks come after the hits
    if results.relaxed and form != "json":
        sys.stderr.write(f"{hits.RELAXED}\n")
    if sys.stderr.isatty():
        sys.stderr.write(f"{hits.summary(results, offset=offset)}\n")
        if results.suggestion is not None:
            sys.stderr.write(f"Menade du: {visible(results.suggestion)}?\n")
