"""An index answers the same however it came about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpora import HISTORIES, WORDS, Commit, examples, left, order_of, write
from small_queries import QUERIES

import searchkit
from searchkit.index.merge import MOST_SEGMENTS
from searchkit.model import Document
from searchkit.query.search import Index

FEW = [" ".join(WORDS[n:] + WORDS[:n]) for n in range(MOST_SEGMENTS + 1)]
TYPED = ["hållbar produktion", "=målen", '"ställa ställer"', "mål NEAR/3 EU", "titel:nr", "mål*"]


def answers(index: Index, typed: str) -> tuple[int, list[tuple[Any, ...]]]:
    """Return everything that a search says, scores to the last bit."""
    results = index.search(typed, limit=100, passages=2)
    hits = [
        (hit.rank, hit.id, hit.title, hit.type, hit.date, hit.score, *hit.passages)
        for hit in results
    ]
    return results.total, hits


def built_at_once(directory: Path, index: Index, documents: dict[str, Document]) -> Index:
    """Return an index of the same documents in the same order, made by one commit."""
    write(directory, [Commit(tuple(documents[key] for key in order_of(index)))])
    return searchkit.open(directory)


@examples(30)
@given(history=HISTORIES, queries=st.lists(QUERIES, min_size=6, max_size=12))
def test_replacing_and_deleting_leaves_no_trace(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[Commit, ...], queries: list[str]
) -> None:
    """After any history, hits, scores and passages are those of an index built at once."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, history)
    with (
        searchkit.open(directory) as index,
        built_at_once(tmp_path_factory.mktemp("again"), index, left(history)) as again,
    ):
        for typed in queries:
            assert answers(index, typed) == answers(again, typed), typed


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """An index whose many small commits were merged."""
    directory = tmp_path_factory.mktemp("merged")
    write(directory, [Commit((document,)) for document in documents().values()])
    return searchkit.open(directory)


def documents() -> dict[str, Document]:
    return {
        f"dok-{n}": Document(f"dok-{n}", text * (1 + n % 3), title=f"Nr {n}", type="prop")
        for n, text in enumerate(FEW)
    }


def test_many_small_segments_are_merged(merged: Index) -> None:
    """More commits than segments are allowed leave fewer segments than commits."""
    assert len(merged.snapshot.segments) < len(FEW)
    assert any(live.segment.document_count > 1 for live in merged.snapshot.segments)


@pytest.mark.parametrize("typed", TYPED)
def test_a_merged_index_answers_as_one_built_at_once(
    merged: Index, tmp_path: Path, typed: str
) -> None:
    """Merging changes no hit, score or passage."""
    with built_at_once(tmp_path / "again", merged, documents()) as again:
        assert answers(merged, typed) == answers(again, typed)
        assert len(merged.search(typed)) > 0


def test_a_fully_deleted_segment_leaves_nothing(tmp_path: Path) -> None:
    """When all documents are replaced, nothing of their old texts can be found."""
    old, new = Document("a", "avfall"), Document("a", "produktion")
    write(tmp_path, [Commit((old,)), Commit((new,))])
    with searchkit.open(tmp_path) as index:
        found = [len(index.search(typed)) for typed in ("avfall", "=avfall", "produktion")]

        assert found == [0, 0, 1]
