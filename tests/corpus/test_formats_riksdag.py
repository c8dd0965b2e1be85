"""Are the objects of the Riksdag's open data read, whatever shape their values have?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.formats import riksdag_values
from searchkit.corpus.formats.json_file import read_json
from searchkit.errors import DocumentFormatError
from searchkit.model import Document, Section

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"

MOTION = {
    "dok_id": "H902Ab17",
    "rm": "2021/22",
    "beteckning": "17",
    "typ": "mot",
    "doktyp": "mot",
    "subtyp": "Enskild motion",
    "organ": "TU",
    "mottagare": "",
    "datum": "2021-10-04 00:00:00",
    "titel": "Färjeled över Lillsundet\r\n",
    "subtitel": "av Eva Ek och Ola Ask (båda S)",
    "dokument_url_html": "//data.example.se/dokument/H902Ab17",
    "html": "<h1>Färjeled över Lillsundet</h1><p>Färjan bör gå varje timme.</p>",
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


def status(paper: dict[str, Any] | None = None, **around: Any) -> dict[str, Any]:
    return {"dokumentstatus": {"dokument": {**MOTION, **(paper or {})}, **around}}


def test_id_is_dok_id_in_upper_case():
    """A paper keeps the Riksdag's own id, in upper case, wherever its file lies."""
    assert one(status()).id == "H902AB17"


def test_metadata():
    """Title, date, type, number and riksmöte come from the fields of ``dokument``."""
    document = one(status())

    assert document.title == "Färjeled över Lillsundet"
    assert document.date == "2021-10-04"
    assert document.type == "mot"
    assert document.fields["number"] == "2021/22:17"
    assert document.fields["rm"] == "2021/22"
    assert document.fields["organ"] == "Trafikutskottet"
    assert document.fields["url"] == "https://data.example.se/dokument/H902Ab17"


def test_provenance_names_the_field():
    """Where a value comes from is kept."""
    assert "title: dokument.titel" in one(status()).fields["provenance"]


def test_scalar_doubled_as_list():
    """A scalar that stands twice, as a list, is read as one."""
    document = one(status({"doktyp": ["mot", "mot"], "dok_id": ["H902Ab17", "H902Ab17"]}))

    assert (document.id, document.type) == ("H902AB17", "mot")


def test_people_and_party():
    """Who signed is kept as people with their parties, who answers apart from them."""
    people = [
        {"namn": "Ek, Eva (s) ", "partibet": "S", "roll": "undertecknare"},
        {"namn": "statsrådet Ola Ask", "partibet": "C", "roll": "besvaradav"},
    ]
    document = one(status(dokintressent={"intressent": people}))

    assert document.fields["people"] == "Eva Ek (S)"
    assert document.fields["party"] == "S"
    assert document.fields["respondent"] == "Ola Ask (C)"


def test_people_from_subtitle():
    """Without ``dokintressent`` the byline below the title names the people."""
    document = one(status({"subtitel": "av Eva Ek m.fl. (S)"}, dokintressent=None))

    assert document.fields["people"] == "Eva Ek (S)"
    assert document.title == "Färjeled över Lillsundet"


def test_party_in_place_of_organ():
    """In questions the field ``organ`` holds the party of who asks."""
    document = one(status({"doktyp": "fr", "organ": "fp", "subtitel": "Ek, Eva (fp)"}))

    assert document.type == "fråga"
    assert document.fields["party"] == "FP"
    assert "organ" not in document.fields


def test_eu_document():
    """A paper of the Commission has the kind and number that its subtype tells."""
    paper = {"doktyp": "eu-dokument", "subtyp": "COM", "rm": "2020", "beteckning": "447"}
    document = one(status(paper))

    assert (document.type, document.fields["number"]) == ("kom", "COM(2020) 447")


def test_subtitle_of_a_report_belongs_to_its_title():
    """The subtitle of a report tells what it is about, and follows the title."""
    paper = {"doktyp": "sou", "titel": "Vägar över vatten", "subtitel": "Slutbetänkande"}

    assert one(status(paper)).title == "Vägar över vatten – Slutbetänkande"


