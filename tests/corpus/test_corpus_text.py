"""How does a plain text file become a document?"""

from __future__ import annotations

import gzip

import pytest

from searchkit.model import Section

BODY = "Sammanfattning\n\nUtskottet föreslår avslag.\n"


def test_title_and_header_leave_the_text(put, read_all):
    """A first line and the metadata below it become columns and leave the text."""
    put(
        "a.txt",
        "Utskottets betänkande\nDatum: 2024-11-14\nTyp: bet\nOrgan: XYU\nNummer: 2024/25:7\n"
        "URL: https://example.org/a?b=c\n\n" + BODY,
    )

    [document], [] = read_all()

    assert document.title == "Utskottets betänkande"
    assert (document.date, document.type, document.text) == ("2024-11-14", "bet", BODY)
    assert document.fields == {
        "path": "a.txt",
        "organ": "XYU",
        "number": "2024/25:7",
        "rm": "2024/25",
        "url": "https://example.org/a?b=c",
        "provenance": "date: header; type: header; organ: header; number: header; url: header; "
        "title: first line; rm: header",
    }


@pytest.mark.parametrize("header", ["datum: 2024", "DATE:2024", "  Date : 2024", "\nDatum: 2024"])
def test_header_names_in_either_language(header, put, read_all):
    """Metadata names are Swedish or English, in any case, also below a blank line."""
    put("a.txt", f"Titel\n{header}\n\n{BODY}")

    [document], [] = read_all()

    assert (document.title, document.date, document.text) == ("Titel", "2024", BODY)


def test_file_that_begins_with_header(put, read_all):
    """Without a line above them, metadata lines may name the title."""
    put("a.txt", f"Titel: Havet\nDatum: 2024\n\n{BODY}")

    [document], [] = read_all()

    assert (document.title, document.date, document.text) == ("Havet", "2024", BODY)


def test_title_with_a_colon(put, read_all):
    """One line alone that looks like metadata is a title."""
    put("a.txt", f"Språk: en fråga om makt\n\n{BODY}")

    [document], [] = read_all()

    assert (document.title, document.text) == ("Språk: en fråga om makt", BODY)
    assert "language" not in document.fields


def test_second_title_stays(put, read_all):
    """Below a title, a line that names another one is text."""
    put("a.txt", "Havet\nTyp: bet\nRubrik: Fisken\n")

    [document], [] = read_all()

    assert (document.title, document.text) == ("Havet", "Rubrik: Fisken\n")


def test_other_lines_with_colons_stay(put, read_all):
    """A line with an unknown name before its colon is text."""
    put("a.txt", "Titel\nTyp: bet\nSvar: nej\nDatum: 2024\n")

    [document], [] = read_all()

    assert document.text == "Svar: nej\nDatum: 2024\n"
    assert document.date is None


def test_title_above_blank_line_leaves_the_text(put, read_all):
    """A first line with a blank line below is a title, and is stored once."""
    put("a.txt", f"\n\n  Havet \n \n\n{BODY}")

    [document], [] = read_all()

    assert (document.title, document.text) == ("Havet", BODY)


def test_first_line_of_a_paragraph_stays(put, read_all):
    """A first line that the text goes on from is the title and stays in the text."""
    put("a.txt", "Havet är\nblått.\n")

    [document], [] = read_all()

    assert (document.title, document.text) == ("Havet är", "Havet är\nblått.\n")


def test_long_first_line_is_no_title(put, read_all):
    """A first line of more than 200 characters is a paragraph."""
    text = "x" * 201 + f"\n\n{BODY}"
    put("a.txt", text)

    [document], [] = read_all()

    assert (document.title, document.text) == (None, text)


def test_comment_as_first_line(put, read_all):
    """A title in the marks of a comment loses them."""
    put("a.txt", "<!-- Budgetmotion 2025/26:3770 -->\nMotion\n")

    [document], [] = read_all()

    assert document.title == "Budgetmotion 2025/26:3770"


