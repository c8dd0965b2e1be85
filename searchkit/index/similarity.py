"""
Which of many sets are similar to each other?

A join by prefix: with each set ordered from the element that fewest sets hold, two sets
whose Jaccard similarity reaches a threshold share one of their first few elements. What
very many hold stands last in that order, and joins nobody. (Source: Chaudhuri et al. 2006,
"A primitive operator for similarity joins in data cleaning"; Bayardo et al. 2007, "Scaling
up all pairs similarity search".) Pairs that share one are compared, unless other pairs
have joined them by then, or a few bits of each tell that they differ too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.runs import begins_run, stretches

#: Two sums that should be equal may differ by less than this.
ROUNDING = 1e-9
# Pairs that are remembered, by their remainder: 8 MB.
_REMEMBERED = 1_000_003
# Enough for texts of some hundred words; 512 bytes a set.
_SKETCH_BITS = 4096
_SKETCHES_AT_ONCE = 1 << 13
# Pairs that are compared at once.
_MOST_WAITING = 1_000_000


class Union:
    """Disjoint sets of numbers; the least of each set stands for it."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def top(self, number: int) -> int:
        """Return what stands for the set of *number*."""
        above = self._above
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    def join(self, one: int, other: int) -> None:
        """Make one set of the sets of two numbers."""
        low, high = sorted((self.top(one), self.top(other)))
        self._above[high] = low

    def tops(self) -> NDArray[np.int64]:
        """Return the (N,) number that stands for each."""
        return np.array(list(map(self.top, range(len(self._above)))), np.int64)


@dataclass(frozen=True, slots=True)
class Sets:
    """
    N sets of numbers, of which those that fewest sets hold are the lowest.

    Attributes:
        ranks: (E,) the elements, ascending within each set.
        starts: (N + 1,) where each set begins in them.
        counts: (U,) how many sets hold each number.
    """

    ranks: NDArray[np.int64]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(N,) elements of each set."""
        return np.diff(self.starts)


def numbered(found: Sequence[NDArray[np.uint64]]) -> Sets:
    """Return sets of hashes, each ascending, as sets of numbers. Cost: 100 ns a hash."""
    starts = np.cumsum([0, *map(len, found)])
    _, which, counts = np.unique(np.concatenate(found), return_inverse=True, return_counts=True)
    by_count = np.argsort(counts, kind="stable")
    rank = np.empty(len(counts), np.int64)
    rank[by_count] = np.arange(len(counts))
    owner = np.repeat(np.arange(len(found)), np.diff(starts))
    # Sorted by owner, then rank; the owners are where they were.
    ranks = np.sort(owner * len(counts) + rank[which]) - owner * len(counts)
    return Sets(ranks, starts, counts[by_count])


def similar_pairs(sets: Sets, threshold: float) -> Iterator[tuple[int, int]]:
    """
    Yield pairs of sets that reach the threshold, as many as join all that are to be joined.

    Args:
        threshold: a Jaccard similarity, above 0.

    Cost: where many sets share much but too little, they are compared pair by pair, at
    about 100 ns a pair and 3 ns an element of those that their sketches allow.
    """
    sizes = sets.sizes
    union = Union(len(sizes))
    scratch = np.zeros(len(sets.counts), bool)
    # A pair that is met again is mostly met soon.
    tried = np.full(_REMEMBERED, -1, np.int64)
    tops = union.tops()
    sketches = _Sketches(sets, threshold)
    for pairs in _candidates(sets, threshold, tops):
        pairs = pairs[tried[pairs % _REMEMBERED] != pairs]
        ones, others = np.divmod(pairs, len(sizes))
        likely = np.flatnonzero((tops[ones] != tops[others]) & sketches.allow(ones, others))
        pairs, ones, others = pairs[likely], ones[likely], others[likely]
        tried[pairs % _REMEMBERED] = pairs
        both = _in_both(sets, ones, others, scratch)
        either = sizes[ones] + sizes[others] - both
        for at in np.flatnonzero(both >= threshold * either - ROUNDING).tolist():
            union.join(int(ones[at]), int(others[at]))
            yield int(ones[at]), int(others[at])
        tops[:] = union.tops()


def _candidates(
    sets: Sets, threshold: float, tops: NDArray[np.int64]
) -> Iterator[NDArray[np.int64]]:
    """
    Yield pairs of sets that share a number of their prefixes, the smaller set first.

    A pair is one number: the first set's times how many sets there are, plus the second's.

    Those that are closest in size come first, so that large groups are soon joined; each
    yield holds more of them, since many pairs of one set are compared faster at once.

    Args:
        tops: (N,) group of each set; may change between yields. A pair of one group is none.
    """
    sizes = sets.sizes
    ranks, owners = _prefixes(sets, threshold)
    at = np.arange(len(ranks))
    waiting: list[NDArray[np.int64]] = []
    size, limit = 0, 1
    for distance in range(1, len(ranks)):
        at = at[: np.searchsorted(at, len(ranks) - distance)]
        # What is too small for one is too small for all larger ones.
        at = at[
            (ranks[at] == ranks[at + distance])
            & (sizes[owners[at]] >= threshold * sizes[owners[at + distance]] - ROUNDING)
        ]
        if not len(at):
            break
        ones, others = owners[at], owners[at + distance]
        apart = np.flatnonzero(tops[ones] != tops[others])
        if len(apart):
            waiting.append(ones[apart] * len(sizes) + others[apart])
            size += len(apart)
        if size >= limit:
            yield np.unique(np.concatenate(waiting))
            waiting.clear()
            size, limit = 0, min(2 * limit + len(at), _MOST_WAITING)
    if waiting:
        yield np.unique(np.concatenate(waiting))


def _prefixes(sets: Sets, threshold: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rank and set of what several hold of the prefixes, by rank, then by size of set."""
    sizes = sets.sizes
    prefix = sizes - np.ceil(threshold * sizes - ROUNDING).astype(np.int64) + 1
    places = stretches(sets.starts[:-1], sets.starts[:-1] + prefix)
    owners = np.repeat(np.arange(len(sizes)), prefix)
    several = np.flatnonzero(sets.counts[sets.ranks[places]] > 1)
    ranks, owners = sets.ranks[places[several]], owners[several]
    order = np.lexsort((owners, sizes[owners], ranks))
    return ranks[order], owners[order]


