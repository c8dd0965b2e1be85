"""
What does a reader hold?

A snapshot is one generation of the index, opened: its segments, what is deleted
in them, and the numbers that ranking needs of the whole collection. It stays
valid for as long as it is held, whatever a writer does meanwhile.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import WordModel, default_model
from searchkit.analysis.parts import Part
from searchkit.errors import AnalyzerMismatchError, CorruptIndexError
from searchkit.index.manifest import Manifest, SegmentEntry, read_manifest
from searchkit.index.segment import Segment
from searchkit.index.tombstones import Tombstones, read_tombstones
from searchkit.index.weights import idf, length_norms

_OPEN_ATTEMPTS = 5


class LiveSegment:
    """
    A segment within a snapshot.

    Attributes:
        base: what to add to its document ids to number all of the snapshot's.
        alive: (D,) which documents are not deleted, or None if all are.
    """

    def __init__(self, segment: Segment, tombstones: Tombstones | None, base: int) -> None:
        self.segment = segment
        self.tombstones = tombstones
        self.base = base
        self.alive: NDArray[np.bool_] | None = None
        self._lost: dict[int, int] = {}
        if tombstones is not None and tombstones.deleted.size:
            self.alive = np.ones(segment.document_count, bool)
            self.alive[tombstones.deleted] = False
            lost = zip(tombstones.terms.tolist(), tombstones.counts.tolist(), strict=True)
            self._lost = dict(lost)

    @property
    def live_count(self) -> int:
        """Documents that are not deleted."""
        deleted = 0 if self.tombstones is None else len(self.tombstones.deleted)
        return self.segment.document_count - deleted

    @cached_property
    def norms(self) -> NDArray[np.float32]:
        """(D,) length norm of each document."""
        return length_norms(self.segment.lengths())

    def document_frequency(self, term_id: int) -> int:
        """Return how many live documents hold the term."""
        return self.segment.postings.size(term_id) - self._lost.get(term_id, 0)


class Snapshot:
    """
    One generation of an index, open for reading. Safe to share between threads.

    Raises:
        IndexNotFoundError, IndexFormatError, AnalyzerMismatchError,
        CorruptIndexError: see each.
    """

    def __init__(self, directory: Path, *, model: WordModel | None = None) -> None:
        self.directory = directory
        self.model = default_model() if model is None else model
        self.manifest, self.segments = _open_consistently(directory, self.model.fingerprint)
        self.document_count = sum(live.live_count for live in self.segments)

    def document_frequency(self, term: str) -> int:
        """Return how many live documents hold *term* in title or text."""
        found = ((live, live.segment.term_id(term)) for live in self.segments)
        return sum(live.document_frequency(t) for live, t in found if t is not None)

    def idf(self, document_frequency: int) -> float:
        """Return the inverse document frequency for this collection's size."""
        return idf(document_frequency, self.document_count)

    def locate(self, doc_id: int) -> tuple[LiveSegment, int]:
        """Return the segment that holds a snapshot-wide document id, and its id there."""
        for live in self.segments:
            if doc_id < live.base + live.segment.document_count:
                return live, doc_id - live.base
        raise IndexError(doc_id)

    def find(self, key: str) -> tuple[LiveSegment, int] | None:
        """Return where the live document with the user's id *key* stands."""
        for live in self.segments:
            doc_id = live.segment.find_key(key, live.alive)
            if doc_id is not None:
                return live, doc_id
        return None

    def term_of(self, word: str) -> str | None:
        """Return the term of a surface word that the index holds, else None."""
        for live in self.segments:
            number = live.segment.words.find(word)
            if number is not None:
                return live.segment.term_of_word(number)
        return None

    def parts_of(self, word: str) -> list[Part] | None:
        """Return the parts of a surface word that the index holds, else None."""
        for live in self.segments:
            number = live.segment.words.find(word)
            if number is not None:
                return live.segment.parts_of_word(number)
        return None


def _open_consistently(directory: Path, fingerprint: str) -> tuple[Manifest, list[LiveSegment]]:
    """Open what the manifest names; try again if a writer replaced it meanwhile."""
    for attempt in range(_OPEN_ATTEMPTS):
        manifest = read_manifest(directory)
        if manifest.analyzer != fingerprint:
            raise AnalyzerMismatchError(directory, expected=fingerprint, got=manifest.analyzer)
        try:
            return manifest, open_segments(directory, manifest.segments)
        except FileNotFoundError as error:
            if attempt == _OPEN_ATTEMPTS - 1 or read_manifest(directory) == manifest:
                raise CorruptIndexError(
                    directory, f"the file '{Path(error.filename).name}' is missing"
                ) from None
    raise AssertionError("unreachable")


def open_segments(directory: Path, entries: tuple[SegmentEntry, ...]) -> list[LiveSegment]:
    """Open the segments that *entries* name, numbered one after the other."""
    segments = []
    base = 0
    for entry in entries:
        segment = Segment(directory / entry.file)
        if segment.file.bytes != entry.bytes:
            raise CorruptIndexError(
                segment.path, f"it has {segment.file.bytes} bytes, not {entry.bytes}"
            )
        stones = None
        if entry.tombstones is not None:
            stones = read_tombstones(directory / entry.tombstones, segment)
        segments.append(LiveSegment(segment, stones, base))
        base += segment.document_count
    return segments
