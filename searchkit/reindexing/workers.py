"""
Who reads, encodes and analyses when the index is brought in step?

Worker processes, as many as there are cores, or this process where the corpus is small
and of formats that cannot do harm. Work goes out in groups of chunks and comes back in
the order of the corpus, as batches that one process puts into the index. A worker that
dies, or takes too long, takes its group with it: the chunks of that group are read again
one at a time (:mod:`.isolation`), and only the one that does it again is left out.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext
from typing import IO

from searchkit.analysis import default_model
from searchkit.analysis.parts import Analysed, analyze_words
from searchkit.corpus import Chunk, is_line_based
from searchkit.errors import DocumentFormatError, WorkerDiedError
from searchkit.index.forward import BatchEncoder, ForwardBatch, stored_text
from searchkit.index.stock import NO_STOCK, Stock
from searchkit.reindexing.intake import Known, Taken, take
from searchkit.reindexing.isolation import Alone, bound_memory, seconds_for

#: A corpus below this size is read in this process; starting workers would take longer.
SMALL_CORPUS_BYTES = 8 << 20
# Words are analysed in slices so that workers share evenly.
_SLICE_WORDS = 8192

Group = Sequence[Chunk | DocumentFormatError]


@dataclass(slots=True)
class Encoded:
    """What one group of chunks became."""

    batch: ForwardBatch | None
    disk_bytes: int
    keys: list[tuple[str, str | None]] = field(default_factory=list)
    """Id and path of each new document, where they were only to be looked at."""
    taken: Taken = field(default_factory=Taken)
    """All but the documents."""


class Encoder:
    """
    What a worker process does; also used in this process for a small corpus.

    Args:
        name: tells its numbering of words from that of others.
        known: see :mod:`.intake`.
        dictionary: what texts are packed with; None: they are not to be encoded.
        stock: what its numbering of words begins with.
        watch: called before each chunk.
    """

    def __init__(
        self,
        name: str,
        known: Known,
        dictionary: bytes | None,
        stock: Stock = NO_STOCK,
        watch: Callable[[Chunk], None] | None = None,
    ) -> None:
        self._known = known
        self._watch = watch
        self._batches = None if dictionary is None else BatchEncoder(name, dictionary, stock)

    def __call__(self, group: Group) -> Encoded:
        taken = Taken()
        disk_bytes = 0
        for chunk in group:
            if isinstance(chunk, DocumentFormatError):
                taken.errors.append(chunk)
            else:
                disk_bytes += chunk.disk_bytes
                if self._watch is not None:
                    self._watch(chunk)
                take(chunk, self._known, taken)
        batch, keys = None, []
        if self._batches is None:
            keys = [(document.id, document.fields.get("path")) for document in taken.documents]
        elif taken.documents:
            texts = list(map(stored_text, taken.documents))
            batch = self._batches.encode(taken.documents, taken.digests, texts)
        # They are in the batch; to send them as well would take longer than to encode them.
        taken.documents, taken.digests = [], []
        return Encoded(batch, disk_bytes, keys, taken)


_known: Known = {}
_dictionary: bytes | None = b""
_stock = NO_STOCK
_round = -1
_encoder: Encoder | None = None
_bounded = False
_nowhere: IO[str] | None = None


def _start_worker(known: Known, dictionary: bytes | None, stock: Stock) -> None:
    global _known, _dictionary, _stock
    # Ctrl-C goes to the whole group; the one that started this process tells it to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A worker makes millions of strings and few cycles; looking for them takes a tenth of it.
    gc.disable()
    gc.freeze()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _known, _dictionary, _stock = known, dictionary, stock


def _end_with_parent() -> None:
    """End this process once the one that started it is gone: killed, it could not say so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _encode_in_worker(group: Group, number: int) -> Encoded:
    """Encode a group in round *number*: each round numbers its words anew."""
    global _round, _encoder
    if _encoder is None or _round != number:
        name = f"process-{os.getpid()}-{number}"
        _encoder = Encoder(name, _known, _dictionary, _stock, _watch)
        _round = number
    try:
        return _encoder(group)
    finally:
        faulthandler.cancel_dump_traceback_later()
        # What was there before the first group is frozen; of the rest, cycles must go. Lines
        # of a dump make none, and looking for them takes 20 ms.
        if not all(isinstance(chunk, Chunk) and is_line_based(chunk) for chunk in group):
            gc.collect()


def _watch(chunk: Chunk) -> None:
    """End this process if it takes too long over a chunk, or bound what memory it takes."""
    global _bounded, _nowhere
    if not _bounded:
        bound_memory(chunk)
        _bounded = True
    seconds = seconds_for(chunk)
    if seconds is None:
        faulthandler.cancel_dump_traceback_later()
        return
    if _nowhere is None:
        _nowhere = open(os.devnull, "w")  # noqa: SIM115
    # A thread that needs no interpreter's lock ends the process, whatever holds it up.
    faulthandler.dump_traceback_later(seconds, file=_nowhere, exit=True)


