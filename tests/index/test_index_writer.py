"""Adding, replacing, deleting, committing: the index against a dict."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import (
    TINY,
    by_id,
    commit,
    contents,
    document_frequencies,
    documents,
    folder,
    live_ids,
    some_documents,
    stored,
)

from searchkit.index import IndexWriter, Snapshot
from searchkit.index.manifest import MANIFEST_NAME
from searchkit.index.merge import MOST_SEGMENTS
from searchkit.model import Document

KEYS = st.sampled_from(["a", "A", "b", "å", "c/d"])
steps = st.lists(
    st.one_of(
        documents(KEYS),
        documents(KEYS),
        st.tuples(st.just("delete"), KEYS),
        st.sampled_from([("commit", ""), ("reopen", ""), ("roll back", ""), ("scratch", "")]),
    ),
    max_size=14,
)


def opened(index: Path) -> Snapshot:
    """Open an index of these tests."""
    return Snapshot(index, model=TINY)


def files_of(index: Path) -> set[str]:
    """Return the names of the files in a folder that are not the lock's."""
    return {name for name in os.listdir(index) if not name.startswith("write.lock")}


def play(index: Path, steps: Sequence[Any]) -> dict[str, Document]:
    """Do what *steps* say, to an index and to a dict; return the dict, last commit's state."""
    committed: dict[str, Document] = {}
    pending = dict(committed)
    writer = IndexWriter(index, model=TINY)
    for step in [*steps, ("commit", "")]:
        if isinstance(step, Document):
            writer.put(step)
            pending[step.id] = stored(step)
        elif step[0] == "delete":
            assert writer.delete(step[1]) == (step[1] in pending)
            pending.pop(step[1], None)
        elif step[0] == "commit":
            writer.commit()
            committed = dict(pending)
        else:
            if step[0] == "reopen":
                writer.commit()
                committed = dict(pending)
            writer.close()
            writer = IndexWriter(index, model=TINY, from_scratch=step[0] == "scratch")
            pending = {} if step[0] == "scratch" else dict(committed)
    writer.close()
    return committed


@given(steps)
def test_index_holds_what_a_dict_would(steps: list[Any]) -> None:
    """After any changes, commits, reopenings and roll-backs the index holds what a dict does."""
    with folder() as home:
        expected = play(home / "index", steps)
        snapshot = opened(home / "index")

        assert contents(snapshot) == expected
        assert snapshot.document_count == len(expected)
        assert {key: snapshot.find(key) is not None for key in "aAbåx"} == {
            key: key in expected for key in "aAbåx"
        }


@given(steps)
def test_statistics_are_those_of_an_index_built_at_once(steps: list[Any]) -> None:
    """Document frequencies never remember documents that are gone."""
    with folder() as home:
        expected = play(home / "index", steps)
        commit(home / "fresh", list(expected.values()))
        changed, fresh = opened(home / "index"), opened(home / "fresh")

        assert document_frequencies(changed) == document_frequencies(fresh)


def test_many_commits_leave_few_segments(tmp_path: Path) -> None:
    """However many commits, the number of segments stays small and no document is lost."""
    drawn = some_documents(40, pieces=10)
    for document in drawn:
        commit(tmp_path, [document])
        assert len(opened(tmp_path).segments) <= MOST_SEGMENTS

    assert contents(opened(tmp_path)) == by_id(drawn)


def test_many_deletions_rewrite_a_segment(tmp_path: Path) -> None:
    """A segment that lost more than a quarter of its documents is rewritten without them."""
    drawn = some_documents(8)
    commit(tmp_path, drawn)
    commit(tmp_path, [], ["d0", "d1"])
    (live,) = opened(tmp_path).segments
    assert live.tombstones is not None
    commit(tmp_path, [], ["d2"])
    (live,) = opened(tmp_path).segments

    assert live.tombstones is None
    assert contents(opened(tmp_path)) == by_id(drawn[3:])


def test_the_last_of_one_id_in_a_session_is_kept(tmp_path: Path) -> None:
    """Of several documents with one id put in one session the last is kept."""
    commit(tmp_path, [Document("a", "ett"), Document("b", "x"), Document("a", "två")])

    assert contents(opened(tmp_path)) == by_id([Document("a", "två"), Document("b", "x")])


def test_ids_differ_by_case(tmp_path: Path) -> None:
    """Ids that differ only by case are different documents."""
    commit(tmp_path, [Document("Å1", "ett"), Document("å1", "två")])
    commit(tmp_path, [Document("å1", "tre")])

    assert contents(opened(tmp_path)) == by_id([Document("Å1", "ett"), Document("å1", "tre")])


def test_deleting_what_is_not_there_changes_nothing(tmp_path: Path) -> None:
    """Deleting an unknown id says so, and the commit makes no new generation."""
    commit(tmp_path, some_documents(2))
    with IndexWriter(tmp_path, model=TINY) as writer:
        assert not writer.delete("unknown")
        writer.commit()

    assert opened(tmp_path).manifest.generation == 1


def test_a_commit_without_changes_makes_no_generation(tmp_path: Path) -> None:
    """Committing nothing leaves the index as it is; but a new index gets its manifest."""
    for _ in range(2):
        commit(tmp_path, [])

    assert opened(tmp_path).manifest.generation == 1
    assert opened(tmp_path).document_count == 0
    assert files_of(tmp_path) == {MANIFEST_NAME}


