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

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Line:
    """The line of tokens of a segment under construction, with its intervals."""

    words: NDArray[np.uint32]
    """(T,) word id of each place."""
    doc_starts: NDArray[np.uint32]
    """(D + 1,) place of each document's first token; the last is T."""
    body_starts: NDArray[np.uint32]
    """(D,) place of the first token after the document's title."""
    word_terms: NDArray[np.uint32]
    """(W,) term id of each word."""
    word_ranks: NDArray[np.uint32]
    """(W,) number of each word among the words of its term."""
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

    Cost: about 100 ns a token in all; 60 bytes of memory for each of
    ``_RANGE_PLACES`` places and thread, and 8 bytes a token.
    """
    term_count = len(line.term_forms)
    line_terms = np.empty(len(line.words), np.uint32)
    line_ranks = np.empty(len(line.words), np.uint8)
    low_ranks = line.word_ranks.astype(np.uint8)
    totals = np.zeros(term_count, np.int64)
    slices = [slice(s, s + _SLICE) for s in range(0, len(line.words), _SLICE)]

    def map_slice(part: slice) -> NDArray[np.int64]:
        line_terms[part] = line.word_terms[line.words[part]]
        line_ranks[part] = low_ranks[line.words[part]]
        return np.bincount(line_terms[part], minlength=term_count)

    doc_tokens = line.doc_starts[1:].astype(np.int64) - line.doc_starts[:-1]
    doc_of = np.repeat(np.arange(len(line.body_starts), dtype=np.uint32), doc_tokens)
    with ThreadPoolExecutor(threads) as pool:
        for counts in pool.map(map_slice, slices):
            totals += counts
        places = _Places(line_terms, line_ranks, doc_of)
        ranges = list(_ranges(totals))
        # Two ranges ahead at most: results wait in memory until they are written.
        pending = []
        for bounds in ranges:
            pending.append(pool.submit(_invert_range, line, places, *bounds))
            if len(pending) > threads:
                yield pending.pop(0).result()
        for future in pending:
            yield future.result()


@dataclass(frozen=True, slots=True)
class _Places:
    """What is known of each place, (T,) each."""

    terms: NDArray[np.uint32]
    ranks: NDArray[np.uint8]
    """Rank of the place's word among the words of its term: the low byte."""
    documents: NDArray[np.uint32]


def _ranges(totals: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    ends = np.cumsum(totals)
    start = 0
    while start < len(totals):
        done = ends[start - 1] if start else 0
        end = int(np.searchsorted(ends, done + _RANGE_PLACES, side="right"))
        # A sort key has room for so many terms besides the place and the rank.
        end = min(max(end, start + 1), start + (1 << 24))
        yield start, end
        start = end


def _invert_range(line: Line, known: _Places, start: int, end: int) -> Inverted:
    # term:24 place:32 rank:8, so that one sort of plain numbers orders all three.
    key = np.concatenate(list(_keys(known, start, end)))
    key.sort()
    ranks = key.astype(np.uint8)
    key >>= np.uint64(8)
    places = key.astype(np.uint32)
    key >>= np.uint64(32)
    terms = key.astype(np.uint32)
    del key
    sizes = np.bincount(terms, minlength=end - start)
    documents = known.documents[places]
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
        forms=_forms(line, places, ranks, line.term_forms[start:end], sizes),
        documents=encode_lists(documents, posting_sizes),
        weights=weights,
        bounds=np.maximum.reduceat(impact, np.cumsum(posting_sizes) - posting_sizes),
    )


def _keys(known: _Places, start: int, end: int) -> Iterator[NDArray[np.uint64]]:
    """Yield the sort keys of all places whose term is in start … end - 1."""
    for at in range(0, len(known.terms), _SLICE):
        part = known.terms[at : at + _SLICE] - np.uint32(start)
        chosen = np.flatnonzero(part < np.uint32(end - start))
        key = part[chosen].astype(np.uint64) << np.uint64(32)
        key |= (chosen + at).astype(np.uint64)
        key <<= np.uint64(8)
        key |= known.ranks[at : at + _SLICE][chosen]
        yield key


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
    line: Line,
    places: NDArray[np.uint32],
    ranks: NDArray[np.uint8],
    term_forms: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> NDArray[np.uint8]:
    """Return the bytes that tell which word of its term stands at each place."""
    widths = form_bytes(term_forms)
    width_of = np.repeat(widths.astype(np.uint8), sizes)
    if not (widths == 2).any():
        return ranks[width_of > 0]
    wide = np.flatnonzero(width_of == 2)
    high = np.zeros(len(ranks), np.uint8)
    high[wide] = line.word_ranks[line.words[places[wide]]] >> 8
    pairs = np.stack([ranks, high], axis=1)
    kept: NDArray[np.uint8] = pairs[np.stack([width_of > 0, width_of == 2], axis=1)]
    return kept
