"""
Where in a file of Word 97 to 2003 does its text stand?

The file is a small file system (olefile reads it). Its stream "WordDocument" begins with a
table of places, the FIB; the text is in pieces, of 8-bit or 16-bit characters, whose order
the piece table (the CLX, in a table stream) gives. Which paragraphs are headings, or end a
table row, stands in pages of 512 bytes. After Microsoft's published [MS-DOC], 2.4.1,
2.8.35 and 2.9.175; formatting is not read, so text deleted with tracked changes is there.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass

ADVICE = "save it as .docx or PDF, or run `soffice --headless --convert-to docx`"
MAGIC = 0xA5EC
_WORD_97 = 0xC1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_LENGTHS_AT = 0x4C
_PLACES_AT = 0x9A
_PAPX, _CLX = 13, 33
"""Places of the paragraph pages and of the piece table among those of the FIB."""
_PAGE_BYTES = 512
_ROW_END = b"\x17\x24\x01"
"""The property "this mark ends a row"."""
_COMPRESSED = 1 << 30


class DocError(ValueError):
    """The stream cannot be read; the message goes on from the file's name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand together in the stream."""

    start: int
    """Character position in the document, from 0."""
    text: str
    place: int
    """Offset in bytes in the stream."""
    width: int
    """Bytes a character."""


@dataclass(frozen=True, slots=True)
class Fib:
    """The table of places."""

    table: str
    """Name of the stream that the places lie in."""
    lengths: tuple[int, ...]
    """Characters of text, notes, headers, macros, comments, endnotes and boxes."""
    clx: tuple[int, int]
    paragraphs: tuple[int, int]


def read_fib(stream: bytes) -> Fib:
    """
    Read the beginning of the stream "WordDocument".

    Raises:
        DocError: it is another version's, encrypted or damaged.
    """
    if len(stream) < _PLACES_AT + 8 * (_CLX + 1):
        raise DocError("is truncated: it holds no Word document")
    magic, version = struct.unpack_from("<HH", stream, 0)
    (flags,) = struct.unpack_from("<H", stream, 0x0A)
    if magic != MAGIC or version < _WORD_97:
        raise DocError(f"is of Word 6 or 95, or damaged; {ADVICE}")
    if flags & _ENCRYPTED:
        raise DocError("is encrypted; save it without a password")
    return Fib(
        table="1Table" if flags & _TABLE_1 else "0Table",
        lengths=struct.unpack_from("<7I", stream, _LENGTHS_AT),
        clx=struct.unpack_from("<II", stream, _PLACES_AT + 8 * _CLX),
        paragraphs=struct.unpack_from("<II", stream, _PLACES_AT + 8 * _PAPX),
    )


def read_pieces(fib: Fib, stream: bytes, table: bytes) -> list[Piece]:
    """
    Return the pieces of the text in order.

    Raises:
        DocError: the piece table is damaged.
    """
    at, size = fib.clx
    clx = table[at : at + size]
    position = 0
    while clx[position : position + 1] == b"\x01":
        # Formatting that pieces refer to.
        position += 3 + int.from_bytes(clx[position + 1 : position + 3], "little")
    if clx[position : position + 1] != b"\x02":
        raise DocError("is truncated or damaged: it has no list of the pieces of its text")
    found = clx[
        position + 5 : position + 5 + int.from_bytes(clx[position + 1 : position + 5], "little")
    ]
    count = (len(found) - 4) // 12
    if count < 1:
        raise DocError("is truncated or damaged: the list of the pieces of its text is empty")
    bounds = struct.unpack_from(f"<{count + 1}I", found, 0)
    pieces = []
    total = 0
    for i in range(count):
        (where,) = struct.unpack_from("<I", found, 4 * (count + 1) + 8 * i + 2)
        length = bounds[i + 1] - bounds[i]
        total += length
        if length < 0 or total > len(stream):
            raise DocError("is damaged: the pieces of its text overlap")
        pieces.append(_piece(stream, bounds[i], length, where))
    return pieces


def _piece(stream: bytes, start: int, length: int, where: int) -> Piece:
    place = where & (_COMPRESSED - 1)
    if where & _COMPRESSED:
        place //= 2
        text = stream[place : place + length].decode("cp1252", "replace")
        return Piece(start, text, place, 1)
    text = stream[place : place + 2 * length].decode("utf-16-le", "surrogatepass")
    return Piece(start, text, place, 2)


class ParagraphKinds:
    """Tells of the place where a paragraph ends what kind of paragraph it is."""

    def __init__(self, fib: Fib, stream: bytes, table: bytes) -> None:
        self._starts: list[int] = []
        self._kinds: list[tuple[int, bool]] = []
        at, size = fib.paragraphs
        found = table[at : at + size]
        count = max(0, (len(found) - 4) // 8)
        numbers = struct.unpack_from(f"<{count}I", found, 4 * (count + 1)) if count else ()
        for number in numbers:
            page = stream[(number & 0x3FFFFF) * _PAGE_BYTES :][:_PAGE_BYTES]
            if len(page) == _PAGE_BYTES:
                self._read_page(page)
        order = sorted(range(len(self._starts)), key=self._starts.__getitem__)
        self._starts = [self._starts[i] for i in order]
        self._kinds = [self._kinds[i] for i in order]

    def _read_page(self, page: bytes) -> None:
        count = min(page[-1], 0x1D)
        starts = struct.unpack_from(f"<{count}I", page, 0)
        for i, start in enumerate(starts):
            at = 2 * page[4 * (count + 1) + 13 * i]
            size = 2 * page[at] if page[at] else 2 * page[min(at + 1, 511)]
            at += 1 if page[at] else 2
            properties = page[at : at + size]
            style = int.from_bytes(properties[:2], "little")
            self._starts.append(start)
            self._kinds.append((style, _ROW_END in properties[2:]))

    def at(self, place: int) -> tuple[int, bool]:
        """Return the style (1 to 9 are headings) and whether a table row ends here."""
        i = bisect_right(self._starts, place) - 1
        return self._kinds[i] if i >= 0 else (0, False)
