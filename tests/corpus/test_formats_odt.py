"""How does a text document of LibreOffice (.odt) become a document?"""

from __future__ import annotations

import pytest
from office_files import fault, labels, one, package, pages

from searchkit.corpus.formats.odt import read_odt
from searchkit.model import Document

O = "urn:oasis:names:tc:opendocument:xmlns"  # noqa: E741
NAMES = " ".join(
    f'xmlns:{short}="{O}:{long}"'
    for short, long in {
        "office": "office:1.0",
        "text": "text:1.0",
        "table": "table:1.0",
        "style": "style:1.0",
        "draw": "drawing:1.0",
        "meta": "meta:1.0",
        "fo": "xsl-fo-compatible:1.0",
        "manifest": "manifest:1.0",
    }.items()
)
MIMETYPE = "application/vnd.oasis.opendocument.text"
STYLES = f"""<office:document-styles {NAMES}><office:styles>
<style:style style:name="Title" style:family="paragraph"/>
<text:outline-style style:name="Outline">
<text:outline-level-style text:level="1" style:num-format="1"/>
<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>
<text:outline-level-style text:level="3" style:num-format=""/>
</text:outline-style></office:styles></office:document-styles>"""
AUTOMATIC = """<office:automatic-styles>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="P2" style:family="paragraph">
<style:paragraph-properties fo:break-before="page"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1"
 style:num-format="1" style:num-suffix="."/></text:list-style>
</office:automatic-styles>"""


def content(body: str) -> str:
    return (
        f"<office:document-content {NAMES}>{AUTOMATIC}"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def meta(fields: str) -> str:
    return (
        f'<office:document-meta {NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<office:meta>{fields}</office:meta></office:document-meta>"
    )


def odt(body: str, about: str = "", styles: str = "") -> bytes:
    parts = {"mimetype": MIMETYPE, "content.xml": content(body), "meta.xml": meta(about)}
    return package(parts | ({"styles.xml": styles} if styles else {}))


def read(body: str, about: str = "", styles: str = "") -> Document:
    return one(read_odt, odt(body, about, styles), "brev.odt")


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(text: str, level: int = 1) -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def test_paragraphs():
    """White space of the XML is one blank; blanks, tabs and line breaks are elements."""
    body = p('Ett\n  två<text:s text:c="2"/>tre<text:tab/>fyra<text:line-break/>fem') + p("Sex")
    assert read(body).text == "Ett två  tre\tfyra\nfem\n\nSex"


def test_spans_and_links():
    """Text inside of spans, links and fields is text."""
    span = "<text:span>fetstil</text:span> och <text:a>en <text:span>länk</text:span></text:a>"
    assert read(p(f"Med {span}.")).text == "Med fetstil och en länk."


def test_headings():
    """Headings are sections; where the outline numbers them, they carry their number."""
    body = h("Inledning") + h("Skäl", 2) + p("Text") + h("Mål", 2) + h("Utan", 3) + h("Slut")

    assert labels(read(h("Planen") + body)) == ["Inledning", "Skäl", "Mål", "Utan", "Slut"]
    numbered = ["1 Inledning", "1.1 Skäl", "1.2 Mål", "Utan", "2 Slut"]
    assert labels(read(body, styles=STYLES)) == numbered


def test_list():
    """List items stand on lines of their own; lists in lists, too."""
    inner = f"<text:list><text:list-item>{p('Inre')}</text:list-item></text:list>"
    items = f"<text:list-item>{p('Ett')}{p('mera')}{inner}</text:list-item>"
    stated = f"<text:list-item><text:number>b)</text:number>{p('Två')}</text:list-item>"
    body = f"<text:list>{items}{stated}</text:list>{p('Efter')}"

    assert read(body).text == "- Ett\nmera\n- Inre\nb) Två\n\nEfter"


def test_numbered_list():
    """Items of a numbered list carry their numbers, which may go on after other text."""

    def items(*texts: str, more: str = "") -> str:
        inner = "".join(f"<text:list-item>{p(text)}</text:list-item>" for text in texts)
        return f'<text:list text:style-name="L1"{more}>{inner}</text:list>'

    goes_on = ' text:continue-numbering="true"'
    body = items("Ett", "Två") + p("Emellan") + items("Tre", more=goes_on) + items("Nytt")
    assert read(body).text == "1. Ett\n2. Två\n\nEmellan\n\n3. Tre\n1. Nytt"


def test_heading_in_list():
    """A numbered heading, which LibreOffice puts into lists, is a heading."""
    body = f"<text:list><text:list-item>{h('Skäl')}</text:list-item></text:list>{p('Text')}"
    assert labels(read(h("Planen") + body)) == ["Skäl"]


def test_table():
    """A row is a line; columns, repeated cells and covered ones add nothing."""
    row = "<table:table-row>{}</table:table-row>"
    cells = [f"<table:table-cell>{p(t)}</table:table-cell>" for t in ("År", "Kr", "2016", "5")]
    many = '<table:covered-table-cell table:number-columns-repeated="9999999"/>'
    body = (
        '<table:table><table:table-column table:number-columns-repeated="2"/>'
        f"<table:table-header-rows>{row.format(''.join(cells[:2]))}</table:table-header-rows>"
        f"{row.format(''.join(cells[2:]) + many)}</table:table>"
    )
    assert read(p("Före") + body).text == "Före\n\nÅr | Kr\n2016 | 5"


def test_left_out():
    """Deleted text, comments and tables of contents are left out."""
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion>"
        f"{p('Borttaget')}</text:deletion></text:changed-region></text:tracked-changes>"
        f"<text:table-of-content><text:index-body>{p('Inledning 1')}</text:index-body>"
        "</text:table-of-content>"
        + p(f"Kvar<office:annotation>{p('Kommentar')}</office:annotation> här")
    )
    assert read(body).text == "Kvar här"


