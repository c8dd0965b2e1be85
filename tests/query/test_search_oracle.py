"""Searches find what the slow oracle finds, with its scores."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpora import HISTORIES, Commit, examples, left, oracle_of, write
from small_queries import QUERIES
from whoosh import query

import searchkit
from searchkit.query.search import Results
from searchkit.query.syntax import FreeText

TERMS = st.sampled_from(["mål", "produktion", "hållbar", "ekonomi", "om", "zzz"])
LEAVES = st.one_of(
    TERMS.map(lambda text: query.Term("content", text)),
    TERMS.map(lambda text: query.Term("content", text.encode())),
    TERMS.map(lambda text: query.Term("title", text, boost=3.0)),
    TERMS.map(lambda text: query.Term("exact", text)),
    TERMS.map(lambda text: query.Regex("exact", f"{text[:2]}.*[ent]$")),
    TERMS.map(lambda text: query.Prefix("title_exact", text[:1])),
    TERMS.map(lambda text: query.Phrase("content", ["om", text], slop=2, boost=0.5)),
    st.sampled_from(["content", "exact", "title", "type", "organ", "date", None]).map(query.Every),
    st.sampled_from(["prop", "SOU"]).map(lambda text: query.Term("type", text)),
    st.integers(20150000, 20170000).map(lambda day: query.NumericRange("date", day, day + 5000)),
    st.just(query.NullQuery),
)


def _joints(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, min_size=1, max_size=3)
    weights = st.sampled_from([1.0, 2.0])
    return st.one_of(
        st.builds(query.And, some, weights),
        st.builds(query.Or, some, weights),
        st.builds(FreeText, some, weights),
        st.builds(query.And, st.tuples(inner, inner.map(query.Not)).map(list)),
        st.builds(query.Not, inner),
        st.builds(query.AndNot, inner, inner),
        st.builds(query.AndMaybe, inner, inner),
        st.builds(query.Require, inner, inner),
        st.builds(query.ConstantScoreQuery, inner, st.just(1.5)),
    )


TREES = st.recursive(LEAVES, _joints, max_leaves=5)


def scores(results: Results) -> dict[str, float]:
    return {hit.id: hit.score for hit in results}


@examples(40)
@given(history=HISTORIES, queries=st.lists(QUERIES, min_size=8, max_size=16))
def test_a_typed_query_finds_and_scores_as_the_oracle_does(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[Commit, ...], queries: list[str]
) -> None:
    """Whatever was committed, a typed query has the oracle's documents and scores."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, history)
    with searchkit.open(directory) as index:
        oracle = oracle_of(index, left(history))
        for typed in queries:
            expected = oracle.search(index.parse(typed))
            results = index.search(typed, limit=100, passages=0)

            assert scores(results) == pytest.approx(expected, rel=1e-5), typed
            assert results.total == len(expected), typed


@examples(40)
@given(history=HISTORIES, trees=st.lists(TREES, min_size=8, max_size=16))
def test_a_tree_finds_and_scores_as_the_oracle_does(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[Commit, ...], trees: list[Any]
) -> None:
    """A tree that no typed query gives has the oracle's documents and scores, too."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, history)
    with searchkit.open(directory) as index:
        oracle = oracle_of(index, left(history))
        for tree in trees:
            results = index.search(tree, limit=100, passages=0)

            assert scores(results) == pytest.approx(oracle.search(tree), rel=1e-5), tree


@examples(25)
@given(
    history=HISTORIES,
    queries=st.lists(QUERIES, min_size=4, max_size=8),
    size=st.integers(1, 5),
)
def test_pages_follow_each_other(
    tmp_path_factory: pytest.TempPathFactory,
    history: tuple[Commit, ...],
    queries: list[str],
    size: int,
) -> None:
    """Hits are ordered by score, then by document, and any page of them is a slice of that."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, history)
    with searchkit.open(directory) as index:
        documents = oracle_of(index, left(history)).documents
        order = {document.id: n for n, document in enumerate(documents)}
        for typed in queries:
            whole = index.search(typed, limit=10**9, passages=0)
            expected = [(hit.id, hit.rank, hit.score) for hit in whole]
            pages = [
                (hit.id, hit.rank, hit.score)
                for offset in range(0, len(whole) + 1, size)
                for hit in index.search(typed, limit=size, offset=offset, passages=0)
            ]

            assert pages == expected, typed
            assert expected == sorted(expected, key=lambda hit: (-hit[2], order[hit[0]]))
            assert [rank for _, rank, _ in expected] == list(range(1, len(expected) + 1))
