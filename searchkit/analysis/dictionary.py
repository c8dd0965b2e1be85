"""
Which lemma does the dictionary itself give a form?

simplemma's Swedish dictionary has 960,000 forms and takes 0.7 s to unpack, in every
process that needs it, and then a microsecond a look-up. A copy of it, 22 MB in the user's
cache folder, serves two kinds of readers. Who asks for few words (a search for a word
that the index does not know, a reindex of a few files) maps it into memory: that takes
20 ms to open and 5 microseconds a form. Who asks for many reads it whole, 0.4 s, as a
``dict`` of ``str``, which answers in 0.1. The copy is written by the first process that
unpacks and is no worker; without a folder to write to, all unpack.

The file, little-endian::

    magic:8 crc32:u32 forms:u32 lemmas:u32 form bytes:u32 lemma bytes:u32     (28 bytes)
    end of each form:u32*  number of its lemma:u32*  end of each lemma:u32*   (crc32 from here)
    forms, sorted, in UTF-8     the lemmas, each once, in UTF-8

A line break ends each form and each lemma, and counts with it.
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
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: Folder for the copy; empty: none is kept. By default the user's cache folder.
CACHE_VARIABLE = "SEARCHKIT_CACHE"
# From so many look-ups in the copy on, unpacking all of it is cheaper.
_FEW = 100_000
_MAGIC = b"SKLEMMA2"
_HEADER = struct.Struct("<8sIIIII")
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
        """Return the lemma of a form, or None. Cost: 5 microseconds; 1 once all is unpacked."""
        forms = self._forms
        if forms is None:
            forms = self._forms = _open_copy() or unpacked()
        if isinstance(forms, _Copy):
            self._asked += 1
            if self._asked > _FEW:
                self.unpack()
        return forms.get(form)

    def unpack(self) -> Mapping[str, str]:
        """Make ready for many look-ups, and return all forms with their lemmas."""
        self._forms = forms = unpacked()
        return forms


@functools.cache
def unpacked() -> Mapping[str, str]:
    """
    Return the whole dictionary; the first who unpacks it keeps a copy.

    Cost: 0.4 s for a ``dict`` made of the copy; 0.7 s where there is none, for simplemma's
    own mapping. Either takes 110 MB.
    """
    from multiprocessing import parent_process

    copy = _open_copy()
    if copy is not None:
        return copy.whole()

    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    forms: Mapping[str, str] = DefaultDictionaryFactory().get_dictionary("sv")
    path = _path()
    # Workers have other things to do, and would all do it.
    if path is not None and parent_process() is None:
        write_copy(path, forms)
    return forms


def write_copy(path: Path, forms: Mapping[str, str]) -> None:
    """Write a copy of *forms* to *path*, atomically; without a word if that cannot be done."""
    pairs = sorted(forms.items())
    number = {lemma: n for n, lemma in enumerate(dict.fromkeys(lemma for _, lemma in pairs))}
    keys, key_ends = _lines([form for form, _ in pairs])
    lemmas, lemma_ends = _lines(list(number))
    numbers = np.array([number[lemma] for _, lemma in pairs], "<u4").tobytes()
    body = key_ends + numbers + lemma_ends + keys + lemmas
    sizes = len(pairs), len(number), len(keys), len(lemmas)
    head = _HEADER.pack(_MAGIC, zlib.crc32(body), *sizes)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(head + body)
            os.replace(fresh, path)
        except OSError:
            os.unlink(fresh)


def _lines(texts: Sequence[str]) -> tuple[bytes, bytes]:
    """Return *texts* as lines of UTF-8, and where each line ends."""
    lines = [f"{text}\n".encode() for text in texts]
    ends = np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)))
    return b"".join(lines), ends.astype("<u4").tobytes()


class _Copy:
    """A copy, mapped into memory."""

    def __init__(self, content: mmap.mmap) -> None:
        magic, checksum, forms, lemmas, form_bytes, lemma_bytes = _HEADER.unpack_from(content)
        begin = _HEADER.size
        self._keys_at = begin + 4 * (2 * forms + lemmas)
        self._lemmas_at = self._keys_at + form_bytes
        if magic != _MAGIC or len(content) != self._lemmas_at + lemma_bytes:
            raise ValueError("another format, or cut off")
        if zlib.crc32(memoryview(content)[begin:]) != checksum:
            raise ValueError("damaged")
        self._content = content
        numbers: NDArray[np.uint32] = np.frombuffer(content, "<u4", 2 * forms + lemmas, begin)
        self._key_ends, self._lemma_numbers = numbers[:forms], numbers[forms : 2 * forms]
        self._lemma_ends = numbers[2 * forms :]

    def whole(self) -> dict[str, str]:
        """Return all forms with their lemmas, each lemma one string. Cost: 0.4 s, 110 MB."""
        keys = self._content[self._keys_at : self._lemmas_at].decode().split("\n")
        lemmas = self._content[self._lemmas_at :].decode().split("\n")
        # Behind the last line break both have an empty string, which has no number.
        return dict(zip(keys, map(lemmas.__getitem__, self._lemma_numbers.tolist()), strict=False))

    @functools.cached_property
    def _landmarks(self) -> list[bytes]:
        return [self._key(at) for at in range(0, len(self._key_ends), _LANDMARK_EVERY)]

    def get(self, form: str) -> str | None:
        """Return the lemma of a form, or None."""
        wanted = form.encode("utf-8", "replace")
        block = bisect_left(self._landmarks, wanted)
        low, high = max(0, block - 1) * _LANDMARK_EVERY, block * _LANDMARK_EVERY + 1
        at = bisect_left(range(min(high, len(self._key_ends))), wanted, low, key=self._key)
        if at >= len(self._key_ends) or self._key(at) != wanted:
            return None
        start, end = self._bounds(self._lemma_ends, self._lemma_numbers.item(at))
        return self._content[self._lemmas_at + start : self._lemmas_at + end].decode()

    def _key(self, at: int) -> bytes:
        start, end = self._bounds(self._key_ends, at)
        return self._content[self._keys_at + start : self._keys_at + end]

    @staticmethod
    def _bounds(ends: NDArray[np.uint32], at: int) -> tuple[int, int]:
        """Return where a line begins and where its text ends."""
        return (ends.item(at - 1) if at else 0), ends.item(at) - 1


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
