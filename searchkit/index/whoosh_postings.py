"""
What does Whoosh see of one term?

Its posting list: the documents that hold it, how often (weighted by field), and
at which positions. Whoosh asks for one document at a time; the arrays stay as
they are until then.
"""

from __future__ import annotations

import copy
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.matching import ListMatcher, ReadTooFar

from searchkit.index.segment import Segment
from searchkit.index.snapshot import LiveSegment
from searchkit.index.strings import Strings
from searchkit.index.weights import BODY_WEIGHT, IMPACT_OF_CODE, TITLE_WEIGHT
from searchkit.index.whoosh_fields import DATE, TEXT_FIELDS, day_term, term_day

#: Position of a body's first word: further from any title than a query can reach.
BODY_POSITION = 1 << 20
#: What stands for a document where there are no more.
PAST_THE_END = 1 << 62


@dataclass(frozen=True, slots=True)
class TermPostings:
    """P live documents that hold one term, ascending."""

    docs: NDArray[np.int64]
    weights: NDArray[np.float32]
    """(P,) impact in the field "content", weighted frequency in other text fields; 1 for a
    column's value."""
    positions: NDArray[np.int64] | None = None
    """(E,) positions, document after document; None for a column's value."""
    bounds: NDArray[np.int64] | None = None
    """(P + 1,) where each document's positions begin."""

    @property
    def occurrences(self) -> int:
        """Times that the term stands in live documents."""
        return len(self.docs if self.positions is None else self.positions)


def field_postings(live: LiveSegment, fieldname: str, term: bytes) -> TermPostings:
    """Find a term of any field in one segment."""
    if fieldname in TEXT_FIELDS:
        return _text_postings(live, fieldname, term)
    docs = np.zeros(0, np.int64)
    column = live.segment.columns.get(fieldname)
    if fieldname == DATE:
        docs = np.flatnonzero(live.segment.dates == term_day(term))
    elif column is not None:
        docs = column.documents(*column.code_range(_decoded(term)))
    docs = docs if live.alive is None else docs[live.alive[docs]]
    return TermPostings(docs, np.ones(len(docs), np.float32))


def field_terms(live: LiveSegment, fieldname: str, start: bytes) -> Iterator[bytes]:
    """Yield the terms of any field in one segment, ascending, from *start* on."""
    segment = live.segment
    if fieldname in TEXT_FIELDS:
        table = _table(segment, fieldname)
        yield from map(table.raw, range(table.lower_bound(start), len(table)))
    elif fieldname == DATE:
        days = map(day_term, np.unique(segment.dates[segment.dates > 0]).tolist())
        yield from (day for day in days if day >= start)
    elif fieldname in segment.columns:
        column = segment.columns[fieldname]
        first = column.code_range(_decoded(start))[0] - 1
        values = map(str.lower, column.values.range(first, len(column.values)))
        yield from (value.encode("utf-8", "replace") for value, _ in groupby(values))


def _table(segment: Segment, fieldname: str) -> Strings:
    return segment.words if fieldname.endswith("exact") else segment.terms


def _decoded(term: bytes) -> str:
    return term.decode("utf-8", "replace")


def _text_postings(live: LiveSegment, fieldname: str, term: bytes) -> TermPostings:
    segment = live.segment
    places = _places(segment, fieldname, _decoded(term))
    owner = segment.doc_starts.searchsorted(places, side="right") - 1
    in_title = places < segment.body_starts[owner]
    keep = in_title if fieldname.startswith("title") else np.ones(len(places), bool)
    if live.alive is not None:
        keep = keep & live.alive[owner]
    places, owner, in_title = places[keep], owner[keep], in_title[keep]
    body_zero = segment.body_starts[owner].astype(np.int64) - BODY_POSITION
    positions = places.astype(np.int64) - np.where(in_title, segment.doc_starts[owner], body_zero)
    docs, firsts = np.unique(owner, return_index=True)
    weights = np.where(in_title, np.float32(TITLE_WEIGHT), np.float32(BODY_WEIGHT))
    sums = np.add.reduceat(weights, firsts) if len(firsts) else weights
    bounds = np.append(firsts, len(positions))
    if fieldname == "content":
        return _folded(live, _decoded(term), docs, positions, bounds)
    return TermPostings(docs, sums, positions, bounds)


