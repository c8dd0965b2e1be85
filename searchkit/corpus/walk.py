"""
Which files does a corpus have?

Folders are walked in sorted order. Hidden files and the litter of operating
systems and editors are passed over in silence; a file of unknown format is
reported. Symbolic links are followed, each folder is entered once: a cycle
ends, and a folder with two names is not read twice.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from searchkit.corpus.blocks import COMPRESSIONS
from searchkit.corpus.chunk import Reader
from searchkit.corpus.registry import extensions, reader_for
from searchkit.errors import CorpusError, CorpusNotFoundError, DocumentFormatError

_LITTER = {"thumbs.db", "desktop.ini", "icon\r", "__macosx", "__pycache__"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus that a reader takes."""

    path: Path
    relative: str
    reader: Reader
    disk_bytes: int


def files_of(corpus: Path) -> Iterator[SourceFile | DocumentFormatError]:
    """
    Return the files of *corpus* in sorted order, and what is wrong with the others.

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
    found = _source_file(corpus, corpus.name, status)
    if isinstance(found, DocumentFormatError):
        raise CorpusError(f"the corpus '{corpus}' {found.reason}", path=corpus)
    return iter((found,))


def _walk(
    folder: Path, prefix: str, entered: set[tuple[int, int]]
) -> Iterator[SourceFile | DocumentFormatError]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield DocumentFormatError(f"cannot be read: {error.strerror}", path=folder)
        return
    for name in names:
        if _is_litter(name):
            continue
        path = folder / name
        try:
            status = path.stat()
        except OSError as error:
            yield DocumentFormatError(f"cannot be read: {error.strerror}", path=path)
            continue
        if not stat.S_ISDIR(status.st_mode):
            yield _source_file(path, prefix + name, status)
        elif (key := (status.st_dev, status.st_ino)) not in entered:
            entered.add(key)
            yield from _walk(path, f"{prefix}{name}/", entered)


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith("~") or name.lower() in _LITTER


def _source_file(
    path: Path, relative: str, status: os.stat_result
) -> SourceFile | DocumentFormatError:
    reader = reader_for(path.name)
    if reader is None:
        return DocumentFormatError(_unknown_format(path.name), path=path)
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe or a device would wait for ever.
        return DocumentFormatError("is not a regular file", path=path)
    return SourceFile(path, _as_key(relative), reader, status.st_size)


def _unknown_format(name: str) -> str:
    suffix = Path(name).suffix
    what = f"has the unknown format '{suffix}'" if suffix else "has no extension"
    known, compressed = ", ".join(extensions()), ", ".join(COMPRESSIONS)
    return f"{what}; files that are read end in {known}, and then {compressed} if compressed"


def _as_key(relative: str) -> str:
    # One key on every system: macOS hands out decomposed names (a + ring above),
    # and bytes that are no UTF-8 arrive as lone surrogates, which no file can hold.
    readable = os.fsencode(relative).decode("utf-8", "replace")
    return unicodedata.normalize("NFC", readable)
