"""
What must an engine be able to do to be measured?

Build an index of a JSONL corpus in a directory, and open it as a
:class:`Session` that writes a query in the engine's own language and answers
it. Parsing is part of answering: every engine gets the query as a string.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

KINDS = ("term", "and2", "or2", "or5", "phrase2")
LIMIT = 10


class Query(NamedTuple):
    """One query before any engine's syntax: its class, one of KINDS, and its words."""

    kind: str
    words: tuple[str, ...]


class Record(NamedTuple):
    """The fields of one document that every engine indexes and stores."""

    id: str
    title: str
    text: str


class Session(Protocol):
    """An open index. Every answer has at most LIMIT hits, best first."""

    def write(self, query: Query) -> str | None:
        """Return the query in the engine's language, None if it has no such query."""

    def search(self, text: str) -> int:
        """Parse and answer bare; return the count of hits."""

    def search_with_passages(self, text: str) -> tuple[int, int]:
        """
        Parse and answer, each hit with its title and one highlighted passage.

        Returns:
            The count of hits, and how many of them have something highlighted.
        """

    def close(self) -> None:
        """Let go of the index."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine, and how it is set up here."""

    name: str
    version: str
    settings: str
    """One line for the reader of the report: what is indexed, and how."""
    build: Callable[[Path, Path], None]
    """Read the JSONL corpus and leave a complete index in the (empty) directory."""
    open: Callable[[Path], Session]
    passages: bool = True
    """Whether it can return highlighted passages at all."""
    prepare: Callable[[Path, Path], None] | None = None
    """What has to be there before the clock of the build starts, if anything."""


def read_records(corpus: Path) -> Iterator[Record]:
    """Yield the documents of a JSONL file, in its order."""
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            fields = json.loads(line)
            yield Record(fields["id"], fields.get("title") or "", fields["text"])


def in_words(query: Query, *, both: str = " AND ", either: str = " OR ") -> str:
    """Write the query with infix operators and double quotes, as most languages have it."""
    if query.kind == "phrase2":
        return f'"{" ".join(query.words)}"'
    return (both if query.kind == "and2" else either).join(query.words)
