"""
Does any damaged file crash, hang or swell the program, or get lost?

Files of every format, real samples from ../shared/samples where that is there and made
ones, are damaged at random: bits flipped, ends cut off, parts doubled, zeroed or moved,
sizes that lie, extensions swapped, compressed once more. Then

- each is read by itself, in a process that is watched: none may end its process, take
  10 s, or more memory than ``--memory`` allows;
- a folder of them all is brought into an index in one run, which must end; every file
  must be in the index, or reported, or a duplicate, and searches must work.

    python benchmarks/mutation_test.py --files 2000

prints a table and ends with 1 if anything failed. The files depend on --seed alone.
"""

from __future__ import annotations

import argparse
import gzip
import lzma
import os
import random
import re
import struct
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import searchkit  # noqa: E402
from benchmarks.made_files import FORMATS, made  # noqa: E402
from searchkit.corpus import Chunk, plan, read  # noqa: E402
from searchkit.errors import DocumentFormatError  # noqa: E402
from searchkit.index import Snapshot  # noqa: E402
from searchkit.model import Document  # noqa: E402

SAMPLES = ROOT.parent / "shared" / "samples"
SLOWEST_S = 10.0
# A hanging reader is waited for a little longer, to see whether it ends by itself.
_HANGS_S = 3 * SLOWEST_S
_QUERIES = ("klimat", "regeringen", '"enligt lag"', "titel:klimat", "avfall*")
_REPEATED = re.compile("the id '(.*)' occurs more than once")

Source = tuple[str, bytes]
Mutate = Callable[[bytearray, random.Random], bytes | bytearray]


@dataclass(slots=True)
class Row:
    """What came of the files of one format."""

    files: int = 0
    read: int = 0
    """Files that gave a document at least."""
    reported: int = 0
    """Files that were reported."""
    crashes: int = 0
    hangs: int = 0
    slowest: float = 0.0
    slowest_name: str = ""
    peak_mb: float = 0.0


@dataclass(slots=True)
class Outcome:
    """What came of all."""

    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    failures: list[str] = field(default_factory=list)
    reindex_s: float = 0.0
    documents: int = 0
    skipped: int = 0
    duplicates: int = 0
    replaced: int = 0
    """Files all of whose documents were replaced by others with their ids."""


def flip(content: bytearray, rng: random.Random) -> bytearray:
    """Flip a few bits, or a few in a hundred."""
    most = len(content) // 50 if rng.random() < 0.3 else 12
    for _ in range(rng.randint(1, max(1, most))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return content


def cut(content: bytearray, rng: random.Random) -> bytearray:
    """Cut off the end, or rarely the beginning."""
    at = rng.randrange(len(content))
    return content[at:] if rng.random() < 0.1 else content[:at]


def double(content: bytearray, rng: random.Random) -> bytearray:
    """Insert a part somewhere, once or many times."""
    start = rng.randrange(len(content))
    part = content[start : start + rng.randint(1, 4096)]
    at = rng.randrange(len(content))
    content[at:at] = part * rng.choice((1, 1, 2, 50))
    return content


def zero(content: bytearray, rng: random.Random) -> bytearray:
    """Make a stretch zeros, or random bytes, as bad disks do."""
    start = rng.randrange(len(content))
    end = min(len(content), start + rng.randint(1, 8192))
    content[start:end] = bytes(end - start) if rng.random() < 0.6 else rng.randbytes(end - start)
    return content


def move(content: bytearray, rng: random.Random) -> bytearray:
    """Move a stretch to another place."""
    start = rng.randrange(len(content))
    part = content[start : start + rng.randint(1, 8192)]
    del content[start : start + len(part)]
    at = rng.randint(0, len(content))
    content[at:at] = part
    return content


def lie(content: bytearray, rng: random.Random) -> bytearray:
    """Write extreme numbers over a few places, binary ones or digits."""
    for _ in range(rng.randint(1, 4)):
        if len(content) < 8:
            break
        at = rng.randrange(len(content) - 7)
        number = rng.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF))
        content[at : at + 4] = rng.choice((struct.pack("<I", number), b"9999"))
    return content


def wrap(content: bytearray, rng: random.Random) -> bytes | bytearray:
    """Compress the file, and damage that in turn or not."""
    packed = gzip.compress(content, 1, mtime=0) if rng.random() < 0.5 else lzma.compress(content)
    return flip(bytearray(packed), rng) if rng.random() < 0.5 else packed


