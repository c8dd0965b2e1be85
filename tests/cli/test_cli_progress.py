"""How far a reindex has come, on a terminal and in a log."""

from __future__ import annotations

import io
import sys

import pytest
from cli_fakes import FakeProgress

from searchkit.cli import progress as progress_module
from searchkit.cli.progress import Bar, describe, logger


def test_describe_says_what_is_known() -> None:
    """Percent, files, documents, bytes, speed and the time left stand in one line."""
    assert describe(FakeProgress(), 10_000_000) == (
        "40 %, 12/40 files, 1,200 documents, 40/100 MB, 10.0 MB/s, 0:06 left"
    )


def test_describe_one_file() -> None:
    """Of a single file it is not told how many files are done."""
    assert describe(FakeProgress(files=0, total_files=1), 0.0) == (
        "40 %, 1,200 documents, 40/100 MB"
    )


def test_describe_long_runs_in_hours() -> None:
    """More than an hour is told in hours, minutes and seconds."""
    assert describe(FakeProgress(), 10_000).endswith("1:40:00 left")


def test_describe_without_a_total() -> None:
    """Where the size is not known there are neither percent nor time left."""
    unknown = FakeProgress(total_bytes=0, total_files=0)

    assert describe(unknown, 10_000_000) == "1,200 documents, 10.0 MB/s"
    assert describe(unknown, 0.0) == "1,200 documents"


class Clock:
    """A clock that a test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(progress_module.time, "monotonic", lambda: self.now)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_log_has_a_line_every_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a log, progress is a plain line at most every ten seconds."""
    clock, log = Clock(monkeypatch), logger()
    for n in range(25):
        clock.now += 1
        log(FakeProgress(done_bytes=n * 1_000_000))

    assert capsys.readouterr().err == (
        "read: 9 %, 12/40 files, 1,200 documents, 9/100 MB, 1.0 MB/s, 1:31 left\n"
        "read: 19 %, 12/40 files, 1,200 documents, 19/100 MB, 1.0 MB/s, 1:21 left\n"
    )


def test_bar_draws_at_most_five_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the library calls, drawing takes no time from it."""
    clock, screen = Clock(monkeypatch), Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Bar(color="never") as bar:
        for n in range(1000):
            clock.now += 0.001
            bar(FakeProgress(done_bytes=n * 1000))
        drawn = screen.getvalue().count("documents")

    assert 3 <= drawn <= 6


def test_bar_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar erases its line."""
    Clock(monkeypatch)
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Bar(color="never") as bar:
        bar(FakeProgress())

    assert screen.getvalue().endswith("\x1b[2K")


def test_bar_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar leaves its columns to what is said, so that 80 columns hold all of it."""
    Clock(monkeypatch)
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "80")
    with Bar(color="never") as bar:
        bar(FakeProgress())
        drawn = screen.getvalue()

    assert "12/40 files, 1,200 documents, 40/100 MB" in drawn


def test_bar_that_is_never_called_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that finds nothing to do leaves the terminal alone."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Bar(color="never"):
        pass

    assert screen.getvalue() == ""
