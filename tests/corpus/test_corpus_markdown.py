"""How does a Markdown file become a document?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.corpus.formats.markdown import headings_of


def labels(text: str) -> list[tuple[int, str]]:
    return [(level, section.label) for level, section in headings_of(text)]


def test_front_matter_and_headings(put, read_all):
    """Front matter gives the columns, headings the sections, the rest is the text as written."""
    body = "# Havet\n\nText.\n\n## Fisk\n\nMer.\n"
    put(
        "a.md",
        "---\ntitel: Hav och vatten\ndatum: 2024-09-12\ntyp: pressmeddelande\n"
        "departement: Finansdepartementet\nnummer: 7\nsprak: sv\n---\n\n" + body,
    )

    [document], [] = read_all()

    assert (document.id, document.title, document.date) == ("a.md", "Hav och vatten", "2024-09-12")
    assert (document.type, document.text) == ("pressmeddelande", body)
    assert document.fields == {
        "path": "a.md",
        "organ": "Finansdepartementet",
        "number": "7",
        "sprak": "sv",
        "provenance": "title: front matter; date: front matter; type: front matter; "
        "organ: front matter; number: front matter; sprak: front matter",
    }
    assert [section.label for section in document.sections] == ["Havet", "Fisk"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ingress.\n\n# Havet\n", "Havet"),
        ("Havet\n=====\n\nText.\n", "Havet"),
        ("## Fisk\n\n# Havet\n", "Havet"),
        ("## Fisk\n\nText.\n", "Fisk"),
        ("Havet\n\nText.\n", "Havet"),
        ("# **Havet**\n\nText.\n", "Havet"),
        ("x" * 201 + "\n", None),
    ],
)
def test_title(text, title, put, read_all):
    """The title is the first heading of level 1, or else the first line if it is short."""
    put("a.md", text)

    [document], [] = read_all()

    assert document.title == title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Ett", [(1, "Ett")]),
        ("###### Sex ##", [(6, "Sex")]),
        ("   ## Två", [(2, "Två")]),
        ("# C#", [(1, "C#")]),
        ("Ett\n===", [(1, "Ett")]),
        ("Text\n\nTvå\n---\nText", [(2, "Två")]),
        ("# Ett\nTvå\n---\n", [(1, "Ett"), (2, "Två")]),
        ("####### Sju", []),
        ("#hashtagg", []),
        ("#", []),
        ("    # kod", []),
        ("Text\n\n---\n\nText", []),
        ("Ett stycke\nsom går vidare\n---\n", []),
        ("- punkt\n---\n", []),
        ("> citat\n---\n", []),
        ("| a | b |\n|---|---|\n", []),
        ("***\n---\n", []),
        ("---\n---\n", []),
        ("```\n# kod\n```\n# Ett", [(1, "Ett")]),
        ("~~~ sh\n# kod\n```\n# kod\n~~~\n# Ett", [(1, "Ett")]),
        ("````\n```\n# kod\n````\n# Ett", [(1, "Ett")]),
        ("```kod```\n# Ett", [(1, "Ett")]),
        ("```\n# kod", []),
    ],
)
def test_headings(text, expected):
    """Headings are those of CommonMark, save that an underline makes but one line a heading."""
    assert labels(text) == expected


@given(st.text(st.sampled_from("#=-`~ \tåb\n>*1."), max_size=80))
def test_sections_begin_at_their_headings(text):
    """Sections ascend, each at the start of a line that holds its label's first word."""
    found = [section for _, section in headings_of(text)]

    assert [section.start for section in found] == sorted({section.start for section in found})
    for section in found:
        assert section.start == 0 or text[section.start - 1] == "\n"
        line = text[section.start :].partition("\n")[0]
        assert section.label.split()[0] in line


def test_offsets_are_those_of_the_stored_text(put, read_all):
    """Offsets count code points of the document's text: no front matter, no carriage return."""
    put("a.md", "\ufeff---\r\ntitle: x\r\n---\r\n\r\nÅ 😀\r\n\r\n## Två\r\n\r\n### Tre\r\n")

    [document], [] = read_all()

    assert [document.text[section.start :].partition("\n")[0] for section in document.sections] == [
        "## Två",
        "### Tre",
    ]


def test_statute(put, read_all):
    """The front matter of a statute gives its number, title, date, organ and address."""
    put(
        "sfs-2015-7.md",
        "---\nbeteckning: 2015:7\nrubrik: Väglag\ndepartement: Vägdepartementet\n"
        "utfardad_datum: 2015-02-03\npublicerad_datum: 2020-01-01\nikraft_datum: 2015-07-01\n"
        "pdf_url: https://example.org/7.pdf\nandringsforfattningar:\n"
        '  - beteckning: "2016:1"\n    anteckningar: upph.\n'
        "---\n\n# Väglag (2015:7)\n\n## 1 §\n\nText.\n",
    )

    [document], [] = read_all()

    assert (document.title, document.type, document.date) == ("Väglag", "sfs", "2015-02-03")
    fields = dict(document.fields)
    assert fields.pop("provenance").startswith("number: front matter")
    assert fields == {
        "path": "sfs-2015-7.md",
        "number": "2015:7",
        "organ": "Vägdepartementet",
        "publicerad_datum": "2020-01-01",
        "ikraft_datum": "2015-07-01",
        "pdf_url": "https://example.org/7.pdf",
        "url": "https://example.org/7.pdf",
    }
    assert document.text.startswith("# Väglag")
    assert [section.label for section in document.sections] == ["Väglag (2015:7)", "1 §"]


def test_record_number_in_heading(put, read_all):
    """A record number that is stuck to the main heading is a column of its own."""
    put("a.md", "# Remiss av vägplanenDiarienummer: LI2024/01332\n\nText.\n")

    [document], [] = read_all()

    assert (document.title, document.type) == ("Remiss av vägplanen", "remiss")
    assert document.fields["dnr"] == "LI2024/01332"


def test_folders_of_a_site(put, read_all):
    """Without metadata, folders give the type and the month, and the name gives the number."""
    put("g/rattsliga-dokument/proposition/2010/02/prop.-200910121.md", "# Vägar\n\nText.\n")

    [document], [] = read_all()

    assert (document.title, document.type, document.date) == ("Vägar", "prop", "2010-02")
    assert document.fields["number"] == "2009/10:121"


def test_broken_front_matter(put, read_all):
    """Broken front matter costs the document, and is reported with its line."""
    path = put("a.md", "---\ntitle: x\nfel\n---\n# Hej\n")

    [], [error] = read_all()

    assert (error.path, error.line) == (path, 3)
    assert "key: value" in error.reason


def test_title_alone_is_kept_as_text(put, read_all):
    """A file that has nothing but front matter with a title is a document with that text."""
    put("a.md", "---\ntitle: Havet\nnumber: 7\n---")

    [document], [] = read_all()

    assert (document.title, document.text) == ("Havet", "Havet")


def test_front_matter_without_title_alone(put, read_all):
    """A file that has neither text nor title is empty."""
    put("a.md", "---\nnumber: 7\n---\n\n")

    [], [error] = read_all()

    assert "is empty" in error.reason


def test_long_lines_are_linear(put, read_all):
    """A heading of many blanks is read in time linear in its length."""
    put("a.md", "# " + " " * 200_000 + "x\n\n" + "-" * 200_000 + "x\n" + "* " * 100_000 + "\n---\n")

    [document], [] = read_all()

    assert document.title == "x"
