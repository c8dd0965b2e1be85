"""
How is the work of reading a corpus cut up?

Cheap and sequential: prose files are named, not opened; files of one document
a line are decompressed and cut into blocks, so that parsing them is parallel;
archives are opened, and their members planned as files are (:mod:`.archives`).
Of an uncompressed file the chunks carry borders, not bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from searchkit.corpus.archives import archive_chunks
from searchkit.corpus.blocks import block_chunks, line_blocks, line_spans
from searchkit.corpus.chunk import Chunk, Reader
from searchkit.corpus.limits import DEFAULT, Limits
from searchkit.corpus.registry import other_reader
from searchkit.corpus.sniff import HEAD_BYTES
from searchkit.corpus.streams import UNREADABLE, head_of, is_compressed
from searchkit.corpus.walk import SourceFile, files_of
from searchkit.errors import DocumentFormatError


def plan(
    corpus: Path, *, limits: Limits = DEFAULT, skip: Callable[[SourceFile], bool] | None = None
) -> Iterator[Chunk | DocumentFormatError]:
    """
    Cut *corpus*, a folder or a file, into chunks for ``read``.

    Files come in sorted order, the blocks of a file and the members of an archive in
    theirs. An empty folder gives nothing.

    Args:
        limits: what one file may ask for; chunks hand it on to ``read``.
        skip: tells which files to leave out, without opening them.

    Raises:
        CorpusNotFoundError: there is no such folder or file.
        CorpusError: it cannot be opened, or is a single file of unknown format.
            Both at the call, before the first chunk is asked for.
    """
    return _chunks(files_of(Path(corpus)), limits, skip)


def size_of(corpus: Path) -> int:
    """
    Return the bytes on disk that ``plan`` goes through (compressed ones as they are).

    Raises:
        CorpusNotFoundError, CorpusError: as ``plan``.
    """
    files = files_of(Path(corpus))
    return sum(file.disk_bytes for file in files if isinstance(file, SourceFile))


def chunks_of(
    files: Iterable[SourceFile], limits: Limits = DEFAULT
) -> Iterator[Chunk | DocumentFormatError]:
    """Cut files that :func:`.files_of` has found, as :func:`plan` does."""
    return _chunks(files, limits, None)


def _chunks(
    files: Iterable[SourceFile | DocumentFormatError],
    limits: Limits,
    skip: Callable[[SourceFile], bool] | None,
) -> Iterator[Chunk | DocumentFormatError]:
    for file in files:
        if isinstance(file, DocumentFormatError):
            yield file
        elif skip is not None and skip(file):
            continue
        elif file.reader.archive:
            yield from archive_chunks(file, limits)
        elif file.reader.line_based:
            yield from _chunks_of_lines(file, limits)
        else:
            yield _chunk(file, file.reader, limits)


def _chunks_of_lines(file: SourceFile, limits: Limits) -> Iterator[Chunk | DocumentFormatError]:
    try:
        head, compressed = head_of(file.path, HEAD_BYTES)
    except UNREADABLE:
        # Reported below, behind what can be read before the damage.
        head, compressed = b"", is_compressed(file.path)
    other = other_reader(file.reader, head)
    chunk = _chunk(file, other or file.reader, limits)
    if other is not None and not other.line_based:
        yield chunk
    else:
        cut = line_blocks if compressed else line_spans
        yield from block_chunks(cut(file.path, limits=limits), chunk)


def _chunk(file: SourceFile, reader: Reader, limits: Limits) -> Chunk:
    size = file.disk_bytes
    return Chunk(
        reader.name, file.path, file.relative, None, 1, size, size, stamp=file.stamp, limits=limits
    )
