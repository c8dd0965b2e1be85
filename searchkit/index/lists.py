"""
How are many ascending lists of numbers kept small and yet usable at once?

The places of every term, and the documents of every term, are ascending lists
of 32-bit numbers. A number's upper half (its *chunk*) is nearly always that of
its neighbour, so each list keeps its lower halves as they are, two bytes each,
and beside them which chunks it visits and how often::

    list   70 000, 70 003, 140 000
    low     4 464,  4 467,   8 928          u16 a number
    chunks  1, 2     counts 2-1, 1-1        u16 each, one pair a chunk visited

Decoding is one ``repeat`` and one ``or`` over the whole list, and a caller that
needs only some stretches of the line decodes only the chunks they lie in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.runs import begins_run
from searchkit.errors import CorruptIndexError
from searchkit.index.format import ArrayFile, ArrayFileWriter

CHUNK_BITS = 16
CHUNK_SIZE = 1 << CHUNK_BITS
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class EncodedLists:
    """L consecutive lists: E numbers in all, visiting C chunks."""

    sizes: NDArray[np.int64]
    """(L,) numbers in each list."""
    chunk_counts: NDArray[np.int64]
    """(L,) chunks that each list visits."""
    low: NDArray[np.uint16]
    """(E,) lower halves."""
    chunks: NDArray[np.uint16]
    """(C,) upper halves, one a visit."""
    counts: NDArray[np.uint16]
    """(C,) numbers of each visit, less one."""


def encode_lists(values: NDArray[np.uint32], sizes: NDArray[np.int64]) -> EncodedLists:
    """
    Encode lists that lie one after the other in *values*.

    Args:
        values: (E,) uint32, strictly ascending within each list.
        sizes: (L,) length of each list, summing to E.

    Cost: O(E) time, about 10 ns a number.
    """
    high = (values >> CHUNK_BITS).astype(np.uint16)
    new = begins_run(high)
    list_starts = np.cumsum(sizes) - sizes
    new[list_starts[list_starts < len(values)]] = True
    starts = np.flatnonzero(new)
    counts = np.diff(starts, append=len(values))
    visits = np.searchsorted(starts, np.append(list_starts, len(values)))
    return EncodedLists(
        sizes=sizes,
        chunk_counts=np.diff(visits),
        low=values.astype(np.uint16),
        chunks=high[starts],
        counts=(counts - 1).astype(np.uint16),
    )


def write_lists(file: ArrayFileWriter, prefix: str, lists: EncodedLists) -> None:
    """Write *lists* as arrays ``prefix.*``."""
    for name, array in (("low", lists.low), ("chunks", lists.chunks), ("counts", lists.counts)):
        file.begin(f"{prefix}.{name}", np.uint16)
        file.append(array)
    for name, sizes in (("offsets", lists.sizes), ("visits", lists.chunk_counts)):
        ends = np.cumsum(sizes)
        if len(ends) and ends[-1] >= 1 << 32:
            raise OverflowError("a segment holds at most 2**32 - 1 tokens")
        file.add(f"{prefix}.{name}", np.concatenate([[0], ends]).astype(np.uint32))


class Lists:
    """Read lists written by :func:`write_lists`; list numbers count from 0."""

    def __init__(self, file: ArrayFile, prefix: str) -> None:
        self._path = file.path
        self.low: NDArray[np.uint16] = file.array(f"{prefix}.low")
        self.offsets: NDArray[np.uint32] = file.array(f"{prefix}.offsets")
        self._chunks: NDArray[np.uint16] = file.array(f"{prefix}.chunks")
        self._counts: NDArray[np.uint16] = file.array(f"{prefix}.counts")
        self._visits: NDArray[np.uint32] = file.array(f"{prefix}.visits")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def size(self, number: int) -> int:
        """Return how many numbers the list holds."""
        return int(self.offsets[number + 1]) - int(self.offsets[number])

    def bounds(self, number: int) -> tuple[int, int]:
        """Return where the list's numbers lie among all of them."""
        return int(self.offsets[number]), int(self.offsets[number + 1])

    def decode(self, number: int) -> NDArray[np.uint32]:
        """Return the whole list; a new array. Cost: about 1 ns a number."""
        return self._decode(number, np.uint32)

    def decode_as_index(self, number: int) -> NDArray[np.int64]:
        """
        Return the whole list as int64, NumPy's own index type; a new array.

        For lists that will index arrays more than once: every use of another
        type as an index converts it first.
        """
        return self._decode(number, np.int64)

    def decode_chunks(
        self, number: int, wanted: NDArray[np.uint32]
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """
        Return the numbers of the list that lie in the *wanted* chunks.

        Args:
            wanted: chunk numbers, ascending, distinct.

        Returns:
            (M,) uint32 the numbers, and (M,) int64 where each stands in the list.

        Cost: the chunks wanted, not the list.
        """
        first, last = int(self._visits[number]), int(self._visits[number + 1])
        chunks = self._chunks[first:last]
        at = chunks.searchsorted(wanted)
        at[at == len(chunks)] = 0
        at = at[chunks[at] == wanted]
        sizes = self._counts[first:last].astype(np.int64)
        sizes += 1
        ends = sizes.cumsum()
        sizes = sizes[at]
        positions = (ends[at] - sizes.cumsum()).repeat(sizes)
        positions += np.arange(len(positions))
        values = (chunks[at].astype(np.uint32) << CHUNK_BITS).repeat(sizes)
        values |= self.low[self.bounds(number)[0] :][positions]
        return values, positions

    def decode_all(self) -> NDArray[np.uint32]:
        """Return the numbers of all lists, one list after the other."""
        return self._highs(0, len(self._chunks)) | self.low

    def find(self, values: NDArray[np.uint32]) -> NDArray[np.int64]:
        """
        Return where, among the numbers of all lists, those in *values* stand, ascending.

        Args:
            values: (V,) few of the numbers that lists hold, ascending.

        Cost: 1 ns a number of any list, and 20 for each whose lower half is one of theirs.
        """
        lower = np.zeros(CHUNK_SIZE, bool)
        lower[values & (CHUNK_SIZE - 1)] = True
        # In pieces that stay in cache.
        pieces = range(0, len(self.low), _PIECE)
        hits = [np.flatnonzero(lower[self.low[at : at + _PIECE]]) + at for at in pieces]
        at = np.concatenate([np.zeros(0, np.int64), *hits])
        ends = (self._counts.astype(np.int64) + 1).cumsum()
        highs = self._chunks[ends.searchsorted(at, side="right")].astype(np.uint32)
        found = (highs << CHUNK_BITS) | self.low[at]
        place = values.searchsorted(found)
        place[place == len(values)] = 0
        kept: NDArray[np.int64] = at[values[place] == found] if len(values) else at[:0]
        return kept

    def chunks_of(self, number: int) -> NDArray[np.uint16]:
        """Return the chunks that the list visits, ascending."""
        return self._chunks[int(self._visits[number]) : int(self._visits[number + 1])]

    def _decode(self, number: int, dtype: type[np.integer[Any]]) -> NDArray[Any]:
        start, end = self.bounds(number)
        first, last = int(self._visits[number]), int(self._visits[number + 1])
        values = self.low[start:end].astype(dtype)
        if last - first == 1:
            chunk = int(self._chunks[first])
            if chunk:
                values |= dtype(chunk << CHUNK_BITS)
            return values
        highs = self._highs(first, last)
        if len(highs) != len(values):
            raise CorruptIndexError(self._path, f"list {number} has not as many numbers as visits")
        values |= highs
        return values

    def _highs(self, first: int, last: int) -> NDArray[np.uint32]:
        counts = self._counts[first:last].astype(np.int64) + 1
        return np.repeat(self._chunks[first:last].astype(np.uint32) << CHUNK_BITS, counts)
