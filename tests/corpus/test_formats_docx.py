"""How does a Word file (.docx) become a document?"""

from __future__ import annotations

import pytest
from office_files import OFFICE, RELATIONS, W, fault, labels, one, package, pages

from searchkit.corpus.formats.docx import read_docx
from searchkit.model import Document

STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Rubrik"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Rubrik1"><w:name w:val="heading 1"/>
 <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Rubrik2"><w:name w:val="heading 2"/>
 <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Bilaga"><w:name w:val="Bilagerubrik utan nummer"/></w:style>
<w:style w:type="paragraph" w:styleId="Egen"><w:name w:val="Egen"/>
 <w:basedOn w:val="Grund"/></w:style>
<w:style w:type="paragraph" w:styleId="Grund"><w:name w:val="Grund"/><w:basedOn w:val="Egen"/>
 <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Innehll1"><w:name w:val="toc 1"/></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering xmlns:w="{W}">
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Rubrik1"/>
 <w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/>
 <w:lvlText w:val="%2)"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>"""


def docx(body: str, **parts: str) -> bytes:
    """Return a Word file with this body; further parts by name, "/" written as "__"."""
    more = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    return package(
        {
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" '
            f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": STYLES,
            "word/numbering.xml": NUMBERING,
            **more,
        }
    )


def p(text: str, style: str = "", properties: str = "") -> str:
    """Return a paragraph of one run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(*paragraphs: str) -> str:
    return f"<w:tc>{''.join(map(p, paragraphs))}</w:tc>"


def read(body: str, **parts: str) -> Document:
    return one(read_docx, docx(body, **parts), "brev.docx")


def test_paragraphs():
    """Paragraphs are parted by a blank line, breaks in them stay, tabs too."""
    body = "<w:p><w:r><w:t>Ett</w:t><w:br/><w:t>två</w:t><w:tab/><w:t>tre</w:t></w:r></w:p>"
    assert read(body + p("") + p("Fyra")).text == "Ett\ntvå\ttre\n\nFyra"


def test_headings_with_numbers():
    """Headings are known by the name of their style, and carry the number Word counts."""
    body = p("Inledning", "Rubrik1") + p("Skäl", "Rubrik2") + p("Text") + p("Mål", "Rubrik2")
    document = read(body + p("Förslag", "Rubrik1") + p("Detalj", "Rubrik2"))

    assert labels(document) == ["1 Inledning", "1.1 Skäl", "1.2 Mål", "2 Förslag", "2.1 Detalj"]


def test_heading_by_outline_level():
    """A paragraph with an outline level of its own is a heading; level 10 is body text."""
    level = '<w:outlineLvl w:val="2"/>'
    body = p("Planen", "Rubrik") + p("Eget", properties=level) + p("Text")
    assert labels(read(body + p("Bröd", "Rubrik2", '<w:outlineLvl w:val="9"/>'))) == ["Eget"]


def test_heading_by_own_style():
    """An author's own style called a "rubrik" makes headings."""
    assert labels(read(p("Planen", "Rubrik") + p("Bilaga A", "Bilaga") + p("Text"))) == ["Bilaga A"]


def test_circular_styles():
    """Styles based on each other end, and the level of either counts."""
    assert labels(read(p("Planen", "Rubrik") + p("Rubriken", "Egen") + p("Text"))) == ["Rubriken"]


def test_list_items():
    """List items stand on lines of their own, behind a hyphen or their number."""
    items = [
        f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="2"/></w:numPr>' for level in (0, 1)
    ]
    body = p("Ett", "", items[0]) + p("Två", "", items[1]) + p("Tre", "", items[1]) + p("Slut")
    assert read(body).text == "- Ett\nc) Två\nd) Tre\n\nSlut"


def test_table():
    """A row is a line, its cells parted by bars; vertically merged cells are not repeated."""
    merged = '<w:tc><w:tcPr><w:vMerge w:val="continue"/></w:tcPr><w:p/></w:tc>'
    rows = f"<w:tr>{cell('År')}{cell('Belopp')}</w:tr><w:tr>{cell('2016')}{cell('1 000')}</w:tr>"
    body = f"{p('Före')}<w:tbl><w:tblPr/>{rows}<w:tr>{merged}{cell('5')}{cell('6')}</w:tr></w:tbl>"
    assert read(body + p("Efter")).text == "Före\n\nÅr | Belopp\n2016 | 1 000\n5 | 6\n\nEfter"


