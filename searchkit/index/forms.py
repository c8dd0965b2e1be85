"""
Which of the words of its term stands at a place?

The words of a term are numbered; the *rank* of the word at each place follows the order
of the places, term after term. Most terms have one word, and need no ranks at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: For every so many terms it is kept where their ranks begin.
TERMS_A_MARK = 256


def form_bytes(term_forms: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return how many bytes a place's rank takes for terms of that many words."""
    return (term_forms > 1).astype(np.int64) + (term_forms > 256)


def pack_forms(
    ranks: NDArray[Any], term_forms: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """
    Return the bytes that tell which word of its term stands at each place.

    Args:
        ranks: (P,) rank at each place, term after term.
        term_forms: (R,) number of words of each term.
        sizes: (R,) number of places of each.
    """
    widths = form_bytes(term_forms)
    if not (widths == 2).any():
        return ranks.compress((widths > 0).repeat(sizes)).astype(np.uint8)
    width_of = widths.repeat(sizes)
    pairs = np.stack([ranks & 0xFF, ranks >> 8], axis=1).astype(np.uint8)
    kept: NDArray[np.uint8] = pairs[np.stack([width_of > 0, width_of == 2], axis=1)]
    return kept
