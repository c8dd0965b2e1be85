"""
Where is a string in a sorted table, and which strings begin so?

Words, terms and metadata values are kept as one run of UTF-8 bytes and the
offset of each. Sorted tables are searched by halving, without building a Python
object for any string but the handful compared.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from searchkit.index.format import ArrayFile, ArrayFileWriter

# Every so many strings of a searched table are kept as Python objects: 1 ms to make for
# 350,000 words, and a look-up takes 5 microseconds instead of 25.
_LANDMARK_EVERY = 256
#: So many strings at once take memory that is used again for the next ones: of all of a large
#: lexicon at once, first touching its pages takes half of the time.
SLICE = 1 << 14


def write_strings(file: ArrayFileWriter, prefix: str, strings: Iterable[str]) -> None:
    """Write *strings* in the given order as ``prefix.bytes`` and ``prefix.offsets``."""
    encoded = [string.encode() for string in strings]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
    if offsets[-1] >= 1 << 32:
        raise OverflowError(f"the strings of '{prefix}' take more than 4 GiB")
    file.add(f"{prefix}.offsets", offsets.astype(np.uint32))
    file.add(f"{prefix}.bytes", np.frombuffer(b"".join(encoded), np.uint8))


class Strings(Sequence[str]):
    """Strings by number. A table that was written in UTF-8 order can be searched."""

    def __init__(self, file: ArrayFile, prefix: str) -> None:
        self._offsets: NDArray[np.uint32] = file.array(f"{prefix}.offsets")
        self._bytes = file.array(f"{prefix}.bytes").data
        self._landmarks: list[bytes] | None = None

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> str:  # type: ignore[override]
        if number < 0:
            raise IndexError(number)
        start, end = self._offsets.item(number), self._offsets.item(number + 1)
        return str(self._bytes[start:end], "utf-8", "replace")

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), SLICE):
            yield from self.range(start, start + SLICE)

    def raw(self, number: int) -> bytes:
        """Return the UTF-8 bytes of string *number*."""
        if number < 0:
            raise IndexError(number)
        return bytes(self._bytes[self._offsets.item(number) : self._offsets.item(number + 1)])

    def range(self, start: int, end: int) -> list[str]:
        """Return the strings *start* … *end* - 1; far cheaper than one at a time."""
        offsets = self._offsets[start : end + 1].tolist()
        if not offsets:
            return []
        base = offsets[0]
        run = bytes(self._bytes[base : offsets[-1]])
        bounds = pairwise(offsets)
        return [run[a - base : b - base].decode("utf-8", "replace") for a, b in bounds]

    def joined(self, start: int, end: int) -> str:
        """
        Return the strings *start* … *end* - 1 in one, with newlines between.

        Far cheaper than one by one.
        """
        offsets = self._offsets[start : end + 1]
        count = len(offsets) - 1
        if count < 1:
            return ""
        first, last = offsets.item(0), offsets.item(count)
        flat = np.full(last - first + count - 1, ord("\n"), np.uint8)
        taken = np.ones(len(flat), bool)
        taken[offsets[1:-1].astype(np.int64) - first + np.arange(count - 1)] = False
        flat[taken] = np.frombuffer(self._bytes, np.uint8, last - first, first)
        return flat.tobytes().decode("utf-8", "replace")

    def lower_bound(self, key: bytes) -> int:
        """Return how many strings stand before *key* in UTF-8 order."""
        landmarks = self._landmarks
        if landmarks is None:
            landmarks = [self.raw(number) for number in range(0, len(self), _LANDMARK_EVERY)]
            self._landmarks = landmarks
        at = bisect_left(landmarks, key)
        low, high = max(0, at - 1) * _LANDMARK_EVERY, min(len(self), at * _LANDMARK_EVERY)
        while low < high:
            middle = (low + high) >> 1
            if self.raw(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, string: str) -> int | None:
        """Return the number of *string* in a sorted table, or None."""
        key = string.encode("utf-8", "replace")
        at = self.lower_bound(key)
        return at if at < len(self) and self.raw(at) == key else None

    def prefix_range(self, prefix: str) -> tuple[int, int]:
        """Return the numbers start, end of all strings that begin with *prefix*."""
        key = prefix.encode("utf-8", "replace")
        # 0xFF occurs in no UTF-8 text, so it stands after every continuation.
        return self.lower_bound(key), self.lower_bound(key + b"\xff")
