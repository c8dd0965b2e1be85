"""How is a reader stopped that does not come to an end?"""

from __future__ import annotations

import signal
import threading
import time
from contextlib import suppress

import pytest

from searchkit.corpus import Chunk, Limits, Reader, read, register, registry
from searchkit.corpus.deadline import TooSlowError, within
from searchkit.model import Document

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarm on this system")


def endless(chunk):
    yield Document(id="1", text="x")
    while True:
        with suppress(Exception):  # as readers do that catch whatever fails
            time.sleep(0.01)


def test_what_comes_in_time():
    """Items that come in time are handed on, and the alarm is as it was before."""
    before = signal.getsignal(signal.SIGALRM)

    assert list(within(iter(range(5)), 10)) == list(range(5))
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_what_takes_too_long():
    """An item that does not come is given up, and what came before it is kept."""
    items = within(endless(None), 0.05)

    assert next(items).id == "1"
    with pytest.raises(TooSlowError):
        next(items)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_time_of_the_consumer_does_not_count():
    """What is done with an item is not the reader's time."""
    got = []
    for item in within(iter(range(3)), 0.02):
        time.sleep(0.03)
        got.append(item)

    assert got == [0, 1, 2]


def test_other_threads_are_not_watched():
    """Outside the main thread, where no alarm rings, items are handed on all the same."""
    got: list[int] = []
    thread = threading.Thread(target=lambda: got.extend(within(range(3), 0.01)))
    thread.start()
    thread.join()

    assert got == [0, 1, 2]


def test_slow_file_is_reported(tmp_path, monkeypatch):
    """A file whose reader does not end is an error with its path and the limit."""
    monkeypatch.setattr(registry, "_by_name", dict(registry._by_name))
    monkeypatch.setattr(registry, "_by_extension", dict(registry._by_extension))
    register(Reader("endless", (".endless",), endless))
    path = tmp_path / "a.endless"

    _, error = read(Chunk("endless", path, "a", b"", 1, 0, limits=Limits(seconds=0.05)))

    assert error.path == path
    assert error.reason == "took more than 0.05 s to read, and was given up"
