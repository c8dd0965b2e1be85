"""
What the rooms pass to each other: plain, frozen values without behaviour.

Offsets are counted in Unicode code points of the text they refer to, half
open: ``text[start:end]``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading (or one page), up to the next one."""

    start: int
    """Code-point offset in the document's text where it begins."""
    label: str
    """The heading as written, or the page number as printed."""


@dataclass(frozen=True, slots=True)
class Document:
    """
    One document as a reader delivers it.

    *id* is the user's stable key: two documents with the same id replace each
    other. *date* is ISO 8601, possibly shortened ("2015", "2015-06").
    *sections* and *pages* ascend by *start*. *fields* holds further metadata
    columns (organ, number, url, path, language and what the reader finds),
    each a string.
    """

    id: str
    text: str
    title: str | None = None
    date: str | None = None
    type: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    pages: Sequence[Section] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: what stands there, and what analysis makes of it."""

    text: str
    """The word as written in the original text."""
    start: int
    end: int
    term: str
    """What the index and the query meet on."""
    parts: tuple[str, ...] = ()
    """Terms of a compound's parts; empty for a simplex word."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to another document, or to a place in one, as a text makes it."""

    id: str
    """One id for all spellings, such as "prop 2015/16:100" or "sfs 1998:808 3 kap 5 §"."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous stretch of one document's text, scored and shown by itself."""

    text: str
    start: int
    """Code-point offset of the passage in the document's text."""
    end: int
    page: str | None
    section: str | None
    marks: tuple[tuple[int, int], ...]
    """What matched: offsets into the passage's *text*, ascending, disjoint."""
    citation: str | None
    """A ready reference to the passage, such as "Title, 2016-04-12, avsnitt Bakgrund"."""
    score: float = 0.0
