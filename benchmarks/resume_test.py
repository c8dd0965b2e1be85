"""
Does a killed reindex go on where it was, and end as if nothing had happened?

A corpus of files of several formats, real samples among them where ../shared/samples is
there, some of them damaged, some alike, is brought into an index that commits on the way.
The whole process group is killed at a random instant, the reindex is run again, killed
again or not, until one run gets to its end. Then the index is compared with one that was
brought through the same versions of the corpus undisturbed:

- the same documents with the same fields, and the same answers with the same scores;
- the same files reported, and the same taken for duplicates;
- every checksum right, and no file left over.

Also, after each kill: the index opens with right checksums, and no run opens a file that
the index it found remembered. Every other corpus is new to the index, every other one is
changed by a tenth.

    python benchmarks/resume_test.py --kills 30

prints one line, before it one after each corpus, and ends with 1 if anything failed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import searchkit  # noqa: E402
from benchmarks.made_files import made  # noqa: E402
from searchkit.errors import SearchkitError  # noqa: E402
from searchkit.index import Snapshot  # noqa: E402
from searchkit.index.sources import read_sources  # noqa: E402

SAMPLES = ROOT.parent / "shared" / "samples"
FORMATS = (".jsonl", ".html", ".pdf", ".docx", ".json.zip", ".tar.gz", ".md", ".rtf")
_LONG_AGO_S = 1_600_000_000
_QUERIES = (
    "klimat", "återvinning av plast", "regeringen", '"enligt lag"', "utredning bostad",
    "kemikalier -klimat", "förv*", "ändring", "budget till kommuner",
)  # fmt: skip
_COMMIT_EVERY_S = 0.1
_LATEST_S = 20.0
# Small groups, so that there can be many commits.
_REINDEX = """
import json, os, sys
from searchkit import reindexing
from searchkit.reindexing import run, workers
corpus, index, log, told, seconds = sys.argv[1:]
run._GROUP_BYTES = run._GROUP_BYTES_KNOWN = 100_000
workers.SMALL_CORPUS_BYTES = 0
take = workers.take
def noted(chunk, *others):
    line = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(line, f"{chunk.relative}\\n".encode())
    os.close(line)
    take(chunk, *others)
workers.take = noted
report = reindexing.reindex(corpus, index, processes=2, commit_every=float(seconds))
with open(told, "w") as file:
    skipped = sorted([str(e.path), e.line, e.reason] for e in report.skipped)
    json.dump([report.documents, skipped, report.duplicates], file)
"""


@dataclass(slots=True)
class Summary:
    """What came of all kills."""

    kills: int = 0
    too_late: int = 0
    """Runs that had ended before they were to be killed; they do not count as kills."""
    ends: int = 0
    """Corpora that were brought to their end."""
    remembered: int = 0
    """How often a kill left an index that remembered more files than it did before."""
    spared: int = 0
    """Files that runs after a kill did not open, since the killed ones had read them."""
    opened: int = 0
    """Files that were opened by all these runs."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"resume test: {self.kills} kills in {self.seconds:.0f} s ({self.too_late} too late), "
            f"{self.ends} corpora; "
            f"{self.remembered} kills left more remembered than before, {self.spared} files "
            f"spared and {self.opened} opened afterwards; {len(self.failures)} failures"
        )


