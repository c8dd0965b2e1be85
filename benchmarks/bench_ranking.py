"""
How well does searchkit rank, on questions whose answers people have chosen?

What is measured: nDCG@10, recall@100 and MRR@10 on each set of judged queries;
and recall@100 over the pairs of query and document that meet only by an
inflection, inside a compound, or as a part of the query's compound. Beside
them the gold words: every ``gold_*.py`` of this folder is run and its output
kept on the page.

Corpus model: the folders of ``../shared/data/eval``, each with
``docs.jsonl.xz``, ``queries.tsv``, ``qrels.tsv`` and ``pairs_morph.tsv``. They
are real human groupings, not exhaustively judged: compare systems, do not
quote absolute quality.

Notes: each set is indexed anew in a temporary folder and asked through
``searchkit.open().search()`` as any user would ask. The baselines were
measured once, over exactly these queries, and are constants here.

How to run, from anywhere::

    python benchmarks/bench_ranking.py                         # all sets, about a minute
    python benchmarks/bench_ranking.py --tiny                  # does it still run? seconds
    python benchmarks/bench_ranking.py --compare benchmarks/runs/2026-11-23-ranking-before

Prints a Markdown page. ``--output DIR`` keeps it with the raw numbers and one
line a query, which is what ``--compare DIR`` reads.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # Run as a script, only this folder is on the path.
    sys.path.insert(0, str(ROOT))

import searchkit  # noqa: E402
from benchmarks.corpora import unpack, write_tiny  # noqa: E402
from benchmarks.machine import describe_machine  # noqa: E402
from benchmarks.ranking_report import Measured, Report, per_query_lines, read_kept, render  # noqa: E402
from searchkit.evaluation import evaluate, read_qrels, read_queries, write_run  # noqa: E402

REAL_SETS = ROOT.parent / "shared" / "data" / "eval"
TINY_DOCUMENTS = 60
GOLD_TIMEOUT_S = 1800


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as the command line asks; return the exit code."""
    options = _parse(arguments)
    kept = read_kept(options.compare) if options.compare else None
    with tempfile.TemporaryDirectory(prefix="ranking-") as name:
        folder = Path(name)
        homes = [_write_tiny_set(folder)] if options.tiny else options.homes
        measured = [_measure(home, folder, options) for home in homes]
    report = Report(
        date=datetime.date.today().isoformat(),
        machine=describe_machine(ROOT),
        sets=measured,
        gold=dict(_gold()) if options.gold else {},
    )
    page = render(report, kept)
    print(page, end="")
    if options.output is not None:
        _keep(report, page, options.output)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How well does searchkit rank?")
    add = parser.add_argument
    add(
        "--data",
        type=Path,
        default=REAL_SETS,
        metavar="DIR",
        help="folder of evaluation sets (default: eval in ../shared/data)",
    )
    add("--only", metavar="A,B", help="of the sets (default: all)")
    add("--tiny", action="store_true", help=f"one made-up set of {TINY_DOCUMENTS} documents")
    add(
        "--gold",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="run the scripts of gold words too (default: unless --tiny or --only)",
    )
    add("--processes", type=int, default=2, metavar="N", help="of a reindex (default: 2)")
    add("--compare", type=Path, metavar="DIR", help="compare with the run kept in DIR")
    add("--output", type=Path, metavar="DIR", help="keep page, raw numbers and queries in DIR")
    add("--runs", action="store_true", help="keep the answers there too, 3 MB a thousand queries")
    options = parser.parse_args(arguments)
    if options.gold is None:
        options.gold = not (options.tiny or options.only)
    sets = {path.parent.name: path.parent for path in sorted(options.data.glob("*/queries.tsv"))}
    if not sets and not options.tiny:
        parser.error(f"no evaluation sets at '{options.data}': give --data, or --tiny")
    wanted = options.only.split(",") if options.only else list(sets)
    if unknown := [name for name in wanted if name not in sets]:
        parser.error(f"no set '{unknown[0]}'; there is {', '.join(sets)}")
    options.homes = [sets[name] for name in wanted]
    if options.compare and not (options.compare / "per-query.tsv").is_file():
        parser.error(f"'{options.compare}' holds no kept run: it has no per-query.tsv")
    return options


