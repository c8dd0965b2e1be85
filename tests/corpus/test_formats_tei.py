"""How does a TEI file become documents?"""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from lxml import etree

from searchkit.corpus import Chunk
from searchkit.corpus.formats import tei_people
from searchkit.corpus.formats.tei import read_tei
from searchkit.errors import DocumentFormatError
from searchkit.model import Document, Section

SHARED = Path(__file__).parents[3] / "shared"
NAMESPACE = ' xmlns="http://www.tei-c.org/ns/1.0"'

QUESTION = """<TEI{ns} xml:id="ipq-201920--0007">
<teiHeader><fileDesc>
<titleStmt><title>Interpellation 2019/20:7 av Berg, Eva (s)</title>
<author>Berg, Eva (s)</author></titleStmt>
<publicationStmt><date>2024</date></publicationStmt>
<sourceDesc><bibl>
<title>Interpellation 2019/20:7 av Berg, Eva (s) till Ulf Dal (M), skogsminister om
 Älgens framtid</title>
<idno type="rdwebb">h7107</idno>
<ref type="dokument_url_pdf">https://example.org/7.pdf</ref>
<ref type="dokument_url_html">https://example.org/7</ref>
</bibl></sourceDesc></fileDesc>
<profileDesc><particDesc><listPerson>
<person><persName>Ulf Dal</persName><idno>i-2</idno>
<state type="partyAffiliation"><desc>M</desc></state></person>
</listPerson></particDesc>
<correspDesc>
<correspAction type="answered"><date when="2019-11-05"/></correspAction>
<correspAction type="sent"><date when="2019-10-02"/></correspAction>
<correspAction type="received" corresp="i-2"/>
</correspDesc></profileDesc></teiHeader>
<text><body>
<div type="ipqTitle"><p>Interpellation 2019/20:7
   Älgens framtid</p></div>
<div><head>Bakgrund</head><p>Älgen blir färre.</p><note type="margin">Interpellationer 1-90</note>
<p>Skogen <pb n="12"/>växer.</p><list><item>Ett</item><item>Två</item></list></div>
<div><p>Vad gör ministern?</p><note place="foot">Se SOU 2018:9.</note></div>
</body></text></TEI>"""

SITTING = """<TEI{ns} xml:id="prot-201920--3" xml:lang="sv">
<teiHeader><fileDesc><titleStmt>
<title type="main" xml:lang="en">Sitting 3</title>
<title type="main" xml:lang="sv">Riksdagens protokoll 2019/20:3</title></titleStmt></fileDesc>
<profileDesc><settingDesc><setting><date when="2019-09-12"/></setting></settingDesc>
<particDesc><listPerson>
<person xml:id="EvaBerg">
<persName to="2001"><forename>Eva</forename><surname>Alm</surname></persName>
<persName><surname>Berg</surname><forename>Eva</forename></persName>
<affiliation role="member" ref="#party.S"/></person>
</listPerson></particDesc></profileDesc></teiHeader>
<text><body><pb n="1"/><div>
<head>§ 1 Debatt</head>
<note type="speaker">Anf. 1 EVA BERG (S):</note>
<u xml:id="u1" who="#EvaBerg" next="u2"><seg>Fru talman! Skogen behöver oss.</seg>
<note>(Applåder)</note></u>
<pb n="2"/>
<u xml:id="u2" who="#EvaBerg" prev="u1"><seg>Den behöver tid.</seg></u>
<note type="speaker">Anf. 2 ULF DAL (M) replik:</note>
<u xml:id="u3" who="#okänd"><seg><w>Jag</w><w join="right">instämmer</w><pc>.</pc></seg></u>
<u xml:id="u4" who="#EvaBerg"><note>(Skratt)</note></u>
</div></body></text></TEI>"""


def read(written: str, name: str = "a.xml") -> list[Document]:
    chunk = Chunk("xml", Path(name), name, None, 1, len(written))
    outcomes = list(read_tei(etree.fromstring(written), chunk))
    assert all(isinstance(outcome, Document) for outcome in outcomes)
    return [outcome for outcome in outcomes if isinstance(outcome, Document)]


@pytest.fixture(params=[NAMESPACE, ""], ids=["namespace", "none"])
def question(request):
    [document] = read(QUESTION.format(ns=request.param))
    return document


@pytest.fixture
def speeches():
    return read(SITTING.format(ns=NAMESPACE))


def test_question_is_a_document(question):
    """An interpellation has its id, type, number, riksmöte and the date it was put, with or
    without namespace."""
    assert (question.id, question.type, question.date) == (
        "ipq-201920--0007",
        "interpellation",
        "2019-10-02",
    )
    assert (question.fields["number"], question.fields["rm"]) == ("2019/20:7", "2019/20")


def test_question_title_is_what_it_is_about(question):
    """A title that only numbers the question gives way to what the question is about."""
    assert question.title == "Älgens framtid"


def test_question_people(question):
    """Names come first name first, parties in capitals, and the addressee by reference."""
    assert question.fields["people"] == "Eva Berg (S)"
    assert question.fields["party"] == "S"
    assert question.fields["addressee"] == "Ulf Dal (M)"


def test_question_links(question):
    """The address of the page goes before that of a PDF, and the Riksdag's id is kept."""
    assert question.fields["url"] == "https://example.org/7"
    assert question.fields["dok_id"] == "H7107"


def test_text_of_blocks(question):
    """Blocks are paragraphs, items have a dash, footnotes stay and what is in the margin goes."""
    assert question.text.split("\n\n") == [
        "Interpellation 2019/20:7 Älgens framtid",
        "Bakgrund",
        "Älgen blir färre.",
        "Skogen växer.",
        "- Ett",
        "- Två",
        "Vad gör ministern?",
        "Se SOU 2018:9.",
    ]


