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

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from searchkit.corpus import Chunk, plan, read, size_of
from searchkit.errors import DocumentFormatError, UsageError
from searchkit.index.forward import stored_text
from searchkit.index.textstore import LEAST_TRAINING_BYTES, train_dictionary
from searchkit.index.writer import IndexWriter
from searchkit.model import Document
from searchkit.workers import Encoded, Workers

# Work is handed out in groups of about this many bytes: large enough to make the fixed
# cost of a batch vanish, small enough that two workers end at the same time.
_GROUP_BYTES = 2 << 20
# A compressed corpus may hold eight times the text.
_MOST_PACKED_BITS = 3

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
    full: bool = False,
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
        full: read and index every document anew, not only what changed; the
            words that the index knows are not analysed again.
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

    with IndexWriter(index, full=full, from_scratch=from_scratch, timeout=timeout) as writer:
        known = _known_digests(writer)
        chunks, dictionary = _with_dictionary(plan(corpus), writer.dictionary, total)
        writer.pack_with(dictionary)
        with Workers(processes, total, known, dictionary) as workers:
            writer.analyze_with(workers.analyze)
            for encoded in workers.encode(_groups(chunks)):
                _take(encoded, writer, known, tally, corpus)
                tell("read", tally.done_bytes)
            if not writer.knows_words and tally.written:
                workers.prepare()
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


def _with_dictionary(
    chunks: Iterator[Chunk | DocumentFormatError], dictionary: bytes, total: int
) -> tuple[Iterable[Chunk | DocumentFormatError], bytes]:
    """Return the chunks, and a dictionary of the first ones' texts where there is none yet."""
    if dictionary or total < LEAST_TRAINING_BYTES >> _MOST_PACKED_BITS:
        return chunks, dictionary
    head: list[Chunk | DocumentFormatError] = []

    def texts() -> Iterator[bytes]:
        for chunk in chunks:
            head.append(chunk)
            if isinstance(chunk, Chunk):
                found = (each for each in read(chunk) if isinstance(each, Document))
                yield from map(stored_text, found)

    dictionary = train_dictionary(texts())
    return chain(head, chunks), dictionary


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
    encoded: Encoded,
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
