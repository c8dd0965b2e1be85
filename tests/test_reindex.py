"""A reindex brings the index in step with the corpus, whatever the corpus is like."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import searchkit
from searchkit import Progress, reindexing
from searchkit.errors import (
    CorpusNotFoundError,
    IndexLockedError,
    UsageError,
)
from searchkit.index import IndexWriter, Snapshot
from searchkit.reindexing import run, workers

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import kill_test  # noqa: E402

Put = Callable[[str, str], Path]
LONG = "Målen för den cirkulära ekonomin gäller hållbar produktion och konsumtion. "


@pytest.fixture
def put(corpus: Path) -> Put:
    """Write a file of the corpus."""

    def write(name: str, content: str) -> Path:
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write


def lines(*records: dict[str, Any] | str) -> str:
    """Return records as JSONL; strings as they are."""
    written = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    return "".join(f"{line}\n" for line in written)


def texts_in(index: Path) -> dict[str, str]:
    """Return the text of every live document, by id."""
    found = {}
    for live in Snapshot(index).segments:
        for doc_id in range(live.segment.document_count):
            if live.alive is None or live.alive[doc_id]:
                document = live.segment.document(doc_id)
                found[document.id] = document.text.strip()
    return found


def counts(report: reindexing.ReindexReport) -> tuple[int, int, int, int, int]:
    """Return what a report counts of documents."""
    return report.documents, report.added, report.replaced, report.deleted, report.unchanged


def segments_of(index: Path) -> dict[str, bytes]:
    """Return the content of an index's segment files."""
    return {path.name: path.read_bytes() for path in sorted(index.glob("*.skx"))}


def test_a_folder_of_several_formats(corpus: Path, index: Path, put: Put) -> None:
    """Text, Markdown and JSONL files of a folder are found together, by their own ids."""
    put("a.txt", "Om klimat\n\nKlimatmålen nås.")
    put("prop/b.md", "# Klimat\n\nEn proposition om klimatet.")
    put("dump.jsonl", lines({"id": "x-1", "title": "Klimatlag", "text": "Lag om klimat."}))
    report = searchkit.reindex(corpus, index)

    with searchkit.open(index) as opened:
        found = {hit.id for hit in opened.search("klimat")}
    assert found == {"a.txt", "prop/b.md", "x-1"}
    assert counts(report) == (3, 3, 0, 0, 0)
    assert report.skipped == ()


def test_a_single_file(index: Path, put: Put) -> None:
    """A corpus may be one file."""
    path = put("dump.jsonl", lines({"id": "1", "text": "ett"}, {"id": "2", "text": "två"}))
    report = searchkit.reindex(path, index)

    assert texts_in(index) == {"1": "ett", "2": "två"}
    assert (report.tokens, report.words) == (2, 2)
    assert report.text_bytes == len("etttvå".encode())


def test_incremental_counts(corpus: Path, index: Path, put: Put) -> None:
    """What is unchanged is left alone; what changed is replaced, what is gone deleted."""
    for number in range(5):
        put(f"{number}.txt", f"Text {number}")
    searchkit.reindex(corpus, index)
    put("1.txt", "Annan text")
    (corpus / "2.txt").unlink()
    (corpus / "3.txt").unlink()
    put("5.txt", "Ny text")
    report = searchkit.reindex(corpus, index)

    assert counts(report) == (4, 1, 1, 2, 2)
    assert texts_in(index) == {
        "0.txt": "Text 0", "1.txt": "Annan text", "4.txt": "Text 4", "5.txt": "Ny text"
    }  # fmt: skip


def test_nothing_changed_is_no_new_generation(corpus: Path, index: Path, put: Put) -> None:
    """A reindex of an unchanged corpus writes nothing."""
    put("a.txt", "Text")
    searchkit.reindex(corpus, index)
    before = segments_of(index)
    report = searchkit.reindex(corpus, index)

    assert counts(report) == (1, 0, 0, 0, 1)
    assert segments_of(index) == before
    assert Snapshot(index).manifest.generation == 1


def test_incremental_finds_what_a_rebuild_finds(tmp_path: Path, corpus: Path, index: Path) -> None:
    """After any number of incremental reindexes, searches give what a rebuild gives."""
    source = tmp_path / "made-up"
    source.mkdir()
    versions = kill_test.Versions(corpus, kill_test.some_records(None, source, 60_000), seed=3)
    for _ in range(6):
        versions.change()
        searchkit.reindex(corpus, index)
    searchkit.reindex(corpus, tmp_path / "fresh", from_scratch=True)

    assert texts_in(index) == texts_in(tmp_path / "fresh")
    words = {word for record in versions.records for word in record["title"].lower().split()}
    with searchkit.open(index) as changed, searchkit.open(tmp_path / "fresh") as fresh:
        assert len(changed.snapshot.segments) > 1
        for word in sorted(words)[:40]:
            ours, theirs = changed.search(word, limit=100), fresh.search(word, limit=100)
            assert {h.id: h.passages for h in ours} == {h.id: h.passages for h in theirs}
            assert [h.score for h in ours] == pytest.approx([h.score for h in theirs], rel=1e-5)


