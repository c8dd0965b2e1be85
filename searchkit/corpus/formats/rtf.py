"""
How does an RTF file become a document?

:mod:`.rtf_source` marks where headings, cells, notes and pages are, striprtf makes text of
it, and here the marks become structure. Title and author stand in the file's information
group, which few authors fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.office_facts import Properties, tell_properties
from searchkit.corpus.formats.packages import what_instead
from searchkit.corpus.formats.prose import ITEM, Paragraph, Prose, rows_of
from searchkit.corpus.formats.rtf_source import CELL, HEADING, LINE, NOTE, ROW, Prepared, prepare
from searchkit.errors import DocumentFormatError
from searchkit.model import Section

WHAT = "an RTF file"
SIGNATURE = b"{\\rtf"
SOURCE_BYTES_MAX = 64 << 20
"""Pictures make RTF large: they stand in it in digits."""

_BULLET = re.compile(r"\s*[·•▪●○◦■\uf0b7\uf0a7\u2013-]\t\s*")
_NUMBER = re.compile(r"\s*(?:\d{1,3}|[a-z])[.)]\t\s*")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_rtf(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the document that an RTF file holds."""
    yield from rtf_document(chunk, content_of(chunk))


def rtf_document(chunk: Chunk, content: bytes) -> Iterator[Outcome]:
    """
    Yield the document that RTF holds.

    Raises:
        DocumentFormatError: it is no RTF, or too large.
    """
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content.startswith(SIGNATURE):
        raise DocumentFormatError(what_instead(content, WHAT), path=chunk.path)
    if len(content) > SOURCE_BYTES_MAX:
        limit = SOURCE_BYTES_MAX >> 20
        raise DocumentFormatError(f"is larger than {limit} MB; save it as .docx", path=chunk.path)
    try:
        prepared = prepare(_characters(content))
    except RecursionError as error:
        raise DocumentFormatError("is damaged: its groups never end", path=chunk.path) from error
    if not prepared.is_whole:
        reason = "is truncated: its last group does not end; what stands before is kept"
        yield DocumentFormatError(reason, path=chunk.path)
    prose = Prose()
    bodies: dict[str, str] = {}
    for paragraph in _paragraphs(_text(prepared.body, prepared), bodies):
        prose.add(paragraph)
    for note in list(prose.notes):
        prose.add_note(note, bodies.get(note.key, ""))
    text = prose.text
    if not text and b"\\pict" in content:
        reason = "holds pictures without text; run OCR on it first"
        raise DocumentFormatError(reason, path=chunk.path)
    facts = Facts()
    tell_properties(facts, chunk, text, _properties(prepared), sections=prose.sections)
    yield from document(
        chunk, facts, text, sections=tuple(prose.sections), pages=_pages(prose, content)
    )


def _pages(prose: Prose, content: bytes) -> tuple[Section, ...]:
    """Return the pages if the breaks in the file are all there are."""
    stated = re.search(rb"\\nofpages(\d{1,6})", content[:100_000])
    whole = b"\\softpage" in content or (stated and int(stated[1]) == prose.page_count)
    return prose.pages() if whole else ()


def _characters(content: bytes) -> str:
    """Return one character a byte; RTF is ASCII, but some programs write UTF-8 into it."""
    if not content.isascii():
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return content.decode("latin-1")


def _text(source: str, prepared: Prepared) -> str:
    # 10 ms to import, for a rare format.
    from striprtf.striprtf import rtf_to_text

    text: str = rtf_to_text(source, encoding=prepared.encoding, errors="replace")  # type: ignore[no-untyped-call]
    if _SURROGATE.search(text):
        # Two escapes make one character beyond the first 65,536.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "")


def _properties(prepared: Prepared) -> Properties:
    def plain(name: str) -> str:
        source = prepared.info.get(name)
        return _text("{\\rtf1 " + source + "}", prepared).strip() if source else ""

    return Properties(
        "info",
        title=plain("title"),
        creator=plain("author"),
        created=prepared.info.get("creatim", ""),
        modified=prepared.info.get("revtim", ""),
    )


def _paragraphs(text: str, bodies: dict[str, str]) -> Iterator[Paragraph]:
    """Yield the paragraphs of marked text; the notes at its end go to *bodies*."""
    rows: list[list[list[Paragraph]]] = []
    table_count = 0
    for line in text.split("\n"):
        if CELL in line:
            rows.append(_row(line))
            continue
        if rows:
            table_count += 1
            yield from rows_of(rows, f"table {table_count}")
            rows = []
        if line.startswith(NOTE):
            bodies[str(len(bodies) + 1)] = line.replace(NOTE, "").replace(LINE, " ").strip()
        else:
            yield _paragraph(line)
    yield from rows_of(rows, "last table")


def _row(line: str) -> list[list[Paragraph]]:
    line = line.replace(ROW, "").replace(HEADING, "").rstrip()
    cells = line.removesuffix(CELL).split(CELL)
    return [[Paragraph(part) for part in cell.split(LINE)] for cell in cells]


def _paragraph(line: str) -> Paragraph:
    heading = HEADING in line
    line = line.replace(HEADING, "").replace(ROW, "")
    if heading:
        return Paragraph(" ".join(line.replace(LINE, " ").split(" ")).replace("\t", " "), True)
    line = line.replace(LINE, "\n")
    if match := _BULLET.match(line):
        return Paragraph("- " + line[match.end() :], kind=ITEM)
    if match := _NUMBER.match(line):
        return Paragraph(f"{match.group().strip()} {line[match.end() :]}", kind=ITEM)
    return Paragraph(line)


READER = Reader("rtf", (".rtf",), read_rtf)
