"""Neighbouring words of the query that stand close lift a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle
from small_corpora import Commit, examples, write

import searchkit
from searchkit.model import Document
from searchkit.query.rerank import DEPTH

WORDS = st.lists(st.sampled_from(["hållbar", "produktion", "mål", "och", "x"]), max_size=30)


@examples(40)
@given(
    first=st.lists(WORDS, min_size=1, max_size=5),
    second=st.lists(WORDS, max_size=4),
    title=WORDS,
)
def test_scores_are_those_of_the_oracle(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[list[str]],
    second: list[list[str]],
    title: list[str],
) -> None:
    """In one segment and in two, a pair's gain is the sum over its places, title and text apart."""
    texts = [" ".join(words) for words in (*first, *second)]
    documents = [Document(str(n), text, title=" ".join(title)) for n, text in enumerate(texts)]
    directory = tmp_path_factory.mktemp("index")
    cut = len(first)
    write(directory, [Commit(tuple(documents[:cut])), Commit(tuple(documents[cut:]))])
    with searchkit.open(directory) as index:
        for typed in ("hållbar produktion", "hållbar och produktion mål", "mål mål produktion -x"):
            expected = Oracle(documents).search(index.parse(typed))
            hits = index.search(typed, limit=100, passages=0)

            assert {hit.id: hit.score for hit in hits} == pytest.approx(expected, rel=1e-5)


def test_the_words_as_typed_come_before_the_words_apart(tmp_path: Path) -> None:
    """Of two documents with the same words, the one that says them together is first."""
    apart = "Hållbar energi är ett mål. " + "Ord följer på ord. " * 5 + "Målet gäller produktion."
    close = "Energi är ett mål. " + "Ord följer på ord. " * 5 + "Målet gäller hållbar produktion."
    documents = (Document("apart", apart), Document("close", close))
    write(tmp_path, [Commit(documents)])
    with searchkit.open(tmp_path) as index:
        assert [hit.id for hit in index.search("hållbar produktion")] == ["close", "apart"]


def test_scores_do_not_depend_on_how_many_hits_are_asked_for(tmp_path: Path) -> None:
    """Pages of any size are cuts of one and the same list, beyond what is looked at again, too."""
    texts = [f"hållbar {'ord ' * (n % 7)} produktion {'mål ' * (n % 11)}" for n in range(2 * DEPTH)]
    documents = tuple(Document(str(n), text) for n, text in enumerate(texts))
    write(tmp_path, [Commit(documents)])
    with searchkit.open(tmp_path) as index:
        every = [(h.id, h.score) for h in index.search("hållbar produktion", limit=99, passages=0)]
        pages = [
            (hit.id, hit.score)
            for at in range(0, len(every), 7)
            for hit in index.search("hållbar produktion", limit=7, offset=at, passages=0)
        ]

    assert pages == every
    assert [score for _, score in every] == sorted((s for _, s in every), reverse=True)
