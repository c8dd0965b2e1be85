"""
Do two texts run side by side here?

Bills print the law as it is beside the law as it would be. HTML made from PDF holds both
in one table, a row for every printed line; read row by row they are one unreadable text.
Such a table has one edge that every row's cells keep to, with lines on both sides that
mostly go on from the line above. It becomes the left text, then the right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.corpus.formats.markup import Element

_ROWS_MIN = 3
_GOES_ON_SHARE = 0.4
"""Of the lines of a side, those that begin in lower case, as the middle of a sentence does."""
_CROSSING_SHARE = 0.15
"""Of the rows, those that may run over both sides."""
_LINE_CHARS_MIN = 14
"""Mean length of a line, below which a side is a column of figures or names."""

_BEGINS = re.compile(r"\d{1,3}(?: ?[a-z])? §(?: [A-ZÅÄÖ]|$)|\d{1,2}\. |[a-h]\) |[–•-] ")
_CUT = re.compile(r"(?<=[a-zåäöé])- (?=[a-zåäöé])(?!(?:och|eller|samt|respektive)\b)")

Row = list[tuple[int, int, str]]
"""Of every cell with text: the columns where it begins and ends, and its text."""


def uncolumned(table: Element) -> bool:
    """Turn a table into its left and its right text, if it holds two; tell whether it did."""
    rows = [row for node in table.iter("tr") if (row := _row(node))]
    edge = _edge(rows) if len(rows) >= _ROWS_MIN else None
    if edge is None:
        return False
    paragraphs = [text for block in _blocks(rows, edge) for text in _texts(block, edge)]
    table.clear(keep_tail=True)
    table.tag = "div"
    for paragraph in paragraphs:
        node = table.makeelement("p")
        node.text = paragraph
        table.append(node)
    return True


def _blocks(rows: list[Row], edge: int) -> Iterator[list[Row]]:
    """Divide the rows where a line runs over both sides: "2 §", in the middle."""
    block: list[Row] = []
    for row in rows:
        if _crosses(row, edge):
            yield block
            yield [row]
            block = []
        else:
            block.append(row)
    yield block


def _texts(rows: list[Row], edge: int) -> Iterator[str]:
    """Yield the paragraphs of the left text, then those of the right one."""
    for right in (False, True):
        yield from _paragraphs(
            [" ".join(text for start, _, text in row if (start >= edge) is right) for row in rows]
        )


def _crosses(row: Row, edge: int) -> bool:
    return any(start < edge < end for start, end, _ in row)


def _row(node: Element) -> Row:
    row: Row = []
    column = 0
    for cell in node.iterchildren("td", "th"):
        span = cell.get("colspan") or "1"
        end = column + (int(span) if span.isdecimal() and len(span) < 4 else 1)
        if text := " ".join(cell.text_content().split()):
            row.append((column, end, text))
        column = end
    return row


def _edge(rows: list[Row]) -> int | None:
    """Return the column where the right text begins, or None."""
    starts = {start for row in rows for start, _, _ in row} - {0}
    best, best_length = None, 0.0
    for edge in sorted(starts)[:40]:
        beside = [row for row in rows if not _crosses(row, edge)]
        if len(rows) - len(beside) > _CROSSING_SHARE * len(rows):
            continue
        left = [" ".join(text for start, _, text in row if start < edge) for row in beside]
        right = [" ".join(text for start, _, text in row if start >= edge) for row in beside]
        length = min(_running_length(left), _running_length(right))
        if length > best_length:
            best, best_length = edge, length
    return best


def _running_length(lines: list[str]) -> float:
    """Return the mean length of the lines of one side, 0 if they are no running text."""
    lines = [line for line in lines if line]
    if len(lines) < _ROWS_MIN:
        return 0.0
    mean = sum(map(len, lines)) / len(lines)
    going_on = sum(line[0].islower() for line in lines)
    return mean if mean >= _LINE_CHARS_MIN and going_on >= _GOES_ON_SHARE * len(lines) else 0.0


def _paragraphs(lines: list[str]) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line in filter(None, lines):
        if _BEGINS.match(line):
            paragraphs.append([])
        paragraphs[-1].append(line)
    return [_CUT.sub("", " ".join(paragraph)) for paragraph in paragraphs if paragraph]
