"""
Where on this machine does a document lie?

The index remembers where its corpus was, a document the path of its file below that. A
path may lead on into an archive. Files that no reader takes are not found: an index
from somebody else must not choose what is opened.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from searchkit.corpus import Chunk, SourceFile, chunks_of, content_of, files_of
from searchkit.corpus.streams import COMPRESSIONS
from searchkit.errors import CorpusError, DocumentFormatError

# Formats for programs: what shows their files shows them as they are.
_DATA = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xml")


@dataclass(frozen=True, slots=True)
class Place:
    """A file on disk, or a member of the archive that it is."""

    file: SourceFile
    inner: str = ""
    """Path of the member below the archive; "" is the file itself."""

    @property
    def path(self) -> Path:
        """The path as shown to a person: a member's is below its archive's."""
        return Path(f"{self.file.path}/{self.inner}") if self.inner else self.file.path

    @property
    def holds_data(self) -> bool:
        """Whether it is of a format that is made for programs."""
        return _uncompressed(self.path.name).lower().endswith(_DATA)

    @property
    def is_pdf_file(self) -> bool:
        """Whether it is a PDF file that lies on the disk as such."""
        return not self.inner and self.file.path.suffix.lower() == ".pdf"


def place_of(corpus: Path, relative: str) -> Place | None:
    """
    Return where the file at *relative* below *corpus* (or that file itself) lies, or None.

    Cost:
        a few looks at the disk; for a name that the disk spells otherwise, a walk.
    """
    parts = relative.split("/")
    if ".." in parts:
        return None
    if not corpus.is_dir():
        inner = "/".join(parts[1:])
        return _place(corpus, inner) if parts[0] == corpus.name else None
    for count in range(1, len(parts) + 1):
        path = corpus.joinpath(*parts[:count])
        if path.is_file():
            return _place(path, "/".join(parts[count:]))
    for file in files_of(corpus) if corpus.is_dir() else ():
        if isinstance(file, SourceFile) and f"{relative}/".startswith(f"{file.relative}/"):
            return _place(file.path, relative[len(file.relative) + 1 :])
    return None


def _place(path: Path, inner: str) -> Place | None:
    try:
        found = next(iter(files_of(path)))
    except CorpusError:
        return None
    if isinstance(found, DocumentFormatError) or (inner and not found.reader.archive):
        return None
    return Place(found, inner)


def extracted(place: Place) -> Path:
    """
    Write a member of an archive to a file of its name in a new temporary folder.

    It is not deleted: the program that shows it may read it at any time.

    Raises:
        DocumentFormatError: it is not there, or cannot be read.
    """
    wanted = f"{place.file.relative}/{place.inner}"
    chunks: list[Chunk] = []
    for step in chunks_of([place.file]):
        if isinstance(step, Chunk) and step.relative == wanted:
            chunks.append(step)
        elif chunks:
            break
    if not chunks:
        raise DocumentFormatError("is no longer in its archive", path=place.path)
    name = _uncompressed(PurePosixPath(place.inner).name)
    target = Path(tempfile.mkdtemp(prefix="searchkit-")) / name
    with target.open("xb") as file:
        for chunk in chunks:
            file.write(content_of(chunk))
    return target


def _uncompressed(name: str) -> str:
    for extension in COMPRESSIONS:
        name = name.removesuffix(extension)
    return name
