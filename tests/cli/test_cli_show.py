"""``searchkit show``: a document, what is known about it, its pages and sections."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_fakes import FakeIndex
from click.testing import Result

import searchkit
from searchkit.cli.parts import page_at, provenance_of
from searchkit.index.sources import Sources
from searchkit.model import Document, Section

Run = Callable[..., Result]

DOCUMENT = Document(
    "H501",
    "Bakgrund\nEn hållbar väg.\x1b",
    title="Cirkulär\nekonomi",
    type="motion",
    fields={"organ": "MJU", "path": "a.pdf", "provenance": "title: html h1; organ: meta; url"},
    sections=(Section(0, "Bakgrund"),),
    pages=(Section(0, "1"), Section(9, "2")),
)
CHAPTERS = ("5 Avfall", "5.1 Hushåll", "5.1.2 Papper", "5.10 Glas", "Bilaga 5", "6 Avfall och mat")
TEXT = "".join(f"{heading}\nOm {number}.\n" for number, heading in enumerate(CHAPTERS))
REPORT = Document(
    "R1",
    TEXT,
    sections=[Section(TEXT.index(heading), heading) for heading in CHAPTERS],
    pages=[
        Section(TEXT.index(heading), label)
        for heading, label in zip(CHAPTERS, ["iv", "1", "2", "1", "2", "3"], strict=True)
    ],
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> FakeIndex:
    duplicates = {"ö.pdf": "a.pdf", "b.pdf": "a.pdf", "c.pdf": "d.pdf"}
    sources = Sources("/corpus", "", {}, duplicates)
    return FakeIndex(document_shown=DOCUMENT, sources=sources).install(monkeypatch)


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> FakeIndex:
    return FakeIndex(document_shown=REPORT).install(monkeypatch)


def test_show(run: Run, shown: FakeIndex) -> None:
    """A document is what is known about it and from where, its outline, then its text as it is."""
    assert run("show", "H501").stdout == (
        "id: H501\ntitle: Cirkulär ekonomi (html h1)\ntype: motion\norgan: MJU (meta; url)\n"
        "path: a.pdf\nalso in: b.pdf\nalso in: ö.pdf\npages: 2 (1 to 2)\n"
        "\noutline:\n        0  p. 1  Bakgrund\n"
        "\nBakgrund\nEn hållbar väg.\x1b\n"
    )


def test_show_without_pages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outline without pages is the offset and the heading of each section."""
    bare = Document("1", "Mål\nText", sections=(Section(0, "Mål"),))
    FakeIndex(document_shown=bare).install(monkeypatch)

    assert run("show", "1").stdout == "id: 1\n\noutline:\n        0  Mål\n\nMål\nText\n"


def test_show_text(run: Run, shown: FakeIndex) -> None:
    """--text prints the text alone, in a pipe unchanged."""
    assert run("show", "H501", "--text").stdout == f"{DOCUMENT.text}\n"


def test_show_json(run: Run, shown: FakeIndex) -> None:
    """--json prints the whole document, absent values null, the source of each value apart."""
    assert json.loads(run("show", "H501", "--json").stdout) == {
        "id": "H501",
        "title": "Cirkulär\nekonomi",
        "type": "motion",
        "date": None,
        "fields": {"organ": "MJU", "path": "a.pdf"},
        "provenance": {"title": "html h1", "organ": "meta; url"},
        "also_in": ["b.pdf", "ö.pdf"],
        "sections": [{"start": 0, "label": "Bakgrund"}],
        "pages": [{"start": 0, "label": "1"}, {"start": 9, "label": "2"}],
        "text": "Bakgrund\nEn hållbar väg.\x1b",
    }


@pytest.mark.parametrize(
    "args", [("--json", "--text"), ("--page", "1", "--section", "Bakgrund")], ids=str
)
def test_what_excludes_each_other(args: tuple[str, ...], run: Run, shown: FakeIndex) -> None:
    """Two forms of the output, or two parts of the text, are a misuse."""
    result = run("show", "H501", *args)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "exclude each other" in result.stderr


def test_page(run: Run, shown: FakeIndex) -> None:
    """--page prints the text of that page, up to the next one, and nothing else."""
    result = run("show", "H501", "--page", "1")

    assert (result.stdout, result.stderr) == ("Bakgrund\n", "")


def test_last_page(run: Run, shown: FakeIndex) -> None:
    """The last page goes to the end of the text."""
    assert run("show", "H501", "--page", "2").stdout == "En hållbar väg.\x1b\n"


