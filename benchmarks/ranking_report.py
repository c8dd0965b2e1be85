"""
What did the judged queries say?

The figures of one run of ``bench_ranking.py``, its page, and the lines that a
later run is compared with.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.machine import Machine
from searchkit.evaluation import MEASURES, Comparison, Evaluation, compare

TITLES = dict(zip(MEASURES, ("nDCG@10", "recall@100", "MRR@10"), strict=True))
KINDS = ("inflection", "compound", "split")
"""How a pair meets: the document inflects the word, holds it in a compound, or
holds a part of the query's compound."""

# nDCG@10 and recall@100 by set, measured once over exactly these queries with
# BM25 (k1 1.2, b .75), title and text as one field, function words left out of
# the query. The prototype is the project's first sketch: lemmas, compound parts
# at 0.5, the query's at 0.3. Source: ../shared/data/README.md.
BASELINES = {
    "utskottspunkt-yrkande": {
        "exact": (0.397, 0.520), "Snowball": (0.460, 0.596), "prototype": (0.506, 0.688)},
    "amne-regeringen": {
        "exact": (0.385, 0.265), "Snowball": (0.480, 0.340), "prototype": (0.525, 0.432)},
    "rubrik-pressmeddelande": {
        "exact": (0.627, 0.908), "Snowball": (0.676, 0.947), "prototype": (0.694, 0.966)},
    "beslut-i-korthet": {
        "exact": (0.804, 0.985), "Snowball": (0.775, 0.989), "prototype": (0.803, 0.993)},
    "swefaq": {
        "exact": (0.629, 0.849), "Snowball": (0.640, 0.890), "prototype": (0.679, 0.922)},
}  # fmt: skip
SYSTEMS = ("exact", "Snowball", "prototype")

