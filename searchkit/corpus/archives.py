"""
How do the files in an archive become chunks?

As files in a folder do: in sorted order (a tar archive's in its own), litter passed over,
each with the reader of its name, or of its content where the name says nothing. Nothing
is written to disk. A member of a ZIP archive is read where its chunk is read; planning
only names it. So is one of a tar archive that is not compressed. What lies deeper is read
while it is planned, and travels with its chunk: compressed tar archives, which can only
be read from the front, and archives within archives, which are held in memory one at a
time. What an archive claims is not believed: names that lead out of it, sizes, and how
much it unpacks to are checked, and each refusal is reported with the member's path.
"""

from __future__ import annotations

import io
import logging
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from searchkit.corpus import registry
from searchkit.corpus.archive_place import Budget, Place, Step, with_rest
from searchkit.corpus.archive_salvage import salvaged
from searchkit.corpus.archive_tar import TAR_ERRORS, tar_damage, tar_members
from searchkit.corpus.archive_zip import (
    ZIP_ERRORS,
    Member,
    Refused,
    damaged_member,
    lists_too_many,
    opened,
    zip_members,
)
from searchkit.corpus.blocks import Block, block_chunks, content_of, lines_of, stream_pieces
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.limits import Limits
from searchkit.corpus.sniff import HEAD_BYTES, TAIL_BYTES, sniff
from searchkit.corpus.streams import (
    CHANGED,
    DECOMPRESSORS,
    PEEKED_BYTES,
    UNREADABLE,
    bounded,
    compression_for,
    compression_of,
    decompressed,
    is_compressed,
    too_large,
    unreadable,
)
from searchkit.corpus.walk import SourceFile, as_key, is_litter, unknown_format
from searchkit.errors import DocumentFormatError

_logger = logging.getLogger(__name__)


def archive_chunks(file: SourceFile, limits: Limits) -> Iterator[Step]:
    """
    Yield the chunks of the members of an archive, and what is wrong with the others.

    The chunks' ``disk_bytes`` add up to those of the file.
    """
    budget = Budget(limits, file.disk_bytes)
    place = Place(file.path, file.path, file.relative, (), file.stamp, budget, True)
    try:
        with file.path.open("rb") as raw:
            yield from with_rest(_steps(raw, place, file.reader), file.disk_bytes)
            status = os.fstat(raw.fileno())
            if (status.st_size, status.st_mtime_ns) != file.stamp:
                yield DocumentFormatError(CHANGED, path=file.path)
    except UNREADABLE as error:
        yield unreadable(error, file.path)
    except Exception as error:
        # No archive, however it was made, must take the other files down with it.
        _logger.debug("planning failed on %s", file.path, exc_info=True)
        reason = f"is damaged in a way that cannot be told: {type(error).__name__}: {error}"
        yield DocumentFormatError(reason, path=file.path)
    if budget.too_deep:
        most = limits.nesting
        reason = f"holds {budget.too_deep} archives more than {most} deep; unpack the outer ones"
        yield DocumentFormatError(reason, path=file.path)


