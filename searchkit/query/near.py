"""
Which clauses stand close to each other?

``a NEAR/5 b``: the same rule as Whoosh's ``SpanNear2``, on whole arrays. Clauses
are joined from the left: a stretch found so far and a stretch of the next
clause combine if they do not overlap and their distance is at most the slop;
the combined stretch covers both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searchkit.analysis.runs import stretches
from searchkit.index import LiveSegment
from searchkit.query.leaves import Spans, inside_one_field


def near_spans(
    live: LiveSegment,
    clauses: Sequence[Spans],
    *,
    slop: int,
    ordered: bool,
    overlapping: bool = False,
) -> Spans:
    """
    Combine the stretches of *clauses* that are at most *slop* places apart.

    Args:
        slop: greatest distance between the end of one and the start of the
            other; 1 is adjacent.
        ordered: the clauses must stand in the order given.
        overlapping: a clause may lie inside what those before it span.

    Cost: O((A + B) · m log) where m, usually 1, is the most stretches of one
    clause within reach of one of the other.
    """
    found = clauses[0]
    for clause in clauses[1:]:
        pairs = [_pairs(found, clause, slop, overlapping)]
        if not ordered:
            pairs.append(_pairs(clause, found, slop, overlapping))
        found = inside_one_field(live, _distinct(pairs))
    return found


def _distinct(spans: Sequence[Spans]) -> Spans:
    """Put stretches together, each once, ascending."""
    both = np.concatenate([s.starts.astype(np.uint64) << np.uint64(32) | s.ends for s in spans])
    both = np.unique(both)
    return Spans((both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32))


def _pairs(left: Spans, right: Spans, slop: int, overlapping: bool) -> Spans:
    """Join each stretch of *left* with those of *right* that begin after it, within reach."""
    if overlapping:
        first = np.searchsorted(right.starts, left.starts, side="left")
    else:
        first = np.searchsorted(right.starts, left.ends, side="right")
    last = np.searchsorted(right.starts, left.ends.astype(np.int64) + slop, side="right")
    counts = np.maximum(last - first, 0)
    of_left = np.repeat(np.arange(len(counts)), counts)
    of_right = stretches(first, first + counts)
    return Spans(left.starts[of_left], np.maximum(left.ends[of_left], right.ends[of_right]))
