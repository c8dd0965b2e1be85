"""
Where does each word begin and end, and which word is it?

The text becomes a line of small numbers (:mod:`.alphabet`); words are its runs
of non-zero numbers, found by comparing the line with itself shifted by one; the
identity of a word is a 64-bit hash of its numbers, eight at a time. All of it is
whole-array work: there is no Python step per token.

A word is a run of letters and digits. One exception: a colon between a letter
and a Swedish case ending belongs to the word (``EU:s``, ``SKR:en``).

Invariants:

- ``starts`` ascends; ``starts[i] < ends[i] <= starts[i + 1]``.
- Two words have the same hash if their lower-cased spellings are the same;
  different words of up to eight letters never share one, longer ones do with
  a chance of 2**-64 a pair.
- Cutting a text at the start of a token cuts its tokens in the same places.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import alphabet

_ENDINGS = ("s", "n", "en", "et", "er", "ar", "or", "t", "a", "e", "na", "ns", "ens", "ets",
            "ers", "ars", "as", "are", "arna", "erna", "orna", "ande", "ades", "ade",
            "ad", "at")  # fmt: skip
_LONGEST_ENDING = 4

# Odd constants with well mixed bits (golden ratio; splitmix64's second multiplier).
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_CHAIN = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(32)
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)
_PADDING = np.zeros(24, np.uint8)


@dataclass(frozen=True, slots=True)
class TokenArrays:
    """
    The words of one text.

    Attributes:
        starts: (T,) int64 code-point offset of each word.
        ends: (T,) int64 exclusive end of each word.
        hashes: (T,) uint64 identity of each word, never 0.
        codes: (N,) uint8 the text in the numbers of :mod:`.alphabet`.
        latin: (N,) uint8 the text in Latin-1 (see :class:`.alphabet.Encoded`).
        signs: (S,) int64 offsets of all codes from ``alphabet.HYPHEN`` on, ascending.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    codes: NDArray[np.uint8]
    latin: NDArray[np.uint8]
    signs: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WordBounds:
    """Where the words of one text stand: the first half of :class:`TokenArrays`."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    codes: NDArray[np.uint8]
    signs: NDArray[np.int64]


def tokenize(text: str, encoded: alphabet.Encoded | None = None) -> TokenArrays:
    """
    Cut a normalised *text* into words, and tell which they are.

    Args:
        encoded: ``alphabet.encode(text)``, where already known.

    Cost: about 4 ns a code point, 20 bytes of scratch memory a code point.

    Example:
        >>> tokens = tokenize("EU:s mål, hållbar produktion")
        >>> [(int(s), int(e)) for s, e in zip(tokens.starts, tokens.ends)]
        [(0, 4), (5, 8), (10, 17), (18, 28)]
    """
    encoded = encoded or alphabet.encode(text)
    codes, signs = encoded.codes, encoded.signs
    starts, ends = _bounds(encoded)
    hashes = _hash(codes, starts, ends)
    rare = signs[codes[signs] == alphabet.RARE]
    if rare.size:
        for token in np.unique(np.searchsorted(starts, rare, side="right") - 1).tolist():
            hashes[token] = hash_word(text[starts[token] : ends[token]])
    return TokenArrays(starts, ends, hashes, codes, encoded.latin, signs)


def word_bounds(text: str) -> WordBounds:
    """Cut a normalised *text* into words without telling which; half of the work."""
    encoded = alphabet.encode(text)
    return WordBounds(*_bounds(encoded), encoded.codes, encoded.signs)


def odd_offsets(
    codes: NDArray[np.uint8], signs: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """
    Return where a text, given as codes, may hold something to normalise.

    That is at its odd characters, and at newlines right behind a letter and a
    hyphen; nowhere else does :func:`.normalise.normalise` change anything.

    Args:
        signs: as in :class:`TokenArrays`, where already known.
    """
    if signs is None:
        signs = np.flatnonzero(codes >= alphabet.HYPHEN)
    kinds = codes[signs]
    odd: NDArray[np.int64] = signs[kinds == alphabet.ODD]
    hyphens = signs[kinds == alphabet.HYPHEN]
    # Where a mark or a ligature stands before the hyphen, that is odd itself.
    before = codes.take(hyphens - 1, mode="clip")
    after = hyphens[(before >= alphabet.FIRST_LETTER) & (before < alphabet.HYPHEN)] + 1
    # At most a blank and a carriage return stand between the hyphen and the newline.
    for _ in range(2):
        after += codes.take(after, mode="clip") == alphabet.SEPARATOR
    return np.concatenate([odd, after[codes.take(after, mode="clip") == alphabet.NEWLINE]])


def hash_word(word: str) -> int:
    """Return the identity of one word that holds a rare letter (see :mod:`.alphabet`)."""
    spelling = alphabet.lower(word).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(spelling, digest_size=8).digest(), "little") | 1


def _bounds(encoded: alphabet.Encoded) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each word starts and ends."""
    codes, signs = encoded.codes, encoded.signs
    # As unsigned bytes, separators wrap around to the top.
    is_word = codes - np.uint8(1) < alphabet.HYPHEN - 1
    kinds = codes[signs]
    is_word[signs[kinds == alphabet.RARE]] = True
    colons = signs[kinds == alphabet.COLON]
    if colons.size:
        is_word[_joining(colons, codes, is_word)] = True
    bounds = np.empty(len(codes) + 1, bool)
    bounds[0] = len(codes) > 0 and is_word[0]
    np.not_equal(is_word[1:], is_word[:-1], out=bounds[1:-1])
    bounds[-1] = len(codes) > 0 and is_word[-1]
    edges = np.flatnonzero(bounds)
    # Copied: every use of a stride of two costs more than making it one.
    return edges[0::2].copy(), edges[1::2].copy()


