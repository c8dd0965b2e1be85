"""
How does TEI become text?

An element is walked through in document order. Blocks (paragraphs, segments, headings,
items, verse lines) become paragraphs; the rest is inline. Where a page begins is kept
inside a paragraph too, since TEI marks it with an empty element anywhere. Notes of a
stenographer, running heads and noises in the chamber are no part of what is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from searchkit.model import Section

if TYPE_CHECKING:
    from lxml.etree import _Element

ID = "{http://www.w3.org/XML/1998/namespace}id"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_PAGE = "\f"
_BLOCKS = frozenset(
    (
        *("p", "seg", "ab", "head", "l", "lg", "item", "row", "div", "u", "sp", "list", "table"),
        *("opener", "closer", "signed", "dateline", "salute", "trailer", "quote", "cit", "body"),
        *("front", "back", "titlePage", "docTitle", "titlePart", "byline", "docDate", "docAuthor"),
        *("note", "figure", "epigraph", "postscript", "stage"),
    )
)
_NOT_TEXT = frozenset(
    (
        *("fw", "gap", "vocal", "kinesic", "incident", "figDesc", "index", "interp", "linkGrp"),
        *("teiHeader", "standOff", "facsimile", "spanGrp", "fs", "speaker", "pause", "writing"),
    )
)
_NOT_TEXT_NOTES = frozenset(
    ("margin", "pagenumber", "page", "speaker", "time", "date", "narrative")
)
_DEPTH_MAX = 100
"""Elements that are nested deeper are taken as one piece of text."""


def local(element: _Element) -> str:
    """Return an element's name without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def descendants(element: _Element, *names: str) -> Iterator[_Element]:
    """Yield the elements of these names below *element*, in order, whatever their namespace."""
    for found in element.iter():
        if local(found) in names and found is not element:
            yield found


def child(element: _Element | None, name: str) -> _Element | None:
    """Return the first child of this name, or None."""
    children = element if element is not None else ()
    return next((found for found in children if local(found) == name), None)


def words(element: _Element | None) -> str:
    """Return the text of an element, blanks evened out; "" for None."""
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


@dataclass(slots=True)
class Prose:
    """A text that is put together of elements, with its sections and pages."""

    page: str | None = None
    """The page that the text begins on, where that is known; later the one it ends on."""
    notes: bool = True
    """Notes are text, as a footnote is; in a debate they are the stenographer's."""
    sections: list[Section] = field(default_factory=list)
    pages: list[Section] = field(default_factory=list)
    _paragraphs: list[str] = field(default_factory=list)
    _length: int = 0
    _buffer: list[str] = field(default_factory=list)
    _coming: list[str] = field(default_factory=list)
    _depth: int = 0

    def text(self) -> str:
        """Return the text so far."""
        return "\n\n".join(self._paragraphs)

    def add(self, element: _Element) -> None:
        """Add what an element holds. Cost: linear."""
        name = local(element)
        if name == "pb":
            self._turn(element)
        elif name == "lb":
            self._buffer.append("" if element.get("break") == "no" else " ")
        elif name and name not in _NOT_TEXT and not self._is_left_out(element, name):
            self._add_content(element, name)

    def _add_content(self, element: _Element, name: str) -> None:
        is_block = name in _BLOCKS
        if is_block:
            self.flush()
        if name == "item":
            self._buffer.append("- ")
        elif name == "cell" and self._buffer:
            self._buffer.append(" | ")
        if self._depth >= _DEPTH_MAX:
            self._buffer.append(words(element))
        else:
            self._depth += 1
            self._add_children(element)
            self._depth -= 1
        if is_block:
            self.flush(heading=name == "head")

    def _add_children(self, element: _Element) -> None:
        self._buffer.append(element.text or "")
        for inner in element:
            self.add(inner)
            # Text in words, as corpora mark it up, has its blanks between the elements only.
            if local(inner) in ("w", "pc"):
                self._buffer.append("" if inner.get("join") in ("right", "both") else " ")
            else:
                self._buffer.append(inner.tail or "")

    def flush(self, *, heading: bool = False) -> None:
        """End the paragraph that is being written, if there is one."""
        pieces = "".join(self._buffer).split(_PAGE)
        self._buffer.clear()
        start = self._length + (2 if self._paragraphs else 0)
        written = ""
        for i, piece in enumerate(pieces):
            if i:
                self.page = self._coming[i - 1]
            stripped = " ".join(piece.split())
            if not stripped:
                continue
            glue = " " if written else ""
            if self.page and (not self.pages or self.pages[-1].label != self.page):
                self.pages.append(Section(start + len(written) + len(glue), self.page))
            written += glue + stripped
        self._coming.clear()
        if not written or written == "-":
            return
        if heading:
            self.sections.append(Section(start, written))
        self._paragraphs.append(written)
        self._length = start + len(written)

    def _turn(self, element: _Element) -> None:
        if label := (element.get("n") or "").strip():
            self._buffer.append(_PAGE)
            self._coming.append(label)

    def _is_left_out(self, element: _Element, name: str) -> bool:
        if name != "note":
            return False
        return not self.notes or (element.get("type") or "").lower() in _NOT_TEXT_NOTES
