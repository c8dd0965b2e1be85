"""
Which lemma does the dictionary itself give a form?

simplemma's Swedish dictionary has 960,000 forms and takes 0.7 s to unpack, in every
process that needs it. Who asks for few words (a search for a word that the index does
not know, a reindex of a few files) reads a copy of it instead, sorted and mapped into
memory from the user's cache folder: that takes 20 ms to open and 5 microseconds a form.
The copy, 30 MB, is written by the first who unpacks; without a folder to write to, all
unpack.

The file, little-endian::

    magic:8 crc32:u32 forms:u32 form bytes:u32 lemma bytes:u32     (24 bytes)
    end of each form:u32*  end of each lemma:u32*                  (crc32 from here on)
    forms, sorted, in UTF-8     their lemmas, in UTF-8
"""

from __future__ import annotations

import contextlib
import functools
import mmap
import os
import struct
import sys
import tempfile
import zlib
from bisect import bisect_left
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: Folder for the copy; empty: none is kept. By default the user's cache folder.
CACHE_VARIABLE = "SEARCHKIT_CACHE"
# From so many look-ups in the copy on, unpacking all of it is cheaper.
_FEW = 100_000
_MAGIC = b"SKLEMMA1"
_HEADER = struct.Struct("<8sIIII")
_LANDMARK_EVERY = 64


class Forms(Protocol):
    """Lemmas by form."""

    def get(self, form: str, /) -> str | None:
        """Return the lemma of a form, or None."""
        ...


class Dictionary:
    """The dictionary of this installation, as copy or unpacked. Thread-safe."""

    def __init__(self) -> None:
        self._asked = 0
        self._forms: Forms | None = None

    def get(self, form: str) -> str | None:
        """Return the lemma of a form, or None. Cost: 5 microseconds; 1 once it is unpacked."""
        forms = self._forms
        if forms is None:
            forms = self._forms = _open_copy() or unpacked()
        if isinstance(forms, _Copy):
            self._asked += 1
            if self._asked > _FEW:
                self.unpack()
        return forms.get(form)

    def unpack(self) -> None:
        """Make ready for many look-ups."""
        self._forms = unpacked()


@functools.cache
def unpacked() -> Mapping[str, str]:
    """Return the whole dictionary. Cost: 0.7 s for the first; the first of all keeps a copy."""
    from multiprocessing import parent_process

    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    forms: Mapping[str, str] = DefaultDictionaryFactory().get_dictionary("sv")
    path = _path()
    # Workers have other things to do, and would all do it.
    if path is not None and not path.exists() and parent_process() is None:
        write_copy(path, forms)
    return forms


def write_copy(path: Path, forms: Mapping[str, str]) -> None:
    """Write a copy of *forms* to *path*, atomically; without a word if that cannot be done."""
    pairs = sorted((form.encode(), lemma.encode()) for form, lemma in forms.items())
    keys, lemmas = [form for form, _ in pairs], [lemma for _, lemma in pairs]
    ends = [np.cumsum(np.fromiter(map(len, of), np.int64, len(of))) for of in (keys, lemmas)]
    body = b"".join(part.astype("<u4").tobytes() for part in ends)
    sizes = [int(end[-1]) if len(end) else 0 for end in ends]
    body += b"".join(keys) + b"".join(lemmas)
    head = _HEADER.pack(_MAGIC, zlib.crc32(body), len(keys), *sizes)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(head + body)
            os.replace(fresh, path)
        except OSError:
            os.unlink(fresh)


class _Copy:
    """A copy, mapped into memory."""

    def __init__(self, content: mmap.mmap) -> None:
        magic, checksum, count, key_bytes, lemma_bytes = _HEADER.unpack_from(content)
        begin = _HEADER.size
        keys_at = begin + 8 * count
        lemmas_at = keys_at + key_bytes
        if magic != _MAGIC or len(content) != lemmas_at + lemma_bytes:
            raise ValueError("another format, or cut off")
        if zlib.crc32(memoryview(content)[begin:]) != checksum:
            raise ValueError("damaged")
        self._content = content
        self._keys_at, self._lemmas_at = keys_at, lemmas_at
        ends: NDArray[np.uint32] = np.frombuffer(content, "<u4", 2 * count, begin)
        self._key_ends, self._lemma_ends = ends[:count], ends[count:]
        self._landmarks = [self._key(at) for at in range(0, count, _LANDMARK_EVERY)]

    def get(self, form: str) -> str | None:
        """Return the lemma of a form, or None."""
        wanted = form.encode("utf-8", "replace")
        block = bisect_left(self._landmarks, wanted)
        low, high = max(0, block - 1) * _LANDMARK_EVERY, block * _LANDMARK_EVERY + 1
        at = bisect_left(range(min(high, len(self._key_ends))), wanted, low, key=self._key)
        if at >= len(self._key_ends) or self._key(at) != wanted:
            return None
        start, end = self._bounds(self._lemma_ends, at)
        return self._content[self._lemmas_at + start : self._lemmas_at + end].decode()

    def _key(self, at: int) -> bytes:
        start, end = self._bounds(self._key_ends, at)
        return self._content[self._keys_at + start : self._keys_at + end]

    @staticmethod
    def _bounds(ends: NDArray[np.uint32], at: int) -> tuple[int, int]:
        return (ends.item(at - 1) if at else 0), ends.item(at)


def _open_copy() -> _Copy | None:
    path = _path()
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return _Copy(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError, struct.error):
        # Missing, damaged or somebody else's: the next who unpacks writes another.
        with contextlib.suppress(OSError):
            path.unlink()
        return None


def _path() -> Path | None:
    """Return where the copy of this installation's dictionary is kept, if anywhere."""
    given = os.environ.get(CACHE_VARIABLE)
    if given is not None:
        folder = Path(given) if given else None
    elif sys.platform == "win32":
        folder = Path(base) / "searchkit" if (base := os.environ.get("LOCALAPPDATA")) else None
    else:
        home = os.environ.get("XDG_CACHE_HOME")
        try:
            folder = (Path(home) if home else Path.home() / ".cache") / "searchkit"
        except RuntimeError:
            # A user without a home.
            folder = None
    return None if folder is None else folder / f"lemmas-sv-{metadata.version('simplemma')}.bin"
