"""
What does a ZIP archive hold, and how is one member read?

The directory at its end tells. A process keeps the archive that it opened last, so that
reading 20,000 members parses the directory once and not 20,000 times; each process opens
its own, and threads share it safely. An archive that lost its end, and with it the
directory, is read from the front, member by member, up to the damage. Names are bytes of
an unnamed code page in most archives: all names of one archive together tell which.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from searchkit.corpus.chunk import Chunk, Stamp
from searchkit.corpus.encoding import NotTextError, decode
from searchkit.corpus.limits import Limits
from searchkit.corpus.streams import CHANGED, UNREADABLE, bounded, check_unchanged, unreadable
from searchkit.errors import DocumentFormatError

_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_METHODS = {1: "shrink", 6: "implode", 9: "deflate64", 93: "zstandard", 95: "xz", 98: "PPMd"}
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_ENTRY, _ENTRY_BYTES_LEAST = b"PK\x01\x02", 46
_END, _END_64, _END_BYTES = b"PK\x05\x06", b"PK\x06\x06", 66_000
ZIP_ERRORS = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error)
"""What ``zipfile`` raises beside ``UNREADABLE``."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive."""

    name: str
    """Readable, with '/'."""
    key: str
    """Its name as the archive spells it."""
    size: int
    """Bytes, uncompressed, as the archive claims."""
    packed: int
    """Bytes that it takes in the archive."""
    open: Callable[[], Any]
    """Give a stream of its bytes."""
    offset: int | None = None
    """Where its bytes stand in the file on disk, if they stand there as they are."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A member that is not read, or the rest of an archive (without a name)."""

    name: str
    reason: str


_lock = threading.Lock()
_last: tuple[tuple[int, Path, Stamp | None], zipfile.ZipFile] | None = None


def opened(file: Path, stamp: Stamp | None) -> zipfile.ZipFile:
    """
    Return the archive *file*, which stays open until this process asks for another one.

    Raises:
        BadZipFile and what else ``zipfile`` raises, OSError.
    """
    global _last
    # A forked process would share the parent's position in the file.
    wanted = os.getpid(), file, stamp
    with _lock:
        if _last is None or _last[0] != wanted or stamp is None:
            # The one before is closed when the last thread that reads in it lets go.
            _last = wanted, zipfile.ZipFile(file)
        return _last[1]


def member_content(chunk: Chunk) -> bytes:
    """
    Return the bytes of the archive's member that *chunk* is.

    Raises:
        DocumentFormatError: it is damaged, too large, or the archive has changed.
    """
    try:
        archive = opened(chunk.on_disk, chunk.stamp)
        assert archive.fp is not None
        check_unchanged(archive.fp, chunk)
        with archive.open(chunk.members[-1]) as stream:
            content = bounded(stream, chunk.limits.document_bytes, chunk.path)
        check_unchanged(archive.fp, chunk)
        return content
    except KeyError as error:
        raise DocumentFormatError(CHANGED, path=chunk.path) from error
    except ZIP_ERRORS as error:
        raise damaged_member(error, chunk.path) from error
    except UNREADABLE as error:
        raise unreadable(error, chunk.path) from error


def damaged_member(error: Exception, path: Path) -> DocumentFormatError:
    """Say what ``zipfile`` or ``tarfile`` found wrong with the member at *path*."""
    return DocumentFormatError(f"is damaged in its archive ({error})", path=path)


def zip_members(archive: zipfile.ZipFile) -> Iterator[Member | Refused]:
    """Yield the files that *archive* lists, in sorted order, and why others are not read."""
    infos = archive.infolist()
    names = readable_names(infos)
    last = {name: i for i, name in enumerate(names)}
    for i in sorted(range(len(infos)), key=lambda i: names[i].split("/")):
        info, name = infos[i], names[i]
        if name.endswith("/"):
            continue
        if last[name] != i:
            yield Refused(name, "is in its archive twice; the later one is read")
        elif reason := _refusal(info):
            yield Refused(name, reason)
        else:
            yield _member(archive, info, name)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Member:
    size, packed = info.file_size, info.compress_size
    return Member(name, info.filename, size, packed, lambda: archive.open(info))


def _refusal(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted; unpack its archive with the password"
    if info.compress_type not in _READABLE:
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        return f"is compressed by {method}, which is not read; pack it again by 'deflate'"
    mode = info.external_attr >> 16
    if info.create_system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link or a device in its archive, which is not followed"
    return None


def readable_names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names, decoded; '/' divides folders."""
    # zipfile takes bytes that are not said to be UTF-8 for cp437, which loses nothing.
    packed = [
        (i, info.orig_filename.encode("cp437", "replace"))
        for i, info in enumerate(infos)
        if not info.flag_bits & _UTF8_NAME and not info.orig_filename.isascii()
    ]
    names = [info.filename for info in infos]
    for (i, _), name in zip(packed, decoded_names([name for _, name in packed]), strict=True):
        names[i] = name
    return [name.replace("\\", "/") for name in names]


def decoded_names(names: list[bytes]) -> list[str]:
    """Decode file names that are all of one code page, which their letters tell."""
    try:
        decoded = decode(b"\n".join(names)).split("\n")
    except NotTextError:
        decoded = []
    if len(decoded) != len(names):
        return [name.decode("utf-8", "replace") for name in names]
    return decoded


def lists_too_many(raw: IO[bytes], limits: Limits) -> bool:
    """
    Tell whether the archive lists more members than allowed, before they fill the memory.

    Cost: one look at the end of the file, and at the directory if that is large enough.
    """
    size = raw.seek(0, io.SEEK_END)
    start = raw.seek(max(0, size - _END_BYTES))
    tail = raw.read(_END_BYTES)
    end = tail.rfind(_END)
    directory_bytes = _uint(tail, end + 12, 4) if end >= 0 else 0
    if (end64 := tail.rfind(_END_64)) >= 0:
        directory_bytes = max(_uint(tail, end64 + 40, 8), directory_bytes % 0xFFFFFFFF)
    count = 0
    if directory_bytes > limits.archive_members * _ENTRY_BYTES_LEAST:
        raw.seek(max(0, start + max(end, end64) - directory_bytes))
        while count <= limits.archive_members and (piece := raw.read(1 << 20)):
            count += piece.count(_ENTRY)
    raw.seek(0)
    return count > limits.archive_members


def _uint(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")
