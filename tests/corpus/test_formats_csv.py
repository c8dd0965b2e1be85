"""How do the rows of a table become documents?"""

from __future__ import annotations

import csv

import pytest
from office_files import chunk_of, fault

from searchkit.corpus.formats import csv_file
from searchkit.corpus.formats.csv_file import read_csv
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

LONG = "En mening om skogen och dess framtid i landet. " * 6


def read(content: str | bytes) -> tuple[list[Document], list[tuple[int | None, str]]]:
    """Return the documents, and of the errors line and reason."""
    raw = content if isinstance(content, bytes) else content.encode()
    outcomes = list(read_csv(chunk_of(raw, "tal.csv")))
    documents = [o for o in outcomes if isinstance(o, Document)]
    errors = [(o.line, o.reason) for o in outcomes if isinstance(o, DocumentFormatError)]
    return documents, errors


def test_columns():
    """The first row names the columns, in Swedish or English, in any case."""
    (document,), errors = read(
        "ID;Titel;Datum;Typ;Departement;Parti;Innehåll\nh1;Skog;2016-04-12;Motion;Jo;S;Texten\n"
    )

    assert not errors
    assert (document.id, document.title, document.date) == ("h1", "Skog", "2016-04-12")
    assert (document.type, document.text) == ("mot", "Texten")
    assert (document.fields["organ"], document.fields["party"]) == ("Jo", "S")


def test_riksdag_columns():
    """The column names of the Riksdag's tables of speeches are known."""
    (document,), _ = read(
        "dok_id,dok_datum,dok_rm,talare,parti,anforandetext,replik\n"
        "H1,2016-04-12,2015/16,Eva Ek (S),S,Fru talman!,N\n"
    )
    assert (document.date, document.fields["rm"]) == ("2016-04-12", "2015/16")
    assert (document.fields["people"], document.fields["replik"]) == ("Eva Ek (S)", "N")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str):
    """Comma, semicolon, tab or bar part the cells, whatever else stands in them."""
    row = delimiter.join(["1", '"a, b; c\td | e"'])
    (document,), errors = read(f"id{delimiter}text\n{row}\n")

    assert not errors
    assert document.text == "a, b; c\td | e"


def test_separator_line():
    """Excel's line "sep=;" names the delimiter and is no row."""
    (document,), _ = read("sep=|\nid|text\n1|Ett, två; tre\n")
    assert (document.id, document.text) == ("1", "Ett, två; tre")


def test_quotes():
    """A quoted cell may hold quotation marks, delimiters and line ends."""
    (document,), errors = read('id;text\r\n1;"Han sa ""nej""; sen\r\ngick han"\r\n')

    assert not errors
    assert document.text == 'Han sa "nej"; sen\ngick han'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding: str):
    """A byte order mark, and Excel's code page, are taken for what they are."""
    (document,), _ = read("Brödtext;titel\nDen gröna ån rinner över ängen;Åar\n".encode(encoding))
    assert (document.text, document.title) == ("Den gröna ån rinner över ängen", "Åar")


def test_ids():
    """Without a column of ids, a row is known by its number, blank rows not counted."""
    documents, _ = read("text\nEtt\n\nTvå\n")
    assert [document.id for document in documents] == ["tal.csv#1", "tal.csv#2"]


def test_longest_column():
    """A column that is by far the longest is the text, whatever its name."""
    (document,), errors = read(f"rubrik,yttrande\nSkog,{LONG}\n")

    assert not errors
    assert (document.title, document.text) == ("Skog", LONG.strip())


def test_no_text():
    """A table of figures is reported with the columns it has."""
    reason = fault(read_csv, b"kommun;antal;andel\nUme\xc3\xa5;12;3,4\n", "a.csv")
    assert "has no column of text; it has kommun, antal, andel" in reason


def test_two_long_columns():
    """Where two columns could be the text, none is guessed at."""
    reason = fault(read_csv, f"a;b\n{LONG};{LONG}\n".encode(), "a.csv")
    assert "has no column of text" in reason


def test_no_header():
    """A table that begins with a row of data is told from one with names."""
    assert "names its columns" in fault(read_csv, f"1;{LONG * 3}\n".encode(), "a.csv")


def test_lines_of_errors():
    """What is wrong with a row is told with the line where it begins, and costs no other row."""
    documents, errors = read('text;datum\n"Ett\nmer";2016\n;2017\nTre;snart\nFyra;2018;5\n')

    assert [document.text for document in documents] == ["Ett\nmer", "Tre", "Fyra"]
    assert [line for line, _ in errors] == [4, 5, 6]
    assert "no text" in errors[0][1]
    assert "'snart' is not a date" in errors[1][1]
    assert "has 3 cells under 2 names" in errors[2][1]


def test_open_quotation():
    """A quotation mark that never closes is reported where it stands."""
    documents, errors = read('text;titel\nEtt;A\n"Två;B\nTre;C\n')

    assert [document.text for document in documents] == ["Ett", "Två;B\nTre;C"]
    assert errors == [(3, "has a quotation mark that never closes; what follows is one text")]


def test_cell_too_long(monkeypatch: pytest.MonkeyPatch):
    """A cell beyond all measure is reported with its line; the rows above it are kept."""
    monkeypatch.setattr(csv_file, "FIELD_CHARS_MAX", 1_000)
    before = csv.field_size_limit(1_000)
    try:
        documents, errors = read('text\nEtt\n"' + "a" * 2_000)
    finally:
        csv.field_size_limit(before)

    assert [document.text for document in documents] == ["Ett"]
    assert [line for line, _ in errors] == [3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"a\0b", "is not text"),
        (b"PK\x03\x04", "not text"),
    ],
)
def test_faults(content: bytes, reason: str):
    """What is no table is told."""
    assert reason in fault(read_csv, content, "a.csv")
