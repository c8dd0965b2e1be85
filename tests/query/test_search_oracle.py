"""Searches find what the slow oracle finds, with its scores."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_corpora import HISTORIES, Commit, left, oracle_of, write
from small_queries import QUERIES

import searchkit
from searchkit.query.search import Results


def scores(results: Results) -> dict[str, float]:
    return {hit.id: hit.score for hit in results}


@settings(max_examples=40)
@given(history=HISTORIES, queries=st.lists(QUERIES, min_size=8, max_size=16))
def test_a_search_finds_and_scores_as_the_oracle_does(
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
