"""
How does a walk over a tree become text?

The writer is told where elements begin and end and what text stands between. It keeps the
gap that waits for the next text (a blank, a line end, a blank line), so that no element
has to know its neighbours, and puts the cells of a table's row into one line when the row
ends; a row that is a page's layout keeps its paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from searchkit.model import Section

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCK_NAMES = """address article aside blockquote body caption center details div dl fieldset
    figcaption figure footer form header hr html main ol p pre section summary table ul"""
_PARAGRAPHS = HEADINGS.union(_BLOCK_NAMES.split())
_LINES = frozenset(("dd", "dt", "li", "tbody", "td", "tfoot", "th", "thead", "tr"))
_LISTS = ("ul", "ol", "dl")

_LEADERS = re.compile(r"\s*(?:\.\s?){6,}")
"""Dots that lead from a heading to its page in a table of contents."""

CELL_CHARS_MAX = 600
"""A longer cell is a column of a page's layout, not a cell of a table."""

LISTS_MAX = 100
"""Lists in lists whose items are counted."""

_OWN_MARK = re.compile(r"\(?(?:\d{1,4}|[A-Za-z])[.)](?=\s|$)")
"""A number that the text of an item begins with; it needs no other."""
_WHOLE = re.compile(r"\s*[+-]?\d{1,9}(?!\d)", re.ASCII)

_SPACE, _LINE, _PARAGRAPH = 1, 2, 3
_GAPS = ("", " ", "\n", "\n\n")


@dataclass(frozen=True, slots=True)
class Flat:
    """A tree as plain text."""

    text: str
    """Without blanks at either end."""
    sections: tuple[Section, ...]
    """Its headings, h1 to h6."""
    pages: tuple[Section, ...]
    """Where pages begin, ascending, each with text of its own."""


@dataclass(slots=True)
class _Row:
    """A table row that is being written."""

    piece: int
    length: int
    cells: list[int]
    is_layout: bool

    def __init__(self, piece: int, length: int) -> None:
        self.piece = piece
        self.length = length
        self.cells = []
        self.is_layout = False