def _joining(
    colons: NDArray[np.int64], codes: NDArray[np.uint8], is_word: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Select the colons that tie a case ending to the letters before them."""
    colons = colons[(colons > 0) & (colons < len(codes) - 1)]
    colons = colons[is_word[colons - 1] & (codes[colons - 1] >= alphabet.FIRST_LETTER)]
    colons = colons[is_word[colons + 1]]
    if not colons.size:
        return colons
    offsets = colons[:, None] + np.arange(1, _LONGEST_ENDING + 2)
    inside = offsets < len(codes)
    offsets = np.minimum(offsets, len(codes) - 1)
    following = np.where(inside & is_word[offsets], codes[offsets], 0).astype(np.uint64)
    running = np.logical_and.accumulate(following != 0, axis=1)
    shifts = np.arange(_LONGEST_ENDING + 1, dtype=np.uint64) * np.uint64(8)
    packed = ((following * running) << shifts).sum(axis=1, dtype=np.uint64)
    endings = _packed_endings()
    at = endings.searchsorted(packed)
    at[at == len(endings)] = 0
    joining: NDArray[np.int64] = colons[endings[at] == packed]
    return joining


@functools.cache
def _packed_endings() -> NDArray[np.uint64]:
    codes = alphabet.table()
    packed = [sum(int(codes[ord(c)]) << (8 * i) for i, c in enumerate(e)) for e in _ENDINGS]
    return np.array(sorted(packed), np.uint64)


def _hash(
    codes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Hash each word's codes, eight at a time, from aligned 64-bit loads."""
    padded = np.concatenate([codes, _PADDING])
    lanes = padded[: len(padded) // 8 * 8].view("<u8")
    lengths = ends - starts
    hashes = _load(lanes, starts, lengths)
    hashes *= _MULTIPLY
    hashes ^= hashes >> _SHIFT
    done = 8
    longer = np.flatnonzero(lengths > done)
    while longer.size:
        window = _load(lanes, starts[longer] + done, lengths[longer] - done)
        mixed = hashes[longer]
        mixed *= _CHAIN
        mixed += window
        mixed *= _MULTIPLY
        mixed ^= mixed >> _SHIFT
        hashes[longer] = mixed
        done += 8
        longer = longer[lengths[longer] > done]
    return np.maximum(hashes, np.uint64(1), out=hashes)


def _load(
    lanes: NDArray[np.uint64], offsets: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return the up to eight codes from each offset on as one number, first code lowest."""
    lane = offsets >> 3
    # The same bits as an unsigned number, without a copy.
    shift = ((offsets & 7) << 3).view(np.uint64)
    loaded: NDArray[np.uint64] = lanes.take(lane)
    loaded >>= shift
    lane += 1
    high = lanes.take(lane)
    # A shift by 64 is undefined in hardware: split it in two that never are.
    high <<= np.uint64(1)
    high <<= np.uint64(63) - shift
    loaded |= high
    loaded &= _MASKS.take(lengths, mode="clip")
    return loaded
