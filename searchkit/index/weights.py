"""
What does one occurrence weigh, and what does a document gain by it?

BM25F in its simple form adds the occurrences of a term over the fields of a
document, each times its field's weight, before one saturation [1]. Occurrences
inside other words weigh less (``KIND_WEIGHTS``). The sum w becomes the
*impact* w / (w + norm), between 0 and 1, which a query multiplies by the term's
inverse document frequency.

The norm grows with the document's own length alone: K1 (length / 300)^0.7. BM25
measures it against the collection's average, so that a one-sentence demand
among other such demands saturates like a 100-page report among reports; here a
text of 300 words saturates the same everywhere. The exponent is near that of
Heaps' law: a text of ten times the length has five times the distinct words. On
the sets of benchmarks/bench_ranking.py this rule alone lifts the mean nDCG@10 by
0.02 (docs/evaluation.md); exponents of 0.6 to 0.8 and K1 of 0.9 to 2 differ by
less than 0.003.

Because the norm does not depend on the collection, the impact is settled when
the segment is built, and kept in one byte, in steps of 1/255.

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
#: What an occurrence weighs by its kind (see :mod:`searchkit.analysis.parts`): the word itself
#: or what a context makes of it, the head of a compound, another part of it, a relative.
KIND_WEIGHTS = (1.0, 0.5, 0.25, 0.25)
#: Saturation of the weighted frequency in a document of ``REFERENCE_LENGTH`` tokens.
K1 = 1.0
REFERENCE_LENGTH = 300.0
LENGTH_EXPONENT = 0.7

_STEPS = 255
#: (256,) float32 impact that each code stands for.
IMPACT_OF_CODE = (np.arange(_STEPS + 1) / _STEPS).astype(np.float32)


def encode_impacts(impacts: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return the (P,) uint8 code nearest to each impact in 0 < i <= 1, at least 1."""
    codes: NDArray[np.uint8] = np.rint(impacts * np.float32(_STEPS)).astype(np.uint8)
    return np.maximum(codes, np.uint8(1))


def weighted_lengths(
    doc_starts: NDArray[np.uint32], body_starts: NDArray[np.uint32]
) -> NDArray[np.float64]:
    """Return the (D,) tokens of each document, each times its field's weight."""
    titles = body_starts.astype(np.float64) - doc_starts[:-1]
    bodies = doc_starts[1:].astype(np.float64) - body_starts
    return TITLE_WEIGHT * titles + BODY_WEIGHT * bodies


def length_norms(lengths: NDArray[np.floating]) -> NDArray[np.float32]:
    """
    Return the (D,) norm of documents of these weighted lengths, in tokens.

    A document without a token is measured as one of one token.

    Example:
        >>> length_norms(np.array([300.0, 3000.0])).round(2).tolist()
        [1.0, 5.010000228881836]
    """
    relative = np.maximum(lengths, 1.0) / REFERENCE_LENGTH
    norms: NDArray[np.float32] = (K1 * relative**LENGTH_EXPONENT).astype(np.float32)
    return norms


def idf(document_frequency: int, documents: int) -> float:
    """
    Return how telling a term is: ln(1 + (N - n + 0.5) / (n + 0.5)), never negative.

    Source: Robertson et al., "Okapi at TREC-3", 1994, in Lucene's form.
    """
    return float(np.log1p((documents - document_frequency + 0.5) / (document_frequency + 0.5)))
