"""What is known about one document, and from where?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from searchkit.corpus import Chunk
from searchkit.corpus.designations import Designation
from searchkit.corpus.facts import Facts, document
from searchkit.errors import DocumentFormatError
from searchkit.model import Document, Section

TEXT = "Skogen växer.\n\nOch vägarna med den."


def made(facts: Facts, relative: str = "c/a.txt", text: str = TEXT, **more) -> Document:
    chunk = Chunk("text", Path("corpus") / relative, relative, None, 1, 1)
    *problems, found = document(chunk, facts, text, **more)
    assert problems == []
    assert isinstance(found, Document)
    return found


def test_first_told_stays():
    """Of one fact what is told first stays, under whichever name, with its source."""
    facts = Facts()
    facts.tell("titel", " Skogens\n vägar ", "h1")
    facts.tell("title", "Annat", "meta")
    facts.tell("organ", "", "meta")
    facts.tell("organ", None, "meta")
    facts.tell("departement", "Finansdepartementet", "h2")

    assert facts.values == {"title": "Skogens vägar", "organ": "Finansdepartementet"}
    assert facts.sources == {"title": "h1", "organ": "h2"}


def test_title_is_no_section():
    """The heading that is the title of it all is no section; one below of that name is."""
    facts = Facts()
    facts.tell("title", "Skogens vägar", "h1")
    text = "Skogens  Vägar\n\nBakgrund\n\nSkogen växer."
    found = made(facts, text=text, sections=[Section(0, "Skogens Vägar"), Section(16, "Bakgrund")])
    again = made(facts, text="Ord.\n" * 200, sections=[Section(600, "Skogens vägar")])

    assert found.sections == [Section(16, "Bakgrund")]
    assert again.sections == [Section(600, "Skogens vägar")]


def test_heading_above_the_text_is_a_section():
    """A first heading that is not the title stays a section."""
    facts = Facts()
    facts.tell("title", "Skogens vägar", "meta")

    assert len(made(facts, sections=[Section(0, "Skogen växer.")]).sections) == 1


def test_values_become_canonical():
    """Dates become ISO 8601, types get their one name, and soft hyphens leave."""
    facts = Facts()
    facts.tell("date", "den 3 maj 2024", "x")
    facts.tell("type", "Kommittédirektiv", "x")
    facts.tell("title", "Skogs\xadvägar", "x")

    assert facts.values == {"date": "2024-05-03", "type": "dir", "title": "Skogsvägar"}


@pytest.mark.parametrize("column", ["id", "text", "path", "provenance"])
def test_columns_of_the_reader(column):
    """What the reader sets itself cannot be told."""
    facts = Facts()
    facts.tell(column, "x", "x")

    assert facts.values == {}


@pytest.mark.parametrize("written", ["i går", "1433-01-01", f"{date.today().year + 2}-01-01"])
def test_wrong_date(written):
    """A date that cannot be read, or cannot be a document's, is reported, and the next is taken."""
    facts = Facts()
    facts.tell("date", written, "meta", line=7)
    facts.tell("date", "2024", "h1")

    chunk = Chunk("text", Path("a.txt"), "a.txt", None, 1, 1)
    problem, found = document(chunk, facts, TEXT)

    assert isinstance(problem, DocumentFormatError)
    assert (problem.line, written in problem.reason) == (7, True)
    assert isinstance(found, Document)
    assert found.date == "2024"


def test_date_a_year_ahead():
    """A date up to a year from now can be a document's."""
    facts = Facts()
    facts.tell("date", f"{date.today().year + 1}-01-01", "x")

    assert "date" in facts.values


def test_several_values():
    """Several values of a column are joined, each once."""
    facts = Facts()
    facts.tell_all("people", ["Eva  Berg (S)", "", "Ulf Dal (M)", "Eva Berg (S)"], "x")

    assert facts.values["people"] == "Eva Berg (S); Ulf Dal (M)"


