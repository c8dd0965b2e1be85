"""
How does a Word file (.docx) become a document?

The body is walked paragraph by paragraph: what was deleted with tracked changes, hidden or
generated (tables of contents, field codes) is left out, headers and footers too; text boxes
follow the paragraph they hang on, notes stand at the end. Headings are known by their
styles, and carry the number that Word shows before them. A page begins where Word last
turned one. python-docx sees no text boxes, notes, content controls, tracked changes
or numbers, so the XML is read itself, by lxml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.docx_facts import (
    page_count_of,
    properties_of,
    suggest_from_heads,
    tell_document_info,
)
from searchkit.corpus.formats.docx_styles import (
    BODY_LEVEL,
    BULLET,
    Numbering,
    Style,
    Styles,
    attribute,
    child,
    is_on,
    local,
    number_of,
    value,
)
from searchkit.corpus.formats.office_facts import tell_properties
from searchkit.corpus.formats.packages import Package
from searchkit.corpus.formats.prose import (
    BREAK,
    ITEM,
    PICTURE,
    TOP,
    Paragraph,
    Prose,
    behind_marks,
    marks_of,
    note_mark,
    rows_of,
    without_marks,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

WHAT = "a Word file (.docx)"
DEPTH_MAX = 60
"""Of tables, boxes and runs in one another; Word itself allows some 20."""
TOO_DEEP = "is nested too deeply to be a document that somebody wrote"
HEADING_CHARS_MAX = 300
"""A longer paragraph in the style of a heading is none."""

_SIGNS = {
    "tab": "\t",
    "ptab": "\t",
    "cr": "\n",
    "noBreakHyphen": "-",
    "softHyphen": "\u00ad",
    "lastRenderedPageBreak": BREAK,
}
_LEFT_OUT = {
    *("del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "tblPr", "tcPr"),
    *("trPr", "sdtPr", "sdtEndPr", "sectPr", "commentReference", "annotationRef", "rt"),
}
HEADERS_MAX = 30
_HEADER = re.compile(r"/header\d*\.xml$")
_LETTER = re.compile(r"[^\W\d_]{2}")
_HOLDERS_OF_BOXES = {"drawing", "pict", "object"}


def read_docx(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the document that a Word file holds."""
    package = Package(chunk, WHAT)
    name = _main_part(package)
    root = package.xml(name)
    body = child(root, "body")
    if body is None:
        raise package.error(f"is not {WHAT}, though it is a package of its kind")
    folder = name.rpartition("/")[0]
    walk = _Walk(package, folder, body)
    prose = walk.prose()
    text = prose.text
    if not text and any("/media/" in member for member in package.names()):
        raise package.error("holds pictures without text; run OCR on it first")
    facts = Facts()
    tell_document_info(facts, package)
    tell_properties(
        facts, chunk, text, properties_of(package), titles=walk.titles, sections=prose.sections
    )
    suggest_from_heads(facts, walk.running_heads())
    # Breaks that the author made are all the pages only if there are as many.
    whole = walk.was_laid_out or page_count_of(package) == prose.page_count
    pages = prose.pages() if whole else ()
    yield from document(chunk, facts, text, sections=tuple(prose.sections), pages=pages)


def _main_part(package: Package) -> str:
    """Return the name of the part that holds the text."""
    relations = package.xml_if_sound("_rels/.rels")
    for relation in relations if relations is not None else ():
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            target = (attribute(relation, "Target") or "").lstrip("/")
            if target in package:
                return target
    if "word/document.xml" in package:
        return "word/document.xml"
    for name, kind in (("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint presentation")):
        if any(member.startswith(name) for member in package.names()):
            raise package.error(f"is {kind}, not {WHAT}; save it as PDF or its tables as CSV")
    raise package.error(f"is not {WHAT}: it has no text part")


