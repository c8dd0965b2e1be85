"""
How does a text document of LibreOffice (.odt) become a document?

Its XML is walked paragraph by paragraph: headings have their level, lists and tables are
what they seem, notes stand inside the paragraphs and go to the end. Tables of contents,
comments and what tracked changes have deleted are left out. A flat file (.fodt) is the same
in one piece of XML. A page begins where the program says that one began, if it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.docx_styles import attribute, child, local, number_of, written_number
from searchkit.corpus.formats.office_facts import Properties, tell_properties
from searchkit.corpus.formats.packages import Package, xml_root
from searchkit.corpus.formats.prose import (
    BREAK,
    ITEM,
    PICTURE,
    TOP,
    Paragraph,
    Prose,
    behind_marks,
    note_mark,
    rows_of,
    without_marks,
)
from searchkit.errors import DocumentFormatError

if TYPE_CHECKING:
    from lxml.etree import _Element

WHAT = "an OpenDocument text (.odt)"
DEPTH_MAX = 60
"""Of lists, tables and boxes in one another."""
SPACES_MAX = 100
"""That one element can stand for."""
LEVELS_MAX = 10

_LEFT_OUT = {
    *("tracked-changes", "annotation", "annotation-end", "sequence-decls", "variable-decls"),
    *("user-field-decls", "forms", "table-of-content", "alphabetical-index", "ruby-text"),
    *("illustration-index", "table-index", "object-index", "user-index", "bibliography"),
    *("table-column", "table-columns", "table-header-columns", "desc", "title", "number"),
    *(
        "covered-table-cell",
        "note-citation",
        "binary-data",
        "event-listeners",
        "dde-connection-decls",
    ),
}
_BLANKS = re.compile(r"[ \t\r\n]+")
_BOXES = {"frame", "g", "custom-shape", "rect", "a"}
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman",
            "I": "upperRoman"}  # fmt: skip


def read_odt(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the document that an OpenDocument text holds."""
    parts = _parts(chunk)
    body = child(parts.content, "body", "text")
    if body is None:
        raise DocumentFormatError(f"is not {WHAT}: it has no text part", path=chunk.path)
    walk = _Walk(parts, chunk)
    prose = walk.prose(body)
    text = prose.text
    facts = Facts()
    properties = _properties(parts.meta)
    tell_properties(facts, chunk, text, properties, titles=walk.titles, sections=prose.sections)
    whole = walk.was_laid_out or _page_count(parts.meta) == prose.page_count
    pages = prose.pages() if whole else ()
    yield from document(chunk, facts, text, sections=tuple(prose.sections), pages=pages)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The XML of a file, be it one or several."""

    content: _Element
    styles: _Element | None
    meta: _Element | None


def _parts(chunk: Chunk) -> _Parts:
    content = content_of(chunk)
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        root = xml_root(content)
        if isinstance(root, str) or local(root) != "document":
            reason = root if isinstance(root, str) else f"it is {local(root)[:40]}"
            raise DocumentFormatError(f"is not {WHAT}, nor a flat one ({reason})", path=chunk.path)
        return _Parts(root, root, root)
    package = Package(chunk, WHAT)
    manifest = package.xml_if_sound("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise package.error("is encrypted; save it without a password")
    found = package.xml("content.xml")
    if found is None:
        raise package.error(f"is not {WHAT}: it has no text part")
    kind = (package.read("mimetype") or b"").decode("ascii", "replace").rpartition(".")[2]
    if child(found, "body", "text") is None and kind not in ("", "text", "text-template"):
        raise package.error(f"is not {WHAT} but {kind[:40]}; save it as PDF or its tables as CSV")
    return _Parts(found, package.xml_if_sound("styles.xml"), package.xml_if_sound("meta.xml"))


def _properties(root: _Element | None) -> Properties:
    found = Properties("meta.xml")
    names = {"title": "title", "language": "language", "creation-date": "created"}
    names |= {"initial-creator": "creator", "creator": "creator", "date": "modified"}
    meta = child(root, "meta")
    for element in meta if meta is not None else ():
        name = local(element)
        if name == "user-defined":
            found.others.append((attribute(element, "name") or "", element.text or ""))
        elif name in names and (not getattr(found, names[name]) or name == "initial-creator"):
            setattr(found, names[name], element.text or "")
    return found


def _page_count(root: _Element | None) -> int | None:
    statistic = child(root, "meta", "document-statistic")
    return None if statistic is None else number_of(attribute(statistic, "page-count"))


class _Walk:
    """Goes through the body of one file."""

    def __init__(self, parts: _Parts, chunk: Chunk) -> None:
        self._chunk = chunk
        self._notes: dict[str, _Element] = {}
        self._depth = 0
        self._table_count = 0
        self._boxes: list[_Element] = []
        self._counts = [0] * LEVELS_MAX
        self._outline = _outline(parts.styles)
        self._forms = _list_forms(parts)
        self._list_styles: list[str] = []
        self._list_counts: dict[tuple[str, int], int] = {}
        self._breaks, self._names = _paragraph_styles(parts)
        self.titles: list[str] = []
        self.was_laid_out = next(parts.content.iter("{*}soft-page-break"), None) is not None

    def prose(self, body: _Element) -> Prose:
        """Return the text of the file, notes at its end."""
        prose = Prose()
        for paragraph in self._blocks(body):
            prose.add(paragraph)
        for note in list(prose.notes):
            inner = self._blocks(self._notes[note.key])
            prose.add_note(note, " ".join(p.text for p in inner if p.text.strip()))
        return prose

    def _blocks(self, holder: _Element, item: str | None = None) -> Iterator[Paragraph]:
        """Yield the paragraphs of a body, cell, box or note; *item* stands before a list's."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            reason = "is nested too deeply to be a document that somebody wrote"
            raise DocumentFormatError(reason, path=self._chunk.path)
        for element in holder:
            name = local(element)
            if name in ("p", "h"):
                yield from self._paragraph(element, item if name == "p" else None)
                item = item and ""
            elif name == "list":
                yield from self._list(element)
            elif name == "table":
                self._table_count += 1
                number = self._table_count
                yield from rows_of(self._rows(element), f"table {number}")
            elif name == "soft-page-break":
                yield Paragraph(BREAK)
            elif name in _BOXES:
                yield from self._box(element)
            elif name not in _LEFT_OUT:
                yield from self._blocks(element)
        self._depth -= 1

    def _list(self, element: _Element) -> Iterator[Paragraph]:
        above = self._list_styles[-1] if self._list_styles else ""
        self._list_styles.append(attribute(element, "style-name") or above)
        place = self._list_styles[-1], len(self._list_styles)
        form = self._forms.get(place)
        goes_on = attribute(element, "continue-numbering") == "true"
        goes_on = goes_on or attribute(element, "continue-list") is not None
        count = self._list_counts.get(place, 0) if goes_on else 0
        for entry in element:
            start = number_of(attribute(entry, "start-value"))
            count = start if start is not None else count + (local(entry) == "list-item")
            yield from self._blocks(entry, _number(entry, form, count))
        self._list_counts[place] = count
        self._list_styles.pop()

    def _rows(self, table: _Element) -> Iterator[list[list[Paragraph]]]:
        for element in table:
            name = local(element)
            if name == "table-row":
                yield [list(self._blocks(cell)) for cell in element if local(cell) == "table-cell"]
            elif name == "soft-page-break":
                yield [[Paragraph(BREAK)]]
            elif name not in _LEFT_OUT:
                yield from self._rows(element)

    def _paragraph(self, element: _Element, item: str | None) -> Iterator[Paragraph]:
        style = attribute(element, "style-name") or ""
        pieces = [TOP] if self._breaks.get(style) else []
        self._inline(element, pieces)
        text = "".join(pieces)
        boxes, self._boxes = self._boxes, []
        plain = without_marks(text).strip()
        if local(element) == "h" and plain:
            number = self._heading_number(element)
            yield Paragraph(behind_marks(text, number).replace("\n", " "), heading=True)
        elif plain and self._names.get(style) == "Title":
            self.titles.append(plain)
            yield Paragraph(text)
        elif item and plain:
            yield Paragraph(behind_marks(text, item), kind=ITEM)
        else:
            yield Paragraph(text, kind=ITEM if item is not None and plain else "")
        for box in boxes:
            yield from self._box(box)

    def _box(self, holder: _Element) -> Iterator[Paragraph]:
        for element in holder:
            name = local(element)
            if name == "text-box":
                yield from self._blocks(element)
            elif name in _BOXES:
                yield from self._box(element)
            elif name == "p":
                yield from self._paragraph(element, None)

    def _inline(self, element: _Element, pieces: list[str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            reason = "is nested too deeply to be a document that somebody wrote"
            raise DocumentFormatError(reason, path=self._chunk.path)
        pieces.append(_evened(element.text))
        for part in element:
            name = local(part)
            if name == "s":
                count = number_of(attribute(part, "c"))
                pieces.append(" " * min(SPACES_MAX, 1 if count is None else count))
            elif name == "tab":
                pieces.append("\t")
            elif name == "line-break":
                pieces.append("\n")
            elif name == "soft-page-break":
                pieces.append(BREAK)
            elif name == "note":
                self._note(part, pieces)
            elif name in ("frame", "custom-shape", "g", "rect"):
                pieces.append(PICTURE)
                self._boxes.append(part)
            elif name and name not in _LEFT_OUT:
                self._inline(part, pieces)
            pieces.append(_evened(part.tail))
        self._depth -= 1

    def _note(self, element: _Element, pieces: list[str]) -> None:
        body = child(element, "note-body")
        if body is not None:
            key = str(len(self._notes))
            self._notes[key] = body
            pieces.append(note_mark(key))

    def _heading_number(self, element: _Element) -> str:
        """Return what stands before a heading, as written or as the outline counts it."""
        stated = child(element, "number")
        if stated is not None and (stated.text or "").strip():
            return f"{(stated.text or '').strip()} "
        level = number_of(attribute(element, "outline-level")) or 1
        if not 1 <= level <= LEVELS_MAX or attribute(element, "is-list-header") == "true":
            return ""
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (LEVELS_MAX - level)
        form = self._outline.get(level)
        if form is None:
            return ""
        shown = range(max(1, level - form.shown + 1), level + 1)
        numbers = (
            written_number(max(1, self._counts[i - 1]), self._outline[i].form)
            for i in shown
            if i in self._outline
        )
        return f"{form.before}{'.'.join(numbers)}{form.after} "


@dataclass(frozen=True, slots=True)
class _Level:
    """How the headings of one level are numbered."""

    form: str
    before: str
    after: str
    shown: int
    """How many levels stand in the number."""


def _outline(styles: _Element | None) -> dict[int, _Level]:
    outlines = styles.iter("{*}outline-level-style") if styles is not None else ()
    return dict(filter(None, map(_level, outlines)))


def _list_forms(parts: _Parts) -> dict[tuple[str, int], _Level]:
    """Return how the lists of a style are numbered, by style and level from 1."""
    found = {}
    for root in (parts.styles, parts.content):
        for style in root.iter("{*}list-style") if root is not None else ():
            for level, form in filter(None, map(_level, style)):
                found[attribute(style, "name") or "", level] = form
    return found


def _level(element: _Element) -> tuple[int, _Level] | None:
    """Return a level from 1 and how it is numbered, or None if it is not."""
    level = number_of(attribute(element, "level"))
    form = _FORMATS.get(attribute(element, "num-format") or "")
    if level is None or not form:
        return None
    before, after = (attribute(element, f"num-{side}") or "" for side in ("prefix", "suffix"))
    shown = number_of(attribute(element, "display-levels"))
    return level, _Level(form, before, after.rstrip(), 1 if shown is None else shown)


def _paragraph_styles(parts: _Parts) -> tuple[dict[str, bool], dict[str, str]]:
    """Return which styles begin a page, and which named style each one is, or is made from."""
    breaks: dict[str, bool] = {}
    names: dict[str, str] = {}
    for root in {id(root): root for root in (parts.styles, parts.content)}.values():
        for style in root.iter("{*}style") if root is not None else ():
            name = attribute(style, "name")
            if name is None or attribute(style, "family") != "paragraph":
                continue
            parent = attribute(style, "parent-style-name") or ""
            own = child(style, "paragraph-properties")
            own_break = None if own is None else attribute(own, "break-before")
            master = attribute(style, "master-page-name")
            breaks[name] = (
                own_break == "page"
                or bool(master)
                or (own_break is None and breaks.get(parent, False))
            )
            names[name] = "Title" if "Title" in (name, parent, names.get(parent)) else name
    return breaks, names


def _number(entry: _Element, form: _Level | None, count: int) -> str:
    """Return what stands before an item of a list."""
    if local(entry) == "list-header":
        return ""
    stated = child(entry, "number")
    number = (stated.text or "").strip() if stated is not None else ""
    if any(map(str.isalnum, number)):
        return f"{number} "
    if form is None:
        return "- "
    return f"{form.before}{written_number(count, form.form)}{form.after} "


def _evened(text: str | None) -> str:
    """Return text in which any white space stands for one blank, as the format has it."""
    return _BLANKS.sub(" ", text) if text else ""


READER = Reader("odt", (".odt", ".ott", ".fodt"), read_odt)