def _folded(
    live: LiveSegment,
    term: str,
    docs: NDArray[np.int64],
    positions: NDArray[np.int64],
    bounds: NDArray[np.int64],
) -> TermPostings:
    """
    Return the posting list as the index folds it: whole words and inner ones.

    A document that holds the term only inside other words has no position.
    """
    segment = live.segment
    number = segment.term_id(term)
    if number is None:
        return TermPostings(docs, np.zeros(0, np.float32), positions, bounds)
    start, end = segment.postings.bounds(number)
    held = segment.postings.decode_as_index(number)
    weights = IMPACT_OF_CODE[segment.impacts[start:end]]
    if live.alive is not None:
        kept = live.alive[held]
        held, weights = held[kept], weights[kept]
    sizes = np.zeros(len(held), np.int64)
    sizes[held.searchsorted(docs)] = np.diff(bounds)
    return TermPostings(held, weights, positions, np.append(0, sizes.cumsum()))


def _places(segment: Segment, fieldname: str, text: str) -> NDArray[np.uint32]:
    number = _table(segment, fieldname).find(text)
    if number is None:
        return np.zeros(0, np.uint32)
    if not fieldname.endswith("exact"):
        return segment.places.decode(number)
    term = segment.word_terms.item(number)
    rank = segment.forms_of(term).tolist().index(number)
    places = segment.places.decode(term)
    chosen: NDArray[np.uint32] = places[segment.ranks(term) == rank]
    return chosen


def joined(parts: Sequence[TermPostings], bases: Sequence[int]) -> TermPostings:
    """Join what segments hold, whose documents are numbered from *bases*."""
    if len(parts) == 1 and not bases[0]:
        return parts[0]
    docs = [part.docs + base for part, base in zip(parts, bases, strict=True)]
    weights = [part.weights for part in parts]
    positions = [part.positions for part in parts if part.positions is not None]
    if not positions:
        return TermPostings(_concatenated(docs, np.int64), _concatenated(weights, np.float32))
    sizes = [np.diff(part.bounds) for part in parts if part.bounds is not None]
    return TermPostings(
        _concatenated(docs, np.int64),
        _concatenated(weights, np.float32),
        _concatenated(positions, np.int64),
        np.append(0, np.cumsum(_concatenated(sizes, np.int64))),
    )


def _concatenated(arrays: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *arrays])


class PostingsMatcher(ListMatcher):  # type: ignore[misc]
    """Whoosh's matcher over a posting list; the list is one block."""

    def __init__(
        self,
        postings: TermPostings,
        *,
        format: Any,  # noqa: A002 - Whoosh's own name
        scorer: Any,
        term: Any,
        terminfo: Any,
    ) -> None:
        super().__init__(
            postings.docs.tolist(),
            postings.weights.tolist(),
            format=format,
            scorer=scorer,
            term=term,
            terminfo=terminfo,
        )
        self._i: int = 0
        self._postings = postings

    def copy(self) -> PostingsMatcher:
        return copy.copy(self)

    def id(self) -> int:
        # Whoosh's SpanNot asks for it past the end.
        return int(self._ids[self._i]) if self._i < len(self._ids) else PAST_THE_END

    def skip_to(self, id: int) -> None:  # noqa: A002
        if not self.is_active():
            raise ReadTooFar
        self._i = bisect_left(self._ids, id, self._i)

    def skip_to_quality(self, minquality: float) -> int:
        if self.block_quality() > minquality:
            return 0
        self._i = len(self._ids)
        return 1

    def block_max_weight(self) -> float:
        """Return the greatest weight; the base class looks for it in the list each time."""
        return float(self._terminfo.max_weight())

    def value(self) -> bytes:
        positions = self._positions()
        return b"" if positions is None else bytes(self._format.encode(positions))

    def value_as(self, astype: str) -> Any:
        positions = self._positions() if astype == "positions" else None
        return super().value_as(astype) if positions is None else positions

    def _positions(self) -> list[int] | None:
        found = self._postings
        if found.positions is None or found.bounds is None:
            return None
        start, end = found.bounds[self._i : self._i + 2].tolist()
        positions: list[int] = found.positions[start:end].tolist()
        return positions
