"""
What becomes of a file that takes its reader down?

Readers use libraries in C; a file made to, or damaged in the right place, can crash
them, hold them up for ever or make them fill the memory. A chunk that is suspected is
read in a process of its own, with an end to its time and its memory: what happens there
is told of the file, and happens to nothing else.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, TypeVar

from searchkit.corpus import Chunk
from searchkit.errors import DocumentFormatError
from searchkit.reindexing.intake import Known

if TYPE_CHECKING:
    from searchkit.reindexing.workers import Encoded

T = TypeVar("T")

# A reader that runs Python code is stopped by its own alarm, which costs no process.
_GRACE_S = 1.0
_ENDING_S = 5.0


def seconds_for(chunk: Chunk) -> float | None:
    """Return after how long the process that reads a chunk is ended; None: never."""
    seconds = chunk.limits.seconds_for(chunk.size)
    return seconds + _GRACE_S if seconds > 0 else None


def bound_memory(chunk: Chunk) -> None:
    """Let this process have no more memory than a chunk's limits say, from now on."""
    if chunk.limits.memory_bytes <= 0 or not sys.platform.startswith("linux"):
        # Elsewhere such a bound is not kept by the system, or there is none.
        return
    import resource

    with open("/proc/self/statm") as status:
        begun = int(status.read().split()[5]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = begun + chunk.limits.memory_bytes
    if hard == resource.RLIM_INFINITY or bound < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))


def call(
    context: BaseContext,
    function: Callable[[Sequence[T]], bytes],
    items: Sequence[T],
    seconds: float,
) -> bytes | None:
    """Return what *function* says of *items*, in its own process; None if it dies or is late."""
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, function, items), daemon=True)  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    try:
        answer: bytes | None = ours.recv() if ours.poll(seconds) else None
    except (EOFError, OSError):
        answer = None
    finally:
        process.kill()
        process.join(_ENDING_S)
        ours.close()
    return answer


def _answer(pipe: Connection, function: Callable[[Sequence[T]], bytes], items: Sequence[T]) -> None:
    if items and isinstance(items[0], Chunk):
        bound_memory(items[0])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send(function(items))


class Alone:
    """
    A process that reads one chunk after the other; another one where it ended.

    Args:
        known, dictionary: as :class:`.workers.Encoder` takes them.
        context: how processes are started.
        number: of the round; each process numbers words by itself.
    """

    def __init__(
        self, known: Known, dictionary: bytes | None, context: BaseContext, number: int
    ) -> None:
        self._known, self._dictionary = known, dictionary
        self._context = context
        self._names = (f"alone-{number}-{id(self)}-{turn}" for turn in count())
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Alone:
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def encode(self, chunk: Chunk) -> Encoded | DocumentFormatError:
        """Return what a chunk became, or why there is nothing."""
        if self._pipe is None or self._process is None:
            self._begin()
        assert self._pipe is not None
        assert self._process is not None
        seconds = seconds_for(chunk)
        try:
            self._pipe.send(chunk)
            if self._pipe.poll(seconds):
                encoded: Encoded | DocumentFormatError = self._pipe.recv()
                return encoded
        except (EOFError, OSError):
            self._process.join(_ENDING_S)
            reason = f"{_ended_by(self._process.exitcode)} the process that read it; it is left out"
        else:
            reason = f"was not read within {seconds:.3g} s; it is left out"
        self._end()
        return DocumentFormatError(reason, path=chunk.path)

    def _begin(self) -> None:
        ours, theirs = self._context.Pipe()
        target = (theirs, next(self._names), self._known, self._dictionary)
        self._process = self._context.Process(target=_encode_alone, args=target, daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        theirs.close()
        self._pipe = ours

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(_ENDING_S)
        self._process = self._pipe = None


def _encode_alone(pipe: Connection, name: str, known: Known, dictionary: bytes | None) -> None:
    from searchkit.reindexing.workers import Encoder

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    encoder = Encoder(name, known, dictionary)
    bounded = False
    while True:
        try:
            chunk = pipe.recv()
        except EOFError:
            return
        if not bounded:
            bound_memory(chunk)
            bounded = True
        try:
            outcome: Encoded | DocumentFormatError = encoder([chunk])
        except MemoryError:
            reason = "takes more memory to index than there is; split it, or raise the limit"
            outcome = DocumentFormatError(reason, path=chunk.path, passing=True)
        pipe.send(outcome)


def _ended_by(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            return f"crashed ({signal.Signals(-exitcode).name})"
        except ValueError:
            return f"crashed (signal {-exitcode})"
    return "ended"
