"""
How is the index brought in step with the corpus?

One process walks the corpus and hands out work; worker processes read and
encode documents; what comes back, in corpus order, goes into one new segment.
Documents whose content hash is the one in the index are left alone, documents
that are gone from the corpus are deleted, and nothing is current until the one
commit at the end::

    corpus ─▶ plan ─▶ (read ─▶ encode) ─▶ segment ─▶ commit
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context, parent_process
from pathlib import Path

from searchkit.analysis import default_model
from searchkit.corpus import Chunk, plan, read, size_of
from searchkit.errors import DocumentFormatError, UsageError, WorkerDiedError
from searchkit.index.forward import BatchEncoder, ForwardBatch, document_digest
from searchkit.index.writer import IndexWriter
from searchkit.model import Document

# Work is handed out in groups of about this many bytes: large enough to make the fixed
# cost of a batch vanish, small enough that two workers end at the same time.
_GROUP_BYTES = 2 << 20
#: A corpus below this size is read in this process; starting workers would take longer.
_SMALL_CORPUS_BYTES = 8 << 20
# Words are analysed in slices so that progress can be shown and workers share evenly.
_SLICE_WORDS = 8192

Progressed = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reindex has come."""

    stage: str
    """"read", "analyze", "invert" or "write"."""
    documents: int
    done_bytes: int
    """Of the corpus on disk."""
    total_bytes: int


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex did."""

    documents: int
    """Documents in the index afterwards."""
    added: int
    replaced: int
    deleted: int
    unchanged: int
    skipped: tuple[DocumentFormatError, ...]
    """What could not be read, each with its place and reason."""
    text_bytes: int
    """UTF-8 bytes of text in the corpus's documents that were (re)indexed."""
    tokens: int
    words: int
    """Tokens and distinct words of the index afterwards."""
    seconds: float


@dataclass(slots=True)
class _Encoded:
    """What one group of chunks became."""

    batch: ForwardBatch | None
    unchanged: list[str]
    errors: list[DocumentFormatError]
    disk_bytes: int


@dataclass(slots=True)
class _Tally:
    added: int = 0
    replaced: int = 0
    text_bytes: int = 0
    done_bytes: int = 0
    seen: set[str] = field(default_factory=set)
    unchanged: int = 0
    errors: list[DocumentFormatError] = field(default_factory=list)
    repeated: list[DocumentFormatError] = field(default_factory=list)
    """Ids that occur more than once: reported, but nothing is damaged."""
    written: set[str] = field(default_factory=set)