_MUTATIONS: tuple[Mutate, ...] = (flip, flip, cut, double, zero, move, lie, wrap)


def sources(samples: Path | None) -> list[Source]:
    """Return sound files as (name, content), of every format."""
    found = [(f"made{extension}", made(extension, 1)) for extension in FORMATS]
    found += [(f"large{extension}", made(extension, 2, paragraphs=60)) for extension in FORMATS]
    if samples is not None and samples.is_dir():
        files = sorted(path for path in samples.rglob("*") if path.is_file())
        found += [(path.name, path.read_bytes()) for path in files if path.suffix != ".tsv"]
    return found


def mutants(found: Sequence[Source], count: int, seed: int) -> Iterator[Source]:
    """Yield *count* damaged files as (name, content), of each extension as many."""
    by_extension: dict[str, list[Source]] = defaultdict(list)
    for name, content in found:
        by_extension[_extension(name)].append((name, content))
    extensions = sorted(by_extension)
    for number in range(count):
        rng = random.Random(f"{seed}:{number}")
        extension = extensions[number % len(extensions)]
        name, content = rng.choice(by_extension[extension])
        if rng.random() < 0.15:
            extension = rng.choice(extensions)
            changed: bytes = content if rng.random() < 0.5 else _mutated(content, rng)
        else:
            changed = _mutated(content, rng)
        stem = name.partition(".")[0][:40]
        yield f"{number:05}-{stem}{extension}", changed