def test_sections_and_pages(question):
    """Headings are sections, and a page begins where its mark stands, inside a paragraph too."""
    assert question.sections == [Section(question.text.index("Bakgrund"), "Bakgrund")]
    assert question.pages == [Section(question.text.index("växer"), "12")]


def test_each_speech_is_a_document(speeches):
    """Of a sitting each speech is a document; what holds only noises is none."""
    assert [document.id for document in speeches] == ["u1", "u3"]
    assert {document.type for document in speeches} == {"anförande"}


def test_speech_cut_in_parts_is_one(speeches):
    """Parts that refer to each other are one speech, without the stenographer's notes."""
    assert speeches[0].text == "Fru talman! Skogen behöver oss.\n\nDen behöver tid."


def test_title_of_a_speech(speeches):
    """A speech is called after the debate it is part of, and after its speaker."""
    assert speeches[0].title == "Debatt – anförande av Eva Berg (S)"
    assert speeches[0].fields["debate"] == "Debatt"


def test_speech_outside_a_debate():
    """Without a heading above it, a speech is called after the sitting, in Swedish."""
    written = SITTING.format(ns="").replace("<head>§ 1 Debatt</head>", "")

    first, _ = read(written.replace("2019/20:3<", "2019/20:3 [ParlaMint SAMPLE]<"))

    assert first.title == "Riksdagens protokoll 2019/20:3 – anförande av Eva Berg (S)"


def test_pages_without_numbers():
    """Pages of which only the picture is named are counted."""
    document = read("<TEI><text><pb facs='a'/><p>Ett</p><pb facs='b'/><p>Två</p></text></TEI>")[0]

    assert document.pages == [Section(0, "1"), Section(5, "2")]


def test_speech_belongs_to_its_sitting(speeches):
    """A speech has the sitting's date, language, riksmöte and record."""
    assert speeches[0].date == "2019-09-12"
    assert speeches[0].fields["language"] == "sv"
    assert (speeches[0].fields["rm"], speeches[0].fields["number"]) == ("2019/20", "2019/20:3")


def test_speech_in_the_file_of_a_question():
    """The number of an interpellation is none of minutes, so a speech on it has none."""
    body = "<text><body><u><seg>Tack!</seg></u></body></text>"
    [speech] = read(f'<TEI xml:id="ipq-201920--7">{body}</TEI>')

    assert (speech.type, speech.fields.get("number")) == ("anförande", None)


def test_speaker_by_reference(speeches):
    """A speaker's name is looked up in the list of persons: the one that is still borne."""
    assert (speeches[0].fields["people"], speeches[0].fields["party"]) == ("Eva Berg (S)", "S")


def test_speaker_as_announced(speeches):
    """A speaker who is not listed is named as in the line above the speech."""
    assert speeches[1].fields["people"] == "Ulf Dal (M)"


def test_pages_of_speeches(speeches):
    """A speech begins on the page that is open, and goes on over the next."""
    assert speeches[0].pages == [Section(0, "1")]
    assert speeches[1].pages == [Section(0, "2")]


def test_words_are_set_together(speeches):
    """Text that is marked up word by word has blanks only where words are not joined."""
    assert speeches[1].text == "Jag instämmer."


def test_speech_in_a_drama_element():
    """A speech may be an <sp> with its speaker's name in it; without ids it is numbered."""
    written = (
        "<TEI><text><body><sp><speaker>Fru Berg (c):</speaker><p>Ja!</p></sp>"
        "<sp><p>Nej!</p></sp></body></text></TEI>"
    )

    first, second = read(written)

    assert (first.id, first.text, first.fields["people"]) == ("a.xml#1", "Ja!", "Fru Berg (C)")
    assert (second.id, second.text) == ("a.xml#2", "Nej!")


def test_corpus_in_one_file():
    """Every text of a corpus in one file is read."""
    part = "<TEI><text><body><p>{}</p></body></text></TEI>"

    documents = read(f"<teiCorpus><teiHeader/>{part.format('Ett')}{part.format('Två')}</teiCorpus>")

    assert [(document.id, document.text) for document in documents] == [
        ("a.xml#1", "Ett"),
        ("a.xml#2", "Två"),
    ]


def test_deep_nesting():
    """Elements that are nested without end are read, as text."""
    [document] = read(f"<TEI><text>{'<div>' * 240}Botten{'</div>' * 240}</text></TEI>")

    assert document.text == "Botten"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("<teiCorpus><teiHeader/><include href='a'/></teiCorpus>", "it names 1 files"),
        ("<TEI><standOff><listPerson><person/></listPerson></standOff></TEI>", "list of 1 persons"),
        ("<TEI><teiHeader/></TEI>", "TEI without a text"),
        ("<TEI><teiHeader/><text><body/></text></TEI>", "is empty"),
    ],
)
def test_file_without_text(written, reason):
    """A file that holds no text is reported as what it is."""
    with pytest.raises(DocumentFormatError, match=reason):
        read(written)


def test_examples():
    """The examples in the docstrings hold."""
    assert doctest.testmod(tei_people).failed == 0
    assert doctest.testmod(tei_people).attempted > 0


def test_genuine_interpellations():
    """Genuine interpellations have title, date, number, author and text."""
    folder = SHARED / "samples" / "tei-xml-interpellation"
    if not folder.exists():
        pytest.skip("no samples here")
    for path in folder.glob("*.xml"):
        [document] = read(path.read_bytes(), path.name)
        assert document.id == path.stem
        assert document.type == "interpellation"
        assert document.title
        assert document.date
        assert document.fields["number"].startswith(document.fields["rm"])
        assert document.fields["people"]
        assert len(document.text) > 500
