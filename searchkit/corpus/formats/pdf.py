"""
How does a PDF file become a document?

PDFium gives the lines of each page (:mod:`.pdf_lines`); running heads and feet leave
them and tell the printed page numbers (:mod:`.pdf_heads`); the rest is put in the order
of reading (:mod:`.pdf_columns`) and becomes paragraphs (:mod:`.pdf_paragraphs`) and headings
(:mod:`.pdf_layout`). Where no heading can be told by its type, the bookmarks are the
sections. A file without letters, or whose letters cannot be told, is reported: it
needs OCR. What is left of a damaged file is read, and the damage reported.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.pdf_facts import tell_facts
from searchkit.corpus.formats.pdf_heads import split_heads
from searchkit.corpus.formats.pdf_layout import Layout, lay_out
from searchkit.corpus.formats.pdf_lines import Line, lines_of
from searchkit.errors import DocumentFormatError
from searchkit.model import Section

PAGES_MAX = 20_000
"""A damaged file can claim any number."""
BOOKMARKS_MAX = 5_000
_XMP_BYTES_MAX = 1 << 20
_FEW_CHARS = 10
"""On a page with fewer, what is to be read is a picture, if there is one."""
_OBJECTS_MAX = 200
"""Looked at for pictures, on a page with few characters."""
_GARBLED_LETTERS_MIN = 100
_VOWELS = re.compile("[aeiouyåäöàáâãæçèéêëìíîïòóôõøœùúûüýÿаеёиоуыэюяαεηιουω]", re.IGNORECASE)
_VOWELS_MIN = 0.22
"""Share among letters; Swedish has 0.37, tables of abbreviations 0.3, shifted codes 0.2."""
_UNREADABLE_MAX = 0.3
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
_CATALOGUE = re.compile(rb"(\d{1,8} \d{1,5}) obj\s{0,4}<<[^<>]{0,200}/Type\s{0,2}/Catalog\b")
_PASSWORD_ERROR, _SECURITY_ERROR = 4, 5

_pdfium = threading.Lock()
"""PDFium must not be called by two threads at a time."""


@dataclass(slots=True)
class _Content:
    """What was found in a file."""

    pages: list[list[Line]] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    """Pages, from 1, that show something but hold hardly any letter."""
    damaged: list[int] = field(default_factory=list)
    """Pages, from 1, that cannot be read."""
    garbled: list[int] = field(default_factory=list)
    """Pages, from 1, whose letters cannot be told."""
    title: str = ""
    bookmarks: list[tuple[str, int]] = field(default_factory=list)
    """Title and page from 0."""
    page_count: int = 0


def read_pdf(chunk: Chunk) -> Iterator[Outcome]:
    """
    Yield the document that a PDF file holds.

    Raises:
        DocumentFormatError: it is no PDF file, is encrypted or damaged beyond reading, or
            holds no text.

    Cost: 0.5 s for 170 pages of prose.
    """
    content = content_of(chunk)
    if b"%PDF-" not in content[:1024]:
        raise DocumentFormatError(_not_pdf(content), path=chunk.path)
    with _pdfium:
        found = _read(content, chunk)
    _require_text(found, content, chunk)
    lines, labels = split_heads(found.pages)
    layout = lay_out(lines)
    facts = Facts()
    for reason in _problems(found, content):
        facts.problems.append((reason, None))
    stated = {"pdf title": found.title, "xmp dc:title": xmp_title(content)}
    tell_facts(facts, stated, layout, beginning=_beginning(found.pages))
    yield from document(
        chunk,
        facts,
        layout.text,
        sections=layout.sections or _from_bookmarks(found.bookmarks, layout),
        pages=_pages(layout, labels),
    )


def _not_pdf(content: bytes) -> str:
    if not content.strip(b"\x00 \r\n\t"):
        return "is empty: it holds no text"
    return "is not PDF; give it the extension of what it is"


def _read(content: bytes, chunk: Chunk) -> _Content:
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        try:
            pdf = pypdfium2.PdfDocument(_with_trailer(content))
        except pypdfium2.PdfiumError:
            reason = _why_not(getattr(error, "err_code", None), content)
            raise DocumentFormatError(reason, path=chunk.path) from error
    with closing(pdf):
        found = _Content(page_count=len(pdf))
        with suppress(UnicodeDecodeError):
            found.title = pdf.get_metadata_value("Title") or ""
        for index in range(min(len(pdf), PAGES_MAX)):
            try:
                lines, pictured = _page(pdf, index, raw)
            except pypdfium2.PdfiumError:
                lines, pictured = [], False
                found.damaged.append(index + 1)
            if pictured:
                found.pictures.append(index + 1)
            if is_garbled(" ".join(line.text for line in lines)):
                found.garbled.append(index + 1)
            found.pages.append(lines)
        found.bookmarks = list(_bookmarks(pdf))
    return found


def _with_trailer(content: bytes) -> bytes:
    """Return a truncated file with the end that PDFium needs to find its objects."""
    if not _is_truncated(content) or b"/Encrypt" in content:
        return b""
    catalogues = _CATALOGUE.findall(content)
    if not catalogues:
        return b""
    return content + b"\nendstream endobj\ntrailer << /Root %s R >>\n%%%%EOF\n" % catalogues[-1]


def _why_not(code: int | None, content: bytes) -> str:
    if code == _PASSWORD_ERROR:
        return "is encrypted; save it without a password"
    if code == _SECURITY_ERROR:
        return "is encrypted in a way that cannot be read; save it without encryption"
    if _is_truncated(content):
        return "is truncated: its end is missing; fetch it again"
    return "is damaged: no page of it can be found; fetch it again"


def _is_truncated(content: bytes) -> bool:
    end = content.rstrip(b"\x00 \r\n\t")[-2048:]
    return b"%%EOF" not in end and b"startxref" not in end


def _page(pdf: Any, index: int, raw: Any) -> tuple[list[Line], bool]:
    """Return the lines of a page, and whether it shows something without having letters."""
    with closing(pdf[index]) as page, closing(page.get_textpage()) as text_page:
        # A row of underscores is a rule.
        lines = [line for line in lines_of(text_page.raw) if line.text.strip("_ ")]
        chars = sum(len(line.text) for line in lines)
        return lines, chars < _FEW_CHARS and _shows(page.raw, raw, beside_text=chars > 0)


def _shows(page: Any, raw: Any, *, beside_text: bool) -> bool:
    """Tell whether a page shows anything, or anything that may be a picture *beside_text*."""
    count = min(raw.FPDFPage_CountObjects(page), _OBJECTS_MAX)
    if not beside_text:
        return bool(count > 0)
    pictures = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    objects = (raw.FPDFPage_GetObject(page, i) for i in range(count))
    return any(raw.FPDFPageObj_GetType(shown) in pictures for shown in objects)


def _bookmarks(pdf: Any) -> Iterator[tuple[str, int]]:
    import pypdfium2

    try:
        for count, bookmark in enumerate(pdf.get_toc()):
            if count >= BOOKMARKS_MAX:
                return
            target = bookmark.get_dest()
            index = target.get_index() if target else None
            title = " ".join(bookmark.get_title()[:300].split())
            if index is not None and title:
                yield title, index
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return


def is_garbled(text: str) -> bool:
    """
    Tell whether letters are codes of a font that does not say what they stand for.

    >>> is_garbled("5HJHULQJHQV SURSRVLWLRQ " * 9), is_garbled("Regeringens proposition " * 9)
    (True, False)
    """
    solid = [char for char in text if not char.isspace()]
    if len(solid) < _GARBLED_LETTERS_MIN:
        return False
    if len(_UNREADABLE.findall(text)) > _UNREADABLE_MAX * len(solid):
        return True
    letters = sum(map(str.isalpha, solid))
    # Of letters shifted by 29 places, as glyph numbers are, most are capitals.
    shifted = sum(map(str.isupper, solid)) > 0.6 * letters
    if letters < max(_GARBLED_LETTERS_MIN, 0.3 * len(solid)):
        return False
    return len(_VOWELS.findall(text)) < (_VOWELS_MIN + 0.05 * shifted) * letters


def _require_text(found: _Content, content: bytes, chunk: Chunk) -> None:
    """Raise what there is to say if a file holds no text that can be read."""
    chars = [sum(len(line.text) for line in lines) for lines in found.pages]
    readable = len(found.pages) - len(found.damaged)
    if not readable:
        raise DocumentFormatError(_why_not(None, content), path=chunk.path)
    pictured = len(found.pictures)
    if pictured and (sum(chars) < _FEW_CHARS * readable or pictured == readable):
        reason = "is a scan without text; run OCR on it first"
        raise DocumentFormatError(reason, path=chunk.path)
    if not sum(chars) and (found.damaged or _is_truncated(content)):
        raise DocumentFormatError(_why_not(None, content), path=chunk.path)
    garbled = sum(chars[number - 1] for number in found.garbled)
    if garbled > 0.5 * sum(chars):
        reason = "its letters cannot be read (its fonts do not tell them): run OCR on it first"
        raise DocumentFormatError(reason, path=chunk.path)


def _beginning(pages: Sequence[Sequence[Line]]) -> str:
    """Return what stands on the first pages, running heads included."""
    return "\n".join(line.text for page in pages[:3] for line in page[:400])


def _problems(found: _Content, content: bytes) -> Iterator[str]:
    if _is_truncated(content):
        yield "is truncated: its end is missing; what is left was read, fetch it again"
    if found.damaged:
        yield f"{_listed(found.damaged)} cannot be read: the file is damaged; fetch it again"
    if found.page_count > PAGES_MAX:
        yield f"has more than {PAGES_MAX} pages; the others were left out, split it"
    if found.garbled:
        yield f"the letters of {_listed(found.garbled)} cannot be read: run OCR on the file"
    if len(found.pictures) > max(2, 0.1 * len(found.pages)):
        yield f"{_listed(found.pictures)} hold no text; run OCR on the file if they should"


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"page(s) {shown}{' …' if len(numbers) > 10 else ''}"


def _pages(layout: Layout, labels: Sequence[str]) -> list[Section]:
    return [Section(*page) for page in zip(layout.page_starts, labels, strict=True)]


def _from_bookmarks(bookmarks: Sequence[tuple[str, int]], layout: Layout) -> list[Section]:
    """Return the bookmarks as sections: where they stand on their page, or where it begins."""
    sections: list[Section] = []
    starts = (*layout.page_starts, len(layout.text))
    for title, index in bookmarks:
        if not 0 <= index < len(layout.page_starts):
            continue
        pattern = r"\s+".join(map(re.escape, title.split()))
        page = layout.text[starts[index] : starts[index + 1]]
        match = re.search(pattern, page, re.IGNORECASE)
        sections.append(Section(starts[index] + (match.start() if match else 0), title))
    return sorted(sections, key=lambda section: section.start)


def xmp_title(content: bytes) -> str:
    """Return the title in the last XMP packet of a file, "" if there is none."""
    start = content.rfind(b"<x:xmpmeta")
    end = content.find(b"</x:xmpmeta>", start)
    if start < 0 or end < 0 or end - start > _XMP_BYTES_MAX:
        return ""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    tree = etree.fromstring(content[start : end + len(b"</x:xmpmeta>")], parser)
    if tree is None:
        return ""
    path = ".//{http://purl.org/dc/elements/1.1/}title//{*}li"
    return next((item.text for item in tree.iterfind(path) if item.text), "")


READER = Reader("pdf", (".pdf",), read_pdf)