def test_title_that_is_missing():
    """'[Titel saknas]' is no title; the first heading or line is."""
    document = one(status({"titel": "[Titel saknas]", "html": "<p>Register 2006</p><p>Färjor</p>"}))

    assert document.title == "Register 2006"


def test_headings_become_sections():
    """A heading of the HTML is a section that begins where the heading stands."""
    html = "<h1>Färjeled över Lillsundet</h1><h2>Motivering</h2><p>Färjan bör gå varje timme.</p>"
    document = one(status({"html": html}))

    assert document.sections == (Section(26, "Motivering"),)
    assert document.text[26:] == "Motivering\n\nFärjan bör gå varje timme."


def test_proposals_that_stand_in_the_text():
    """A proposal that the HTML holds, broken otherwise, is not added once more."""
    html = "<p>Riksdagen ställer sig bakom det som\r\nanförs om f&auml;rjor.</p>"
    proposal = {"nummer": "1", "lydelse": "Riksdagen ställer sig bakom det som anförs om färjor."}
    document = one(status({"html": html}, dokforslag={"forslag": proposal}))

    assert document.text.count("Riksdagen ställer sig") == 1
    assert not document.sections


def test_proposals_that_do_not_stand_in_the_text():
    """A proposal that the HTML lacks is added under a heading, without its markup."""
    proposals = [
        {"nummer": "1", "lydelse": "Riksdagen avslår<BR/>bron&nbsp;söder om Lillsund."},
        {"nummer": "2", "lydelse": "Riksdagen bifaller färjan."},
    ]
    document = one(status(dokforslag={"forslag": proposals}))

    start = document.text.index("Förslag till riksdagsbeslut")
    assert document.sections[-1] == Section(start, "Förslag till riksdagsbeslut")
    assert document.text[start:].split("\n\n")[1:] == [
        "1. Riksdagen avslår\nbron söder om Lillsund.",
        "2. Riksdagen bifaller färjan.",
    ]


def test_proposals_that_were_worded_anew():
    """Where most proposals stand in the text, another wording of one is not added."""
    html = "<ol><li>Färjan ska bli gul.</li><li>Färjan ska gå oftare.</li></ol>"
    said = ["Färjan ska bli gul.", "Färjan bör gå oftare."]
    proposals = [{"nummer": n, "lydelse": lydelse} for n, lydelse in enumerate(said, 1)]
    document = one(status({"html": html}, dokforslag={"forslag": proposals}))

    assert document.text == "1. Färjan ska bli gul.\n2. Färjan ska gå oftare."


def test_notice_and_points_of_a_committee():
    """A committee's points and the notice in plain language are part of the text."""
    point = {"punkt": "3", "rubrik": "Broar", "forslag": "<BR/>Riksdagen avslår motionen.<BR/>"}
    notice = {"kod": "notis", "text": "<p>Riksdagen sa nej till broar.</p>"}
    document = one(
        status(
            {"doktyp": "bet", "beteckning": "TU4"},
            dokutskottsforslag={"utskottsforslag": point},
            dokuppgift={"uppgift": [notice, {"kod": "rdbeslut", "text": "Bifall"}]},
        )
    )

    assert "\n\n3. Broar\nRiksdagen avslår motionen." in document.text
    assert "Beslut i korthet\n\nRiksdagen sa nej till broar." in document.text
    assert document.fields["decision"] == "Bifall"


def test_attachments():
    """Addresses of attachments are a field."""
    files = [{"fil_url": "http://example.se/1"}, {"fil_url": "http://example.se/2"}]
    document = one(status(dokbilaga={"bilaga": files}))

    assert document.fields["attachments"] == "http://example.se/1; http://example.se/2"


