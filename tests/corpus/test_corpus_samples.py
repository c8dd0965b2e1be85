"""Are genuine files read? Those of the project, and a sibling folder's where it is there."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from searchkit.corpus import Chunk, plan, read
from searchkit.model import Document

PROJECT = Path(__file__).parents[2]
SHARED = PROJECT.parent / "shared"
EXAMPLES = PROJECT / "corpus"


def documents_of(corpus: Path, chunk_count: int | None = None) -> list[Document]:
    if not corpus.exists():
        pytest.skip(f"no {corpus.name} here")
    chunks = (step for step in plan(corpus) if isinstance(step, Chunk))
    found = [outcome for chunk in islice(chunks, chunk_count) for outcome in read(chunk)]
    assert found
    assert all(isinstance(outcome, Document) for outcome in found)
    return [outcome for outcome in found if isinstance(outcome, Document)]


def test_example_corpus():
    """Every file of the example corpus is a document with title, date, type and text."""
    for document in documents_of(EXAMPLES):
        assert document.title, document.id
        assert document.date, document.id
        assert document.type, document.id
        assert document.text.strip(), document.id


@pytest.mark.parametrize("folder", ["text", "g0v-markdown", "sfs-markdown"])
def test_genuine_prose(folder):
    """Genuine text and Markdown files are documents whose sections lie at their headings."""
    for document in documents_of(SHARED / "samples" / folder):
        assert document.title, document.id
        for section in document.sections:
            assert document.text[section.start :].lstrip("# ").startswith(section.label[:5])


def test_genuine_statutes():
    """The front matter of genuine statutes gives title, date, organ and number."""
    for document in documents_of(SHARED / "samples" / "sfs-markdown"):
        assert document.date, document.id
        assert {"organ", "number"} <= document.fields.keys()


def test_genuine_dump():
    """A block of a genuine dump is documents, each with a date or none, and not one error."""
    documents = documents_of(SHARED / "data" / "bench-10k.jsonl.xz", chunk_count=1)

    assert len(documents) > 500
    assert len({document.id for document in documents}) == len(documents)
