"""
What does a reindex cost when little has changed, and does it end where a full one does?

A dump of one document a line is indexed from scratch. Then nothing changes; then of its
documents one in a hundred is changed, one removed and one added, all over the dump. Each
reindex is timed beside the one from scratch; afterwards the index that was brought up to
date and one built anew of the same dump must give the same answers, to the last bit of
every score.

    python benchmarks/bench_incremental.py [CORPUS] [--runs N] [--tiny]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import searchkit  # noqa: E402
from benchmarks.corpora import Corpus, survey, unpack, write_tiny  # noqa: E402
from benchmarks.queries import sample_queries  # noqa: E402

REAL_DATA = ROOT.parent / "shared" / "data" / "bench.jsonl.xz"
_SHARE = 0.01
_QUERIES = 60
# A time of long ago: the file system's clock may not have ticked since it was written.
_LONG_AGO_S = 1_700_000_000


def change(source: Path, target: Path, seed: int) -> None:
    """Write *source* to *target* with a share of its lines changed, removed and added."""
    rng = random.Random(seed)
    added: list[str] = []
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        for number, line in enumerate(lines):
            drawn = rng.random()
            if drawn < _SHARE:
                continue
            if drawn < 2 * _SHARE:
                record = json.loads(line)
                record["text"] += f" Ändring {number}: avfallsutredningsförslaget ströks."
                line = json.dumps(record, ensure_ascii=False) + "\n"
            elif drawn < 3 * _SHARE:
                record = json.loads(line)
                record |= {"id": f"ny-{seed}-{number}", "text": f"Ny. {record['text']}"}
                added.append(json.dumps(record, ensure_ascii=False) + "\n")
            out.write(line)
        out.writelines(added)


def reindex(corpus: Path, index: Path, *, from_scratch: bool = False) -> float:
    """Reindex in a process of its own, as cron does, and return the seconds it took there."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_reindex, corpus, index, from_scratch).result()


def _reindex(corpus: Path, index: Path, from_scratch: bool) -> float:
    # Importing is not measured, as in building.py.
    work = searchkit.reindex
    began = time.perf_counter()
    report = work(corpus, index, from_scratch=from_scratch)
    seconds = time.perf_counter() - began
    told = (report.added, report.replaced, report.deleted, report.unchanged)
    print(f"  {seconds:7.2f} s  added, replaced, deleted, unchanged: {told}", flush=True)
    return seconds


def answers(index: Path, queries: list[str]) -> Iterator[tuple[object, ...]]:
    """
    Yield what an index answers: total, scores, and id and passages of each hit.

    Hits of one score stand in the order in which they were indexed, so they are put in
    that of their ids; those that share the last score are left out.
    """
    with searchkit.open(index) as opened:
        for query in queries:
            results = opened.search(query, limit=10)
            scores = [hit.score for hit in results]
            hits = sorted(
                (hit.score, hit.id, [(p.start, p.end, p.marks) for p in hit.passages])
                for hit in results
                if hit.score > scores[-1]
            )
            yield query, results.total, scores, hits


def measure(corpus: Corpus, folder: Path, run: int) -> tuple[float, float, int]:
    """Return the shares of "nothing changed" and of "a little changed", and the differences."""
    dump, old, fresh = folder / "dump.jsonl", folder / "old", folder / "fresh"
    dump.write_bytes(corpus.path.read_bytes())
    os.utime(dump, (_LONG_AGO_S, _LONG_AGO_S))
    print("from scratch, nothing changed, a little changed, from scratch again:")
    full = reindex(dump, old, from_scratch=True)
    nothing = reindex(dump, old)
    changed = folder / "changed.jsonl"
    change(dump, changed, run)
    changed.replace(dump)
    os.utime(dump, (_LONG_AGO_S + 60, _LONG_AGO_S + 60))
    little = reindex(dump, old)
    full = min(full, reindex(dump, fresh, from_scratch=True))
    drawn = sample_queries(corpus, count=_QUERIES, seed=run).values()
    queries = [" ".join(query.words) for several in drawn for query in several]
    queries += ["cirkulär ekonomi", "hållbar produktion", "avfallsutredningsförslaget"]
    pairs = zip(answers(old, queries), answers(fresh, queries), strict=True)
    return nothing / full, little / full, sum(one != other for one, other in pairs)


def main() -> int:
    """Measure, print and tell by the exit status whether all answers were the same."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", type=Path, default=REAL_DATA)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--tiny", action="store_true", help="a small corpus made up here")
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.tiny:
            source = write_tiny(folder, count=400, seed=1)
        elif options.corpus.exists():
            source = unpack(options.corpus, folder)
        else:
            parser.error(f"there is no '{options.corpus}'; name a .jsonl file, or use --tiny")
        corpus = survey(source)
        for run in range(options.runs):
            nothing, little, different = measure(corpus, folder, run)
            wrong += different
            print(
                f"share of a reindex from scratch: nothing changed {nothing:.2%}, "
                f"1 % changed, removed and added {little:.2%}; {different} answers differ"
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
