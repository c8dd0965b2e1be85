"""
Which files does a corpus have?

Folders are walked in sorted order. Hidden files and the litter of operating
systems and editors are passed over in silence; a file of unknown format is
looked at, and reported unless its content is clearly of a format that is read.
Files of known extension are not opened. Symbolic links are followed, each
folder is entered once: a cycle ends, and a folder with two names is not read twice.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from searchkit.corpus.archive_zip import decoded_names
from searchkit.corpus.chunk import Reader, Stamp
from searchkit.corpus.registry import extensions, reader_for, reader_of_extension
from searchkit.corpus.sniff import HEAD_BYTES, TAIL_BYTES, sniff
from searchkit.corpus.streams import COMPRESSIONS, UNREADABLE, head_of, is_compressed, unreadable
from searchkit.errors import CorpusError, CorpusNotFoundError, DocumentFormatError

_LITTER = {"thumbs.db", "desktop.ini", "icon\r", "__macosx", "__pycache__"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus that a reader takes."""

    path: Path
    relative: str
    """Relative to the corpus, with '/', in NFC."""
    reader: Reader
    disk_bytes: int
    stamp: Stamp
    """As it was when the folder was listed."""

    @property
    def is_packed(self) -> bool:
        """Whether it holds several times the bytes that it takes on disk."""
        return self.reader.archive or is_compressed(self.path)


def files_of(corpus: Path) -> Iterator[SourceFile | DocumentFormatError]:
    """
    Return the files of *corpus* in sorted order, and what is wrong with the others.

    Cost:
        some 20 µs a file; only files of unknown extension are opened.

    Raises:
        CorpusNotFoundError: nothing is there. At once, not at the first item.
        CorpusError: it is a file of unknown format, or cannot be opened.
    """
    try:
        status = corpus.stat()
        if stat.S_ISDIR(status.st_mode):
            os.scandir(corpus).close()
    except FileNotFoundError as error:
        raise CorpusNotFoundError(corpus) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CorpusError(f"the corpus '{corpus}' cannot be read: {reason}", path=corpus) from error
    if stat.S_ISDIR(status.st_mode):
        return _walk(corpus, "", {(status.st_dev, status.st_ino)})
    found = _source_file(corpus, corpus.name, corpus.name, status)
    if isinstance(found, DocumentFormatError):
        raise CorpusError(f"the corpus '{corpus}' {found.reason}", path=corpus)
    return iter((found,))


def _walk(
    folder: Path, prefix: str, entered: set[tuple[int, int]]
) -> Iterator[SourceFile | DocumentFormatError]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=_name)
    except OSError as error:
        yield DocumentFormatError(f"cannot be read: {error.strerror}", path=folder)
        return
    for entry in entries:
        name = entry.name
        if is_litter(name):
            continue
        try:
            status = entry.stat()
        except OSError as error:
            yield DocumentFormatError(f"cannot be read: {error.strerror}", path=folder / name)
            continue
        if not stat.S_ISDIR(status.st_mode):
            yield _source_file(folder / name, name, prefix + name, status)
        elif (key := (status.st_dev, status.st_ino)) not in entered:
            entered.add(key)
            yield from _walk(folder / name, f"{prefix}{name}/", entered)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def is_litter(name: str) -> bool:
    """Tell whether a file or folder of this name is passed over in silence."""
    return name.startswith((".", "~$")) or name.endswith("~") or name.lower() in _LITTER


def _source_file(
    path: Path, name: str, relative: str, status: os.stat_result
) -> SourceFile | DocumentFormatError:
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe or a device would wait for ever.
        return DocumentFormatError("is not a regular file", path=path)
    reader = reader_for(name)
    if reader is None:
        try:
            reader = _reader_of_content(path, status.st_size)
        except UNREADABLE as error:
            return unreadable(error, path)
    if reader is None:
        return DocumentFormatError(unknown_format(name), path=path)
    stamp = status.st_size, status.st_mtime_ns
    return SourceFile(path, as_key(relative), reader, status.st_size, stamp)


def _reader_of_content(path: Path, size: int) -> Reader | None:
    """Return the reader that takes a file by what stands in it."""
    head, _ = head_of(path, HEAD_BYTES)
    tail = b""
    if head.startswith(b"PK") and size > HEAD_BYTES:
        with path.open("rb") as raw:
            raw.seek(max(0, size - TAIL_BYTES))
            tail = raw.read(TAIL_BYTES)
    found = sniff(head, tail)
    if found is None or (found.extension == ".txt" and _has_extension(path.name)):
        # Prose can be the source of a program, or a format that only looks like prose.
        return None
    return reader_of_extension(found.extension)


def _has_extension(name: str) -> bool:
    suffix = Path(name).suffix
    return suffix[1:].isalnum() and suffix[1:2].isalpha() and len(suffix) <= 6


def unknown_format(name: str) -> str:
    """Say that a file of this name has no reader, and what has one."""
    suffix = Path(name).suffix
    what = f"has the unknown format '{suffix}'" if suffix else "has no extension"
    known, compressed = ", ".join(extensions()), ", ".join(COMPRESSIONS)
    return f"{what}; files that are read end in {known}, and then {compressed} if compressed"


def as_key(relative: str) -> str:
    """Return a path as ids are made of it."""
    if relative.isascii():
        return relative
    try:
        relative.encode("utf-8")
    except UnicodeEncodeError:
        # Bytes that are no UTF-8 arrive as lone surrogates, which no file can hold.
        [relative] = decoded_names([relative.encode("utf-8", "surrogateescape")])
    # One key on every system: macOS hands out decomposed names (a + ring above).
    return unicodedata.normalize("NFC", relative)
