"""
How long does an answer take?

All engines are open in one process, and take turns: for each class of query
and each round, every engine answers all the queries bare, then with passages.
So whatever the machine does, it does to all alike. Each query's time is the
least of its rounds, because noise only ever adds. The hits are checked inside
the loop: an engine that answers nothing, quickly, fails.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.engines.contract import KINDS, Query, Session

BARE = "bare"
PASSAGES = "passages"
MODES = (BARE, PASSAGES)
# A hit may match in its title alone, and then has nothing to mark in its text.
LEAST_MARKED_SHARE = 0.5


class WrongAnswerError(Exception):
    """An engine found nothing, or marked nothing, where the corpus has an answer."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One engine's times of one class of query, in one mode."""

    engine: str
    kind: str
    mode: str
    p50_us: float
    p90_us: float
    p50_of_medians_us: float
    """As p50_us, but with each query's median over the rounds instead of its least time."""
    mean_hits: float
    marked_share: float | None
    """Hits with a highlighted passage / hits; None for bare answers."""
    least_us: list[float] = field(repr=False)
    """Each query's least time, in the order of the queries."""


@dataclass(slots=True)
class _Lane:
    """One engine in one mode with one class of queries, filling up round by round."""

    engine: str
    kind: str
    mode: str
    answer: Callable[[str], tuple[int, int]]
    texts: Sequence[str]
    rounds: list[list[int]] = field(default_factory=list)
    hits: int = 0
    marked: int = 0


def time_queries(
    sessions: Mapping[str, Session],
    queries: Mapping[str, Sequence[Query]],
    *,
    rounds: int,
    without_passages: frozenset[str] = frozenset(),
) -> tuple[list[Timing], dict[str, str]]:
    """
    Time every engine on every class of query in both modes.

    An engine that raises, or misses an answer that the corpus holds, drops out;
    the others go on.

    Args:
        sessions: open indexes by engine name, all of the same corpus.
        queries: by kind; see :func:`benchmarks.queries.sample_queries`.
        rounds: timed rounds after the one that warms up, >= 1.
        without_passages: engines that only answer bare.

    Returns:
        The timings, and by name of each engine that dropped out, why.
    """
    timings: list[Timing] = []
    failed: dict[str, str] = {}
    for kind in KINDS:
        lanes = [
            lane
            for name, session in sessions.items()
            if name not in failed
            for lane in _lanes(name, session, queries[kind], name not in without_passages)
        ]
        failed |= _warm_up(lanes)
        lanes = [lane for lane in lanes if lane.engine not in failed]
        # The engines' permanent objects must not slow each other's collections.
        gc.collect()
        gc.freeze()
        for _ in range(rounds):
            for lane in lanes:
                lane.rounds.append(_run_round(lane))
        gc.unfreeze()
        timings += [_summarise(lane) for lane in lanes]
    return [timing for timing in timings if timing.engine not in failed], failed


def _warm_up(lanes: Sequence[_Lane]) -> dict[str, str]:
    """Run one round that is not timed; return why, for each engine that gives no right answers."""
    failed: dict[str, str] = {}
    for lane in lanes:
        try:
            _run_round(lane)
        except Exception as error:  # Foreign engines raise what they like.
            failed[lane.engine] = f"{type(error).__name__}: {error}"
    return failed


def _lanes(name: str, session: Session, queries: Sequence[Query], passages: bool) -> list[_Lane]:
    written = [session.write(query) for query in queries]
    texts = [text for text in written if text is not None]
    if not texts:
        return []
    kind = queries[0].kind

    def bare(text: str) -> tuple[int, int]:
        return session.search(text), 0

    lanes = [_Lane(name, kind, BARE, bare, texts)]
    if passages:
        lanes.append(_Lane(name, kind, PASSAGES, session.search_with_passages, texts))
    return lanes


def _run_round(lane: _Lane) -> list[int]:
    """Answer every query once; return the nanoseconds of each and check what came back."""
    answer = lane.answer
    nanoseconds: list[int] = []
    lane.hits = lane.marked = 0
    for text in lane.texts:
        began = time.perf_counter_ns()
        hits, marked = answer(text)
        nanoseconds.append(time.perf_counter_ns() - began)
        if hits < 1:
            raise WrongAnswerError(
                f"{lane.engine} finds nothing for {text!r} ({lane.kind}), "
                "which was taken from a document of its own corpus"
            )
        lane.hits += hits
        lane.marked += marked
    if lane.mode == PASSAGES and lane.marked < LEAST_MARKED_SHARE * lane.hits:
        raise WrongAnswerError(
            f"{lane.engine} marks something in only {lane.marked} of {lane.hits} hits ({lane.kind})"
        )
    return nanoseconds


def _summarise(lane: _Lane) -> Timing:
    microseconds = np.array(lane.rounds) / 1000
    least = microseconds.min(axis=0)
    return Timing(
        engine=lane.engine,
        kind=lane.kind,
        mode=lane.mode,
        p50_us=float(np.percentile(least, 50)),
        p90_us=float(np.percentile(least, 90)),
        p50_of_medians_us=float(np.percentile(np.median(microseconds, axis=0), 50)),
        mean_hits=lane.hits / len(lane.texts),
        marked_share=lane.marked / lane.hits if lane.mode == PASSAGES else None,
        least_us=[round(value, 1) for value in least.tolist()],
    )
