"""Documents in, documents out: what a segment keeps of them, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import TINY, build, documents, folder, some_documents, stored

from searchkit.analysis import Analyzer, normalise
from searchkit.analysis.parts import analyze_words
from searchkit.index import Segment, forward
from searchkit.index.builder import SegmentBuilder
from searchkit.index.forward import BatchEncoder, document_digest
from searchkit.index.known import KnownWords
from searchkit.model import Document, Section

several = st.lists(documents(), min_size=1, max_size=5)
ANALYZER = Analyzer(TINY)


def line_of(segment: Segment) -> list[str]:
    """Return the words on a segment's line."""
    words = list(segment.words)
    return [words[number] for number in segment.line().tolist()]


@given(several)
def test_documents_come_back(drawn: list[Document]) -> None:
    """Every document of a segment is read back as it went in."""
    with folder() as home:
        segment = build(home / "s", drawn)
        found = [stored(segment.document(n)) for n in range(len(drawn))]

    assert found == [stored(document) for document in drawn]


@given(several)
def test_the_line_holds_titles_and_texts(drawn: list[Document]) -> None:
    """The line is, document after document, the words of its title and of its text."""
    with folder() as home:
        segment = build(home / "s", drawn)
        titles = [ANALYZER.words(document.title or "") for document in drawn]
        texts = [ANALYZER.words(document.text) for document in drawn]
        lengths = [len(a) + len(b) for a, b in zip(titles, texts, strict=True)]

        assert line_of(segment) == [
            word for a, b in zip(titles, texts, strict=True) for word in (*a, *b)
        ]
        assert np.diff(segment.doc_starts).tolist() == lengths
        assert (segment.body_starts - segment.doc_starts[:-1]).tolist() == list(map(len, titles))


@given(several)
def test_passages_are_stretches_of_text_and_line(drawn: list[Document]) -> None:
    """A passage's text, cut into words by itself, gives the words of its stretch of the line."""
    with folder() as home:
        segment = build(home / "s", drawn)
        line = line_of(segment)
        for doc_id, document in enumerate(map(stored, drawn)):
            first, last = segment.passages_of(doc_id)
            chars = [*segment.passage_chars[first:last].tolist(), len(document.text)]
            places = segment.passage_starts[first:last].tolist()
            places.append(segment.doc_starts.item(doc_id + 1))
            texts = [raw.decode() for raw in segment.text.passages(first, last)]

            assert texts == [document.text[a:b] for a, b in pairwise(chars)]
            assert [ANALYZER.words(text) for text in texts] == [
                line[a:b] for a, b in pairwise(places)
            ]


@given(several)
def test_sections_begin_at_their_first_word(drawn: list[Document]) -> None:
    """A section's place is that of the first token at or after its beginning."""
    with folder() as home:
        segment = build(home / "s", drawn)
        for table, name in ((segment.sections, "sections"), (segment.pages, "pages")):
            expected = []
            for doc_id, document in enumerate(drawn):
                starts = [token.start for token in ANALYZER.analyze(document.text)]
                for section in getattr(document, name):
                    before = sum(start < section.start for start in starts)
                    expected.append(segment.body_starts.item(doc_id) + before)

            assert table.starts.tolist() == expected


@pytest.mark.parametrize(("char", "label"), [(0, None), (3, None), (4, "A"), (7, "A"), (8, "B")])
def test_label_of_an_offset(tmp_path: Path, char: int, label: str | None) -> None:
    """An offset lies in the last section that begins at or before it, in its own document."""
    sections = [Section(4, "A"), Section(8, "B")]
    texts = [Document("0", "ett"), Document("1", "ett två tre fyra", sections=sections)]
    segment = build(tmp_path / "s", texts)

    assert segment.sections.label_at(1, char) == label
    assert segment.sections.label_at(0, 0) is None
    assert segment.pages.label_at(1, char) is None


