"""
Where does each word stand?

Inversion turns the line of tokens (place → word) around (term → places), and
folds the places of each term into its posting list (document → impact). Where a
term stands inside another word, or in what a context makes of one, is an
*inner* place: it has a list of its own, and its share of the posting's impact.

Terms are taken in shares of some millions of places, so memory is bounded
whatever the size of the segment, and shares are inverted by several threads:
sorting, gathering and counting all happen inside NumPy, without the
interpreter's lock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.runs import begins_run
from searchkit.index.lists import EncodedLists, encode_lists
from searchkit.index.weights import (
    BODY_WEIGHT,
    KIND_WEIGHTS,
    QUARTERS,
    TITLE_WEIGHT,
    encode_impacts,
)

# The places of a share of the terms are sorted together: each share is one pass over the
# line, and takes eight bytes a place.
_SHARE_PLACES = 16_000_000
# The sorted places are then worked on in ranges, with about forty bytes of scratch a place;
# in ranges of one million all of it takes 7 % less processor time than in four.
_RANGE_PLACES = 1_000_000
_SLICE = 1 << 22
_OWNER_BLOCK_BITS = 4
# Where an inner key has its place and its term (see Line.inner).
INNER_PLACE_BIT = np.uint64(8)
INNER_TERM_BIT = np.uint64(40)


@dataclass(frozen=True, slots=True)
class Line:
    """The line of tokens of a segment under construction, with its intervals."""

    terms: Sequence[NDArray[np.uint32]]
    """Term id of each place, in stretches that follow each other: (T,) in all."""
    ranks: Sequence[NDArray[Any]]
    """Which of the words of its term stands at each place, in the same stretches; uint16 if
    any term has more than 256 words."""
    inner: NDArray[np.uint64]
    """(I,) term:24 place:32 kind:8 of each inner place, ascending, no term twice at a place."""
    doc_starts: NDArray[np.uint32]
    """(D + 1,) place of each document's first token; the last is T."""
    body_starts: NDArray[np.uint32]
    """(D,) place of the first token after the document's title."""
    term_forms: NDArray[np.int64]
    """(E,) number of words of each term."""
    norms: NDArray[np.float32]
    """(D,) length norm of each document."""


@dataclass(frozen=True, slots=True)
class Inverted:
    """The lists of one range of terms."""

    places: EncodedLists
    forms: NDArray[np.uint8]
    """Rank of the word at each place, for terms of several words (see form_bytes)."""
    inner: EncodedLists
    documents: EncodedLists
    impacts: NDArray[np.uint8]
    """Impact code of each posting."""
    bounds: NDArray[np.uint8]
    """Largest impact code of each term's postings."""


#: For every so many terms it is kept where their ranks begin.
TERMS_A_MARK = 256


