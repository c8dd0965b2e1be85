"""
Small corpora, drawn at random.

Texts are made of a few words in several inflections, so that queries often meet
them; a history of commits adds, replaces and deletes documents of a few ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from oracle import Oracle

from searchkit.index import IndexWriter
from searchkit.model import Document, Section
from searchkit.query.search import Index

WORDS = [
    "mål", "målet", "målen", "är", "att", "om", "ställa", "ställer", "produktion", "produktionen",
    "hållbar", "hållbara", "ekonomi", "ekonomins", "för", "EU", "EU:s", "2016",
]  # fmt: skip
BETWEEN = [" ", " ", " ", ", ", ". ", "\n", "\n\n", " – ", "/"]
TYPES = ["prop", "Prop", "proposition", "sou", "mot"]
DATES = ["2015", "2015-06", "2015-06-01", "2016-12-31", "2017"]
IDS = [f"dok-{n}" for n in range(16)]


# What the profile "ci" draws for a test that names no number of its own.
_EXAMPLES = 60


def examples(count: int) -> settings:
    """Draw *count* examples, of which each builds an index; more under a deeper profile."""
    return settings(max_examples=count * settings.default.max_examples // _EXAMPLES)


@dataclass(frozen=True)
class Commit:
    """What one writer does before it commits."""

    puts: tuple[Document, ...]
    deletes: tuple[str, ...] = ()


def _texts(least: int, most: int) -> st.SearchStrategy[str]:
    words = st.lists(st.sampled_from(WORDS), min_size=least, max_size=most)
    separators = st.lists(st.sampled_from(BETWEEN), min_size=1, max_size=4)
    return st.builds(_text, words, separators)


def _text(words: list[str], separators: list[str]) -> str:
    return "".join(word + sep for word, sep in zip(words, cycle(separators), strict=False))


def _sections(document: Document) -> st.SearchStrategy[Document]:
    starts = st.lists(st.integers(0, len(document.text)), max_size=2, unique=True).map(sorted)

    def with_sections(found: list[int]) -> Document:
        sections = [Section(start, f"Avsnitt {n}") for n, start in enumerate(found, 1)]
        return Document(
            document.id, document.text, document.title, document.date, document.type,
            document.fields, sections,
        )  # fmt: skip

    return starts.map(with_sections)


# A long text has several passages: one is some eighty words.
TEXTS = st.one_of(
    _texts(0, 12), _texts(5, 30), _texts(5, 30), _texts(7, 12).map(lambda text: text * 20)
)

DOCUMENTS = st.builds(
    Document,
    id=st.sampled_from(IDS),
    text=TEXTS,
    title=st.one_of(st.none(), _texts(0, 4), _texts(1, 4)),
    date=st.one_of(st.none(), st.sampled_from(DATES)),
    type=st.one_of(st.none(), st.sampled_from(TYPES)),
    fields=st.sampled_from([{}, {"organ": "Klimat"}, {"organ": "klimat"}, {"organ": "Finans"}]),
).flatmap(_sections)


def _corpora(least: int, most: int) -> st.SearchStrategy[tuple[Document, ...]]:
    documents = st.lists(
        DOCUMENTS, min_size=least, max_size=most, unique_by=lambda document: document.id
    )
    return documents.map(tuple)


CORPORA = st.one_of(_corpora(8, 12), _corpora(8, 12), _corpora(0, 3))

# A large commit first, so that later deletions leave tombstones rather than merge.
_FIRST = st.builds(Commit, puts=_corpora(9, 12))
_LATER = st.builds(
    Commit,
    puts=_corpora(0, 3),
    deletes=st.lists(st.sampled_from(IDS), max_size=1).map(tuple),
)
HISTORIES = st.one_of(
    st.tuples(st.builds(Commit, puts=CORPORA)),
    st.tuples(_FIRST, _LATER),
    st.tuples(_FIRST, _LATER, _LATER),
    st.lists(_LATER, min_size=1, max_size=4).map(tuple),
)


def write(directory: Path, history: Sequence[Commit]) -> None:
    """Make each commit of *history* with a writer of its own."""
    for commit in history:
        with IndexWriter(directory) as writer:
            for document in commit.puts:
                writer.put(document)
            for key in commit.deletes:
                writer.delete(key)
            writer.commit()


def left(history: Sequence[Commit]) -> dict[str, Document]:
    """Return the documents that are there after *history*, by id."""
    documents: dict[str, Document] = {}
    for commit in history:
        documents |= {document.id: document for document in commit.puts}
        for key in commit.deletes:
            documents.pop(key, None)
    return documents


def order_of(index: Index) -> list[str]:
    """Return the ids of the live documents in the order of the index."""
    return [
        live.segment.key(doc_id)
        for live in index.snapshot.segments
        for doc_id in range(live.segment.document_count)
        if live.alive is None or live.alive[doc_id]
    ]


def oracle_of(index: Index, documents: dict[str, Document]) -> Oracle:
    """Return the oracle over *documents*, which must be just what *index* holds."""
    order = order_of(index)
    assert sorted(order) == sorted(documents)
    return Oracle([documents[key] for key in order])
