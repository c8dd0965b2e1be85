"""
How is a passage read without reading its document?

Texts are stored as blocks of whole passages, some 4 KB each before compression,
so showing a passage unpacks one block (about 5 microseconds), however long the
document is. A document's text is the concatenation of its passages.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import zstandard
from numpy.typing import NDArray

from searchkit.errors import CorruptIndexError
from searchkit.index.format import ArrayFile

# Smaller blocks unpack faster, larger ones pack better: 2 KB 48 %, 4 KB 43 %, 8 KB 39 %
# of policy text at level 3; unpacking takes 4, 5 and 9 microseconds.
BLOCK_BYTES = 4096
_LEVEL = 3
#: No passage is longer than a document, and no document longer than this.
LONGEST_BLOCK_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class StoredText:
    """Compressed blocks of a batch: see :class:`.forward.ForwardBatch`."""

    blocks: bytes
    block_sizes: NDArray[np.uint32]
    block_passages: NDArray[np.uint32]
    passage_bytes: NDArray[np.uint32]
    text_bytes: int


class BlockWriter:
    """Pack passages into compressed blocks, in order."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._blocks: list[bytes] = []
        self._block_passages: list[int] = []
        self._passage_bytes: list[int] = []
        self._text_bytes = 0

    def add(self, text: str, passage_chars: Sequence[int]) -> None:
        """Take one document's *text*, cut at *passage_chars* (the first of them 0)."""
        if len(passage_chars) == 1:
            self.add_passage(text.encode("utf-8", "replace"))
            return
        for start, end in pairwise((*passage_chars, len(text))):
            self.add_passage(text[start:end].encode("utf-8", "replace"))

    def add_passage(self, passage: bytes) -> None:
        """Take the next passage as UTF-8."""
        self._passage_bytes.append(self._pending_bytes)
        self._pending.append(passage)
        self._pending_bytes += len(passage)
        if self._pending_bytes >= BLOCK_BYTES:
            self._flush()

    def finish(self) -> StoredText:
        """Return everything packed."""
        if self._pending:
            self._flush()
        return StoredText(
            blocks=b"".join(self._blocks),
            block_sizes=np.fromiter(map(len, self._blocks), np.uint32, len(self._blocks)),
            block_passages=np.array(self._block_passages, np.uint32),
            passage_bytes=np.array(self._passage_bytes, np.uint32),
            text_bytes=self._text_bytes,
        )

    def _flush(self) -> None:
        self._blocks.append(self._compressor.compress(b"".join(self._pending)))
        self._block_passages.append(len(self._pending))
        self._text_bytes += self._pending_bytes
        self._pending, self._pending_bytes = [], 0


class TextStore:
    """Read passages of a segment."""

    def __init__(self, file: ArrayFile) -> None:
        self._path = file.path
        self._blob = file.array("text.blocks").data
        self._offsets: NDArray[np.uint64] = file.array("text.block_offsets")
        self._first_passages: NDArray[np.uint32] = file.array("text.block_passages")
        self._passage_bytes: NDArray[np.uint32] = file.array("text.passage_bytes")
        # A decompressor used by two threads at once crashes the process.
        self._own = threading.local()

    def read(self, passages: Sequence[int]) -> list[str]:
        """
        Return single passages, anywhere in the segment.

        Cost: unpacking one block each, about 5 microseconds.
        """
        wanted = np.array(passages, np.int64)
        blocks = self._first_passages.searchsorted(wanted, side="right") - 1
        begins = self._passage_bytes[wanted].tolist()
        following = np.minimum(wanted + 1, len(self._passage_bytes) - 1)
        ends = self._passage_bytes[following].tolist()
        is_last = (self._first_passages[blocks + 1] == wanted + 1).tolist()
        unpacked = {block: self.block(block) for block in dict.fromkeys(blocks.tolist())}
        bounds = zip(blocks.tolist(), begins, ends, is_last, strict=True)
        return [
            unpacked[block][begin : None if to_the_end else end].decode("utf-8", "replace")
            for block, begin, end, to_the_end in bounds
        ]

    def passages(self, first: int, last: int) -> list[bytes]:
        """
        Return the UTF-8 bytes of passages *first* … *last* - 1.

        Raises:
            CorruptIndexError: a block does not unpack.
        """
        result: list[bytes] = []
        block = int(self._first_passages.searchsorted(first, side="right")) - 1
        while first < last:
            block_first = self._first_passages.item(block)
            block_last = self._first_passages.item(block + 1)
            end = min(last, block_last)
            text = self.block(block)
            cuts = self._passage_bytes[first : min(end + 1, block_last)].tolist()
            if end == block_last:
                cuts.append(len(text))
            result += [text[a:b] for a, b in pairwise(cuts)]
            if end <= first or block_first > first:
                raise CorruptIndexError(self._path, f"text block {block} has no passage {first}")
            first, block = end, block + 1
        return result

    def block(self, number: int) -> bytes:
        """Return block *number* unpacked."""
        packed = self._blob[self._offsets.item(number) : self._offsets.item(number + 1)]
        try:
            if zstandard.frame_content_size(packed) > LONGEST_BLOCK_BYTES:
                raise CorruptIndexError(self._path, f"text block {number} claims to be too long")
            return self._decompressor().decompress(packed)
        except zstandard.ZstdError as error:
            raise CorruptIndexError(self._path, f"text block {number}: {error}") from None

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        try:
            found: zstandard.ZstdDecompressor = self._own.decompressor
        except AttributeError:
            found = self._own.decompressor = zstandard.ZstdDecompressor()
        return found
