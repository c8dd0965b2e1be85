"""searchkit as its users call it: ``reindex`` with two processes, ``open``, ``search``."""

from __future__ import annotations

from pathlib import Path

import searchkit
from benchmarks.engines.contract import LIMIT, Engine, Query, in_words

if not (hasattr(searchkit, "reindex") and hasattr(searchkit, "open")):
    raise ImportError("searchkit has no reindex() and open() yet")


class SearchkitSession:
    """An open searchkit index."""

    def __init__(self, directory: Path) -> None:
        self._index = searchkit.open(directory)

    def write(self, query: Query) -> str | None:
        return in_words(query, both=" OCH ", either=" ELLER ")

    def search(self, text: str) -> int:
        hits = 0
        for hit in self._index.search(text, limit=LIMIT, passages=0):
            # Read, because a hit may be filled in only when it is looked at.
            _ = hit.id, hit.score
            hits += 1
        return hits

    def search_with_passages(self, text: str) -> tuple[int, int]:
        hits = marked = 0
        for hit in self._index.search(text, limit=LIMIT, passages=1):
            _ = hit.id, hit.score, hit.title
            hits += 1
            marked += any(passage.text and passage.marks for passage in hit.passages)
        return hits, marked

    def close(self) -> None:
        self._index.close()


def build(corpus: Path, directory: Path) -> None:
    searchkit.reindex(corpus, directory, processes=2)


ENGINE = Engine(
    name="searchkit",
    version=str(getattr(searchkit, "__version__", "unknown")),
    settings="default analyser (lemmas, else Snowball); title and text; 2 processes",
    build=build,
    open=SearchkitSession,
)
