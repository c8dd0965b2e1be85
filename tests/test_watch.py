"""The index follows a corpus that goes on changing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

import searchkit
from searchkit.errors import (
    CorpusNotFoundError,
    CorruptIndexError,
    IndexLockedError,
    SearchkitError,
    WorkerDiedError,
)
from searchkit.index import IndexWriter
from searchkit.reindexing import ReindexReport
from searchkit.reindexing.watch import Round, follow, has_changed

LOCKED = IndexLockedError(Path("index"), pid=7, since="today")
GONE = CorpusNotFoundError(Path("corpus"))


def report(**changes: int) -> ReindexReport:
    """A report of a look that found nothing, but for the *changes*."""
    counts = dict.fromkeys(
        ["documents", "added", "replaced", "deleted", "unchanged", "text_bytes", "tokens", "words"],
        0,
    )
    return ReindexReport(
        **(counts | changes), skipped=(), duplicates=(), languages={}, files=0, unchanged_files=0,
        dry_run=False, seconds=0.0,
    )  # fmt: skip


def looks(outcomes: Sequence[ReindexReport | Exception]) -> Callable[[], ReindexReport]:
    """A reindex that has these outcomes, one after the other."""
    following: Iterator[ReindexReport | Exception] = iter(outcomes)

    def look() -> ReindexReport:
        outcome = next(following)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return look


class Clock:
    """A clock that goes only while one sleeps, or looks."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def followed(outcomes: Sequence[ReindexReport | Exception]) -> list[Round]:
    """What `follow` yields of looks with these outcomes."""
    clock = Clock()
    rounds = follow(looks(outcomes), sleep=clock.sleep, clock=clock)
    return list(islice(rounds, len(outcomes)))


def test_every_look_is_told() -> None:
    """Each look yields its report, whether it found something or not."""
    outcomes = [report(added=1), report(), report(deleted=1)]

    assert followed(outcomes) == outcomes


def test_it_waits_between_looks() -> None:
    """It sleeps for the time it is told, not before the first look."""
    clock = Clock()
    rounds = follow(looks([report()] * 3), every=5.0, sleep=clock.sleep, clock=clock)

    next(rounds)
    assert clock.slept == []
    next(rounds)
    next(rounds)
    assert clock.slept == [5.0, 5.0]


@pytest.mark.parametrize(("added", "pause"), [(0, 12.0), (1, 2.0)])
def test_looking_takes_a_fifth_of_the_time(added: int, pause: float) -> None:
    """A look that takes long and finds nothing is followed by a longer rest; work is not."""
    clock = Clock()

    def look() -> ReindexReport:
        clock.now += 3.0
        return report(added=added)

    rounds = follow(look, every=2.0, sleep=clock.sleep, clock=clock)
    list(islice(rounds, 2))

    assert clock.slept == [pause]


@pytest.mark.parametrize(
    "error",
    [LOCKED, GONE, WorkerDiedError(), OSError(28, "No space left on device")],
    ids=lambda error: type(error).__name__,
)
def test_an_error_that_may_pass_does_not_end_it(error: Exception) -> None:
    """After a first look, such an error is yielded, and the next look is taken."""
    outcomes: list[ReindexReport | Exception] = [report(added=1), error, report()]

    assert followed(outcomes) == outcomes


def test_a_lock_is_waited_for_from_the_beginning() -> None:
    """If another process is writing at the start, it will have ended some time."""
    assert followed([LOCKED, report()]) == [LOCKED, report()]


def test_a_corpus_that_is_not_there_at_first_ends_it() -> None:
    """A path that is wrong at the start is told at once."""
    with pytest.raises(CorpusNotFoundError):
        followed([GONE])


@pytest.mark.parametrize("before", [[], [report()]], ids=["first look", "later look"])
def test_an_error_that_stays_ends_it(before: list[ReindexReport]) -> None:
    """A damaged index does not heal by looking again."""
    with pytest.raises(CorruptIndexError):
        followed([*before, CorruptIndexError(Path("index"), "its checksum does not match")])


@pytest.mark.parametrize(
    ("changes", "changed"),
    [({}, False), ({"unchanged": 3}, False), ({"added": 1}, True), ({"replaced": 1}, True),
     ({"deleted": 1}, True)],
    ids=str,
)  # fmt: skip
def test_what_counts_as_a_change(changes: dict[str, int], changed: bool) -> None:
    """The index has changed if a document came, went or is another."""
    assert has_changed(report(**changes)) == changed


def test_a_folder_is_followed(tmp_path: Path) -> None:
    """What comes, changes and goes in a folder is found, and lost, at the next look."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Motion om tåg", encoding="utf-8")
    rounds = follow(partial(searchkit.reindex, corpus, index, processes=1), sleep=lambda _: None)

    def after() -> tuple[int, int, int]:
        done = next(rounds)
        assert isinstance(done, ReindexReport)
        return done.added, done.replaced, done.deleted

    assert after() == (1, 0, 0)
    (corpus / "b.txt").write_text("Motion om båtar", encoding="utf-8")
    assert after() == (1, 0, 0)
    (corpus / "a.txt").write_text("Motion om flyg", encoding="utf-8")
    assert after() == (0, 1, 0)
    (corpus / "b.txt").unlink()
    assert after() == (0, 0, 1)
    assert after() == (0, 0, 0)


def test_a_lock_that_is_let_go(tmp_path: Path) -> None:
    """While another writer holds the index, its error is told; afterwards the work is done."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Motion om tåg", encoding="utf-8")
    rounds = follow(partial(searchkit.reindex, corpus, index, processes=1), sleep=lambda _: None)
    with IndexWriter(index):
        assert isinstance(next(rounds), IndexLockedError)

    done = next(rounds)
    assert not isinstance(done, SearchkitError | OSError)
    assert done.added == 1
