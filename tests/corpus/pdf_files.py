"""PDF files of a few objects, for the tests of their reader."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.formats.pdf import read_pdf
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

Text = (
    tuple[float, float, str]
    | tuple[float, float, str, float]
    | tuple[float, float, str, float, str]
)
FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "italic": "Helvetica-Oblique"}
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
PROSE = (
    "Regeringen bedömer att kommunerna behöver bättre",
    "underlag när de planerar för ny bebyggelse längs",
    "kusten, och att länsstyrelserna ska ta fram det i",
    "samråd med de myndigheter som berörs av frågan.",
)


def rc4(key: bytes, content: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


class Pdf:
    """Writes the few objects that a readable file needs."""

    def __init__(self, password: bytes | None = None) -> None:
        self.objects: list[bytes] = [b"", b""]  # catalogue and page tree
        self.key = b""
        self.encryption = b""
        if password is not None:
            padded = (password + PADDING)[:32]
            owner = rc4(hashlib.md5(PADDING).digest()[:5], padded)
            self.key = hashlib.md5(padded + owner + b"\xfc\xff\xff\xff" + b"i" * 16).digest()[:5]
            user = rc4(self.key, PADDING)
            self.encryption = (
                b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<%s> <%s>]"
                % (owner.hex().encode(), user.hex().encode(), *(b"69" * 16,) * 2)
            )

    def add(self, content: bytes) -> int:
        self.objects.append(content)
        return len(self.objects)

    def stream(self, content: bytes, entries: bytes = b"") -> int:
        if self.key:
            number = (len(self.objects) + 1).to_bytes(3, "little") + b"\0\0"
            content = rc4(hashlib.md5(self.key + number).digest()[:10], content)
        return self.add(
            b"<< %s /Length %d >> stream\n%s\nendstream" % (entries, len(content), content)
        )

    def outlines(self, bookmarks: Sequence[tuple[str, int]]) -> bytes:
        """Add bookmarks, each to the page with an object number; return the catalogue's entry."""
        if not bookmarks:
            return b""
        root, count = len(self.objects) + 1, len(bookmarks)
        self.add(b"<< /First %d 0 R /Last %d 0 R /Count %d >>" % (root + 1, root + count, count))
        for i, (name, page) in enumerate(bookmarks, 1):
            following = b"/Next %d 0 R" % (root + i + 1) if i < count else b""
            written = name.encode("utf-16-be").hex().encode()
            self.add(
                b"<< /Title <feff%s> /Parent %d 0 R %s /Dest [%d 0 R /Fit] >>"
                % (written, root, following, page)
            )
        return b"/Outlines %d 0 R" % root

    def bytes(self, trailer: bytes = b"") -> bytes:
        out, offsets = b"%PDF-1.4\n", []
        for number, content in enumerate(self.objects, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        start, size = len(out), len(self.objects) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        return out + b"trailer << /Size %d /Root 1 0 R %s %s >>\nstartxref\n%d\n%%%%EOF\n" % (
            size,
            self.encryption,
            trailer,
            start,
        )


def operators(texts: Sequence[Text]) -> bytes:
    names = list(FONTS)
    out = []
    for x, y, text, *rest in texts:
        size = rest[0] if rest else 11
        font = names.index(str(rest[1])) if len(rest) > 1 else 0
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawn = f"BT /F{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET"
        out.append(drawn.encode("cp1252"))
    return b"\n".join(out)


def make_pdf(
    *pages: Sequence[Text],
    title: str | None = None,
    bookmarks: Sequence[tuple[str, int]] = (),
    password: bytes | None = None,
    picture: bool = False,
    rotate: int = 0,
) -> bytes:
    """Return a PDF file with *pages*, each of texts as (x, y, text, size=11, font="plain")."""
    pdf = Pdf(password)
    fonts = b" ".join(
        b"/F%d << /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
        % (i, name.encode())
        for i, name in enumerate(FONTS.values())
    )
    image = pdf.stream(
        b"\xff",
        b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8",
    )
    numbers = []
    for texts in pages:
        drawn = operators(texts) + (b" q 500 0 0 700 0 0 cm /I Do Q" if picture else b"")
        content = pdf.stream(drawn)
        numbers.append(
            pdf.add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d /Contents %d 0 R "
                b"/Resources << /Font << %s >> /XObject << /I %d 0 R >> >> >>"
                % (rotate, content, fonts, image)
            )
        )
    outlines = pdf.outlines([(name, numbers[page]) for name, page in bookmarks])
    pdf.objects[0] = b"<< /Type /Catalog /Pages 2 0 R %s >>" % outlines
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    pdf.objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(numbers), kids)
    if title is None:
        return pdf.bytes()
    stated = b"<< /Title <feff%s> >>" % title.encode("utf-16-be").hex().encode()
    return pdf.bytes(b"/Info %d 0 R" % pdf.add(stated))


def block(x: float, y: float, rows: Sequence[str], *, leading: float = 13) -> list[Text]:
    return [(x, y - leading * i, row) for i, row in enumerate(rows)]


def outcomes_of(content: bytes) -> list[Document | DocumentFormatError]:
    chunk = Chunk("pdf", Path("fil.pdf"), "mapp/fil.pdf", content, 1, len(content))
    return list(read_pdf(chunk))


def read(content: bytes) -> Document:
    (document,) = outcomes_of(content)
    assert isinstance(document, Document)
    return document


def why_not(content: bytes) -> str:
    with pytest.raises(DocumentFormatError) as raised:
        outcomes_of(content)
    return raised.value.reason


def page_texts(document: Document) -> list[str]:
    starts = [*(page.start for page in document.pages), len(document.text)]
    return [document.text[a:b].strip() for a, b in pairwise(starts)]