def test_what_stands_behind_the_title(put, read_all):
    """A title in a comment may be followed by a date and an address, divided by bars."""
    put("a.txt", f"<!-- Havet | antaget 2021-10-01 | https://example.org/h -->\n\n{BODY}")

    [document], [] = read_all()

    assert (document.title, document.date) == ("Havet", "2021-10-01")
    assert document.fields["url"] == "https://example.org/h"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Havspartiets\nPlattform 2022\n\nText.\n", "Havspartiets Plattform 2022"),
        ("Bilaga\n\nHUR MAN ÖVERKLAGAR\n\nText.\n", "HUR MAN ÖVERKLAGAR"),
        ("Sveriges Domstolar\n\nBilaga\n\nAnvisning\n\nText.\n", "Anvisning"),
        ("Havet\n\nFisken\n\nText.\n", "Havet"),
        ("Havet\n" + "x" * 61 + "\n", "Havet"),
        ("Bilaga\n", "Bilaga"),
    ],
)
def test_first_line_that_is_no_title(text, title, put, read_all):
    """One word goes on in the line below it; a word that stands above any text is no title."""
    put("a.txt", text)

    [document], [] = read_all()

    assert document.title == title


def test_letterhead_goes_before_first_line(put, read_all):
    """What the head of a document's kind says goes before a line that is merely the first."""
    put("a.txt", "Motion till riksdagen\n2010/11:5\nav Eva Berg (S)\nSkogens vägar\n\nFörslag till")

    [document], [] = read_all()

    assert (document.title, document.type) == ("Skogens vägar", "mot")
    assert document.fields["number"] == "2010/11:5"


def test_contents_tell_headings(put, read_all):
    """Headings that a table of contents names are sections, in the stored text."""
    body = "Innehåll\nEtt sätt\nTvå sätt\nTre sätt\n\nEtt sätt\nA.\nTvå sätt\nTre sätt\nC.\n"
    put("a.txt", f"Havet\n\n{body}")

    [document], [] = read_all()

    assert [section.label for section in document.sections] == ["Ett sätt", "Två sätt", "Tre sätt"]
    assert all(document.text.startswith(s.label, s.start) for s in document.sections)


@pytest.mark.parametrize("text", ["Havet", "Havet\n\n", "Havet\nTyp: bet\n"])
def test_head_alone_is_kept_as_text(text, put, read_all):
    """A file that has nothing but a title is a document with that text."""
    put("a.txt", text)

    [document], [] = read_all()

    assert (document.title, document.text) == ("Havet", text)


@pytest.mark.parametrize("content", [b"", b"\n \r\n\t", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_blank_file(name, content, put, read_all):
    """A file without text is reported as empty."""
    put(name, content)

    [], [error] = read_all()

    assert error.reason == "is empty"


def test_binary_file(put, read_all):
    """A file that is not text is reported as what it is."""
    put("a.txt", b"\x89PNG\r\n")

    [], [error] = read_all()

    assert error.reason == "is not text (it is a PNG picture)"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines(newline, put, read_all):
    """However lines end in the file, they end in a newline in the text."""
    put("a.txt", f"Titel\nTyp: bet\n\n{BODY}".replace("\n", newline))

    [document], [] = read_all()

    assert (document.title, document.type, document.text) == ("Titel", "bet", BODY)


def test_form_feeds_are_pages(put, read_all):
    """Form feeds end pages, which are numbered from 1."""
    put("a.txt", "Titel\n\nEtt\n\fTvå\n\fTre\n\f")

    [document], [] = read_all()

    assert document.text == "Ett\n\fTvå\n\fTre\n\f"
    assert document.pages == (Section(0, "1"), Section(5, "2"), Section(10, "3"))


def test_page_of_the_title_counts(put, read_all):
    """When the title fills a page of its own, the text begins on the next one."""
    put("a.txt", "Titel\n\n\fTvå\n\fTre\n")

    [document], [] = read_all()

    assert document.pages == (Section(0, "2"), Section(5, "3"))


def test_compressed_text(put, read_all):
    """A compressed text file is read as if it were not compressed."""
    put("a.txt.gz", gzip.compress(f"Titel\n\n{BODY}".encode()))

    [document], [] = read_all()

    assert (document.id, document.text) == ("a.txt.gz", BODY)


def test_line_without_words_is_no_title(put, read_all):
    """A first line of dashes or stars says nothing, so it is no title."""
    put("a.txt", f"-----\n\n{BODY}")

    [document], [] = read_all()

    assert document.title is None
