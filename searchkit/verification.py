"""
Is the index whole?

Checks every byte of every file that the current generation names against its
checksum, and that tables fit together: what ``searchkit verify`` runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from searchkit.errors import CorruptIndexError
from searchkit.index import Snapshot
from searchkit.index.format import ArrayFile
from searchkit.index.sources import read_sources


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked."""

    documents: int
    segments: int
    files: int
    checked_bytes: int


def verify(index: str | Path = "index") -> VerifyReport:
    """
    Check the whole index in the directory *index*.

    Raises:
        CorruptIndexError: naming the file and what disagrees.
        IndexNotFoundError, IndexFormatError: it is no index of ours.
    """
    directory = Path(index)
    snapshot = Snapshot(directory)
    files = sorted(snapshot.manifest.files())
    checked = 0
    for name in files:
        path = directory / name
        if name == snapshot.manifest.sources:
            if read_sources(path) is None:
                raise CorruptIndexError(path, "its checksum does not match")
            checked += path.stat().st_size
            continue
        file = ArrayFile(path)
        file.verify()
        checked += file.bytes
    for live in snapshot.segments:
        segment = live.segment
        line = segment.line()
        if len(line) and int(line.max()) >= len(segment.words):
            raise CorruptIndexError(segment.path, "its line names a word that it does not have")
    return VerifyReport(snapshot.document_count, len(snapshot.segments), len(files), checked)