def test_page_whose_label_is_on_several(run: Run, report: FakeIndex) -> None:
    """If several pages bear a number all of them are printed, and that is said."""
    result = run("show", "R1", "--page", "1")

    assert result.stdout == "5.1 Hushåll\nOm 1.\n\n5.10 Glas\nOm 3.\n"
    assert result.stderr == "note: 2 stretches answer to that; the first is '1'\n"


def test_page_labels_in_any_case(run: Run, report: FakeIndex) -> None:
    """Roman page numbers are found in capitals too."""
    assert run("show", "R1", "--page", "IV").stdout == "5 Avfall\nOm 0.\n"


def test_unknown_page(run: Run, report: FakeIndex) -> None:
    """A page that is not there ends in 2, and the pages that are there are told."""
    result = run("show", "R1", "--page", "77")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: 'R1' has no page '77'; its 6 pages are 'iv' to '3'\n"


def test_page_of_a_document_without_pages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pages are not known at all, that is said."""
    FakeIndex(document_shown=Document("1", "Text")).install(monkeypatch)

    assert run("show", "1", "--page", "2").stderr == (
        "error: '1' has no page '2': its pages are not known\n"
    )


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("5.1 hushåll", ["5.1 Hushåll", "5.1.2 Papper"]),
        ("5.1", ["5.1 Hushåll", "5.1.2 Papper"]),
        ("avsnitt 5.10", ["5.10 Glas"]),
        ("5", ["5 Avfall", "5.1 Hushåll", "5.1.2 Papper", "5.10 Glas"]),
        ("bilaga 5", ["Bilaga 5"]),
        ("6  Avfall", ["6 Avfall och mat"]),
        ("papper", ["5.1.2 Papper"]),
    ],
)
def test_section(text: str, headings: list[str], run: Run, report: FakeIndex) -> None:
    """A section is named by heading, number or words; what is numbered below belongs to it."""
    found = run("show", "R1", "--section", text)

    assert found.exit_code == 0
    printed = [line for line in found.stdout.splitlines() if line in CHAPTERS]
    assert printed == headings


def test_section_that_is_named_twice(run: Run, report: FakeIndex) -> None:
    """If several headings hold the words all of them are printed, each once."""
    result = run("show", "R1", "--section", "avfall")

    assert result.stdout.count("Om ") == 5
    assert result.stderr == "note: 2 stretches answer to that; the first is '5 Avfall'\n"


def test_unknown_section(run: Run, report: FakeIndex) -> None:
    """A section that is not there ends in 2 with a heading that is like it."""
    result = run("show", "R1", "--section", "6 afvall och mat")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: 'R1' has no section '6 afvall och mat'; did you mean '6 Avfall och mat'?\n"
    )


@pytest.mark.parametrize("text", ["", "99", "zzz"])
def test_section_like_no_other(text: str, run: Run, report: FakeIndex) -> None:
    """Where no heading is like it, it is told how to see them."""
    result = run("show", "R1", "--section", text)

    assert result.exit_code == 2
    assert "`searchkit show R1` prints its outline" in result.stderr


def test_parts_as_json(run: Run, report: FakeIndex) -> None:
    """With --json a part is where it stands, its label and its text."""
    parts = json.loads(run("show", "R1", "--page", "3", "--json").stdout)

    start = TEXT.index("6 Avfall")
    assert parts == {
        "id": "R1",
        "parts": [{"start": start, "end": len(TEXT), "label": "3", "text": TEXT[start:]}],
    }


def test_page_before_the_first() -> None:
    """What stands before the first page break that is known is on no known page."""
    document = Document("1", "abc", pages=(Section(1, "7"),))

    assert [page_at(document, offset) for offset in range(3)] == [None, "7", "7"]


def test_provenance_of_nothing() -> None:
    """A document of which no source is told has none."""
    assert provenance_of(Document("1", "abc", fields={"organ": "MJU"})) == {}


def test_duplicates_of_a_real_index(run: Run, tmp_path: Path) -> None:
    """Of two files with the same bytes one is kept, and shows the path of the other."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for name in ("a.txt", "b.txt"):
        (corpus / name).write_text("Motion om tåg\n\nTågen ska gå i tid.", encoding="utf-8")
    searchkit.reindex(corpus, index, processes=1)

    shown = run("show", "b.txt", "--index", str(index)).stdout

    assert "also in: a.txt\n" in shown
    assert "title: Motion om tåg (" in shown
    assert "provenance" not in shown
