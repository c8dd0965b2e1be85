"""
How does an old Word file (.doc) become a document?

No library of standing reads it in Python, so its text is taken from the pieces it is stored
in (:mod:`.doc_streams`); olefile reads the file system around them and the properties. Text,
headings, tables and notes are read. What is called .doc but is RTF or a newer Word file is
read as what it is.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats import doc_summary
from searchkit.corpus.formats.doc_streams import (
    ADVICE,
    DocError,
    ParagraphKinds,
    Piece,
    read_fib,
    read_pieces,
)
from searchkit.corpus.formats.docx import read_docx
from searchkit.corpus.formats.office_facts import Properties, tell_properties
from searchkit.corpus.formats.packages import OLE_SIGNATURE, ZIP_SIGNATURE, what_instead
from searchkit.corpus.formats.prose import BREAK, Paragraph, Prose, note_mark, rows_of
from searchkit.corpus.formats.rtf import SIGNATURE as RTF_SIGNATURE
from searchkit.corpus.formats.rtf import rtf_document
from searchkit.errors import DocumentFormatError

if TYPE_CHECKING:
    from olefile import OleFileIO

SUMMARY = "\x05SummaryInformation"
WHAT = "a Word file (.doc)"

_DAMAGE = (OSError, ValueError, struct.error, IndexError, KeyError, TypeError, AttributeError,
           OverflowError, RecursionError)  # fmt: skip
"""What olefile raises on a damaged file, beside its own."""
_SECTOR_BYTES = 512
_HEADING_STYLES = range(1, 10)
_HEADING_CHARS_MAX = 300

_ENDS = re.compile("[\r\x07]")
_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")
_SIGNS = str.maketrans(
    {"\x0b": "\n", "\x0c": BREAK, "\x1e": "-", "\x1f": "\u00ad", "\0": None}
    | dict.fromkeys(
        "\x01\x03\x04\x05\x06\x08\x0e\x0f\x10\x11\x12\x14\x16\x17\x18\x19\x1a\x1b\x1c\x1d"
    )
)
_NOTE = "\x02"


def read_doc(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the document that an old Word file holds."""
    content = content_of(chunk)
    if content.startswith(RTF_SIGNATURE):
        yield from rtf_document(chunk, content)
    elif content.startswith(ZIP_SIGNATURE):
        yield from read_docx(chunk)
    elif content.startswith(OLE_SIGNATURE):
        yield from _read_ole(chunk, content)
    else:
        raise DocumentFormatError(what_instead(content, WHAT), path=chunk.path)


def _read_ole(chunk: Chunk, content: bytes) -> Iterator[Outcome]:
    # 15 ms to import, for a rare format.
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            if ole.exists("EncryptedPackage"):
                raise DocError("is encrypted; save it without a password")
            if not ole.exists("WordDocument"):
                raise DocError(_what_else(ole, content))
            prose = _prose(ole)
            properties, page_count = _properties(ole)
    except DocError as error:
        raise DocumentFormatError(str(error), path=chunk.path) from error
    except _DAMAGE as error:
        reason = f"is truncated or damaged, and cannot be read as {WHAT}; {ADVICE}"
        raise DocumentFormatError(reason, path=chunk.path) from error
    facts = Facts()
    text = prose.text
    tell_properties(facts, chunk, text, properties, sections=prose.sections)
    pages = prose.pages() if page_count == str(prose.page_count) else ()
    yield from document(chunk, facts, text, sections=tuple(prose.sections), pages=pages)


def _what_else(ole: OleFileIO, content: bytes) -> str:
    others = {"Workbook": "Excel", "Book": "Excel", "PowerPoint Document": "PowerPoint"}
    program = next((others[name] for name in others if ole.exists(name)), None)
    if program:
        return f"is an old {program} file; save it as PDF, or its tables as CSV"
    if len(content) % _SECTOR_BYTES:
        return "is truncated: what it lists is not all there"
    return f"is an old Office file without a Word document; {ADVICE}"