def test_broken_documents_are_reported_with_their_place(
    corpus: Path, index: Path, put: Put
) -> None:
    """What cannot be read is reported with file and line; the rest is indexed."""
    dump = put("dump.jsonl", lines({"id": "1", "text": "ett"}, "{", {"id": "3", "text": "tre"}))
    odd = put("c.xyz", "?")
    empty = put("empty.txt", "")
    report = searchkit.reindex(corpus, index)

    assert texts_in(index) == {"1": "ett", "3": "tre"}
    assert {(error.path, error.line) for error in report.skipped} == {
        (dump, 2), (odd, None), (empty, None)
    }  # fmt: skip


def test_documents_behind_a_damaged_file_are_kept(corpus: Path, index: Path, put: Put) -> None:
    """What an unreadable file held stays in the index until it can be read again."""
    put("dump.jsonl", lines({"id": "1", "text": "ett"}, {"id": "2", "text": "två"}))
    put("a.txt", "Text")
    put("gone.txt", "Borta")
    searchkit.reindex(corpus, index)
    put("dump.jsonl", lines({"id": "1", "text": "nytt"}, '{"id": "2", "te'))
    (corpus / "a.txt").write_bytes(bytes(range(256)) * 4)
    (corpus / "gone.txt").unlink()
    report = searchkit.reindex(corpus, index)

    assert texts_in(index) == {"1": "nytt", "2": "två", "a.txt": "Text"}
    assert counts(report) == (3, 0, 1, 1, 0)
    put("dump.jsonl", lines({"id": "1", "text": "nytt"}))
    searchkit.reindex(corpus, index)
    assert texts_in(index) == {"1": "nytt", "a.txt": "Text"}


@pytest.mark.parametrize("group_bytes", [1, 1 << 20], ids=["apart", "together"])
@pytest.mark.parametrize(
    "texts", [["A", "B"], ["B", "A"], ["A", "B", "A"], ["A", "A"], ["B", "A", "A", "B"]]
)
def test_the_last_of_one_id_is_kept(
    corpus: Path, index: Path, put: Put, monkeypatch: pytest.MonkeyPatch,
    texts: list[str], group_bytes: int,
) -> None:  # fmt: skip
    """Of documents with one id the last is kept, the others reported, every time anew."""
    monkeypatch.setattr(run, "_GROUP_BYTES", group_bytes)
    for number, text in enumerate(texts):
        put(f"{number}.jsonl", lines({"id": "x", "text": text}))
    for _ in range(3):
        report = searchkit.reindex(corpus, index)

        assert [text[-1] for text in texts_in(index).values()] == [texts[-1]]
        assert len(report.skipped) == len(texts) - 1
        assert all("more than once" in error.reason for error in report.skipped)
        assert {error.path.suffix for error in report.skipped} == {".jsonl"}
        assert report.documents == 1


def test_repeated_ids_do_not_hide_deletions(corpus: Path, index: Path, put: Put) -> None:
    """A file in which an id occurs twice is not damaged: what is gone from it is deleted."""
    twice = [{"id": "x", "text": "A"}, {"id": "x", "text": "B"}]
    put("dump.jsonl", lines(*twice, {"id": "y", "text": "C"}))
    searchkit.reindex(corpus, index)
    put("dump.jsonl", lines(*twice))
    searchkit.reindex(corpus, index)

    assert texts_in(index) == {"x": "B"}


