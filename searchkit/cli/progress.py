"""
How far a reindex has come: a bar on a terminal, or a line now and then in a log.

The library calls as often as it likes; drawing is bounded here, and happens
in the calling thread: a thread of its own would take the interpreter from
the work, and would not survive the forking of worker processes.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from searchkit.cli.terminal import colored, console

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.live import Live

    from searchkit import Progress

DRAW_EVERY_S = 0.2
LOG_EVERY_S = 10.0
_BAR_COLUMNS, _BAR_COLUMNS_MIN = 20, 5


class Bar:
    """A bar on stderr, a terminal, from the first call on; it is gone when the context ends."""

    def __init__(self, *, color: str) -> None:
        self._color = color
        self._live: Live | None = None
        self._rate = _Rate()
        self._drawn_at = 0.0
        self._stage = ""
        self._width = _BAR_COLUMNS

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __call__(self, progress: Progress) -> None:
        """Draw *progress*, at most every `DRAW_EVERY_S` seconds and at every new stage."""
        now = time.monotonic()
        speed = self._rate(progress, now)
        if progress.stage == self._stage and now - self._drawn_at < DRAW_EVERY_S:
            return
        self._stage, self._drawn_at = progress.stage, now
        if self._live is None:
            self._live = _started(self._color)

        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        stage, said = f"{progress.stage:<7}", ", ".join(_facts(progress, speed))
        room = self._live.console.width - len(stage) - len(said) - 2
        # It never grows again: a bar that does seems to go back.
        self._width = max(_BAR_COLUMNS_MIN, min(self._width, room))
        bar = ProgressBar(
            total=progress.total_bytes or None, completed=progress.done_bytes, width=self._width
        )
        line = Table.grid(padding=(0, 1))
        line.add_row(Text(stage, style="bold"), bar, Text(said, no_wrap=True))
        self._live.update(line, refresh=True)


def _started(color: str) -> Live:
    from rich.live import Live

    live = Live(
        console=console(sys.stderr, color=colored(color, sys.stderr)),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    live.start()
    return live


def logger() -> Callable[[Progress], None]:
    """Return a callback that writes a line on stderr every `LOG_EVERY_S` seconds."""
    rate = _Rate()
    said_at = time.monotonic()

    def log(progress: Progress) -> None:
        nonlocal said_at
        now = time.monotonic()
        speed = rate(progress, now)
        if now - said_at >= LOG_EVERY_S:
            said_at = now
            sys.stderr.write(f"{progress.stage}: {describe(progress, speed)}\n")
            sys.stderr.flush()

    return log


class _Rate:
    """Bytes a second since the stage began."""

    def __init__(self) -> None:
        self._stage = ""
        self._since = 0.0
        self._from_bytes = 0

    def __call__(self, progress: Progress, now: float) -> float:
        if progress.stage != self._stage:
            self._stage, self._since = progress.stage, now
            self._from_bytes = progress.done_bytes
        seconds = now - self._since
        return (progress.done_bytes - self._from_bytes) / seconds if seconds > 0 else 0.0


def describe(progress: Progress, bytes_per_s: float) -> str:
    """Say percent, files, documents, bytes, speed and the time left, as far as they are known."""
    said = _facts(progress, bytes_per_s)
    if progress.total_bytes > 0:
        said.insert(0, f"{min(100, progress.done_bytes * 100 // progress.total_bytes)} %")
    return ", ".join(said)


def _facts(progress: Progress, bytes_per_s: float) -> list[str]:
    """Return what there is to say beside a bar."""
    said = []
    if progress.total_files > 1:
        said.append(f"{progress.files:,}/{progress.total_files:,} files")
    said.append(f"{progress.documents:,} documents")
    if progress.total_bytes > 0:
        said.append(f"{progress.done_bytes / 1e6:,.0f}/{progress.total_bytes / 1e6:,.0f} MB")
    if bytes_per_s > 0:
        said.append(f"{bytes_per_s / 1e6:.1f} MB/s")
        left_s = int(max(0, progress.total_bytes - progress.done_bytes) / bytes_per_s)
        if progress.total_bytes > 0:
            hours, minutes = divmod(left_s // 60, 60)
            clock = f"{hours}:{minutes:02}" if hours else f"{minutes}"
            said.append(f"{clock}:{left_s % 60:02} left")
    return said
