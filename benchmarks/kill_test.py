"""
Does the index survive being killed at any instant?

Again and again a reindex, alternately from scratch and incremental with some
documents changed, added and removed, is started in a process group of its own,
with worker processes, and the whole group is killed at a random instant of its
duration, every third time near its end, where it commits. After each kill:

- the index opens, and every byte of it agrees with its checksum;
- it holds exactly the documents of the last committed generation: the old set,
  or, if the commit got through, the new one, each text as it was;
- the lock is free, the next writer commits, and no file of the dead writer is left.

    python benchmarks/kill_test.py --kills 50

prints one line and ends with 1 if anything failed. (That a reindex goes on where it was
killed, resume_test.py asks.) The corpus is the first 10 MB
of --data, by default of bench-10k.jsonl.xz in ../shared/data where that is there,
and otherwise made up. The instants depend on --seed and on the machine's speed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.corpora import unpack, write_tiny  # noqa: E402
from searchkit import Document, IndexWriter, verify  # noqa: E402
from searchkit.errors import SearchkitError  # noqa: E402
from searchkit.index import Snapshot  # noqa: E402

REAL_DATA = ROOT.parent / "shared" / "data" / "bench-10k.jsonl.xz"
_TINY_DOCUMENT_BYTES = 900
_PROBE = "kill-test-probe"
# Always with worker processes: they are to be killed too.
_REINDEX = """
import sys
from searchkit import reindexing
from searchkit.reindexing import workers
workers.SMALL_CORPUS_BYTES = 0
reindexing.reindex(sys.argv[1], sys.argv[2], processes=2, from_scratch=sys.argv[3] == "scratch")
"""

Record = dict[str, Any]
Digests = dict[str, str]


@dataclass(slots=True)
class Summary:
    """What came of all kills."""

    kills: int = 0
    too_late: int = 0
    """Of these, the reindex had ended before it was to be killed."""
    old: int = 0
    new: int = 0
    """How often the index held the old documents afterwards, and how often the new ones."""
    left_overs: int = 0
    """How often the dead writer left files behind."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"kill test: {self.kills} kills in {self.seconds:.0f} s ({self.too_late} too late): "
            f"{self.old} left the old generation, {self.new} the new one, "
            f"{self.left_overs} left files behind; {len(self.failures)} failures"
        )


class Versions:
    """A corpus, and version after version of it."""

    def __init__(self, folder: Path, records: Sequence[Record], seed: int) -> None:
        self.folder = folder
        self.records = list(records)
        self._base = list(records)
        self._rng = random.Random(f"{seed}:versions")
        self._number = 0
        self._write()

    def change(self) -> None:
        """Write the next version: a tenth of the documents is not as in the last one."""
        self._number += 1
        rng, version = self._rng, self._number
        kept = [record for record in self._base if rng.random() > 0.05]
        self.records = [
            record | {"text": f"{record['text']} Ändring {version}."}
            if rng.random() < 0.05
            else record
            for record in kept
        ]
        self.records += [
            rng.choice(self._base) | {"id": f"ny-{version}-{number}"}
            for number in range(max(1, len(kept) // 50))
        ]
        self._write()

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "dump.jsonl", "w", encoding="utf-8") as lines:
            for record in self.records:
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")


class Trial:
    """One index in one folder, its corpus, and what the index must hold."""

    def __init__(self, folder: Path, records: Sequence[Record], seed: int) -> None:
        self.index = folder / "index"
        self.corpus = Versions(folder / "corpus", records, seed)
        self._rng = random.Random(f"{seed}:kill")
        self._durations: dict[str, float] = {}
        self._finish("scratch")
        for kind in ("scratch", "update"):
            self.corpus.change()
            self._durations[kind] = self._finish(kind)
        self.committed = digests_of(self.corpus.records)

    def kill_once(self, number: int, summary: Summary) -> None:
        """Start a reindex, kill it, and check what it left."""
        kind = ("scratch", "update")[number % 2]
        self.corpus.change()
        share = self._rng.uniform(0.8, 1.0) if number % 3 == 0 else self._rng.uniform(0.0, 1.0)
        process = self._start(kind)
        time.sleep(share * self._durations[kind])
        ended = process.poll() is not None
        # The machine may be quicker or slower by now than when this was measured.
        self._durations[kind] *= 0.9 if ended else 1.1 if share > 0.8 else 1.0
        if not ended:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        summary.kills += 1
        summary.too_late += ended
        where = f"kill {number} ({kind}, {share:.0%} through)"
        if ended and process.returncode != 0:
            summary.failures.append(f"{where}: it failed before it was killed")
        try:
            summary.left_overs += bool(self._left_overs())
            self._check(where, summary)
        except (SearchkitError, OSError) as error:
            summary.failures.append(f"{where}: {type(error).__name__}: {error}")

    def _check(self, where: str, summary: Summary) -> None:
        wanted = digests_of(self.corpus.records)
        verify(self.index)
        found = digests_in(self.index)
        if found == wanted:
            summary.new += 1
        elif found == self.committed:
            summary.old += 1
        else:
            summary.failures.append(f"{where}: {_difference(found, self.committed, wanted)}")
        self.committed = found
        with IndexWriter(self.index) as writer:
            writer.put(Document(_PROBE, "Går det att skriva?"))
            writer.commit()
            if self._left_overs():
                summary.failures.append(f"{where}: not collected: {sorted(self._left_overs())}")
            writer.delete(_PROBE)
            writer.commit()
        if digests_in(self.index) != self.committed:
            summary.failures.append(f"{where}: the next writer lost documents")

    def _left_overs(self) -> set[str]:
        files = {name for name in os.listdir(self.index) if not name.startswith("write.lock")}
        return files - Snapshot(self.index).manifest.files() - {"manifest.json"}

    def _start(self, kind: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _REINDEX, str(self.corpus.folder), str(self.index), kind]
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True)

    def _finish(self, kind: str) -> float:
        """Let a reindex run to its end; return its seconds."""
        began = time.perf_counter()
        if self._start(kind).wait() != 0:
            raise RuntimeError("a reindex failed that nobody killed")
        return time.perf_counter() - began