class _Sketches:
    """
    A few bits of each set, which tell of most pairs that they are not similar.

    Each element sets one bit. Where the bits of two sets differ, so do the sets: as many
    differences at least, never more than there are.
    """

    def __init__(self, sets: Sets, threshold: float) -> None:
        owners = np.repeat(np.arange(len(sets.sizes)), sets.sizes)
        places = owners * _SKETCH_BITS + sets.ranks % _SKETCH_BITS
        words = np.zeros(len(sets.sizes) * _SKETCH_BITS // 64, np.uint64)
        np.bitwise_or.at(words, places >> 6, np.uint64(1) << (places & 63).astype(np.uint64))
        self._words = words.reshape(len(sets.sizes), -1)
        self._sizes = sets.sizes
        # Sets of which a share t of all is in both differ in (1 - t) / (1 + t) of their sum.
        self._most = (1 - threshold) / (1 + threshold)

    def allow(self, ones: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of which of P pairs the similarity may reach the threshold."""
        most = self._most * (self._sizes[ones] + self._sizes[others]) + ROUNDING
        allowed = np.zeros(len(ones), bool)
        for start in range(0, len(ones), _SKETCHES_AT_ONCE):
            some = slice(start, start + _SKETCHES_AT_ONCE)
            differ = np.bitwise_count(self._words[ones[some]] ^ self._words[others[some]])
            allowed[some] = differ.sum(axis=1, dtype=np.uint32) <= most[some]
        return allowed


def _in_both(
    sets: Sets, ones: NDArray[np.int64], others: NDArray[np.int64], scratch: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """
    Return how many elements each of P pairs has in common; *ones* ascend.

    Cost: 3 ns an element of *others*, 20 microseconds for each different one of *ones*.
    """
    both = np.zeros(len(ones), np.int64)
    cuts = np.append(np.flatnonzero(begins_run(ones)), len(ones)).tolist()
    for first, last in pairwise(cuts):
        one = ones[first]
        own = sets.ranks[sets.starts[one] : sets.starts[one + 1]]
        scratch[own] = True
        begins, ends = sets.starts[others[first:last]], sets.starts[others[first:last] + 1]
        held = scratch[sets.ranks[stretches(begins, ends)]]
        both[first:last] = np.add.reduceat(held, np.cumsum(ends - begins) - (ends - begins))
        scratch[own] = False
    return both
