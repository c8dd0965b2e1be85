"""Is the example corpus what it is meant to be: many formats, made again by their script?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import searchkit
from searchkit import Index

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.example_files import made, pdf  # noqa: E402

CORPUS = ROOT / "corpus"
REPORT = "rapporter/materialverket-2024-23-atertillverkning.pdf"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The index of the example corpus."""
    folder = tmp_path_factory.mktemp("examples") / "index"
    report = searchkit.reindex(CORPUS, folder, processes=1)
    assert report.skipped == ()
    assert report.duplicates == ()
    return searchkit.open(folder)


@pytest.mark.parametrize("relative", made())
def test_binary_examples_are_what_the_script_makes(relative: str) -> None:
    """`python benchmarks/example_files.py` writes the binary files as they are, to the byte."""
    assert (ROOT / relative).read_bytes() == made()[relative]


def test_examples_are_of_many_formats() -> None:
    """The corpus shows the formats that policy documents come in, by small files."""
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    formats = {".csv", ".docx", ".html", ".json", ".jsonl", ".md", ".pdf", ".txt", ".xml", ".zip"}
    assert {path.suffix for path in files} == formats
    assert max(path.stat().st_size for path in files) < 30_000


def test_report_is_cited_by_page_and_section(index: Index) -> None:
    """A hit in the PDF says on which page, in which section, it stands."""
    hit = next(iter(index.search('"stol som återtillverkas"')))
    assert hit.id == REPORT
    assert hit.passages[0].page == "3"
    assert (hit.passages[0].citation or "").endswith("s. 3, avsnitt 2.2")


def test_references_lead_through_the_examples(index: Index) -> None:
    """The examples cite one another across formats: one search finds who names the report."""
    paths = [str(hit.path) for hit in index.search('"Rapport 2024:23"')]
    assert {path.rpartition(".")[2] for path in paths} == {"csv", "docx", "json", "pdf"}


def test_pages_have_a_running_head_and_a_number() -> None:
    """The writer sets title and number on each page but the first, and breaks pages."""
    source = "# Titel\n\nVerket\nRapport\n\n" + "\n\n".join(["## Rubrik", "Ord och ord. " * 40] * 8)
    content = pdf(source)
    assert content.count(b"/Type /Page ") == 4
    assert content.count(b"(Titel) Tj") == 4
    assert b"(4 \\(4\\)) Tj" in content
