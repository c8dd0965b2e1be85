"""Do the lists of g0v.se give a document for each page of the Government's site?"""

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

PAGE = {
    "title": "Färjor till alla öar",
    "url": "/rattsliga-dokument/departementsserien-och-promemorior/2024/05/ds-20247/",
    "published": "2024-05-03",
    "updated": None,
    "types": ["1325"],
    "senders": ["2610", "1285"],
    "summary": "Promemorian föreslår fler färjor.",
    "id": "Ds 2024:7",
    "shortcuts": [{"name": "Mer", "url": "/artiklar/2024/05/mer/"}],
    "attachments": [{"name": "Ds 2024:7 (pdf)", "url": "/contentassets/1/ds.pdf"}],
    "categories": ["1274"],
}


def read(content: Any) -> list[Document | DocumentFormatError]:
    payload = json.dumps(content).encode()
    chunk = Chunk("json", Path("/corpus/ds.json"), "ds.json", payload, 1, len(payload))
    return list(read_json(chunk))


def one(**changes: Any) -> Document:
    (outcome,) = read([{**PAGE, **changes}])
    assert isinstance(outcome, Document), outcome
    return outcome


def test_entry():
    """An entry has title, date, kind and number, and its title and summary for a text."""
    document = one()

    assert document.title == "Färjor till alla öar"
    assert (document.date, document.type) == ("2024-05-03", "ds")
    assert document.fields["number"] == "2024:7"
    assert document.text == "Färjor till alla öar\n\nPromemorian föreslår fler färjor."


def test_id_is_the_path_of_the_page():
    """The page's own address, without the site, is the id."""
    assert one(url="/tal/2024/05/om-farjor/").id == "tal/2024/05/om-farjor"


def test_addresses_are_whole():
    """Addresses are written with the site."""
    fields = one().fields

    assert fields["url"].startswith("https://www.regeringen.se/rattsliga-dokument/")
    assert fields["attachments"] == "https://www.regeringen.se/contentassets/1/ds.pdf"
    assert fields["shortcuts"] == "https://www.regeringen.se/artiklar/2024/05/mer/"


def test_senders():
    """A ministry's code becomes its name; all codes are kept."""
    fields = one().fields

    assert fields["organ"] == "Finansdepartementet"
    assert fields["senders"] == "2610; 1285"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/tal/2024/05/om-farjor/", "tal"),
        ("/debattartiklar/2024/05/om-farjor/", "debattartikel"),
        ("/rattsliga-dokument/proposition/2024/05/prop.-20232477/", "prop"),
        ("/rattsliga-dokument/kommittedirektiv/2024/05/dir.-20247/", "dir"),
        ("https://www.regeringen.se/remisser/2024/05/remiss/", "remiss"),
    ],
)
def test_kinds(url, kind):
    """The address tells the kind of page."""
    assert one(url=url).type == kind


@pytest.mark.parametrize(
    ("written", "number", "dnr"),
    [
        ("Prop. 2023/24:77", "2023/24:77", None),
        ("Diarienummer: Fi2023/01773 ", "Fi2023/01773", "Fi2023/01773"),
        ("Diarienummer: Diarienummer: S2018/03084FS", "S2018/03084FS", "S2018/03084FS"),
        ("Diarienummer: Artikelnr: U 2019:01", "U 2019:01", None),
        (None, None, None),
    ],
)
def test_numbers(written, number, dnr):
    """A number is written without its label, one of a registry is also kept as such."""
    fields = one(id=written).fields

    assert (fields.get("number"), fields.get("dnr")) == (number, dnr)


def test_entry_without_summary():
    """An entry without a summary has its title for a text."""
    assert one(summary=None).text == "Färjor till alla öar"


def test_entry_that_is_updated():
    """A later date is kept apart from that of publication."""
    document = one(updated="2025-01-02")

    assert (document.date, document.fields["updated"]) == ("2024-05-03", "2025-01-02")


def test_one_bad_entry():
    """A wrong date costs only itself."""
    problem, document, other = read(
        [{**PAGE, "published": "i maj"}, {**PAGE, "url": "/tal/2/3/x/"}]
    )

    assert isinstance(problem, DocumentFormatError)
    assert isinstance(document, Document)
    assert isinstance(other, Document)


def test_code_list():
    """A list of codes holds no documents."""
    (problem,) = read({"1012": "EU", "1285": "Finansdepartementet"})

    assert isinstance(problem, DocumentFormatError)
    assert problem.reason == "holds no documents: it is a list of 2 codes and their names"


def test_genuine_lists():
    """Every entry of genuine lists has title, date and kind."""
    folder = SAMPLES / "g0v-json"
    if not folder.exists():
        pytest.skip(f"no {folder} here")
    for path in sorted(folder.glob("g0vse__[a-z]*n*.json")):
        chunk = Chunk("json", path, path.name, None, 1, path.stat().st_size)
        for document in read_json(chunk):
            assert isinstance(document, Document), document
            assert document.title, document.id
            assert document.date, document.id
            assert document.type, document.id
