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
        "url": "https://example.org/a?b=c",
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
    put("a.txt", b"%PDF-1.7\n")

    [], [error] = read_all()

    assert error.reason == "is not text (it is a PDF file)"


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
