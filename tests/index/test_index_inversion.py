"""Places, postings, weights and forms against dicts and loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import TinyModel, build, documents, folder, some_documents

from searchkit.index import Segment, builder, invert
from searchkit.index.weights import WEIGHT_OF_CODE, encode_weights, length_norms
from searchkit.model import Document


def inverted(segment: Segment, term_of: Callable[[str], str]) -> dict[str, list[int]]:
    """Turn the line around, place by place."""
    words = list(segment.words)
    places: dict[str, list[int]] = defaultdict(list)
    for place, number in enumerate(segment.line().tolist()):
        places[term_of(words[number])].append(place)
    return places


def assert_consistent(segment: Segment, term_of: Callable[[str], str]) -> None:
    """Check every list of a segment against its line."""
    expected = inverted(segment, term_of)
    doc_of = np.repeat(np.arange(segment.document_count), np.diff(segment.doc_starts)).tolist()
    lengths = segment.lengths()
    norms = length_norms(lengths, float(lengths.mean()))
    words = list(segment.words)

    assert list(segment.terms) == sorted(expected)
    for term_id, term in enumerate(segment.terms):
        places = expected[term]
        frequencies: dict[int, float] = defaultdict(float)
        for place in places:
            in_title = place < segment.body_starts[doc_of[place]]
            frequencies[doc_of[place]] += 2.0 if in_title else 1.0
        start, end = segment.postings.bounds(term_id)
        weights = WEIGHT_OF_CODE[segment.weights[start:end]]
        codes = encode_weights(np.array([f * 4 for f in frequencies.values()], np.int64))
        impacts = weights / (weights + norms[list(frequencies)])
        forms = segment.forms_of(term_id)[segment.ranks(term_id)]
        line = segment.line()[places]

        assert segment.places.decode(term_id).tolist() == places
        assert segment.postings.decode(term_id).tolist() == list(frequencies)
        assert segment.weights[start:end].tolist() == codes.tolist()
        assert segment.term_bounds[term_id] == pytest.approx(impacts.max(), rel=1e-6)
        assert forms.tolist() == line.tolist()
        assert [words[w] for w in segment.forms_of(term_id)] == sorted({words[w] for w in line})


@pytest.mark.parametrize(
    "term_of",
    [lambda word: word, lambda word: word[:2], lambda word: "x"],
    ids=["every word", "prefixes", "one term"],
)
@given(st.lists(documents(), min_size=1, max_size=4))
def test_lists_are_the_line_turned_around(
    term_of: Callable[[str], str], drawn: list[Document]
) -> None:
    """Places, postings, weights, bounds and forms of every term are those of the line."""
    with folder() as home:
        assert_consistent(build(home / "s", drawn, TinyModel(term_of)), term_of)


def wide_documents() -> list[Document]:
    """Return documents with 600 forms of one term, 256 of another, 257 of a third."""
    texts = [f"a{n} b{n % 256} c{n % 257} d{n % 2} a{n} a0 e" for n in range(600)]
    return [Document(str(n), text, title=f"a{n} d1") for n, text in enumerate(texts)]


def test_terms_of_very_many_forms(tmp_path: Path) -> None:
    """Ranks of one, two and no bytes stand side by side and lead back to the words."""
    segment = build(tmp_path / "s", wide_documents(), TinyModel(lambda word: word[:1]))

    assert [len(segment.forms_of(n)) for n in range(5)] == [600, 256, 257, 2, 1]
    assert_consistent(segment, lambda word: word[:1])


@pytest.mark.parametrize("places", [1, 50, 999])
def test_ranges_of_terms_leave_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: int
) -> None:
    """A segment inverted in many ranges of terms is the one inverted at once."""
    model = TinyModel(lambda word: word[:2])
    drawn = some_documents(40, pieces=100) + wide_documents()
    whole = build(tmp_path / "whole", drawn, model).path.read_bytes()
    monkeypatch.setattr(invert, "_RANGE_PLACES", places)
    monkeypatch.setattr(invert, "_SLICE", 300)

    assert build(tmp_path / "parts", drawn, model).path.read_bytes() == whole


def test_threads_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment inverted by several threads is the one inverted by one."""
    monkeypatch.setattr(invert, "_RANGE_PLACES", 100)
    whole = build(tmp_path / "one", wide_documents()).path.read_bytes()
    finish = builder.invert
    monkeypatch.setattr(builder, "invert", lambda line, threads: finish(line, threads=4))

    assert build(tmp_path / "four", wide_documents()).path.read_bytes() == whole


def test_a_title_counts_twice(tmp_path: Path) -> None:
    """A word in the title weighs 2, in the text 1, and both add up."""
    segment = build(tmp_path / "s", [Document("1", "mål och mål", title="Mål")])
    term = segment.term_id("mål")
    assert term is not None
    start, end = segment.postings.bounds(term)

    assert WEIGHT_OF_CODE[segment.weights[start:end]].tolist() == [4.0]
