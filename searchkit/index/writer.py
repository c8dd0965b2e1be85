"""
How does the index change?

Documents go into one new segment; documents with the same id in older segments
get a tombstone; ``commit`` makes everything durable and then, in one atomic
step, current. Until then, and after a crash at any instant, the last committed
generation is what readers see.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Self

import numpy as np

from searchkit.analysis import WordModel, default_model
from searchkit.analysis.parts import analyze_words
from searchkit.errors import IndexNotFoundError
from searchkit.index.builder import SegmentBuilder, Step
from searchkit.index.format import fsync_directory
from searchkit.index.forward import BatchEncoder, ForwardBatch, document_digest
from searchkit.index.keys import Keys, Replaced
from searchkit.index.learning import Learning
from searchkit.index.lexicon import Analyze
from searchkit.index.lock import WriteLock
from searchkit.index.manifest import (
    MANIFEST_NAME,
    Manifest,
    SegmentEntry,
    collect_garbage,
    last_generation,
    write_manifest,
)
from searchkit.index.merge import choose_merge, common_dictionary, merge_segments
from searchkit.index.segment import Segment
from searchkit.index.snapshot import LiveSegment, Snapshot, open_segments
from searchkit.index.sources import Sources, read_sources, write_sources
from searchkit.index.stock import Stock
from searchkit.index.tombstones import Tombstones, lost_postings, write_tombstones
from searchkit.model import Document

# Documents wait until a batch is worth its fixed cost of some 2 ms.
_BATCH_BYTES = 2 << 20
_NOT_COMMITTED = -1


class IndexWriter:
    """
    Add, replace and delete documents by id, then commit.

    Args:
        directory: created if it does not exist.
        full: start empty; the commit replaces what is there, but the words that
            it knows are not analysed again.
        from_scratch: the same without ever looking at what is there.
        dry_run: nothing is to be written: neither lock nor commit.
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
        dry_run: bool = False,
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
        self._sources: Sources | None = None
        self._learning = Learning()
        # Segments at the end that checkpoints have left.
        self._unmerged = 0
        self._next = 1
        self._replaces_all = full or from_scratch
        self._lock = WriteLock(directory)
        self._dry_run = dry_run
        if not dry_run:
            directory.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=timeout)
        try:
            self._open(full=full, from_scratch=from_scratch)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
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

    def stock(self) -> Stock:
        """
        Return what encoders of this session's documents may begin with.

        It is that of the index that is replaced; of one that goes on, too few words come up.
        """
        return self._learning.read_stock()

    def learn(self) -> Callable[[], object]:
        """Begin to read what a commit needs to know of words; return what waits for its thread."""
        return self._learning.begin(self._model, self._analyze)

    def put(self, document: Document, digest: bytes | None = None) -> None:
        """
        Add *document*, or replace the one that has its id.

        Args:
            digest: what tells it; None: a hash of all that is in it.
        """
        self._pending.append(document)
        self._pending_digests.append(digest or document_digest(document))
        self._pending_bytes += len(document.text)
        if self._pending_bytes >= _BATCH_BYTES:
            self._encode_pending()

    def put_batch(self, batch: ForwardBatch) -> Replaced:
        """Add documents that were encoded elsewhere, replacing those with their ids."""
        self._encode_pending()
        return self._take(batch)

    def delete(self, key: str) -> bool:
        """Delete the document with the id *key*; tell whether there was one."""
        self._encode_pending()
        return self._bury(key) is not None

    def find(self, key: str) -> int | None:
        """Return the number of the committed document with the id *key*, or None."""
        for live, keys, gone in zip(self._live, self._keys, self._newly_deleted, strict=False):
            doc_id = keys.find(key)
            if doc_id is not None and doc_id not in gone:
                return live.base + doc_id
        return None

    def delete_number(self, number: int) -> None:
        """Delete a committed document by its number in all live segments."""
        segment = self._segment_of(number)
        self._newly_deleted[segment].add(number - self._live[segment].base)

    def is_deleted(self, number: int) -> bool:
        """Tell whether a committed document is deleted or replaced by now."""
        live = self._live[segment := self._segment_of(number)]
        doc_id = number - live.base
        gone = live.alive is not None and not live.alive[doc_id]
        return gone or doc_id in self._newly_deleted[segment]

    def locate(self, number: int) -> tuple[Segment, int]:
        """Return where a committed document stands, by its number in all live segments."""
        live = self._live[self._segment_of(number)]
        return live.segment, number - live.base

    @property
    def sources(self) -> Sources | None:
        """What the committed index remembers of its corpus; None if nothing of use."""
        return self._sources

    def commit(
        self,
        *,
        step: Step | None = None,
        sources: Sources | None = None,
        checkpoint: bool = False,
    ) -> None:
        """
        Make all changes since the last commit durable and current.

        Does nothing if nothing changed and there is an index already.

        Args:
            step: told how far it has come (see :meth:`.SegmentBuilder.finish`).
            sources: what to remember of the corpus from now on. None: nothing, since what
                was remembered may not be true of other documents.
            checkpoint: there is more to come: documents keep their numbers. The next
                commit that is none makes one segment of all that were written since.

        Raises:
            ValueError: this writer was opened for a dry run.
        """
        if self._dry_run:
            raise ValueError("a dry run commits nothing")
        self._encode_pending()
        changed = self._builder is not None or any(self._newly_deleted) or self._replaces_all
        changed |= sources is not None and sources != self._sources
        if not changed and (self.directory / MANIFEST_NAME).exists():
            return
        entries = list(self._entries)
        with ThreadPoolExecutor(1) as pool:
            # Counting what older segments lose takes as long as writing a small new one.
            stones = [pool.submit(self._lost, number) for number in range(len(self._live))]
            if self._builder is not None:
                self._builder.finish(self._learning.known(self._analyze), step=step)
                entries.append(SegmentEntry.of(self._builder.path))
                stones.append(pool.submit(self._lost, len(self._live), self._builder.path))
                self._builder = None
            entries = self._write_tombstones(entries, [each.result() for each in stones])
        self._unmerged += len(entries) - len(self._entries)
        if not checkpoint:
            entries = self._merge(entries, self._unmerged)
            self._unmerged = 0
        manifest = self._publish(entries, sources)
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
        with suppress(IndexNotFoundError):
            snapshot = None if from_scratch else Snapshot(self.directory, model=self._model)
        if snapshot is None:
            self._next = last_generation(self.directory) + 1
        elif full:
            self._next = snapshot.manifest.generation + 1
            self._known = snapshot.segments
            self._new_session()
        else:
            self._adopt(snapshot)

    def _adopt(self, snapshot: Snapshot) -> None:
        """Go on from a committed generation."""
        self._replaces_all = False
        self._next = snapshot.manifest.generation + 1
        name = snapshot.manifest.sources
        self._sources = None if name is None else read_sources(self.directory / name)
        self._entries = list(snapshot.manifest.segments)
        self._live = self._known = snapshot.segments
        self._new_session()

    def _new_session(self) -> None:
        self._builder = None
        known = [live.segment for live in self._known]
        self._learning = Learning(known, rebuilds=self._replaces_all)
        self._dictionary = common_dictionary(self._known)
        self._encoder = BatchEncoder("writer", self._dictionary)
        self._pending: list[Document] = []
        self._pending_digests: list[bytes] = []
        self._pending_bytes = 0
        self._new_keys: dict[str | None, int] = {}
        self._keys = list(map(Keys, self._live))
        # Of each live segment, and of the new one: documents deleted since the last commit.
        self._newly_deleted: list[set[int]] = [set() for _ in range(len(self._live) + 1)]

    def _encode_pending(self) -> None:
        if self._pending:
            documents, digests = self._pending, self._pending_digests
            self._pending, self._pending_digests, self._pending_bytes = [], [], 0
            self._take(self._encoder.encode(documents, digests))

    def _take(self, batch: ForwardBatch) -> Replaced:
        if self._builder is None:
            path, stock = self._new_path("segment", 0), self._learning.stock
            self._builder = SegmentBuilder(path, self._dictionary, stock)
        first = self._builder.documents
        keys = batch.columns["id"]
        replaced = Replaced([], [])
        if self._live or len({*keys}) < len(keys) or not self._new_keys.keys().isdisjoint(keys):
            for number, key in enumerate(keys, first):
                assert key is not None
                committed = self._bury(key)
                if committed == _NOT_COMMITTED:
                    replaced.repeated.append(number - first)
                elif committed is not None:
                    replaced.committed.append(committed)
                self._new_keys[key] = number
        else:
            self._new_keys.update(zip(keys, count(first)))
        self._builder.add(batch)
        return replaced

    def _bury(self, key: str) -> int | None:
        """Delete a document; return its number, or that it was not committed, or None."""
        number = self._new_keys.pop(key, None)
        if number is not None:
            self._newly_deleted[-1].add(number)
            return _NOT_COMMITTED
        found = self.find(key)
        if found is not None:
            self.delete_number(found)
        return found

    def _segment_of(self, number: int) -> int:
        return bisect_right([live.base for live in self._live], number) - 1

    def _new_path(self, kind: str, number: int) -> Path:
        # Named by the generation being written: no committed file carries its number.
        return self.directory / f"{kind}-{self._next}-{number}.skx"

    def _lost(self, number: int, new: Path | None = None) -> Tombstones | None:
        """Return what is deleted of a segment, live or *new*; None if nothing since a commit."""
        gone = np.array(sorted(self._newly_deleted[number]), np.uint32)
        if not gone.size:
            return None
        if new is not None:
            return lost_postings(Segment(new), gone)
        return lost_postings(self._live[number].segment, gone, self._live[number].tombstones)

    def _write_tombstones(
        self, entries: list[SegmentEntry], stones: list[Tombstones | None]
    ) -> list[SegmentEntry]:
        """Give every segment that lost documents a new tombstone file."""
        for number, own in enumerate(stones):
            if own is not None:
                path = self._new_path("tombstones", number)
                write_tombstones(path, own)
                entries[number] = replace(entries[number], tombstones=path.name)
        return entries

    def _merge(self, entries: list[SegmentEntry], recent: int) -> list[SegmentEntry]:
        """Merge small and half-empty segments, and the last *recent* ones if several."""
        live = open_segments(self.directory, tuple(entries))
        counts = [segment.live_count for segment in live]
        shares = [1 - s.live_count / max(1, s.segment.document_count) for s in live]
        chosen = choose_merge(counts, shares)
        if recent > 1:
            chosen = sorted({*chosen, *range(len(entries) - recent, len(entries))})
        if not chosen:
            return entries
        kept = [entry for n, entry in enumerate(entries) if n not in chosen]
        path = self._new_path("segment", 1)
        if merge_segments([live[n] for n in chosen], path, self._analyze):
            kept.insert(chosen[0], SegmentEntry.of(path))
        return kept

    def _publish(self, entries: list[SegmentEntry], sources: Sources | None) -> Manifest:
        name = None
        if sources is not None:
            name = f"sources-{self._next}-0.json"
            write_sources(self.directory / name, sources)
        fsync_directory(self.directory)
        manifest = Manifest(
            generation=self._next,
            analyzer=self._model.fingerprint,
            segments=tuple(entries),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            sources=name,
        )
        write_manifest(self.directory, manifest)
        return manifest
