"""How PDF files are read: what they tell of themselves, and what cannot be read."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from pdf_files import PROSE, Text, block, make_pdf, outcomes_of, page_texts, read, why_not

from searchkit.corpus.formats.pdf import is_garbled, xmp_title
from searchkit.corpus.formats.pdf_facts import is_title
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "pdf"


def test_stated_title():
    """A title that the file states, and the first page shows, is the title."""
    document = read(
        make_pdf([(70, 760, "Levande kuster", 20), *block(70, 700, PROSE)], title="Levande kuster")
    )

    assert document.title == "Levande kuster"
    assert "title: pdf title" in document.fields["provenance"]


def test_stated_title_that_is_none():
    """The name of a word processor's file is no title; the largest type on the first page is."""
    page = [(70, 760, "Levande kuster i hela landet", 20), *block(70, 700, PROSE)]
    document = read(make_pdf(page, title="Microsoft Word - dok1.doc"))

    assert document.title == "Levande kuster i hela landet"


def test_stated_title_that_is_cut():
    """A stated title that is only the first line of a heading becomes the whole heading."""
    page: list[Text] = [
        (70, 760, "Föreskrifter om stöd till", 16, "bold"),
        (70, 741, "fiskevård i kustvatten", 16, "bold"),
        *block(70, 700, PROSE),
    ]

    assert read(make_pdf(page, title="Föreskrifter om stöd till")).title == (
        "Föreskrifter om stöd till fiskevård i kustvatten"
    )


def test_series_is_no_title():
    """What every document of a series begins with is passed over as title."""
    page = [
        (70, 780, "Kommittédirektiv", 22, "bold"),
        (70, 740, "En samlad kustpolitik", 15),
        *block(70, 690, PROSE),
    ]

    assert read(make_pdf(page)).title == "En samlad kustpolitik"


def test_designation_in_the_stated_title():
    """Series and number in a stated title are told if they stand in the text, too."""
    page = [(70, 760, "Dir. 2031:15", 14), (70, 730, "Kustpolitiken", 16), *block(70, 690, PROSE)]
    document = read(make_pdf(page, title="Dir. 2031:15 Kustpolitiken"))

    assert (document.type, document.fields["number"]) == ("dir", "2031:15")
    assert document.title == "Kustpolitiken"


@pytest.mark.parametrize("written", ["untitled", "PROPGR~1.DOC", "Dokument1", "12", "2031-05-03"])
def test_implausible_titles(written):
    """Names of files and of templates are no titles."""
    assert not is_title(written)


def test_xmp_title():
    """The title in an XMP packet is found, and a broken packet passed over."""
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/"><r:Description><dc:title><r:Alt>'
        b"<r:li>Levande kuster</r:li></r:Alt></dc:title></r:Description></r:RDF></x:xmpmeta>"
    )

    assert xmp_title(b"stream " + packet) == "Levande kuster"
    assert xmp_title(packet[:90] + b"</x:xmpmeta>") == ""


def test_scan():
    """A file of pictures without letters is reported as a scan."""
    assert why_not(make_pdf([], [], picture=True)) == (
        "is a scan without text; run OCR on it first"
    )


def test_few_words_are_no_scan():
    """A page with a word or two and no picture is read."""
    assert read(make_pdf([(70, 700, "Bilaga")])).text == "Bilaga"


def test_some_pages_are_pictures():
    """Pages without letters among others are reported beside the document."""
    pages = [block(70, 700, PROSE), *([(0, 0, " ")] * 1 for _ in range(4))]
    problem, document = outcomes_of(make_pdf(*pages, picture=True))

    assert isinstance(problem, DocumentFormatError)
    assert "page(s) 2, 3, 4, 5 hold no text" in problem.reason
    assert isinstance(document, Document)


def test_empty():
    """Pages with nothing on them are reported as empty."""
    assert why_not(make_pdf([], [])).startswith("is empty")


def test_encrypted():
    """A file that asks for a password is reported; one whose password is empty is read."""
    assert why_not(make_pdf(block(70, 700, PROSE), password=b"hemligt")).startswith("is encrypted")
    assert read(make_pdf(block(70, 700, PROSE), password=b"")).text == " ".join(PROSE)


def test_not_pdf():
    """A file that is something else under the name of PDF is reported."""
    assert why_not(b"<html>hej</html>").startswith("is not PDF")
    assert why_not(b"") == "is empty: it holds no text"


def test_truncated():
    """A truncated file is reported, after what of it can still be read."""
    content = make_pdf(*[block(70, 700, PROSE)] * 4)
    problem, document = outcomes_of(content[: content.rindex(b"xref\n0")])

    assert isinstance(problem, DocumentFormatError)
    assert problem.reason.startswith("is truncated")
    assert isinstance(document, Document)
    assert document.text.startswith(PROSE[0])
    assert why_not(content[:40]).startswith("is truncated")


def test_garbled_letters():
    """Text of a font that does not tell its letters is reported."""
    plain = "".join(map(chr, range(ord("a"), ord("z") + 1))) + "åäö"
    codes = "".join(chr(ord(char) - 29) for char in plain[:-3]) + "nl|"
    shifted = [row.translate(str.maketrans(plain, codes)) for row in PROSE]

    assert is_garbled(" ".join(shifted * 2))
    assert why_not(make_pdf(block(70, 700, shifted * 3))).startswith("its letters cannot be read")
    assert not is_garbled(" ".join(PROSE))
    assert not is_garbled("0,05 12 0,02 " * 100)


@pytest.mark.parametrize("step", range(60))
def test_damage_does_no_harm(step):
    """A file with flipped bits, or cut anywhere, is read or reported, and never hangs."""
    pages = [[(70, 800, str(number)), *block(70, 700, PROSE)] for number in range(1, 4)]
    content = bytearray(make_pdf(*pages, bookmarks=[("Ett", 0)], title="Levande kuster"))
    dice = random.Random(step)
    if step % 3 == 0:
        del content[dice.randrange(len(content)) :]
    for _ in range(1 + step % 7):
        content[dice.randrange(len(content)) if content else 0 :][:1] = bytes([dice.randrange(256)])
        if content:
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    start = time.perf_counter()
    try:
        outcomes = outcomes_of(bytes(content))
    except DocumentFormatError as error:
        outcomes = [error]

    assert outcomes
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("name", "page_count", "label", "words"),
    [
        ("rinfo__Ds-1998_10.pdf", 172, "40", "rättsinformationssystem"),
        ("rinfo__SFS-1999_175.pdf", 6, "3", "Regeringskansliet är informationsansvarig myndighet"),
        ("rinfo__dir-2009_71.pdf", 10, "5", "Pågående arbete inom området"),
        ("rinfo__T_170-08.pdf", 18, "10", "SKILJAKTIG MENING"),
        ("rinfo__LIVSFS-2006_22bil1.pdf", 297, "5", "Citrusfrukter"),
    ],
)
def test_pages_of_genuine_files(name, page_count, label, words):
    """The words of a genuine file stand on the page whose printed number is theirs."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("no samples here")
    document = read(path.read_bytes())
    labels = [page.label for page in document.pages]

    assert len(labels) == page_count
    assert words in page_texts(document)[labels.index(label)]


def test_genuine_scan():
    """A genuine scan is reported as one."""
    path = SAMPLES / "rinfo__RA-FS-2006_6.pdf"
    if not path.exists():
        pytest.skip("no samples here")

    assert why_not(path.read_bytes()) == "is a scan without text; run OCR on it first"
