"""One writer at a time, and no lock that outlives its process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from index_worlds import TINY, by_id, commit, contents, some_documents

from searchkit.errors import IndexLockedError
from searchkit.index import IndexWriter, Snapshot

HOLDER = """
import sys
from pathlib import Path
from searchkit.index import IndexWriter
from searchkit.model import Document
writer = IndexWriter(Path(sys.argv[1]), from_scratch=True)
writer.put(Document("other", "text"))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of the index in ``tmp_path``, in the middle of a session."""
    commit(tmp_path, some_documents(2))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_writes(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """While another process writes, a writer is refused and told which one and since when."""
    with pytest.raises(IndexLockedError) as caught:
        IndexWriter(tmp_path, model=TINY)

    assert caught.value.pid == holder.pid
    assert caught.value.path == tmp_path
    since = datetime.fromisoformat(str(caught.value.since))
    assert timedelta(0) <= datetime.now(UTC) - since < timedelta(minutes=1)
    assert str(holder.pid) in str(caught.value)


def test_readers_need_no_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """While another process writes, the last generation is read as always."""
    assert contents(Snapshot(tmp_path, model=TINY)) == by_id(some_documents(2))


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_writer_leaves_no_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """When the process that writes is killed, the next one can write at once."""
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    commit(tmp_path, some_documents(3)[2:])

    assert contents(Snapshot(tmp_path, model=TINY)) == by_id(some_documents(3))


def test_a_writer_can_wait_for_its_turn(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """With a timeout a writer waits for the lock; when the other one ends, it goes on."""
    with pytest.raises(IndexLockedError):
        IndexWriter(tmp_path, model=TINY, timeout=0.1)
    assert holder.stdin is not None
    holder.stdin.close()
    with IndexWriter(tmp_path, model=TINY, timeout=30) as writer:
        assert writer.live_segments[0].live_count == 2


def test_a_second_writer_in_one_process_is_refused_too(tmp_path: Path) -> None:
    """Two writers of one process exclude each other; when one is closed, the other may go."""
    with IndexWriter(tmp_path, model=TINY), pytest.raises(IndexLockedError) as caught:
        IndexWriter(tmp_path, model=TINY)

    assert caught.value.pid == os.getpid()
    commit(tmp_path, some_documents(1))


def test_a_writer_that_cannot_open_lets_go(tmp_path: Path) -> None:
    """A writer that fails because the index is damaged does not keep the lock."""
    commit(tmp_path, some_documents(1))
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(Exception, match="not JSON"):
        IndexWriter(tmp_path, model=TINY)

    commit(tmp_path, some_documents(1), from_scratch=True)


@pytest.mark.parametrize("said", ["", "{}", "[1]", json.dumps({"pid": "x", "since": 1}), "\xff"])
def test_an_unreadable_holder_is_another_process(tmp_path: Path, said: str) -> None:
    """If nobody can tell who holds the lock, the message says just that."""
    with IndexWriter(tmp_path, model=TINY):
        (tmp_path / "write.lock.holder").write_bytes(said.encode("latin-1"))
        with pytest.raises(IndexLockedError, match="another process"):
            IndexWriter(tmp_path, model=TINY)
