"""
Which three words follow each other in which document?

A *shingle* is three consecutive words of a document's body; the set of them says what is
written there, whatever the order of its parts, and case, signs and line breaks do not
matter. Here a line of tokens becomes 64-bit hashes of shingles, and documents most of
whose shingles stand in no other document are told apart from those that may have kin:
in texts written for themselves most shingles occur once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.runs import stretches
from searchkit.index.snapshot import LiveSegment, Snapshot

WORDS = 3
"""Words of a shingle: two are common by chance, more make one changed word weigh more."""

# Odd numbers with their bits well mixed: those of the golden ratio and of SplitMix64.
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_FREE, _SHARED = 0xFFFFFFFF, 0xFFFFFFFE
# Tables of owners stay below 256 MB; what does not fit is counted in several rounds.
_MOST_SLOTS = 1 << 26
# Shingles that are hashed at a time: their arrays stay in cache.
_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class Bodies:
    """
    The words of N documents.

    Attributes:
        line: (T,) uint32 word of each token, the same number for the same word.
        starts, ends: (N,) int64 stretch of each document's body on the line.
        doc_ids: (N,) int64 their numbers in the snapshot.
    """

    line: NDArray[np.uint32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    doc_ids: NDArray[np.int64]

    def only(self, kept: NDArray[np.integer] | NDArray[np.bool_]) -> Bodies:
        """Return these with fewer documents; the line is shared."""
        return Bodies(self.line, self.starts[kept], self.ends[kept], self.doc_ids[kept])

    def words(self, number: int) -> NDArray[np.uint32]:
        """Return the words of document *number*."""
        return self.line[self.starts[number] : self.ends[number]]

    def shingles(self, number: int) -> NDArray[np.uint64]:
        """Return the set of shingles of document *number*, ascending; see :func:`hashes`."""
        return np.unique(hashes(self.words(number)))


def bodies(snapshot: Snapshot) -> Bodies:
    """
    Return the words of every live document that has any.

    Cost: about 20 ns a token, and 1 microsecond a word where there are several segments;
    4 bytes a token, and 20 more while one segment is being read.
    """
    numbers: dict[str, int] = {}
    lines, starts, ends, doc_ids = [], [], [], []
    done = 0
    for live in snapshot.segments:
        segment = live.segment
        line = segment.line()
        if len(snapshot.segments) > 1:
            line = _numbered(live, numbers)[line]
        lines.append(line)
        begins = segment.body_starts.astype(np.int64)
        limits = segment.doc_starts[1:].astype(np.int64)
        kept = limits > begins
        if live.alive is not None:
            kept &= live.alive
        starts.append(begins[kept] + done)
        ends.append(limits[kept] + done)
        doc_ids.append(np.flatnonzero(kept) + live.base)
        done += len(line)
    if not lines:
        nothing = np.zeros(0, np.int64)
        return Bodies(np.zeros(0, np.uint32), nothing, nothing, nothing)
    line = lines[0] if len(lines) == 1 else np.concatenate(lines)
    return Bodies(line, *map(np.concatenate, (starts, ends, doc_ids)))


def _numbered(live: LiveSegment, numbers: dict[str, int]) -> NDArray[np.uint32]:
    """Return the number that all segments share of each word of one segment."""
    words = live.segment.words
    spellings = words.range(0, len(words))
    return np.array([numbers.setdefault(word, len(numbers)) for word in spellings], np.uint32)


def hashes(words: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return the hash of each shingle of consecutive *words*: (len(words) - 2,), or none."""
    wide = words.astype(np.uint64)
    result = wide[WORDS - 1 :] + np.uint64(1)
    for distance, factor in enumerate(_MIX, 1):
        result *= np.uint64(factor)
        result ^= result >> np.uint64(32)
        if distance < WORDS:
            result += wide[WORDS - 1 - distance : len(wide) - distance]
    return result


def shared_share(documents: Bodies) -> NDArray[np.float64]:
    """
    Return (N,) bounds: no more than this share of a document's shingles do others hold.

    Args:
        documents: of three words at least.

    Shingles are told apart by a part of their hash, and a document's are counted as often
    as it has them: both make the bound looser, never wrong.

    Cost: about 40 ns a token, and 256 MB at most.
    """
    sizes = documents.ends - documents.starts - (WORDS - 1)
    total = int(sizes.sum())
    slots = min(_MOST_SLOTS, 1 << max(10, total.bit_length()))
    rounds = -(-total // slots)
    alone = np.zeros(len(sizes), np.int64)
    for turn in range(rounds):
        owners = np.full(slots, _FREE, np.uint32)
        for numbers, places in _slots(documents, slots, turn, rounds):
            # The last of several that want a slot gets it …
            owners[places] = numbers
        for numbers, places in _slots(documents, slots, turn, rounds):
            # … and the others find that it is not theirs.
            owners[places[owners[places] != numbers]] = _SHARED
        alone += np.bincount(owners[owners < _SHARED], minlength=len(sizes))
    shares: NDArray[np.float64] = 1 - alone / np.maximum(sizes, 1)
    return shares


def _slots(
    documents: Bodies, slots: int, turn: int, rounds: int
) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.int64]]]:
    """Yield number of the document and slot of each shingle that this turn is about."""
    so_far = np.cumsum(documents.ends - documents.starts)
    cuts = np.searchsorted(so_far, np.arange(0, so_far[-1], _AT_ONCE))
    cuts = np.unique(np.append(cuts, len(so_far)))
    for first, last in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        starts, ends = documents.starts[first:last], documents.ends[first:last]
        # Shingles that reach into the next document are left out.
        words = documents.line[stretches(starts, ends)]
        begins = np.cumsum(ends - starts) - (ends - starts)
        within = stretches(begins, begins + ends - starts - (WORDS - 1))
        found = hashes(words)[within]
        numbers = np.repeat(np.arange(first, last, dtype=np.uint32), ends - starts - (WORDS - 1))
        if rounds > 1:
            kept = np.flatnonzero((found >> np.uint64(40)) % np.uint64(rounds) == turn)
            numbers, found = numbers[kept], found[kept]
        yield numbers, (found & np.uint64(slots - 1)).view(np.int64)