def test_table_for_layout():
    """A table that only places paragraphs on the page gives paragraphs, with their headings."""
    inner = p("Rubriken", "Rubrik1") + p("Ett " * 60) + p("Två " * 60)
    body = f"<w:tbl><w:tr>{cell('Marginal')}<w:tc>{inner}</w:tc></w:tr></w:tbl>"
    document = read(body)

    assert labels(document) == ["1 Rubriken"]
    assert len(document.text.split("\n\n")) == 4


def test_tracked_changes():
    """What was inserted is there, what was deleted or moved away is not."""
    body = (
        "<w:p><w:r><w:t>Ja </w:t></w:r><w:ins><w:r><w:t>ny</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>gammal</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>bort</w:t></w:r></w:moveFrom></w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell('a')}{cell('b')}</w:tr></w:tbl>"
    )
    assert read(body).text == "Ja ny"


def test_fields_and_hidden_text():
    """Of a field its result is text, not its code; hidden text is no text."""
    codes = [f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end")]
    body = (
        f"<w:p>{codes[0]}<w:r><w:instrText>REF x</w:instrText></w:r>{codes[1]}"
        f"<w:r><w:t>avsnitt 3</w:t></w:r>{codes[2]}"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>dold</w:t></w:r></w:p>"
    )
    assert read(body).text == "avsnitt 3"


def test_field_without_end():
    """A field that never ends costs no text in the next paragraph."""
    body = '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:t>kod</w:t></w:r></w:p>'
    assert read(body + p("Texten")).text == "Texten"


def test_contents_are_left_out():
    """A table of contents repeats the headings, and is left out."""
    assert read(p("1 Inledning 3", "Innehll1") + p("Inledning")).text == "Inledning"


def test_text_box():
    """A text box follows its paragraph, once, though it is stored in two renderings."""
    box = "<w:txbxContent>" + p("I rutan") + "</w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f'<w:p><w:r><w:t>Före</w:t><mc:AlternateContent xmlns:mc="{mc}">'
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read(body).text == "Före\n\nI rutan"


def test_content_control():
    """What stands in content controls is text like any other."""
    body = f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{p('Motion')}</w:sdtContent></w:sdt>"
    assert read(body).text == "Motion"


def test_notes():
    """Notes stand at the end, each on the page that refers to it."""
    reference = '<w:p><w:r><w:t>Ord</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    turn = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Ny sida</w:t></w:r></w:p>"
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{p("Se SOU 2015:1.")}</w:footnote>'
    document = read(reference + turn, word__footnotes=notes + "</w:footnotes>")

    assert document.text == "Ord[1]\n\nNy sida\n\n[1] Se SOU 2015:1."
    assert [(page.label, page.start) for page in document.pages] == [("1", 0), ("2", 8), ("1", 17)]


def test_pages():
    """A page begins where Word last turned one, be it in the middle of a sentence."""
    body = (
        "<w:p><w:r><w:t>Sida ett </w:t><w:lastRenderedPageBreak/><w:t>går vidare</w:t>"
        '<w:br w:type="page"/></w:r></w:p>'
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Tredje</w:t></w:r></w:p>"
    )
    document = read(body)

    assert document.text == "Sida ett går vidare\n\nTredje"
    assert pages(document) == {"1": "Sida", "2": "går", "3": "Tredje"}


@pytest.mark.parametrize(("stated", "expected"), [("2", {"1": "Ett", "2": "Två"}), ("9", {})])
def test_pages_by_the_author_only(stated: str, expected: dict[str, str]):
    """Breaks that the author made are the pages only if Word counted as many."""
    body = '<w:p><w:r><w:t>Ett</w:t><w:br w:type="page"/></w:r></w:p>' + p("Två")
    app = f"<Properties><Pages>{stated}</Pages></Properties>"

    assert pages(read(body, docProps__app=app)) == expected


def test_section_begins_page():
    """A new section begins a page, unless it is continuous."""
    kinds = ("continuous", "nextPage")
    sections = [f'<w:sectPr><w:type w:val="{kind}"/></w:sectPr>' for kind in kinds]
    body = p("Ett", properties=sections[0]) + p("Två", properties=sections[0]) + p("Tre")
    app = "<Properties><Pages>2</Pages></Properties>"

    assert pages(read(body + sections[1], docProps__app=app)) == {"1": "Ett", "2": "Tre"}


def core(title: str = "", creator: str = "") -> str:
    return (
        '<c:p xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>"
        '<t:created xmlns:t="t">2013-04-18T07:51:00Z</t:created>'
        '<t:modified xmlns:t="t">2013-05-02T09:00:00Z</t:modified></c:p>'
    )


def test_title_in_properties():
    """The title of the properties counts if it stands in the text."""
    body = p("Skrivelse") + p("Ett rikare liv i Norrland") + p("Text")
    document = read(body, docProps__core=core("Microsoft Word - Ett rikare liv i Norrland"))

    assert document.title == "Ett rikare liv i Norrland"


@pytest.mark.parametrize("title", ["ReferatLagrummet", "Dokument1", "brev_v2.docx", "Proposition"])
def test_title_of_template(title: str):
    """A title that is a template's, a file's or a mere kind is not taken."""
    document = read(p("Om vargens liv", "Rubrik1") + p("Text"), docProps__core=core(title))
    assert document.title == "Om vargens liv"


def test_title_style():
    """A paragraph in the style "Title" is the title."""
    assert read(p("Hemställan") + p("Plan för ån", "Rubrik") + p("Text")).title == "Plan för ån"


def test_creator():
    """The creator is the author of the file, if it is a person; an authority is the organ."""
    assert read(p("Text"), docProps__core=core(creator="Eva Ek")).fields["author"] == "Eva Ek"
    assert "author" not in read(p("Text"), docProps__core=core(creator="Windows-användare1")).fields
    organ = read(p("Text"), docProps__core=core(creator="Skogsstyrelsen")).fields["organ"]
    assert organ == "Skogsstyrelsen"


def test_date_of_file_at_last():
    """The date when the file was saved counts only if nothing else tells one."""
    assert read(p("Text"), docProps__core=core()).date == "2013-05-02"
    named = one(read_docx, docx(p("Text"), docProps__core=core()), "2012-01-09 brev.docx")
    assert named.date == "2012-01-09"


def test_labelled_table():
    """Rows of a label and a value, as courts have them on top, are metadata."""
    rows = (("Högsta domstolen", "NJA 2014"), ("Målnummer:", "T 12-13"),
            ("Avgörandedatum:", "2014-06-26"), ("Rubrik:", "Om skadestånd för hund"))  # fmt: skip
    table = "".join(f"<w:tr>{cell(a)}{cell(b)}</w:tr>" for a, b in rows)
    document = read(f"<w:tbl>{table}</w:tbl>")

    assert (document.title, document.date) == ("Om skadestånd för hund", "2014-06-26")
    assert (document.type, document.fields["organ"]) == ("dom", "Högsta domstolen")


def test_labelled_table_of_a_decision():
    """What a court decides on is a judgment, unless its last lines call it a decision."""
    table = f"<w:tbl><w:tr>{cell('Målnummer:')}{cell('Ö12-13')}</w:tr></w:tbl>"
    decision = read(table + p("Skäl") + p("HD:s beslut meddelat: den 5 oktober 2007."))

    assert (decision.type, decision.fields["number"]) == ("beslut", "Ö 12-13")


def test_head_of_table():
    """The head of a table of figures is no metadata, though it has words of metadata."""
    table = f"<w:tr>{cell('Nr')}{cell('Myndighet 3')}</w:tr><w:tr>{cell('1')}{cell('SMHI')}</w:tr>"
    assert "number" not in read(f"<w:tbl>{table}</w:tbl>").fields


def test_deleted_heading():
    """A heading that was deleted with tracked changes is not counted."""
    deleted = (
        '<w:p><w:pPr><w:pStyle w:val="Rubrik1"/><w:rPr><w:del/></w:rPr></w:pPr>'
        "<w:del><w:r><w:delText>Gammal</w:delText></w:r></w:del></w:p>"
    )
    assert labels(read(deleted + p("Ny", "Rubrik1") + p("Text"))) == ["1 Ny"]


def test_data_of_templates():
    """What a ministry's template binds to its header is metadata."""
    info = (
        '<DocumentInfo xmlns="http://lp/documentinfo/RK"><BaseInfo>'
        "<OrganisationInfo><Organisatoriskenhet1>Justitiedepartementet</Organisatoriskenhet1>"
        "</OrganisationInfo><HeaderDate>2018-10-10T00:00:00</HeaderDate><Dnr>Ju2018/1/POL</Dnr>"
        "</BaseInfo></DocumentInfo>"
    )
    document = read(p("Text"), customXml__item1=info, docProps__core=core())

    assert document.date == "2018-10-10"
    assert document.fields["dnr"] == "Ju2018/1/POL"
    assert document.fields["organ"] == "Justitiedepartementet"


def test_running_head():
    """A header is no text, but its number counts where the text has none."""
    head = f'<w:hdr xmlns:w="{W}">{p("Prop. 2015/16:17")}</w:hdr>'
    document = read(p("Om vargar") + p("Vargen är ett djur."), word__header1=head)

    assert document.text == "Om vargar\n\nVargen är ett djur."
    assert (document.type, document.fields["number"]) == ("prop", "2015/16:17")


def test_without_styles():
    """A file without styles, numbering and properties is read."""
    document = f'<w:document xmlns:w="{W}"><w:body>{p("Text")}</w:body></w:document>'
    assert one(read_docx, package({"word/document.xml": document}), "a.docx").text == "Text"


def test_part_under_another_name():
    """The part with the text is the one that the package names, as Word on the web does."""
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Target="/word/document2.xml" '
        f'Type="{OFFICE}/officeDocument"/></Relationships>'
    )
    document = f'<w:document xmlns:w="{W}"><w:body>{p("Text")}</w:body></w:document>'
    content = package({"_rels/.rels": relations, "word/document2.xml": document})
    assert one(read_docx, content, "a.docx").text == "Text"