class Corpus:
    """A folder of files of several formats, and version after version of it."""

    def __init__(self, folder: Path, samples: Path | None, size: int, seed: int) -> None:
        self.folder = folder
        self._rng = random.Random(f"{seed}:corpus")
        self._number = 0
        folder.mkdir(parents=True)
        for number in range(size):
            extension = FORMATS[number % len(FORMATS)]
            self._put(f"{number % 7}/{number:03}{extension}", made(extension, number, words=90))
        if samples is not None and samples.is_dir():
            for number, path in enumerate(sorted(samples.rglob("*"))):
                if path.is_file() and path.stat().st_size < 150_000:
                    self._put(f"{path.parent.name}/{number:03}-{path.name}", path.read_bytes())
        self._put("1/damaged.pdf", made(".pdf", 1)[:150])
        self._put("1/damaged.docx", made(".docx", 1)[:300])
        for name in ("0/again.html", "6/again.html"):
            self._put(name, made(".html", 1))

    def change(self) -> None:
        """Write the next version: a tenth of the files is changed, removed or added."""
        self._number += 1
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            draw = self._rng.random()
            if draw < 0.03:
                path.unlink()
            elif draw < 0.07:
                extension = self._rng.choice(FORMATS)
                self._put(f"ny/{self._number}-{path.name[:3]}{extension}", self._made(extension))
            elif draw < 0.1 and path.name.endswith(FORMATS):
                extension = next(each for each in FORMATS if path.name.endswith(each))
                self._put(path.relative_to(self.folder).as_posix(), self._made(extension))

    def _made(self, extension: str) -> bytes:
        return made(extension, self._rng.randrange(10**6), words=90)

    def _put(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        # Files of just now are never relied on to be as they were.
        second = _LONG_AGO_S + self._number
        os.utime(path, (second, second))


class Trial:
    """A corpus, an index whose reindexes are killed, and one whose are not."""

    def __init__(self, folder: Path, corpus: Corpus, seed: int) -> None:
        self.corpus = corpus
        self.index, self.other = folder / "killed", folder / "undisturbed"
        self._log, self._told = folder / "opened.txt", folder / "report.json"
        self._rng = random.Random(f"{seed}:resume")

    def bring_in(self, summary: Summary, most_kills: int) -> None:
        """Bring the present version of the corpus in, with kills and without; compare."""
        chunks, told = self._undisturbed()
        where = f"corpus {summary.ends}"
        wanted = min(most_kills, self._rng.choice((1, 1, 2, 3, 4)))
        first = before = self._remembered()
        killed = 0
        while killed < wanted:
            killed += 1
            ended = self._killed(chunks)
            chunks -= len(self._check_opened(before, summary, where))
            summary.kills += not ended
            summary.too_late += ended
            self._check_index(f"{where}, kill {killed}", summary)
            after = self._remembered()
            summary.remembered += len(after) > len(before)
            before = after
            if ended:
                break
        summary.spared += len(before) - len(first & before)
        if self._start(self.index).wait() != 0:
            summary.failures.append(f"{where}: the last run failed")
            return
        summary.opened += len(self._check_opened(before, summary, where))
        summary.ends += 1
        if self._read_told() != told:
            summary.failures.append(f"{where}: another report than of the undisturbed run")
        self._check_index(where, summary)
        self._compare(where, summary)

    def forget(self) -> None:
        """Remove both indexes."""
        for index in (self.index, self.other):
            for path in index.iterdir():
                path.unlink()

    def _undisturbed(self) -> tuple[int, Any]:
        """Let the other index be brought in step; return how much was opened, and the report."""
        if self._start(self.other, commits=False).wait() != 0:
            raise RuntimeError("a reindex failed that nobody killed")
        opened = len(self._opened())
        self._log.unlink(missing_ok=True)
        return opened, self._read_told()

    def _killed(self, chunks: int) -> bool:
        """
        Start a reindex and kill it; tell whether it had ended before.

        The instant is a random one of the reading of so many *chunks*, or before or after it.
        """
        process = self._start(self.index)
        wanted = self._rng.uniform(-0.1, 1.1) * max(chunks, 1)
        latest = time.monotonic() + _LATEST_S
        while len(self._opened()) < min(wanted, chunks) and time.monotonic() < latest:
            time.sleep(0.005)
        try:
            process.wait(self._rng.uniform(0.0, 1.0 if wanted < 0 or wanted > chunks else 0.3))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return False
        return True

    def _opened(self) -> list[str]:
        """Return what was opened, by its path, since the log was begun."""
        return self._log.read_text("utf-8").splitlines() if self._log.exists() else []

    def _start(self, index: Path, *, commits: bool = True) -> subprocess.Popen[bytes]:
        often = _COMMIT_EVERY_S if commits else 1e9
        names = (self.corpus.folder, index, self._log, self._told, often)
        command = [sys.executable, "-c", _REINDEX, *map(str, names)]
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True)

    def _read_told(self) -> Any:
        told = json.loads(self._told.read_text("utf-8"))
        self._told.unlink()
        return told

    def _remembered(self) -> set[str]:
        """Return the files that the next run need not open."""
        if not (self.index / "manifest.json").exists():
            return set()
        name = Snapshot(self.index).manifest.sources
        sources = read_sources(self.index / name) if name else None
        if sources is None:
            return set()
        return {name for name, note in sources.files.items() if self._is_as(name, note.stamp)}

    def _is_as(self, name: str, stamp: tuple[int, int] | None) -> bool:
        try:
            status = (self.corpus.folder / name).stat()
        except OSError:
            return False
        return stamp == (status.st_size, status.st_mtime_ns)

    def _check_opened(self, before: set[str], summary: Summary, where: str) -> set[str]:
        """Return what the last run opened; it must be nothing that was remembered *before*."""
        opened = set(self._opened())
        self._log.unlink(missing_ok=True)
        again = sorted(name for name in opened if not before.isdisjoint(_parents(name)))
        # What was left out as a duplicate is read once the file it was kept under is another.
        if again := [name for name in again if "again" not in name]:
            summary.failures.append(f"{where}: opened though remembered: {again[:5]}")
        return opened

    def _check_index(self, where: str, summary: Summary) -> None:
        if (self.index / "manifest.json").exists():
            try:
                searchkit.verify(self.index)
            except (SearchkitError, OSError) as error:
                summary.failures.append(f"{where}: {type(error).__name__}: {error}")

    def _compare(self, where: str, summary: Summary) -> None:
        ours, theirs = documents_in(self.index), documents_in(self.other)
        if ours != theirs:
            odd = [key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
            summary.failures.append(f"{where}: other documents: {sorted(odd)[:5]}")
        with searchkit.open(self.index) as mine, searchkit.open(self.other) as other:
            for query in _QUERIES:
                if not _alike(mine.search(query, limit=50), other.search(query, limit=50)):
                    summary.failures.append(f"{where}: another answer to {query}")
        manifest = Snapshot(self.index).manifest
        files = {name for name in os.listdir(self.index) if not name.startswith("write.lock")}
        if over := files - manifest.files() - {"manifest.json"}:
            summary.failures.append(f"{where}: left over: {sorted(over)}")


def documents_in(index: Path) -> dict[str, Any]:
    """Return all that an index holds of each document, by id."""
    found = {}
    for live in Snapshot(index).segments:
        for doc_id in range(live.segment.document_count):
            if live.alive is None or live.alive[doc_id]:
                document = live.segment.document(doc_id)
                found[document.id] = document
    return found


def _alike(ours: searchkit.Results, theirs: searchkit.Results) -> bool:
    """Tell whether two answers are the same, but for rounding and the order of equals."""
    mine, other = ({hit.id: hit for hit in results} for results in (ours, theirs))
    scores = zip((h.score for h in ours), (h.score for h in theirs), strict=False)
    if len(mine) != len(other) or any(abs(a - b) > 1e-5 * max(a, b) for a, b in scores):
        return False
    least = min((hit.score for hit in mine.values()), default=0.0) * 1.00001
    same = (h.id in other and other[h.id].passages == h.passages for h in ours if h.score > least)
    return all(same)


def _parents(name: str) -> set[str]:
    parts = name.split("/")
    return {"/".join(parts[:length]) for length in range(1, len(parts) + 1)}


def run(
    folder: Path,
    *,
    kills: int,
    seed: int = 1,
    files: int = 120,
    samples: Path | None = SAMPLES,
    told: Callable[[Summary], None] | None = None,
) -> Summary:
    """Kill *kills* reindexes in the empty *folder*; see the module."""
    summary = Summary()
    began = time.perf_counter()
    trial = Trial(folder, Corpus(folder / "corpus", samples, files, seed), seed)
    while summary.kills < kills:
        trial.bring_in(summary, kills - summary.kills)
        summary.seconds = time.perf_counter() - began
        if told is not None:
            told(summary)
        if summary.ends % 2 == 0:
            trial.forget()
        trial.corpus.change()
        if len(summary.failures) > 20:
            break
    summary.seconds = time.perf_counter() - began
    return summary


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the test; return 1 if anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--files", type=int, default=120, help="made ones, besides the samples")
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="a folder of real files")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="resume-test-") as name:
        summary = run(
            Path(name),
            kills=options.kills,
            seed=options.seed,
            files=options.files,
            samples=options.samples,
            told=lambda so_far: print(so_far, file=sys.stderr, flush=True),
        )
    print(summary)
    for failure in summary.failures:
        print(f"  {failure}")
    return 1 if summary.failures else 0


if __name__ == "__main__":
    sys.exit(main())