class _Timed:
    """An index that remembers how long each search took."""

    def __init__(self, index: searchkit.Index) -> None:
        self._index = index
        self.took_ms: list[float] = []

    def search(self, query: str, *, limit: int, passages: int) -> searchkit.Results:
        results = self._index.search(query, limit=limit, passages=passages)
        self.took_ms.append(results.took_ms)
        return results


def _measure(home: Path, folder: Path, options: argparse.Namespace) -> Measured:
    """Index one set in *folder*, ask all its queries and measure the answers."""
    print(f"{home.name} …", file=sys.stderr)
    source = next(home.glob("docs.jsonl*"))
    docs, directory = unpack(source, folder), folder / f"index-{home.name}"
    began = time.perf_counter()
    searchkit.reindex(docs, directory, processes=options.processes)
    build_s = time.perf_counter() - began
    queries = read_queries(home / "queries.tsv")
    with searchkit.open(directory) as index:
        timed = _Timed(index)
        find = index.snapshot.find
        qrels = read_qrels(home / "qrels.tsv", knows=lambda key: find(key) is not None)
        evaluation = evaluate(timed, queries, qrels)
        documents = len(index)
    if options.output is not None and options.runs:
        options.output.mkdir(parents=True, exist_ok=True)
        write_run(evaluation.run, options.output / f"{home.name}.run")
    pairs = _pairs(home / "pairs_morph.tsv")
    return Measured.of(home.name, documents, evaluation, pairs, build_s, timed.took_ms)


def _pairs(path: Path) -> list[tuple[str, str, str]]:
    """Read (query id, document id, kind) of each pair that only morphology brings together."""
    if not path.is_file():
        return []
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line)
    return [(qid, key, kind) for qid, key, kind in rows]


def _gold() -> Iterator[tuple[str, str]]:
    """Run every script of gold words; yield its name and what it printed."""
    for script in sorted(Path(__file__).parent.glob("gold_*.py")):
        print(f"{script.name} …", file=sys.stderr)
        command = [sys.executable, str(script)]
        try:
            ran = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=GOLD_TIMEOUT_S
            )
            said = ran.stdout if ran.returncode == 0 else f"FAILED: {ran.stderr[-2000:]}"
        except subprocess.TimeoutExpired:
            said = f"FAILED: not done after {GOLD_TIMEOUT_S} s"
        yield script.stem, said.strip("\n")


def _write_tiny_set(folder: Path) -> Path:
    """Write a set of made-up documents, each asked for by the words of its title."""
    home = folder / "tiny"
    home.mkdir()
    path = write_tiny(home, count=TINY_DOCUMENTS, seed=1).rename(home / "docs.jsonl")
    documents = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    named = [(f"q{number}", found) for number, found in enumerate(documents)]
    rows = {
        "queries.tsv": [f"{qid}\t{found['title']}" for qid, found in named],
        "qrels.tsv": [f"{qid}\t0\t{found['id']}\t1" for qid, found in named],
        "pairs_morph.tsv": [f"{qid}\t{found['id']}\tinflection" for qid, found in named],
    }
    for name, lines in rows.items():
        (home / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home


def _keep(report: Report, page: str, folder: Path) -> None:
    """Write the page, the raw numbers and one line a query."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = json.dumps(report.raw(), ensure_ascii=False, indent=1)
    (folder / "ranking.md").write_text(page, encoding="utf-8")
    (folder / "ranking.json").write_text(raw + "\n", encoding="utf-8")
    lines = "".join(f"{line}\n" for line in per_query_lines(report))
    (folder / "per-query.tsv").write_text(lines, encoding="utf-8")
    print(f"kept in {folder}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
