"""
How do the engines compare on one corpus?

First each builds, one at a time; then all that are built answer the same
queries, taking turns.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.building import Build, BuildError, build_in_subprocess
from benchmarks.corpora import Corpus
from benchmarks.engines.contract import Engine, Query, Session
from benchmarks.queries import sample_queries
from benchmarks.report import CorpusRun
from benchmarks.timing import Timing, time_queries


@dataclass(slots=True)
class Plan:
    """What to run, and what failed on the way."""

    engines: dict[str, Engine]
    queries: int
    """Of each class."""
    rounds: int
    runs: int
    """Builds of each engine."""
    seed: int
    directory: Path
    """Where indexes are built; its owner removes it."""
    failed: dict[str, str] = field(default_factory=dict)
    """The error, by corpus and engine."""


def compare(plan: Plan, corpus: Corpus, names: Sequence[str]) -> CorpusRun:
    """Measure the engines called *names* on *corpus*; failures go to ``plan.failed``."""
    _tell(f"{corpus.name}: drawing queries")
    queries = sample_queries(corpus, count=plan.queries, seed=plan.seed)
    homes = {name: plan.directory / corpus.name / name for name in names}
    builds = _build(plan, corpus, homes)
    built = {build.engine for build in builds}
    homes = {name: home for name, home in homes.items() if name in built}
    return CorpusRun(
        corpus=corpus.name,
        sha256=corpus.sha256,
        documents=corpus.document_count,
        text_bytes=corpus.text_bytes,
        builds=builds,
        timings=_answer(plan, corpus, homes, queries),
    )


def _build(plan: Plan, corpus: Corpus, homes: Mapping[str, Path]) -> list[Build]:
    """Build every index as often as planned; return the builds of those that never failed."""
    builds: list[Build] = []
    failed: set[str] = set()
    for number in range(plan.runs):
        for name, home in homes.items():
            if name in failed:
                continue
            _tell(f"{corpus.name}: {name} builds, {number + 1} of {plan.runs}")
            try:
                builds.append(build_in_subprocess(name, corpus.path, home))
            except BuildError as error:
                failed.add(name)
                _fail(plan, corpus, name, str(error))
    return [build for build in builds if build.engine not in failed]


def _answer(
    plan: Plan, corpus: Corpus, homes: Mapping[str, Path], queries: Mapping[str, Sequence[Query]]
) -> list[Timing]:
    """Open every index and time the queries."""
    sessions: dict[str, Session] = {}
    with ExitStack() as stack:
        for name, home in homes.items():
            try:
                sessions[name] = plan.engines[name].open(home)
            except Exception as error:  # Foreign engines raise what they like.
                _fail(plan, corpus, name, f"{type(error).__name__}: {error}")
            else:
                stack.enter_context(closing(sessions[name]))
        _tell(f"{corpus.name}: {', '.join(sessions)} answer")
        bare_only = frozenset(name for name in sessions if not plan.engines[name].passages)
        timings, failed = time_queries(
            sessions, queries, rounds=plan.rounds, without_passages=bare_only
        )
    for name, reason in failed.items():
        _fail(plan, corpus, name, reason)
    return timings


def _fail(plan: Plan, corpus: Corpus, name: str, reason: str) -> None:
    plan.failed[f"{corpus.name}/{name}"] = reason
    _tell(f"{corpus.name}: {name} FAILED: {reason}")


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
