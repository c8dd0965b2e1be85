"""
Which documents come first?

The order is total: score descending, then document ascending in the order of
the index, so the same query on the same generation always gives the same list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh import query

from searchkit.query.arrays import Ids, accumulator, top_k
from searchkit.query.evaluate import Evaluation, SegmentEvaluation, evaluate, is_leaf
from searchkit.query.leaves import Postings

# Below this share of a segment's documents, summing in a full-length array costs more than
# sorting the few documents there are.
_DENSE_SHARE = 64


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best documents of a snapshot: (k,) snapshot-wide ids and scores, best first."""

    docs: NDArray[np.int64]
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

    Every posting of a leaf scores above 0, so what was not matched is known by
    its 0.
    """
    leaves = [segment.leaf(clause) for clause in tree.subqueries]
    present = [(postings, factor) for postings, factor in leaves if postings is not None]
    if sum(len(p.docs) for p, _ in present) * _DENSE_SHARE < segment.size:
        docs, scores = _sparse_sum(present, segment)
    else:
        docs = None
        scores = accumulator(segment.size)
        for n, (postings, factor) in enumerate(present):
            gained = postings.scores(segment.live.norms, factor)
            if n:
                gained += scores[postings.docs]
            scores[postings.docs] = gained
    best = top_k(scores, k)
    scores = scores[best] * np.float32(tree.boost)
    kept = scores > 0
    found = best if docs is None else docs[best]
    return found[kept], scores[kept]


def _sparse_sum(
    present: list[tuple[Postings, float]], segment: SegmentEvaluation
) -> tuple[Ids, NDArray[np.float32]]:
    if not present:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    docs = np.concatenate([postings.docs for postings, _ in present])
    scores = np.concatenate([p.scores(segment.live.norms, factor) for p, factor in present])
    distinct, inverse = np.unique(docs, return_inverse=True)
    return distinct, np.bincount(inverse, scores, len(distinct)).astype(np.float32)
