"""Genuine Word files are read as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_files import chunk_of, labels, pages

from searchkit.corpus.formats.docx import read_docx
from searchkit.model import Document

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "docx-doc"


def test_genuine_proposition():
    """A genuine proposition has its numbered sections, its title, its date and its pages."""
    path = SAMPLES / "proptrips_downloaded_2012-13_144_index.docx"
    if not path.exists():
        pytest.skip("no samples here")
    (document,) = read_docx(chunk_of(path.read_bytes(), path.name))

    assert isinstance(document, Document)
    assert (document.date, document.fields["number"]) == ("2013-04-18", "2012/13:144")
    assert "3.1 EU:s bestämmelser om statligt stöd till sjöfartsnäringen" in labels(document)
    assert pages(document)["3"] == "1"
    assert pages(document)["4"] == "2"


def test_genuine_judgment():
    """A genuine judgment of 30 pages in a table has all its pages and its metadata."""
    path = SAMPLES / "dv_downloaded_HDO_T3592-13.docx"
    if not path.exists():
        pytest.skip("no samples here")
    (document,) = read_docx(chunk_of(path.read_bytes(), path.name))

    assert isinstance(document, Document)
    assert [page.label for page in document.pages] == [str(number) for number in range(1, 31)]
    assert (document.date, document.type) == ("2014-06-26", "dom")
