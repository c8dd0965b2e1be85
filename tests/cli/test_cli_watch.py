"""``searchkit reindex --watch``: what it tells of many looks, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_fakes import FakeReport
from click.testing import Result

import searchkit
from searchkit.errors import CorruptIndexError, DocumentFormatError, IndexLockedError
from searchkit.reindexing import ReindexReport, watch

Run = Callable[..., Result]
Outcome = ReindexReport | Exception
NOTHING: dict[str, Any] = {"added": 0, "unchanged": 5}
LOCKED = IndexLockedError(Path("index"), pid=7, since="today")


def report(**changes: Any) -> ReindexReport:
    """A report as the library gives it."""
    facts = vars(FakeReport(**changes)) | {"seconds": 2.0}
    return ReindexReport(**facts)


def unread(name: str) -> DocumentFormatError:
    return DocumentFormatError("is empty", path=Path(name))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[float]]:
    """Let reindex after reindex have the given outcomes, then somebody press Ctrl-C."""

    def prepare(*outcomes: Outcome) -> list[float]:
        following, pauses = iter(outcomes), []

        def reindex(*_: Any, **__: Any) -> ReindexReport:
            outcome = next(following, None)
            if outcome is None:
                raise KeyboardInterrupt
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        def follow(look: Callable[[], ReindexReport], *, every: float) -> Any:
            pauses.append(every)
            return real(look, every=every, sleep=lambda _: None)

        real = watch.follow
        monkeypatch.setattr(searchkit, "reindex", reindex, raising=False)
        monkeypatch.setattr(watch, "follow", follow)
        return pauses

    return prepare


def test_ctrl_c_ends_it_well(run: Run, looks: Callable[..., list[float]]) -> None:
    """Whoever stops following a folder has done nothing wrong."""
    looks(report())

    assert run("reindex", "--watch").exit_code == 0


@pytest.mark.parametrize(
    ("args", "every"),
    [
        (["--watch"], 2.0),
        (["--watch", "7.5"], 7.5),
        (["--watch=3"], 3.0),
        (["--watch", "folder"], 2.0),
        (["folder", "--watch", "--quiet"], 2.0),
        (["--watch", "--", "7"], 2.0),
    ],
    ids=str,
)
def test_seconds_are_optional(
    args: list[str], every: float, run: Run, looks: Callable[..., list[float]]
) -> None:
    """The word after --watch is its seconds if it is a number, else the corpus or an option."""
    pauses = looks(report())

    assert run("reindex", *args).exit_code == 0
    assert pauses == [every]


def test_only_changes_are_told(run: Run, looks: Callable[..., list[float]]) -> None:
    """The first look and each that changed something is one line, with its time."""
    looks(report(**NOTHING), report(**NOTHING), report(added=1), report(**NOTHING))

    lines = run("reindex", "--watch").stderr.splitlines()

    assert [line[20:] for line in lines] == [
        "5 documents in the index (5 unchanged); 6 files; "
        "5.0 MB, 700,000 tokens in 2.0 s, 2.5 MB/s",
        "5 documents in the index (1 added, 1 unchanged); 6 files; "
        "5.0 MB, 700,000 tokens in 2.0 s, 2.5 MB/s",
    ]
    assert time.strptime(lines[0][:19], "%Y-%m-%d %H:%M:%S")


def test_json_has_a_line_a_change(run: Run, looks: Callable[..., list[float]]) -> None:
    """With --json each reindex that is told of is one object on a line."""
    looks(report(added=4), report(**NOTHING), report(added=1))

    lines = run("reindex", "--watch", "--json").stdout.splitlines()

    assert [json.loads(line)["added"] for line in lines] == [4, 1]


def test_what_stays_wrong_is_told_once(run: Run, looks: Callable[..., list[float]]) -> None:
    """A file that cannot be read is named when it is new, and again if it was well between."""
    bad = {"skipped": (unread("a.txt"),)}
    worse = {"skipped": (unread("a.txt"), unread("b.txt"))}
    looks(*(report(**NOTHING, **found) for found in (bad, bad, worse, {}, bad)))

    lines = run("reindex", "--watch", "-q").stderr.splitlines()

    assert lines == [
        "skipped: a.txt: is empty",
        "skipped: b.txt: is empty",
        "skipped: a.txt: is empty",
    ]


def test_an_error_does_not_end_it(run: Run, looks: Callable[..., list[float]]) -> None:
    """A lock that another process holds is told once, and what follows is told."""
    looks(report(), LOCKED, LOCKED, report(added=1))

    result = run("reindex", "--watch")

    assert result.exit_code == 0
    assert result.stderr.count("error: the index 'index' is being written by process 7") == 1
    assert "(1 added, 1 unchanged)" in result.stderr.splitlines()[-1]


def test_an_error_does_not_make_old_ones_new(run: Run, looks: Callable[..., list[float]]) -> None:
    """What was told before an error is not told again after it."""
    looks(*(report(skipped=(unread("a.txt"),), **NOTHING),), LOCKED, report(
        skipped=(unread("a.txt"),), **NOTHING
    ))  # fmt: skip

    assert run("reindex", "--watch").stderr.count("skipped: a.txt") == 1


def test_a_damaged_index_ends_it(run: Run, looks: Callable[..., list[float]]) -> None:
    """What will not pass by itself ends in 2."""
    looks(report(), CorruptIndexError(Path("index"), "its checksum does not match"))

    result = run("reindex", "--watch")

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("error: 'index' is damaged")


@pytest.mark.parametrize("option", ["--full", "--from-scratch", "--reread", "--dry-run"])
def test_what_is_done_once_is_no_watch(
    option: str, run: Run, looks: Callable[..., list[float]]
) -> None:
    """What would be done again at every look is refused."""
    looks()

    result = run("reindex", "--watch", option)

    assert result.exit_code == 2
    assert f"--watch and {option} exclude each other" in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_folder_is_followed_until_ctrl_c(tmp_path: Path) -> None:
    """The running program takes in what comes into a folder, and ends with 0."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Motion om tåg", encoding="utf-8")
    root = str(Path(searchkit.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-m", "searchkit", "reindex", str(corpus), "--index", str(index),
         "--watch", "0.1", "--processes", "1"],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
        text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        first = process.stderr.readline()
        (corpus / "b.txt").write_text("Motion om båtar", encoding="utf-8")
        second = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=30)

    assert "1 document in the index (1 added)" in first
    assert "2 documents in the index (1 added, 1 unchanged)" in second
    assert (process.returncode, rest) == (0, "")
    with searchkit.open(index) as opened:
        assert len(opened) == 2
