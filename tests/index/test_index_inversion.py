"""Places, postings, weights and forms against dicts and loops."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import TinyModel, build, documents, folder, some_documents

from searchkit.analysis.parts import Part
from searchkit.index import Segment, forms, layout
from searchkit.index.builder import SegmentBuilder
from searchkit.index.segment import NO_TERM
from searchkit.index.weights import encode_impacts, length_norms
from searchkit.model import Document

Terms = Callable[[str], str]
Parts = Callable[[str], tuple[Part, ...]]

QUARTERS = [4, 2, 1, 1]


def no_parts(_word: str) -> tuple[Part, ...]:
    return ()


def letters(word: str) -> tuple[Part, ...]:
    """Return the letters of a word as its parts, of one kind after the other."""
    distinct = dict.fromkeys(word[1:])
    return tuple(
        Part(f"{letter}+", word.index(letter, 1), word.index(letter, 1) + 1, n % 3 + 1)
        for n, letter in enumerate(distinct)
    )


def assert_consistent(segment: Segment, term_of: Terms, parts_of: Parts = no_parts) -> None:
    """Check every list of a segment against its line."""
    words = list(segment.words)
    line = segment.line().tolist()
    doc_of = np.repeat(np.arange(segment.document_count), np.diff(segment.doc_starts)).tolist()
    norms = length_norms(segment.lengths())
    places: dict[str, list[int]] = defaultdict(list)
    inner: dict[str, list[int]] = defaultdict(list)
    quarters: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for place, number in enumerate(line):
        doc = doc_of[place]
        field = 2 if place < segment.body_starts[doc] else 1
        places[term_of(words[number])].append(place)
        quarters[term_of(words[number])][doc] += 4 * field
        for part in parts_of(words[number]):
            inner[part.term].append(place)
            quarters[part.term][doc] += QUARTERS[part.kind] * field

    for place, number in zip(segment.extra_places.tolist(), segment.extra_numbers, strict=True):
        if segment.extra_terms[number] != NO_TERM:
            term, doc = segment.terms[segment.extra_terms.item(number)], doc_of[place]
            if place not in inner[term]:
                insort(inner[term], place)
                quarters[term][doc] += 8 if place < segment.body_starts[doc] else 4

    assert list(segment.terms) == sorted({*places, *inner})
    for term_id, term in enumerate(segment.terms):
        held = sorted(quarters[term])
        weights = np.array([quarters[term][doc] for doc in held], np.float32) / np.float32(4)
        codes = encode_impacts(weights / (weights + norms[held]))
        start, end = segment.postings.bounds(term_id)
        forms = segment.forms_of(term_id)[segment.ranks(term_id)]

        assert segment.places.decode(term_id).tolist() == places[term]
        assert segment.inner.decode(term_id).tolist() == inner[term]
        assert segment.postings.decode(term_id).tolist() == held
        assert segment.impacts[start:end].tolist() == codes.tolist()
        assert segment.term_bounds[term_id] == codes.max()
        assert forms.tolist() == [line[place] for place in places[term]]
        assert [words[w] for w in segment.forms_of(term_id)] == sorted(
            {words[line[place]] for place in places[term]}
        )
    for number, word in enumerate(words):
        assert segment.parts_of_word(number) == list(parts_of(word))


@pytest.mark.parametrize("parts_of", [no_parts, letters])
@pytest.mark.parametrize(
    "term_of",
    [lambda word: word, lambda word: word[:2], lambda word: "x"],
    ids=["every word", "prefixes", "one term"],
)
@given(st.lists(documents(), min_size=1, max_size=4))
def test_lists_are_the_line_turned_around(
    term_of: Terms, parts_of: Parts, drawn: list[Document]
) -> None:
    """Places, inner places, postings, impacts, bounds and forms of every term are the line's."""
    with folder() as home:
        segment = build(home / "s", drawn, TinyModel(term_of, parts_of))
        assert_consistent(segment, term_of, parts_of)


def wide_documents() -> list[Document]:
    """Return documents with 600 forms of one term, 256 of another, 257 of a third."""
    texts = [f"a{n} b{n % 256} c{n % 257} d{n % 2} a{n} a0 e" for n in range(600)]
    return [Document(str(n), text, title=f"a{n} d1") for n, text in enumerate(texts)]


def test_terms_of_very_many_forms(tmp_path: Path) -> None:
    """Ranks of one, two and no bytes stand side by side and lead back to the words."""
    segment = build(tmp_path / "s", wide_documents(), TinyModel(lambda word: word[:1]))

    assert [len(segment.forms_of(n)) for n in range(5)] == [600, 256, 257, 2, 1]
    assert_consistent(segment, lambda word: word[:1])


def test_ranks_of_very_many_terms(tmp_path: Path) -> None:
    """Ranks are found behind any number of other terms', in whatever block they lie."""
    texts = [" ".join(f"{n:03}{(n + d) % (1 + n % 4)}" for n in range(700)) for d in range(40)]
    drawn = [Document(str(d), text) for d, text in enumerate(texts)]
    segment = build(tmp_path / "s", drawn, TinyModel())

    assert len(segment.file.array("forms.block_offsets")) > 2
    assert len(segment.file.array("forms.marks")) == 700 // forms.TERMS_A_MARK + 1
    assert_consistent(segment, TinyModel().term)


@pytest.mark.parametrize("tokens", [1, 50, 999])
def test_stretches_leave_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokens: int
) -> None:
    """A segment inverted in many stretches of the line is the one inverted at once."""
    model = TinyModel(lambda word: word[:2])
    drawn = some_documents(40, pieces=100) + wide_documents()
    whole = build(tmp_path / "whole", drawn, model).path.read_bytes()
    monkeypatch.setattr(layout, "_STRETCH_TOKENS", tokens)

    assert build(tmp_path / "parts", drawn, model).path.read_bytes() == whole


def test_threads_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment inverted by several threads is the one inverted by one."""
    monkeypatch.setattr(layout, "_STRETCH_TOKENS", 100)
    drawn = some_documents(40, pieces=100) + wide_documents()
    whole = build(tmp_path / "two", drawn).path.read_bytes()
    finish = SegmentBuilder.finish
    for threads in (1, 4):
        monkeypatch.setattr(SegmentBuilder, "finish", partialmethod(finish, threads=threads))
        assert build(tmp_path / str(threads), drawn).path.read_bytes() == whole


def test_a_title_counts_twice(tmp_path: Path) -> None:
    """A word in the title weighs 2, in the text 1, and both add up."""
    segment = build(tmp_path / "s", [Document("1", "mål och mål", title="Mål")])
    term = segment.term_id("mål")
    assert term is not None
    start, end = segment.postings.bounds(term)

    impacts = encode_impacts(4.0 / (4.0 + length_norms(np.array([5.0]))))

    assert segment.impacts[start:end].tolist() == impacts.tolist()
