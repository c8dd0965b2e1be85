"""How does an EPUB book become a document?"""

from __future__ import annotations

import pytest
from office_files import chunk_of, fault, labels, one, package, pages

from searchkit.corpus.formats.epub import read_epub
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/bok.opf"/></rootfiles></container>'
)
ABOUT = (
    "<dc:title>Skogens framtid</dc:title><dc:language>sv-SE</dc:language>"
    "<dc:creator>Eva Ek</dc:creator><dc:creator>Bo Alm</dc:creator>"
    "<dc:publisher>Skogsstyrelsen</dc:publisher><dc:date>2016-04-12</dc:date>"
    '<dc:identifier id="i">urn:isbn:9789138244173</dc:identifier>'
)
KINDS = {"xhtml": "application/xhtml+xml", "ncx": "application/x-dtbncx+xml", "png": "image/png"}


def page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>Fil</title></head><body>{body}</body></html>"
    )


def epub(
    chapters: dict[str, str], about: str = ABOUT, properties: str = "", **more: str | bytes
) -> bytes:
    """Return a book; *properties* is "name=properties" of one chapter."""
    marked, _, value = properties.partition("=")
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="{KINDS[name.rpartition(".")[2]]}"'
        + (f' properties="{value}"/>' if name == marked else "/>")
        for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{about}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    members = {f"OEBPS/{name.replace('%20', ' ')}": body for name, body in chapters.items()}
    fixed = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    extra = {name.replace("__", "/") + ".xml": content for name, content in more.items()}
    return package(fixed | {"OEBPS/bok.opf": opf} | members | extra)


ONE = page("<h1>Skog</h1><p>Granen är grön.</p>")
TWO = page("<h1>Hav</h1><h2>Fisk</h2><p>Torsken är borta.</p>")


def test_order_of_chapters():
    """Chapters come in the order of the spine, each heading a section."""
    document = one(read_epub, epub({"b.xhtml": ONE, "a.xhtml": TWO}), "bok.epub")

    assert labels(document) == ["Skog", "Hav", "Fisk"]
    assert document.text.index("Granen") < document.text.index("Torsken")
    assert "Fil" not in document.text


def test_metadata():
    """The package tells title, date, language, people, organ and ISBN."""
    document = one(read_epub, epub({"a.xhtml": ONE}), "bok.epub")

    assert (document.title, document.date) == ("Skogens framtid", "2016-04-12")
    assert document.fields["language"] == "sv"
    assert document.fields["people"] == "Eva Ek; Bo Alm"
    assert document.fields["organ"] == "Skogsstyrelsen"
    assert document.fields["isbn"] == "9789138244173"


def test_date_of_publication():
    """Of several dates, that of publication counts before that of the file."""
    about = (
        '<dc:title>Skog och hav</dc:title><dc:date opf:event="modification" xmlns:opf="o">'
        '2020-01-01</dc:date><dc:date opf:event="publication" xmlns:opf="o">2012</dc:date>'
    )
    assert one(read_epub, epub({"a.xhtml": ONE}, about), "bok.epub").date == "2012"


def test_navigation_is_left_out():
    """Neither the navigation page nor a list of contents in a chapter is text."""
    nav = page('<nav epub:type="toc"><ol><li>Skog</li></ol></nav><p>Meny</p>')
    book = {"nav.xhtml": nav, "a.xhtml": page('<section epub:type="toc">Se s. 1</section>') + ""}
    document = one(read_epub, epub(book | {"b.xhtml": ONE}, properties="nav.xhtml=nav"), "bok.epub")

    assert document.text == "Skog\n\nGranen är grön."


def test_pages_marked_in_text():
    """Marks of a printed edition's pages are the pages."""
    breaks = [
        '<span epub:type="pagebreak" title="7"></span>',
        '<span role="doc-pagebreak" aria-label="8"/>',
    ]
    body = page(f"<p>{breaks[0]}Sju är många.</p><p>Inte {breaks[1]}åtta.</p>")
    document = one(read_epub, epub({"a.xhtml": body}), "bok.epub")

    assert pages(document) == {"7": "Sju", "8": "åtta."}


