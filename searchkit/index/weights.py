"""
What does one occurrence weigh, and how is the sum kept in one byte?

BM25F in its simple form adds the occurrences of a term over the fields of a
document, each times its field's weight, before one saturation and one length
normalisation [1]. That weighted frequency does not depend on the collection, so
it is folded into the posting when the segment is built; the length
normalisation does (it needs the average length), so it is applied when asked.

One byte holds a weighted frequency exactly up to 16 in steps of a quarter, and
then within 1.6 %; the largest is about 5,000.

Source: [1] Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple
weighted fields", CIKM 2004.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Weighted occurrences are counted in quarters.
QUARTERS = 4
TITLE_WEIGHT = 2.0
BODY_WEIGHT = 1.0
#: Term-frequency saturation and length normalisation of BM25.
K1 = 1.2
B = 0.75

_EXACT_CODES = 64
_GROWTH = 1.0306


def _decoding_table() -> NDArray[np.float32]:
    table = np.arange(256, dtype=np.float64) / QUARTERS
    steps = np.arange(256 - _EXACT_CODES - 1) + 1
    table[_EXACT_CODES + 1 :] = table[_EXACT_CODES] * _GROWTH**steps
    return table.astype(np.float32)


#: (256,) float32 weighted frequency that each code stands for.
WEIGHT_OF_CODE = _decoding_table()
_BORDERS = (WEIGHT_OF_CODE[1:].astype(np.float64) + WEIGHT_OF_CODE[:-1]) / 2


def encode_weights(quarters: NDArray[np.integer]) -> NDArray[np.uint8]:
    """
    Return the (P,) uint8 code nearest to each weighted frequency.

    Args:
        quarters: (P,) weighted frequencies in quarters, >= 1.
    """
    limit = int(WEIGHT_OF_CODE[-1]) * QUARTERS
    of_quarters = np.searchsorted(_BORDERS, np.arange(limit + 1) / QUARTERS, side="right")
    codes: NDArray[np.uint8] = of_quarters.astype(np.uint8)[np.minimum(quarters, limit)]
    return np.maximum(codes, np.uint8(1))


def weighted_lengths(
    doc_starts: NDArray[np.uint32], body_starts: NDArray[np.uint32]
) -> NDArray[np.float64]:
    """Return the (D,) tokens of each document, each times its field's weight."""
    titles = body_starts.astype(np.float64) - doc_starts[:-1]
    bodies = doc_starts[1:].astype(np.float64) - body_starts
    return TITLE_WEIGHT * titles + BODY_WEIGHT * bodies


def length_norms(
    lengths: NDArray[np.floating], average: float, *, k1: float = K1, b: float = B
) -> NDArray[np.float32]:
    """
    Return the (D,) length normalisation k1 (1 - b + b length / average) of documents.

    Args:
        lengths: (D,) weighted tokens of each document.
        average: mean of *lengths* over the live documents of the collection.
    """
    if average <= 0:
        return np.full(len(lengths), k1, np.float32)
    return (k1 * (1 - b) + (k1 * b / average) * lengths).astype(np.float32)


def idf(document_frequency: int, documents: int) -> float:
    """
    Return how telling a term is: ln(1 + (N - n + 0.5) / (n + 0.5)), never negative.

    Source: Robertson et al., "Okapi at TREC-3", 1994, in Lucene's form.
    """
    return float(np.log1p((documents - document_frequency + 0.5) / (document_frequency + 0.5)))
