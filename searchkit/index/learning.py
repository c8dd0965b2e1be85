"""
When does a writer read what its index knows of words?

For encoders before they start, where the index is rebuilt; for a commit beside the reading of
documents, or at the latest when it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from searchkit.analysis import WordModel
from searchkit.index.known import KnownWords
from searchkit.index.lexicon import Analyze
from searchkit.index.segment import Segment
from searchkit.index.stock import NO_STOCK, Stock


class Learning:
    """
    What one session of a writer knows of words.

    Args:
        segments: that know them.
        rebuilds: the documents of *segments* are written anew.
    """

    def __init__(self, segments: Sequence[Segment] = (), *, rebuilds: bool = False) -> None:
        self._segments = segments
        self._rebuilds = rebuilds
        self._asked: Future[KnownWords] | None = None
        self.stock = NO_STOCK

    def read_stock(self) -> Stock:
        """Read what encoders begin with: nothing, unless most of it will come up."""
        if self._rebuilds:
            self.stock = Stock.of(self._segments)
        return self.stock

    def begin(self, model: WordModel, analyze: Analyze) -> Callable[[], object]:
        """Begin to read what a commit asks for; return what waits for its thread."""

        def work() -> KnownWords:
            if not self._rebuilds:  # New words take the dictionary and the splitter.
                model.parts("avfallshantering")
            return self._read(analyze)

        pool = ThreadPoolExecutor(1)
        self._asked = pool.submit(work)
        pool.shutdown(wait=False)
        return self._asked.exception

    def known(self, analyze: Analyze) -> KnownWords:
        """Return what is known of words; *analyze* tells of the others."""
        return self._read(analyze) if self._asked is None else self._asked.result()

    def _read(self, analyze: Analyze) -> KnownWords:
        return KnownWords(self._segments, analyze, most=self._rebuilds, stock=self.stock)