def _mutated(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if changed:
            changed = bytearray(rng.choice(_MUTATIONS)(changed, rng))
    return bytes(changed)


def _extension(name: str) -> str:
    known = (extension for extension in FORMATS if name.endswith(extension))
    return max(known, key=len, default=Path(name).suffix)


class Watched:
    """
    A process that reads files, one after the other; another one where it ended.

    Each format gets one of its own, so that its peak of memory is that format's.
    """

    def __init__(self) -> None:
        self._context = get_context("spawn")
        self._begin()

    def read(self, path: Path) -> tuple[float, int, int, float] | str:
        """Return seconds, documents, errors and peak MB; or "crash" or "hang"."""
        began = time.perf_counter()
        try:
            self._pipe.send(path)
            if self._pipe.poll(_HANGS_S):
                documents, errors, peak = self._pipe.recv()
                return time.perf_counter() - began, documents, errors, peak
            what = "hang"
        except (EOFError, OSError):
            what = "crash"
        self.end()
        self._begin()
        return what

    def end(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.kill()
        self._process.join()

    def _begin(self) -> None:
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_read_all, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        # The first file must not pay for the start.
        self._pipe.recv()


def _read_all(pipe: Connection) -> None:
    pipe.send("ready")
    while True:
        try:
            path = pipe.recv()
        except EOFError:
            return
        documents = errors = 0
        for chunk in plan(path.parent):
            for outcome in _outcomes(chunk):
                documents += isinstance(outcome, Document)
                errors += not isinstance(outcome, Document)
        pipe.send((documents, errors, _peak_mb()))


def _peak_mb() -> float:
    """Return the most memory that this process has held at a time."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage() tells includes what the parent held.
        rows = dict(row.split(":", 1) for row in status.read_text().splitlines() if ":" in row)
        return int(rows["VmHWM"].split()[0]) / 1e3
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def read_apart(files: Sequence[Path], outcome: Outcome, most_mb: float) -> None:
    """Read each file by itself; all of them lie alone in a folder."""
    by_extension: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        by_extension[_extension(path.name)].append(path)
    for extension, paths in sorted(by_extension.items()):
        watched, row = Watched(), outcome.rows[extension]
        for path in paths:
            _note(path, watched.read(path), row, outcome)
        watched.end()
        if row.peak_mb > most_mb:
            outcome.failures.append(f"{extension}: up to {row.peak_mb:.0f} MB of memory")


def _note(
    path: Path, told: tuple[float, int, int, float] | str, row: Row, outcome: Outcome
) -> None:
    row.files += 1
    if isinstance(told, str):
        row.crashes += told == "crash"
        row.hangs += told == "hang"
        outcome.failures.append(f"{path.name}: {told}")
        return
    seconds, documents, errors, peak_mb = told
    row.read += documents > 0
    row.reported += errors > 0
    row.peak_mb = max(row.peak_mb, peak_mb)
    if seconds > row.slowest:
        row.slowest, row.slowest_name = seconds, path.name
    if seconds > SLOWEST_S:
        row.hangs += 1
        outcome.failures.append(f"{path.name}: {seconds:.1f} s")
    if not documents and not errors:
        outcome.failures.append(f"{path.name}: neither read nor reported")


def reindex_all(corpus: Path, index: Path, outcome: Outcome, *, processes: int | None) -> None:
    """Reindex the folder of all files, and see where each of them went."""
    began = time.perf_counter()
    report = searchkit.reindex(corpus, index, processes=processes)
    outcome.reindex_s = time.perf_counter() - began
    outcome.documents, outcome.skipped = report.documents, len(report.skipped)
    outcome.duplicates = len(report.duplicates)
    accounted = {_top(corpus, error.path) for error in report.skipped}
    accounted |= {path.split("/")[0] for path, _ in report.duplicates}
    for live in Snapshot(index).segments:
        paths = (live.segment.value("path", n) for n in range(live.segment.document_count))
        accounted |= {path.split("/")[0] for path in paths if path}
    told = {match[1] for error in report.skipped if (match := _REPEATED.match(error.reason))}
    for name in sorted({path.name for path in corpus.iterdir()} - accounted):
        # A document whose id comes again is told by its id, with the path of the later one.
        found = (each for chunk in plan(corpus / name) for each in _outcomes(chunk))
        ids = {each.id for each in found if isinstance(each, Document)}
        outcome.replaced += 1
        if not ids or not ids <= told:
            outcome.failures.append(f"{name}: neither in the index nor reported")
    searchkit.verify(index)
    with searchkit.open(index) as opened:
        for query in _QUERIES:
            for hit in opened.search(query, limit=20):
                assert hit.id


def _outcomes(chunk: Chunk | DocumentFormatError) -> Iterable[Document | DocumentFormatError]:
    return read(chunk) if isinstance(chunk, Chunk) else (chunk,)


def _top(corpus: Path, path: Path) -> str:
    return path.relative_to(corpus).parts[0] if path != corpus else ""


def run(
    folder: Path,
    *,
    count: int,
    seed: int = 1,
    samples: Path | None = SAMPLES,
    processes: int | None = None,
    most_mb: float = 1500.0,
    apart: bool = True,
) -> Outcome:
    """Damage *count* files in the empty *folder*, and read them; see the module."""
    outcome = Outcome()
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    alone = []
    for name, content in mutants(sources(samples), count, seed):
        (corpus / name).write_bytes(content)
        if apart:
            own = folder / "alone" / name.partition("-")[0]
            own.mkdir(parents=True)
            os.link(corpus / name, own / name)
            alone.append(own / name)
    read_apart(alone, outcome, most_mb)
    reindex_all(corpus, folder / "index", outcome, processes=processes)
    return outcome


def table(outcome: Outcome) -> str:
    """Return the outcome as a table of formats."""
    head = "format       files   read  reported  crashes  hangs  slowest s   peak MB  slowest file"
    rows = [
        f"{extension:<11}{row.files:>7}{row.read:>7}{row.reported:>10}{row.crashes:>9}"
        f"{row.hangs:>7}{row.slowest:>11.2f}{row.peak_mb:>10.0f}  {row.slowest_name}"
        for extension, row in sorted(outcome.rows.items())
    ]
    last = (
        f"one reindex of all: {outcome.reindex_s:.1f} s, {outcome.documents} documents, "
        f"{outcome.skipped} reports, {outcome.duplicates} duplicates, {outcome.replaced} replaced; "
        f"{len(outcome.failures)} failures"
    )
    return "\n".join((head, *rows, last))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mutation test; return 1 if anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="a folder of sound files")
    parser.add_argument("--memory", type=float, default=1500.0, help="MB that a reader may take")
    parser.add_argument("--processes", type=int, help="for the reindex")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a new folder for the files, kept afterwards")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="mutation-test-") as name:
        outcome = run(
            options.keep or Path(name),
            count=options.files,
            seed=options.seed,
            samples=options.samples,
            processes=options.processes,
            most_mb=options.memory,
        )
    print(table(outcome))
    for failure in outcome.failures:
        print(f"  {failure}")
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