def _prose(ole: OleFileIO) -> Prose:
    """Return the text of an opened file: the body, its boxes, its notes."""
    stream = ole.openstream("WordDocument").read()
    fib = read_fib(stream)
    if not ole.exists(fib.table):
        raise DocError(f"is damaged: it has no part '{fib.table}'")
    table = ole.openstream(fib.table).read()
    pieces = read_pieces(fib, stream, table)
    kinds = ParagraphKinds(fib, stream, table)
    ends = [0]
    for length in fib.lengths:
        ends.append(ends[-1] + length)
    bodies = [
        body
        for part in (1, 5)
        for body in _cut(pieces, ends[part], ends[part + 1]).split(_NOTE)[1:]
    ]
    prose = Prose()
    for paragraph in _paragraphs(pieces, 0, ends[1], kinds):
        prose.add(paragraph)
    for paragraph in _paragraphs(pieces, ends[6], ends[7], kinds):
        prose.add(paragraph)
    for note, body in zip(list(prose.notes), bodies, strict=False):
        prose.add_note(note, " ".join(_readable(body).split()))
    for body in bodies[len(prose.notes) :]:
        prose.add(Paragraph(" ".join(_readable(body).split())))
    return prose


def _cut(pieces: list[Piece], start: int, end: int) -> str:
    """Return the characters from position *start* to *end*."""
    return "".join(
        piece.text[max(0, start - piece.start) : max(0, end - piece.start)] for piece in pieces
    )


def _paragraphs(
    pieces: list[Piece], start: int, end: int, kinds: ParagraphKinds
) -> Iterator[Paragraph]:
    """Yield the paragraphs from position *start* to *end*, tables as rows."""
    rows: list[list[list[Paragraph]]] = []
    cells: list[list[Paragraph]] = []
    cell: list[Paragraph] = []
    table_count = 0
    for text, mark, style, ends_row in _marked(pieces, start, end, kinds):
        if ends_row:
            rows.append(cells)
            cells, cell = [], []
            continue
        paragraph = _paragraph(text, style)
        if mark == "\x07":
            cells.append([*cell, paragraph])
            cell = []
            continue
        if cells:
            cell.append(paragraph)
            continue
        table_count += 1
        yield from rows_of(rows, f"table {table_count}")
        rows = []
        yield paragraph
    yield from rows_of([*rows, [*cells, cell]], "last table")


def _marked(
    pieces: list[Piece], start: int, end: int, kinds: ParagraphKinds
) -> Iterator[tuple[str, str, int, bool]]:
    """Yield each paragraph's characters, the mark that ends it, its style, and if it ends a row."""
    held: list[str] = []
    for piece in pieces:
        text = piece.text[: max(0, end - piece.start)]
        position = max(0, start - piece.start)
        for match in _ENDS.finditer(text, position):
            held.append(text[position : match.start()])
            style, ends_row = kinds.at(piece.place + piece.width * match.start())
            yield "".join(held), match.group(), style, ends_row and match.group() == "\x07"
            held, position = [], match.end()
        held.append(text[position:])
    if "".join(held):
        yield "".join(held), "\r", 0, False


def _paragraph(text: str, style: int) -> Paragraph:
    readable = _readable(text)
    heading = style in _HEADING_STYLES and 0 < len(readable.strip()) <= _HEADING_CHARS_MAX
    return Paragraph(readable.replace("\n", " ") if heading else readable, heading)


def _readable(text: str) -> str:
    """Return characters of the stream as a text with marks, without the codes of fields."""
    text = _FIELD.sub("", text).translate(_SIGNS)
    if any("\ud800" <= c <= "\udfff" for c in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace(_NOTE, note_mark("note"))


def _properties(ole: OleFileIO) -> tuple[Properties, str | None]:
    """Return what the file says of itself, and its number of pages."""
    found: dict[int, str] = {}
    if ole.exists(SUMMARY):
        found = doc_summary.read_summary(ole.openstream(SUMMARY).read())
    properties = Properties(
        "properties",
        title=found.get(doc_summary.TITLE, ""),
        creator=found.get(doc_summary.AUTHOR, ""),
        created=found.get(doc_summary.CREATED, ""),
        modified=found.get(doc_summary.SAVED, ""),
    )
    return properties, found.get(doc_summary.PAGES)


READER = Reader("doc", (".doc", ".dot"), read_doc)
