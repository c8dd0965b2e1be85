"""
How are the binary files of the example corpus made?

The corpus of examples (``corpus/``) is written for this project. Most of its files are text
and are edited where they stand; a PDF, a Word file and an archive cannot be. Their texts
stand in ``benchmarks/data/examples/`` as Markdown, and ``python benchmarks/example_files.py``
writes them: the same bytes everywhere, since nothing is compressed and no clock is read.
A page is what a typewriter would do: so many characters a line, so many lines.
"""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXTS = Path(__file__).parent / "data" / "examples"

_LONG_AGO = (2024, 1, 1, 0, 0, 0)
_LEFT, _TOP, _BOTTOM = 72, 742, 84
"""Of what is printed on A4, 595 by 842 points."""
_LEADING = 5
"""Between two lines, in points."""
_HEADING = re.compile(r"(#{1,3}) (.+)")
_FOOTNOTE = re.compile(r"\[\^(\d+)\]")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True, slots=True)
class _Font:
    """How a kind of paragraph is set."""

    name: str
    points: int
    chars: int
    """A line."""
    space: int
    """Above the paragraph, in points."""


_BODY = _Font("F1", 12, 78, 10)
_FONTS = (_BODY, _Font("F2", 22, 36, 12), _Font("F2", 16, 50, 22), _Font("F2", 12, 70, 14))
"""Of the body, and of headings of each level."""


def pdf(source: str) -> bytes:
    """
    Return a report as PDF: a title page, then pages with a running head and a number.

    Args:
        source: Markdown; the paragraph below the title stands on the title page, by lines.
            The title is the running head, too.
    """
    title, imprint, *blocks = source.strip().split("\n\n")
    title = title.removeprefix("# ")
    agency, *rest = imprint.split("\n")
    cover = [(_BODY, agency, 700), *_set(_FONTS[1], title, 560)]
    cover += [(_BODY, line, 440 - 40 * n) for n, line in enumerate(rest)]
    pages = [cover, *_pages(blocks)]
    for number, page in enumerate(pages[1:], 2):
        page += [(_BODY, title, 790), (_BODY, f"{number} ({len(pages)})", 48)]
    numbers = [6 + 2 * n for n in range(len(pages))]
    kids = " ".join(f"{n} 0 R" for n in numbers)
    fonts = [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
        for name in ("Times-Roman", "Helvetica-Bold")
    ]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (sv-SE) >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        *fonts,
        f"<< /Title {_literal(title.removeprefix('# '))} /Author {_literal(agency)} >>",
    ]
    for number, page in zip(numbers, pages, strict=True):
        drawn = "\n".join(_drawn(*line) for line in page)
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {number + 1} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    return _pdf_file([each.encode("cp1252") for each in objects])


_Line = tuple[_Font, str, int]
"""How it is set, what it says, and how high above the lower edge of the page."""


def _set(font: _Font, paragraph: str, y: int) -> list[_Line]:
    lines = textwrap.wrap(paragraph, font.chars, break_on_hyphens=False)
    return [(font, line, y - n * (font.points + _LEADING)) for n, line in enumerate(lines)]


def _pages(blocks: Sequence[str]) -> Iterator[list[_Line]]:
    """Yield the lines of each page; a heading stays with what follows it."""
    page: list[_Line] = []
    y = _TOP
    for block in blocks:
        match = _HEADING.fullmatch(block)
        font = _FONTS[len(match[1])] if match else _BODY
        for line in _set(font, match[2] if match else block, 0):
            first = line[2] == 0
            y -= font.points + _LEADING + (font.space if first and y < _TOP else 0)
            if y < (_BOTTOM + 100 if match else _BOTTOM):
                yield page
                page, y = [], _TOP - font.points - _LEADING
            page.append((font, line[1], y))
    yield page


def _drawn(font: _Font, line: str, y: int) -> str:
    return f"BT /{font.name} {font.points} Tf {_LEFT} {y} Td {_literal(line)} Tj ET"


def _literal(text: str) -> str:
    return "(" + re.sub(r"([\\()])", r"\\\1", text) + ")"


def _pdf_file(objects: Sequence[bytes]) -> bytes:
    # A zero byte tells version control, too, that this is no text.
    content = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\x00\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start, count = len(content), len(objects) + 1
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, rows)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return content + trailer % (count, start)


