"""
How are files opened and decompressed, and what can go wrong with it?

The first bytes tell how a file is compressed: people rename such files without unpacking
them. Nothing is decompressed without a bound.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from searchkit.corpus.chunk import Chunk
from searchkit.errors import DocumentFormatError

PIECE_BYTES = 1 << 20

DECOMPRESSORS: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": gzip.open,
    ".xz": lzma.open,
    ".bz2": bz2.open,
}
COMPRESSIONS = tuple(DECOMPRESSORS)
"""Extensions that any format's extension may be followed by."""

UNREADABLE = (OSError, EOFError, lzma.LZMAError, zlib.error)
"""What opening, decompressing and reading a file raise."""

PEEKED_BYTES = 512
_UNPACKED = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
CHANGED = "changed while it was read; run again when nobody is writing to it"


def is_compressed(path: Path) -> bool:
    """Tell whether the file has to be decompressed, by its name."""
    return path.suffix.lower() in DECOMPRESSORS


def compression_of(head: bytes) -> str | None:
    """Return the extension of the compression that data beginning with *head* has."""
    if head.startswith(b"\x1f\x8b\x08"):
        return ".gz"
    if head.startswith(b"\xfd7zXZ\x00"):
        return ".xz"
    if head.startswith(b"BZh") and head[4:10] in _BZIP2_BLOCKS:
        return ".bz2"
    return None


def compression_for(head: bytes, path: Path) -> str | None:
    """
    Return how the data of the file at *path* is to be decompressed; None: not at all.

    Args:
        head: its first ``PEEKED_BYTES``. Without the signature of any compression, the
            name decides, except of what was clearly unpacked without being renamed, as
            programs do that download.
    """
    kind = compression_of(head)
    named = path.suffix.lower()
    if kind or named not in DECOMPRESSORS:
        return kind
    is_binary = any(byte < 32 and byte not in b"\t\n\f\r\x1a\x1b" for byte in head)
    return None if head and (head.startswith(_UNPACKED) or not is_binary) else named


def unreadable(error: BaseException, path: Path) -> DocumentFormatError:
    """Say which of ``UNREADABLE`` happened to the file at *path*."""
    if isinstance(error, OSError) and error.strerror:
        reason = f"cannot be read: {error.strerror}"
    elif isinstance(error, EOFError):
        reason = "is truncated: its compressed data ends too early"
    else:
        reason = f"is damaged: its compressed data cannot be read ({error})"
    return DocumentFormatError(reason, path=path)


def too_large(what: str, limit: int, path: Path, *, line: int | None = None) -> DocumentFormatError:
    """Say that *what* of the file at *path* is beyond *limit* bytes, which a document is not."""
    size = f"{limit >> 20} MB" if limit >> 20 else f"{limit} bytes"
    reason = f"{what} larger than {size}, which is no single document; split it"
    return DocumentFormatError(reason, path=path, line=line)


@contextmanager
def open_binary(path: Path) -> Iterator[tuple[Any, IO[bytes]]]:
    """Open *path* as (uncompressed stream, stream of the bytes on disk)."""
    with path.open("rb") as raw:
        kind = compression_for(raw.peek(PEEKED_BYTES)[:PEEKED_BYTES], path)
        if kind is None:
            yield raw, raw
        else:
            with DECOMPRESSORS[kind](raw) as stream:
                yield stream, raw


def head_of(path: Path, size: int) -> tuple[bytes, bool]:
    """
    Return the first *size* bytes of a file, decompressed, and whether they were compressed.

    Raises:
        OSError, EOFError, LZMAError, zlib.error: it cannot be read.
    """
    with open_binary(path) as (stream, raw):
        head: bytes = stream.read1(size)
        while 0 < len(head) < size and (piece := stream.read1(size - len(head))):
            head += piece
        return head, stream is not raw


def bounded(stream: Any, limit: int, path: Path) -> bytes:
    """
    Return all that *stream* gives.

    Raises:
        DocumentFormatError: it is more than *limit* bytes.
    """
    held = []
    size = 0
    while piece := stream.read1(PIECE_BYTES):
        held.append(piece)
        size += len(piece)
        if size > limit:
            raise too_large("is", limit, path)
    return b"".join(held) if len(held) > 1 else bytes(held[0]) if held else b""


def decompressed(content: bytes, limit: int, path: Path) -> bytes:
    """
    Return *content*, the data of the file at *path*, decompressed if it needs that.

    Raises:
        DocumentFormatError: it is damaged, or more than *limit* bytes.
    """
    kind = compression_for(content[:PEEKED_BYTES], path)
    if kind is None:
        return content
    try:
        with DECOMPRESSORS[kind](io.BytesIO(content)) as stream:
            return bounded(stream, limit, path)
    except UNREADABLE as error:
        raise unreadable(error, path) from error


def check_unchanged(raw: IO[bytes] | io.FileIO, chunk: Chunk) -> None:
    """
    Make sure that the open file of *chunk* is still the one that was planned.

    Raises:
        DocumentFormatError: it was written to.
    """
    if chunk.stamp is not None:
        status = os.fstat(raw.fileno())
        if (status.st_size, status.st_mtime_ns) != chunk.stamp:
            raise DocumentFormatError(CHANGED, path=chunk.path)
