"""Nearness is Whoosh's: SpanNear2's rule for words, SpanNear's where phrases are long."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpora import CORPORA, Commit, examples, write
from whoosh import query
from whoosh.searching import Searcher
from whoosh_oracle import found

import searchkit
from searchkit.index.whoosh_reader import SnapshotReader
from searchkit.model import Document
from searchkit.query.search import Index

WORDS = st.sampled_from(["mål", "om", "produktion", "är"]).map(
    lambda word: query.Term("content", word)
)
PHRASES = st.lists(st.sampled_from(["mål", "om", "är"]), min_size=2, max_size=3).map(
    lambda words: query.Phrase("content", words)
)
DISTANCES = st.fixed_dictionaries(
    {"slop": st.integers(1, 5), "ordered": st.booleans(), "mindist": st.integers(0, 1)}
)


def ours(index: Index, tree: Any) -> set[str]:
    return {hit.id for hit in index.search(tree, limit=100, passages=0)}


@examples(25)
@given(
    documents=CORPORA,
    nears=st.lists(
        st.tuples(st.lists(WORDS, min_size=2, max_size=3), DISTANCES), min_size=5, max_size=15
    ),
)
def test_words_are_near_as_in_whooshs_span_near_2(
    tmp_path_factory: pytest.TempPathFactory,
    documents: tuple[Document, ...],
    nears: list[tuple[list[Any], dict[str, Any]]],
) -> None:
    """Two or three words, in order or not, are near each other where SpanNear2 says so."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, [Commit(documents)])
    with searchkit.open(directory) as index:
        searcher = Searcher(SnapshotReader(index.snapshot))
        for clauses, distance in nears:
            tree = query.SpanNear2(clauses, **distance)

            assert ours(index, tree) == found(searcher, tree)


@examples(25)
@given(
    documents=CORPORA,
    nears=st.lists(
        st.tuples(st.lists(st.one_of(WORDS, PHRASES), min_size=2, max_size=3), DISTANCES),
        min_size=5,
        max_size=15,
    ),
)
def test_phrases_are_near_as_in_whooshs_span_near(
    tmp_path_factory: pytest.TempPathFactory,
    documents: tuple[Document, ...],
    nears: list[tuple[list[Any], dict[str, Any]]],
) -> None:
    """Words and phrases are near each other where SpanNear, joined from the left, says so."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, [Commit(documents)])
    with searchkit.open(directory) as index:
        searcher = Searcher(SnapshotReader(index.snapshot))
        for clauses, distance in nears:
            # SpanNear2 overlooks a phrase that begins out of reach and ends within.
            whooshs = reduce(lambda a, b, d=distance: query.SpanNear(a, b, **d), clauses)

            assert ours(index, query.SpanNear2(clauses, **distance)) == found(searcher, whooshs)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    directory = tmp_path_factory.mktemp("near")
    documents = [
        Document("phrase first", "cirkulär ekonomi kräver mål"),
        Document("word first", "mål för cirkulär ekonomi"),
        Document("far", "mål som inte alls gäller vår cirkulära ekonomi"),
        Document("apart", "kräver", title="Mål"),
        Document("twice", "kräver mål mål"),
        Document("between", "om produktion mål ekonomi"),
    ]
    write(directory, [Commit(tuple(documents))])
    return searchkit.open(directory)


@pytest.mark.parametrize("text", ['mål NEAR/1 "cirkulär ekonomi"', '"cirkulär ekonomi" NEAR/1 mål'])
def test_a_phrase_is_near_on_either_side(index: Index, text: str) -> None:
    """A phrase is near a word, whichever of them stands first in the text or in the query."""
    assert ours(index, text) == {"phrase first", "word first"}
    assert found(Searcher(SnapshotReader(index.snapshot)), index.parse(text)) == ours(index, text)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("mål NEAR/0 kräver", {"phrase first", "twice"}),
        ("mål NEAR/10000 kräver", {"phrase first", "twice"}),
        ('"mål kräver"~10000', set()),
        ("mål NEAR/0 mål", {"twice"}),
        ("om NEAR/2 ekonomi NEAR/2 mål", {"between"}),
        ("om NEAR/1 mål NEAR/1 ekonomi", {"between"}),
        ("om NEAR/0 ekonomi NEAR/0 mål", set()),
    ],
)
def test_what_is_near(index: Index, text: str, keys: set[str]) -> None:
    """NEAR/n lets n other words stand between, and reaches from no title into its text."""
    assert ours(index, text) == keys


def test_whoosh_finds_what_is_not_near(index: Index) -> None:
    """Whoosh can exclude a Near of patterns, though it wants no positions of what it excludes."""
    tree = index.parse('INTE "*o* mål"')

    assert found(Searcher(SnapshotReader(index.snapshot)), tree) == ours(index, tree)
    assert "between" not in ours(index, tree)


def test_a_near_is_weighted_the_same_by_whoosh(index: Index) -> None:
    """A weight on a Near multiplies the scores that Whoosh's matcher gives."""
    searcher = Searcher(SnapshotReader(index.snapshot))
    plain = searcher.search(index.parse("mål NEAR/1 kräver"))
    double = searcher.search(index.parse("(mål NEAR/1 kräver)^2"))

    assert [hit.score for hit in double] == pytest.approx([2 * hit.score for hit in plain])


def test_the_least_distance_beyond_adjacent_is_whooshs_own(index: Index) -> None:
    """A least distance of 2 is honoured, too: adjacent words are then not near."""
    clauses = [index.parse("mål"), index.parse("kräver")]

    assert ours(index, query.SpanNear2(clauses, slop=3, ordered=False, mindist=2)) == {"twice"}
