"""
How do arrays lie in a file?

An *array file* holds named NumPy arrays, little-endian, each starting at a
multiple of 64 bytes so that it can be memory-mapped and used in place::

    file      := header array* directory trailer
    header    := magic:8 version:u32 zero:52          (64 bytes)
    array     := raw bytes, zero padding to 64
    directory := UTF-8 JSON {"arrays": {name: [dtype, length, offset, crc32]}, "facts": {…}}
    trailer   := directory offset:u64 length:u64 crc32:u32 version:u32 magic:8   (32 bytes)

The directory stands last so that a writer can stream arrays of unknown length.
``docs/format.md`` walks through a file byte by byte.

Invariants:

- Nothing is executed or unpickled on reading: a stranger's file is safe to open.
- Every array's dtype, offset and length are checked against the file's size
  before it is mapped; its bytes are checked by :meth:`ArrayFile.verify`, and
  already on opening when the file is small.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from searchkit.errors import CorruptIndexError, IndexFormatError

MAGIC = b"SEARCHK\0"
FORMAT_VERSION = 2
ALIGNMENT = 64
#: Files up to this size are checked whole on opening: about 4 ms at 1 GB/s.
CHECKED_ON_OPEN_BYTES = 4 << 20
DTYPES = frozenset({"|u1", "<u2", "<u4", "<u8", "<i4", "<f4"})

_HEADER = struct.Struct("<8sI52x")
_TRAILER = struct.Struct("<QQII8s")


class ArrayFileWriter:
    """
    Write an array file; it is complete, and durable, only after :meth:`close`.

    Used as a context manager: leaving normally closes, leaving by an
    exception removes the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = open(path, "wb")  # noqa: SIM115 - closed by close() or abandon()
        self._file.write(_HEADER.pack(MAGIC, FORMAT_VERSION))
        self._arrays: dict[str, list[Any]] = {}
        self._open_name: str | None = None
        self.facts: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Write one whole array under *name*."""
        self.begin(name, array.dtype)
        self.append(array)

    def begin(self, name: str, dtype: np.dtype[Any] | type) -> None:
        """Start the array *name*, to be filled by :meth:`append`."""
        spelled = np.dtype(dtype).newbyteorder("<").str
        assert spelled in DTYPES, (name, spelled)
        assert name not in self._arrays, name
        self._file.write(b"\0" * (-self._file.tell() % ALIGNMENT))
        self._arrays[name] = [spelled, 0, self._file.tell(), 0]
        self._open_name = name

    def append(self, array: NDArray[Any]) -> None:
        """Write the next stretch of the array begun last."""
        assert self._open_name is not None
        entry = self._arrays[self._open_name]
        stretch = np.ascontiguousarray(array, dtype=entry[0])
        if stretch.size:
            view = memoryview(stretch.view(np.uint8).data)
            self._file.write(view)
            entry[1] += stretch.size
            entry[3] = zlib.crc32(view, entry[3])

    def close(self) -> None:
        """Write the directory and make the file durable."""
        self._file.write(b"\0" * (-self._file.tell() % ALIGNMENT))
        offset = self._file.tell()
        directory = json.dumps({"arrays": self._arrays, "facts": self.facts}).encode()
        self._file.write(directory)
        self._file.write(
            _TRAILER.pack(offset, len(directory), zlib.crc32(directory), FORMAT_VERSION, MAGIC)
        )
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Give the file up and remove it."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class ArrayFile:
    """
    A memory-mapped array file.

    Raises:
        IndexFormatError: not an array file, or of another version.
        CorruptIndexError: damaged or cut off.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with open(path, "rb") as file:
            self.bytes = os.fstat(file.fileno()).st_size
            if self.bytes < _HEADER.size + _TRAILER.size:
                raise CorruptIndexError(path, f"it is cut off after {self.bytes} bytes")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, version = _HEADER.unpack_from(self._map, 0)
        if magic != MAGIC:
            raise IndexFormatError(path, expected=f"magic {MAGIC!r}", got=magic)
        if version != FORMAT_VERSION:
            raise IndexFormatError(path, expected=f"format {FORMAT_VERSION}", got=version)
        self._arrays, self.facts = self._read_directory()
        if self.bytes <= CHECKED_ON_OPEN_BYTES:
            self.verify()

    def array(self, name: str) -> NDArray[Any]:
        """Return the array *name*, mapped, read-only."""
        try:
            dtype, length, offset, _ = self._arrays[name]
        except KeyError:
            raise CorruptIndexError(self.path, f"array '{name}' is missing") from None
        return np.frombuffer(self._map, dtype, length, offset)

    def names(self) -> list[str]:
        """Return the names of all arrays, in file order."""
        return list(self._arrays)

    def size_of(self, name: str) -> int:
        """Return the bytes that the array *name* takes."""
        dtype, length, _, _ = self._arrays[name]
        return int(length) * np.dtype(dtype).itemsize

    def verify(self) -> None:
        """
        Check every byte of every array, and that nothing else stands in the file.

        Raises:
            CorruptIndexError: naming the first array that disagrees.
        """
        end = _HEADER.size
        for name, (_, _, offset, expected) in self._arrays.items():
            size = self.size_of(name)
            with memoryview(self._map) as view:
                if any(view[8 + 4 : _HEADER.size]) or any(view[end:offset]):
                    raise CorruptIndexError(self.path, f"the padding before '{name}' is not zero")
                got = zlib.crc32(view[offset : offset + size])
            if got != expected:
                raise CorruptIndexError(
                    self.path,
                    f"array '{name}' has checksum {got:08x} where {expected:08x} was written",
                )
            end = offset + size
        with memoryview(self._map) as view:
            if any(view[end : self._directory_offset]):
                raise CorruptIndexError(self.path, "the padding before its directory is not zero")

    def _read_directory(self) -> tuple[dict[str, tuple[str, int, int, int]], dict[str, Any]]:
        trailer_at = self.bytes - _TRAILER.size
        offset, length, crc, version, magic = _TRAILER.unpack_from(self._map, trailer_at)
        if magic != MAGIC or version != FORMAT_VERSION or offset + length != trailer_at:
            raise CorruptIndexError(self.path, "its trailer is damaged or cut off")
        self._directory_offset = offset
        directory = self._map[offset:trailer_at]
        if zlib.crc32(directory) != crc:
            raise CorruptIndexError(self.path, "its directory is damaged")
        try:
            parsed = json.loads(directory)
            arrays = {name: _checked(entry, offset) for name, entry in parsed["arrays"].items()}
            facts = parsed["facts"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise CorruptIndexError(self.path, f"its directory is malformed ({error})") from None
        if not isinstance(facts, Mapping):
            raise CorruptIndexError(self.path, "its directory has no facts")
        return arrays, dict(facts)


def _checked(entry: Any, limit: int) -> tuple[str, int, int, int]:
    """Check one directory entry against the file, or raise ValueError."""
    dtype, length, offset, crc = entry
    if dtype not in DTYPES or not all(type(n) is int and n >= 0 for n in (length, offset, crc)):
        raise ValueError(f"bad array entry {entry!r}")
    if offset % ALIGNMENT or offset + length * np.dtype(dtype).itemsize > limit:
        raise ValueError(f"array entry {entry!r} lies outside the file")
    return dtype, length, offset, crc


def fsync_directory(path: Path) -> None:
    """Make renames and new files of a directory durable (a no-op where unsupported)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
