"""
How do the bytes of a file reach a reader?

Compressed files are decompressed on the way. A file of one document a line is
cut at line ends into blocks, so that one huge dump occupies every core; blocks
are cut from the bytes as they come, in time linear in the file, whatever the
lengths of its lines. A file that ends too early or is damaged gives what stood
before the damage, then an error. Of an uncompressed file only the borders of
the blocks are handed on (:func:`line_spans`), and who reads a block takes it
from the file: 0.4 ns a byte, where handing bytes to another process takes 1.9.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from searchkit.corpus.chunk import Chunk
from searchkit.errors import DocumentFormatError

BLOCK_BYTES = 2 << 20
"""Enough for a worker to be busy some 100 ms, small enough to share the last ones out."""

DOCUMENT_BYTES_MAX = 256 << 20
"""More than any document; a compressed file can claim to hold any amount."""

_DECOMPRESSORS: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": gzip.open,
    ".xz": lzma.open,
    ".bz2": bz2.open,
}
COMPRESSIONS = tuple(_DECOMPRESSORS)
"""Extensions that any format's extension may be followed by."""

UNREADABLE = (OSError, EOFError, lzma.LZMAError, zlib.error)
"""What opening, decompressing and reading a file raise."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file, uncompressed."""

    payload: bytes
    first_line: int
    """Number, from 1, of its first line."""
    disk_bytes: int
    """Bytes of the file on disk that were read for it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where whole lines stand in an uncompressed file."""

    offset: int
    size: int
    """In bytes, as *offset*."""
    first_line: int
    """Number, from 1, of its first line."""


def is_compressed(path: Path) -> bool:
    """Tell whether the file has to be decompressed, by its name."""
    return path.suffix.lower() in _DECOMPRESSORS


def unreadable(error: BaseException, path: Path) -> DocumentFormatError:
    """Say which of ``UNREADABLE`` happened to the file at *path*."""
    if isinstance(error, OSError) and error.strerror:
        reason = f"cannot be read: {error.strerror}"
    elif isinstance(error, EOFError):
        reason = "is truncated: its compressed data ends too early"
    else:
        reason = f"is damaged: its compressed data cannot be read ({error})"
    return DocumentFormatError(reason, path=path)


def content_of(chunk: Chunk) -> bytes:
    """
    Return all bytes of a chunk: its payload, its part of its file, or all of it, decompressed.

    Raises:
        DocumentFormatError: the file cannot be read, is larger than
            ``DOCUMENT_BYTES_MAX``, or has become shorter since it was planned.
    """
    if chunk.payload is not None:
        return chunk.payload
    if chunk.offset is not None:
        return _span_of(chunk, chunk.offset)
    held = []
    held_bytes = 0
    for piece in _pieces(chunk.path, BLOCK_BYTES):
        if isinstance(piece, DocumentFormatError):
            raise piece
        held.append(piece[0])
        held_bytes += len(piece[0])
        if held_bytes > DOCUMENT_BYTES_MAX:
            raise _too_large("is", chunk.path, line=None)
    return b"".join(held)


def line_blocks(
    path: Path, *, block_bytes: int = BLOCK_BYTES
) -> Iterator[Block | DocumentFormatError]:
    """
    Cut the file at *path* into blocks of whole lines, in order.

    A block holds *block_bytes* bytes, give or take a line; the last one may hold
    fewer, and lack a final newline. If the file cannot be read to its end, its
    whole lines so far are followed by one error, and that is all.
    """
    held: list[bytes] = []
    held_bytes = used = position = 0
    line = 1
    trouble = None
    for piece in _pieces(path, block_bytes):
        if isinstance(piece, DocumentFormatError):
            trouble = piece
            break
        content, position = piece
        cut = content.rfind(b"\n") + 1
        held_bytes += len(content)
        if cut and held_bytes >= block_bytes:
            payload = b"".join((*held, content[:cut]))
            yield Block(payload, line, position - used)
            line += payload.count(b"\n")
            held, held_bytes, used = [content[cut:]], len(content) - cut, position
        else:
            held.append(content)
        if held_bytes > DOCUMENT_BYTES_MAX:
            trouble = _too_large("has a line that is", path, line=line)
            break
    payload = b"".join(held)
    if trouble:
        payload = payload[: payload.rfind(b"\n") + 1]
    if payload:
        yield Block(payload, line, position - used)
    if trouble:
        yield trouble