def form_bytes(term_forms: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return how many bytes a place's rank takes for terms of that many words."""
    return (term_forms > 1).astype(np.int64) + (term_forms > 256)


def invert(line: Line, *, threads: int = 2) -> Iterator[Inverted]:
    """
    Yield the inverted lists of all terms, in term order, range after range.

    Cost: about 80 ns a token in all; a thread takes 8 bytes for each of
    ``_SHARE_PLACES`` places and 40 for each of ``_RANGE_PLACES``.
    """
    term_count = len(line.term_forms)
    totals = np.zeros(term_count, np.int64)
    owners = _Owners.of(line.doc_starts)
    with ThreadPoolExecutor(threads) as pool:
        for stretch in line.terms:
            totals += np.bincount(stretch, minlength=term_count)
        totals += np.diff(_borders(line.inner, 0, term_count))
        # Two shares ahead at most: results wait in memory until they are written.
        pending: deque[Future[list[Inverted]]] = deque()
        for start, end in _ranges(totals, _SHARE_PLACES, 32 - _rank_bits(line)):
            pending.append(pool.submit(_invert_share, line, owners, totals[start:end], start))
            if len(pending) > threads:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()


@dataclass(frozen=True, slots=True)
class _Owners:
    """Which document each place belongs to, from a table of every 16th place."""

    doc_starts: NDArray[np.uint32]
    firsts: NDArray[np.uint32]

    @classmethod
    def of(cls, doc_starts: NDArray[np.uint32]) -> _Owners:
        blocks = np.arange(0, int(doc_starts[-1]) + 1, 1 << _OWNER_BLOCK_BITS, dtype=np.uint32)
        firsts = doc_starts.searchsorted(blocks, side="right") - 1
        return cls(doc_starts, firsts.astype(np.uint32))

    def documents(self, places: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return the (P,) document of each place."""
        found: NDArray[np.uint32] = self.firsts[places >> _OWNER_BLOCK_BITS]
        # Few places lie behind a border within their block.
        late = np.flatnonzero(places >= self.doc_starts[found + 1])
        while late.size:
            found[late] += 1
            late = late[places[late] >= self.doc_starts[found[late] + 1]]
        return found


def _rank_bits(line: Line) -> int:
    return 16 if any(stretch.dtype == np.uint16 for stretch in line.ranks) else 8


def _ranges(totals: NDArray[np.int64], places: int, term_bits: int) -> Iterator[tuple[int, int]]:
    """Cut the terms into ranges of about so many *places*, start and end."""
    ends = np.cumsum(totals)
    start = 0
    while start < len(totals):
        done = ends[start - 1] if start else 0
        end = int(np.searchsorted(ends, done + places, side="right"))
        # A sort key has room for so many terms besides the place and the rank.
        end = min(max(end, start + 1), start + (1 << term_bits))
        yield start, end
        start = end


def _invert_share(
    line: Line, owners: _Owners, totals: NDArray[np.int64], first: int
) -> list[Inverted]:
    """Invert the terms from *first* on that have *totals* places, whole and inner."""
    # term:24 place:32 rank:8 (or 16, 32, 16), so that one sort of plain numbers orders all three.
    rank_bits = _rank_bits(line)
    keys = np.concatenate(list(_keys(line, rank_bits, first, first + len(totals))))
    keys.sort()
    ranges = list(_ranges(totals, _RANGE_PLACES, 32))
    term_shift = np.uint64(32 + rank_bits)
    borders = keys.searchsorted(np.array([end for _, end in ranges], np.uint64) << term_shift)
    parts = np.split(keys, borders[:-1])
    return [
        _invert_range(line, owners, part, start, first + start, first + end)
        for part, (start, end) in zip(parts, ranges, strict=True)
    ]


def _invert_range(
    line: Line, owners: _Owners, key: NDArray[np.uint64], before: int, start: int, end: int
) -> Inverted:
    """Invert the terms start … end - 1 from their sorted keys, whose terms count from *before*."""
    rank_bits = _rank_bits(line)
    ranks = key.astype(np.uint8 if rank_bits == 8 else np.uint16)
    key >>= np.uint64(rank_bits)
    places = key.astype(np.uint32)
    key >>= np.uint64(32)
    terms = key.astype(np.uint32)
    terms -= np.uint32(before)
    sizes = np.bincount(terms, minlength=end - start)
    documents = owners.documents(places)
    new = begins_run(documents)
    new[(np.cumsum(sizes) - sizes)[sizes > 0]] = True
    firsts = np.flatnonzero(new)
    in_title = places < line.body_starts[documents]
    postings = _Postings(
        terms[firsts].astype(np.uint64) << np.uint64(32) | documents[firsts],
        _weigh(firsts, in_title),
    )
    inner_places, inner_sizes, inner = _inner_postings(line, owners, start, end)
    postings = postings.with_(inner)
    documents = postings.keys.astype(np.uint32)
    weights = postings.quarters.astype(np.float32)
    weights /= np.float32(QUARTERS)
    impacts = encode_impacts(weights / (weights + line.norms[documents]))
    terms = (postings.keys >> np.uint64(32)).astype(np.int64)
    posting_sizes = np.bincount(terms, minlength=end - start)
    return Inverted(
        places=encode_lists(places, sizes),
        forms=_forms(ranks, line.term_forms[start:end], sizes),
        inner=encode_lists(inner_places, inner_sizes),
        documents=encode_lists(documents, posting_sizes),
        impacts=impacts,
        bounds=np.maximum.reduceat(impacts, np.cumsum(posting_sizes) - posting_sizes),
    )


@dataclass(frozen=True, slots=True)
class _Postings:
    """Postings of a range of terms in order of term and document."""

    keys: NDArray[np.uint64]
    """(P,) term:32 document:32, ascending, distinct."""
    quarters: NDArray[np.int64]
    """(P,) weighted frequency in quarters."""

    def with_(self, other: _Postings) -> _Postings:
        """Add the weights of *other*; takes this one's memory."""
        if not len(other.keys):
            return self
        at = np.searchsorted(self.keys, other.keys)
        same = self.keys.take(at, mode="clip") == other.keys if len(self.keys) else at > 0
        self.quarters[at[same]] += other.quarters[same]
        new = np.flatnonzero(~same)
        places = at[new]
        places += np.arange(len(new))
        old = np.ones(len(self.keys) + len(new), bool)
        old[places] = False
        old_places = old.nonzero()[0]
        keys = np.empty(len(old), np.uint64)
        keys[places], keys[old_places] = other.keys[new], self.keys
        quarters = np.empty(len(old), np.int64)
        quarters[places], quarters[old_places] = other.quarters[new], self.quarters
        return _Postings(keys, quarters)


def _borders(inner: NDArray[np.uint64], start: int, end: int) -> NDArray[np.int64]:
    """Return where the inner keys of the terms start … end - 1 begin, and where the last end."""
    terms = np.arange(start, end + 1, dtype=np.uint64) << INNER_TERM_BIT
    return inner.searchsorted(terms)


def _inner_postings(
    line: Line, owners: _Owners, start: int, end: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64], _Postings]:
    """Return the inner places of a range of terms, how many each has, and their postings."""
    borders = _borders(line.inner, start, end)
    keys = line.inner[borders[0] : borders[-1]]
    sizes = np.diff(borders)
    places = (keys >> INNER_PLACE_BIT).astype(np.uint32)
    documents = owners.documents(places)
    quarters = _KIND_QUARTERS[(places < line.body_starts[documents]).astype(np.uint8), keys & _KIND]
    terms = np.repeat(np.arange(end - start, dtype=np.uint64), sizes)
    posting = terms << np.uint64(32) | documents
    firsts = np.flatnonzero(begins_run(posting))
    sums = np.add.reduceat(quarters, firsts) if len(firsts) else quarters
    return places, sizes, _Postings(posting[firsts], sums)


_KIND = np.uint64(0xFF)
_FIELD_WEIGHTS = np.array([BODY_WEIGHT, TITLE_WEIGHT])
# (2, K): quarters of an inner place of each kind, in a body and in a title.
_KIND_QUARTERS = np.rint(np.outer(_FIELD_WEIGHTS, KIND_WEIGHTS) * QUARTERS).astype(np.int64)


def _keys(line: Line, rank_bits: int, start: int, end: int) -> Iterator[NDArray[np.uint64]]:
    """Yield the sort keys of all places whose term is in start … end - 1."""
    place = 0
    for terms, ranks in zip(line.terms, line.ranks, strict=True):
        for at in range(0, len(terms), _SLICE):
            part = terms[at : at + _SLICE] - np.uint32(start)
            chosen = np.flatnonzero(part < np.uint32(end - start))
            key = part[chosen].astype(np.uint64) << np.uint64(32)
            key |= (chosen + (place + at)).astype(np.uint64)
            key <<= np.uint64(rank_bits)
            key |= ranks[at : at + _SLICE][chosen]
            yield key
        place += len(terms)


def _weigh(firsts: NDArray[np.int64], in_title: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the weighted frequency, in quarters, of each posting's places."""
    counts = np.diff(firsts, append=len(in_title))
    quarters = counts * int(BODY_WEIGHT * QUARTERS)
    titles = np.flatnonzero(in_title)
    of_posting = np.searchsorted(firsts, titles, side="right") - 1
    extra = int((TITLE_WEIGHT - BODY_WEIGHT) * QUARTERS)
    quarters += extra * np.bincount(of_posting, minlength=len(firsts))
    return quarters


def _forms(
    ranks: NDArray[Any],
    term_forms: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> NDArray[np.uint8]:
    """Return the bytes that tell which word of its term stands at each place."""
    widths = form_bytes(term_forms)
    width_of = np.repeat(widths.astype(np.uint8), sizes)
    if not (widths == 2).any():
        return ranks[width_of > 0].astype(np.uint8)
    pairs = np.stack([ranks & 0xFF, ranks >> 8], axis=1).astype(np.uint8)
    kept: NDArray[np.uint8] = pairs[np.stack([width_of > 0, width_of == 2], axis=1)]
    return kept
