"""
How are ascending arrays met, joined and ranked without a loop?

The set operations of the query room. Every array of documents or places is
strictly ascending. Each function picks the cheapest of a few whole-array
strategies; the measured break-even points stand beside them.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Ascending numbers of documents (int64, to index with) or places (uint32, to be small).
Ids = NDArray[np.integer[Any]]

# A binary search costs about 30 ns, a scatter or a gather about 1.5 ns an element.
_SEARCH_COST = 20
_BLOCK = 64
_SMALL = 2048

_scratch = threading.local()


def _slots(size: int) -> NDArray[np.int64]:
    """Return a scratch array of at least *size* numbers, whatever they are."""
    slots: NDArray[np.int64] | None = getattr(_scratch, "slots", None)
    if slots is None or len(slots) < size:
        slots = _scratch.slots = np.zeros(size, np.int64)
    return slots


def accumulator(size: int) -> NDArray[np.float32]:
    """Return *size* zeros that stay this thread's until it asks again."""
    held: NDArray[np.float32] | None = getattr(_scratch, "scores", None)
    if held is None or len(held) < size:
        held = _scratch.scores = np.zeros(size, np.float32)
    scores = held[:size]
    scores.fill(0.0)
    return scores


def meet(a: Ids, b: Ids, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Find what two ascending arrays have in common.

    Args:
        a, b: numbers below *size*.

    Returns:
        (M,) index in *a* and (M,) index in *b* of each common number, in order.

    Cost: about 3 ns an element, or 30 ns an element of the shorter array if
    that is twenty times shorter.
    """
    if len(a) > len(b):
        in_b, in_a = meet(b, a, size)
        return in_a, in_b
    if not len(a):
        none = np.zeros(0, np.int64)
        return none, none
    if len(a) * _SEARCH_COST < len(b):
        at = np.searchsorted(b, a)
        at[at == len(b)] = 0
    else:
        slots = _slots(size)
        slots[b] = np.arange(len(b))
        at = np.minimum(slots[a], len(b) - 1)
    hit = np.flatnonzero(b[at] == a)
    return hit, at[hit]


def common(a: Ids, b: Ids) -> Ids:
    """
    Return the numbers that two ascending arrays of places share.

    Places run to hundreds of millions, so nothing here is as long as the line:
    the arrays are merged by sorting, or the shorter is looked up in the longer.
    """
    if len(a) > len(b):
        a, b = b, a
    if not len(a):
        return a
    if len(a) * 8 < len(b):
        at = np.searchsorted(b, a)
        at[at == len(b)] = 0
        found: Ids = a[b[at] == a]
        return found
    both: Ids = np.concatenate([a, b])
    both.sort()
    found = both[1:][both[1:] == both[:-1]]
    return found


def without(a: Ids, b: Ids, size: int) -> NDArray[np.int64]:
    """Return the (M,) indices of *a* whose numbers are not in *b*."""
    keep = np.ones(len(a), bool)
    keep[meet(a, b, size)[0]] = False
    return np.flatnonzero(keep)


def floor_of(scores: NDArray[np.float32], k: int) -> np.float32 | None:
    """
    Return a number that the *k*-th highest score is not below; None for k = 0 or a short array.

    The k-th highest of the maxima of groups will do: each of those k groups
    holds a score that high. Cost: one pass at memory speed.
    """
    if k <= 0 or len(scores) <= max(_SMALL, 4 * k * _BLOCK):
        return None
    whole = len(scores) // _BLOCK * _BLOCK
    # Any division into groups will do; with this one whole rows are compared at a time.
    maxima = scores[:whole].reshape(_BLOCK, -1).max(axis=0)
    floor: np.float32 = np.partition(maxima, len(maxima) - k)[len(maxima) - k]
    return floor


def top_k(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """
    Return the indices of the *k* highest scores, score descending, then index ascending.

    The order is total: equal scores keep their order, so results never flicker.

    Cost: O(n); for long arrays two passes at memory speed.
    """
    if k <= 0 or not len(scores):
        return np.zeros(0, np.int64)
    candidates = None
    floor = floor_of(scores, k)
    if floor is not None:
        candidates = np.flatnonzero(scores >= floor)
        scores = scores[candidates]
    if len(scores) > 2 * k:
        floor = np.partition(scores, len(scores) - k)[len(scores) - k]
        chosen = np.flatnonzero(scores >= floor)
        candidates = chosen if candidates is None else candidates[chosen]
        scores = scores[chosen]
    order = np.argsort(-scores, kind="stable")[:k]
    return order if candidates is None else candidates[order]
