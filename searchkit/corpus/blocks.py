"""
How do the bytes of a file reach a reader?

Compressed files are decompressed on the way. A file of one document a line is
cut at line ends into blocks, so that one huge dump occupies every core; blocks
are cut from the bytes as they come, in time linear in the file, whatever the
lengths of its lines. A file that ends too early or is damaged gives what stood
before the damage, then an error. Of an uncompressed file only the borders of
the blocks are handed on (:func:`line_spans`), and who reads a block takes it
from the file: 0.4 ns a byte, where handing bytes to another process takes 1.9.
The lines of such a file are counted only when a number is asked for.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, TypeAlias

from searchkit.corpus.archive_zip import member_content
from searchkit.corpus.chunk import Chunk, Stamp
from searchkit.corpus.limits import DEFAULT, Limits
from searchkit.corpus.streams import (
    CHANGED,
    COMPRESSIONS,
    UNREADABLE,
    bounded,
    check_unchanged,
    decompressed,
    is_compressed,
    open_binary,
    too_large,
    unreadable,
)
from searchkit.errors import DocumentFormatError

__all__ = [
    "BLOCK_BYTES",
    "COMPRESSIONS",
    "DOCUMENT_BYTES_MAX",
    "UNREADABLE",
    "Block",
    "Span",
    "block_chunks",
    "content_of",
    "first_line_of",
    "is_compressed",
    "line_blocks",
    "line_spans",
    "lines_of",
    "unreadable",
]

BLOCK_BYTES = 2 << 20
"""Enough for a worker to be busy some 100 ms, small enough to share the last ones out."""
# A line of a dump is seldom longer.
_PEEK_BYTES = 1 << 14

DOCUMENT_BYTES_MAX = DEFAULT.document_bytes
"""More than any document, unless the chunk's ``limits`` say otherwise."""

Pieces: TypeAlias = Iterable[tuple[bytes, int] | DocumentFormatError]
"""Uncompressed bytes as they come, each with the position on disk behind it."""


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


def content_of(chunk: Chunk) -> bytes:
    """
    Return all bytes of a chunk, decompressed: its payload, its part of its file, a member
    of an archive, or all of its file.

    Raises:
        DocumentFormatError: the file cannot be read, is larger than the chunk's
            ``limits.document_bytes``, or has changed since it was planned.
    """
    if chunk.payload is not None:
        return chunk.payload
    if not chunk.members and chunk.offset is None:
        return _whole(chunk)
    content = member_content(chunk) if chunk.offset is None else _span_of(chunk, chunk.offset)
    if is_compressed(chunk.path):
        return decompressed(content, chunk.limits.document_bytes, chunk.path)
    return content


def first_line_of(chunk: Chunk) -> int:
    """
    Return the number, from 1, of a chunk's first line in its file.

    Cost: where it was left open, one look at the file up to there, from the chunk asked about
    before on.
    """
    if chunk.first_line or not chunk.offset:
        return max(1, chunk.first_line)
    whose = chunk.path, chunk.stamp
    begin, line = _counted.get(whose, (0, 1))
    if begin > chunk.offset:
        begin, line = 0, 1
    try:
        with chunk.path.open("rb", buffering=0) as raw:
            line += _count_lines(raw, begin, chunk.offset)
    except OSError:
        # What is wrong with the file is told by who reads it.
        return line
    _counted.clear()
    _counted[whose] = chunk.offset, line
    return line


# Of the file asked about last: so many bytes, and the number of the line behind them.
_counted: dict[tuple[Path, Stamp | None], tuple[int, int]] = {}


def _count_lines(raw: io.RawIOBase, begin: int, end: int) -> int:
    """Return how many lines end between two offsets of a file."""
    raw.seek(begin)
    lines = 0
    while begin < end and (piece := raw.read(min(BLOCK_BYTES, end - begin))):
        begin += len(piece)
        lines += piece.count(b"\n")
    return lines


