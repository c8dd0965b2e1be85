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
    term_forms: NDArray[np.uint32]
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
    totals = np.zeros(term_count, np.int64)
    slices = [slice(s, s + _SLICE) for s in range(0, len(line.words), _SLICE)]

    def map_slice(part: slice) -> NDArray[np.int64]:
        line_terms[part] = line.word_terms[line.words[part]]
        return np.bincount(line_terms[part], minlength=term_count)

    doc_of = np.repeat(
        np.arange(len(line.body_starts), dtype=np.uint32), np.diff(line.doc_starts.astype(np.int64))
    )
    with ThreadPoolExecutor(threads) as pool:
        for counts in pool.map(map_slice, slices):
            totals += counts
        ranges = list(_ranges(totals))
        # Two ranges ahead at most: results wait in memory until they are written.
        pending = []
        for bounds in ranges:
            pending.append(pool.submit(_invert_range, line, line_terms, doc_of, *bounds))
            if len(pending) > threads:
                yield pending.pop(0).result()
        for future in pending:
            yield future.result()


def _ranges(totals: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    ends = np.cumsum(totals)
    start = 0
    while start < len(totals):
        done = ends[start - 1] if start else 0
        end = int(np.searchsorted(ends, done + _RANGE_PLACES, side="right"))
        end = max(end, start + 1)
        yield start, end
        start = end


def _invert_range(
    line: Line,
    line_terms: NDArray[np.uint32],
    doc_of: NDArray[np.uint32],
    start: int,
    end: int,
) -> Inverted:
    keys = []
    for at in range(0, len(line_terms), _SLICE):
        part = line_terms[at : at + _SLICE]
        chosen = np.flatnonzero((part - np.uint32(start)) < np.uint32(end - start))
        key = (part[chosen] - np.uint32(start)).astype(np.uint64) << np.uint64(32)
        key |= (chosen + at).astype(np.uint64)
        keys.append(key)
    key = np.concatenate(keys)
    del keys
    key.sort()
    places = key.astype(np.uint32)
    terms = (key >> np.uint64(32)).astype(np.uint32)
    del key
    sizes = np.bincount(terms, minlength=end - start)
    documents = doc_of[places]
    new = np.empty(len(places), bool)
    new[:1] = True
    np.not_equal(documents[1:], documents[:-1], out=new[1:])
    new[1:] |= terms[1:] != terms[:-1]
    firsts = np.flatnonzero(new)
    in_title = places < line.body_starts[documents]
    quarters = _weigh(firsts, in_title)
    documents = documents[firsts]
    weights = encode_weights(quarters)
    posting_terms = terms[firsts]
    posting_sizes = np.bincount(posting_terms, minlength=end - start)
    impact = WEIGHT_OF_CODE[weights]
    impact /= impact + line.norms[documents]
    return Inverted(
        places=encode_lists(places, sizes),
        forms=_forms(line, places, terms, start, end),
        documents=encode_lists(documents, posting_sizes),
        weights=weights,
        bounds=np.maximum.reduceat(impact, np.cumsum(posting_sizes) - posting_sizes),
    )


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
    terms: NDArray[np.uint32],
    start: int,
    end: int,
) -> NDArray[np.uint8]:
    """Return the bytes that tell which word of its term stands at each place."""
    widths = form_bytes(line.term_forms[start:end])
    width_of = widths[terms]
    ranks = line.word_ranks[line.words[places[width_of > 0]]]
    width_of = width_of[width_of > 0]
    if not (width_of == 2).any():
        return ranks.astype(np.uint8)
    pairs = np.stack([ranks & 0xFF, ranks >> 8], axis=1).astype(np.uint8)
    keep = np.stack([np.ones(len(ranks), bool), width_of == 2], axis=1)
    return pairs[keep]