def test_batches_and_stretches_leave_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A segment does not depend on how its documents were cut into stretches."""
    drawn = some_documents(30, pieces=200)
    whole = build(tmp_path / "whole", drawn)
    monkeypatch.setattr(forward, "_BATCH_CODE_POINTS", 100)
    parts = build(tmp_path / "parts", drawn)

    assert parts.path.read_bytes() == whole.path.read_bytes()


def test_batches_of_several_sources_make_one_segment(tmp_path: Path) -> None:
    """Encoders with numberings of their own give the segment that one encoder gives."""
    drawn = some_documents(30, pieces=200)
    encoders = [BatchEncoder("a"), BatchEncoder("b")]
    builder = SegmentBuilder(tmp_path / "parts")
    for number in range(0, 30, 5):
        builder.add(encoders[number % 2].encode(drawn[number : number + 5]))
    builder.finish(KnownWords([], partial(analyze_words, TINY)))
    parts, whole = Segment(tmp_path / "parts"), build(tmp_path / "whole", drawn)

    for name in whole.file.names():
        if not name.startswith("text."):  # blocks end where batches do
            assert np.array_equal(parts.file.array(name), whole.file.array(name)), name
    assert [parts.document(n) for n in range(30)] == [whole.document(n) for n in range(30)]


def test_a_segment_of_texts_without_a_word(tmp_path: Path) -> None:
    """Documents without any word are kept, and a segment may hold nothing else."""
    drawn = [Document("a", ""), Document("b", "… –\n", title="")]
    segment = build(tmp_path / "s", drawn)

    assert [stored(segment.document(n)) for n in range(2)] == drawn
    assert segment.tokens == len(segment.terms) == len(segment.line()) == 0


def test_new_words_are_told_once() -> None:
    """A batch brings the words that no batch of its encoder brought before."""
    encoder = BatchEncoder("x")
    batches = [
        encoder.encode([Document("1", text)]) for text in ("Mål ett", "mål två", "ett två", "")
    ]

    assert [batch.new_words for batch in batches] == [["mål", "ett"], ["två"], [], []]
    assert [batch.line.tolist() for batch in batches] == [[0, 1], [0, 2], [1, 2], []]


FULL = Document(
    "1", "text", title="t", date="2015", type="prop", fields={"organ": "x"},
    sections=[Section(0, "1")], pages=[Section(2, "2")],
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda d: replace(d, id="2"),
        lambda d: replace(d, text="texten"),
        lambda d: replace(d, title=None),
        lambda d: replace(d, title=""),
        lambda d: replace(d, date="2016"),
        lambda d: replace(d, type="skr"),
        lambda d: replace(d, fields={"organ": "y"}),
        lambda d: replace(d, fields={"organ": "x", "url": ""}),
        lambda d: replace(d, fields={}),
        lambda d: replace(d, sections=[Section(0, "2")]),
        lambda d: replace(d, sections=[Section(1, "1")]),
        lambda d: replace(d, sections=[Section(0, "1"), Section(2, "2")], pages=[]),
        lambda d: replace(d, sections=[], pages=[Section(0, "1"), Section(2, "2")]),
        lambda d: replace(d, title=d.type, type=d.title),
    ],
)
def test_digest_differs_when_anything_does(change: Callable[[Document], Document]) -> None:
    """Whatever changes in a document, its digest does."""
    assert document_digest(change(FULL)) != document_digest(FULL)


@given(documents())
def test_digest_survives_the_index(document: Document) -> None:
    """A document read back from the index has the digest that the index keeps of it."""
    document = stored(document)
    with folder() as home:
        segment = build(home / "s", [document])

        assert segment.digests()[0].tobytes() == document_digest(document)
        assert document_digest(segment.document(0)) == document_digest(document)


def test_a_mark_without_a_letter_does_not_move_a_passage(tmp_path: Path) -> None:
    """A passage never takes the word before it along, whatever marks hang on that."""
    text = "x\u0301" * 300
    segment = build(tmp_path / "s", [Document("1", text)])
    words = [len(ANALYZER.words(raw.decode())) for raw in segment.text.passages(0, 4)]

    assert words == np.diff([*segment.passage_starts.tolist(), 300]).tolist()
    assert normalise(text).text == text
