"""Small worlds for the tests of index/: documents, a model of words, indexes made of them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from searchkit.analysis import WordModel
from searchkit.analysis.compound_tables import CompoundTables
from searchkit.analysis.compounds import CompoundModel
from searchkit.analysis.parts import Part, analyze_words
from searchkit.index import IndexWriter, LiveSegment, Segment, Snapshot
from searchkit.index.builder import SegmentBuilder
from searchkit.index.format import ArrayFile, ArrayFileWriter
from searchkit.index.forward import BatchEncoder
from searchkit.index.known import KnownWords
from searchkit.model import Document, Section

WORDS = ["mål", "Målen", "MÅL", "ekonomi", "ekonomin", "klimat", "EU:s", "2015", "x", "och"]
ODD = ["a\u030a", "x\u0301y", "\u0301", "cirku-\nlär", "in-\noch", "av\u00adtal", "\ufb01nans",
       "\u212b", "ẞ", "Σας", "漢字", "𐐀", "😀", "\ud800", "\0", "_", "½"]  # fmt: skip
SIGNS = [". ", ", ", "\n", "\n\n", " ", " ", " ", "-", ":s", "(", ") ", "\r\n", "\t", "”"]


class TinyModel(WordModel):
    """A model whose terms are what a function says: by default a word's first three letters."""

    def __init__(
        self,
        term: Callable[[str], str] = lambda word: word[:3],
        parts: Callable[[str], tuple[Part, ...]] = lambda word: (),
    ) -> None:
        super().__init__()
        self._term = term
        self._parts = parts

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        """Identify the model."""
        return "tiny"

    def term(self, word: str) -> str:
        """Return what the function says."""
        return self._term(word)

    @property
    def compounds(self) -> CompoundModel:  # type: ignore[override]
        """Return a splitter that finds nothing, so that no suspended half is restored."""
        tables = CompoundTables({}, {}, frozenset(), frozenset(), "none")
        return CompoundModel(self.dictionary_lemma, tables=tables)

    def dictionary_lemma(self, word: str) -> str | None:
        """Return None: this model has no dictionary."""
        return None

    def parts(self, word: str) -> tuple[Part, ...]:  # type: ignore[override]
        """Return what the other function says."""
        return self._parts(word)


TINY = TinyModel()


def text_of(seed: int, size: int) -> str:
    """Return a text of *size* random pieces."""
    rng = random.Random(seed)
    pieces = WORDS * 3 + ODD + SIGNS * 3
    return "".join(rng.choice(pieces) for _ in range(size))


def sections_of(seed: int, size: int, text: str) -> tuple[Section, ...]:
    """Return *size* sections of a text, ascending, some of them at the same place or its end."""
    rng = random.Random(seed)
    starts = sorted(rng.randint(0, len(text)) for _ in range(size))
    return tuple(Section(start, rng.choice(["Inledning", "", "1 §", "\ud800"])) for start in starts)


ANY_KEY = st.text(min_size=1, max_size=4)


@st.composite
def documents(draw: Any, key: st.SearchStrategy[str] = ANY_KEY) -> Document:
    """Draw one document, of no words or of several passages, with or without all else."""
    text = draw(
        st.one_of(
            st.text(max_size=30),
            st.builds(text_of, st.integers(0, 9999), st.integers(0, 900)),
        )
    )
    some = st.one_of(st.none(), st.sampled_from(["", "Mål", "mål", "Ål 2015", "\ud800", "Ä\0"]))
    return Document(
        id=draw(key),
        text=text,
        title=draw(some),
        date=draw(st.one_of(st.none(), st.sampled_from(["2015", "2015-06", "2015-06-07"]))),
        type=draw(some),
        fields=draw(
            st.dictionaries(
                st.sampled_from(["organ", "path", "a.codes", "å b"]), st.text(max_size=4)
            )
        ),
        sections=sections_of(draw(st.integers(0, 9)), draw(st.integers(0, 4)), text),
        pages=sections_of(draw(st.integers(0, 9)), draw(st.integers(0, 4)), text),
    )


def some_documents(count: int, *, seed: int = 0, pieces: int = 60) -> list[Document]:
    """Return *count* documents with ids ``d0`` … of random texts."""
    rng = random.Random(seed)
    return [
        Document(f"d{n}", text_of(rng.randrange(10**6), rng.randint(0, pieces)), title="Mål x")
        for n in range(count)
    ]


def stored(document: Document) -> Document:
    """Return the document as the index gives it back: lone surrogates are "?"."""

    def clean(value: str) -> str:
        return value.encode("utf-8", "replace").decode()

    def outline(sections: Sequence[Section]) -> tuple[Section, ...]:
        return tuple(Section(s.start, clean(s.label)) for s in sections)

    return replace(
        document,
        id=clean(document.id),
        text=clean(document.text),
        title=None if document.title is None else clean(document.title),
        type=None if document.type is None else clean(document.type),
        fields={name: clean(value) for name, value in document.fields.items()},
        sections=outline(document.sections),
        pages=outline(document.pages),
    )


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that goes when done; for property tests, which have no ``tmp_path`` each."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def build(path: Path, documents: Sequence[Document], model: WordModel = TINY) -> Segment:
    """Write one segment of *documents* and open it."""
    builder = SegmentBuilder(path)
    builder.add(BatchEncoder("test").encode(documents))
    builder.finish(KnownWords([], partial(analyze_words, model)))
    return Segment(path)


def commit(
    index: Path, documents: Sequence[Document], deleted: Sequence[str] = (), **options: Any
) -> None:
    """Put *documents* into an index and delete some, in one commit."""
    with IndexWriter(index, model=TINY, **options) as writer:
        for document in documents:
            writer.put(document)
        for key in deleted:
            writer.delete(key)
        writer.commit()


def contents(snapshot: Snapshot) -> dict[str, Document]:
    """Read all live documents back, by id."""
    found: dict[str, Document] = {}
    for live in snapshot.segments:
        for doc_id in live_ids(live):
            document = stored(live.segment.document(doc_id))
            assert document.id not in found
            found[document.id] = document
    return found


def live_ids(live: LiveSegment) -> list[int]:
    """Return the ids of the documents of a segment that are not deleted."""
    every = range(live.segment.document_count)
    return [n for n in every if live.alive is None or live.alive[n]]


def by_id(documents: Sequence[Document]) -> dict[str, Document]:
    """Return what an index of *documents* should hold: the last of each id."""
    return {stored(document).id: stored(document) for document in documents}


def document_frequencies(snapshot: Snapshot) -> dict[str, int]:
    """Return the document frequency of every term that any live document holds."""
    terms = {term for live in snapshot.segments for term in live.segment.terms}
    found = {term: snapshot.document_frequency(term) for term in terms}
    return {term: frequency for term, frequency in found.items() if frequency}


@contextmanager
def array_file(write: Callable[[ArrayFileWriter], None]) -> Iterator[ArrayFile]:
    """Write an array file and open it."""
    with folder() as home:
        with ArrayFileWriter(home / "file.skx") as file:
            write(file)
        yield ArrayFile(home / "file.skx")
