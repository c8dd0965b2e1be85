"""
How is a reader stopped that does not come to an end?

By an alarm of the operating system, which interrupts the main thread wherever it is in
Python code. Worker processes read in their main thread. In other threads, and on Windows,
nothing is watched; a C library that never returns cannot be interrupted either.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import TypeVar

Item = TypeVar("Item")


class TooSlowError(BaseException):
    """Time is up. No ``Exception``: readers that catch whatever fails must not catch it."""


def within(items: Iterable[Item], seconds: float) -> Iterator[Item]:
    """
    Yield *items*; each may take *seconds* to come, not counting what is done with it.

    Raises:
        TooSlowError: one took longer.
    """
    watched = hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread()
    if not watched or seconds <= 0 or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield from items
        return
    iterator = iter(items)
    while True:
        previous = signal.signal(signal.SIGALRM, _ring)
        # It rings again: an error raised while an object is deleted is lost.
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        try:
            item = next(iterator)
        except StopIteration:
            return
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
        yield item


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TooSlowError
