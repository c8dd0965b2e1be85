"""Does an XML file give the documents it holds, safely?"""

from __future__ import annotations

from pathlib import Path

import pytest

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.formats import xml_file
from searchkit.corpus.formats.xml_file import READER, parse_xml, read_xml, record_of
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"

STATUS = """<dokumentstatus>
<dokument><dok_id>H902Ab17</dok_id><rm>2021/22</rm><beteckning>17</beteckning><typ>mot</typ>
<datum>2021-10-04 00:00:00</datum><titel>Färjeled över Lillsundet</titel><subtitel/>
<html>&lt;h1&gt;Färjeled&lt;/h1&gt;&lt;p&gt;Färjan går&amp;nbsp;ofta.&lt;/p&gt;</html></dokument>
<dokintressent><intressent><namn>Eva Ek</namn><partibet>S</partibet><roll>undertecknare</roll>
</intressent></dokintressent>
</dokumentstatus>"""
SENTENCE = "Färjan till Lillsund ska gå varje timme, även under vintern och när isen ligger."


def chunk_of(content: bytes) -> Chunk:
    return Chunk("xml", Path("/corpus/f.xml"), "f.xml", content, 1, len(content))


def read(content: str | bytes) -> list[Document | DocumentFormatError]:
    payload = content.encode() if isinstance(content, str) else content
    try:
        return list(read_xml(chunk_of(payload)))
    except DocumentFormatError as error:
        return [error]


def one(content: str | bytes) -> Document:
    (outcome,) = read(content)
    assert isinstance(outcome, Document), outcome
    return outcome


def reason(content: str | bytes) -> str:
    (outcome,) = read(content)
    assert isinstance(outcome, DocumentFormatError), outcome
    return outcome.reason


def test_reader():
    """The reader takes .xml files."""
    assert READER.extensions == (".xml",)


def test_riksdag_status():
    """A paper of the Riksdag is the same document as from JSON."""
    document = one(STATUS)

    assert (document.id, document.title) == ("H902AB17", "Färjeled över Lillsundet")
    assert (document.date, document.type) == ("2021-10-04", "mot")
    assert document.fields["people"] == "Eva Ek (S)"
    assert document.text == "Färjeled\n\nFärjan går ofta."


def test_several_papers():
    """Several papers under one root are read one by one."""
    first, second = read(f"<svar>{STATUS}{STATUS.replace('Ab17', 'Ab18')}</svar>")

    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.id, second.id) == ("H902AB17", "H902AB18")


def test_html_that_was_not_escaped():
    """HTML that stands as elements in an object's field is read as HTML."""
    html = "<html><h1>Färjeled</h1><p>Färjan går.</p></html>"
    start, end = STATUS.index("<html>"), STATUS.index("</html>") + len("</html>")

    assert one(STATUS[:start] + html + STATUS[end:]).text == "Färjeled\n\nFärjan går."


def test_record():
    """Elements of one name become a list, one alone an object, an empty one null."""
    root = parse_xml(b"<a><x>1</x><x>2</x><y><z>3</z></y><e/></a>", chunk_of(b""))

    assert record_of(root) == {"x": ["1", "2"], "y": {"z": "3"}, "e": None}


def test_other_root_of_the_riksdag():
    """A list of archives is reported as such."""
    assert "archives to download (1" in reason(
        "<datasetlista><dataset><namn>mot</namn></dataset></datasetlista>"
    )


def test_unknown_xml():
    """Of unknown XML the paragraphs are read, and elements named as columns are metadata."""
    document = one(
        "<sida><titel>Färjor</titel><datum>2024-05-03</datum>"
        f"<text><stycke>{SENTENCE}</stycke><stycke>Den är <b>gul</b>.</stycke></text></sida>"
    )

    assert (document.id, document.title, document.date) == ("f.xml", "Färjor", "2024-05-03")
    assert document.text == f"Färjor\n\n2024-05-03\n\n{SENTENCE}\n\nDen är gul."


def test_unknown_xml_without_sentences():
    """XML that only holds values is reported, with its root."""
    assert "root element 'konfig'" in reason("<konfig><port>80</port><namn>ett</namn></konfig>")


def test_entity_bomb():
    """Entities that stand for each other are not expanded, and the file is reported."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e9;</a>'

    assert "entities of its own" in reason(bomb)


def test_entity_that_reads_a_file(tmp_path):
    """An entity that stands for another file is not read."""
    secret = tmp_path / "secret.txt"
    secret.write_text("hemligt")

    outcome = reason(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>')

    assert "entities of its own" in outcome


def test_document_type_elsewhere():
    """A document type that lies elsewhere is not fetched; its text is read without it."""
    text = one(f'<!DOCTYPE a SYSTEM "http://localhost:1/a.dtd"><a><p>{SENTENCE}</p></a>').text

    assert text == SENTENCE


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"hej", "does not begin with '<'"),
        (b"%PDF-1.7", "it is a PDF file"),
        (b"<dokumentstatus><dokument><dok_id>H1", "truncated"),
        (b"<a>" * 50_000, "safeguard"),
        (b"<a>ett & tv\xc3\xa5</a>", "broken XML"),
        (b"<dokumentstatus/>", "empty answer"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_bad_files(content, what):
    """What cannot be read is reported with what it is."""
    assert what in reason(content)


def test_broken_xml_tells_the_line():
    """The place of an error in the file is told."""
    (outcome,) = read(b"<a>\n<b>\n</c>\n</a>")

    assert isinstance(outcome, DocumentFormatError)
    assert outcome.line == 3


def test_too_many_elements(monkeypatch):
    """A file of too many elements is not parsed."""
    monkeypatch.setattr(xml_file, "ELEMENTS_MAX", 10)

    assert "split it" in reason("<a>" + "<b/>" * 20 + "</a>")


def test_forbidden_characters():
    """Characters that XML forbids, written or referred to, become blanks."""
    document = one(STATUS.replace("Lillsundet", "Lill\x05sund&#x1F;et"))

    assert document.title == "Färjeled över Lill sund et"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encoding_than_declared(encoding):
    """The bytes tell the encoding, if the declaration is wrong."""
    content = ('<?xml version="1.0" encoding="utf-8"?>' + STATUS).encode(encoding)

    assert one(content).title == "Färjeled över Lillsundet"


def test_text_larger_than_the_parser_expects():
    """The HTML of a very long report, one text of more than 10 MB, is read."""
    long = STATUS.replace("&lt;p&gt;", "&lt;p&gt;" + "&lt;i class=x&gt;&lt;/i&gt;" * 420_000)

    assert one(long).text.startswith("Färjeled")


def test_web_page_named_xml():
    """An HTML page with the name of an XML file is read as a page."""
    page = f"<!DOCTYPE html><html><body><h1>Färjor</h1><p>{SENTENCE}<br></p></body></html>"

    assert SENTENCE in one(page).text


def test_genuine_files():
    """Genuine XML of the Riksdag gives papers and entries with title and date, or its reason."""
    folder = SAMPLES / "riksdag-api-xml"
    if not folder.exists():
        pytest.skip(f"no {folder} here")
    for path in sorted(folder.glob("*.xml")):
        chunk = Chunk("xml", path, path.name, None, 1, path.stat().st_size)
        if path.name == "datasetlista.xml":
            with pytest.raises(DocumentFormatError, match="archives to download"):
                list(read_xml(chunk))
            continue
        for document in read_xml(chunk):
            assert isinstance(document, Document), document
            assert document.title, path
            assert document.date, path
