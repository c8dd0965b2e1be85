"""
Which documents come first?

The order is total: score descending, then document ascending in the order of
the index, so the same query on the same generation always gives the same list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh import query

from searchkit.query.arrays import Ids, accumulator, floor_of, top_k
from searchkit.query.evaluate import (
    Evaluation,
    SegmentEvaluation,
    evaluate,
    is_leaf,
    scoring_order,
)
from searchkit.query.leaves import Postings

_Leaf = tuple[Postings, float, float]
"""A posting list, what its scores are multiplied by, and the highest score in it."""
_Sums = tuple[Ids | None, NDArray[np.float32]]
"""Documents, or None for all of the segment in order, and their scores."""

# Finding a floor costs about 30 microseconds, an addition 5 ns a posting; a look-up 40 ns.
_WORTH_A_FLOOR = 8192
_WORTH_LOOKING_UP = 8
# Below this share of a segment's documents, summing in a full-length array costs more than
# sorting the few documents there are.
_DENSE_SHARE = 64


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best documents of a snapshot: (k,) snapshot-wide ids and scores, best first."""

    docs: Ids
    scores: NDArray[np.float32]


def rank(tree: query.Query, evaluation: Evaluation, k: int) -> Ranked:
    """Return the *k* best documents for *tree*."""
    best = []
    for number, live in enumerate(evaluation.snapshot.segments):
        docs, scores = _best_of_segment(tree, evaluation.in_segment(number), k)
        best.append(Ranked(docs.astype(np.int64) + live.base, scores))
    if len(best) == 1:
        return best[0]
    docs = np.concatenate([b.docs for b in best] or [np.zeros(0, np.int64)])
    scores = np.concatenate([b.scores for b in best] or [np.zeros(0, np.float32)])
    # Segments follow each other, so equal scores are already in order of document.
    order = np.lexsort((docs, -scores))[:k]
    return Ranked(docs[order], scores[order])


def count(tree: query.Query, evaluation: Evaluation) -> int:
    """Return how many documents match *tree*."""
    segments = range(len(evaluation.snapshot.segments))
    return sum(len(evaluate(tree, evaluation.in_segment(n)).docs) for n in segments)


def _best_of_segment(
    tree: query.Query, segment: SegmentEvaluation, k: int
) -> tuple[Ids, NDArray[np.float32]]:
    if isinstance(tree, query.Or) and all(map(is_leaf, tree.subqueries)):
        return _best_of_union(tree, segment, k)
    matches = evaluate(tree, segment)
    best = top_k(matches.scores, k)
    return matches.docs[best], matches.scores[best]


def _best_of_union(
    tree: query.Or, segment: SegmentEvaluation, k: int
) -> tuple[Ids, NDArray[np.float32]]:
    """
    Rank a union of leaves without listing all that it matches.

    Leaves are added up in the order of :func:`scoring_order`, the most telling
    first. As soon as all leaves that are left could together not lift a new
    document to the k-th place, only the documents that can still get there are
    looked up in them (the idea of MaxScore, Turtle and Flood 1995, on whole
    lists).

    Every posting of a leaf scores above 0, so what was not matched is known by
    its 0.
    """
    leaves = []
    for clause in scoring_order(tree.subqueries, segment.whole):
        postings, factor = segment.leaf(clause)
        if postings is not None and len(postings.docs):
            leaves.append((postings, factor, factor * segment.bound(clause)))
    if sum(len(postings.docs) for postings, _, _ in leaves) * _DENSE_SHARE < segment.size:
        docs, scores = _sparse_sum(leaves, segment)
    else:
        docs, scores = _dense_sum(leaves, segment, k)
    best = top_k(scores, k)
    scores = scores[best] * np.float32(tree.boost)
    kept = scores > 0
    found = best if docs is None else docs[best]
    return found[kept], scores[kept]


def _sparse_sum(leaves: Sequence[_Leaf], segment: SegmentEvaluation) -> _Sums:
    if not leaves:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    docs = np.concatenate([postings.docs for postings, _, _ in leaves])
    gains = np.concatenate([postings.scores(factor) for postings, factor, _ in leaves])
    distinct, inverse = np.unique(docs, return_inverse=True)
    scores = np.zeros(len(distinct), np.float32)
    # One by one in the order given, as in a dense sum.
    np.add.at(scores, inverse, gains)
    return distinct, scores


def _dense_sum(leaves: Sequence[_Leaf], segment: SegmentEvaluation, k: int) -> _Sums:
    """Return the scores of all documents, or of all that can be among the first k."""
    scores = accumulator(segment.size)
    for n, (postings, factor, _) in enumerate(leaves):
        rest = leaves[n:]
        if n and sum(len(p.docs) for p, _, _ in rest) > _WORTH_A_FLOOR:
            floor, reach = floor_of(scores, k), sum(bound for _, _, bound in rest)
            if floor is not None and reach < floor:
                # Rounding may lift a sum a little over its bound.
                docs = np.flatnonzero(scores >= (floor - reach) * np.float32(0.9999))
                if len(docs) * _WORTH_LOOKING_UP < sum(len(p.docs) for p, _, _ in rest):
                    return docs, _looked_up(docs, scores[docs], rest)
        gained = postings.scores(factor)
        if n:
            gained += scores[postings.docs]
        scores[postings.docs] = gained
    return None, scores


def _looked_up(
    docs: Ids, scores: NDArray[np.float32], leaves: Sequence[_Leaf]
) -> NDArray[np.float32]:
    """Add what some documents score in further leaves."""
    for postings, factor, _ in leaves:
        at = postings.docs.searchsorted(docs)
        at[at == len(postings.docs)] = 0
        hit = np.flatnonzero(postings.docs[at] == docs)
        scores[hit] += postings.scores(factor, at[hit])
    return scores
