"""A library that answers as it is told, so that the tests see the command line alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import searchkit
from searchkit.errors import DocumentFormatError
from searchkit.index.sources import Sources
from searchkit.model import Document, Passage


@dataclass
class FakeHit:
    id: str = "H501"
    rank: int = 1
    score: float = 2.5
    title: str | None = "Cirkulär ekonomi"
    type: str | None = "motion"
    date: str | None = "2016-04-12"
    path: str | None = None
    url: str | None = None
    passages: tuple[Passage, ...] = ()


class FakeResults(list[FakeHit]):
    query = ""
    total = 0
    took_ms = 0.8
    relaxed = False
    suggestion: str | None = None


@dataclass
class FakeStats:
    path: Path = Path("index")
    documents: int = 12345
    types: dict[str, int] = field(default_factory=lambda: {"motion": 12000, "prop": 345})
    first_date: str | None = None


@dataclass
class FakeIndex:
    """Answers every search with its hits, cut as asked, and notes what was asked."""

    hits: list[FakeHit] = field(default_factory=list)
    relaxed: bool = False
    document_shown: Document | None = None
    sources: Sources | None = None
    asked: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> FakeIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.asked["closed"] = True

    def search(
        self, query: str, *, limit: int = 10, passages: int = 3, offset: int = 0
    ) -> FakeResults:
        self.asked |= {"query": query, "limit": limit, "passages": passages, "offset": offset}
        results = FakeResults(self.hits[offset : offset + limit])
        results.query, results.total, results.relaxed = query, len(self.hits), self.relaxed
        return results

    def explain_query(self, query: str) -> str:
        return f"Term({query})"

    def document(self, key: str) -> Document:
        assert self.document_shown is not None
        return self.document_shown

    def stats(self) -> FakeStats:
        return FakeStats()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> FakeIndex:
        """Let `searchkit.open` return this index, whatever the path."""

        def open_index(path: object = "index") -> FakeIndex:
            self.asked["path"] = str(path)
            return self

        monkeypatch.setattr(searchkit, "open", open_index, raising=False)
        return self


@dataclass(frozen=True)
class FakeProgress:
    stage: str = "read"
    documents: int = 1200
    done_bytes: int = 40_000_000
    total_bytes: int = 100_000_000
    files: int = 12
    total_files: int = 40


@dataclass(frozen=True)
class FakeReport:
    documents: int = 5
    added: int = 4
    replaced: int = 0
    deleted: int = 0
    unchanged: int = 1
    skipped: tuple[DocumentFormatError, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    languages: dict[str, int] = field(default_factory=dict)
    text_bytes: int = 5_000_000
    tokens: int = 700_000
    words: int = 40_000
    files: int = 6
    unchanged_files: int = 0
    dry_run: bool = False
    seconds: float = 2.0


def passage(text: str = "en hållbar produktion", **changes: Any) -> Passage:
    """A passage whose every fact is known, but for the *changes*."""
    facts: dict[str, Any] = {
        "start": 100,
        "end": 100 + len(text),
        "page": "12",
        "section": "Bakgrund",
        "marks": (),
        "citation": "Cirkulär ekonomi, s. 12",
    }
    return Passage(text=text, **(facts | changes))
