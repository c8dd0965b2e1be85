"""``searchkit analyze``: show what analysis makes of a text."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import searchkit
from searchkit.cli.machine import print_json
from searchkit.cli.options import color_option, json_option
from searchkit.cli.terminal import colored, console, one_line
from searchkit.model import Reference, Token

HEADINGS = ("token", "term", "parts", "place")


@click.command("analyze")
@click.argument("words", nargs=-1, required=True, metavar="TEXT…")
@json_option
@color_option
def command(*, words: tuple[str, ...], as_json: bool, color: str) -> int:
    """
    Show how TEXT is analysed.

    One line a token: the word, its term (what index and query meet on), the
    parts of a compound, and its place in code points. In a pipe there are
    tabs between them and no heading.

    \b
    searchkit analyze jordbrukspolitikens mål
    """
    analyzer = searchkit.Analyzer()
    text = " ".join(words)
    tokens = analyzer.analyze(text)
    if as_json:
        references = [_reference_object(one) for one in analyzer.references(text)]
        print_json({"tokens": [_token_object(one) for one in tokens], "references": references})
    elif sys.stdout.isatty():
        _draw(tokens, color=colored(color, sys.stdout))
    else:
        for token in tokens:
            sys.stdout.write("\t".join(_cells(token)) + "\n")
    return 0


def _token_object(token: Token) -> dict[str, object]:
    return {
        "text": token.text,
        "start": int(token.start),
        "end": int(token.end),
        "term": token.term,
        "parts": list(token.parts),
    }


def _reference_object(reference: Reference) -> dict[str, object]:
    return {"id": reference.id, "start": int(reference.start), "end": int(reference.end)}


def _cells(token: Token) -> list[str]:
    parts = " ".join(token.parts)
    return [one_line(token.text), one_line(token.term), parts, f"{token.start}-{token.end}"]


def _draw(tokens: Sequence[Token], *, color: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading == "place" else "left")
    for token in tokens:
        text, term, parts, place = _cells(token)
        table.add_row(Text(text), Text(term, style="bold"), Text(parts), Text(place, style="dim"))
    console(sys.stdout, color=color).print(table)
