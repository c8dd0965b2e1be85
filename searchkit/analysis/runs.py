"""
Where does each run begin in an array, and which numbers does a stretch hold?

The two steps that nearly every whole-array computation here is made of: finding
the borders of runs of equal values, and writing stretches out number by number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def begins_run(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which of (N,) values differ from the one before; the first one does."""
    new = np.empty(len(values), bool)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def stretches(lows: NDArray[np.int64], highs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers low … high - 1 of each pair, one stretch after the other."""
    counts = highs - lows
    ends = counts.cumsum()
    numbers: NDArray[np.int64] = (lows - ends + counts).repeat(counts)
    numbers += np.arange(len(numbers))
    return numbers
