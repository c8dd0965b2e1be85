"""
Do our readers say of a file what the file itself says?

What is measured: the share of titles, dates, types and numbers that are as a person has
determined them from the source (``tests/gold/metadata.tsv``), by column and by format.
Where the source has none, a reader that invents one is wrong.

Corpus model: genuine files, spread over the sources, their generations and the kinds of
document; of files that hold several documents, some of these.

Notes: compared after blanks are evened out and soft hyphens left out; blanks inside
numbers do not count ("1904:48 s.1", "T3592-13"). A whole date must be right to the day.

How to run, from anywhere::

    python benchmarks/gold_metadata.py                 # some 5 seconds
    python benchmarks/gold_metadata.py --samples DIR --json

Ends with 0, with 1 if less than 0.95 are right, and with 2 without samples.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # Run as a script, only this folder is on the path.
    sys.path.insert(0, str(ROOT))

from searchkit.corpus import Chunk, plan, read  # noqa: E402
from searchkit.model import Document  # noqa: E402

GOLD = ROOT / "tests" / "gold" / "metadata.tsv"
SAMPLES = ROOT.parent / "shared" / "samples"
LEAST_RIGHT = 0.95
COLUMNS = ("title", "date", "type", "number")
NONE = "-"

Facts = dict[str, str]
"""Column to value; ``NONE`` where there is none."""


@dataclass(frozen=True)
class Difference:
    """One value that is not as the source has it."""

    path: str
    column: str
    gold: str
    found: str


@dataclass
class Score:
    """What is right and wrong, by format and column."""

    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Paths of the gold that no reader has delivered."""

    def share(self, source: str | None = None, column: str | None = None) -> float:
        """Return the share that is right, of one format, one column, or all."""

        def total(counter: Counter[tuple[str, str]]) -> int:
            return sum(
                count
                for (of_source, of_column), count in counter.items()
                if source in (None, of_source) and column in (None, of_column)
            )

        return total(self.right) / max(1, total(self.asked))

    def sources(self) -> list[str]:
        """Return the folders of samples that the gold speaks of."""
        return sorted({source for source, _ in self.asked})


def read_gold(path: Path = GOLD) -> dict[str, Facts]:
    """Return what a person has determined, by path ("folder/file" or "folder/file#id")."""
    gold: dict[str, Facts] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, column, value = line.split("\t")
            gold[name][column] = value
    return dict(gold)


def found_facts(samples: Path, wanted: set[str]) -> dict[str, Facts]:
    """Return what the readers say, by the paths that are *wanted*."""
    files = {name.partition("#")[0] for name in wanted}
    found: dict[str, Facts] = {}
    for source in sorted({name.partition("/")[0] for name in files}):
        for step in plan(samples / source):
            name = f"{source}/{step.relative}" if isinstance(step, Chunk) else ""
            if not isinstance(step, Chunk) or name not in files:
                continue
            for document in (outcome for outcome in read(step) if isinstance(outcome, Document)):
                own_id = document.id.removeprefix(f"{step.relative}#")
                found.setdefault(name, facts_of(document))  # a file's own is the first
                found[f"{name}#{own_id}"] = facts_of(document)
    return found


def facts_of(document: Document) -> Facts:
    """Return the columns of a document that are compared."""
    values = (document.title, document.date, document.type, document.fields.get("number"))
    return {column: value or NONE for column, value in zip(COLUMNS, values, strict=True)}


def same(column: str, gold: str, found: str) -> bool:
    """Tell whether two values mean the same."""
    evened = (
        ("" if column == "number" else " ").join(value.replace("\xad", "").split())
        for value in (gold, found)
    )
    return next(evened) == next(evened)


def compare(gold: dict[str, Facts], found: dict[str, Facts]) -> Score:
    """Count what is right; every value of a document that is not found is wrong."""
    score = Score()
    for path, facts in gold.items():
        source = path.partition("/")[0]
        if path not in found:
            score.missing.append(path)
        for column, value in facts.items():
            said = found.get(path, {}).get(column, "(not read)")
            score.asked[source, column] += 1
            if same(column, value, said):
                score.right[source, column] += 1
            else:
                score.differences.append(Difference(path, column, value, said))
    return score


def report(score: Score, documents: int) -> Iterator[str]:
    """Yield the lines of a Markdown table, and of every difference."""
    yield "| source | " + " | ".join(COLUMNS) + " | all |"
    yield "|---|" + "---:|" * (len(COLUMNS) + 1)
    for source in [*score.sources(), None]:
        shares = [score.share(source, column) for column in (*COLUMNS, None)]
        yield f"| {source or 'all'} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"
    asked, right = score.asked.total(), score.right.total()
    yield f"\n{right} of {asked} values of {documents} documents are right: {score.share():.3f}"
    for wrong in score.differences:
        yield f"\n{wrong.path}\n  {wrong.column}: {wrong.gold!r}, but read {wrong.found!r}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--samples", type=Path, default=SAMPLES, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    options = parser.parse_args()
    if not options.samples.is_dir():
        print(f"no such folder: {options.samples}", file=sys.stderr)
        return 2
    gold = read_gold()
    score = compare(gold, found_facts(options.samples, set(gold)))
    if options.json:
        print(
            json.dumps(
                {
                    "documents": len(gold),
                    "values": score.asked.total(),
                    "right": score.share(),
                    "by_column": {column: score.share(column=column) for column in COLUMNS},
                    "by_source": {source: score.share(source) for source in score.sources()},
                    "differences": [asdict(difference) for difference in score.differences],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        print("\n".join(report(score, len(gold))))
    return 0 if score.share() >= LEAST_RIGHT else 1


if __name__ == "__main__":
    sys.exit(main())