def test_document():
    """A document has title, date and type by themselves, other columns as fields, and sources."""
    facts = Facts()
    facts.tell("title", "Skogen", "h1")
    facts.tell("date", "2024", "meta")
    facts.tell("type", "artikel", "meta")
    facts.tell("dnr", "N1", "p")

    found = made(facts, key="k", sections=(Section(0, "Vägen"),), pages=(Section(0, "1"),))

    assert (found.id, found.title, found.date, found.type) == ("k", "Skogen", "2024", "artikel")
    assert found.fields == {
        "dnr": "N1",
        "path": "c/a.txt",
        "provenance": "title: h1; date: meta; type: meta; dnr: p",
    }
    assert (found.sections, found.pages) == ((Section(0, "Vägen"),), (Section(0, "1"),))


def test_id_is_the_path():
    """Without an id of its own a document's id is its path."""
    assert made(Facts()).id == "c/a.txt"


def test_blank_text():
    """A blank text is no document."""
    with pytest.raises(DocumentFormatError, match="is empty"):
        made(Facts(), text=" \n")


def test_order_of_sources():
    """The text goes before what is suggested, the title before the file's name, that before
    the folder."""
    facts = Facts()
    facts.suggest("title", "Första raden", "first line")
    facts.suggest("date", "2001", "first line")

    found = made(
        facts,
        "sou/ds-200912 2003-04-05.txt",
        "Motion till riksdagen\n2010/11:5\nav Eva Berg (S)\nSkogens vägar\n\nFörslag till beslut",
    )

    assert (found.title, found.type, found.date) == ("Skogens vägar", "mot", "2001")
    assert found.fields["number"] == "2010/11:5"
    assert "title: letterhead" in found.fields["provenance"]
    assert "date: first line" in found.fields["provenance"]


def test_names_fill_in():
    """What nothing surer tells comes from the names of file and folders."""
    found = made(Facts(), "g/rapporter/2007/09/en-rapport.md")
    numbered = made(Facts(), "g__proposition__2010__02__prop.-200910121.md")

    assert (found.type, found.date) == ("rapport", "2007-09")
    assert (numbered.type, numbered.date) == ("prop", "2010-02")
    assert (numbered.fields["number"], numbered.fields["rm"]) == ("2009/10:121", "2009/10")


def test_names_tell_only_of_one():
    """A file of several documents does not lend them its number and date."""
    found = made(Facts(), "c/sou-201634 2016-04-05.txt", alone=False)

    assert (found.type, found.date, "number" in found.fields) == (None, None, False)


def test_title_tells_the_number():
    """A number that stands in a title is the document's, if the type is."""
    facts = Facts()
    facts.tell("title", "SOU 2013:75 Skogens vägar", "h1")

    assert made(facts).fields["number"] == "2013:75"

    facts = Facts()
    facts.tell("type", "remiss", "meta")
    facts.tell("title", "SOU 2013:75 Skogens vägar", "h1")

    assert "number" not in made(facts).fields


def test_folder_before_file_name():
    """A folder tells the type before the name of a file in it, which may cite."""
    facts = Facts()
    facts.suggest("title", "Remiss Ds 2024:29 Skogens vägar", "heading")

    found = made(facts, "g/remisser/ds-202429.md")

    assert (found.type, "number" in found.fields) == ("remiss", False)


def test_designation_of_another_type():
    """A designation of another type than is known tells nothing."""
    facts = Facts()
    facts.tell("type", "mot", "x")
    facts.tell_designation(Designation("prop", "2009/10:1"), "y")

    assert facts.values == {"type": "mot"}


def test_own_number_before_a_cited_one():
    """Of the numbers in a text the one that the file is named after is the document's own."""
    text = "Dir. 2009:70\nDir. 2009:71\n\nSkogen växer."

    found = made(Facts(), "c/dir-2009_71.pdf", text)

    assert (found.type, found.fields["number"]) == ("dir", "2009:71")


def test_manifesto_is_dated_by_its_election():
    """A manifesto has the year in its title, or its name; no other kind of document has."""

    def dated(kind: str, title: str, relative: str) -> str | None:
        facts = Facts()
        facts.tell("type", kind, "x")
        facts.tell("title", title, "x")
        return made(facts, relative).date

    assert dated("valmanifest", "Vår valplattform 2022", "c/a.txt") == "2022"
    assert dated("valmanifest", "Vår väg", "c/valmanifest-2018-v.txt") == "2018"
    assert dated("valmanifest", "Vår väg 2018-2022", "c/a.txt") is None
    assert dated("rapport", "Skogen 2022", "c/a.txt") is None
