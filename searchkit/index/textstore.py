"""
How is a passage read without reading its document?

Texts are stored as blocks of whole passages, some 4 KB each before compression,
so showing a passage unpacks one block (about 7 microseconds), however long the
document is. A document's text is the concatenation of its passages.

So small a block holds little that it could refer back to. What policy texts
have in common stands in the segment's *dictionary*, trained once from the first
texts of a corpus: every block of the segment is packed, and unpacked, with it.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import zstandard
from numpy.typing import NDArray

from searchkit.errors import CorruptIndexError
from searchkit.index.format import ArrayFile

# Smaller blocks unpack faster, larger ones pack better: of policy text at level 3, 4 KB take
# 34.6 % and 7 microseconds, 8 KB 33.4 % and 13; without a dictionary 42.6 and 39 %.
BLOCK_BYTES = 4096
# With a dictionary level 1 packs to 38.8 % of the text, level 3 to 34.6 %, in 4 ns a byte each.
# Of 20 other strategies, hash sizes and shortest matches none is faster at the same size.
_LEVEL = 3
# A dictionary of 112 KB gains another half percent, but every segment carries one.
_DICTIONARY_BYTES = 1 << 16
# Samples, and what the trainer cuts out of them: with these it takes 0.06 s for 4 MB.
_SAMPLE_BYTES, _CHOSEN_BYTES, _MATCHED_BYTES = 1024, 1024, 8
#: More text than this does not make a dictionary better.
MOST_TRAINING_BYTES = 4 << 20
#: A dictionary learnt from less text does not earn the room it takes.
LEAST_TRAINING_BYTES = 1 << 20
#: No passage is longer than a document, and no document longer than this.
LONGEST_BLOCK_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class StoredText:
    """Compressed blocks of a batch: see :class:`.forward.ForwardBatch`."""

    blocks: bytes
    block_sizes: NDArray[np.uint32]
    block_passages: NDArray[np.uint32]
    passage_bytes: NDArray[np.uint16]
    """Two bytes suffice: a block is closed as soon as it holds ``BLOCK_BYTES``."""
    text_bytes: int


def train_dictionary(texts: Iterable[bytes]) -> bytes:
    """
    Learn what texts like these have in common, for packing them.

    The same texts give the same dictionary. Of too little text, or text that
    has nothing in common, it is empty.

    Args:
        texts: taken until ``MOST_TRAINING_BYTES`` are reached.
    """
    samples: list[bytes | bytearray | memoryview[int]] = []
    size = 0
    for text in texts:
        samples += [text[n : n + _SAMPLE_BYTES] for n in range(0, len(text), _SAMPLE_BYTES)]
        size += len(text)
        if size >= MOST_TRAINING_BYTES:
            break
    if size < LEAST_TRAINING_BYTES:
        return b""
    try:
        return zstandard.train_dictionary(
            _DICTIONARY_BYTES,
            samples[: MOST_TRAINING_BYTES // _SAMPLE_BYTES],
            k=_CHOSEN_BYTES,
            d=_MATCHED_BYTES,
        ).as_bytes()
    except zstandard.ZstdError:
        return b""


def pack_blocks(blocks: Iterable[bytes], dictionary: bytes) -> tuple[bytes, NDArray[np.uint32]]:
    """Return *blocks* compressed, one after the other, and the size of each."""
    packed = list(map(_compressor(dictionary).compress, blocks))
    return b"".join(packed), np.fromiter(map(len, packed), np.uint32, len(packed))


class BlockWriter:
    """
    Pack passages into compressed blocks, in order.

    Kept for many batches, it loads the dictionary once: 0.5 ms, as long as packing 120 KB.

    Args:
        dictionary: of :func:`train_dictionary`; readers need the same.
    """

    def __init__(self, dictionary: bytes = b"") -> None:
        self._compressor = _compressor(dictionary)
        self.begin()

    def begin(self) -> None:
        """Forget what was taken so far: a batch that was packed, or failed."""
        self._pending: list[bytes] = []
        self._pending_bytes = self._pending_passages = 0
        self._blocks: list[bytes] = []
        self._block_passages: list[int] = []
        self._passage_bytes: list[NDArray[np.int64]] = []
        self._text_bytes = 0

    def add_texts(
        self, texts: Sequence[bytes], chars: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> None:
        """
        Take the *texts* of D documents, in UTF-8, cut into passages.

        Args:
            chars: (P,) code-point offset of each passage in its document's text;
                each document's first is 0.
            counts: (D,) passages of each document, each >= 1.

        Cost: a Python step a block, none a passage.
        """
        joined = b"".join(texts)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        begins = np.cumsum(lengths) - lengths
        # As signed numbers, all bytes but a code point's first are below -64.
        inner = np.flatnonzero(np.frombuffer(joined, np.int8) < -64)
        begins -= inner.searchsorted(begins)
        chars = chars + np.repeat(begins, counts)
        # So many code points begin before each inner byte.
        before = inner - np.arange(len(inner))
        self.add_passages(joined, chars + before.searchsorted(chars, side="right"))

    def add_passages(self, joined: bytes, begins: NDArray[np.int64]) -> None:
        """Take passages that follow each other in UTF-8, and the byte at which each begins."""
        if not len(begins):
            return
        # Counted from the first byte that is not yet in a block.
        begins = begins + self._pending_bytes
        end_of_all = self._pending_bytes + len(joined)
        ends = [*begins[1:].tolist(), end_of_all]
        self._text_bytes += len(joined)
        rest = memoryview(joined)
        block = passage = 0
        starts, sizes = [], []
        while (last := bisect_left(ends, block + BLOCK_BYTES, passage)) < len(ends):
            taken = ends[last] - block - self._pending_bytes
            self._flush(rest[:taken], last + 1 - passage)
            rest = rest[taken:]
            starts.append(block)
            sizes.append(last + 1 - passage)
            block, passage = ends[last], last + 1
        starts.append(block)
        sizes.append(len(ends) - passage)
        self._passage_bytes.append(begins - np.repeat(starts, sizes))
        self._pending.append(bytes(rest))
        self._pending_bytes += len(rest)
        self._pending_passages += sizes[-1]

    def finish(self) -> StoredText:
        """Return everything packed."""
        if self._pending_passages:
            self._flush(memoryview(b""), 0)
        joined = np.concatenate(self._passage_bytes) if self._passage_bytes else np.zeros(0)
        return StoredText(
            blocks=b"".join(self._blocks),
            block_sizes=np.fromiter(map(len, self._blocks), np.uint32, len(self._blocks)),
            block_passages=np.array(self._block_passages, np.uint32),
            passage_bytes=joined.astype(np.uint16),
            text_bytes=self._text_bytes,
        )

    def _flush(self, last: memoryview, passages: int) -> None:
        """Pack what is pending and *last*, which holds *passages* more, into a block."""
        block = b"".join([*self._pending, last]) if self._pending else last
        self._blocks.append(self._compressor.compress(block))
        self._block_passages.append(self._pending_passages + passages)
        self._pending, self._pending_bytes, self._pending_passages = [], 0, 0


class TextStore:
    """Read passages of a segment."""

    def __init__(self, file: ArrayFile) -> None:
        self._path = file.path
        self._blob = file.array("text.blocks").data
        self._offsets: NDArray[np.uint64] = file.array("text.block_offsets")
        self._first_passages: NDArray[np.uint32] = file.array("text.block_passages")
        self._passage_bytes: NDArray[np.uint16] = file.array("text.passage_bytes")
        self.dictionary = file.array("text.dictionary").tobytes()
        # A decompressor used by two threads at once crashes the process.
        self._own = threading.local()

    def read(self, passages: Sequence[int]) -> list[str]:
        """
        Return single passages, anywhere in the segment.

        Cost: unpacking one block each, about 7 microseconds.
        """
        wanted = np.array(passages, np.int64)
        # Of the table's own type: with another one, searching would convert all of the table.
        blocks = self._first_passages.searchsorted(wanted.astype(np.uint32), side="right") - 1
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

    def blocks(self) -> Iterator[bytes]:
        """Yield all blocks unpacked."""
        yield from map(self.block, range(len(self._offsets) - 1))

    def block(self, number: int) -> bytes:
        """Return block *number* unpacked."""
        packed = self._blob[self._offsets.item(number) : self._offsets.item(number + 1)]
        try:
            if zstandard.frame_content_size(packed) > LONGEST_BLOCK_BYTES:
                raise CorruptIndexError(self._path, f"text block {number} claims to be too long")
            return self._own_decompressor().decompress(packed)
        except zstandard.ZstdError as error:
            raise CorruptIndexError(self._path, f"text block {number}: {error}") from None

    def _own_decompressor(self) -> zstandard.ZstdDecompressor:
        try:
            found: zstandard.ZstdDecompressor = self._own.decompressor
        except AttributeError:
            found = self._own.decompressor = _decompressor(self.dictionary)
        return found


def _compressor(dictionary: bytes) -> zstandard.ZstdCompressor:
    if not dictionary:
        return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    return zstandard.ZstdCompressor(
        level=_LEVEL,
        dict_data=zstandard.ZstdCompressionDict(dictionary),
        write_checksum=True,
        write_dict_id=False,
    )


def _decompressor(dictionary: bytes) -> zstandard.ZstdDecompressor:
    if not dictionary:
        return zstandard.ZstdDecompressor()
    return zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(dictionary))