def test_note():
    """A note stands at the end, its number where it is referred to."""
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{p('Se SOU 2015:1.')}</text:note-body></text:note>"
    )
    assert read(p(f"Ord{note} går") + p("Slut")).text == "Ord[1] går\n\nSlut\n\n[1] Se SOU 2015:1."


def test_text_box():
    """A text box follows the paragraph that it hangs on."""
    box = f"<draw:frame><draw:text-box>{p('I rutan')}</draw:text-box></draw:frame>"
    assert read(p(f"Före{box}") + p("Efter")).text == "Före\n\nI rutan\n\nEfter"


def test_soft_pages():
    """A page begins at a soft page break, and at a paragraph that asks for one."""
    body = p("Ett två<text:soft-page-break/>vidare") + p("Tredje", "P2")
    assert pages(read(body)) == {"1": "Ett", "2": "vidare", "3": "Tredje"}


@pytest.mark.parametrize(("stated", "expected"), [(2, {"1": "Ett", "2": "Två"}), (7, {})])
def test_pages_by_the_author_only(stated: int, expected: dict[str, str]):
    """Without soft breaks, those of the author count if they are as many as the pages."""
    about = f'<meta:document-statistic meta:page-count="{stated}"/>'
    assert pages(read(p("Ett") + p("Två", "P2"), about)) == expected


def test_properties():
    """Language, author and the properties that the author has named are metadata."""
    about = (
        "<dc:language>sv-SE</dc:language><dc:creator>Bo Ek</dc:creator>"
        "<meta:initial-creator>Eva Alm</meta:initial-creator><dc:date>2019-05-06T07:08:09</dc:date>"
        '<meta:user-defined meta:name="Diarienummer">Ju2019/12</meta:user-defined>'
    )
    document = read(p("Text"), about)

    assert document.date == "2019-05-06"
    assert document.fields["language"] == "sv"
    assert document.fields["author"] == "Eva Alm"
    assert document.fields["dnr"] == "Ju2019/12"


def test_title():
    """A paragraph in the style "Title", or in one made from it, is the title."""
    assert read(p("Hemställan") + p("Plan för ån", "P1") + p("Text")).title == "Plan för ån"


def test_flat_file():
    """A flat file is read like a package."""
    body = f"<office:body><office:text>{h('Plan')}{h('Mål')}</office:text></office:body>"
    flat = f'<?xml version="1.0"?>\n<office:document {NAMES}>{AUTOMATIC}{body}</office:document>'
    document = one(read_odt, flat.encode(), "brev.fodt")

    assert (document.text, labels(document)) == ("Plan\n\nMål", ["Mål"])


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (odt(p("Text"))[:-100], "is truncated"),
        (odt(p("")), "is empty: it holds no text"),
        (package({"mimetype": MIMETYPE}), "has no text part"),
        (package({"content.xml": "<a>"}), "is no XML"),
        (
            package(
                {
                    "mimetype": MIMETYPE.replace("text", "spreadsheet"),
                    "content.xml": f"<office:document-content {NAMES}/>",
                }
            ),
            "but spreadsheet; save it as PDF or its tables as CSV",
        ),
        (
            package(
                {
                    "content.xml": "\x8f\x01",
                    "META-INF/manifest.xml": f"<manifest:manifest {NAMES}><manifest:file-entry>"
                    "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
                }
            ),
            "is encrypted",
        ),
        (odt("<text:section>" * 70 + p("Text") + "</text:section>" * 70), "nested too deeply"),
        (odt(p("<text:span>" * 70 + "Text" + "</text:span>" * 70)), "nested too deeply"),
        (b"<html><body>Hej</body></html>", "nor a flat one"),
        (b"\xef\xbb\xbf<office", "nor a flat one"),
    ],
)
def test_faults(file: bytes, reason: str):
    """What is wrong with a file is told."""
    assert reason in fault(read_odt, file, "a.odt")