def digests_of(records: Sequence[Record]) -> Digests:
    """Return a digest of each document's title and text, by id."""
    return {r["id"]: _digest(r.get("title"), r["text"]) for r in records}


def digests_in(index: Path) -> Digests:
    """Return the same of the documents that an index holds."""
    found: Digests = {}
    for live in Snapshot(index).segments:
        for doc_id in range(live.segment.document_count):
            if live.alive is None or live.alive[doc_id]:
                document = live.segment.document(doc_id)
                found[document.id] = _digest(document.title, document.text)
    return found


def _digest(title: str | None, text: str) -> str:
    return hashlib.blake2b(f"{title or ''}\0{text}".encode(), digest_size=16).hexdigest()


def _difference(found: Digests, old: Digests, new: Digests) -> str:
    parts = [
        f"{sum(found.get(key) != digest for key, digest in other.items())} of the {name} set "
        f"missing or changed, {len(found.keys() - other.keys())} too many"
        for name, other in (("old", old), ("new", new))
    ]
    return "; ".join(parts)


def run(records: Sequence[Record], folder: Path, *, kills: int, seed: int = 1) -> Summary:
    """Kill *kills* reindexes of *records* in an empty *folder*, and check after each."""
    summary = Summary()
    began = time.perf_counter()
    trial = Trial(folder, records, seed)
    for number in range(kills):
        trial.kill_once(number, summary)
    summary.seconds = time.perf_counter() - began
    return summary


def some_records(source: Path | None, folder: Path, most_bytes: int) -> list[Record]:
    """Return documents of *source*, or made-up ones, up to *most_bytes* of text."""
    if source is None:
        path = write_tiny(folder, count=most_bytes // _TINY_DOCUMENT_BYTES, seed=1)
    else:
        path = unpack(source, folder)
    found: dict[str, Record] = {}
    size = 0
    for record in _records(path):
        size += len(record["text"].encode("utf-8", "replace"))
        if size > most_bytes:
            break
        found[record["id"]] = record
    return list(found.values())


def _records(path: Path) -> Iterator[Record]:
    with open(path, encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the kill test; return 1 if anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--data", type=Path, help="a .jsonl or .jsonl.xz file")
    parser.add_argument("--megabytes", type=float, default=10.0, help="of its text to take")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    source = options.data or (REAL_DATA if REAL_DATA.exists() else None)
    with tempfile.TemporaryDirectory(prefix="kill-test-") as name:
        folder = Path(name)
        records = some_records(source, folder, int(options.megabytes * 1_000_000))
        summary = run(records, folder, kills=options.kills, seed=options.seed)
    print(summary)
    for failure in summary.failures:
        print(f"  {failure}")
    return 1 if summary.failures else 0


if __name__ == "__main__":
    sys.exit(main())
