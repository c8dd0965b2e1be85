"""
Who may write?

One writer at a time, by an operating-system lock that dies with its process, so
there are no stale locks to clear by hand. Who holds it, and since when, stands
in a small file beside it.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from searchkit.errors import IndexLockedError

_LOCK_NAME = "write.lock"
_HOLDER_NAME = "write.lock.holder"


class WriteLock:
    """The write lock of one index directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = FileLock(directory / _LOCK_NAME)

    def acquire(self, *, timeout: float = 0.0) -> None:
        """
        Take the lock, waiting up to *timeout* seconds.

        Raises:
            IndexLockedError: another process holds it; says which.
        """
        try:
            self._lock.acquire(timeout=timeout)
        except Timeout:
            pid, since = self._holder()
            raise IndexLockedError(self._directory, pid=pid, since=since) from None
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder = {"pid": os.getpid(), "since": since}
        (self._directory / _HOLDER_NAME).write_text(json.dumps(holder), encoding="utf-8")

    def release(self) -> None:
        """Give the lock back."""
        if self._lock.is_locked:
            # Not when released before: the file may tell of another holder by now.
            (self._directory / _HOLDER_NAME).unlink(missing_ok=True)
            self._lock.release()

    def _holder(self) -> tuple[int | None, str | None]:
        try:
            holder = json.loads((self._directory / _HOLDER_NAME).read_text(encoding="utf-8"))
            return int(holder["pid"]), str(holder["since"])
        except (OSError, ValueError, KeyError, TypeError):
            return None, None
