"""What is told of a reindex, while it goes on and when it is done?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from searchkit.errors import DocumentFormatError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reindex has come."""

    stage: str
    """"read", "analyze", "invert" or "write"."""
    documents: int
    done_bytes: int
    """Of the files to be read, on disk."""
    total_bytes: int
    files: int = 0
    """Files that were read to their end."""
    total_files: int = 0
    """Files to be read: those that are not as the index remembers them."""


Progressed = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex did, or, if it was a dry run, what it would do."""

    documents: int
    """Documents in the index afterwards."""
    added: int
    replaced: int
    deleted: int
    unchanged: int
    skipped: tuple[DocumentFormatError, ...]
    """What could not be read, each with its place and reason."""
    duplicates: tuple[tuple[str, str], ...]
    """Paths, relative to the corpus, of what holds the same bytes as another file, each
    with the path that it is kept under."""
    languages: dict[str, int]
    """Documents that were (re)indexed in each language but Swedish, by its code of two
    letters; a dump of one document a line tells languages itself, or not at all."""
    text_bytes: int
    """UTF-8 bytes of text in the corpus's documents that were (re)indexed."""
    tokens: int
    words: int
    """Tokens and distinct words of the index afterwards."""
    files: int
    """Files of the corpus of a known format."""
    unchanged_files: int
    """Of these, how many were not opened, since they are as the index remembers them."""
    dry_run: bool
    seconds: float
