"""
How good are ranked answers?

Each query's answers are judged by nDCG@10 (are the good ones on top?),
recall@100 (are they found at all?) and MRR@10 (how far down is the first?).

Invariants: a query counts once; documents are ranked by their order in the
run, never by their scores, so ties cannot flicker; a judged query without any
answer counts 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, stdev
from typing import Protocol

from searchkit.errors import QuerySyntaxError, UsageError

MEASURES = ("ndcg@10", "recall@100", "mrr@10")
DEPTH = 100
"""Answers that are asked for, as many as the deepest measure looks at."""

Qrels = Mapping[str, Mapping[str, int]]
"""Relevance by query id and document id; above 0 is relevant."""
Run = Mapping[str, Sequence[tuple[str, float]]]
"""Ranked answers by query id: (document id, score), best first."""


class _Found(Protocol):
    @property
    def id(self) -> str: ...

    score: float


class Searcher(Protocol):
    """What can be evaluated: an open index, or anything that is asked like one."""

    def search(self, query: str, /, *, limit: int, passages: int) -> Iterable[_Found]:
        """Return the answers, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good the answers to some judged queries are."""

    per_query: Mapping[str, Mapping[str, float]]
    """By query id, then by the names in `MEASURES`; each in [0, 1]."""
    run: Run
    """The answers that were measured."""
    measured_by: str
    """The package that did the sums, with its version."""
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """Queries that could not be parsed, with the reason; they count 0."""
    left_out: tuple[str, ...] = ()
    """Queries without a relevant document; they do not count."""

    def values(self, measure: str) -> list[float]:
        """Return one measure of every query, in the order of the queries."""
        return [values[measure] for values in self.per_query.values()]

    @property
    def means(self) -> dict[str, float]:
        """The mean of each measure over the queries."""
        return {measure: fmean(self.values(measure)) for measure in MEASURES}

    def margin(self, measure: str) -> float:
        """
        Return how far off the mean may be: half of its 95 % confidence interval.

        By the normal approximation; infinite for a single query.
        """
        values = self.values(measure)
        return 1.96 * stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf


def evaluate(index: Searcher, queries: Mapping[str, str], qrels: Qrels) -> Evaluation:
    """
    Put *queries* to *index* and measure its answers.

    Args:
        index: an open index, or anything with its `search()`.
        queries: text by query id.
        qrels: judged documents by query id; those of other queries are ignored.

    Raises:
        UsageError: no query has a relevant document.
    """
    run: dict[str, list[tuple[str, float]]] = {}
    unreadable: dict[str, str] = {}
    for qid in judged(queries, qrels):
        try:
            found = index.search(queries[qid], limit=DEPTH, passages=0)
            run[qid] = [(hit.id, hit.score) for hit in found]
        except QuerySyntaxError as error:
            run[qid] = []
            unreadable[qid] = error.reason
    return judge(run, qrels, queries, unreadable=unreadable)


def judge(
    run: Run,
    qrels: Qrels,
    queries: Iterable[str] | None = None,
    *,
    unreadable: Mapping[str, str] | None = None,
) -> Evaluation:
    """
    Measure answers that are already there.

    Args:
        queries: ids of the queries that count; default all of *qrels*.
        unreadable: passed on to the result.

    Raises:
        UsageError: no query has a relevant document.
    """
    asked = tuple(qrels if queries is None else queries)
    counting = judged(asked, qrels)
    if not counting:
        raise UsageError(
            "none of the queries has a relevant document; do the files belong together?"
        )
    documents = {qid: [key for key, _ in run.get(qid, ())] for qid in counting}
    # Below 0 means no more than 0 to these measures, and trec_eval is not made for it.
    relevance = {qid: {key: max(0, rel) for key, rel in qrels[qid].items()} for qid in counting}
    per_query, measured_by = _measured(documents, relevance)
    return Evaluation(
        per_query=per_query,
        run={qid: run.get(qid, ()) for qid in counting},
        measured_by=measured_by,
        unreadable=unreadable or {},
        left_out=tuple(qid for qid in asked if qid not in relevance),
    )


def judged(queries: Iterable[str], qrels: Qrels) -> list[str]:
    """Return the queries that have a relevant document, in order."""
    return [qid for qid in queries if any(rel > 0 for rel in qrels.get(qid, {}).values())]


def _measured(
    documents: Mapping[str, Sequence[str]], relevance: Qrels
) -> tuple[dict[str, dict[str, float]], str]:
    """
    Measure ranked documents by query id; also say who did the sums.

    That is ir-measures where it is installed. It needs compiled packages that
    not every platform has, so the same three sums are done here without it.
    """
    try:
        import ir_measures
        from ir_measures import RR, R, nDCG
    except ImportError:
        values = {qid: _measured_here(documents[qid], relevance[qid]) for qid in relevance}
        return values, "searchkit"
    names = dict(zip((nDCG @ 10, R @ 100, RR @ 10), MEASURES, strict=True))
    # Scores that fall by one a rank: of equal scores trec_eval would make an order of its own.
    scores = {
        qid: {key: float(-rank) for rank, key in enumerate(keys)} for qid, keys in documents.items()
    }
    values = {qid: dict.fromkeys(MEASURES, 0.0) for qid in relevance}
    for metric in ir_measures.iter_calc(list(names), relevance, scores):
        values[metric.query_id][names[metric.measure]] = float(metric.value)
    return values, f"ir-measures {ir_measures.__version__}"


def _measured_here(documents: Sequence[str], relevance: Mapping[str, int]) -> dict[str, float]:
    gains = [relevance.get(key, 0) for key in documents[:DEPTH]]
    ideal = sorted(filter(None, relevance.values()), reverse=True)
    first = next((rank for rank, gain in enumerate(gains[:10], 1) if gain), math.inf)
    return {
        "ndcg@10": _dcg(gains) / _dcg(ideal),
        "recall@100": sum(gain > 0 for gain in gains) / len(ideal),
        "mrr@10": 1 / first,
    }


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:10], 1))
