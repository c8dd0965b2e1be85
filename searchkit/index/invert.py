"""
Where does each word stand?

Inversion turns the line of tokens (place → word) around (term → places), and
folds the places of each term into its posting list (document → weighted
frequency). Terms are taken in ranges of some millions of places, so memory is
bounded whatever the size of the segment, and ranges are inverted by several
threads: sorting, gathering and counting all happen inside NumPy, without the
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

from searchkit.index.lists import EncodedLists, encode_lists
from searchkit.index.weights import (
    BODY_WEIGHT,
    QUARTERS,
    TITLE_WEIGHT,
    WEIGHT_OF_CODE,
    encode_weights,
)

# Eight bytes a place for the sort key and about forty of scratch: 200 MB a thread.
_RANGE_PLACES = 4_000_000
_SLICE = 1 << 22
_OWNER_BLOCK_BITS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """The line of tokens of a segment under construction, with its intervals."""

    terms: Sequence[NDArray[np.uint32]]
    """Term id of each place, in stretches that follow each other: (T,) in all."""
    ranks: Sequence[NDArray[Any]]
    """Which of the words of its term stands at each place, in the same stretches; uint16 if
    any term has more than 256 words."""
    doc_starts: NDArray[np.uint32]
    """(D + 1,) place of each document's first token; the last is T."""
    body_starts: NDArray[np.uint32]
    """(D,) place of the first token after the document's title."""
    term_forms: NDArray[np.int64]
    """(E,) number of words of each term."""
    norms: NDArray[np.float32]
    """(D,) length normalisation of each document, for the bounds."""


@dataclass(frozen=True, slots=True)
class Inverted:
    """The lists of one range of terms."""

    places: EncodedLists
    forms: NDArray[np.uint8]
    """Rank of the word at each place, for terms of several words (see form_bytes)."""
    documents: EncodedLists
    weights: NDArray[np.uint8]
    bounds: NDArray[np.float32]
    """Largest w / (w + norm) over each term's postings."""


def form_bytes(term_forms: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return how many bytes a place's rank takes for terms of that many words."""
    return np.select([term_forms <= 1, term_forms <= 256], [0, 1], 2).astype(np.int64)


def invert(line: Line, *, threads: int = 2) -> Iterator[Inverted]:
    """
    Yield the inverted lists of all terms, in term order, range after range.

    Cost: about 80 ns a token in all; 60 bytes of memory for each of
    ``_RANGE_PLACES`` places and thread.
    """
    term_count = len(line.term_forms)
    totals = np.zeros(term_count, np.int64)
    owners = _Owners.of(line.doc_starts)
    with ThreadPoolExecutor(threads) as pool:
        for stretch in line.terms:
            totals += np.bincount(stretch, minlength=term_count)
        # Two ranges ahead at most: results wait in memory until they are written.
        pending: deque[Future[Inverted]] = deque()
        for bounds in _ranges(totals, 32 - _rank_bits(line)):
            pending.append(pool.submit(_invert_range, line, owners, *bounds))
            if len(pending) > threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


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


def _ranges(totals: NDArray[np.int64], term_bits: int) -> Iterator[tuple[int, int]]:
    """Cut the terms into ranges of about ``_RANGE_PLACES`` places, start and end."""
    ends = np.cumsum(totals)
    start = 0
    while start < len(totals):
        done = ends[start - 1] if start else 0
        end = int(np.searchsorted(ends, done + _RANGE_PLACES, side="right"))
        # A sort key has room for so many terms besides the place and the rank.
        end = min(max(end, start + 1), start + (1 << term_bits))
        yield start, end
        start = end


def _invert_range(line: Line, owners: _Owners, start: int, end: int) -> Inverted:
    # term:24 place:32 rank:8 (or 16, 32, 16), so that one sort of plain numbers orders all three.
    rank_bits = _rank_bits(line)
    key = np.concatenate(list(_keys(line, rank_bits, start, end)))
    key.sort()
    ranks = key.astype(np.uint8 if rank_bits == 8 else np.uint16)
    key >>= np.uint64(rank_bits)
    places = key.astype(np.uint32)
    key >>= np.uint64(32)
    terms = key.astype(np.uint32)
    del key
    sizes = np.bincount(terms, minlength=end - start)
    documents = owners.documents(places)
    new = np.empty(len(places), bool)
    new[:1] = True
    np.not_equal(documents[1:], documents[:-1], out=new[1:])
    new[(np.cumsum(sizes) - sizes)[sizes > 0]] = True
    firsts = np.flatnonzero(new)
    in_title = places < line.body_starts[documents]
    documents = documents[firsts]
    weights = encode_weights(_weigh(firsts, in_title))
    posting_sizes = np.bincount(terms[firsts], minlength=end - start)
    impact = WEIGHT_OF_CODE[weights]
    impact /= impact + line.norms[documents]
    return Inverted(
        places=encode_lists(places, sizes),
        forms=_forms(ranks, line.term_forms[start:end], sizes),
        documents=encode_lists(documents, posting_sizes),
        weights=weights,
        bounds=np.maximum.reduceat(impact, np.cumsum(posting_sizes) - posting_sizes),
    )


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