def reindex(
    corpus: str | Path = "corpus",
    index: str | Path = "index",
    *,
    processes: int | None = None,
    from_scratch: bool = False,
    timeout: float = 0.0,
    progress: Progressed | None = None,
) -> ReindexReport:
    """
    Bring the index in step with the corpus, in one atomic commit.

    Args:
        corpus: a folder, a text or Markdown file, or a ``.jsonl`` file
            (also ``.jsonl.xz`` and ``.jsonl.gz``).
        index: directory of the index; created if need be.
        processes: worker processes; by default as many as there are cores,
            none for a small corpus.
        from_scratch: build anew without opening what is there.
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
    began = time.perf_counter()
    corpus, index = Path(corpus), Path(index)
    total = size_of(corpus)
    tally = _Tally()

    def tell(stage: str, done: int) -> None:
        if progress is not None:
            progress(Progress(stage, len(tally.seen), done, total))

    with IndexWriter(index, from_scratch=from_scratch, timeout=timeout) as writer:
        known = _known_digests(writer)
        with _Workers(processes, total, known) as workers:
            writer.analyze_with(workers.terms)
            for encoded in workers.encode(_groups(plan(corpus))):
                _take(encoded, writer, known, tally, corpus)
                tell("read", tally.done_bytes)
            deleted = _delete_gone(writer, known, tally, corpus)

            def step(stage: str, share: float) -> None:
                if stage == "invert":
                    # Its memory is worth more now than its processes.
                    workers.close()
                tell(stage, int(share * total))

            writer.commit(step=step)
        tell("write", total)
        live = writer.live_segments
        return ReindexReport(
            documents=sum(segment.live_count for segment in live),
            added=tally.added,
            replaced=tally.replaced,
            deleted=deleted,
            unchanged=tally.unchanged,
            skipped=(*tally.errors, *tally.repeated),
            text_bytes=tally.text_bytes,
            tokens=sum(segment.segment.tokens for segment in live),
            words=sum(len(segment.segment.words) for segment in live),
            seconds=time.perf_counter() - began,
        )


def _known_digests(writer: IndexWriter) -> dict[str, bytes]:
    """Return the content hash of every live document, by id."""
    known: dict[str, bytes] = {}
    for live in writer.live_segments:
        keys = live.segment.columns["id"].all_values()
        digests = live.segment.digests()
        alive = [True] * len(keys) if live.alive is None else live.alive.tolist()
        for key, digest, is_alive in zip(keys, digests, alive, strict=True):
            if is_alive and key is not None:
                known[key] = digest.tobytes()
    return known


def _groups(
    chunks: Iterable[Chunk | DocumentFormatError],
) -> Iterator[list[Chunk | DocumentFormatError]]:
    group: list[Chunk | DocumentFormatError] = []
    size = 0
    for chunk in chunks:
        group.append(chunk)
        size += chunk.size if isinstance(chunk, Chunk) else 0
        if size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _take(
    encoded: _Encoded,
    writer: IndexWriter,
    known: dict[str, bytes],
    tally: _Tally,
    corpus: Path,
) -> None:
    """Put what a group became into the index, and count it."""
    tally.done_bytes += encoded.disk_bytes
    tally.errors += encoded.errors
    tally.unchanged += len(encoded.unchanged)
    for key in encoded.unchanged:
        if key in tally.seen:
            same = _committed(writer, key)
            tally.repeated.append(_repeated(key, same.fields.get("path"), corpus))
            if key in tally.written:
                # It is what the index holds, but another document with its id came in between.
                writer.put(same)
        tally.seen.add(key)
    batch = encoded.batch
    if batch is None:
        return
    relatives = batch.columns.get("path") or [None] * len(batch.doc_tokens)
    for new, relative in zip(batch.columns["id"], relatives, strict=True):
        assert new is not None
        if new in tally.seen:
            tally.repeated.append(_repeated(new, relative, corpus))
        elif new in known:
            tally.replaced += 1
        else:
            tally.added += 1
        tally.seen.add(new)
        tally.written.add(new)
    tally.text_bytes += batch.text_bytes
    writer.put_batch(batch)


def _repeated(key: str, relative: str | None, corpus: Path) -> DocumentFormatError:
    reason = f"the id '{key}' occurs more than once; the last document with it is kept"
    path = corpus / relative if relative and corpus.is_dir() else corpus
    return DocumentFormatError(reason, path=path)


def _committed(writer: IndexWriter, key: str) -> Document:
    """Return the document with the id *key* that the index holds."""
    for live in writer.live_segments:
        doc_id = live.segment.find_key(key, live.alive)
        if doc_id is not None:
            return live.segment.document(doc_id)
    raise AssertionError(key)


def _delete_gone(writer: IndexWriter, known: dict[str, bytes], tally: _Tally, corpus: Path) -> int:
    """
    Delete what the corpus no longer holds.

    What came from a file (or a folder) that could not be read in full is kept:
    it may only be hidden by the damage.
    """
    damaged = {_relative(error.path, corpus) for error in tally.errors}
    gone = [key for key in known if key not in tally.seen]
    if damaged:
        paths = _paths(writer)
        gone = [key for key in gone if damaged.isdisjoint(_with_parents(paths.get(key) or key))]
    for key in gone:
        writer.delete(key)
    return len(gone)


def _relative(path: Path, corpus: Path) -> str:
    """Return a path as documents keep it: relative to the corpus, or a single file's name."""
    return path.relative_to(corpus).as_posix() if path.is_relative_to(corpus) else path.name


