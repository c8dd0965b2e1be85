"""
Search engine for Swedish policy documents.

>>> import searchkit                                        # doctest: +SKIP
>>> searchkit.reindex("corpus", "index")                    # doctest: +SKIP
>>> with searchkit.open("index") as index:                  # doctest: +SKIP
...     for hit in index.search("hållbar produktion", limit=5):
...         print(hit.score, hit.title, hit.passages[0].text)

Importing this package does no work: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from searchkit.analysis import Analyzer
    from searchkit.duplicates import Duplicate, near_duplicates
    from searchkit.errors import SearchkitError
    from searchkit.evaluation import Evaluation, evaluate
    from searchkit.index import IndexWriter
    from searchkit.model import Document, Passage, Section, Token
    from searchkit.query.search import Hit, Index, Results
    from searchkit.query.stats import IndexStats
    from searchkit.reindexing import Progress, ReindexReport, reindex
    from searchkit.verification import VerifyReport, verify

__version__ = "0.3.2"

__all__ = [
    "Analyzer",
    "Document",
    "Duplicate",
    "Evaluation",
    "Hit",
    "Index",
    "IndexStats",
    "IndexWriter",
    "Passage",
    "Progress",
    "ReindexReport",
    "Results",
    "SearchkitError",
    "Section",
    "Token",
    "VerifyReport",
    "evaluate",
    "near_duplicates",
    "open",
    "reindex",
    "verify",
]

_HOMES = {
    "Analyzer": "analysis",
    "Document": "model",
    "Duplicate": "duplicates",
    "Evaluation": "evaluation",
    "Hit": "query.search",
    "Index": "query.search",
    "IndexStats": "query.stats",
    "IndexWriter": "index",
    "Passage": "model",
    "Progress": "reindexing",
    "ReindexReport": "reindexing",
    "Results": "query.search",
    "SearchkitError": "errors",
    "Section": "model",
    "Token": "model",
    "VerifyReport": "verification",
    "evaluate": "evaluation",
    "near_duplicates": "duplicates",
    "reindex": "reindexing",
    "verify": "verification",
}


def open(index: str | Path = "index") -> Index:  # noqa: A001
    """
    Open the index in a directory for searching; see :class:`Index`.

    Use as a context manager, or close it when done.
    """
    from searchkit.query.search import Index

    return Index(index)


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'searchkit' has no attribute '{name}'")
    value = getattr(import_module(f"searchkit.{home}"), name)
    globals()[name] = value
    return value