def test_pages_listed():
    """A list of pages, EPUB 2's or 3's, leads to places in the chapters."""
    chapters = {"a.xhtml": page('<p id="s1">Ett.</p><p id="s2">Två.</p>')}
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><pageList>'
        '<pageTarget><navLabel><text>11</text></navLabel><content src="a.xhtml#s1"/></pageTarget>'
        '<pageTarget><navLabel><text>12</text></navLabel><content src="a.xhtml#s2"/></pageTarget>'
        "</pageList></ncx>"
    )
    nav = page('<nav epub:type="page-list"><ol><li><a href="a.xhtml#s2">xii</a></li></ol></nav>')

    document = one(read_epub, epub(chapters | {"toc.ncx": ncx}), "bok.epub")
    assert pages(document) == {"11": "Ett.", "12": "Två."}
    document = one(
        read_epub, epub(chapters | {"n.xhtml": nav}, properties="n.xhtml=nav"), "bok.epub"
    )
    assert pages(document) == {"xii": "Två."}


def test_offsets_across_chapters():
    """Sections and pages of later chapters lie where they begin in the whole text."""
    mark = '<span epub:type="pagebreak" title="{}"/>'
    chapters = {f"{n}.xhtml": page(f"<h1>Del {n}</h1>{mark.format(n)}<p>Ord{n}</p>") for n in "123"}
    document = one(read_epub, epub(chapters), "bok.epub")

    assert labels(document) == ["Del 1", "Del 2", "Del 3"]
    assert pages(document) == {n: f"Ord{n}" for n in "123"}


def test_escaped_names():
    """A name with blanks is written with escapes in the list of chapters."""
    assert "Granen" in one(read_epub, epub({"kap%201.xhtml": ONE}), "bok.epub").text


def test_missing_chapter():
    """A chapter that is not there is reported; the others are kept."""
    content = epub({"a.xhtml": ONE, "b.xhtml": TWO}).replace(b"OEBPS/b.xhtml", b"OEBPS/c.xhtml")
    problem, document = read_epub(chunk_of(content, "bok.epub"))

    assert isinstance(problem, DocumentFormatError)
    assert "lacks its chapter 'OEBPS/b.xhtml'" in problem.reason
    assert isinstance(document, Document)
    assert "Granen" in document.text


def test_damaged_chapter():
    """A chapter that cannot be unpacked is reported; the others are kept."""
    content = epub({"a.xhtml": ONE, "b.xhtml": TWO})
    middle = content.index(b"OEBPS/b.xhtml") + 60
    content = content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
    problem, document = read_epub(chunk_of(content, "bok.epub"))

    assert isinstance(problem, DocumentFormatError)
    assert "its part 'OEBPS/b.xhtml' cannot be unpacked" in problem.reason
    assert isinstance(document, Document)
    assert document.text == "Skog\n\nGranen är grön."


def test_without_container():
    """A book whose container is missing is read all the same."""
    content = epub({"a.xhtml": ONE}).replace(b"META-INF/container.xml", b"META-INF/containex.xml")
    assert "Granen" in one(read_epub, content, "bok.epub").text


def encryption(algorithm: str) -> str:
    return f'<encryption><EncryptionMethod Algorithm="{algorithm}"/></encryption>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (package({"mimetype": "application/epub+zip"}), "has no list of its chapters"),
        (package({"META-INF/container.xml": CONTAINER}), "has no list of its chapters"),
        (epub({"a.xhtml": ONE})[:-80], "is truncated"),
        (epub({"a.xhtml": page("<img src='a.png'/>")}), "run OCR"),
        (
            epub({"a.xhtml": ONE}, **{"META-INF__encryption": encryption("http://x/aes")}),
            "is encrypted (DRM)",
        ),
    ],
)
def test_faults(content: bytes, reason: str):
    """What is wrong with a book is told."""
    assert reason in fault(read_epub, content, "bok.epub")


def test_disguised_fonts():
    """Fonts that are disguised do not make a book an encrypted one."""
    fonts = {"META-INF__encryption": encryption("http://www.idpf.org/2008/embedding")}
    assert one(read_epub, epub({"a.xhtml": ONE}, **fonts), "bok.epub").text
