"""
Which time is meant by ``--from`` and ``--to``?

A riksmöte (``2018/19``), a year (``2018``), a month or a day. Riksmöten are
asked for by name, because a document belongs to one whatever day it is dated;
years and days are asked for by date. The two are not mixed.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from searchkit.errors import UsageError

_SESSION = re.compile(r"(\d{4})/(\d{2}|\d{4})")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
# Before the autumn of 1975 the riksdag met by calendar year.
_FIRST_SESSION = 1975


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time; open where it is None."""

    since: date | None = None
    until: date | None = None
    """The last day that belongs to it."""
    sessions: tuple[str, ...] = ()
    """Riksmöten, if it was given by them."""

    @property
    def years(self) -> tuple[int, int]:
        """The first and last year; of riksmöten, in which they began."""
        if self.sessions:
            return int(self.sessions[0][:4]), int(self.sessions[-1][:4])
        first = self.since.year if self.since else 0
        return first, self.until.year if self.until else 9999

    def holds(self, day: str) -> bool:
        """Tell whether an ISO date, of which more may follow, lies in it."""
        since = self.since.isoformat() if self.since else ""
        until = self.until.isoformat() if self.until else "9999"
        return since <= day[:10] <= until


def parse_period(since: str | None, until: str | None, *, today: date) -> Period:
    """
    Return the time from *since* to *until*, both of which belong to it.

    Raises:
        UsageError: one cannot be read, they are of two kinds, or in the wrong order.

    >>> parse_period("2018/19", "2019/20", today=date(2026, 1, 1)).sessions
    ('2018/19', '2019/20')
    >>> parse_period("2018", "2018-06", today=date(2026, 1, 1)).until
    datetime.date(2018, 6, 30)
    """
    given = [text for text in (since, until) if text]
    if any(_SESSION.fullmatch(text) for text in given):
        return _of_sessions(since, until, today)
    first = _day(since, last=False) if since else None
    final = _day(until, last=True) if until else None
    if first and final and first > final:
        raise UsageError(f"nothing lies between {since} and {until}; swap them")
    return Period(first, final)


def session_name(year: int) -> str:
    """
    Return the riksmöte that begins in the autumn of *year*.

    >>> session_name(2018), session_name(1999)
    ('2018/19', '1999/2000')
    """
    return f"{year}/{year + 1 if year % 100 == 99 else f'{(year + 1) % 100:02}'}"


def _of_sessions(since: str | None, until: str | None, today: date) -> Period:
    if not since or (until and not _SESSION.fullmatch(until)) or not _SESSION.fullmatch(since):
        raise UsageError(
            "a riksmöte needs a riksmöte: give --from 2018/19 --to 2019/20, "
            "or --from 2018/19 alone for all since then; or give years or dates"
        )
    current = today.year - (today.month < 9)
    first = _began(since)
    last = _began(until) if until else max(first, current)
    if first > last:
        raise UsageError(f"nothing lies between {since} and {until}; swap them")
    return Period(sessions=tuple(session_name(year) for year in range(first, last + 1)))


def _began(session: str) -> int:
    year = int(session[:4])
    if session_name(year)[-2:] != session[-2:] or not _FIRST_SESSION <= year <= 9990:
        raise UsageError(f"'{session}' is no riksmöte; the one of that autumn is 2018/19, say")
    return year


def _day(text: str, *, last: bool) -> date:
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month = int(match[1]), int(match[2] or (12 if last else 1))
        days = calendar.monthrange(year, month)[1]
        return date(year, month, int(match[3] or (days if last else 1)))
    except ValueError:
        raise UsageError(
            f"'{text}' is no time; write 2018, 2018-03, 2018-03-15 or a riksmöte, 2018/19"
        ) from None