def docx(source: str) -> bytes:
    """Return a memorandum as a Word file, with headings, tables and footnotes."""
    notes = dict(re.findall(r"^\[\^(\d+)\]: (.+)$", source, re.MULTILINE))
    blocks = [b for b in source.strip().split("\n\n") if not b.startswith("[^")]
    body = "".join(_word_block(block) for block in blocks)
    title, organ = blocks[0].removeprefix("# "), blocks[1].partition("\n")[0]
    footnotes = "".join(
        f'<w:footnote w:id="{number}">{_paragraph(note, "FootnoteText")}</w:footnote>'
        for number, note in notes.items()
    )
    word = f'xmlns:w="{_WORD}"'
    return stored({
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships({
            "word/document.xml": f"{_OFFICE}/officeDocument",
            "docProps/core.xml": f"{_PACKAGE}/relationships/metadata/core-properties",
        }),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(organ)}</dc:creator><dc:language>sv-SE</dc:language>"
        "</cp:coreProperties>",
        "word/_rels/document.xml.rels": _relationships({
            "styles.xml": f"{_OFFICE}/styles", "footnotes.xml": f"{_OFFICE}/footnotes",
        }),
        "word/document.xml": f"<w:document {word}><w:body>{body}</w:body></w:document>",
        "word/footnotes.xml": f"<w:footnotes {word}>{footnotes}</w:footnotes>",
        "word/styles.xml": f"<w:styles {word}>{_styles()}</w:styles>",
    })  # fmt: skip


def _word_block(block: str) -> str:
    if match := _HEADING.fullmatch(block):
        level = len(match[1])
        return _paragraph(match[2], "Title" if level == 1 else f"Heading{level - 1}")
    if block.startswith("| "):
        rows = [row.strip("| ").split(" | ") for row in block.split("\n")]
        cells = ("".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) for row in rows)
        grid = '<w:gridCol w:w="3000"/>' * len(rows[0])
        drawn = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
        return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{drawn}</w:tbl>"
    return "".join(_paragraph(line) for line in block.split("\n"))


def _paragraph(text: str, style: str = "") -> str:
    said = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    parts = _FOOTNOTE.split(text)
    runs = "".join(
        f'<w:r><w:footnoteReference w:id="{part}"/></w:r>'
        if n % 2
        else f'<w:r><w:t xml:space="preserve">{escape(part, quote=False)}</w:t></w:r>'
        for n, part in enumerate(parts)
        if part
    )
    return f"<w:p>{said}{runs}</w:p>"


def _styles() -> str:
    names = {"Title": "Title", "FootnoteText": "footnote text"}
    styles = ['<w:style w:type="paragraph" w:styleId="Normal" w:default="1">'
              '<w:name w:val="Normal"/></w:style>']  # fmt: skip
    styles += [
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in names.items()
    ]
    styles += [
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in (1, 2)
    ]
    return "".join(styles)


def _content_types() -> str:
    parts = {"document": f"{_KIND}.document.main+xml", "footnotes": f"{_KIND}.footnotes+xml",
             "styles": f"{_KIND}.styles+xml"}  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>'
        for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    )


def _relationships(targets: Mapping[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="r{n}" Type="{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def stored(members: Mapping[str, str]) -> bytes:
    """Return a ZIP archive of texts that are not compressed: so its bytes depend on no library."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = 3  # else that of the machine
            declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            is_xml = name.endswith((".xml", ".rels"))
            archive.writestr(entry, (declared if is_xml else "") + content)
    return buffer.getvalue()


def made() -> dict[str, bytes]:
    """Return the files, by their paths in the project."""

    def text(name: str) -> str:
        return (TEXTS / name).read_text(encoding="utf-8")

    articles = ("reparatorn-ar-klimatpolitikens-glomda-yrke.txt",
                "regioner-inventerar-sina-mobler.txt")  # fmt: skip
    return {
        "corpus/rapporter/materialverket-2024-23-atertillverkning.pdf": pdf(text("rapport.md")),
        "corpus/promemorior/ds-2025-118-ratt-att-laga.docx": docx(text("promemoria.md")),
        "corpus/artiklar-2024.zip": stored({f"artiklar/{name}": text(name) for name in articles}),
    }


if __name__ == "__main__":
    for relative, content in made().items():
        (ROOT / relative).parent.mkdir(exist_ok=True)
        (ROOT / relative).write_bytes(content)
        print(f"{relative}: {len(content):,} bytes")
