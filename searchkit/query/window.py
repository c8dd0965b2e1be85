"""
Which stretches of the line are looked at?

For the documents of a result page, or the best of a ranking, places are only
wanted in the stretches of the line that these documents take.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.runs import stretches
from searchkit.index.lists import CHUNK_BITS, Lists
from searchkit.query.arrays import Ids

# Decoding a list as short as this is cheaper than finding the chunks wanted.
_SHORT_LIST = 4096


@dataclass(frozen=True, slots=True)
class Window:
    """H stretches of the line, ascending and disjoint."""

    begins: NDArray[np.uint32]
    limits: NDArray[np.uint32]
    """(H,) first place behind each."""
    chunks: NDArray[np.uint32]
    """The chunks (see :mod:`searchkit.index.lists`) that they touch, ascending."""

    @classmethod
    def of(cls, begins: NDArray[np.uint32], limits: NDArray[np.uint32]) -> Window:
        """Make a window of stretches begin … limit - 1."""
        first, last = begins >> CHUNK_BITS, limits >> CHUNK_BITS
        longest = int((last - first).max())
        touched = [np.minimum(first + n, last) for n in range(longest + 1)]
        return cls(begins, limits, np.unique(np.concatenate(touched)))

    def inside(self, places: Ids) -> NDArray[np.int64]:
        """Return which of ascending *places* lie within the window."""
        return stretches(places.searchsorted(self.begins), places.searchsorted(self.limits))


def places_within(lists: Lists, number: int, window: Window) -> Ids:
    """Return the numbers of one list that lie within the window."""
    if lists.size(number) <= _SHORT_LIST:
        places = lists.decode(number)
    else:
        places = lists.decode_chunks(number, window.chunks)[0]
    return places[window.inside(places)]
