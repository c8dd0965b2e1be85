"""
Which characters make words, and what small number stands for each?

Every code point maps to one byte: 0 separates words, a small number stands for
a digit or a lower-case letter of the Latin alphabets of Europe (upper and lower
case share it), ``RARE`` stands for any other letter or digit of Unicode. Signs
that separate words, but that some rule looks at, have numbers of their own:
``COLON`` ties a Swedish case ending to an abbreviation, ``HYPHEN`` before
``NEWLINE`` may cut a word in two.
Eight such bytes fit in one machine word, which is what makes hashing fast.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEPARATOR = 0
FIRST_LETTER = 11  # digits are 1..10
HYPHEN = 250
NEWLINE = 251
ODD = 253  # normalisation has to look at the text first
COLON = 254
RARE = 255

NOT_LATIN = 0x80
"""Stands for all characters outside Latin-1; by itself a control character no text uses."""

_TABLE_SIZE = 0x3000
_ODD_RANGES = ((0x300, 0x370), (0xAD, 0xAE), (0x200B, 0x200E), (0x2060, 0x2061),
               (0x212A, 0x212C), (0x2126, 0x2127))  # fmt: skip


@functools.cache
def table() -> NDArray[np.uint8]:
    """Return the (0x3000,) byte of each code point below U+3000."""
    codes = np.zeros(_TABLE_SIZE, np.uint8)
    codes[48:58] = np.arange(1, 11)
    letters: dict[str, int] = {}
    for point in range(_TABLE_SIZE):
        char = chr(point)
        if point < 58 or not char.isalnum():
            continue
        small = lower(char)
        if char.isalpha() and 97 <= ord(small) < 0x180 and small not in "ªµº":
            codes[point] = letters.setdefault(small, FIRST_LETTER + len(letters))
        else:
            codes[point] = RARE
    assert FIRST_LETTER + len(letters) <= HYPHEN
    codes[ord(":")] = COLON
    codes[ord("\n")] = NEWLINE
    codes[[ord("-"), 0x2010]] = HYPHEN
    for begin, end in _ODD_RANGES:
        codes[begin:end] = ODD
    return codes


def lower(word: str) -> str:
    """
    Lower *word* character by character, never changing its length.

    ``str.lower`` looks at neighbours (final sigma) and may lengthen (İ), so
    two spellings that the table calls equal could come out different.
    """
    small = word.lower()
    if word.isascii() or (len(small) == len(word) and "Σ" not in word):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in word)


@dataclass(frozen=True, slots=True)
class Encoded:
    """
    A text, one byte a code point.

    Attributes:
        codes: (N,) uint8 the number of each code point.
        latin: (N,) uint8 the code point itself, ``NOT_LATIN`` where it is above U+00FF.
        signs: (S,) int64 offsets of all codes from ``HYPHEN`` on, ascending.
    """

    codes: NDArray[np.uint8]
    latin: NDArray[np.uint8]
    signs: NDArray[np.int64]


def encode(text: str) -> Encoded:
    """
    Return the numbers of the (N,) code points of *text*.

    Cost: about 1 ns a code point; a Python step for each *distinct* code
    point from U+3000 on.
    """
    try:
        latin = np.frombuffer(text.encode("latin-1"), np.uint8)
        high = None
    except UnicodeEncodeError:
        points = _points(text)
        latin = points.astype(np.uint8)
        high = np.flatnonzero(points > 0xFF)
        latin[high] = NOT_LATIN
    # Four times as fast as indexing, which would make every byte an eight-byte number first.
    codes = np.frombuffer(bytearray(latin).translate(_latin_table()), np.uint8)
    if high is not None:
        codes[high] = _codes_of_high_points(points[high])
    return Encoded(codes, latin, np.flatnonzero(codes >= HYPHEN))


def _points(text: str) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """Return the (N,) code points, in two bytes each where that is enough."""
    narrow = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    if len(narrow) == len(text):
        return narrow
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


@functools.cache
def _latin_table() -> bytes:
    return table()[:256].tobytes()


def _codes_of_high_points(points: NDArray[np.uint16] | NDArray[np.uint32]) -> NDArray[np.uint8]:
    codes = table().take(points, mode="clip")
    beyond = np.flatnonzero(points >= _TABLE_SIZE)
    if beyond.size:
        distinct, inverse = np.unique(points[beyond], return_inverse=True)
        found = np.array(list(map(_code_beyond_table, distinct.tolist())), np.uint8)
        codes[beyond] = found[inverse]
    return codes


def _code_beyond_table(point: int) -> int:
    if 0xFB00 <= point <= 0xFB06 or point == 0xFEFF:
        return ODD
    return RARE if chr(point).isalnum() else SEPARATOR
