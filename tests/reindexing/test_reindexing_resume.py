"""A reindex that is stopped goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reindexing_world import Put, ids_in, lines

import searchkit
from searchkit.index import Snapshot


def test_a_long_run_commits_on_the_way(
    corpus: Path, index: Path, put: Put, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    """What was committed before a run is killed is not read again, and the end is the same."""
    for number in range(9):
        put(f"{number}.txt", f"Avfall {number} " * (number + 1))
    monkeypatch.setattr("searchkit.reindexing.run._GROUP_BYTES", 1)
    with pytest.raises(KeyboardInterrupt):
        searchkit.reindex(corpus, index, commit_every=0, progress=_interrupt_at(5))
    assert len(ids_in(index)) == 4
    opened.clear()
    report = searchkit.reindex(corpus, index, commit_every=0)

    assert opened == [f"{number}.txt" for number in range(3, 9)]
    assert (report.added, report.documents) == (5, 9)
    assert len(ids_in(index)) == 9


def _interrupt_at(count: int) -> Callable[[searchkit.Progress], None]:
    def told(progress: searchkit.Progress) -> None:
        if progress.stage == "read" and progress.documents == count:
            raise KeyboardInterrupt

    return told


def test_commits_on_the_way_leave_one_segment(
    corpus: Path, index: Path, put: Put, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A run that committed on the way ends with the segment of a run that did not."""
    for number in range(5):
        put(f"{number}.txt", f"Avfall {number} " * (number + 1))
    put("dump.jsonl", lines(*({"id": str(n), "text": f"Klimat {n}"} for n in range(9))))
    monkeypatch.setattr("searchkit.reindexing.run._GROUP_BYTES", 1)
    searchkit.reindex(corpus, index, commit_every=0)
    searchkit.reindex(corpus, tmp_path / "at-once")

    several, once = Snapshot(index), Snapshot(tmp_path / "at-once")
    assert len(several.segments) == len(once.segments) == 1
    bytes_of = [s.segments[0].segment.path.read_bytes() for s in (several, once)]
    assert bytes_of[0] == bytes_of[1]


def test_what_is_gone_goes_though_a_run_was_stopped(
    corpus: Path, index: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that left a file which was read before the run was stopped is deleted after."""
    monkeypatch.setattr("searchkit.reindexing.run._GROUP_BYTES", 1)
    monkeypatch.setattr("searchkit.reindexing.run._GROUP_BYTES_KNOWN", 1)
    put("0.jsonl", lines({"id": "a", "text": "Avfall"}, {"id": "b", "text": "Klimat"}))
    for number in range(1, 5):
        put(f"{number}.txt", f"Energi {number}")
    searchkit.reindex(corpus, index)
    put("0.jsonl", lines({"id": "a", "text": "Avfall"}))
    for number in range(1, 5):
        put(f"{number}.txt", f"Vatten {number}")
    with pytest.raises(KeyboardInterrupt):
        searchkit.reindex(corpus, index, commit_every=0, progress=_interrupt_at(4))
    assert "b" in ids_in(index)
    searchkit.reindex(corpus, index)

    assert ids_in(index) == ["1.txt", "2.txt", "3.txt", "4.txt", "a"]
