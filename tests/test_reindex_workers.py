"""A worker process that ends, or does not end, takes nothing with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import searchkit
from searchkit.corpus import Chunk, Reader, register, registry
from searchkit.errors import DocumentFormatError, WorkerDiedError
from searchkit.model import Document
from searchkit.reindexing import intake, workers

LONG_AGO_S = 1_700_000_000
Put = Callable[..., Path]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """An empty folder for a corpus."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where the index is to be."""
    return tmp_path / "index"


@pytest.fixture
def put(corpus: Path) -> Put:
    """Write a file of the corpus, as of long ago, a second later each time."""
    times = iter(range(LONG_AGO_S, LONG_AGO_S + 10_000))

    def write(name: str, content: str, *, at: float | None = None) -> Path:
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        second = next(times) if at is None else at
        os.utime(path, (second, second))
        return path

    return write


def ids_in(index: Path) -> list[str]:
    """Return the ids of the live documents, sorted."""
    with searchkit.open(index) as opened_index:
        segments = opened_index.snapshot.segments
        return sorted(
            str(live.segment.value("id", doc_id))
            for live in segments
            for doc_id in range(live.segment.document_count)
            if live.alive is None or live.alive[doc_id]
        )


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
