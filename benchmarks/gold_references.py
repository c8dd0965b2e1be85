"""
How many references are found, and how many of those found are there?

What is measured: precision and recall of ``searchkit.analysis.context.references`` on
windows of real documents in which a person has labelled every reference
(``tests/gold/references.tsv``: document ids, offsets and reference ids, no text).

Corpus model: windows drawn at random by type of document, a part of them from those
that hold at least three section signs or numbers with a colon or stroke inside.

Notes: a row is met by a reference with its id that overlaps its stretch; each is
counted once. A reference that reaches over a window's border is not counted.

How to run, from anywhere::

    python benchmarks/gold_references.py                 # some 20 seconds
    python benchmarks/gold_references.py --data FILE -v  # with what was missed

Ends with 0, or with 1 if precision is below 0.98 or recall below 0.95.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # Run as a script, only this folder is on the path.
    sys.path.insert(0, str(ROOT))

from searchkit.analysis.context import references  # noqa: E402

GOLD = ROOT / "tests" / "gold" / "references.tsv"
REAL_DATA = ROOT.parent / "shared" / "data" / "bench.jsonl.xz"
LEAST_PRECISION, LEAST_RECALL = 0.98, 0.95

Row = tuple[int, int, str]


@dataclass
class Gold:
    """Windows and labelled references of one document."""

    windows: list[tuple[int, int]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Score:
    """What was found, missed and wrongly found, by kind of reference."""

    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def line(self, kind: str) -> str:
        """Return one line of the table; *kind* "" is all of them."""
        kinds = [kind] if kind else list(self.found | self.missed | self.wrong)
        good = sum(self.found[k] for k in kinds)
        missed, wrong = sum(self.missed[k] for k in kinds), sum(self.wrong[k] for k in kinds)
        precision, recall = good / max(1, good + wrong), good / max(1, good + missed)
        name = kind or "all"
        return f"{name:8} {good + missed:5} {precision:9.3f} {recall:7.3f}"

    def passes(self) -> bool:
        """Tell whether both figures are high enough."""
        good = self.found.total()
        return (
            good >= LEAST_PRECISION * (good + self.wrong.total())
            and good >= LEAST_RECALL * (good + self.missed.total())
        )  # fmt: skip


def read_gold(path: Path = GOLD) -> dict[str, Gold]:
    """Return what is labelled, by document id."""
    gold: dict[str, Gold] = defaultdict(Gold)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# window\t"):
            _, document, start, end = line.split("\t")
            gold[document].windows.append((int(start), int(end)))
        elif line and not line.startswith("#"):
            document, start, end, name = line.split("\t")
            gold[document].rows.append((int(start), int(end), name))
    return dict(gold)


def texts(path: Path, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Yield id and text of the *wanted* documents of a JSON Lines file."""
    read = lzma.open if path.suffix == ".xz" else open
    with read(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            # Parsing all of them would take twice as long.
            if line[8 : line.find('"', 8)] in wanted:
                document = json.loads(line)
                yield document["id"], document["text"]


def compare(text: str, gold: Gold) -> tuple[list[Row], list[Row], list[Row]]:
    """Return the rows of one document that were found, missed and wrongly found."""
    found = [
        (r.start, r.end, r.id)
        for r in references(text)
        if any(start <= r.start and r.end <= end for start, end in gold.windows)
    ]
    left, good = list(found), []
    for row in gold.rows:
        start, end, name = row
        met = [f for f in left if f[2] == name and f[0] < end and start < f[1]]
        if met:
            left.remove(met[0])
            good.append(row)
    return good, [row for row in gold.rows if row not in good], left


def kind_of(name: str) -> str:
    """Return the kind of reference that an id is of."""
    if name.endswith((" §", " kap")):
        return "section" if not name.startswith("sfs") else "in law"
    return name.split()[0]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--data", type=Path, default=REAL_DATA)
    parser.add_argument("-v", "--verbose", action="store_true", help="show what is missed")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"no such file: {options.data}", file=sys.stderr)
        return 2
    gold, score = read_gold(), Score()
    for document, text in texts(options.data, set(gold)):
        good, missed, wrong = compare(text, gold[document])
        for counter, rows in ((score.found, good), (score.missed, missed), (score.wrong, wrong)):
            counter.update(kind_of(name) for _, _, name in rows)
        if options.verbose:
            for what, rows in (("missed", missed), ("wrong", wrong)):
                for start, end, name in rows:
                    print(what, document, name, repr(text[max(0, start - 30) : end + 20]))
    print("kind      rows precision  recall")
    for kind in (*sorted(score.found | score.missed | score.wrong), ""):
        print(score.line(kind))
    return 0 if score.passes() else 1


if __name__ == "__main__":
    sys.exit(main())
