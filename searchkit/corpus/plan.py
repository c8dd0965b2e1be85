"""
How is the work of reading a corpus cut up?

Cheap and sequential: prose files are named, not opened; files of one document
a line are decompressed and cut into blocks, so that parsing them is parallel.
Of an uncompressed file the chunks carry borders, not bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from searchkit.corpus.blocks import Block, Span, content_of, is_compressed, line_blocks, line_spans
from searchkit.corpus.chunk import Chunk
from searchkit.corpus.walk import SourceFile, files_of
from searchkit.errors import DocumentFormatError


def plan(corpus: Path) -> Iterator[Chunk | DocumentFormatError]:
    """
    Cut *corpus*, a folder or a file, into chunks for ``read``.

    Files come in sorted order, the blocks of a file in theirs. An empty folder
    gives nothing.

    Raises:
        CorpusNotFoundError: there is no such folder or file.
        CorpusError: it cannot be opened, or is a single file of unknown format.
            Both at the call, before the first chunk is asked for.
    """
    return _chunks(files_of(Path(corpus)))


def size_of(corpus: Path) -> int:
    """
    Return the bytes on disk that ``plan`` goes through (compressed ones as they are).

    Raises:
        CorpusNotFoundError, CorpusError: as ``plan``.
    """
    files = files_of(Path(corpus))
    return sum(file.disk_bytes for file in files if isinstance(file, SourceFile))


def _chunks(
    files: Iterator[SourceFile | DocumentFormatError],
) -> Iterator[Chunk | DocumentFormatError]:
    for file in files:
        if isinstance(file, DocumentFormatError):
            yield file
        elif file.reader.line_based:
            yield from _chunks_of_lines(file)
        else:
            size = file.disk_bytes
            yield Chunk(file.reader.name, file.path, file.relative, None, 1, size, size)


def _chunks_of_lines(file: SourceFile) -> Iterator[Chunk | DocumentFormatError]:
    first = True
    for block in line_blocks(file.path) if is_compressed(file.path) else line_spans(file.path):
        if isinstance(block, DocumentFormatError):
            yield block
        else:
            chunk = _chunk(file, block)
            if first and b"\0" in content_of(chunk):
                # Otherwise a misnamed binary file would be reported once a line.
                reason = "is not text in UTF-8 (it has NUL bytes); convert it"
                yield DocumentFormatError(reason, path=file.path)
                return
            yield chunk
        first = False
    if first:
        yield DocumentFormatError("is empty", path=file.path)


def _chunk(file: SourceFile, block: Block | Span) -> Chunk:
    if isinstance(block, Block):
        payload, offset = block.payload, None
        size, disk_bytes = len(block.payload), block.disk_bytes
    else:
        payload, offset = None, block.offset
        size = disk_bytes = block.size
    return Chunk(
        reader=file.reader.name,
        path=file.path,
        relative=file.relative,
        payload=payload,
        first_line=block.first_line,
        size=size,
        disk_bytes=disk_bytes,
        offset=offset,
    )
