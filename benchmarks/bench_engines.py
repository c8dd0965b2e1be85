"""
searchkit beside tantivy, stock Whoosh, SQLite FTS5 and bm25s, in one run.

What is measured: throughput, size and peak memory of building an index; p50
and p90 of the ten best hits, bare and with one highlighted passage each.

Corpus model: real Swedish policy documents (``--data``, and ``--small``, on
which Whoosh is measured too: the large one would take it minutes). The queries
are adjacent content words of the corpus itself: ``term``, ``and2``, ``or2``,
``or5`` and ``phrase2``, 200 of each, the same for every engine.

Notes: a bare hit is whatever the engine names it by, its id or (tantivy) an
address. Fts5 and bm25s do less than the others: no stemming, no phrases.
How each is set up stands in its own module in ``engines/`` and in the report.

How to run, from anywhere::

    python benchmarks/bench_engines.py            # the whole, some 10 minutes
    python benchmarks/bench_engines.py --tiny     # does it still run? 20 seconds

Prints a Markdown report, and keeps it with the raw numbers in
``benchmarks/runs/DATE-MACHINE/``. Ends with 0, with 1 if an engine failed,
with 2 if it could not start.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # Run as a script, only this folder is on the path.
    sys.path.insert(0, str(ROOT))

from benchmarks import engines  # noqa: E402
from benchmarks.comparison import Plan, compare  # noqa: E402
from benchmarks.corpora import Corpus, survey, unpack, write_tiny  # noqa: E402
from benchmarks.engines.contract import Engine  # noqa: E402
from benchmarks.machine import describe_machine, load_average  # noqa: E402
from benchmarks.report import Run, render  # noqa: E402

REAL_DATA = ROOT.parent / "shared" / "data"
SEED = 20240229
# Whoosh indexes about 1 MB/s: minutes on the large corpus, and nothing to learn there.
SMALL_ONLY = frozenset({"whoosh"})
TINY_DOCUMENTS = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as the command line asks; return the exit code."""
    options = _parse(arguments)
    loaded, skipped = _load(options.engines)
    for name, reason in skipped.items():
        print(f"{name} skipped: {reason}", file=sys.stderr)
    load_before = load_average()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        queries, rounds = (10, 1) if options.tiny else (options.queries, options.rounds)
        plan = Plan(loaded, queries, rounds, options.runs, options.seed, Path(folder))
        measured = [compare(plan, corpus, names) for corpus, names in _corpora(options, plan)]
    run = Run(
        date=datetime.date.today().isoformat(),
        machine=describe_machine(ROOT),
        load_before=load_before,
        load_after=load_average(),
        seed=plan.seed,
        queries_per_kind=plan.queries,
        rounds=plan.rounds,
        builds_per_engine=plan.runs,
        versions={name: engine.version for name, engine in loaded.items()},
        settings={name: engine.settings for name, engine in loaded.items()},
        skipped=skipped,
        failed=plan.failed,
        corpora=measured,
    )
    print(render(run))
    if options.output is not None or not options.tiny:
        _keep(run, options.output or ROOT / "benchmarks" / "runs")
    return 1 if plan.failed else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="searchkit beside its peers, in one run")
    add = parser.add_argument
    add(
        "--data",
        type=Path,
        default=REAL_DATA / "bench.jsonl.xz",
        metavar="FILE",
        help="the large corpus, .jsonl or .jsonl.xz (default: bench.jsonl.xz of ../shared/data)",
    )
    add(
        "--small",
        type=Path,
        default=REAL_DATA / "bench-10k.jsonl.xz",
        metavar="FILE",
        help="the small corpus, Whoosh included (default: bench-10k.jsonl.xz beside it)",
    )
    add("--only", choices=["data", "small"], help="measure on one of the two corpora")
    add(
        "--engines",
        type=_engine_names,
        default=list(engines.MODULES),
        metavar="A,B",
        help=f"of {','.join(engines.MODULES)} (default: all that are installed)",
    )
    add("--runs", type=_count, default=1, metavar="N", help="builds of each engine (default: 1)")
    add("--rounds", type=_count, default=5, metavar="N", help="of the queries (default: 5)")
    add("--queries", type=_count, default=200, metavar="N", help="of a class (default: 200)")
    add("--seed", type=int, default=SEED, help=f"of the queries (default: {SEED})")
    add(
        "--tiny",
        action="store_true",
        help=f"{TINY_DOCUMENTS} made-up documents, 10 queries of a class, 1 round; keeps nothing",
    )
    add(
        "--output",
        type=Path,
        metavar="DIR",
        help="keep the run in a new folder of DIR (default: benchmarks/runs)",
    )
    options = parser.parse_args(arguments)
    needed = [] if options.tiny else [p for _key, p in _chosen(options)]
    for path in needed:
        if not path.is_file():
            parser.error(f"no corpus at '{path}': give --data and --small, or --tiny")
    return options


def _engine_names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in engines.MODULES:
            known = ", ".join(engines.MODULES)
            raise argparse.ArgumentTypeError(f"no engine '{name}'; there is {known}")
    return names


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 1")
    return int(text)


def _chosen(options: argparse.Namespace) -> list[tuple[str, Path]]:
    paths = [("data", options.data), ("small", options.small)]
    return [(key, path) for key, path in paths if options.only in (None, key)]


def _load(names: Iterable[str]) -> tuple[dict[str, Engine], dict[str, str]]:
    """Import the engines; return those that are there, and why the others are not."""
    loaded: dict[str, Engine] = {}
    skipped: dict[str, str] = {}
    for name in names:
        try:
            loaded[name] = engines.load(name)
        except ImportError as error:
            skipped[name] = str(error)
    return loaded, skipped


def _corpora(options: argparse.Namespace, plan: Plan) -> Iterable[tuple[Corpus, list[str]]]:
    """Yield each corpus, unpacked, with the names of the engines to measure on it."""
    if options.tiny:
        path = write_tiny(plan.directory, count=TINY_DOCUMENTS, seed=plan.seed)
        yield survey(path), list(plan.engines)
        return
    for key, path in _chosen(options):
        names = [name for name in plan.engines if key == "small" or name not in SMALL_ONLY]
        yield survey(unpack(path, plan.directory)), names


def _keep(run: Run, folder: Path) -> None:
    """
    Write the raw numbers and the report to a folder that names the day and the machine.

    The second run of a day gets a folder of its own, ending in ``-2``.
    """
    name = f"{run.date}-{run.machine.label}"
    names = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
    home = next(folder / name for name in names if not (folder / name).exists())
    home.mkdir(parents=True)
    raw = json.dumps(asdict(run), ensure_ascii=False, indent=1)
    # One line a list of numbers: two hundred lines a class help nobody.
    raw = re.sub(r"\[[\d\s.,]+\]", lambda numbers: " ".join(numbers[0].split()), raw)
    (home / "engines.json").write_text(raw + "\n", encoding="utf-8")
    (home / "engines.md").write_text(render(run), encoding="utf-8")
    print(f"kept in {home}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
