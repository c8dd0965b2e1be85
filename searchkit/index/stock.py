"""
Which words may an encoder begin with?

An index that is rebuilt has nearly all words of its documents already. Encoders begin with
its :class:`Stock`, the same in every process, so that none of them is spelled,
classified, sent or sorted anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import tokenize
from searchkit.analysis.tokenize import hash_word
from searchkit.index.strings import SLICE, Strings

if TYPE_CHECKING:
    from searchkit.index.segment import Segment


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """
    V words and Y extras of a segment, by the numbers that encoders give them.

    The most common words come first: what is looked up most lies together.
    """

    path: Path | None
    """The segment's file; the segment itself could not be sent to another process."""
    in_order: list[str]
    """The words as the segment has them, in UTF-8 order."""
    words: list[str]
    hashes: NDArray[np.uint64]
    """(V,) hash of each word, as the tokenizer has it."""
    rows: NDArray[np.int64]
    """(V,) number of each word in the segment."""
    extras: list[str]

    @classmethod
    def of(cls, segments: Iterable[Segment]) -> Stock:
        """Read the stock of the largest of *segments*. Cost: 0.3 microseconds a word."""
        segment = max(segments, key=lambda segment: len(segment.words), default=None)
        if segment is None:
            return NO_STOCK
        places = np.diff(segment.places.offsets)[segment.word_terms]
        rows = np.argsort(-places.astype(np.int64), kind="stable")
        in_order = [*segment.words]
        words = np.array(in_order, object)[rows].tolist()
        hashes = word_hashes(segment.words)[rows]
        return cls(segment.path, in_order, words, hashes, rows, [*segment.extras])

    def hashes_by_row(self) -> NDArray[np.uint64]:
        """Return the (V,) hashes in the order of the segment."""
        hashes = np.empty_like(self.hashes)
        hashes[self.rows] = self.hashes
        return hashes


NO_STOCK = Stock(None, [], [], np.zeros(0, np.uint64), np.zeros(0, np.int64), [])


def word_hashes(words: Strings) -> NDArray[np.uint64]:
    """Return the (W,) hash of each word, as the tokenizer has it. Cost: 0.15 microseconds each."""
    hashes = np.empty(len(words), np.uint64)
    for start in range(0, len(words), SLICE):
        hashes[start : start + SLICE] = _hashes(words.joined(start, start + SLICE))
    return hashes


def _hashes(joined: str) -> NDArray[np.uint64]:
    """Return the hashes of words with newlines between."""
    tokens = tokenize(joined)
    if len(tokens.hashes) == joined.count("\n") + 1:
        return tokens.hashes
    # Some are cut further when they stand by themselves: they get a hash of their own.
    words = joined.split("\n")
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    begins = np.cumsum(sizes + 1) - sizes - 1
    at = np.minimum(tokens.starts.searchsorted(begins), len(tokens.starts) - 1)
    hashes: NDArray[np.uint64] = tokens.hashes[at]
    for number in np.flatnonzero(tokens.ends[at] - tokens.starts[at] != sizes).tolist():
        hashes[number] = hash_word(words[number])
    return hashes