def test_strict_namespace():
    """A file saved as "Strict Open XML", which has other names of namespaces, is read."""
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f"<w:body>{p('Planen', 'Rubrik')}{p('Plan', 'Rubrik1')}</w:body>"
    parts = {
        "word/document.xml": f'<w:document xmlns:w="{strict}">{body}</w:document>',
        "word/styles.xml": STYLES.replace(W, strict),
    }
    assert labels(one(read_docx, package(parts), "a.docx")) == ["Plan"]


def test_entities_are_not_expanded():
    """An entity of the file's own is not expanded, so it cannot grow."""
    bomb = '<!DOCTYPE d [<!ENTITY a "Hemligt">]>'
    document = f'{bomb}<w:document xmlns:w="{W}"><w:body>{p("Ord &a;")}</w:body></w:document>'
    content = package({"word/document.xml": document})
    assert "Hemligt" not in one(read_docx, content, "a.docx").text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4", "rename it to .pdf"),
        (b"{\\rtf1}", "rename it to .rtf"),
        (b"PK\x03\x04" + bytes(50), "is truncated"),
        (docx(p("Text"))[:-200], "is truncated"),
        (docx(p("Text")).replace(b"w:p", b"w:q", 1), "is damaged"),
        (docx(""), "is empty: it holds no text"),
        (package({"word/document.xml": "<a"}), "is no XML"),
        (package({"xl/workbook.xml": "<a/>"}), "is an Excel workbook"),
        (package({"a.txt": "Hej"}), "is not a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (docx("<w:sdt>" * 90 + p("Text") + "</w:sdt>" * 90), "is nested too deeply"),
        (docx(p("Text") + " " * (8 << 20)), "looks like a zip bomb"),
    ],
)
def test_faults(content: bytes, reason: str):
    """What is wrong with a file is told, with what to do."""
    if content.count(b"PK\x01\x02") > 2 and reason == "is damaged":
        middle = content.index(b"word/document.xml") + 25
        content = content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
    assert reason in fault(read_docx, content, "a.docx")


def test_picture_only():
    """A file of scanned pages says that it has no text."""
    content = package({"word/document.xml": f'<w:document xmlns:w="{W}"><w:body><w:p/></w:body>'
                       "</w:document>", "word/media/image1.png": b"x"})  # fmt: skip
    assert "run OCR" in fault(read_docx, content, "a.docx")
