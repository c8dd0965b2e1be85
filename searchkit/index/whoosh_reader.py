"""
How does Whoosh read this index?

:class:`SnapshotReader` is a ``whoosh.reading.IndexReader``, so an unmodified
``whoosh.searching.Searcher(SnapshotReader(snapshot))`` answers every query class
of Whoosh, spans and ranges included, and sorts and groups by any column. It
serves two ends: what our own evaluation has no answer for is handed to Whoosh
(:func:`drain`), and our answers can be compared with Whoosh's. The fields are
those of :mod:`.whoosh_fields`.

Invariants:

- Documents are numbered as in the snapshot, deleted ones included; no posting
  list names a deleted document.
- A title counts its positions from 0 and a body from ``BODY_POSITION``, so that
  nothing reaches from one into the other.
- Frequencies and lengths are weighted by field as in :mod:`.weights`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from heapq import merge
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, reading, scoring
from whoosh.searching import Searcher
from whoosh.support.levenshtein import levenshtein

from searchkit.index.snapshot import Snapshot
from searchkit.index.weights import TITLE_WEIGHT
from searchkit.index.whoosh_fields import (
    DATE,
    TEXT_FIELDS,
    ColumnValues,
    StoredFields,
    whoosh_schema,
)
from searchkit.index.whoosh_postings import (
    PostingsMatcher,
    TermPostings,
    field_postings,
    field_terms,
    joined,
)

# Whoosh asks for a term's statistics, then for its postings, and again for each clause.
_TERMS_REMEMBERED = 64


class SnapshotReader(reading.IndexReader):  # type: ignore[misc]
    """
    Read a snapshot as Whoosh does.

    What each method answers is Whoosh's to say; closing leaves *snapshot* open.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._generation = snapshot.manifest.generation
        self._segments = list(snapshot.segments)
        self._bases = [live.base for live in self._segments]
        names = dict.fromkeys(n for live in self._segments for n in live.segment.columns)
        self.schema = whoosh_schema(names)
        self._found: dict[tuple[str, bytes], TermPostings] = {}
        self._weighed: dict[str, NDArray[np.float64]] = {}

    # Documents

    def generation(self) -> int:
        return self._generation

    def doc_count_all(self) -> int:
        return len(self.alive)

    def doc_count(self) -> int:
        return sum(live.live_count for live in self._segments)

    def has_deletions(self) -> bool:
        return self.doc_count() < self.doc_count_all()

    def is_deleted(self, docnum: int) -> bool:
        # Whoosh also asks for the number after the last.
        return docnum < len(self.alive) and not self.alive[docnum]

    def all_doc_ids(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.alive).tolist())

    def stored_fields(self, docnum: int) -> StoredFields:
        at = int(np.searchsorted(self._bases, docnum, side="right")) - 1
        return StoredFields(self._segments[at], docnum - self._bases[at])

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        return False

    def vector(self, docnum: int, fieldname: str, format_: Any = None) -> Any:
        raise KeyError(f"no term vectors are kept of '{fieldname}'")

    @cached_property
    def alive(self) -> NDArray[np.bool_]:
        """(D,) which documents are not deleted."""
        alive = np.ones(sum(live.segment.document_count for live in self._segments), bool)
        for live, base in zip(self._segments, self._bases, strict=True):
            if live.tombstones is not None:
                alive[live.tombstones.deleted + base] = False
        return alive

    # Terms

    def indexed_field_names(self) -> list[str]:
        return list(self.schema.names())

    def __contains__(self, term: tuple[str, Any]) -> bool:
        return self.doc_frequency(*term) > 0

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            yield from ((name, text) for text in self._terms_from(name, b""))

    def terms_from(self, fieldname: str, prefix: Any) -> Iterator[tuple[str, bytes]]:
        start = self._text_to_bytes(fieldname, prefix)
        yield from ((fieldname, text) for text in self._terms_from(fieldname, start))
        for name in self.indexed_field_names():
            if name > fieldname:
                yield from ((name, text) for text in self._terms_from(name, b""))

    def terms_within(
        self, fieldname: str, text: str, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        # The base class counts a transposition as one edit; Whoosh's own index, as ours, as two.
        for term in self.expand_prefix(fieldname, text[:prefix]):
            word = term.decode("utf-8", "replace")
            if levenshtein(word, text, limit=maxdist) <= maxdist:
                yield word

    def doc_frequency(self, fieldname: str, text: Any) -> int:
        if fieldname != "content":
            return len(self._known(fieldname, text).docs)
        term = self._text_to_bytes(fieldname, text).decode("utf-8", "replace")
        found = ((live, live.segment.term_id(term)) for live in self._segments)
        return sum(live.document_frequency(t) for live, t in found if t is not None)

    def frequency(self, fieldname: str, text: Any) -> int:
        return self._known(fieldname, text).occurrences

    def term_info(self, fieldname: str, text: Any) -> Any:
        found = self._known(fieldname, text)
        if not len(found.docs):
            raise reading.TermNotFound((fieldname, text))
        lengths = self._lengths(fieldname)[found.docs]
        return reading.TermInfo(
            weight=found.occurrences,
            df=len(found.docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(found.weights.max()),
            minid=int(found.docs[0]),
            maxid=int(found.docs[-1]),
        )

    def postings(self, fieldname: str, text: Any, scorer: Any = None) -> PostingsMatcher:
        return PostingsMatcher(
            self._known(fieldname, text),
            format=self.schema[fieldname].format,
            scorer=scorer,
            term=(fieldname, self._text_to_bytes(fieldname, text)),
            terminfo=self.term_info(fieldname, text),
        )

    def _known(self, fieldname: str, text: Any) -> TermPostings:
        if fieldname not in self.schema:
            return joined([], [])
        key = (fieldname, self._text_to_bytes(fieldname, text))
        if key not in self._found:
            if len(self._found) >= _TERMS_REMEMBERED:
                self._found.clear()
            found = [field_postings(live, *key) for live in self._segments]
            self._found[key] = joined(found, self._bases)
        return self._found[key]

    def _terms_from(self, fieldname: str, start: bytes) -> Iterator[bytes]:
        """Yield the terms of a field that live documents hold, ascending, from *start* on."""
        runs = [field_terms(live, fieldname, start) for live in self._segments]
        sure = fieldname in ("content", "exact") and not self.has_deletions()
        for term, _ in groupby(merge(*runs)):
            if sure or self.doc_frequency(fieldname, term):
                yield term

    # Lengths

    def field_length(self, fieldname: str) -> int:
        return int(self._live_lengths(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        lengths = self._live_lengths(fieldname)
        return int(lengths.min()) if len(lengths) else 0

    def max_field_length(self, fieldname: str) -> int:
        return int(self._live_lengths(fieldname).max(initial=0))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self._lengths(fieldname)[docnum]) if fieldname in TEXT_FIELDS else default

    def _live_lengths(self, fieldname: str) -> NDArray[np.float64]:
        lengths: NDArray[np.float64] = self._lengths(fieldname)[self.alive]
        return lengths

    def _lengths(self, fieldname: str) -> NDArray[np.float64]:
        """Return the (D,) weighted tokens of a text field; of a column, one each."""
        if fieldname not in TEXT_FIELDS:
            return np.ones(self.doc_count_all())
        if fieldname not in self._weighed:
            lengths: list[NDArray[Any]] = [np.zeros(0)]
            for segment in (live.segment for live in self._segments):
                titles = TITLE_WEIGHT * (segment.body_starts - segment.doc_starts[:-1])
                lengths.append(titles if fieldname.startswith("title") else segment.lengths())
            self._weighed[fieldname] = np.concatenate(lengths)
        return self._weighed[fieldname]

    # Columns

    def has_column(self, fieldname: str) -> bool:
        """Tell whether documents can be sorted and grouped by a field."""
        return fieldname in self.schema and self.schema[fieldname].column_type is not None

    def column_reader(
        self, fieldname: str, column: Any = None, reverse: bool = False, translate: bool = True
    ) -> Any:
        if not self.has_column(fieldname):
            raise KeyError(f"no column '{fieldname}'")
        field = self.schema[fieldname]
        values: list[Any] = []
        for live in self._segments:
            held = live.segment.columns.get(fieldname)
            if fieldname == DATE:
                missing = field.column_type.default_value()
                days = live.segment.dates.tolist()
                values += [field.to_column_value(day) if day else missing for day in days]
            elif held is None:
                values += [b""] * live.segment.document_count
            else:
                values += [(value or "").encode() for value in held.all_values()]
        reader = ColumnValues(values, reverse=reverse)
        if translate:
            return columns.TranslatingColumnReader(reader, field.from_column_value)
        return reader


class SnapshotWeighting(scoring.WeightingModel):  # type: ignore[misc]
    """Our own ranking as a weighting model of Whoosh: the same BM25F, the same scores."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._norms = np.concatenate(
            [np.zeros(0, np.float32), *(live.norms for live in snapshot.segments)]
        )

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        return self._snapshot.idf(searcher.doc_frequency(fieldname, text))

    def scorer(self, searcher: Any, fieldname: str, text: Any, qf: int = 1) -> Any:
        if fieldname not in TEXT_FIELDS:
            return scoring.WeightScorer(1.0)
        factor = searcher.idf(fieldname, text)
        if fieldname == "content":
            return _ImpactScorer(factor)
        return _Scorer(self._norms, factor)


class _ImpactScorer(scoring.BaseScorer):  # type: ignore[misc]
    def __init__(self, factor: float) -> None:
        self._factor = factor

    def score(self, matcher: Any) -> float:
        return float(self._factor * matcher.weight())


class _Scorer(scoring.BaseScorer):  # type: ignore[misc]
    def __init__(self, norms: NDArray[np.float32], factor: float) -> None:
        self._norms = norms
        self._factor = factor

    def score(self, matcher: Any) -> float:
        weight = matcher.weight()
        return float(self._factor * weight / (weight + self._norms.item(matcher.id())))


def drain(node: Any, snapshot: Snapshot) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """
    Run a query's own Whoosh matcher to its end.

    Args:
        node: a ``whoosh.query.Query`` over the fields of :mod:`.whoosh_fields`.

    Returns:
        (M,) the live documents of the snapshot that match, ascending, and (M,)
        their scores, which are 0 for a query about metadata.

    Cost: Whoosh's, about 10 microseconds a document.
    """
    searcher = Searcher(SnapshotReader(snapshot), weighting=SnapshotWeighting(snapshot))
    fieldname = getattr(node, "fieldname", None) if node.is_leaf() else None
    is_filter = fieldname not in (None, *TEXT_FIELDS)
    docs: list[int] = []
    scores: list[float] = []
    # Whoosh's patterns raise where there is no such column.
    if not is_filter or fieldname in searcher.schema:
        # Spans are those of the current document, so its matchers must be there to be asked.
        matcher = node.matcher(searcher, searcher.context(needs_current=True))
        while matcher.is_active():
            docs.append(matcher.id())
            scores.append(0.0 if is_filter else matcher.score())
            matcher.next()
    found = np.array(docs, np.int64)
    # Whoosh's column queries look at the deleted documents, too.
    kept = searcher.reader().alive[found]
    return found[kept], np.array(scores, np.float32)[kept]
