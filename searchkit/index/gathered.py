"""
Which words do the batches of a segment hold?

Each source of batches numbers words and extras in its own way, some of them on from the
:class:`.stock.Stock` of the index that is rebuilt. Here all are put together,
and numbered as in a lexicon.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from searchkit.index.forward import ForwardBatch
from searchkit.index.known import KnownWords, Numbered
from searchkit.index.layout import Numbering
from searchkit.index.stock import Stock


class Gathered:
    """The words and extras of the batches of one segment."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock
        self._words: dict[str, list[str]] = {}
        self._hashes: dict[str, list[NDArray[np.uint64]]] = {}
        self._extras: dict[str, list[str]] = {}
        self._goes_on: dict[str, bool] = {}
        self._used_words = np.zeros(len(stock.words), bool)
        self._used_extras = np.zeros(len(stock.extras), bool)

    def add(self, batch: ForwardBatch) -> None:
        """
        Take the words of a batch, and empty it of them.

        Raises:
            ValueError: its numbering begins with another stock.
        """
        source = batch.source
        begins = (batch.first_word, batch.first_extra)
        if any(begins) and begins != (len(self._used_words), len(self._used_extras)):
            raise ValueError(f"the words of '{source}' go on from those of another stock")
        self._goes_on[source] = any(begins)
        self._words.setdefault(source, []).extend(batch.new_words)
        self._hashes.setdefault(source, []).append(batch.new_hashes)
        self._extras.setdefault(source, []).extend(batch.new_extras)
        batch.new_words, batch.new_extras = [], []
        if any(begins):
            _mark(self._used_words, batch.line)
            _mark(self._used_extras, batch.extra_ids)

    def number(self, known: KnownWords) -> tuple[Numbered, Numbered, Numbering]:
        """Return the words, the extras, and the number of each in each source's numbering."""
        stock = self._stock
        hashes = {source: np.concatenate(own) for source, own in self._hashes.items()}
        used = np.zeros_like(self._used_words)
        used[stock.rows] = self._used_words
        words = known.number_words(self._words, hashes, used)
        extras = known.number_extras(self._extras, self._used_extras)
        numbering = Numbering(
            self._of_sources(words.of_stock[stock.rows], words),
            self._of_sources(extras.of_stock, extras),
        )
        return words, extras, numbering

    def _of_sources(
        self, shared: NDArray[np.int64], numbered: Numbered
    ) -> dict[str, NDArray[np.int64]]:
        """Return the number of each id of each source; 0 where it does not occur."""
        if not numbered.strings:
            shared = shared[:0]
        return {
            source: np.concatenate([shared, own]) if self._goes_on[source] else own
            for source, own in numbered.numbers.items()
        }


def _mark(used: NDArray[np.bool_], ids: NDArray[np.uint32]) -> None:
    """Note which ids of a stock occur."""
    if ids.max(initial=0) >= len(used):
        ids = ids[ids < len(used)]
    used[ids] = True
