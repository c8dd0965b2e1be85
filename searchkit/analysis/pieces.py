"""
How are many texts cut into words at once?

Titles and texts of many documents are joined by newlines and tokenised as one
string, since whole-array work has a fixed cost a call. Where joining them tells
that a text may need another spelling (:mod:`.normalise`), which few do, that
text is respelled before any word is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import alphabet
from searchkit.analysis.normalise import Normalised, normalise
from searchkit.analysis.tokenize import TokenArrays, odd_offsets, tokenize


@dataclass(frozen=True, slots=True)
class Pieces:
    """
    Q texts, each in one spelling, joined by newlines.

    Attributes:
        text: all of them.
        tokens: the words of *text*; none reaches from one piece into another.
        begins: (Q,) int64 offset of each piece in *text*.
        respelled: by number, those that differ from the originals.
    """

    text: str
    tokens: TokenArrays
    begins: NDArray[np.int64]
    respelled: dict[int, Normalised]


def tokenize_pieces(texts: Sequence[str]) -> Pieces:
    """
    Normalise, join and tokenise *texts*.

    Cost: about 4 ns a code point; more for what has to be respelled.
    """
    text, begins = _join(texts)
    encoded = alphabet.encode(text)
    odd = odd_offsets(encoded.codes, encoded.signs)
    respelled = {}
    if odd.size:
        for number in np.unique(np.searchsorted(begins, odd, side="right") - 1).tolist():
            normal = normalise(texts[number])
            if normal.starts is not None:
                respelled[number] = normal
    if respelled:
        texts = list(texts)
        for number, normal in respelled.items():
            texts[number] = normal.text
        text, begins = _join(texts)
        encoded = alphabet.encode(text)
    return Pieces(text, tokenize(text, encoded), begins, respelled)


def _join(texts: Sequence[str]) -> tuple[str, NDArray[np.int64]]:
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    return "\n".join(texts), np.cumsum(lengths) - lengths
