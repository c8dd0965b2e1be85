"""Indexes of a few short texts, and what a search in one finds and marks."""

from __future__ import annotations

from pathlib import Path

from small_corpora import Commit, write

import searchkit
from searchkit.model import Document
from searchkit.query.search import Index


def index_of(directory: Path, texts: dict[str, str]) -> Index:
    """Return an open index of untitled documents, their texts by id."""
    write(directory, [Commit(tuple(Document(key, text) for key, text in texts.items()))])
    return searchkit.open(directory)


def found(index: Index, typed: str) -> list[str]:
    """Return the ids of the hits, best first."""
    return [hit.id for hit in index.search(typed, passages=0)]


def marked(index: Index, typed: str) -> dict[str, list[str]]:
    """Return what is marked in each hit, by its id."""
    return {
        hit.id: [passage.text[s:e] for passage in hit.passages for s, e in passage.marks]
        for hit in index.search(typed)
    }
