"""
How does the index change?

Documents go into one new segment; documents with the same id in older segments
get a tombstone; ``commit`` makes everything durable and then, in one atomic
step, current. Until then, and after a crash at any instant, the last committed
generation is what readers see.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from searchkit.analysis import WordModel, default_model
from searchkit.analysis.parts import analyze_words
from searchkit.errors import IndexNotFoundError, SearchkitError
from searchkit.index.builder import SegmentBuilder, Step
from searchkit.index.format import fsync_directory
from searchkit.index.forward import BatchEncoder, ForwardBatch
from searchkit.index.lexicon import Analyze, KnownWords
from searchkit.index.lock import WriteLock
from searchkit.index.manifest import (
    MANIFEST_NAME,
    Manifest,
    SegmentEntry,
    collect_garbage,
    read_manifest,
    write_manifest,
)
from searchkit.index.merge import choose_merge, forward_batch
from searchkit.index.segment import Segment
from searchkit.index.snapshot import LiveSegment, Snapshot, open_segments
from searchkit.index.tombstones import lost_postings, write_tombstones
from searchkit.model import Document

# Documents wait until a batch is worth its fixed cost of some 2 ms.
_BATCH_BYTES = 2 << 20


class IndexWriter:
    """
    Add, replace and delete documents by id, then commit.

    Args:
        directory: created if it does not exist.
        full: start empty; the commit replaces what is there, but the words that
            it knows are not analysed again.
        from_scratch: the same without ever looking at what is there.
        timeout: seconds to wait for another writer.

    Raises:
        IndexLockedError: another process is writing.
        IndexFormatError, CorruptIndexError: what is there cannot be read
            (not with *from_scratch*).

    Example::

        with IndexWriter(Path("index")) as writer:
            writer.put(Document("prop-1", "Förslag om cirkulär ekonomi."))
            writer.delete("prop-0")
            writer.commit()
    """

    def __init__(
        self,
        directory: Path,
        *,
        full: bool = False,
        from_scratch: bool = False,
        timeout: float = 0.0,
        model: WordModel | None = None,
    ) -> None:
        self.directory = directory
        self._model = default_model() if model is None else model
        self._analyze: Analyze = functools.partial(analyze_words, self._model)
        self._builder: SegmentBuilder | None = None
        self._entries: list[SegmentEntry] = []
        self._live: list[LiveSegment] = []
        self._known: list[LiveSegment] = []
        self._next = 1
        self._replaces_all = full or from_scratch
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = WriteLock(directory)
        self._lock.acquire(timeout=timeout)
        try:
            self._open(full=full, from_scratch=from_scratch)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def live_segments(self) -> Sequence[LiveSegment]:
        """The committed segments that this writer goes on from."""
        return self._live

    @property
    def dictionary(self) -> bytes:
        """What texts are packed with (see :func:`.textstore.train_dictionary`)."""
        return self._dictionary

    def pack_with(self, dictionary: bytes) -> None:
        """Pack the texts of this session with *dictionary*; to be called before any is put."""
        self._dictionary = dictionary
        self._encoder = BatchEncoder("writer", dictionary)

    @property
    def knows_words(self) -> bool:
        """Whether there is an index whose words need not be analysed again."""
        return bool(self._known)

    def analyze_with(self, analyze: Analyze) -> None:
        """Have words analysed by *analyze*, which must agree with the model."""
        self._analyze = analyze

    def put(self, document: Document) -> None:
        """Add *document*, or replace the one that has its id."""
        self._pending.append(document)
        self._pending_bytes += len(document.text)
        if self._pending_bytes >= _BATCH_BYTES:
            self._encode_pending()

    def put_batch(self, batch: ForwardBatch) -> None:
        """Add documents that were encoded elsewhere, replacing those with their ids."""
        self._encode_pending()
        self._take(batch)

    def delete(self, key: str) -> bool:
        """Delete the document with the id *key*; tell whether there was one."""
        self._encode_pending()
        return self._bury(key)

    def commit(self, *, step: Step | None = None) -> None:
        """
        Make all changes since the last commit durable and current.

        Does nothing if nothing changed and there is an index already.
        """
        self._encode_pending()
        changed = self._builder is not None or any(self._newly_deleted) or self._replaces_all
        if not changed and (self.directory / MANIFEST_NAME).exists():
            return
        entries = list(self._entries)
        if self._builder is not None:
            known = KnownWords((live.segment for live in self._known), self._analyze)
            self._builder.finish(known, step=step)
            entries.append(self._entry_of(self._builder.path))
            self._builder = None
        entries = self._write_tombstones(entries)
        entries = self._merge(entries)
        manifest = self._publish(entries)
        collect_garbage(self.directory, manifest)
        self._adopt(Snapshot(self.directory, model=self._model))

    def close(self) -> None:
        """Drop what was not committed and let other writers in."""
        if self._builder is not None:
            self._builder.abandon()
            self._builder = None
        self._live, self._known = [], []
        self._lock.release()

    def _open(self, *, full: bool, from_scratch: bool) -> None:
        self._new_session()
        snapshot = None
        if not from_scratch:
            with suppress(IndexNotFoundError):
                snapshot = Snapshot(self.directory, model=self._model)
        if snapshot is None:
            self._next = _last_generation(self.directory) + 1
        elif full:
            self._next = snapshot.manifest.generation + 1
            self._known = snapshot.segments
        else:
            self._adopt(snapshot)

    def _adopt(self, snapshot: Snapshot) -> None:
        """Go on from a committed generation."""
        self._replaces_all = False
        self._next = snapshot.manifest.generation + 1
        self._entries = list(snapshot.manifest.segments)
        self._live = self._known = snapshot.segments
        self._new_session()

    def _new_session(self) -> None:
        self._builder = None
        self._dictionary = _common_dictionary(self._live)
        self._encoder = BatchEncoder("writer", self._dictionary)
        self._pending: list[Document] = []
        self._pending_bytes = 0
        self._new_keys: dict[str, int] = {}
        # Ids of documents deleted since the last commit; the last set is the new segment's.
        self._newly_deleted: list[set[int]] = [set() for _ in range(len(self._live) + 1)]

    def _encode_pending(self) -> None:
        if self._pending:
            documents, self._pending, self._pending_bytes = self._pending, [], 0
            self._take(self._encoder.encode(documents))

    def _take(self, batch: ForwardBatch) -> None:
        if self._builder is None:
            self._builder = SegmentBuilder(self._new_path("segment", 0), self._dictionary)
        first = self._builder.documents
        for number, key in enumerate(batch.columns["id"], first):
            assert key is not None
            self._bury(key)
            self._new_keys[key] = number
        self._builder.add(batch)

    def _bury(self, key: str) -> bool:
        number = self._new_keys.pop(key, None)
        if number is not None:
            self._newly_deleted[-1].add(number)
            return True
        for live, gone in zip(self._live, self._newly_deleted, strict=False):
            doc_id = live.segment.find_key(key, live.alive)
            if doc_id is not None and doc_id not in gone:
                gone.add(doc_id)
                return True
        return False

    def _new_path(self, kind: str, number: int) -> Path:
        # Named by the generation being written: no committed file carries its number.
        return self.directory / f"{kind}-{self._next}-{number}.skx"

    def _entry_of(self, path: Path) -> SegmentEntry:
        return SegmentEntry(file=path.name, bytes=path.stat().st_size)

    def _write_tombstones(self, entries: list[SegmentEntry]) -> list[SegmentEntry]:
        """Give every segment that lost documents a new tombstone file."""
        result = []
        for number, entry in enumerate(entries):
            gone = self._newly_deleted[number if number < len(self._live) else -1]
            if gone:
                if number < len(self._live):
                    live = self._live[number]
                    segment = live.segment
                    if live.tombstones is not None:
                        gone = gone | set(live.tombstones.deleted.tolist())
                else:
                    segment = Segment(self.directory / entry.file)
                stones = lost_postings(segment, np.array(sorted(gone), np.uint32))
                path = self._new_path("tombstones", number)
                write_tombstones(path, stones)
                entry = SegmentEntry(entry.file, entry.bytes, path.name)
            result.append(entry)
        return result

    def _merge(self, entries: list[SegmentEntry]) -> list[SegmentEntry]:
        """Merge small and half-empty segments, where there are any."""
        live = open_segments(self.directory, tuple(entries))
        counts = [segment.live_count for segment in live]
        shares = [1 - s.live_count / max(1, s.segment.document_count) for s in live]
        chosen = choose_merge(counts, shares)
        if not chosen:
            return entries
        kept = [entry for n, entry in enumerate(entries) if n not in chosen]
        if all(counts[n] == 0 for n in chosen):
            return kept
        dictionary = _common_dictionary([live[number] for number in chosen])
        builder = SegmentBuilder(self._new_path("segment", 1), dictionary)
        try:
            for number in chosen:
                if counts[number]:
                    builder.add(forward_batch(live[number], dictionary))
            known = KnownWords((live[n].segment for n in chosen), self._analyze)
            builder.finish(known)
        except BaseException:
            builder.abandon()
            raise
        kept.insert(chosen[0], self._entry_of(builder.path))
        return kept

    def _publish(self, entries: list[SegmentEntry]) -> Manifest:
        fsync_directory(self.directory)
        manifest = Manifest(
            generation=self._next,
            analyzer=self._model.fingerprint,
            segments=tuple(entries),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        write_manifest(self.directory, manifest)
        return manifest


def _common_dictionary(segments: Sequence[LiveSegment]) -> bytes:
    """Return what the texts of the largest of *segments* are packed with."""
    largest = max((live.segment for live in segments), key=_text_bytes, default=None)
    return b"" if largest is None else largest.text.dictionary


def _text_bytes(segment: Segment) -> int:
    return int(segment.fact("text_bytes"))


def _last_generation(directory: Path) -> int:
    """Return the highest generation number in use, whatever state the index is in."""
    numbers = [0]
    for path in directory.glob("*-*-*.*"):
        middle = path.name.split("-")[1]
        numbers.append(int(middle) if middle.isdecimal() else 0)
    # A damaged index must not hinder its replacement.
    with suppress(SearchkitError, OSError):
        numbers.append(read_manifest(directory).generation)
    return max(numbers)