def line_spans(
    path: Path, *, block_bytes: int = BLOCK_BYTES
) -> Iterator[Span | DocumentFormatError]:
    """
    Cut the uncompressed file at *path* as :func:`line_blocks` does, without its bytes.

    Cost: one look at every byte; memory for one block, whatever the length of a line.
    """
    start = position = whole = pending_lines = 0
    line = 1
    trouble = None
    for got, cut, lines in _line_ends(path, block_bytes):
        if isinstance(got, DocumentFormatError):
            trouble = got
            break
        if cut and position + got - start >= block_bytes:
            end = position + cut
            yield Span(start, end - start, line)
            line += pending_lines + lines[0]
            start, pending_lines = end, lines[1]
        else:
            pending_lines += sum(lines)
        whole = position + cut if cut else whole
        position += got
        if position - start > DOCUMENT_BYTES_MAX:
            trouble = _too_large("has a line that is", path, line=line)
            break
    end = whole if trouble else position
    if end > start:
        yield Span(start, end - start, line)
    if trouble:
        yield trouble


def _too_large(what: str, path: Path, *, line: int | None) -> DocumentFormatError:
    limit = DOCUMENT_BYTES_MAX >> 20
    return DocumentFormatError(
        f"{what} larger than {limit} MB, which is no single document; split it",
        path=path,
        line=line,
    )


def _pieces(path: Path, size: int) -> Iterator[tuple[bytes, int] | DocumentFormatError]:
    """Yield the uncompressed bytes in pieces of at most *size*, with the position on disk."""
    try:
        with _open_binary(path) as (stream, raw):
            # read1() hands over what precedes damage; read() would lose it.
            while piece := stream.read1(size):
                yield piece, raw.tell()
            yield b"", raw.seek(0, io.SEEK_END)
    except UNREADABLE as error:
        yield unreadable(error, path)


def _line_ends(
    path: Path, size: int
) -> Iterator[tuple[int | DocumentFormatError, int, tuple[int, int]]]:
    """Yield of each piece its bytes, those up to its last line end, and the lines of both parts."""
    buffer = bytearray(size)
    try:
        with path.open("rb", buffering=0) as raw:
            while got := raw.readinto(buffer):
                cut = buffer.rfind(b"\n", 0, got) + 1
                yield got, cut, (buffer.count(b"\n", 0, cut), buffer.count(b"\n", cut, got))
    except UNREADABLE as error:
        yield unreadable(error, path), 0, (0, 0)


def _span_of(chunk: Chunk, offset: int) -> bytes:
    try:
        with chunk.path.open("rb", buffering=0) as raw:
            raw.seek(offset)
            held = raw.read(chunk.size)
            while len(held) < chunk.size and (piece := raw.read(chunk.size - len(held))):
                held += piece
    except UNREADABLE as error:
        raise unreadable(error, chunk.path) from error
    if len(held) < chunk.size:
        reason = "became shorter while it was read; run again when nobody is writing to it"
        raise DocumentFormatError(reason, path=chunk.path, line=chunk.first_line)
    return held


@contextmanager
def _open_binary(path: Path) -> Iterator[tuple[Any, IO[bytes]]]:
    """Open *path* as (uncompressed stream, stream of the bytes on disk)."""
    decompressor = _DECOMPRESSORS.get(path.suffix.lower())
    with path.open("rb") as raw:
        if decompressor is None:
            yield raw, raw
        else:
            with decompressor(raw) as stream:
                yield stream, raw
