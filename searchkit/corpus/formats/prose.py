"""
How do the paragraphs of a word processor's file become one text?

Paragraph after paragraph is added, with marks inside it where a page begins and where a
note is referred to; out come the text, its sections and its pages. The marks are control
characters that no XML file can hold, so they cannot be met in a text. Notes stand at the
end of the text, each on the page that refers to it, in a section of their own if the text
has sections: they do not belong to the last one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from searchkit.model import Section

BREAK = "\f"
"""A page ends here. Without text or picture between them, several are one: Word writes what
the author wanted, and where it turned the page when it last laid the text out."""
TOP = "\x1e"
"""What follows stands on top of a page."""
PICTURE = "\x1f"
"""Something that fills a page, but is no text."""
_NOTE = "\x1d"

_MARKS = re.compile(f"([{BREAK}{TOP}{PICTURE}]|{_NOTE}[^{_NOTE}]*{_NOTE})")
_LEADING = re.compile(f"[\\s{TOP}{PICTURE}]")
_NUMBER_MARK = re.compile(r"\[\d+\]")

NOTES = "Noter"
"""The section that the notes are; no line of the text says so."""

ITEM = "item"
"""The kind of paragraphs that are items of a list."""

CELL_CHARS_MAX = 300
"""A cell of several paragraphs with more text than this only places them on the page."""
_LINE_CHARS_MAX = 100
"""A longer one that is alone in its row is a paragraph, not a line of a table."""


def note_mark(key: str) -> str:
    """Return the mark that stands for a reference to the note *key*."""
    return f"{_NOTE}{key.replace(_NOTE, '')}{_NOTE}"


def without_marks(text: str) -> str:
    """Return a paragraph's text alone."""
    return _MARKS.sub("", text)


def marks_of(text: str) -> str:
    """Return a paragraph's page marks alone."""
    return "".join(mark for mark in _MARKS.findall(text) if not mark.startswith(_NOTE))


def behind_marks(text: str, more: str) -> str:
    """Put *more* before a paragraph's text, but behind the marks that it begins with."""
    start = 0
    while match := _LEADING.match(text, start):
        start = match.end()
    return text[:start] + more + text[start:]


@dataclass(frozen=True, slots=True)
class Note:
    """A note that the text refers to."""

    key: str
    number: int
    """As it stands in the text, in square brackets; from 1, in the order of the text."""
    page: str
    """Of the reference."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it stands in a file."""

    text: str
    """May hold marks."""
    heading: bool = False
    """A section begins here, with the paragraph as its label."""
    kind: str = ""
    """Between paragraphs of the same kind stands no blank line: items, rows of one table."""


class Prose:
    """A text that grows paragraph by paragraph. Cost: linear in the text."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.notes: list[Note] = []
        self._pieces: list[str] = []
        self._length = 0
        self._kind = ""
        self._page = 1
        self._page_is_new = True
        self._page_is_used = False
        self._pages: list[Section] = []
        self._has_notes = False

    @property
    def text(self) -> str:
        """All that was added so far."""
        return "".join(self._pieces)

    @property
    def page_count(self) -> int:
        """Pages so far, those without text too."""
        return self._page

    def pages(self) -> tuple[Section, ...]:
        """Where each page begins, or nothing if all is on one."""
        return tuple(self._pages) if self._page > 1 else ()

    def add(self, paragraph: Paragraph) -> None:
        """Add a paragraph, which may hold marks; a blank one only turns its pages."""
        pieces = _MARKS.split(paragraph.text)
        last = max((i for i in range(0, len(pieces), 2) if pieces[i].strip()), default=-1)
        begun = False
        start = 0
        for i, piece in enumerate(pieces):
            if i % 2:
                if piece.startswith(_NOTE) and not begun:
                    self._separate(paragraph.kind)
                    start, begun = self._length, True
                self._mark(piece)
                continue
            if i == last:
                piece = piece.rstrip()
            if not begun:
                piece = piece.lstrip()
            if not piece or i > last:
                continue
            if not begun:
                self._separate(paragraph.kind)
                start, begun = self._length, True
            if not piece.isspace():
                self._enter_page()
            self._append(piece)
        if paragraph.heading and begun and (label := _label(self._since(start))):
            self.sections.append(Section(start, label))

    def add_note(self, note: Note, body: str) -> None:
        """Add at the end of the text what a note says; its own breaks do not count."""
        plain = without_marks(body).strip()
        if not plain:
            return
        self._separate("note")
        if self.sections and not self._has_notes:
            self.sections.append(Section(self._length, NOTES))
        self._has_notes = True
        if self._pages and self._pages[-1].label != note.page:
            self._pages.append(Section(self._length, note.page))
        self._append(f"[{note.number}] {plain}")

    def _mark(self, mark: str) -> None:
        if mark.startswith(_NOTE):
            self.notes.append(Note(mark[1:-1], len(self.notes) + 1, str(self._page)))
            self._append(f"[{len(self.notes)}]")
        elif mark == PICTURE:
            self._page_is_used = True
        elif self._page_is_used or (mark == BREAK and self._page == 1):
            self._page += 1
            self._page_is_new, self._page_is_used = True, False

    def _enter_page(self) -> None:
        if self._page_is_new:
            self._pages.append(Section(self._length, str(self._page)))
        self._page_is_new, self._page_is_used = False, True

    def _separate(self, kind: str) -> None:
        if self._pieces:
            self._append("\n" if kind and kind == self._kind else "\n\n")
        self._kind = kind

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def _since(self, start: int) -> str:
        """Return the text from *start*, which lies in the last paragraph."""
        taken: list[str] = []
        position = self._length
        for piece in reversed(self._pieces):
            if position <= start:
                break
            taken.append(piece)
            position -= len(piece)
        return "".join(reversed(taken))


def rows_of(rows: Iterable[list[list[Paragraph]]], kind: str) -> Iterator[Paragraph]:
    """
    Yield the rows of a table as paragraphs, their cells parted by " | ".

    Tables are also used to place paragraphs on a page: what such a row holds is yielded as
    it is.

    Args:
        rows: of each row its cells, of each cell its paragraphs.
        kind: something that only this table has.
    """
    for cells in rows:
        used = [cell for cell in cells if any(_has_text(p) for p in cell)]
        if len(used) <= 1 or any(_is_layout(cell) for cell in used):
            for paragraph in (p for cell in cells for p in cell):
                alone = len(cells) > 1 and _has_text(paragraph) and _is_short(paragraph)
                yield Paragraph(paragraph.text, kind=kind) if alone else paragraph
        else:
            joined = [" ".join(p.text for p in cell).replace("\n", " ") for cell in cells]
            last = max(i for i, cell in enumerate(joined) if without_marks(cell).strip())
            marks = "".join(map(marks_of, joined[last + 1 :]))
            yield Paragraph(" | ".join(joined[: last + 1]) + marks, kind=kind)


def _is_short(paragraph: Paragraph) -> bool:
    return not paragraph.heading and len(paragraph.text) <= _LINE_CHARS_MAX


def _has_text(paragraph: Paragraph) -> bool:
    return bool(without_marks(paragraph.text).strip())


def _is_layout(cell: list[Paragraph]) -> bool:
    return len(cell) > 1 and sum(len(p.text) for p in cell) > CELL_CHARS_MAX


def _label(written: str) -> str:
    return " ".join(_NUMBER_MARK.sub("", written).split())