Kept = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Values of an earlier run by set, query and measure."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One set: its evaluation, and what else was seen."""

    name: str
    documents: int
    evaluation: Evaluation = field(repr=False)
    pairs: Mapping[str, tuple[int, int]]
    """By kind: pairs whose document is among the first hundred answers, and all pairs."""
    build_s: float
    p50_ms: float
    """Median time of a search for a hundred bare hits."""

    @classmethod
    def of(
        cls,
        name: str,
        documents: int,
        evaluation: Evaluation,
        pairs: Iterable[tuple[str, str, str]],
        build_s: float,
        took_ms: Sequence[float],
    ) -> Measured:
        """Count which *pairs* (query id, document id, kind) were found."""
        found = {qid: {key for key, _ in answers} for qid, answers in evaluation.run.items()}
        every: Counter[str] = Counter()
        met: Counter[str] = Counter()
        for qid, key, kind in pairs:
            every[kind] += 1
            met[kind] += key in found.get(qid, ())
        counts = {kind: (met[kind], every[kind]) for kind in sorted(every)}
        return cls(name, documents, evaluation, counts, build_s, statistics.median(took_ms))

    def pairs_found(self, kind: str) -> str:
        """Write the share of the pairs of one kind that was found, and how many there are."""
        met, every = self.pairs.get(kind, (0, 0))
        return f"{met / every:.3f} of {every:,}" if every else "–"


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the benchmark."""

    date: str
    machine: Machine
    sets: Sequence[Measured]
    gold: Mapping[str, str]
    """What each script of gold words printed."""

    def raw(self) -> dict[str, object]:
        """Return the numbers as they are kept in ``ranking.json``."""
        return {
            "date": self.date,
            "machine": asdict(self.machine),
            "sets": {
                one.name: {
                    "documents": one.documents,
                    "queries": len(one.evaluation.per_query),
                    "unreadable": dict(one.evaluation.unreadable),
                    **{name: round(one.evaluation.means[name], 5) for name in MEASURES},
                    "pairs": {kind: list(counts) for kind, counts in one.pairs.items()},
                    "build_s": round(one.build_s, 2),
                    "p50_ms": round(one.p50_ms, 3),
                }
                for one in self.sets
            },
            "measured_by": self.sets[0].evaluation.measured_by,
            "gold": dict(self.gold),
        }


def per_query_lines(report: Report) -> Iterator[str]:
    """Yield the lines of ``per-query.tsv``: set, query, then each measure."""
    yield "\t".join(["set", "query", *MEASURES])
    for one in report.sets:
        for qid, values in one.evaluation.per_query.items():
            yield "\t".join([one.name, qid, *(f"{values[name]:.10g}" for name in MEASURES)])


def read_kept(folder: Path) -> Kept:
    """Read the values of the run that is kept in *folder*."""
    kept: dict[str, dict[str, dict[str, float]]] = {}
    lines = (folder / "per-query.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        name, qid, *cells = line.split("\t")
        values = dict(zip(MEASURES, map(float, cells), strict=True))
        kept.setdefault(name, {})[qid] = values
    return kept


def render(report: Report, kept: Kept | None = None) -> str:
    """Return the run as a Markdown page."""
    machine = report.machine
    lines = [
        f"# Ranking, {report.date}",
        "",
        f"- {machine.cpu}, {machine.cores} cores, {machine.python}, NumPy {machine.numpy}, "
        f"commit {machine.commit or 'none'}; measured by {report.sets[0].evaluation.measured_by}.",
        "- ±: half of the mean's 95 % confidence interval; p50: of a search for 100 bare hits.",
        "",
        *_means(report),
        "",
        *_pairs(report),
    ]
    if any(one.name in BASELINES for one in report.sets):
        lines += ["", *_baselines(report)]
    if kept is not None:
        lines += ["", *_compared(report, kept)]
    for name, said in report.gold.items():
        lines += ["", f"## {name}", "", "```text", said, "```"]
    return "\n".join(lines) + "\n"


def _means(report: Report) -> list[str]:
    head = ["set", "documents", "queries", *TITLES.values(), "unreadable", "build, s", "p50, ms"]
    rows = [
        [
            one.name,
            f"{one.documents:,}",
            f"{len(one.evaluation.per_query):,}",
            *(
                f"{one.evaluation.means[name]:.4f} ±{one.evaluation.margin(name):.3f}"
                for name in MEASURES
            ),
            str(len(one.evaluation.unreadable)),
            f"{one.build_s:.1f}",
            f"{one.p50_ms:.2f}",
        ]
        for one in report.sets
    ]
    means = [statistics.fmean(one.evaluation.means[m] for one in report.sets) for m in MEASURES]
    rows.append(["**mean of sets**", "", "", *(f"**{mean:.4f}**" for mean in means), "", "", ""])
    return _table(head, rows)


def _pairs(report: Report) -> list[str]:
    kinds = [*KINDS, *sorted({kind for one in report.sets for kind in one.pairs} - {*KINDS})]
    rows = [[one.name, *(one.pairs_found(kind) for kind in kinds)] for one in report.sets]
    return _table(["recall@100 over the pairs that meet only by", *kinds], rows)


def _baselines(report: Report) -> list[str]:
    """Return searchkit beside the baselines, by nDCG@10 / recall@100."""
    known = [one for one in report.sets if one.name in BASELINES]
    rows: list[list[str]] = []
    columns: list[tuple[float, ...]] = []
    for one in known:
        figures = [BASELINES[one.name][system] for system in SYSTEMS]
        ours = (one.evaluation.means["ndcg@10"], one.evaluation.means["recall@100"])
        best = max(figures[0][0], figures[1][0])
        cells = [f"{ndcg:.3f} / {recall:.3f}" for ndcg, recall in [*figures, ours]]
        rows.append([one.name, *cells, f"{ours[0] - best:+.3f}"])
        columns.append((*(ndcg for ndcg, _ in figures), ours[0], ours[0] - best))
    means = [statistics.fmean(column) for column in zip(*columns, strict=True)]
    rows.append(["**mean nDCG@10**", *(f"{mean:.3f}" for mean in means[:-1]), f"{means[-1]:+.3f}"])
    gain = "gain in nDCG@10 on the better of exact and Snowball"
    head = ["nDCG@10 / recall@100", *SYSTEMS, "searchkit", gain]
    return _table(head, rows)


def _compared(report: Report, kept: Kept) -> list[str]:
    """Return each set's measures beside those of the kept run."""
    rows: list[list[str]] = []
    for one in report.sets:
        # A kept run of other queries says nothing about these.
        if kept.get(one.name, {}).keys() != one.evaluation.per_query.keys():
            rows.append([one.name, *["not comparable"] + [""] * 5])
            continue
        before = Evaluation(per_query=kept[one.name], run={}, measured_by="a kept run")
        for name, seen in compare(one.evaluation, before).items():
            rows.append([f"{one.name} {TITLES[name]}", *_comparison(seen)])
    head = ["compared with the kept run", "then", "now", "difference", "p", "better", "worse"]
    return _table(head, rows)


def _comparison(seen: Comparison) -> list[str]:
    return [
        f"{seen.other:.4f}",
        f"{seen.mean:.4f}",
        f"{seen.difference:+z.4f}",
        f"{seen.p:.4f}",
        str(seen.better),
        str(seen.worse),
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]
