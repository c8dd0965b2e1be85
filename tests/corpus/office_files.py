"""Office files as the programs write them, in small, for the tests of their readers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

Read = Callable[[Chunk], Iterable[Outcome]]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP package; a member called "mimetype" is stored first, as the standards ask."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            how = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            archive.writestr(name, content, compress_type=how)
    return buffer.getvalue()


def chunk_of(content: bytes, name: str) -> Chunk:
    """Return a chunk that holds a whole file."""
    return Chunk(name.rpartition(".")[2], Path("corpus", name), name, content, 1, len(content))


def one(read: Read, content: bytes, name: str) -> Document:
    """Return the one document of a file that has no fault."""
    (outcome,) = read(chunk_of(content, name))
    assert isinstance(outcome, Document), outcome
    return outcome


def fault(read: Read, content: bytes, name: str) -> str:
    """Return why a file cannot be read."""
    with pytest.raises(DocumentFormatError) as caught:
        list(read(chunk_of(content, name)))
    return caught.value.reason


def labels(document: Document) -> list[str]:
    """Return the labels of the sections, each checked against the line that it begins at."""
    for section in document.sections:
        line = document.text[section.start :].partition("\n")[0]
        assert " ".join(line.split()).startswith(section.label[:8]), (line, section)
    return [section.label for section in document.sections]


def pages(document: Document) -> dict[str, str]:
    """Return the first word on each page."""
    return {page.label: document.text[page.start :].split()[0] for page in document.pages}
