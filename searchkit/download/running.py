"""
What does a run of a download do, and what does it tell?

Each source makes a list of items; here they are kept one after another. What
one address gets wrong is noted and the rest goes on, unless the server fails
again and again: then the run ends, to be gone on with later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from pathlib import Path

from searchkit.download.client import Client, Manners
from searchkit.download.failures import AnswerError, DownloadError, ServerFailedError
from searchkit.download.keeping import Item, Keeper
from searchkit.download.ledger import Ledger

# So many addresses in a row that fail however often they are asked: it is the server.
_FAILURES_MAX = 5


@dataclass(frozen=True, slots=True)
class Source:
    """Who publishes, where, and how they ask to be named."""

    name: str
    base_url: str
    attribution: str


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download has come."""

    stage: str
    """"list" or "fetch"."""
    done: int
    """Of the items; while listing, how many were found."""
    total: int
    """0 if it is not known."""
    received_bytes: int
    fraction: float | None = None
    """Of the work, from 0 to 1: by bytes where the source tells them, or else by items."""


@dataclass(frozen=True, slots=True)
class DownloadOptions:
    """Where to, how politely, and how much of it."""

    into: Path = Path("corpus")
    manners: Manners = field(default_factory=Manners)
    base_url: str = ""
    """Another server than the source's own: a mirror, or a test."""
    limit: int | None = None
    """Fetch no more than so many documents."""
    recheck: bool = False
    """Ask the server even of files that its list says are unchanged."""
    progress: Callable[[DownloadProgress], None] | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class DownloadReport:
    """What a download did."""

    source: str
    attribution: str
    """How the source asks to be named where its data are used."""
    into: str
    listed: int
    """Items that the source has of what was asked for, at most `limit`."""
    fetched: int
    """New or changed, and on the disk now."""
    unchanged: int
    received_bytes: int
    seconds: float
    empty: tuple[str, ...]
    """Archives that hold nothing at the source, and were left out."""
    failed: tuple[AnswerError, ...]
    """Addresses whose answer was of no use."""


class _Gauge:
    """How much of the items is done: by bytes if the source tells them all, or by items."""

    def __init__(self, items: Sequence[Item]) -> None:
        sizes = [item.expected_bytes for item in items]
        self._by_bytes = all(sizes)
        self.count = len(items)
        self._before = list(accumulate(sizes if self._by_bytes else [1] * len(items), initial=0))

    def fraction(self, done: int, came_bytes: int) -> float:
        """Return it when *done* items are, and so many bytes of the next one came."""
        part = self._before[done] + (came_bytes if self._by_bytes else 0)
        return min(part, self._before[done + 1]) / self._before[-1]


class Run:
    """One download, under way: its client, its folder, and what came of each item."""

    def __init__(self, source: Source, options: DownloadOptions) -> None:
        self.source = source
        self.options = options
        self.client = client_of(source, options)
        self.failed: list[AnswerError] = []
        self.empty: list[str] = []
        self._began = options.clock()
        self._listed = self._fetched = self._unchanged = 0

    @contextmanager
    def keeping(self) -> Iterator[Keeper]:
        """Lock the folder, and yield what fetches into it."""
        folder = self.options.into
        with Ledger(folder) as ledger:
            yield Keeper(self.client, folder, ledger, recheck=self.options.recheck)

    def tell(self, stage: str, done: int, total: int = 0, fraction: float | None = None) -> None:
        """Tell how far we are."""
        if self.options.progress is not None:
            received = self.client.received_bytes
            self.options.progress(DownloadProgress(stage, done, total, received, fraction))

    def keep(self, keeper: Keeper, items: Iterable[Item]) -> None:
        """
        Fetch *items*, noting what fails.

        Raises:
            DownloadError: the server fails for one after another.
        """
        wanted = list(items)
        self._listed += len(wanted)
        gauge = _Gauge(wanted)
        failures = 0
        for done, item in enumerate(wanted):
            tell = partial(self._tell_item, gauge, done, self.client.received_bytes)
            failures = self._keep(keeper, item, tell, failures)
        self.tell("fetch", len(wanted), len(wanted), 1.0)

    def _tell_item(self, gauge: _Gauge, done: int, before_bytes: int) -> None:
        came = self.client.received_bytes - before_bytes
        self.tell("fetch", done, gauge.count, gauge.fraction(done, came))

    def _keep(self, keeper: Keeper, item: Item, tell: Callable[[], None], failures: int) -> int:
        """Fetch one item; return how many in a row the server has failed for."""
        tell()
        try:
            if keeper.keep(item, tell):
                self._fetched += 1
            else:
                self._unchanged += 1
        except AnswerError as error:
            self.failed.append(error)
            if not isinstance(error, ServerFailedError):
                return 0
            if failures + 1 == _FAILURES_MAX:
                raise DownloadError(
                    f"{self.client.host} fails for one address after another, the last "
                    f"with: {error.reason}; run the command again later, it goes on "
                    "where it stopped"
                ) from None
            return failures + 1
        return 0

    def report(self) -> DownloadReport:
        """Return what came of it."""
        return DownloadReport(
            source=self.source.name,
            attribution=self.source.attribution,
            into=str(self.options.into),
            listed=self._listed,
            fetched=self._fetched,
            unchanged=self._unchanged,
            received_bytes=self.client.received_bytes,
            seconds=self.options.clock() - self._began,
            empty=tuple(self.empty),
            failed=tuple(self.failed),
        )


def client_of(source: Source, options: DownloadOptions) -> Client:
    """Return a client for the source's server, or the one that stands in for it."""
    base_url = options.base_url or source.base_url
    return Client(base_url, options.manners, clock=options.clock, sleep=options.sleep)