def test_worker_processes_leave_no_trace(
    tmp_path: Path, corpus: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With worker processes the index is, byte by byte, the one made without."""
    monkeypatch.setattr(workers, "SMALL_CORPUS_BYTES", 0)
    monkeypatch.setattr(run, "_GROUP_BYTES", 4000)
    monkeypatch.setattr(workers, "_SLICE_WORDS", 20)
    for number in range(40):
        put(f"{number:02}.txt", f"Text {number}\n\n{LONG * (number % 7)} ord{number}")
    put("dump.jsonl", lines(*({"id": str(n), "text": LONG * n} for n in range(1, 30)), "{"))
    reports = [searchkit.reindex(corpus, tmp_path / str(n), processes=n) for n in (1, 2, 3)]

    assert segments_of(tmp_path / "1") == segments_of(tmp_path / "2") == segments_of(tmp_path / "3")
    assert len({counts(report) for report in reports}) == 1
    assert len({tuple(map(str, report.skipped)) for report in reports}) == 1


def many_words(seed: int, size: int) -> str:
    """Return so many of a few thousand words."""
    rng = random.Random(seed)
    return " ".join(f"{rng.choice(LONG.split())}{rng.randrange(300)}" for _ in range(size))


def dictionary_of(index: Path) -> bytes:
    """Return what the texts of the newest segment are packed with."""
    return Snapshot(index).segments[-1].segment.text.dictionary


def test_texts_are_packed_with_a_dictionary_of_theirs(
    tmp_path: Path, corpus: Path, index: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus of some size gets a dictionary, the same in any run, and later reindexes keep it."""
    monkeypatch.setattr(workers, "SMALL_CORPUS_BYTES", 0)
    put("a.jsonl", lines(*({"id": str(n), "text": many_words(n, 1000)} for n in range(120)), "{"))
    report = searchkit.reindex(corpus, index, processes=1)
    searchkit.reindex(corpus, tmp_path / "again", processes=2)
    trained, first = dictionary_of(index), segments_of(index)
    put("b.txt", "Ett nytt dokument.")
    searchkit.reindex(corpus, index)

    assert (len(report.skipped), report.documents) == (1, 120)
    assert trained
    assert segments_of(tmp_path / "again") == first
    assert len(Snapshot(index).segments) == 2
    assert dictionary_of(index) == trained
    assert texts_in(index)["7"] == many_words(7, 1000)


def test_a_small_corpus_gets_no_dictionary(corpus: Path, index: Path, put: Put) -> None:
    """A dictionary that would be larger than what it saves is not made."""
    put("a.txt", many_words(0, 9000))
    searchkit.reindex(corpus, index)

    assert dictionary_of(index) == b""


def test_a_missing_corpus_makes_no_index(tmp_path: Path, index: Path) -> None:
    """Without a corpus there is an error, and no trace of an index."""
    with pytest.raises(CorpusNotFoundError):
        searchkit.reindex(tmp_path / "none", index)

    assert not index.exists()


def test_an_emptied_corpus_empties_the_index(corpus: Path, index: Path, put: Put) -> None:
    """When the last file is gone, so is the last document."""
    path = put("a.txt", "Text")
    searchkit.reindex(corpus, index)
    path.unlink()

    assert counts(searchkit.reindex(corpus, index)) == (0, 0, 0, 1, 0)
    assert texts_in(index) == {}


def test_no_processes_is_no_answer(corpus: Path, index: Path) -> None:
    """A number of processes below 1 is refused."""
    with pytest.raises(UsageError, match="at least 1"):
        searchkit.reindex(corpus, index, processes=0)


def test_one_reindex_at_a_time(corpus: Path, index: Path) -> None:
    """While another writer is at work, a reindex is refused."""
    with IndexWriter(index), pytest.raises(IndexLockedError):
        searchkit.reindex(corpus, index)


def test_progress_is_told_in_order(corpus: Path, index: Path, put: Put) -> None:
    """Progress goes through its stages in order, never beyond the whole, and ends with writing."""
    for number in range(3):
        put(f"{number}.txt", LONG * 50)
    told: list[Progress] = []
    searchkit.reindex(corpus, index, progress=told.append)
    stages = list(dict.fromkeys(progress.stage for progress in told))

    assert stages == ["read", "analyze", "invert", "write"]
    assert all(0 <= progress.done_bytes <= progress.total_bytes for progress in told)
    assert told[-1].documents == 3
    assert told[-1].done_bytes == told[-1].total_bytes == 3 * len((LONG * 50).encode())


@pytest.mark.skipif(os.name == "nt", reason="there are no process groups to kill")
def test_killed_reindexes_leave_a_whole_generation(tmp_path: Path) -> None:
    """Killed at any instant, a reindex leaves the last generation whole (see benchmarks)."""
    source = tmp_path / "made-up"
    source.mkdir()
    records = kill_test.some_records(None, source, 100_000)
    summary = kill_test.run(records, tmp_path, kills=3, seed=2)

    assert summary.failures == []
    assert summary.kills == summary.old + summary.new == 3


_SLOW = """
import multiprocessing, sys, time
from searchkit import reindexing
from searchkit.reindexing import workers

def progress(told):
    if told.stage == "read":
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        time.sleep(60)

workers.SMALL_CORPUS_BYTES = 0
reindexing.reindex(sys.argv[1], sys.argv[2], processes=2, progress=progress)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up there")
def test_workers_end_with_the_reindex_that_is_killed(corpus: Path, index: Path, put: Put) -> None:
    """When only the reindexing process itself is killed, its workers do not live on."""
    put("a.txt", "Text")
    command = [sys.executable, "-c", _SLOW, str(corpus), str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = process.stdout.readline().split()
        os.kill(process.pid, signal.SIGKILL)
    assert len(workers) == 2

    deadline = time.monotonic() + 10
    while any(map(_runs, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(_runs, workers))


def _runs(pid: str) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] not in "ZX"