def test_statute():
    """A statute may have only plain text; its paragraphs are sections."""
    paper = {
        "dok_id": "sfs-2001-77",
        "doktyp": None,
        "typ": "sfs",
        "subtyp": "sfst",
        "rm": "2001",
        "beteckning": "2001:77",
        "organ": "Näringsdepartementet T",
        "titel": "Lag (2001:77) om färjor",
        "subtitel": "t.o.m. SFS 2010:1",
        "html": None,
        "text": "1 §   Färjor ska gå.\r\n\r\n2 §   Färjor ska vara\r\ngula.",
    }
    document = one(status(paper))

    assert document.id == "SFS-2001-77"
    assert (document.type, document.fields["number"]) == ("sfs", "2001:77")
    assert document.fields["amended"] == "t.o.m. SFS 2010:1"
    assert document.text == "1 § Färjor ska gå.\n\n2 § Färjor ska vara\ngula."
    assert [section.label for section in document.sections] == ["1 §", "2 §"]


def test_statute_with_repeated_metadata():
    """What a statute's HTML says above its first rule is metadata, not text."""
    html = "<b>SFS nr</b>: 2001:77<br /><b>Utfärdad</b>: 2001-02-01<hr /><div>Färjor ska gå.</div>"
    document = one(status({"typ": "sfs", "doktyp": "sfs", "beteckning": "2001:77", "html": html}))

    assert document.text == "Färjor ska gå."


def page(number: int, head: str, body: str, foot: str) -> str:
    blocks = "".join(f'<P class="p1 ft1">{text}</P>' for text in (head, body, foot))
    return f'<DIV id="page_{number}">{blocks}</DIV>'


def test_pages_of_a_report():
    """Pages carry their printed numbers; running heads and feet are left out."""
    places = ("Lill-sund", "Storsund", "Norrö", "Söderö", "Västervik", "Östnor", "Mellanfjärd")
    pages = [
        page(n, "VERKET GRANSKAR", f"Vid <NOBR>{place}</NOBR> går färjan.", f"VERKET {n + 2}")
        for n, place in enumerate(places, 1)
    ]
    document = one(status({"doktyp": "rir", "html": "<div>" + "".join(pages) + "</div>"}))

    assert [section.label for section in document.pages] == ["3", "4", "5", "6", "7", "8", "9"]
    for section, place in zip(document.pages, places, strict=True):
        assert document.text[section.start :].startswith(f"Vid {place} går färjan.")
    assert "VERKET" not in document.text


def test_paper_without_text():
    """A paper that is only attachments is found by its title."""
    assert one(status({"html": "", "text": None})).text == "Färjeled över Lillsundet"


def test_html_that_cannot_be_read(monkeypatch):
    """HTML that cannot be read is reported, and the paper is kept with what else it has."""
    monkeypatch.setattr(riksdag_values, "TAGS_MAX", 3)

    problem, document = read(status(dokforslag={"forslag": {"lydelse": "Riksdagen bifaller."}}))

    assert isinstance(problem, DocumentFormatError)
    assert "the HTML of H902AB17 holds more than 3 tags" in problem.reason
    assert isinstance(document, Document)
    assert document.text == "Förslag till riksdagsbeslut\n\nRiksdagen bifaller."


def test_huge_style_sheet():
    """A style sheet in front of the text is no text."""
    html = "<style><!-- " + ".a{margin:0}\n" * 20_000 + "--></style><p>Färjan går.</p>"

    assert one(status({"html": html})).text == "Färjan går."


def test_first_and_last_day_of_a_year():
    """A date on which nobody works stands for the year; what the text says goes before it."""
    paper = {"datum": "1991-12-31 00:00:00", "doktyp": "prop", "typ": "prop", "rm": "1991/92"}
    said = "<p>Regeringens proposition 1991/92:17</p><p>Om färjor</p><p>Bifogade utdrag ur "
    dated = f"{said} regeringsprotokollet den 9 april 1992.</p>"

    assert one(status({**paper, "html": dated})).date == "1992-04-09"
    assert one(status({**paper, "html": f"{said} protokollet.</p>"})).date == "1991-12-31"
    assert one(status({**paper, "datum": "1991-12-19", "html": dated})).date == "1991-12-19"
