"""``searchkit reindex``: what it asks the library, and what it tells of the outcome."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_fakes import FakeProgress, FakeReport
from click.testing import Result

import searchkit
from searchkit.cli import progress as progress_module
from searchkit.cli.progress import Bar, describe, logger
from searchkit.cli.reindex import summary
from searchkit.errors import CorpusNotFoundError, DocumentFormatError

Run = Callable[..., Result]
Asked = dict[str, Any]


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeReport], Asked]:
    """Let `searchkit.reindex` return the report, and note what was asked."""

    def answer(report: FakeReport) -> Asked:
        asked: Asked = {}

        def reindex(corpus: object, index: object, **options: Any) -> FakeReport:
            asked.update(corpus=str(corpus), index=str(index), **options)
            return report

        monkeypatch.setattr(searchkit, "reindex", reindex, raising=False)
        return asked

    return answer


def skipped(count: int) -> tuple[DocumentFormatError, ...]:
    return tuple(DocumentFormatError("no text", path=Path(f"corpus/{n}.txt")) for n in range(count))


def test_defaults(run: Run, library: Callable[..., Asked]) -> None:
    """Without options, `corpus` becomes `index`; progress is not asked for in a pipe."""
    asked = library(FakeReport())

    assert run("reindex").exit_code == 0
    assert asked == {
        "corpus": "corpus", "index": "index",
        "processes": None, "full": False, "from_scratch": False, "progress": None,
    }  # fmt: skip


def test_options_reach_the_library(run: Run, library: Callable[..., Asked]) -> None:
    """Corpus, index, processes, --full and --from-scratch are passed on as given."""
    asked = library(FakeReport())

    run("reindex", "dump.jsonl", "--index", "i", "--processes", "3", "--full", "--from-scratch")

    assert asked == {
        "corpus": "dump.jsonl", "index": "i",
        "processes": 3, "full": True, "from_scratch": True, "progress": None,
    }  # fmt: skip


def test_summary_goes_to_stderr(run: Run, library: Callable[..., Asked]) -> None:
    """The outcome is told on stderr in one line; stdout stays empty."""
    library(FakeReport())

    result = run("reindex")

    assert result.stdout == ""
    assert result.stderr == (
        "5 documents in the index (4 added, 1 unchanged); "
        "5.0 MB, 700,000 tokens in 2.0 s, 2.5 MB/s\n"
    )


def test_summary_without_changes() -> None:
    """A report of nothing has neither changes nor a speed."""
    report = FakeReport(documents=1, added=0, unchanged=0, text_bytes=0, tokens=0, seconds=0.0)

    assert summary(report) == "1 document in the index; 0.0 MB, 0 tokens in 0.0 s"


def test_quiet(run: Run, library: Callable[..., Asked]) -> None:
    """-q leaves stderr to errors."""
    library(FakeReport(skipped=skipped(1)))

    assert run("reindex", "-q").stderr == "skipped: corpus/0.txt: no text\n"


def test_skipped_documents_are_named(run: Run, library: Callable[..., Asked]) -> None:
    """Each skipped document is one line on stderr, and the status tells of it."""
    library(FakeReport(skipped=skipped(2)))

    result = run("reindex")

    assert result.exit_code == 2
    assert result.stderr.splitlines()[:2] == [
        "skipped: corpus/0.txt: no text",
        "skipped: corpus/1.txt: no text",
    ]


def test_many_skipped_documents_are_cut(run: Run, library: Callable[..., Asked]) -> None:
    """After twenty skipped documents the rest is counted."""
    library(FakeReport(skipped=skipped(23)))

    lines = run("reindex").stderr.splitlines()

    assert sum(line.startswith("skipped: ") for line in lines) == 20
    assert "and 3 more; --verbose names them all" in lines


def test_verbose_names_every_skipped_document(run: Run, library: Callable[..., Asked]) -> None:
    """With -v each one is named."""
    library(FakeReport(skipped=skipped(23)))

    lines = run("reindex", "-v").stderr.splitlines()

    assert sum(line.startswith("skipped: ") for line in lines) == 23


def test_file_name_cannot_break_its_line(run: Run, library: Callable[..., Asked]) -> None:
    """A skipped document is one line whatever it is called."""
    library(FakeReport(skipped=(DocumentFormatError("no", path=Path("a\n\x1b[2J.txt")),)))

    assert run("reindex").stderr.splitlines()[0] == "skipped: a \ufffd[2J.txt: no"


def test_json(run: Run, library: Callable[..., Asked]) -> None:
    """--json prints the whole report, skipped documents as objects."""
    library(FakeReport(skipped=skipped(1)))

    assert json.loads(run("reindex", "--json").stdout) == {
        "documents": 5, "added": 4, "replaced": 0, "deleted": 0, "unchanged": 1,
        "skipped": [{"path": "corpus/0.txt", "line": None, "reason": "no text"}],
        "text_bytes": 5_000_000, "tokens": 700_000, "words": 40_000, "seconds": 2.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (FakeReport(documents=0, added=0, unchanged=0), 2),
        (FakeReport(documents=0, added=0, unchanged=0, skipped=skipped(1)), 2),
        (FakeReport(documents=0, added=0, unchanged=0, deleted=3), 0),
        (FakeReport(documents=1, skipped=skipped(9)), 2),
    ],
    ids=["empty corpus", "nothing readable", "all gone", "some readable"],
)
def test_exit_code(report: FakeReport, code: int, run: Run, library: Callable[..., Asked]) -> None:
    """It is 2 if anything could not be read; emptying an index on purpose is no error."""
    library(report)

    assert run("reindex").exit_code == code


def test_missing_corpus(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus that is not there ends in 2."""

    def reindex(*_: Any, **__: Any) -> None:
        raise CorpusNotFoundError(Path("nowhere"))

    monkeypatch.setattr(searchkit, "reindex", reindex, raising=False)

    result = run("reindex", "nowhere")

    assert result.exit_code == 2
    assert result.stderr.startswith("error: no corpus at 'nowhere'")


def test_describe_says_what_is_known() -> None:
    """Percent, documents, speed and the time left stand in one line."""
    assert describe(FakeProgress(), 10_000_000) == ("40 %, 1,200 documents, 10.0 MB/s, 0:06 left")


def test_describe_long_runs_in_hours() -> None:
    """More than an hour is told in hours, minutes and seconds."""
    assert describe(FakeProgress(), 10_000).endswith("1:40:00 left")


def test_describe_without_a_total() -> None:
    """Where the size is not known there are neither percent nor time left."""
    unknown = FakeProgress(total_bytes=0)

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
        "read: 9 %, 1,200 documents, 1.0 MB/s, 1:31 left\n"
        "read: 19 %, 1,200 documents, 1.0 MB/s, 1:21 left\n"
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
