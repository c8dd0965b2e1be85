"""
What can still be read of a ZIP archive that lost its directory?

A download that was cut off has no directory, which stands at the end; but each member is
preceded by a header of its own. The archive is read from its front, header by header, up
to the first thing that is none. Where a header leaves the sizes open, as programs do that
write without going back, the compressed data itself tells where it ends.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from searchkit.corpus.archive_zip import Member, Refused, decoded_names
from searchkit.corpus.limits import Limits

_HEADER = struct.Struct("<4s5H3I2H")
_SIGNATURE, _DIRECTORY = b"PK\x03\x04", b"PK\x01\x02"
_ENCRYPTED, _SIZES_FOLLOW, _UTF8_NAME = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_UNKNOWN_SIZE = 0xFFFFFFFF
_PIECE_BYTES = 1 << 16
_END_BYTES = (0, 12, 16, 20, 24)
"""Of what may follow a member's data: sizes of 4 or 8 bytes, with a signature or without."""


class _DamagedError(Exception):
    """The archive cannot be read beyond this point."""


@dataclass(frozen=True, slots=True)
class _Header:
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int


def salvaged(raw: IO[bytes], limits: Limits) -> Iterator[Member | Refused]:
    """Yield what the archive *raw* still holds, in its order, then why there is no more."""
    raw.seek(0)
    try:
        while header := _header(raw):
            [name] = decoded_names([header.name])
            name = name.replace("\\", "/")
            content = _content(raw, header, limits.document_bytes)
            if isinstance(content, str):
                yield Refused(name, content)
            elif not name.endswith("/"):
                yield _member(name, content)
        reason = "has a damaged directory; what could be found without it is read"
    except (_DamagedError, zlib.error) as error:
        reason = f"is truncated or damaged ({error}); what stands before that is read"
    yield Refused("", reason)


def _member(name: str, content: bytes) -> Member:
    return Member(
        name, name, len(content), len(content), lambda: io.BufferedReader(io.BytesIO(content))
    )


def _header(raw: IO[bytes]) -> _Header | None:
    fixed = raw.read(_HEADER.size)
    if fixed.startswith(_DIRECTORY):
        return None
    if len(fixed) < _HEADER.size or not fixed.startswith(_SIGNATURE):
        raise _DamagedError(f"no member begins at byte {raw.tell() - len(fixed)}")
    _, _, flags, method, _, _, crc, packed, _, name_bytes, extra_bytes = _HEADER.unpack(fixed)
    name = raw.read(name_bytes)
    if len(raw.read(extra_bytes)) < extra_bytes:
        raise _DamagedError("a header is cut off")
    return _Header(name, flags, method, crc, packed)


def _content(raw: IO[bytes], header: _Header, limit: int) -> bytes | str:
    """Read the data of the member that *header* precedes: its bytes, or why it is not read."""
    sized = not header.flags & _SIZES_FOLLOW and header.packed != _UNKNOWN_SIZE
    if header.flags & _ENCRYPTED or header.method not in (_STORED, _DEFLATED):
        if not sized:
            raise _DamagedError("a member is encrypted or compressed in an unknown way")
        raw.seek(header.packed, io.SEEK_CUR)
        return "is encrypted or compressed in an unknown way; pack it again"
    if header.method == _DEFLATED:
        content = _inflated(raw, limit)
    elif not sized:
        raise _DamagedError("a member of unknown size")
    elif header.packed > limit:
        raw.seek(header.packed, io.SEEK_CUR)
        content = None
    else:
        content = raw.read(header.packed)
        if len(content) < header.packed:
            raise _DamagedError("a member is cut off")
    if not sized:
        _skip_sizes(raw)
    elif content is not None and zlib.crc32(content) != header.crc:
        return "is damaged in its archive (its checksum is wrong)"
    return f"is larger than {limit >> 20} MB; split it" if content is None else content


def _inflated(raw: IO[bytes], limit: int) -> bytes | None:
    """Decompress up to the end of the data; None if it is more than *limit* bytes."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    held: list[bytes] = []
    size = 0
    while not inflater.eof:
        source = inflater.unconsumed_tail or raw.read(_PIECE_BYTES)
        if not source:
            raise _DamagedError("a member is cut off")
        piece = inflater.decompress(source, 1 << 20)
        size += len(piece)
        if size <= limit:
            held.append(piece)
        else:
            held.clear()
    raw.seek(-len(inflater.unused_data), io.SEEK_CUR)
    return b"".join(held) if size <= limit else None


def _skip_sizes(raw: IO[bytes]) -> None:
    start = raw.tell()
    following = raw.read(max(_END_BYTES) + len(_SIGNATURE))
    for size in _END_BYTES:
        if following[size : size + 4] in (_SIGNATURE, _DIRECTORY):
            raw.seek(start + size)
            return
    raise _DamagedError("what follows a member is not another one")
