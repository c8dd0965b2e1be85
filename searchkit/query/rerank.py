"""
Where do neighbouring words of the query stand close to each other?

Free text says nothing of order, yet ``hållbar produktion`` is mostly meant as it
is typed. The best documents are looked at once more: two words that are
neighbours in the query and stand within a few words of each other in the text
add to the score, the nearer and the oftener the more::

    gain = PAIR_WEIGHT (idf_a + idf_b) / 2 · c / (c + 1),   c = sum of 1 / distance

over all pairs of their places at most ``REACH`` words apart, in either order.

Invariants: gains are never negative, so the documents behind the first
``DEPTH`` stay behind them; how many hits are asked for changes no score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from whoosh import query

from searchkit.analysis.runs import stretches
from searchkit.index import LiveSegment
from searchkit.query.arrays import Ids
from searchkit.query.evaluate import Evaluation, text_of
from searchkit.query.rank import Ranked
from searchkit.query.syntax import FreeText, Hint
from searchkit.query.window import Window, places_within

#: Documents that are looked at; from 20 to 50 the mean nDCG@10 differs by 0.001.
DEPTH = 30
#: Words apart, at most; from 3 to 20 it differs by 0.003.
REACH = 8
#: It lifts the mean nDCG@10 of benchmarks/bench_ranking.py by 0.004.
PAIR_WEIGHT = 0.4

_Pair = tuple[query.Term, query.Term]


def neighbours(tree: query.Query) -> list[_Pair]:
    """Return the words of the free text in *tree* that were typed next to each other."""
    pairs: list[_Pair] = []
    for node in _free_texts(tree):
        words = [clause for clause in node.subqueries if not isinstance(clause, Hint)]
        pairs += [pair for pair in pairwise(words) if all(map(_is_word, pair))]
    return pairs


def rerank(pairs: Sequence[_Pair], evaluation: Evaluation, ranked: Ranked) -> Ranked:
    """
    Lift those of the best documents in which the words of *pairs* stand close.

    Args:
        ranked: more than ``DEPTH`` documents, where there are as many.
    """
    first = ranked.docs[: _depth(ranked.scores)]
    gains = np.zeros(len(first), np.float32)
    for live in evaluation.snapshot.segments:
        beyond = live.base + live.segment.document_count
        own = np.flatnonzero((first >= live.base) & (first < beyond))
        if len(own):
            docs = first[own].astype(np.int64) - live.base
            order = docs.argsort()
            gains[own[order]] = _gains(pairs, evaluation, live, docs[order])
    scores = ranked.scores.copy()
    scores[: len(first)] += gains
    order = np.arange(len(scores))
    order[: len(first)] = np.lexsort((first, -scores[: len(first)]))
    return Ranked(ranked.docs[order], scores[order])


def _depth(scores: NDArray[np.float32]) -> int:
    """Return how many documents are looked at: of those that share a score all or none."""
    if len(scores) > DEPTH and scores[DEPTH] == scores[DEPTH - 1]:
        # Which of them come first depends on the order in which they were indexed.
        return int((scores > scores[DEPTH]).sum())
    return min(DEPTH, len(scores))


def _gains(
    pairs: Sequence[_Pair], evaluation: Evaluation, live: LiveSegment, docs: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the gain of each of some documents of one segment, which ascend."""
    segment = live.segment
    # Title and body are stretches of their own.
    titles, bodies, ends = (
        segment.doc_starts[docs], segment.body_starts[docs], segment.doc_starts[docs + 1]
    )  # fmt: skip
    window = Window.of(np.stack([titles, bodies], 1).ravel(), np.stack([bodies, ends], 1).ravel())
    places: dict[str, Ids] = {}
    for word in (word for pair in pairs for word in pair):
        text = text_of(word)
        if text not in places:
            term = segment.term_id(text)
            none = window.begins[:0]
            places[text] = none if term is None else places_within(segment.places, term, window)
    gains = np.zeros(len(docs), np.float32)
    for a, b in pairs:
        closeness = _closeness(places[text_of(a)], places[text_of(b)], window)
        weight = PAIR_WEIGHT * (evaluation.leaf(a)[1] + evaluation.leaf(b)[1]) / 2
        gains += np.float32(weight) * closeness / (closeness + np.float32(1.0))
    return gains


def _closeness(left: Ids, right: Ids, window: Window) -> NDArray[np.float32]:
    """Return the sum of 1 / distance over all close pairs of places in each pair of stretches."""
    left, right = left.astype(np.int64), right.astype(np.int64)
    low = right.searchsorted(left - REACH)
    high = right.searchsorted(left + REACH, side="right")
    at = np.repeat(np.arange(len(left)), high - low)
    partner = right[stretches(low, high)]
    owner = window.begins.searchsorted(left[at], side="right") - 1
    distance = np.abs(partner - left[at])
    # A place of one stretch may be close to one of the next.
    inside = (distance > 0) & (partner >= window.begins[owner]) & (partner < window.limits[owner])
    documents = len(window.begins) // 2
    sums = np.bincount(owner[inside] // 2, 1.0 / distance[inside], minlength=documents)
    closeness: NDArray[np.float32] = sums.astype(np.float32)
    return closeness


def _free_texts(tree: query.Query) -> Iterator[FreeText]:
    if isinstance(tree, FreeText):
        yield tree
    elif isinstance(tree, query.And):
        for clause in tree.subqueries:
            yield from _free_texts(clause)
    elif isinstance(tree, query.AndNot):
        yield from _free_texts(tree.a)
    elif isinstance(tree, query.AndMaybe):
        yield from _free_texts(tree.b)


def _is_word(clause: query.Query) -> bool:
    return isinstance(clause, query.Term) and clause.fieldname == "content"