def block_chunks(
    blocks: Iterable[Block | Span | DocumentFormatError], chunk: Chunk
) -> Iterator[Chunk | DocumentFormatError]:
    """
    Yield the chunks that a file's blocks are, alike but for what they hold.

    Args:
        blocks: of a file of one document a line.
        chunk: what all of them have in common.
    """
    first = True
    for block in blocks:
        if isinstance(block, DocumentFormatError):
            yield block
        else:
            part = _part(chunk, block)
            if first and b"\0" in content_of(part):
                # Otherwise a misnamed binary file would be reported once a line.
                reason = "is not text in UTF-8 (it has NUL bytes); convert it"
                yield DocumentFormatError(reason, path=chunk.path)
                return
            yield part
        first = False
    if first:
        yield DocumentFormatError("is empty", path=chunk.path)


def _part(chunk: Chunk, block: Block | Span) -> Chunk:
    if isinstance(block, Block):
        size, disk_bytes = len(block.payload), block.disk_bytes
        return replace(
            chunk,
            payload=block.payload,
            first_line=block.first_line,
            size=size,
            disk_bytes=disk_bytes,
        )
    return replace(
        chunk,
        first_line=0 if block.offset else 1,
        size=block.size,
        disk_bytes=block.size,
        offset=block.offset,
    )


def line_blocks(
    path: Path, *, block_bytes: int = BLOCK_BYTES, limits: Limits = DEFAULT
) -> Iterator[Block | DocumentFormatError]:
    """
    Cut the file at *path* into blocks of whole lines, in order.

    A block holds about *block_bytes* bytes; the last one may hold
    fewer, and lack a final newline. If the file cannot be read to its end, its
    whole lines so far are followed by one error, and that is all.
    """
    return lines_of(_pieces(path, block_bytes), path, block_bytes=block_bytes, limits=limits)


def lines_of(
    pieces: Pieces, path: Path, *, block_bytes: int = BLOCK_BYTES, limits: Limits = DEFAULT
) -> Iterator[Block | DocumentFormatError]:
    """Cut *pieces* of the file at *path*, as they come, as :func:`line_blocks` does."""
    held: list[bytes] = []
    held_bytes = used = position = total = 0
    line = 1
    trouble = None
    for piece in pieces:
        if isinstance(piece, DocumentFormatError):
            trouble = piece
            break
        content, position = piece
        cut = content.rfind(b"\n") + 1
        held_bytes += len(content)
        total += len(content)
        if cut and held_bytes >= block_bytes:
            payload = b"".join((*held, content[:cut]))
            yield Block(payload, line, position - used)
            line += payload.count(b"\n")
            held, held_bytes, used = [content[cut:]], len(content) - cut, position
        else:
            held.append(content)
        if trouble := _beyond(limits, held_bytes - block_bytes, total, position, path):
            number = line + sum(part.count(b"\n") for part in held)
            trouble = DocumentFormatError(trouble.reason, path=path, line=number)
            break
    payload = b"".join(held)
    if trouble:
        payload = payload[: payload.rfind(b"\n") + 1]
    if payload:
        yield Block(payload, line, position - used)
    if trouble:
        yield trouble


def line_spans(
    path: Path, *, block_bytes: int = BLOCK_BYTES, limits: Limits = DEFAULT
) -> Iterator[Span | DocumentFormatError]:
    """
    Cut the uncompressed file at *path* as :func:`line_blocks` does, without its bytes.

    Each span ends with the first line that reaches *block_bytes*.

    Cost: a look at the last line of each span; memory for 16 KB, whatever its length.
    """
    start = 0
    try:
        with path.open("rb", buffering=0) as raw:
            while end := _line_end(raw, start, block_bytes, limits.line_bytes):
                if end < 0:
                    yield from _before_long_line(raw, start, block_bytes, path, limits)
                    return
                yield Span(start, end - start)
                start = end
    except UNREADABLE as error:
        yield unreadable(error, path)