class _Walk:
    """Goes through the body of one file."""

    def __init__(self, package: Package, folder: str, body: _Element) -> None:
        self._package = package
        self._folder = folder
        self._body = body
        self._styles = Styles(package.xml_if_sound(f"{folder}/styles.xml"))
        self._numbering = Numbering(package.xml_if_sound(f"{folder}/numbering.xml"))
        self._fields: list[bool] = []
        self._boxes: list[_Element] = []
        self._table_count = 0
        self.titles: list[str] = []
        self._depth = 0
        kinds = [value(element, "type") for element in body.iter("{*}sectPr")]
        self._section_breaks = iter([kind != "continuous" for kind in kinds[1:]])
        self.was_laid_out = next(body.iter("{*}lastRenderedPageBreak"), None) is not None

    def prose(self) -> Prose:
        """Return the text of the file, notes at its end."""
        prose = Prose()
        for paragraph in self._blocks(self._body):
            prose.add(paragraph)
        for kind in ("footnote", "endnote"):
            self._add_notes(prose, kind)
        return prose

    def running_heads(self) -> Iterator[str]:
        """Yield the text of each header, which is no part of the document's."""
        names = [name for name in self._package.names() if _HEADER.search(name)]
        for name in sorted(names)[:HEADERS_MAX]:
            root = self._package.xml_if_sound(name)
            if root is not None:
                paragraphs = (without_marks(p.text).strip() for p in self._blocks(root))
                yield "\n\n".join(filter(None, paragraphs))

    def _add_notes(self, prose: Prose, kind: str) -> None:
        wanted = {note.key: note for note in prose.notes if note.key.startswith(kind)}
        root = self._package.xml_if_sound(f"{self._folder}/{kind}s.xml") if wanted else None
        for element in root if root is not None else ():
            note = wanted.get(f"{kind}{attribute(element, 'id')}")
            if note is not None:
                body = " ".join(p.text for p in self._blocks(element) if p.text.strip())
                prose.add_note(note, body)

    def _blocks(self, holder: _Element) -> Iterator[Paragraph]:
        """Yield the paragraphs of a body, a cell, a box or a note."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise self._package.error(TOO_DEEP)
        for element in holder:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                self._table_count += 1
                yield from rows_of(self._rows(element), f"table {self._table_count}")
            elif name == "AlternateContent":
                yield from self._blocks(_alternative(element))
            elif name not in _LEFT_OUT:
                # Content controls, insertions, custom XML.
                yield from self._blocks(element)
        self._depth -= 1

    def _rows(self, table: _Element) -> Iterator[list[list[Paragraph]]]:
        for element in table:
            name = local(element)
            if name == "tr":
                if child(element, "trPr", "del") is None:
                    yield [list(self._blocks(cell)) for cell in _cells(element)]
            elif name not in _LEFT_OUT and name != "tblGrid":
                yield from self._rows(element)

    def _paragraph(self, element: _Element) -> Iterator[Paragraph]:
        properties = child(element, "pPr")
        style_id = value(properties, "pStyle")
        style = self._styles.of(style_id)
        pieces: list[str] = []
        if is_on(child(properties, "pageBreakBefore")) or style.on_new_page:
            pieces.append(TOP)
        self._run(element, pieces)
        # A field's code seldom goes on in the next paragraph; its result often does.
        self._fields = [False] * len(self._fields)
        boxes, self._boxes = self._boxes, []
        yield self._shaped("".join(pieces), style, style_id, properties)
        for box in boxes:
            yield from self._blocks(box)
        if child(properties, "sectPr") is not None and next(self._section_breaks, False):
            yield Paragraph(TOP)

    def _shaped(
        self, text: str, style: Style, style_id: str | None, properties: _Element | None
    ) -> Paragraph:
        """Return a paragraph as heading, list item or plain text, its number before it."""
        if style.name.lower().startswith("toc ") and style.name[4:].isdigit():
            return Paragraph(marks_of(text))
        plain = without_marks(text).strip()
        if not plain and child(properties, "rPr", "del") is not None:
            # All of it was deleted, its number too.
            return Paragraph(text)
        own = child(properties, "numPr")
        list_id, list_level = value(own, "numId"), number_of(value(own, "ilvl"))
        if list_id is None:
            list_id, list_level = style.list_id, style.list_level
        number = self._numbering.next(list_id, list_level, style_id)
        written = number_of(value(properties, "outlineLvl"))
        level = style.level if written is None else written
        if not plain:
            return Paragraph(text)
        if style.name.lower() == "title":
            self.titles.append(plain)
        is_heading = level is not None and 0 <= level < BODY_LEVEL and _LETTER.search(plain)
        if number and not (is_heading and number == BULLET):
            text = behind_marks(text, number)
        if is_heading and len(plain) <= HEADING_CHARS_MAX:
            return Paragraph(text.replace("\n", " "), heading=True)
        return Paragraph(text, kind=ITEM if number else "")

    def _run(self, holder: _Element, pieces: list[str]) -> None:
        """Collect what can be read of a paragraph, or of a part of it."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise self._package.error(TOO_DEEP)
        for element in holder:
            name = local(element)
            if name == "r":
                if not is_on(child(element, "rPr", "vanish")):
                    self._run(element, pieces)
            elif name == "t":
                if not any(self._fields):
                    pieces.append(element.text or "")
            elif name in _SIGNS:
                pieces.append(_SIGNS[name])
            elif name == "br":
                pieces.append("\n" + BREAK if attribute(element, "type") == "page" else "\n")
            elif name == "fldChar":
                self._field(attribute(element, "fldCharType"))
            elif name in ("footnoteReference", "endnoteReference"):
                pieces.append(note_mark(f"{name[:-9]}{attribute(element, 'id')}"))
            elif name == "sym":
                pieces.append(_symbol(element))
            elif name == "AlternateContent":
                self._run(_alternative(element), pieces)
            elif name in _HOLDERS_OF_BOXES:
                pieces.append(PICTURE)
                self._boxes.extend(_boxes(element))
            elif name not in _LEFT_OUT:
                self._run(element, pieces)
        self._depth -= 1

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()


def _cells(row: _Element) -> Iterator[_Element]:
    for element in row:
        name = local(element)
        if name == "tc":
            if not _is_continued(element):
                yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _cells(element)


def _is_continued(cell: _Element) -> bool:
    """Whether a cell only goes on with the one above, and holds nothing of its own."""
    merge = child(cell, "tcPr", "vMerge")
    return merge is not None and attribute(merge, "val") in (None, "continue")


def _alternative(element: _Element) -> _Element:
    """Return the one of several renderings that Word of today shows."""
    choice = child(element, "Choice")
    if choice is None:
        choice = child(element, "Fallback")
    return element if choice is None else choice


def _boxes(holder: _Element) -> Iterator[_Element]:
    """Yield the text boxes of a drawing, those inside of others excepted."""
    waiting = [holder]
    while waiting:
        element = waiting.pop()
        name = local(element)
        if name == "txbxContent":
            yield element
        elif name == "AlternateContent" and (chosen := _alternative(element)) is not element:
            waiting.append(chosen)
        else:
            waiting.extend(reversed(element))


def _symbol(element: _Element) -> str:
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    # The private area holds the glyphs of fonts such as Wingdings: pictures, not letters.
    return chr(code) if 0x20 <= code < 0xD800 else " "


READER = Reader("docx", (".docx", ".docm", ".dotx", ".dotm"), read_docx)
