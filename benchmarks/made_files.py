"""
What files can be made of nothing, one of every format that is read?

Small, sound files of original text, for tests that need every format where the real
samples lack some, and a corpus of several formats of any size. Each function takes a
title and paragraphs and returns the bytes of a file, the same ones each time.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

_WORDS = (Path(__file__).parent / "data" / "tiny-content-words.txt").read_text("utf-8").split()
_BETWEEN = ("och", "att", "för", "som", "med", "till", "det", "av", "inte", "från", "över", "samt")
_LONG_AGO = (2015, 4, 16, 12, 0, 0)
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"

Make = Callable[[str, Sequence[str]], bytes]


def prose(rng: random.Random, words: int) -> str:
    """Return a sentence of so many words, every other one of content."""
    chosen = [rng.choice(_BETWEEN if n % 2 else _WORDS) for n in range(words)]
    return " ".join(chosen).capitalize() + "."


def text(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return plain text."""
    return "\n\n".join((title, *paragraphs)).encode()


def markdown(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return Markdown with front matter."""
    head = f"---\ntitle: {title}\ndate: 2015-04-16\n---\n\n# {title}\n\n"
    return (head + "\n\n".join(paragraphs) + "\n").encode()


def html(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a page with a menu."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'</head><body><nav><a href="/">Start</a></nav><main><h1>{escape(title)}</h1>{body}</main>'
        "</body></html>"
    ).encode()


def record(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a document of the riksdag's open data, as JSON."""
    return json.dumps(_status(title, paragraphs), ensure_ascii=False, indent=1).encode()


def lines(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a document a line, one of each paragraph."""
    name = title.lower().replace(" ", "-")
    records = (
        {"id": f"{name}-{n}", "title": title, "text": paragraph}
        for n, paragraph in enumerate(paragraphs)
    )
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records).encode()


def table(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return CSV, a document a row."""
    name = title.lower().replace(" ", "-")
    rows = [f'{name}-rad-{n};{title};"{each}"' for n, each in enumerate(paragraphs)]
    return "\n".join(("id;titel;text", *rows, "")).encode()


def xml(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a document of the riksdag's open data, as XML."""
    status = _status(title, paragraphs)["dokumentstatus"]
    inner = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in status["dokument"].items())
    document = f"<dokumentstatus><dokument>{inner}</dokument></dokumentstatus>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n{document}'.encode()


def tei(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a debate in TEI, a speech of each paragraph."""
    speeches = "".join(
        f'<u who="#talare{n % 3}" xml:id="{title.replace(" ", "-")}.u{n}"><seg>{escape(each)}'
        "</seg></u>"
        for n, each in enumerate(paragraphs)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TEI xmlns="http://www.tei-c.org/ns/1.0" '
        f'xml:lang="sv"><teiHeader><fileDesc><titleStmt><title>{escape(title)}</title></titleStmt>'
        '<publicationStmt><p/></publicationStmt><sourceDesc><bibl><date when="2015-04-16"/></bibl>'
        "</sourceDesc></fileDesc></teiHeader><text><body><div>"
        f"{speeches}</div></body></text></TEI>"
    ).encode()


def rtf(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return RTF with accented letters as escapes."""
    body = "".join(rf"{each}\par " for each in (title, *paragraphs))
    escaped = "".join(c if c < "\x80" else rf"\'{ord(c):02x}" for c in body)
    return rf"{{\rtf1\ansi\ansicpg1252{{\info{{\title Text}}}} {escaped}}}".encode("ascii")


def pdf(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a PDF file of one page for each 40 lines."""
    rows = [title, ""]
    for each in paragraphs:
        words = each.split()
        rows += [" ".join(words[at : at + 10]) for at in range(0, len(words), 10)] + [""]
    pages = [rows[at : at + 40] for at in range(0, len(rows), 40)]
    numbers = [4 + 2 * n for n in range(len(pages))]
    kids = " ".join(f"{n} 0 R" for n in numbers)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in zip(numbers, pages, strict=True):
        shown = "".join(f"({_pdf_text(row)}) Tj 0 -16 Td " for row in page)
        drawn = f"BT /F1 11 Tf 70 770 Td {shown}ET"
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {number + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    return _pdf_file([each.encode("cp1252") for each in objects])


def docx(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a Word document with a heading."""
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    rows = [(style, title), *(("", each) for each in paragraphs)]
    body = "".join(f"<w:p>{s}<w:r><w:t>{escape(t)}</w:t></w:r></w:p>" for s, t in rows)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_WORD}><w:body>{body}</w:body></w:document>",
    })  # fmt: skip


def odt(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return an OpenDocument text with a heading."""
    body = "".join(f"<text:p>{escape(each)}</text:p>" for each in paragraphs)
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f'<office:document-content xmlns:office="{_ODF}:office:1.0" '
        f'xmlns:text="{_ODF}:text:1.0"><office:body><office:text>'
        f'<text:h text:outline-level="1">{escape(title)}</text:h>{body}'
        "</office:text></office:body></office:document-content>",
    })  # fmt: skip


def epub(title: str, paragraphs: Sequence[str]) -> bytes:
    """Return a book of one chapter."""
    body = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return zipped({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="bok.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "bok.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        '<dc:language>sv</dc:language></metadata><manifest><item id="k" href="k.xhtml" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="k"/></spine>'
        "</package>",
        "k.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>'
        f"<h1>{escape(title)}</h1>{body}</body></html>",
    })  # fmt: skip


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """Return a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    """Return a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _json_zip(title: str, paragraphs: Sequence[str]) -> bytes:
    return zipped({"dokument/ett.json": record(title, paragraphs)})


def _archive(title: str, paragraphs: Sequence[str]) -> bytes:
    made = (text, html, docx, pdf)
    return tarred({f"mapp/{make.__name__}": make(title, paragraphs) for make in made})


FORMATS: dict[str, Make] = {
    ".txt": text, ".md": markdown, ".html": html, ".json": record, ".jsonl": lines, ".csv": table,
    ".xml": xml, ".tei.xml": tei, ".rtf": rtf, ".pdf": pdf, ".docx": docx, ".odt": odt,
    ".epub": epub, ".json.zip": _json_zip, ".tar": _archive,
    ".jsonl.xz": lambda *made: lzma.compress(lines(*made)),
    ".tar.gz": lambda *made: gzip.compress(_archive(*made), mtime=0),
    ".html.bz2": lambda *made: bz2.compress(html(*made)),
    ".zip": lambda *made: zipped({"a/dump.jsonl": lines(*made), "b.zip": _json_zip(*made)}),
}  # fmt: skip
"""How to make a file, by its extension."""


def made(extension: str, seed: int, *, paragraphs: int = 6, words: int = 40) -> bytes:
    """Return a file of a format, whose content depends on *seed*."""
    rng = random.Random(f"{extension}:{seed}")
    title = f"{prose(rng, 3).rstrip('.')} {seed}"
    return FORMATS[extension](title, [prose(rng, words) for _ in range(paragraphs)])


def _status(title: str, paragraphs: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
    own = "H" + "".join(c for c in title.upper() if c.isalnum() and c.isascii())[-9:]
    body = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    document = {
        "dok_id": own, "rm": "2014/15", "beteckning": "12", "typ": "mot", "titel": title,
        "datum": "2014-11-10 00:00:00", "organ": "MJU", "html": f"<h1>{escape(title)}</h1>{body}",
    }  # fmt: skip
    return {"dokumentstatus": {"dokument": document}}


def _pdf_text(row: str) -> str:
    return row.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf_file(objects: Sequence[bytes]) -> bytes:
    content = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start, count = len(content), len(objects) + 1
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, rows)
    return content + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        count, start,
    )  # fmt: skip
