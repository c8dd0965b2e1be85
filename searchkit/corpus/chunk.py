"""
What do the stages of reading a corpus hand to each other?

``plan`` makes chunks, a reader turns a chunk into documents. Both are plain
values: a chunk travels to a worker process, a reader stands in the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from searchkit.corpus.limits import DEFAULT, Limits
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

Outcome: TypeAlias = Document | DocumentFormatError
"""A document, or why there is none."""

Stamp: TypeAlias = tuple[int, int]
"""Bytes of a file, and when it was last written, in ns: if both are as before, so is the file."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A unit of reading that can be pickled and read in any process."""

    reader: str
    """Name of the registered reader that takes it."""
    path: Path
    """The file it comes from, as shown to the user; a member of an archive stands below
    the archive: 'dump.zip/inner/file.json'."""
    relative: str
    """The path relative to the corpus, with '/', in NFC; ids are made of it."""
    payload: bytes | None
    """What it holds, uncompressed; None: ``content_of`` reads it from the file."""
    first_line: int
    """Number, from 1, of the chunk's first line in its file; 0: ``first_line_of`` counts."""
    size: int
    """Bytes of input it stands for, uncompressed where that is known."""
    disk_bytes: int = 0
    """Bytes on disk it stands for; all chunks together give ``size_of``."""
    offset: int | None = None
    """Where its *size* bytes begin in an uncompressed file; None: it is all of the file."""
    file: Path | None = None
    """The file on disk that it lies in, if that is an archive; None: *path* itself."""
    members: tuple[str, ...] = ()
    """Its name in the archive *file*, as the archive spells it (preceded by those of the
    archives between, if there are any)."""
    stamp: Stamp | None = None
    """Of the file on disk, when it was planned; None: not known, so not watched."""
    limits: Limits = DEFAULT

    @property
    def on_disk(self) -> Path:
        """The file on disk that holds it."""
        return self.path if self.file is None else self.file


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: which files it takes, and how they become documents."""

    name: str
    extensions: tuple[str, ...]
    """In lower case, with the dot; '.json.zip' goes before '.zip'."""
    read: Callable[[Chunk], Iterable[Outcome]]
    """Must be importable where chunks are read; may raise ``DocumentFormatError``."""
    line_based: bool = False
    """One document a line: large files are cut into blocks, which ``content_of`` gives."""
    harmless: bool = False
    """Plain Python that no file can make crash its process or hold it up."""
    archive: bool = False
    """Its files hold files: ``plan`` opens them, and each member has a reader of its own."""
