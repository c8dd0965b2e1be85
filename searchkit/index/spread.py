"""
How do the lists of many stretches become one list a term?

A stretch of the line has a short list for each of its terms, in the order of the terms.
In the segment the list of a term is what all stretches have of it, one after the other;
so where each of the short lists comes to lie is known once they are counted, and every
number is moved there in one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.runs import begins_run, stretches
from searchkit.index.lists import EncodedLists


class Spread:
    """
    Where what several stretches have of each term comes to lie.

    Args:
        terms: of each stretch, (R,) terms, ascending and distinct.
        counts: of each stretch, (R,) how much it has of each.
        term_count: number of all terms.

    Attributes:
        sizes: (E,) int64 how much there is of each term.
    """

    def __init__(
        self,
        terms: Sequence[NDArray[np.uint32]],
        counts: Sequence[NDArray[np.int64]],
        term_count: int,
    ) -> None:
        self.sizes = np.zeros(term_count, np.int64)
        for own, count in zip(terms, counts, strict=True):
            self.sizes[own] += count
        free = np.cumsum(self.sizes) - self.sizes
        self._counts = counts
        self._begins = []
        for own, count in zip(terms, counts, strict=True):
            self._begins.append(free.take(own))
            free[own] += count

    def lay_out(self, *columns: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """
        Return what the stretches have, in the order of terms, then of stretches.

        Args:
            columns: of each stretch, an array with so many items for each of its terms.

        Cost: about 3 ns an item.
        """
        total = int(self.sizes.sum())
        result = [np.empty(total, column[0].dtype if column else np.uint8) for column in columns]
        for number, (begins, counts) in enumerate(zip(self._begins, self._counts, strict=True)):
            places = stretches(begins, begins + counts)
            for column, whole in zip(columns, result, strict=True):
                whole[places] = column[number]
        return result


def join_lists(
    terms: Sequence[NDArray[np.uint32]],
    lists: Sequence[EncodedLists],
    term_count: int,
    *beside: Sequence[NDArray[Any]],
) -> tuple[EncodedLists, list[NDArray[Any]]]:
    """
    Return one list for each of all terms, of the lists that stretches have of theirs.

    Args:
        terms: of each stretch, the term of each of its lists.
        lists: of each stretch; each number is above all that earlier stretches have of its term.
        beside: of each stretch, what goes with each number of its lists; returned as well.
    """
    numbers = Spread(terms, [each.sizes for each in lists], term_count)
    low, *others = numbers.lay_out([each.low for each in lists], *beside)
    visits = Spread(terms, [each.chunk_counts for each in lists], term_count)
    chunks, counts = visits.lay_out(
        [each.chunks for each in lists], [each.counts for each in lists]
    )
    # Where one stretch ends and the next goes on within a chunk, two visits are one.
    ends = np.cumsum(visits.sizes)
    new = begins_run(chunks)
    firsts_of_terms = ends - visits.sizes
    new[firsts_of_terms[visits.sizes > 0]] = True
    firsts = np.flatnonzero(new)
    before = np.zeros(len(chunks) + 1, np.int64)
    np.cumsum(counts, out=before[1:], dtype=np.int64)
    before += np.arange(len(before))
    merged = np.diff(before.take(np.append(firsts, len(chunks)))) - 1
    visited = firsts.searchsorted(np.append(firsts_of_terms, len(chunks)))
    joined = EncodedLists(
        sizes=numbers.sizes,
        chunk_counts=np.diff(visited),
        low=low,
        chunks=chunks.take(firsts),
        counts=merged.astype(np.uint16),
    )
    return joined, others
