"""searchkit where an index knows the words: every document anew, ``reindex(full=True)``."""

from __future__ import annotations

from pathlib import Path

import searchkit
from benchmarks.engines.contract import Engine
from benchmarks.engines.searchkit_ import SearchkitSession


def prepare(corpus: Path, directory: Path) -> None:
    """Build the index that the measured build takes the analysis of words from."""
    searchkit.reindex(corpus, directory, processes=2)


def build(corpus: Path, directory: Path) -> None:
    """Read, encode and invert every document again."""
    searchkit.reindex(corpus, directory, processes=2, full=True)


ENGINE = Engine(
    name="searchkit-known",
    version=str(getattr(searchkit, "__version__", "unknown")),
    settings="as searchkit; the words are known from an index of the same corpus",
    build=build,
    open=SearchkitSession,
    prepare=prepare,
)