def _line_end(raw: io.RawIOBase, start: int, block_bytes: int, line_bytes: int) -> int:
    """Return where a span from *start* on ends; 0 at the file's end, -1 if a line is too long."""
    end = start + block_bytes - 1
    raw.seek(end)
    while piece := raw.read(_PEEK_BYTES):
        at = piece.find(b"\n")
        end += len(piece) if at < 0 else at + 1
        if end - start - block_bytes > line_bytes:
            return -1
        if at >= 0:
            return end
    size = raw.seek(0, io.SEEK_END)
    return size if size > start else 0


def _before_long_line(
    raw: io.RawIOBase, start: int, block_bytes: int, path: Path, limits: Limits
) -> Iterator[Span | DocumentFormatError]:
    """Yield the whole lines before one that is too long, and what is wrong with it."""
    raw.seek(start)
    held = b""
    while len(held) < block_bytes and (piece := raw.read(block_bytes - len(held))):
        held += piece
    whole = held.rfind(b"\n") + 1
    if whole:
        yield Span(start, whole)
    error = too_large("has a line that is", limits.line_bytes, path)
    line = 1 + _count_lines(raw, 0, start + whole)
    yield DocumentFormatError(error.reason, path=path, line=line)


def _beyond(
    limits: Limits, line_bytes: int, total: int, disk_bytes: int, path: Path
) -> DocumentFormatError | None:
    # *line_bytes* is what is held beyond a block, which can only be one line.
    if line_bytes > limits.line_bytes:
        return too_large("has a line that is", limits.line_bytes, path)
    if total > limits.unpacked_bytes(disk_bytes):
        reason = f"unpacks to more than {total >> 20} MB, far more than its size; split it"
        return DocumentFormatError(reason, path=path)
    return None


def _pieces(path: Path, size: int) -> Iterator[tuple[bytes, int] | DocumentFormatError]:
    """Yield the uncompressed bytes in pieces of at most *size*, with the position on disk."""
    try:
        with open_binary(path) as (stream, raw):
            yield from stream_pieces(stream, raw, size)
            yield b"", raw.seek(0, io.SEEK_END)
    except UNREADABLE as error:
        yield unreadable(error, path)


def stream_pieces(
    stream: Any, raw: IO[bytes], size: int = BLOCK_BYTES
) -> Iterator[tuple[bytes, int]]:
    """Yield what *stream* gives, with the positions in *raw*, which it is read from."""
    # read1() hands over what precedes damage; read() would lose it.
    while piece := stream.read1(size):
        yield piece, raw.tell()


def _whole(chunk: Chunk) -> bytes:
    limit = chunk.limits.document_bytes
    try:
        if is_compressed(chunk.path):
            with open_binary(chunk.path) as (stream, raw):
                check_unchanged(raw, chunk)
                content = bounded(stream, limit, chunk.path)
                check_unchanged(raw, chunk)
        else:
            with chunk.path.open("rb", buffering=0) as file:
                check_unchanged(file, chunk)
                if os.fstat(file.fileno()).st_size > limit:
                    raise too_large("is", limit, chunk.path)
                content = file.read()
                check_unchanged(file, chunk)
    except UNREADABLE as error:
        raise unreadable(error, chunk.path) from error
    return content


def _span_of(chunk: Chunk, offset: int) -> bytes:
    try:
        with chunk.on_disk.open("rb", buffering=0) as raw:
            check_unchanged(raw, chunk)
            raw.seek(offset)
            held = raw.read(chunk.size)
            while len(held) < chunk.size and (piece := raw.read(chunk.size - len(held))):
                held += piece
            check_unchanged(raw, chunk)
    except UNREADABLE as error:
        raise unreadable(error, chunk.path) from error
    if len(held) < chunk.size:
        raise DocumentFormatError(CHANGED, path=chunk.path)
    return held
