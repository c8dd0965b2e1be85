"""
The pipeline of a reindex, from the corpus to the commit.

See :mod:`searchkit.reindexing` for the picture. A long run commits what it has every
now and then, so that one that is killed does not start over; the last commit deletes
what is gone, and makes one segment of those that were written on the way.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from searchkit.corpus import (
    Chunk,
    Limits,
    SourceFile,
    chunks_of,
    files_of,
    how_files_are_read,
    read,
)
from searchkit.errors import DocumentFormatError, UsageError
from searchkit.index.forward import stored_text
from searchkit.index.stock import NO_STOCK
from searchkit.index.textstore import (
    LEAST_TRAINING_BYTES,
    MOST_TRAINING_BYTES,
    train_dictionary,
)
from searchkit.index.writer import IndexWriter
from searchkit.model import Document
from searchkit.reindexing.isolation import call
from searchkit.reindexing.ledger import Ledger
from searchkit.reindexing.memory import Memory
from searchkit.reindexing.report import Progress, Progressed, ReindexReport
from searchkit.reindexing.workers import Group, Workers, process_context

# Work is handed out in groups of about this many bytes: large enough to make the fixed
# cost of a batch vanish, small enough that two workers end at the same time.
_GROUP_BYTES = 2 << 20
# Where much is known already, a group of that size would give a batch of a few documents.
_GROUP_BYTES_KNOWN = 16 << 20
# A compressed corpus may hold eight times the text.
_MOST_PACKED_BITS = 3
# Times that text grows, beyond what it takes packed, when it is unpacked.
_PACKED = 4
# What is looked at to learn what texts have in common, and for how long: PDF files are slow.
_TRAINING_BYTES = 2 * MOST_TRAINING_BYTES
_TRAINING_S = 3.0
#: After so many seconds of reading, what was read is committed.
COMMIT_EVERY_S = 60.0


def reindex(
    corpus: str | Path = "corpus",
    index: str | Path = "index",
    *,
    processes: int | None = None,
    full: bool = False,
    from_scratch: bool = False,
    reread: bool = False,
    dry_run: bool = False,
    commit_every: float = COMMIT_EVERY_S,
    limits: Limits | None = None,
    timeout: float = 0.0,
    progress: Progressed | None = None,
) -> ReindexReport:
    """
    Bring the index in step with the corpus.

    Files whose size and time are as they were are not opened; of the others, only
    what holds other bytes is read and indexed. Every commit is atomic.

    Args:
        corpus: a folder, a file of any format that is read, or an archive of them.
        index: directory of the index; created if need be.
        processes: worker processes; by default as many as there are cores,
            none for a small corpus of plain text.
        full: read and index every document anew, not only what changed; the
            words that the index knows are not analysed again.
        from_scratch: build anew without opening what is there.
        reread: open every file, whatever its size and time.
        dry_run: change nothing, and report what would be done.
        commit_every: seconds of reading after which what was read is committed, so
            that a run that is killed can be gone on with; not with *full* or
            *from_scratch*, which replace the index as a whole.
        limits: bounds on what is read.
        timeout: seconds to wait if another process is writing.
        progress: called now and then with how far the work has come.

    Raises:
        CorpusNotFoundError: there is nothing at *corpus*.
        IndexLockedError: another process is writing to the index.
        IndexFormatError, CorruptIndexError: the index that is there cannot be
            gone on from; build it *from_scratch*.
    """
    if processes is not None and processes < 1:
        raise UsageError(f"processes must be at least 1, got {processes}")
    run = _Run(
        Path(corpus),
        limits or Limits(),
        processes=processes,
        dry_run=dry_run,
        commit_every=float("inf") if full or from_scratch else commit_every,
        progress=progress,
    )
    with IndexWriter(
        Path(index), full=full, from_scratch=from_scratch, dry_run=dry_run, timeout=timeout
    ) as writer:
        return run(writer, remember=not (full or from_scratch or reread))


class _Run:
    """One reindex."""

    def __init__(
        self,
        corpus: Path,
        limits: Limits,
        *,
        processes: int | None,
        dry_run: bool,
        commit_every: float,
        progress: Progressed | None,
    ) -> None:
        self._began, self._now_ns = time.perf_counter(), time.time_ns()
        self._corpus, self._limits = corpus, limits
        self._processes = processes
        self._dry_run = dry_run
        self._commit_every = commit_every
        self._progress = progress
        found = list(files_of(corpus))
        self._files = [file for file in found if isinstance(file, SourceFile)]
        self._unread = [error for error in found if isinstance(error, DocumentFormatError)]

    def __call__(self, writer: IndexWriter, *, remember: bool) -> ReindexReport:
        memory = Memory(
            writer.sources if remember else None,
            self._corpus,
            self._files,
            reading=how_files_are_read(self._limits),
            now_ns=self._now_ns,
        )
        ledger = Ledger(writer, self._corpus, self._files, memory)
        ledger.note(self._unread)
        if not memory.is_complete:
            self._read_and_commit(writer, ledger, memory)
        return self._report(writer, ledger, memory)

    def _read_and_commit(self, writer: IndexWriter, ledger: Ledger, memory: Memory) -> None:
        files = [file for file in self._files if file.relative not in memory.skipped]
        total = sum(file.disk_bytes for file in files)
        harmless = all(file.reader.harmless for file in files)
        chunks = chunks_of(files, self._limits)
        dictionary: bytes | None = None
        stock = NO_STOCK
        if not self._dry_run:
            chunks, dictionary = _with_dictionary(
                chunks, writer.dictionary, total, harmless=harmless
            )
            writer.pack_with(dictionary)
            stock = writer.stock()
        tell = _Teller(self._progress, ledger, total, len(files))
        known = ledger.known()
        packed = sum(file.disk_bytes for file in files if file.is_packed)
        with Workers(
            self._processes,
            total + packed * _PACKED,
            harmless=harmless,
            known=known,
            dictionary=dictionary,
            stock=stock,
        ) as workers:
            writer.analyze_with(workers.analyze)
            if writer.knows_words and not self._dry_run:
                workers.before_fork = writer.learn()
            groups = _groups(chunks, _GROUP_BYTES_KNOWN if known else _GROUP_BYTES)
            while (group := next(groups, None)) is not None:
                last = time.monotonic() + self._commit_every
                for done, encoded in workers.encode(_until(last, chain([group], groups))):
                    ledger.take(done, encoded)
                    tell.read(encoded.disk_bytes)
                if time.monotonic() >= last and dictionary is not None:
                    writer.commit(sources=ledger.sources(finished=False), checkpoint=True)
                    writer.pack_with(dictionary)
            if not writer.knows_words:
                workers.prepare()
            ledger.delete_gone()
            if self._dry_run:
                return

            def step(stage: str, share: float) -> None:
                if stage == "invert":
                    # Its memory is worth more now than its processes.
                    workers.close()
                tell.stage(stage, share)

            writer.commit(step=step, sources=ledger.sources(finished=True))
        tell.stage("write", 1.0)

    def _report(self, writer: IndexWriter, ledger: Ledger, memory: Memory) -> ReindexReport:
        live = writer.live_segments
        documents = sum(segment.live_count for segment in live)
        if self._dry_run:
            documents += ledger.added - ledger.deleted
        return ReindexReport(
            documents=documents,
            added=ledger.added,
            replaced=ledger.replaced,
            deleted=ledger.deleted,
            unchanged=ledger.unchanged,
            skipped=(*ledger.errors, *ledger.repeated),
            duplicates=tuple(sorted(memory.sources().duplicates.items())),
            languages=dict(sorted(ledger.languages.items())),
            text_bytes=ledger.text_bytes,
            tokens=sum(segment.segment.tokens for segment in live),
            words=sum(len(segment.segment.words) for segment in live),
            files=len(self._files),
            unchanged_files=len(memory.skipped),
            dry_run=self._dry_run,
            seconds=time.perf_counter() - self._began,
        )


class _Teller:
    """Tells how far a run has come."""

    def __init__(
        self, progress: Progressed | None, ledger: Ledger, total_bytes: int, total_files: int
    ) -> None:
        self._progress, self._ledger = progress, ledger
        self._total_bytes, self._total_files = total_bytes, total_files
        self._done_bytes = 0

    def read(self, disk_bytes: int) -> None:
        """Tell that so many more bytes were read."""
        self._done_bytes += disk_bytes
        self._tell("read", self._done_bytes)

    def stage(self, stage: str, share: float) -> None:
        """Tell which share of a later stage is done."""
        self._tell(stage, int(share * self._total_bytes))

    def _tell(self, stage: str, done: int) -> None:
        if self._progress is not None:
            documents, files = self._ledger.documents, self._ledger.files_read
            told = Progress(stage, documents, done, self._total_bytes, files, self._total_files)
            self._progress(told)


def _with_dictionary(
    chunks: Iterator[Chunk | DocumentFormatError], dictionary: bytes, total: int, *, harmless: bool
) -> tuple[Iterator[Chunk | DocumentFormatError], bytes]:
    """Return the chunks, and a dictionary of the first ones' texts where there is none yet."""
    if dictionary or total < LEAST_TRAINING_BYTES >> _MOST_PACKED_BITS:
        return chunks, dictionary
    head: list[Chunk | DocumentFormatError] = []
    size = 0
    for each in chunks:
        head.append(each)
        size += each.size if isinstance(each, Chunk) else 0
        if size >= _TRAINING_BYTES:
            break
    wanted = [each for each in head if isinstance(each, Chunk)]
    if harmless:
        dictionary = _train(wanted)
    else:
        dictionary = call(process_context(), _train, wanted, 2 * _TRAINING_S) or b""
    return chain(head, chunks), dictionary


def _train(chunks: Sequence[Chunk]) -> bytes:
    """Return a dictionary of what chunks hold, as far as it can be read in a short time."""
    last = time.monotonic() + _TRAINING_S

    def texts() -> Iterator[bytes]:
        for chunk in chunks:
            if time.monotonic() < last:
                found = (each for each in read(chunk) if isinstance(each, Document))
                yield from map(stored_text, found)

    return train_dictionary(texts())


def _groups(chunks: Iterable[Chunk | DocumentFormatError], group_bytes: int) -> Iterator[Group]:
    group: list[Chunk | DocumentFormatError] = []
    size = 0
    for chunk in chunks:
        group.append(chunk)
        size += chunk.size if isinstance(chunk, Chunk) else 0
        if size >= group_bytes:
            yield group
            group, size = [], 0
    if group:
        yield group


def _until(last: float, groups: Iterable[Group]) -> Iterator[Group]:
    """Yield groups until the time *last*, and one at least."""
    for group in groups:
        yield group
        if time.monotonic() >= last:
            return