def _with_parents(path: str) -> list[str]:
    return [path, *(str(parent) for parent in Path(path).parents)]


def _paths(writer: IndexWriter) -> dict[str, str | None]:
    """Return the path of each document that the index holds, by id."""
    paths: dict[str, str | None] = {}
    for live in writer.live_segments:
        columns = live.segment.columns
        if "path" in columns:
            paths.update(
                zip(columns["id"].all_values(), columns["path"].all_values(), strict=True)  # type: ignore[arg-type]
            )
    return paths


class _Encoder:
    """What a worker process does; also used in this process for a small corpus."""

    def __init__(self, known: dict[str, bytes]) -> None:
        self._known = known
        self._batches = BatchEncoder(f"process-{os.getpid()}")

    def __call__(self, group: list[Chunk | DocumentFormatError]) -> _Encoded:
        documents: list[Document] = []
        digests: list[bytes] = []
        changed: set[str] = set()
        result = _Encoded(None, [], [], 0)
        for chunk in group:
            if isinstance(chunk, DocumentFormatError):
                result.errors.append(chunk)
                continue
            result.disk_bytes += chunk.disk_bytes
            for found in read(chunk):
                if isinstance(found, DocumentFormatError):
                    result.errors.append(found)
                    continue
                digest = document_digest(found)
                if self._known.get(found.id) == digest and found.id not in changed:
                    result.unchanged.append(found.id)
                else:
                    changed.add(found.id)
                    documents.append(found)
                    digests.append(digest)
        if documents:
            result.batch = self._batches.encode(documents, digests)
        return result


_encoder: _Encoder | None = None


def _start_worker(known: dict[str, bytes]) -> None:
    global _encoder
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _encoder = _Encoder(known)


def _end_with_parent() -> None:
    """End this process once the one that started it is gone: killed, it could not say so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _encode_in_worker(group: list[Chunk | DocumentFormatError]) -> _Encoded:
    assert _encoder is not None
    return _encoder(group)


def _terms_in_worker(words: Sequence[str]) -> list[str]:
    return default_model().terms(words)


class _Workers:
    """A pool of worker processes, or none of them."""

    def __init__(self, processes: int | None, total_bytes: int, known: dict[str, bytes]) -> None:
        count = (os.cpu_count() or 1) if processes is None else processes
        self._known = known
        self._count = count
        self._pool: ProcessPoolExecutor | None = None
        if count > 1 and (total_bytes >= _SMALL_CORPUS_BYTES):
            # Forked workers need no import and no __main__ guard in the caller's script.
            methods = get_all_start_methods()
            context = get_context("fork" if "fork" in methods else None)
            self._pool = ProcessPoolExecutor(
                count, mp_context=context, initializer=_start_worker, initargs=(known,)
            )

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, _kind: object, error: object, _traceback: object) -> None:
        self.close()
        if isinstance(error, BrokenProcessPool):
            raise WorkerDiedError from None

    def close(self) -> None:
        """End the processes; what is asked for later is done in this one."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def encode(self, groups: Iterable[list[Chunk | DocumentFormatError]]) -> Iterator[_Encoded]:
        """Encode groups of chunks, keeping their order."""
        if self._pool is None:
            yield from map(_Encoder(self._known), groups)
            return
        waiting: deque[Future[_Encoded]] = deque()
        for group in groups:
            waiting.append(self._pool.submit(_encode_in_worker, group))
            # Two groups a worker keep all busy; more would only wait in memory.
            while len(waiting) > 2 * self._count or (waiting and waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def terms(self, words: Sequence[str]) -> list[str]:
        """Return the terms of *words*, each analysed once, by all workers."""
        if self._pool is None or len(words) <= _SLICE_WORDS:
            return default_model().terms(words)
        slices = [words[at : at + _SLICE_WORDS] for at in range(0, len(words), _SLICE_WORDS)]
        return [term for terms in self._pool.map(_terms_in_worker, slices) for term in terms]
