"""
How are bytes kept small that are seldom read?

A run of bytes is cut into blocks of 16 KB, each compressed by itself, so a
stretch is read by unpacking the blocks it lies in::

    name.blocks         Zstandard frames, one after the other
    name.block_offsets  where each begins, and where the last one ends
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

import numpy as np
import zstandard
from numpy.typing import NDArray

from searchkit.errors import CorruptIndexError
from searchkit.index.format import ArrayFile, ArrayFileWriter

# Ranks of words take 19.0 % in blocks of 16 KB (19 microseconds to unpack), 19.1 % in 8 KB,
# 18.7 % in 32 KB, packed at 2.5 ns a byte.
BLOCK_BYTES = 16_384
_LEVEL = 1


def write_packed(file: ArrayFileWriter, name: str, stretches: Iterable[NDArray[np.uint8]]) -> None:
    """Write the bytes of *stretches*, one after the other, as arrays ``name.*``."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    sizes = []
    file.begin(f"{name}.blocks", np.uint8)
    for block in _blocks(stretches):
        packed = compressor.compress(block)
        sizes.append(len(packed))
        file.append(np.frombuffer(packed, np.uint8))
    offsets = np.cumsum(np.array([0, *sizes], np.uint64), dtype=np.uint64)
    file.add(f"{name}.block_offsets", offsets)


def _blocks(stretches: Iterable[NDArray[np.uint8]]) -> Iterable[bytes]:
    rest = b""
    for stretch in stretches:
        joined = rest + stretch.tobytes()
        whole = len(joined) - len(joined) % BLOCK_BYTES
        for at in range(0, whole, BLOCK_BYTES):
            yield joined[at : at + BLOCK_BYTES]
        rest = joined[whole:]
    if rest:
        yield rest


class Packed:
    """Read bytes written by :func:`write_packed`."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._path, self._name = file.path, name
        self._blob = file.array(f"{name}.blocks").data
        self._offsets: NDArray[np.uint64] = file.array(f"{name}.block_offsets")
        # A decompressor used by two threads at once crashes the process.
        self._own = threading.local()
        # Neighbours are often asked for one after the other.
        self._last: tuple[int, bytes] = (-1, b"")

    def slice(self, start: int, end: int) -> NDArray[np.uint8]:
        """
        Return the bytes *start* … *end* - 1, read-only.

        Raises:
            CorruptIndexError: there are fewer, or a block does not unpack.

        Cost: about 19 microseconds for each block of 16 KB that they lie in.
        """
        if end <= start:
            return np.zeros(0, np.uint8)
        first, last = start // BLOCK_BYTES, (end - 1) // BLOCK_BYTES
        blocks = [self._block(number) for number in range(first, last + 1)]
        joined = blocks[0] if len(blocks) == 1 else b"".join(blocks)
        base = first * BLOCK_BYTES
        if len(joined) < end - base:
            raise CorruptIndexError(self._path, f"'{self._name}' holds fewer than {end} bytes")
        return np.frombuffer(joined, np.uint8, end - start, start - base)

    def _block(self, number: int) -> bytes:
        known, block = self._last
        if known == number:
            return block
        if number + 1 >= len(self._offsets):
            raise CorruptIndexError(self._path, f"'{self._name}' has no block {number}")
        packed = self._blob[self._offsets.item(number) : self._offsets.item(number + 1)]
        try:
            if zstandard.frame_content_size(packed) > BLOCK_BYTES:
                raise CorruptIndexError(
                    self._path, f"block {number} of '{self._name}' claims to be too long"
                )
            block = self._decompressor().decompress(packed)
        except zstandard.ZstdError as error:
            raise CorruptIndexError(
                self._path, f"block {number} of '{self._name}': {error}"
            ) from None
        self._last = number, block
        return block

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        try:
            found: zstandard.ZstdDecompressor = self._own.decompressor
        except AttributeError:
            found = self._own.decompressor = zstandard.ZstdDecompressor()
        return found
