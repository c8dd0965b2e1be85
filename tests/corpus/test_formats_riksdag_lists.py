"""Are speeches and lists of the Riksdag's open data read, and files without texts reported?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.formats.json_file import read_json
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"

PAPER = {
    "dok_id": "H902Ab17",
    "rm": "2021/22",
    "beteckning": "17",
    "doktyp": "mot",
    "datum": "2021-10-04 00:00:00",
    "titel": "Färjeled över Lillsundet",
    "html": "<p>Färjan bör gå varje timme.</p>",
}


SPEECH = {
    "anforande_id": "a1-b2",
    "dok_id": "H90914",
    "dok_rm": "2021/22",
    "dok_nummer": "14",
    "dok_datum": "2021-10-12 00:00:00",
    "avsnittsrubrik": "Färjor",
    "anforande_nummer": "5",
    "talare": "Infrastrukturminister Eva Ek (S)",
    "parti": "S",
    "anforandetext": "<p>Herr talman!</p>",
}


def read(content: Any, name: str = "h902ab17.json") -> list[Document | DocumentFormatError]:
    payload = json.dumps(content).encode()
    chunk = Chunk("json", Path("/corpus") / name, name, payload, 1, len(payload))
    try:
        return list(read_json(chunk))
    except DocumentFormatError as error:
        return [error]


def one(content: Any) -> Document:
    (outcome,) = read(content)
    assert isinstance(outcome, Document), outcome
    return outcome


def reason(content: Any) -> str:
    (outcome,) = read(content)
    assert isinstance(outcome, DocumentFormatError), outcome
    return outcome.reason


def test_debate_gives_speeches():
    """Each speech of a paper's debate that has a text is a document of its own."""
    speeches = [
        {
            "anf_id": "0bbb-1",
            "anf_text": "<p>Fru talman!</p><p>Färjan är bra.</p>",
            "anf_datum": "2022-02-03 00:00:00",
            "anf_beteckning": "2021/22:67-98",
            "anf_nummer": "98",
            "anf_rm": "2021/22",
            "talare": "Eva Ek (S)",
            "parti": "S",
            "debatt_titel": "Färjor",
        },
        {"anf_id": "0bbb-2", "anf_text": None, "talare": "Ola Ask (C)"},
    ]
    paper, speech = read({"dokumentstatus": {"dokument": PAPER, "debatt": {"anforande": speeches}}})

    assert isinstance(paper, Document)
    assert isinstance(speech, Document)
    assert paper.id == "H902AB17"
    assert (speech.id, speech.type, speech.date) == ("0BBB-1", "anförande", "2022-02-03")
    assert speech.title == "Färjor – anförande av Eva Ek (S)"
    assert speech.fields["number"] == "2021/22:67"
    assert speech.fields["speech"] == "98"
    assert speech.fields["about"] == "H902AB17"
    assert speech.text == "Fru talman!\n\nFärjan är bra."


@pytest.mark.parametrize(
    "content",
    [
        {"anforande": SPEECH},
        {"anforandelista": {"anforande": SPEECH}},
        [{"anforande": SPEECH}],
        SPEECH,
    ],
)
def test_speech_of_a_dump(content):
    """A speech is a document, alone in its file, in a list, or without its wrapper."""
    document = one(content)

    assert (document.id, document.type, document.date) == ("A1-B2", "anförande", "2021-10-12")
    assert document.fields["number"] == "2021/22:14"
    assert document.fields["people"] == "Eva Ek (S)"
    assert document.text == "Herr talman!"


def test_speeches_without_text():
    """A list that only points at speeches is reported as such."""
    listing = {"anforandelista": {"anforande": [{**SPEECH, "anforandetext": ""}]}}

    assert "1 speeches without their texts" in reason(listing)


def test_list_of_papers():
    """An entry of a list is a document that does not take the paper's own id."""
    entry = {
        **PAPER,
        "html": None,
        "undertitel": "av Eva Ek (S)",
        "notis": r"Färjan bör gå\nvarje timme.",
        "filbilaga": {"fil": {"url": "http://example.se/1"}},
    }
    document = one({"dokumentlista": {"@sida": "1", "dokument": entry}})

    assert document.id == "h902ab17.json#H902AB17"
    assert document.fields["dok_id"] == "H902AB17"
    assert document.text == "Färjeled över Lillsundet\n\nFärjan bör gå\nvarje timme."
    assert (document.date, document.type) == ("2021-10-04", "mot")
    assert document.fields["attachments"] == "http://example.se/1"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"datasetlista": {"dataset": [{}, {}]}}, "archives to download (2"),
        ({"votering": {"dokvotering": {"votering": []}}}, "holds votes"),
        ({"voteringlista": {"votering": [{}, {}, {}]}}, "holds votes (3"),
        ({"personlista": {"person": {}}}, "holds members (1"),
        ({"dokumentlista": {"dokument": None}}, "found nothing"),
        ({"dokumentstatus": None}, "empty answer"),
        ({"dokumentstatus": {"dokument": None}}, "without its 'dokument'"),
        ({"dokumentstatus": {"dokument": {"dok_id": "x"}}}, "is empty"),
    ],
)
def test_what_holds_no_documents(content, what):
    """What is no document is reported with what it is."""
    assert what in reason(content)


def test_several_papers_in_one_file():
    """One broken paper among several costs only itself."""
    papers = [
        {"dokument": {**PAPER, "dok_id": "A1"}},
        {},
        {"dokument": {**PAPER, "dok_id": "A3"}},
    ]

    first, broken, third = read({"dokumentstatus": papers})

    assert isinstance(first, Document)
    assert isinstance(third, Document)
    assert (first.id, third.id) == ("A1", "A3")
    assert isinstance(broken, DocumentFormatError)
    assert broken.reason.startswith("item 2 ")


def test_wrong_date_is_reported():
    """A date that is none is reported, and the paper is kept."""
    problem, document = read({"dokumentstatus": {"dokument": {**PAPER, "datum": "2019-13-45"}}})

    assert isinstance(problem, DocumentFormatError)
    assert isinstance(document, Document)
    assert document.date is None


def test_genuine_papers():
    """Genuine papers have title, date, type and number, and sections that stand at headings."""
    folder = SAMPLES / "riksdag-dokumentstatus-json"
    if not folder.exists():
        pytest.skip(f"no {folder} here")
    for path in sorted(folder.glob("*.json")):
        size = path.stat().st_size
        document, *speeches = read_json(Chunk("json", path, path.name, None, 1, size))
        assert isinstance(document, Document), document
        assert document.title, path
        assert document.date, path
        assert document.type, path
        assert document.fields["number"], path
        for section in document.sections:
            assert document.text[section.start :].split("\n")[0][:20].split()[0] in section.label
        assert all(isinstance(speech, Document) and speech.date for speech in speeches)