def test_everything_deleted(tmp_path: Path) -> None:
    """An index whose last document is deleted is empty and can be filled again."""
    commit(tmp_path, some_documents(3))
    commit(tmp_path, [], ["d0", "d1", "d2"])
    assert files_of(tmp_path) == {MANIFEST_NAME}
    commit(tmp_path, some_documents(1))

    assert contents(opened(tmp_path)) == by_id(some_documents(1))


def test_closing_without_commit_leaves_nothing(tmp_path: Path) -> None:
    """A writer closed before its commit leaves the index, and the folder, as they were."""
    commit(tmp_path, some_documents(2))
    before = files_of(tmp_path)
    with IndexWriter(tmp_path, model=TINY) as writer:
        writer.put(Document("x", "y"))
        writer.delete("d0")

    assert files_of(tmp_path) == before
    assert contents(opened(tmp_path)) == by_id(some_documents(2))


def test_an_error_in_the_commit_leaves_the_last_generation(tmp_path: Path) -> None:
    """If analysis fails in the middle of a commit, the last generation stays, and nothing else."""
    commit(tmp_path, some_documents(2))
    before = files_of(tmp_path)

    def fail(words: Sequence[str]) -> list[str]:
        raise MemoryError

    with IndexWriter(tmp_path, model=TINY) as writer:
        writer.analyze_with(fail)
        writer.put(Document("x", "nya ord"))
        with pytest.raises(MemoryError):
            writer.commit()

    assert files_of(tmp_path) == before
    commit(tmp_path, [Document("x", "nya ord")])
    assert contents(opened(tmp_path)) == by_id([*some_documents(2), Document("x", "nya ord")])


def test_left_overs_are_collected_and_nothing_else(tmp_path: Path) -> None:
    """A commit removes files that a dead writer left, and no file that is not the index's."""
    commit(tmp_path, some_documents(2))
    ours = ["segment-7-0.skx", "tombstones-7-0.skx", "manifest.json.new"]
    others = ["notes.txt", "segment-1.skx", "segment-7-0.skx.bak", "my-segment-7-0.skx"]
    for name in ours + others:
        (tmp_path / name).write_text("x")
    commit(tmp_path, [Document("x", "y")])

    assert not set(ours) & files_of(tmp_path)
    assert set(others) <= files_of(tmp_path)
    assert contents(opened(tmp_path)) == by_id([*some_documents(2), Document("x", "y")])


@pytest.mark.parametrize("name", ["a-²-b.c", "segment-x-0.skx", "a--b.c", "a-3-b.c"])
def test_odd_neighbours_do_no_harm(tmp_path: Path, name: str) -> None:
    """An index can be made beside any other files."""
    (tmp_path / name).write_text("x")
    commit(tmp_path, some_documents(1), from_scratch=True)

    assert contents(opened(tmp_path)) == by_id(some_documents(1))


def test_from_scratch_forgets_what_was_there(tmp_path: Path) -> None:
    """A rebuild holds only its own documents; until its commit the old ones are found."""
    commit(tmp_path, some_documents(2))
    with IndexWriter(tmp_path, model=TINY, from_scratch=True) as writer:
        writer.put(Document("x", "y"))
        assert contents(opened(tmp_path)) == by_id(some_documents(2))
        writer.commit()

    assert contents(opened(tmp_path)) == by_id([Document("x", "y")])
    assert len(files_of(tmp_path)) == 2


def test_from_scratch_takes_a_higher_generation(tmp_path: Path) -> None:
    """Generations never come again, so a rebuild's files never take a committed file's name."""
    commit(tmp_path, some_documents(2))
    commit(tmp_path, [Document("x", "y")])
    commit(tmp_path, [], from_scratch=True)

    assert opened(tmp_path).manifest.generation == 3


def test_a_snapshot_outlives_commits(tmp_path: Path) -> None:
    """What a reader opened stays whole while a writer replaces everything."""
    drawn = some_documents(20, pieces=200)
    commit(tmp_path, drawn)
    snapshot = opened(tmp_path)
    for _ in range(3):
        commit(tmp_path, [Document("x", "annat")], from_scratch=True)

    assert contents(snapshot) == by_id(drawn)
    assert [len(live_ids(live)) for live in snapshot.segments] == [20]
    assert contents(opened(tmp_path)) == by_id([Document("x", "annat")])


def test_documents_in_small_and_large_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not matter how many documents wait before they are encoded."""
    monkeypatch.setattr("searchkit.index.writer._BATCH_BYTES", 50)
    drawn = some_documents(30)
    commit(tmp_path, drawn)

    assert contents(opened(tmp_path)) == by_id(drawn)


def test_closing_twice_is_closing(tmp_path: Path) -> None:
    """A writer can be closed again after another one took the lock, without harm to that."""
    first = IndexWriter(tmp_path, model=TINY)
    first.close()
    with IndexWriter(tmp_path, model=TINY):
        held = {name for name in os.listdir(tmp_path) if name.startswith("write.lock")}
        first.close()

        assert {n for n in os.listdir(tmp_path) if n.startswith("write.lock")} == held