class Writer:
    """Text as it grows: pieces, and the gap and the marks that wait for the next one."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.gap = 0
        self.bullet = ""
        self.is_fresh = False  # a line has begun, and nothing stands in it yet
        self.item_depth = 0
        self.lists: list[int | None] = []
        """The number of the next item of each list that is open; None: they have none."""
        self.waiting_page: str | None = None
        self.pages: list[Section] = []
        self.sections: list[Section] = []
        self.heading: tuple[str, int, int] | None = None  # tag, first piece, offset
        self.rows: list[_Row] = []
        self.pre_depth = 0

    def page(self, label: str) -> None:
        """Begin a page."""
        self.waiting_page = label
        self._not_a_table()

    def write(self, text: str | None) -> None:
        """Go on with the text of an element; runs of blanks are one."""
        if not text:
            return
        if "\xad" in text:
            text = text.replace("\xad", "")
        if self.pre_depth and "\n" in text:
            self._write_lines(text)
            return
        words = " ".join(text.split())
        if "....." in words:
            words = _LEADERS.sub("", words)
        if not words:
            self.gap = max(self.gap, _SPACE if text else 0)
            return
        if text[0].isspace():
            self.gap = max(self.gap, _SPACE)
        self._add(words)
        if text[-1].isspace():
            self.gap = _SPACE

    def _write_lines(self, text: str) -> None:
        for i, line in enumerate(text.replace("\r", "").split("\n")):
            if i:
                self.line()
            if line.strip():
                indented = line[0].isspace()
                self.gap = max(self.gap, _SPACE) if indented else self.gap
                self._add(" ".join(line.split()))
                self.gap = _SPACE if line[-1].isspace() else 0

    def _add(self, words: str) -> None:
        if self.bullet not in ("", "- ") and _OWN_MARK.match(words):
            self.bullet = ""
        gap = _GAPS[self.gap] if self.pieces else ""
        for lead in filter(None, (gap, self.bullet)):
            self.pieces.append(lead)
            self.length += len(lead)
        if self.waiting_page is not None:
            self.pages.append(Section(self.length - len(self.bullet), self.waiting_page))
            self.waiting_page = None
        self.gap, self.bullet, self.is_fresh = 0, "", False
        if self.heading and self.heading[1] < 0:
            self.heading = (self.heading[0], len(self.pieces), self.length)
        self.pieces.append(words)
        self.length += len(words)

    def line(self) -> None:
        """End a line; the second time, a paragraph."""
        self.gap = _LINE if self.gap < _LINE else _PARAGRAPH

    def start(self, tag: str, attributes: Mapping[str, str] | None = None) -> None:
        """Begin an element; of its attributes, those count that number the items of a list."""
        if tag in _PARAGRAPHS:
            in_line = self.is_fresh or (self.item_depth and tag in _LISTS)
            self.gap = max(self.gap, _LINE if in_line else _PARAGRAPH)
            if tag in HEADINGS:
                self._start_heading(tag)
            elif tag in ("ul", "ol"):
                self._start_list(tag, attributes or {})
            elif tag == "pre":
                self.pre_depth += 1
            elif tag == "table" and self.rows:
                self._not_a_table()
        elif tag in _LINES:
            self.gap = max(self.gap, _LINE)
            self.is_fresh = True
            if tag == "li":
                self.item_depth += 1
                self.bullet = self._bullet(attributes or {})
            elif tag == "tr":
                self.rows.append(_Row(len(self.pieces), self.length))
            elif tag in ("td", "th") and self.rows:
                self.rows[-1].cells.append(len(self.pieces))
        elif tag == "br":
            self.line()
        elif tag == "sup" and self.pieces and self.gap == 0 and _is_word(self.pieces[-1]):
            # The number of a footnote must not grow onto the word.
            self.gap = _SPACE

    def end(self, tag: str) -> None:
        """End an element."""
        if tag in _PARAGRAPHS:
            in_line = self.is_fresh or (self.item_depth and tag in _LISTS)
            self.gap = max(self.gap, _LINE if in_line else _PARAGRAPH)
            if tag in HEADINGS:
                self._end_heading(tag)
            elif tag in ("ul", "ol"):
                del self.lists[-1:]
            elif tag == "pre":
                self.pre_depth = max(0, self.pre_depth - 1)
        elif tag in _LINES:
            # A paragraph in a list item or a cell ends its line only.
            self.gap = _LINE
            if tag == "li":
                self.item_depth = max(0, self.item_depth - 1)
                self.bullet = ""
            elif tag == "tr" and self.rows:
                self._end_row(self.rows.pop())

    def _start_list(self, tag: str, attributes: Mapping[str, str]) -> None:
        is_numbered = tag == "ol" and len(self.lists) < LISTS_MAX
        start = _WHOLE.match(attributes.get("start") or "1")
        self.lists.append((int(start[0]) if start else 1) if is_numbered else None)

    def _bullet(self, attributes: Mapping[str, str]) -> str:
        """Return what stands before the text of an item, as a browser shows it."""
        number = self.lists[-1] if self.lists else None
        if number is None:
            return "- "
        if written := _WHOLE.match(attributes.get("value") or ""):
            number = int(written[0])
        self.lists[-1] = number + 1
        return f"{number}. "

    def _start_heading(self, tag: str) -> None:
        self.bullet, self.gap = "", _PARAGRAPH
        self._not_a_table()
        if self.heading is None:
            self.heading = (tag, -1, -1)

    def _end_heading(self, tag: str) -> None:
        if self.heading and self.heading[0] == tag:
            _, piece, start = self.heading
            self.heading = None
            label = " ".join("".join(self.pieces[piece:]).split()) if piece >= 0 else ""
            if label:
                self.sections.append(Section(start, label))

    def _not_a_table(self) -> None:
        # Every row around is one already, if the innermost is.
        for row in reversed(self.rows):
            if row.is_layout:
                break
            row.is_layout = True

    def _end_row(self, row: _Row) -> None:
        """Put the cells of a row into one line, if they are cells of a table."""
        if row.is_layout:
            self.gap = _PARAGRAPH
            return
        if not row.cells:
            return
        ends = [*row.cells[1:], len(self.pieces)]
        cells = ["".join(self.pieces[a:b]) for a, b in zip(row.cells, ends, strict=True)]
        cells = [line for cell in cells if (line := " ".join(cell.split()))]
        if not cells or max(map(len, cells)) > CELL_CHARS_MAX:
            return
        gap = self.pieces[row.piece] if row.piece and self.pieces[row.piece].isspace() else ""
        if self.pages and self.pages[-1].start > row.length + len(gap):
            return
        joined = " | ".join(cells)
        del self.pieces[row.piece :]
        self.pieces += [gap, joined]
        self.length = row.length + len(gap) + len(joined)

    def flat(self) -> Flat:
        """Return all that was written."""
        pages = [
            page
            for page, after in zip(self.pages, [*self.pages[1:], None], strict=False)
            if after is None or after.start > page.start
        ]
        return Flat("".join(self.pieces), tuple(self.sections), tuple(pages))


def _is_word(piece: str) -> bool:
    # Three letters, so that "km2" and "m3" stay whole.
    return len(piece) > 2 and piece[-3:].isalpha()