def _load_model() -> None:
    default_model().prepare()


def _analyze_in_worker(words: Sequence[str]) -> Analysed:
    return analyze_words(default_model(), words)


def process_context() -> BaseContext:
    """Return how processes are started."""
    # Forked workers need no import and no __main__ guard in the caller's script.
    return get_context("fork" if "fork" in get_all_start_methods() else None)


class Workers:
    """
    A pool of worker processes, or none of them.

    Args:
        processes: how many; by default as many as there are cores.
        total_bytes: what there is to read.
        harmless: no reader that is needed can take its process down.
        known: see :mod:`.intake`.
        dictionary: what texts are packed with; None: nothing is to be encoded.
        stock: what workers begin to number words with.
    """

    def __init__(
        self,
        processes: int | None,
        total_bytes: int,
        *,
        harmless: bool,
        known: Known,
        dictionary: bytes | None,
        stock: Stock = NO_STOCK,
    ) -> None:
        self._count = (os.cpu_count() or 1) if processes is None else processes
        self._known, self._dictionary, self._stock = known, dictionary, stock
        #: Called before processes are started anew; ends the threads of who uses this.
        self.before_fork: Callable[[], object] = int
        self._rounds = count()
        self._round = -1
        self._pool: ProcessPoolExecutor | None = None
        self._collects = False
        small = total_bytes < SMALL_CORPUS_BYTES or self._count == 1
        if total_bytes and not (small and harmless):
            self._start()

    def __enter__(self) -> Workers:
        # What workers send makes no cycles; looking for them takes 3 % of a large reindex.
        if self._pool is not None and gc.isenabled():
            gc.disable()
            self._collects = True
        return self

    def __exit__(self, _kind: object, error: object, _traceback: object) -> None:
        self.close()
        if self._collects:
            gc.enable()
        if isinstance(error, BrokenProcessPool):
            raise WorkerDiedError from None

    def close(self) -> None:
        """End the processes; what is asked for later is done in this one."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def encode(self, groups: Iterable[Group]) -> Iterator[tuple[Group, Encoded]]:
        """Encode groups of chunks, keeping their order; each call is a round of its own."""
        self._round = next(self._rounds)
        if self._pool is None:
            name = f"process-{self._round}"
            encoder = Encoder(name, self._known, self._dictionary, self._stock)
            for group in groups:
                yield group, encoder(group)
            return
        waiting: deque[tuple[Group, Future[Encoded]]] = deque()
        for group in groups:
            waiting.append((group, self._submit(group)))
            # Two groups a worker keep all busy; more would only wait in memory.
            while len(waiting) > 2 * self._count or (waiting and waiting[0][1].done()):
                yield from self._next(waiting)
        while waiting:
            yield from self._next(waiting)

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

    def _start(self) -> None:
        self._pool = ProcessPoolExecutor(
            self._count,
            mp_context=process_context(),
            initializer=_start_worker,
            initargs=(self._known, self._dictionary, self._stock),
        )
        # Processes are forked when the first work comes; a thread that holds a lock then, say
        # of an import, would leave it locked in them for ever.
        self._pool.submit(os.getpid)

    def _submit(self, group: Group) -> Future[Encoded]:
        assert self._pool is not None
        try:
            return self._pool.submit(_encode_in_worker, group, self._round)
        except BrokenProcessPool as error:
            broken: Future[Encoded] = Future()
            broken.set_exception(error)
            return broken

    def _next(
        self, waiting: deque[tuple[Group, Future[Encoded]]]
    ) -> Iterator[tuple[Group, Encoded]]:
        """Yield what the first group became; if a worker died, recover."""
        group, future = waiting.popleft()
        try:
            encoded = future.result()
        except MemoryError:
            yield from self._one_by_one(group)
        except BrokenProcessPool:
            self.close()
            self.before_fork()
            yield from self._one_by_one(group)
            self._start()
            for number, (later, done) in enumerate(waiting):
                if not done.done() or done.exception() is not None:
                    waiting[number] = later, self._submit(later)
        else:
            yield group, encoded

    def _one_by_one(self, group: Group) -> Iterator[tuple[Group, Encoded]]:
        """Read the chunks of a group each by itself; what takes its process down is reported."""
        alone = Alone(self._known, self._dictionary, process_context(), self._round)
        with alone:
            for chunk in group:
                if isinstance(chunk, DocumentFormatError):
                    yield [chunk], Encoded(None, 0, taken=Taken(errors=[chunk]))
                else:
                    outcome = alone.encode(chunk)
                    if isinstance(outcome, DocumentFormatError):
                        failed = Taken(errors=[outcome])
                        outcome = Encoded(None, chunk.disk_bytes, taken=failed)
                    yield [chunk], outcome
