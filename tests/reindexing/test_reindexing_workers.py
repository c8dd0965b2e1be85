"""A worker process that ends, or does not end, takes nothing with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from reindexing_world import Put, ids_in

import searchkit
from searchkit.corpus import Chunk, Reader, register, registry
from searchkit.errors import DocumentFormatError, WorkerDiedError
from searchkit.model import Document
from searchkit.reindexing import intake, workers


def _fragile(chunk: Chunk) -> Iterator[Document | DocumentFormatError]:
    content = intake.content_of(chunk).decode()
    if content.startswith("die"):
        os._exit(7)
    while content.startswith("hang"):
        pass
    yield Document(chunk.relative, content, fields={"path": chunk.relative})


@pytest.fixture
def fragile() -> Iterator[None]:
    """Have files .fragile read by a reader that some of them take down."""
    names, extensions = dict(registry._by_name), dict(registry._by_extension)
    register(Reader("fragile", (".fragile",), _fragile))
    yield
    for table, before in ((registry._by_name, names), (registry._by_extension, extensions)):
        table.clear()
        table.update(before)


@pytest.mark.usefixtures("fragile")
@pytest.mark.skipif(os.name == "nt", reason="a reader registered here is unknown to its workers")
def test_a_file_that_kills_its_reader_is_left_out(corpus: Path, index: Path, put: Put) -> None:
    """What takes a worker down is reported; everything around it is read."""
    for number in range(6):
        put(f"{number}.fragile", "die" if number in (1, 4) else f"Avfall {number}")
    report = searchkit.reindex(corpus, index, processes=2)

    assert ids_in(index) == ["0.fragile", "2.fragile", "3.fragile", "5.fragile"]
    assert sorted(error.path.name for error in report.skipped) == ["1.fragile", "4.fragile"]
    assert all("the process that read it" in error.reason for error in report.skipped)


@pytest.mark.usefixtures("fragile")
@pytest.mark.skipif(os.name == "nt", reason="a reader registered here is unknown to its workers")
def test_a_file_that_holds_its_reader_up_is_left_out(corpus: Path, index: Path, put: Put) -> None:
    """What takes longer than its limit is reported; everything around it is read."""
    put("a.fragile", "Avfall")
    put("b.fragile", "hang")
    put("c.fragile", "Klimat")
    limits = searchkit.corpus.Limits(seconds=0.3)
    report = searchkit.reindex(corpus, index, processes=1, limits=limits)

    assert ids_in(index) == ["a.fragile", "c.fragile"]
    assert [error.path.name for error in report.skipped] == ["b.fragile"]


def test_a_worker_that_dies_while_it_analyses_changes_nothing(
    corpus: Path, index: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker process that ends by itself is reported, and the index stays as it was."""
    put("a.txt", "Avfall")
    searchkit.reindex(corpus, index)
    put("b.txt", " ".join(f"avfall{number}plan" for number in range(50)))
    monkeypatch.setattr(workers, "SMALL_CORPUS_BYTES", 0)
    monkeypatch.setattr(workers, "_SLICE_WORDS", 10)
    monkeypatch.setattr(workers, "_analyze_in_worker", _die)

    with pytest.raises(WorkerDiedError):
        searchkit.reindex(corpus, index, processes=2)

    assert ids_in(index) == ["a.txt"]


def _die(words: object) -> None:
    os._exit(9)
