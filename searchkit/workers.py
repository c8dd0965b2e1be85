"""
Who reads, encodes and analyses when the index is brought in step?

Worker processes, as many as there are cores, or this process for a small
corpus. Work goes out in groups of chunks and comes back in the order of the
corpus, as batches that one process puts into the index.
"""

from __future__ import annotations

import gc
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context, parent_process

from searchkit.analysis import default_model
from searchkit.analysis.parts import Analysed, analyze_words
from searchkit.corpus import Chunk, read
from searchkit.errors import DocumentFormatError, WorkerDiedError
from searchkit.index.forward import BatchEncoder, ForwardBatch, document_digest, stored_text
from searchkit.model import Document

#: A corpus below this size is read in this process; starting workers would take longer.
SMALL_CORPUS_BYTES = 8 << 20
# Words are analysed in slices so that workers share evenly.
_SLICE_WORDS = 8192

Group = Sequence[Chunk | DocumentFormatError]


@dataclass(slots=True)
class Encoded:
    """What one group of chunks became."""

    batch: ForwardBatch | None
    unchanged: list[str]
    errors: list[DocumentFormatError]
    disk_bytes: int


class _Encoder:
    """What a worker process does; also used in this process for a small corpus."""

    def __init__(self, known: Mapping[str, bytes], dictionary: bytes) -> None:
        self._known = known
        self._batches = BatchEncoder(f"process-{os.getpid()}", dictionary)

    def __call__(self, group: Group) -> Encoded:
        documents: list[Document] = []
        digests: list[bytes] = []
        texts: list[bytes] = []
        changed: set[str] = set()
        result = Encoded(None, [], [], 0)
        for chunk in group:
            if isinstance(chunk, DocumentFormatError):
                result.errors.append(chunk)
                continue
            result.disk_bytes += chunk.disk_bytes
            for found in read(chunk):
                if isinstance(found, DocumentFormatError):
                    result.errors.append(found)
                    continue
                text = stored_text(found)
                digest = document_digest(found, text)
                if self._known.get(found.id) == digest and found.id not in changed:
                    result.unchanged.append(found.id)
                else:
                    changed.add(found.id)
                    documents.append(found)
                    digests.append(digest)
                    texts.append(text)
        if documents:
            result.batch = self._batches.encode(documents, digests, texts)
        return result


_encoder: _Encoder | None = None


def _start_worker(known: Mapping[str, bytes], dictionary: bytes) -> None:
    global _encoder
    # A worker makes millions of strings and no cycles; looking for cycles takes a tenth of it.
    gc.disable()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _encoder = _Encoder(known, dictionary)


def _end_with_parent() -> None:
    """End this process once the one that started it is gone: killed, it could not say so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _encode_in_worker(group: Group) -> Encoded:
    assert _encoder is not None
    return _encoder(group)


def _load_model() -> None:
    # A compound takes the dictionary as well as the splitter's tables.
    analyze_words(default_model(), ["avfallshantering"])


def _analyze_in_worker(words: Sequence[str]) -> Analysed:
    return analyze_words(default_model(), words)


class Workers:
    """
    A pool of worker processes, or none of them.

    Args:
        processes: how many; by default as many as there are cores.
        total_bytes: size of the corpus.
        known: digest of each document that the index holds, by id.
        dictionary: what texts are packed with.
    """

    def __init__(
        self,
        processes: int | None,
        total_bytes: int,
        known: Mapping[str, bytes],
        dictionary: bytes,
    ) -> None:
        count = (os.cpu_count() or 1) if processes is None else processes
        self._known, self._dictionary = known, dictionary
        self._count = count
        self._pool: ProcessPoolExecutor | None = None
        if count > 1 and (total_bytes >= SMALL_CORPUS_BYTES):
            # Forked workers need no import and no __main__ guard in the caller's script.
            methods = get_all_start_methods()
            context = get_context("fork" if "fork" in methods else None)
            self._pool = ProcessPoolExecutor(
                count,
                mp_context=context,
                initializer=_start_worker,
                initargs=(known, dictionary),
            )

    def __enter__(self) -> Workers:
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

    def encode(self, groups: Iterable[Group]) -> Iterator[Encoded]:
        """Encode groups of chunks, keeping their order."""
        if self._pool is None:
            yield from map(_Encoder(self._known, self._dictionary), groups)
            return
        waiting: deque[Future[Encoded]] = deque()
        for group in groups:
            waiting.append(self._pool.submit(_encode_in_worker, group))
            # Two groups a worker keep all busy; more would only wait in memory.
            while len(waiting) > 2 * self._count or (waiting and waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def prepare(self) -> None:
        """Have every process load what analysis needs, while this one has other work."""
        if self._pool is not None:
            for _ in range(self._count):
                self._pool.submit(_load_model)

    def analyze(self, words: Sequence[str]) -> Analysed:
        """Return the analysis of *words*, each analysed once, by all workers."""
        if self._pool is None or len(words) <= _SLICE_WORDS:
            return analyze_words(default_model(), words)
        slices = [words[at : at + _SLICE_WORDS] for at in range(0, len(words), _SLICE_WORDS)]
        return Analysed.joined(list(self._pool.map(_analyze_in_worker, slices)))
