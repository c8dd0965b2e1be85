"""
How is the index kept in step with a corpus that goes on changing?

By looking again: a reindex of a corpus as it was only lists its files, some 20 µs each,
and needs nothing of the system that would differ from one to the other, or miss what
happens on a network drive. What changes while it is read is seen at the next look.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

from searchkit.errors import CorpusError, IndexLockedError, WorkerDiedError
from searchkit.reindexing.report import ReindexReport

LOOK_EVERY_S = 2.0
"""A file system's clock may have ticks of that length."""
# A look that found nothing takes at most a fifth of the time.
_REST_PER_LOOK = 4.0

PassingError: TypeAlias = IndexLockedError | CorpusError | WorkerDiedError | OSError
"""What may be gone at the next look: a lock, a drive that is not there, a full disk."""
Round: TypeAlias = ReindexReport | PassingError
"""What came of one look."""


def follow(
    look: Callable[[], ReindexReport],
    *,
    every: float = LOOK_EVERY_S,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Round]:
    """
    Bring an index in step again and again, without end; yield what came of each look.

    An error that may pass is yielded and does not end it, unless it is there from the
    beginning: then it is more likely a wrong path. A lock is waited for even then.
    Whoever interrupts it, even within a reindex, finds the index as its last commit
    has left it.

    Args:
        look: a reindex, such as ``partial(reindex, "corpus", "index")``.
        every: seconds from the end of one look to the next, longer where a look that
            finds nothing takes long itself.
        sleep, clock: of :mod:`time`, for tests.

    Raises:
        SearchkitError, OSError: what does not pass by itself, such as a damaged index;
            of the first look, everything but ``IndexLockedError``.

    Example::

        for done in follow(partial(reindex, "corpus", "index")):
            print(done)
    """
    first = True
    while True:
        began = clock()
        outcome = _outcome(look, first=first)
        pause = every
        if isinstance(outcome, ReindexReport) and not has_changed(outcome):
            pause = max(every, _REST_PER_LOOK * (clock() - began))
        yield outcome
        first = False
        sleep(pause)


def has_changed(report: ReindexReport) -> bool:
    """Tell whether a reindex changed what can be found."""
    return bool(report.added or report.replaced or report.deleted)


def _outcome(look: Callable[[], ReindexReport], *, first: bool) -> Round:
    try:
        return look()
    except IndexLockedError as error:
        return error
    except (CorpusError, WorkerDiedError, OSError) as error:
        if first:
            raise
        return error
