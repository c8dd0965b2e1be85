"""
How does Whoosh read this index?

:class:`SnapshotReader` is a ``whoosh.reading.IndexReader``, so an unmodified
``whoosh.searching.Searcher(SnapshotReader(snapshot))`` answers every query class
of Whoosh, spans and ranges included, and sorts and groups by any column. It
serves two ends: what our own evaluation has no answer for is handed to Whoosh
(:func:`drain`), and our answers can be compared with Whoosh's.

=========================  ====================================================
``content``, ``title``     terms; `content` is title and body on one line
``exact``, ``title_exact`` surface words of the same lines
``date``                   number YYYYMMDD, see :mod:`.dates`
any other column           its whole value, in lower case
=========================  ====================================================

Invariants:

- Documents are numbered as in the snapshot (or in the one segment), deleted
  ones included; no posting list names a deleted document.
- A title counts its positions from 0 and a body from ``BODY_POSITION``, so that
  nothing reaches from one into the other.
- Frequencies and lengths are weighted by field as in :mod:`.weights`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from heapq import merge
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, fields, reading, scoring
from whoosh.analysis import IDAnalyzer
from whoosh.query import Query

from searchkit.analysis.whoosh_face import SwedishAnalyzer
from searchkit.index.segment import Segment
from searchkit.index.snapshot import LiveSegment, Snapshot
from searchkit.index.strings import Strings
from searchkit.index.weights import BODY_WEIGHT, TITLE_WEIGHT
from searchkit.index.whoosh_postings import (
    PostingsMatcher,
    TermPostings,
    document_postings,
    joined,
    text_postings,
)

DATE = "date"
TEXT_FIELDS = ("content", "exact", "title", "title_exact")

# Each look-up of a term by Whoosh asks for its statistics and then for its postings.
_TERMS_REMEMBERED = 64


class ColumnField(fields.ID):  # type: ignore[misc]
    """A metadata column: one term a document, its value in lower case."""

    def __init__(self) -> None:
        super().__init__(stored=True, sortable=True, analyzer=IDAnalyzer(lowercase=True))

    def to_bytes(self, value: Any) -> Any:
        """Return the term of a value."""
        return super().to_bytes(value.lower() if isinstance(value, str) else value)


def whoosh_schema(names: Iterable[str] = ()) -> Any:
    """
    Return the Whoosh schema of an index with the metadata columns *names*.

    A column whose name Whoosh does not allow (it begins with _ or holds a
    space) is left out.
    """
    terms, words = SwedishAnalyzer(), SwedishAnalyzer(surface=True)
    schema = fields.Schema(
        content=fields.TEXT(analyzer=terms, stored=True),
        exact=fields.TEXT(analyzer=words),
        title=fields.TEXT(analyzer=terms, stored=True, sortable=True),
        title_exact=fields.TEXT(analyzer=words),
        # Without tiers of precision: each day is one term.
        date=fields.NUMERIC(int, bits=32, shift_step=0, stored=True, sortable=True),
    )
    for name in names:
        if name not in schema and not name.startswith("_") and " " not in name:
            schema.add(name, ColumnField())
    return schema


class SnapshotReader(reading.IndexReader):  # type: ignore[misc]
    """
    Read a whole snapshot, or one of its segments, as Whoosh does.

    Args:
        source: of a `LiveSegment`, documents are numbered from 0.
    """

    def __init__(self, source: Snapshot | LiveSegment) -> None:
        whole = isinstance(source, Snapshot)
        self._segments = list(source.segments) if whole else [source]
        self._generation = source.manifest.generation if whole else None
        first = self._segments[0].base if self._segments else 0
        self._bases = [live.base - first for live in self._segments]
        self._names = tuple(dict.fromkeys(n for s in self._segments for n in s.segment.columns))
        self.schema = whoosh_schema(self._names)
        self.postings_of = lru_cache(_TERMS_REMEMBERED)(self._postings_of)

    # Documents

    def generation(self) -> int | None:
        return self._generation

    def doc_count_all(self) -> int:
        return sum(live.segment.document_count for live in self._segments)

    def doc_count(self) -> int:
        return sum(live.live_count for live in self._segments)

    def has_deletions(self) -> bool:
        return any(live.alive is not None for live in self._segments)

    def is_deleted(self, docnum: int) -> bool:
        live, doc_id = self._locate(docnum)
        return live.alive is not None and not live.alive[doc_id]

    def all_doc_ids(self) -> Iterator[int]:
        return iter(np.flatnonzero(self._alive).tolist())

    def stored_fields(self, docnum: int) -> StoredFields:
        return StoredFields(*self._locate(docnum))

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        return False

    def vector(self, docnum: int, fieldname: str, format_: Any = None) -> Any:
        raise KeyError(f"no term vectors are kept of '{fieldname}'")

    def norms(self) -> NDArray[np.float32]:
        """Return the (D,) length normalisation of each document, as our own ranking has it."""
        return joined([live.norms for live in self._segments], np.float32)

    # Terms

    def indexed_field_names(self) -> list[str]:
        return list(self.schema.names())

    def __contains__(self, term: tuple[str, Any]) -> bool:
        fieldname, text = term
        if fieldname not in self.schema:
            return False
        key = self._text_to_bytes(fieldname, text)
        if fieldname in ("content", "exact"):
            return any(_table(s.segment, fieldname).find_bytes(key) is not None for s in self._segments)
        return len(self.postings_of(fieldname, key).docs) > 0

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            yield from ((name, text) for text in self._terms_of(name, b""))

    def terms_from(self, fieldname: str, prefix: Any) -> Iterator[tuple[str, bytes]]:
        start = self._text_to_bytes(fieldname, prefix)
        yield from ((fieldname, text) for text in self._terms_of(fieldname, start))
        for name in self.indexed_field_names():
            if name > fieldname:
                yield from ((name, text) for text in self._terms_of(name, b""))

    def doc_frequency(self, fieldname: str, text: Any) -> int:
        if fieldname not in self.schema:
            return 0
        key = self._text_to_bytes(fieldname, text)
        if fieldname != "content":
            return len(self.postings_of(fieldname, key).docs)
        found = ((live, live.segment.terms.find_bytes(key)) for live in self._segments)
        return sum(live.document_frequency(t) for live, t in found if t is not None)

    def frequency(self, fieldname: str, text: Any) -> int:
        if fieldname not in self.schema:
            return 0
        return self.postings_of(fieldname, self._text_to_bytes(fieldname, text)).occurrences

    def term_info(self, fieldname: str, text: Any) -> Any:
        postings = self._existing(fieldname, text)
        docs, weights = postings.docs, postings.weights
        if not len(docs):
            return reading.TermInfo(minlength=0, minid=0)
        lengths = self._lengths(fieldname)[docs]
        return reading.TermInfo(
            weight=postings.occurrences,
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def postings(self, fieldname: str, text: Any, scorer: Any = None) -> PostingsMatcher:
        return PostingsMatcher(
            self._existing(fieldname, text),
            format=self.schema[fieldname].format,
            scorer=scorer,
            term=(fieldname, self._text_to_bytes(fieldname, text)),
            terminfo=self.term_info(fieldname, text),
        )

    # Lengths

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname)[self._alive].sum())

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname)[self._alive].min(initial=np.iinfo(np.int32).max))

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname)[self._alive].max(initial=0))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self._lengths(fieldname)[docnum]) if fieldname in TEXT_FIELDS else default

    # Columns

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self.schema and self.schema[fieldname].column_type is not None

    def column_reader(
        self, fieldname: str, column: Any = None, reverse: bool = False, translate: bool = True
    ) -> Any:
        if not self.has_column(fieldname):
            raise KeyError(f"no column '{fieldname}'")
        field = self.schema[fieldname]
        reader: Any
        if fieldname == DATE:
            missing = field.column_type.default_value()
            reader = Values([field.to_column_value(n) if n else missing for n in self._dates])
        else:
            found = (live.segment.columns.get(fieldname) for live in self._segments)
            values = [
                [b""] * live.segment.document_count
                if one is None
                else [(value or "").encode() for value in one.all_values()]
                for one, live in zip(found, self._segments, strict=True)
            ]
            reader = Values([value for part in values for value in part])
        if reverse:
            reader.set_reverse()
        return columns.TranslatingColumnReader(reader, field.from_column_value) if translate else reader
