"""
What does a tar archive hold?

It is a tape: a header of 512 bytes, the file, the next header. It is read once from front
to end, in the archive's order, without going back, so that a compressed one is
decompressed once. ``tarfile`` reads the headers; the tape below it refuses to hand out
more than a header can be, since a header may claim to be any number of bytes long, and
stops where the archive turns out to be a bomb. ``tarfile`` takes a damaged header for the
end; the tape remembers what it really was.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from searchkit.corpus.archive_zip import Member, Refused, decoded_names
from searchkit.corpus.limits import RATIO_FREE_BYTES, Limits
from searchkit.corpus.streams import UNREADABLE

_HEADER_BYTES_MOST = 1 << 20
_SKIP_BYTES = 1 << 20


class BombError(Exception):
    """What the archive unpacks to is beyond a limit; the message is the reason."""


TAR_ERRORS = (
    *(BombError, tarfile.TarError, ValueError, OverflowError, RecursionError),
    *UNREADABLE,
)
"""What reading an archive, or a member of it, raises."""


class _Tape:
    """
    A stream as ``tarfile`` likes it: with positions, but read forward only.

    Invariant: the underlying stream stands at ``_at``; ``_wanted`` is where the next read
    is to begin, at most the last piece read before ``_at``.
    """

    def __init__(self, stream: Any, raw: IO[bytes], limits: Limits) -> None:
        self._stream, self._raw, self._limits = stream, raw, limits
        self._at = self._wanted = 0
        self._kept = b""
        self.last = b""
        """What the last read gave."""

    def tell(self) -> int:
        return self._wanted

    def seek(self, position: int, whence: int = 0) -> int:
        if whence or position < self._at - len(self._kept):
            raise tarfile.ReadError("it points back")
        self._wanted = position
        return position

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _HEADER_BYTES_MOST:
            raise tarfile.ReadError(f"a header of {size} bytes")
        self._skip()
        again = self._kept[len(self._kept) - (self._at - self._wanted) :][:size]
        held = bytearray(again)
        while len(held) < size and (piece := self._stream.read(size - len(held))):
            held += piece
        fresh = bytes(held[len(again) :])
        if fresh:
            self._kept = fresh
            self._at += len(fresh)
            self._guard()
        self._wanted += len(held)
        self.last = bytes(held)
        return self.last

    def _skip(self) -> None:
        if self._stream is self._raw and self._wanted > self._at:
            self._at = self._raw.seek(self._wanted)
            self._kept = b""
        while self._at < self._wanted:
            piece = self._stream.read(min(_SKIP_BYTES, self._wanted - self._at))
            if not piece:
                raise tarfile.ReadError("unexpected end")
            self._kept = piece
            self._at += len(piece)
            self._guard()

    def _guard(self) -> None:
        if self._stream is self._raw:
            return
        most = self._limits.archive_bytes
        if self._at > most:
            raise BombError(f"unpacks to more than {most >> 20} MB; the rest is not read")
        ratio = self._limits.compression_ratio
        if self._at > RATIO_FREE_BYTES and self._at > ratio * self._raw.tell():
            raise BombError(f"unpacks to more than {ratio} times its size, as a zip bomb does")


def tar_members(stream: Any, raw: IO[bytes], limits: Limits) -> Iterator[Member | Refused]:
    """
    Yield the files of a tar archive in its order, and why others are not read.

    A member must be read before the next one is asked for. What ends the archive early
    is the last thing yielded, without a name.

    Args:
        stream: the archive, uncompressed.
        raw: what *stream* is read from; *stream* itself if the archive is not compressed.
    """
    end = raw.seek(0, io.SEEK_END) if stream is raw else None
    if end is not None:
        raw.seek(0)
    tape = _Tape(stream, raw, limits)
    seen: set[int] = set()
    try:
        archive = tarfile.TarFile(fileobj=tape, mode="r")  # type: ignore[arg-type]
        used = 0
        while (info := archive.next()) is not None:
            # It would remember all of them.
            archive.members.clear()  # type: ignore[attr-defined]
            if end is not None and info.isreg() and _end_of(info) > end:
                raise tarfile.ReadError("a member is cut off")
            if not info.isdir():
                packed = raw.tell() - used
                used += packed
                yield _member(archive, info, packed, stream is raw, seen)
        if tape.last.strip(b"\0"):
            raise tarfile.ReadError(f"no header at byte {archive.offset}")
    except TAR_ERRORS as error:
        yield Refused("", tar_damage(error))


def tar_damage(error: Exception) -> str:
    """Say which of ``TAR_ERRORS`` ended an archive."""
    if isinstance(error, BombError):
        return str(error)
    if str(error) in ("invalid header", "bad checksum"):
        # tarfile raises it of the first header only.
        return "is no archive that can be read, or is damaged"
    what = "its headers do not end" if isinstance(error, RecursionError) else error
    return f"is truncated or damaged ({what}); what stands before that is read"


def _end_of(info: tarfile.TarInfo) -> int:
    return 0 if info.issparse() else info.offset_data + info.size


def _member(
    archive: tarfile.TarFile, info: tarfile.TarInfo, packed: int, plain: bool, seen: set[int]
) -> Member | Refused:
    [name] = decoded_names([info.name.encode("utf-8", "surrogateescape")])
    if not info.isreg():
        return Refused(name, "is a link or a device in its archive, which is not followed")
    if (key := hash(name)) in seen:
        return Refused(name, "is in its archive twice; the earlier one is read")
    seen.add(key)
    offset = info.offset_data if plain and not info.issparse() else None
    return Member(name, info.name, info.size, packed, _opener(archive, info), offset)


def _opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], Any]:
    return lambda: archive.extractfile(info)
