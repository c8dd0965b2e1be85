"""
How hits look to a person: drawn on a terminal, or one plain line each in a pipe.

The plain line is ``id TAB place TAB text``, the place being the page, else
the heading, else empty; it is made for grep, cut and head.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from searchkit.cli.terminal import console, one_line, painted, pieces

if TYPE_CHECKING:
    from rich.text import Text

    from searchkit import Hit, Results
    from searchkit.model import Passage

RELAXED = "note: no document holds all the words; these hold some of them"
_NARROWEST = 20
"""Columns that a text gets even if the terminal has fewer."""


def print_lines(results: Results, *, color: bool) -> None:
    """Write one line a hit on stdout; a hit without passages shows its title."""
    for hit in results:
        place = hit.passages[0].page or hit.passages[0].section if hit.passages else None
        texts = [painted(pieces(p.text, p.marks), color=color) for p in hit.passages]
        text = " … ".join(texts) or one_line(hit.title)
        sys.stdout.write(f"{one_line(hit.id)}\t{one_line(place)}\t{text}\n")


def print_drawn(results: Results, *, color: bool) -> None:
    """Draw each hit on stdout: rank and title, what it is, its passages with their marks."""
    from rich.text import Text

    page = _Page(color=color)
    margin = max((len(str(hit.rank)) for hit in results), default=1) + 2
    for hit in results:
        title = Text(one_line(hit.title or hit.id), style="bold")
        page.write(title, margin, bullet=f"{hit.rank:>{margin - 2}}")
        page.write(Text(_about(hit), style="dim"), margin)
        said = ""
        for passage in hit.passages:
            place = _place(passage)
            if place and place != said:
                page.write(Text(place, style="cyan"), margin + 2)
            said = place
            page.write(_marked(passage), margin + 2)
        page.write(Text(), 0)


class _Page:
    """Writes wrapped, indented lines; unlike rich's padding, without spaces at their ends."""

    def __init__(self, *, color: bool) -> None:
        self._console = console(sys.stdout, color=color)

    def write(self, text: Text, margin: int, *, bullet: str = "") -> None:
        width = max(_NARROWEST, self._console.width - margin)
        for line in text.wrap(self._console, width) or [text]:
            line.rstrip()
            self._console.print(f"{bullet:<{margin}}", line, sep="", soft_wrap=True)
            bullet = ""


def _about(hit: Hit) -> str:
    known = [hit.type, hit.date, hit.id]
    return " · ".join(one_line(value) for value in known if value)


def _place(passage: Passage) -> str:
    known = [f"page {passage.page}" if passage.page else "", passage.section or ""]
    return " · ".join(one_line(part) for part in known if part)


def _marked(passage: Passage) -> Text:
    from rich.text import Text

    drawn = Text()
    for piece, marked in pieces(passage.text, passage.marks):
        drawn.append(piece, style="bold yellow" if marked else None)
    return drawn


def summary(results: Results, *, offset: int) -> str:
    """Return the line under the hits: how many, which of them are shown, how long it took."""
    total, shown = int(results.total), len(results)
    said = [f"{total:,} {'hit' if total == 1 else 'hits'}" if total else "no hits"]
    if shown < total:
        first = f"{offset + 1:,}–{offset + shown:,}" if offset else f"first {shown:,}"
        said.append(f"{first if shown else 'none'} shown")
    return f"{', '.join(said)} ({_duration(float(results.took_ms))})"


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"