def read_archive(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the documents of an archive that was found behind a name of another format."""
    content = content_of(chunk)
    budget = Budget(chunk.limits, len(content))
    place = Place(chunk.on_disk, chunk.path, chunk.relative, chunk.members, None, budget, False)
    for step in _steps(io.BytesIO(content), place, TAR):
        if isinstance(step, Chunk):
            yield from registry.read(step)
        else:
            yield step


def _steps(raw: IO[bytes], place: Place, reader: Reader) -> Iterator[Step]:
    """Yield the chunks of the archive *raw*, whichever kind its content says it is."""
    head = raw.read(HEAD_BYTES)
    raw.seek(max(0, raw.seek(0, io.SEEK_END) - TAIL_BYTES))
    tail = raw.read(TAIL_BYTES)
    raw.seek(0)
    if not head:
        yield DocumentFormatError("is empty", path=place.path)
        return
    found = sniff(head, tail)
    extension = found.extension if found else ""
    if extension == ".zip":
        steps = _zip_steps(raw, place)
    elif extension in DECOMPRESSORS:
        steps = _compressed_steps(raw, place, extension)
    elif extension == ".tar" or (not found and reader.name == TAR.name):
        steps = _tar_steps(raw, raw, place)
    else:
        steps = _other_steps(raw, place, extension)
    yield from _at_least_one(steps, place)


def _at_least_one(steps: Iterable[Step], place: Place) -> Iterator[Step]:
    step, too_deep = None, place.budget.too_deep
    for step in steps:
        yield step
    if step is None and place.budget.too_deep == too_deep:
        yield DocumentFormatError("is an archive without files to read", path=place.path)


def _other_steps(raw: IO[bytes], place: Place, extension: str) -> Iterator[Step]:
    """Yield the one chunk of a file that is called an archive and is something else."""
    reader = registry.reader_of_extension(extension)
    if reader is None or reader.archive:
        yield DocumentFormatError("is no archive that can be read, or is damaged", path=place.path)
        return
    content = None if place.addressable else raw.read()
    size = raw.seek(0, io.SEEK_END)
    yield Chunk(
        reader.name, place.path, place.relative, content, 1, size, size,
        stamp=place.stamp, limits=place.limits,
    )  # fmt: skip


def _compressed_steps(raw: IO[bytes], place: Place, kind: str) -> Iterator[Step]:
    try:
        with DECOMPRESSORS[kind](raw) as stream:
            head = stream.read(HEAD_BYTES)
        raw.seek(0)
        with DECOMPRESSORS[kind](raw) as stream:
            if head.startswith(b"PK"):
                content = bounded(stream, place.limits.document_bytes, place.path)
                yield from _zip_steps(io.BytesIO(content), place.in_memory())
            else:
                yield from _tar_steps(stream, raw, place.in_memory())
    except DocumentFormatError as error:
        yield error
    except UNREADABLE as error:
        yield unreadable(error, place.path)


def _zip_steps(raw: IO[bytes], place: Place) -> Iterator[Step]:
    if lists_too_many(raw, place.limits):
        yield place.budget.spent(place.path)
        return
    try:
        archive = opened(place.file, place.stamp) if place.addressable else zipfile.ZipFile(raw)
    except (*ZIP_ERRORS, *UNREADABLE):
        yield from _member_steps(salvaged(raw, place.limits), place.in_memory())
    else:
        yield from _member_steps(zip_members(archive), place)


def _member_steps(members: Iterator[Member | Refused], place: Place) -> Iterator[Step]:
    """Yield the chunks of members that can be read in any order: damage costs one only."""
    for member in members:
        try:
            yield from _steps_of(member, place)
        except ZIP_ERRORS as error:
            yield damaged_member(error, place.path_of(member.name))
        except UNREADABLE as error:
            yield unreadable(error, place.path_of(member.name))
        if place.budget.is_spent:
            return


def _tar_steps(stream: Any, raw: IO[bytes], place: Place) -> Iterator[Step]:
    try:
        for member in tar_members(stream, raw, place.limits):
            yield from _steps_of(member, place)
            if place.budget.is_spent:
                return
    except TAR_ERRORS as error:
        yield DocumentFormatError(tar_damage(error), path=place.path)


def _steps_of(member: Member | Refused, place: Place) -> Iterator[Step]:
    """Yield what one member gives."""
    if isinstance(member, Refused) and not member.name:
        yield DocumentFormatError(member.reason, path=place.path)
        return
    parts = [part for part in member.name.split("/") if part not in ("", ".")]
    if any(map(is_litter, (part for part in parts if part != ".."))):
        return
    if reason := place.refusal(member, parts):
        yield DocumentFormatError(reason, path=place.path_of(member.name))
        return
    assert isinstance(member, Member)
    place.budget.spend(member.size)
    if place.budget.is_spent:
        yield place.budget.spent(place.path)
        return
    try:
        yield from with_rest(_chunks_of(member, "/".join(parts), place), member.packed)
    except DocumentFormatError as error:
        yield error


def _chunks_of(member: Member, name: str, place: Place) -> Iterator[Step]:
    path = place.path_of(name)
    reader = _reader_of(member, name)
    if reader is None:
        yield DocumentFormatError(unknown_format(name), path=path)
        return
    chunk = Chunk(
        reader.name, path, f"{place.relative}/{as_key(name)}", None, 1, member.size, member.packed,
        file=place.file, members=(*place.members, member.key), stamp=place.stamp,
        limits=place.limits,
    )  # fmt: skip
    if reader.archive:
        yield from _nested(member, name, place, reader)
    elif reader.line_based:
        with member.open() as stream:
            yield from block_chunks(_lines(stream, path, place.limits), chunk)
    elif member.size > place.limits.document_bytes:
        yield too_large("is", place.limits.document_bytes, path)
    elif place.addressable:
        yield replace(chunk, offset=member.offset)
    else:
        yield _carried(member, chunk)


def _reader_of(member: Member, name: str) -> Reader | None:
    reader = registry.reader_for(name.rpartition("/")[2])
    if reader is not None and not reader.line_based:
        return reader
    # A ZIP archive's members can be opened twice; a tape goes back as far as this.
    with member.open() as stream:
        head = stream.read(HEAD_BYTES)
    if kind := compression_of(head):
        with suppress(*UNREADABLE):
            head = DECOMPRESSORS[kind](io.BytesIO(head)).read1(HEAD_BYTES)
    if reader is not None:
        return registry.other_reader(reader, head) or reader
    found = sniff(head)
    return registry.reader_of_extension(found.extension) if found else None


def _nested(member: Member, name: str, place: Place, reader: Reader) -> Iterator[Step]:
    inner = place.below(member, name)
    if len(inner.members) >= place.limits.nesting:
        # A bomb may hold thousands of them: reported once, with the outermost archive.
        place.budget.too_deep += 1
        return
    with member.open() as stream:
        content = bounded(stream, place.limits.document_bytes, inner.path)
    yield from _steps(io.BytesIO(content), inner, reader)


def _carried(member: Member, chunk: Chunk) -> Chunk:
    limit = chunk.limits.document_bytes
    with member.open() as stream:
        content = bounded(stream, limit, chunk.path)
    if is_compressed(chunk.path):
        content = decompressed(content, limit, chunk.path)
    return replace(chunk, payload=content, size=len(content))


def _lines(member: Any, path: Path, limits: Limits) -> Iterator[Block | DocumentFormatError]:
    kind = compression_for(member.peek(PEEKED_BYTES)[:PEEKED_BYTES], path)
    stream = DECOMPRESSORS[kind](member) if kind else member
    return lines_of(stream_pieces(stream, member), path, limits=limits)


_read: Callable[[Chunk], Iterator[Outcome]] = read_archive
ZIP = Reader("zip", (".zip",), _read, archive=True)
TAR = Reader("tar", (".tar", ".tgz", ".txz", ".tbz2", ".tbz"), _read, archive=True)

for _reader in (ZIP, TAR):
    registry.register(_reader)
