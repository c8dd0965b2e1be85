"""
What did we learn?

The tables of one run: absolute figures, then searchkit's ratio to each peer on
the same corpus. Ratios travel between machines; absolute times do not.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.building import Build
from benchmarks.engines.contract import KINDS
from benchmarks.machine import Machine
from benchmarks.timing import BARE, MODES, PASSAGES, Timing

OURS = "searchkit"
MODE_TITLES = {BARE: "top-10", PASSAGES: "top-10 with one highlighted passage a hit"}


@dataclass(frozen=True, slots=True)
class CorpusRun:
    """Everything measured on one corpus."""

    corpus: str
    sha256: str
    documents: int
    text_bytes: int
    builds: list[Build]
    timings: list[Timing]

    @property
    def engines(self) -> list[str]:
        """The engines measured, in the order of the run."""
        return list(dict.fromkeys(build.engine for build in self.builds))

    def throughput(self, engine: str) -> float:
        """Return MB (1e6 bytes) of text indexed a second, in the engine's fastest build."""
        return self.text_bytes / 1e6 / self._fastest(engine).seconds

    def cpu_seconds(self, engine: str) -> float:
        """Return the processor time of the engine's fastest build."""
        return self._fastest(engine).cpu_seconds

    def relative_size(self, engine: str) -> float:
        """Return bytes of index a byte of text."""
        return self._fastest(engine).index_bytes / self.text_bytes

    def peak_mb(self, engine: str) -> float | None:
        """Return the peak memory of building, in MB, the largest of the engine's builds."""
        peaks = [b.peak_bytes for b in self.builds if b.engine == engine]
        known = [peak for peak in peaks if peak is not None]
        return max(known) / 1e6 if known else None

    def timing(self, engine: str, kind: str, mode: str) -> Timing | None:
        """Return one engine's times, None if it has no such query or mode."""
        wanted = (engine, kind, mode)
        return next((t for t in self.timings if (t.engine, t.kind, t.mode) == wanted), None)

    def _fastest(self, engine: str) -> Build:
        builds = (build for build in self.builds if build.engine == engine)
        return min(builds, key=lambda build: build.seconds)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the benchmark, as it is kept in ``engines.json``."""

    date: str
    machine: Machine
    load_before: float | None
    load_after: float | None
    seed: int
    queries_per_kind: int
    rounds: int
    builds_per_engine: int
    versions: dict[str, str]
    settings: dict[str, str]
    skipped: dict[str, str]
    """Why, by engine."""
    failed: dict[str, str]
    """The error, by corpus and engine."""
    corpora: list[CorpusRun]


def render(run: Run) -> str:
    """Return the run as a Markdown page."""
    lines = [f"# Engines side by side, {run.date}, {run.machine.label}", "", *_facts(run)]
    for corpus in run.corpora:
        lines += ["", f"## {corpus.corpus}", "", _corpus_line(corpus), "", *_absolute(corpus)]
        lines += ["", *_ratios(corpus)]
    return "\n".join(lines) + "\n"


def _facts(run: Run) -> list[str]:
    machine = run.machine
    lines = [
        f"- Machine: {machine.cpu}, {machine.cores} cores, {machine.system}; load "
        f"{_number(run.load_before)} before, {_number(run.load_after)} after.",
        f"- {machine.python}, NumPy {machine.numpy}, commit {machine.commit or 'none'}.",
        f"- {run.queries_per_kind} queries of each class, seed {run.seed}; least of {run.rounds} "
        "rounds after a warm-up; parsing is timed too; "
        f"builds: fastest of {run.builds_per_engine}.",
        "- Peak memory: proportional set size of the building process tree.",
    ]
    lines += [f"- {name} {run.versions[name]}: {text}." for name, text in run.settings.items()]
    lines += [f"- {name} skipped: {reason}" for name, reason in run.skipped.items()]
    lines += [f"- {name} FAILED: {reason}" for name, reason in run.failed.items()]
    return lines


def _corpus_line(run: CorpusRun) -> str:
    return (
        f"{run.documents:,} documents, {run.text_bytes / 1e6:.1f} MB of text, "
        f"sha256 {run.sha256[:16]}…"
    )


def _absolute(run: CorpusRun) -> list[str]:
    """Return the tables of absolute figures: building, then each mode of answering."""
    lines = _table(
        ["building", "MB of text/s", "CPU, s", "index / text", "peak memory, MB"],
        (
            [
                engine,
                _number(run.throughput(engine)),
                _number(run.cpu_seconds(engine)),
                f"{run.relative_size(engine):.2f}",
                _number(run.peak_mb(engine)),
            ]
            for engine in run.engines
        ),
    )
    for mode in MODES:
        rows = (
            [engine, *(_p50_p90(run.timing(engine, kind, mode)) for kind in KINDS)]
            for engine in run.engines
            if any(run.timing(engine, kind, mode) for kind in KINDS)
        )
        lines += ["", *_table([f"{MODE_TITLES[mode]}: p50 (p90), µs", *KINDS], rows)]
    return lines


def _ratios(run: CorpusRun) -> list[str]:
    """Return the table of searchkit's ratios to each peer; a sentence if there are none."""
    peers = [engine for engine in run.engines if engine != OURS]
    if OURS not in run.engines or not peers:
        return [f"No ratios: {OURS} and a peer must both be measured."]
    rows: list[list[str]] = []
    for peer in peers:
        for mode in MODES:
            ratios = [_p50_ratio(run, kind, mode, peer) for kind in KINDS]
            known = [ratio for ratio in ratios if ratio is not None]
            if known:
                mean = _number(statistics.geometric_mean(known))
                note = "" if len(known) == len(KINDS) else f" of {len(known)}"
                label = f"{peer}: {MODE_TITLES[mode]}"
                rows.append([label, *map(_number, ratios), mean + note])
    times = _table(
        [f"p50 of {OURS} / p50 of peer (below 1: we are faster)", *KINDS, "geometric mean"], rows
    )
    builds = _table(
        [f"{OURS} / peer, building", "throughput (above 1: we are faster)", "size", "peak memory"],
        ([peer, *_build_ratios(run, peer)] for peer in peers),
    )
    return [*times, "", *builds]


def _p50_ratio(run: CorpusRun, kind: str, mode: str, peer: str) -> float | None:
    ours, theirs = run.timing(OURS, kind, mode), run.timing(peer, kind, mode)
    return ours.p50_us / theirs.p50_us if ours and theirs else None


def _build_ratios(run: CorpusRun, peer: str) -> list[str]:
    ours, theirs = run.peak_mb(OURS), run.peak_mb(peer)
    return [
        _number(run.throughput(OURS) / run.throughput(peer)),
        _number(run.relative_size(OURS) / run.relative_size(peer)),
        _number(ours / theirs if ours and theirs else None),
    ]


def _p50_p90(timing: Timing | None) -> str:
    return f"{_number(timing.p50_us)} ({_number(timing.p90_us)})" if timing else "–"


def _number(value: float | None) -> str:
    """Write a figure with about three digits that mean something, "–" for none."""
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]
