"""How does an RTF file become a document?"""

from __future__ import annotations

import pytest
from office_files import chunk_of, fault, labels, one, pages

from searchkit.corpus.formats.rtf import read_rtf
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset2 Symbol;}"
    r"{\f2\fcharset238 Times CE;}}"
    r"{\stylesheet{\snext0 Normal;}{\s1\outlinelevel0 \sbasedon0 heading 1;}{\s2 Rubrik 2;}"
    r"{\*\cs10 Default;}}"
)


def rtf(body: str, head: str = HEAD) -> bytes:
    return (head + "\n" + body + "}").encode("latin-1")


def read(body: str, head: str = HEAD) -> Document:
    return one(read_rtf, rtf(body, head), "brev.rtf")


def test_letters():
    """Letters are read as bytes of the code page, as escapes of Unicode, and as they are."""
    assert read(r"K\'e4rnkraft \u229?r \u246\'f6l å").text == "Kärnkraft år öl å"


def test_code_page_of_mac():
    """A file of a Mac's has a Mac's code page."""
    assert read(r"\'8cr \'8an", head=r"{\rtf1\mac ").text == "år än"


def test_code_page_of_font():
    """A font may have a code page of its own."""
    assert read(r"{\f2 \'b3}\'b3").text == "ł³"


def test_utf8():
    """UTF-8, which some programs write into RTF, is taken for what it is."""
    assert one(read_rtf, r"{\rtf1\ansi Ärende 😀 över}".encode(), "a.rtf").text == "Ärende 😀 över"


def test_surrogates():
    """A character of two escapes is one character; half of one is none."""
    assert read(r"\u-10179?\u-8704?").text == "😀"
    assert read(r"A\u-10179?B").text == "A\ufffdB"


def test_paragraphs():
    """Paragraphs are parted by a blank line; a line break stays in its paragraph."""
    assert read(r"Ett\line tv\'e5\par\par Tre\emdash fyra\~fem\_sex").text == (
        "Ett\ntvå\n\nTre—fyra\xa0fem-sex"
    )


def test_headings():
    """Headings are known by their style, or their outline level; \\pard ends it."""
    body = r"\pard\s1 Ett\par\pard Text\par\pard\s2 1.1\tab Tv\'e5\par\pard\outlinelevel2 Tre\par"
    assert labels(read(body + r"\pard Slut\par")) == ["Ett", "1.1 Två", "Tre"]


def test_table():
    """A row is a line, its cells parted by bars."""
    row = r"\trowd\cellx1\cellx2\pard\intbl {}\cell {}\cell\row"
    body = r"F\'f6re\par" + row.format("A", r"B\par C") + row.format("1", "2")
    assert read(body + r"\pard Efter\par").text == "Före\n\nA | B C\n1 | 2\n\nEfter"


def test_list():
    """Bullets become hyphens, numbers stay."""
    bullet = r"{\listtext\f1\'b7\tab}"
    assert read(bullet + r"Ett\par" + bullet + r"Tv\'e5\par{\listtext 3.\tab}Tre\par").text == (
        "- Ett\n- Två\n3. Tre"
    )


def test_left_out():
    """Headers, pictures, field codes, hidden and deleted text are left out."""
    body = (
        r"{\header Sidhuvud\par}{\pict\wmetafile8 0100aabb}{\*\okand Nej}"
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt l\'e4nk}} {\v dold}{\deleted bort}\v av\v0 kvar"
    )
    assert read(body).text == "länk kvar"


def test_binary_data():
    """Binary data is skipped by its length, whatever stands in it."""
    assert read(r"Ett{\pict\bin4 }{\}} tv\'e5").text == "Ett två"


def test_note():
    """A note stands at the end."""
    body = r"Ord{\footnote\pard\plain{\super\chftn} Se SOU\par 2015:1.} g\'e5r\par Slut\par"
    assert read(body).text == "Ord[1] går\n\nSlut\n\n[1] Se SOU 2015:1."


def test_text_box():
    """A text box follows its paragraph."""
    shape = r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt\pard I rutan\par}}{\shprslt Nej}}"
    assert read(rf"F\'f6re{shape} mer\par Efter\par").text == "Före mer\n\nI rutan\n\nEfter"


@pytest.mark.parametrize(("stated", "expected"), [(2, {"1": "Ett", "2": "Två"}), (5, {})])
def test_pages(stated: int, expected: dict[str, str]):
    """Page breaks are the pages if the file counts as many."""
    body = rf"{{\info{{\nofpages{stated}}}}}Ett\page Tv\'e5\par"
    document = read(body)

    assert document.text == "Ett\nTvå"
    assert pages(document) == expected


def test_soft_pages():
    """Where the program tells its own page breaks, they are the pages."""
    assert pages(read(r"Ett \softpage tv\'e5\par")) == {"1": "Ett", "2": "två"}


def test_information():
    """The information group gives title, author and date, if they can be believed."""
    info = r"{\info{\title Om v\'e5rd}{\author Eva Ek}{\creatim\yr2016\mo4\dy2\hr9}}"
    document = read(info + r"Om v\'e5rd\par Text")

    assert (document.title, document.date) == ("Om vård", "2016-04-02")
    assert document.fields["author"] == "Eva Ek"


def test_truncated():
    """What stands before the end of a truncated file is kept, and its end reported."""
    problem, document = read_rtf(chunk_of(rtf(r"Ett\par Tv\'e5")[:-1], "a.rtf"))

    assert isinstance(problem, DocumentFormatError)
    assert "is truncated" in problem.reason
    assert isinstance(document, Document)
    assert document.text == "Ett\n\nTvå"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Hej", "is not an RTF file"),
        (b"PK\x03\x04", "is not an RTF file"),
        (rtf(r"{\pict 00}"), "run OCR"),
        (rtf(""), "is empty"),
        (b"{\\rtf1" + b"{" * 20_000, "its groups never end"),
    ],
)
def test_faults(content: bytes, reason: str):
    """What is wrong with a file is told."""
    assert reason in fault(read_rtf, content, "a.rtf")


def test_odd_numbers():
    """Numbers that no program writes do no harm."""
    body = r"A\u99999999?B\uc\uc999999 C\ansicpg0 \ansicpg99999 \f D\fcharset-1 \bin99999999 "
    documents = [o for o in read_rtf(chunk_of(rtf(body), "a.rtf")) if isinstance(o, Document)]

    assert [document.text[0] + document.text[-1] for document in documents] == ["AD"]
