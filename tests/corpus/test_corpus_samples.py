"""Are genuine files read? Those of the project, and a sibling folder's where it is there."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from searchkit.corpus import Chunk, extensions, plan, read
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from benchmarks.format_table import PROVENANCE, Measured, as_markdown, measure  # noqa: E402

SHARED = PROJECT.parent / "shared"
SAMPLES = SHARED / "samples"
EXAMPLES = PROJECT / "corpus"
FORMATS_PAGE = PROJECT / "docs" / "formats.md"
SCAN = "pdf/rinfo__RA-FS-2006_6.pdf"
LISTS = ("g0v-json/g0vse__api__codes.json", "riksdag-api-xml/datasetlista.xml")


def documents_of(corpus: Path, chunk_count: int | None = None) -> list[Document]:
    if not corpus.exists():
        pytest.skip(f"no {corpus.name} here")
    chunks = (step for step in plan(corpus) if isinstance(step, Chunk))
    genuine = (chunk for chunk in chunks if chunk.path.name != PROVENANCE)
    found = [outcome for chunk in islice(genuine, chunk_count) for outcome in read(chunk)]
    assert found
    assert all(isinstance(outcome, Document) for outcome in found)
    return [outcome for outcome in found if isinstance(outcome, Document)]


@pytest.fixture(scope="module")
def measured() -> Measured:
    """What the readers make of all samples."""
    if not SAMPLES.is_dir():
        pytest.skip("no ../shared/samples beside the project")
    return measure(SAMPLES)


def test_example_corpus():
    """Every file of the example corpus is a document with title, date, type and text."""
    for document in documents_of(EXAMPLES):
        assert document.title, document.id
        assert document.date, document.id
        assert document.type, document.id
        assert document.text.strip(), document.id


def test_every_sample_is_read_or_reported(measured: Measured):
    """No genuine file is left without a document or a reason, and all folders have some."""
    assert measured.missing == []
    assert sum(row.files for row in measured.rows) > 100
    for row in measured.rows:
        assert row.documents > 0, row
        assert row.title >= 0.9 * row.documents, row


def test_only_what_holds_no_text_is_reported(measured: Measured):
    """Of the genuine files, a scan and two lists of other things are reported; why, is said."""
    reasons = dict(measured.reported)
    assert reasons.keys() == {SCAN, *LISTS}
    assert "scan without text" in reasons[SCAN]
    assert all("holds" in reasons[name] and "documents" in reasons[name] for name in LISTS)


def test_table_names_what_is_missing(measured: Measured):
    """The table has a row a source and format, the sum of all, and every reported file."""
    page = as_markdown(measured)
    assert page.count("\n| ") == len(measured.rows) + 1
    assert f"| {measured.total().documents:,} |" in page
    for name, reason in measured.reported:
        assert f"- {name}: {reason}" in page


def test_documentation_has_the_measured_table(measured: Measured):
    """docs/formats.md shows the table as it is measured now."""
    table = as_markdown(measured).partition("\n\n")[0]
    assert table in FORMATS_PAGE.read_text(encoding="utf-8")


def test_example_reader_of_the_documentation(tmp_path: Path):
    """The reader that docs/formats.md shows reads what it says, and reports the rest."""
    page = FORMATS_PAGE.read_text(encoding="utf-8")
    scope: dict[str, Any] = {"__name__": "minutes"}
    exec(page.partition("```python\n")[2].partition("```")[0], scope)
    content = "PRK;2024-03-05;2024:7;Nämnden för vatten\n§ 1 Val\nBo Ek valdes.\n§ 2 Avgift\n"

    def read_prk(payload: bytes) -> list[Document]:
        chunk = Chunk("prk", tmp_path / "a.prk", "a.prk", payload, 1, len(payload))
        return [o for o in scope["READER"].read(chunk) if isinstance(o, Document)]

    (document,) = read_prk(content.encode("cp1252"))
    assert (document.title, document.date, document.type) == (
        "Nämnden för vatten", "2024-03-05", "protokoll"
    )  # fmt: skip
    assert document.fields["number"] == "2024:7"
    assert [section.label for section in document.sections] == ["§ 1 Val", "§ 2 Avgift"]
    for section in document.sections:
        assert document.text.startswith(section.label, section.start)
    with pytest.raises(DocumentFormatError, match="must begin with"):
        read_prk(b"something else")


def test_documentation_names_every_extension():
    """docs/formats.md names every extension that is read."""
    page = FORMATS_PAGE.read_text(encoding="utf-8")
    for extension in extensions():
        assert f"`*{extension}`" in page or f"`{extension}`" in page, extension


def test_measure_counts_files_not_only_documents(tmp_path: Path):
    """A file that is neither read nor reported is named, one of provenance passed over."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / PROVENANCE).write_text("file\tsource\n", encoding="utf-8")
    (folder / "prosa.txt").write_text("Om vatten\n\nVattnet är rent.\n", encoding="utf-8")
    (folder / "tom.txt").write_text("", encoding="utf-8")
    (folder / ".dold.txt").write_text("passed over by the walk", encoding="utf-8")

    found = measure(tmp_path)

    assert found.missing == ["folder/.dold.txt"]
    assert [name for name, _ in found.reported] == ["folder/tom.txt"]
    assert found.passed_over == ["folder/PROVENANCE.tsv"]
    assert (found.total().files, found.total().documents, found.total().reported) == (3, 1, 1)


@pytest.mark.parametrize("folder", ["text", "g0v-markdown", "sfs-markdown"])
def test_genuine_prose(folder):
    """Genuine text and Markdown files are documents whose sections lie at their headings."""
    for document in documents_of(SAMPLES / folder):
        assert document.title, document.id
        for section in document.sections:
            label = section.label.lstrip("0123456789. ")  # only the table of contents has numbers
            line = document.text[section.start :].partition("\n")[0]
            assert label[:5].lower() in line.lower()


def test_sections_and_pages_ascend_within_the_text():
    """Sections and pages of genuine files ascend, begin inside the text and have labels."""
    if not SAMPLES.is_dir():
        pytest.skip("no ../shared/samples beside the project")
    for folder in ("pdf", "docx-doc", "riksdag-html"):
        for step in plan(SAMPLES / folder):
            outcomes = read(step) if isinstance(step, Chunk) else ()
            for document in (o for o in outcomes if isinstance(o, Document)):
                for marks in (document.sections, document.pages):
                    starts = [mark.start for mark in marks]
                    assert starts == sorted(starts), document.id
                    # A last page without text of its own begins at the end.
                    assert all(0 <= start <= len(document.text) for start in starts), document.id
                    assert all(mark.label.strip() for mark in marks), document.id


def test_genuine_statutes():
    """The front matter of genuine statutes gives title, date, organ and number."""
    for document in documents_of(SAMPLES / "sfs-markdown"):
        assert document.date, document.id
        assert {"organ", "number"} <= document.fields.keys()


def test_genuine_dump():
    """A block of a genuine dump is documents, each with a date or none, and not one error."""
    documents = documents_of(SHARED / "data" / "bench-10k.jsonl.xz", chunk_count=1)

    assert len(documents) > 500
    assert len({document.id for document in documents}) == len(documents)
