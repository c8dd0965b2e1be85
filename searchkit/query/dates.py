"""
Which days does a typed date mean?

A day is the integer YYYYMMDD, so a shortened date is a run of integers: 2015
is 20150000 to 20159999 and 2015-06 is 20150600 to 20150699. The ends fall
outside every real calendar day, so that a document dated only "2015"
(20150000) lies inside its year and before 2015-01-01.
"""

from __future__ import annotations

import re
from calendar import monthrange

FORMS = "2015, 2015-06, 2015-06-01, 2015..2016, >=2015 or [2015 TILL 2016]"

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_COMPARED = re.compile(r"(<=|>=|<|>)(.*)")


def days(text: str) -> tuple[int | None, int | None]:
    """
    Read a date, a comparison or an interval as its first and last day, inclusive.

    Args:
        text: "2015-06", ">2015", "2015..2016-06", "2015.." or "..2016".

    Returns:
        Two integers YYYYMMDD; None is an open end.

    Raises:
        ValueError: *text* is none of these, names no day of the calendar, or
            ends before it begins.
    """
    compared = _COMPARED.fullmatch(text)
    if compared:
        return _compared(compared[1], *period(compared[2]))
    if ".." in text:
        start, _, end = text.partition("..")
        return interval(start, end)
    return period(text)


def interval(start: str | None, end: str | None) -> tuple[int | None, int | None]:
    """
    Read two typed dates as the days from the first to the last, inclusive.

    Args:
        start: a date; empty or None leaves that end open.
        end: likewise.

    Raises:
        ValueError: both ends are open, one of them is no date, or the
            interval ends before it begins.
    """
    first = period(start)[0] if start else None
    last = period(end)[1] if end else None
    if first is None and last is None:
        raise ValueError(f"a date interval needs at least one end; write {FORMS}")
    if first is not None and last is not None and first > last:
        raise ValueError(f"the interval ends ({end}) before it begins ({start})")
    return first, last


def period(text: str) -> tuple[int, int]:
    """
    Read a year, a month or a day as its first and last day YYYYMMDD, inclusive.

    Raises:
        ValueError: *text* is no date, or the calendar has no such day.
    """
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(f"'{text}' is not a date; write {FORMS}")
    year = int(match[1])
    if match[2] is None:
        return year * 10_000, year * 10_000 + 9_999
    month = int(match[2])
    if not 1 <= month <= 12:
        raise ValueError(f"'{text}' is not a date: there is no month {match[2]}")
    if match[3] is None:
        return year * 10_000 + month * 100, year * 10_000 + month * 100 + 99
    day = int(match[3])
    if not 1 <= day <= _length_of_month(year, month):
        raise ValueError(f"'{text}' is not a date: that month has no day {match[3]}")
    number = year * 10_000 + month * 100 + day
    return number, number


def written(first: int | None, last: int | None) -> str:
    """
    Write an interval of days the way a person types it; the inverse of `days`.

    Example:
        >>> written(20150000, 20169999), written(20151300, None)
        ('2015..2016', '>2015-12')
    """
    if first is None or last is None:
        return _half_open(first, last)
    start, end = _shortest(first), _shortest(last)
    return start if period(start) == (first, last) else f"{start}..{end}"


def _half_open(first: int | None, last: int | None) -> str:
    # ">2015-12" begins on 20151300, which is no date; the day before ends one.
    if first is not None:
        date = _shortest(first)
        return f">={date}" if _edges(date)[0] == first else f">{_shortest(first - 1)}"
    if last is not None:
        date = _shortest(last)
        return f"<={date}" if _edges(date)[1] == last else f"<{_shortest(last + 1)}"
    return "*"


def _edges(date: str) -> tuple[int | None, int | None]:
    try:
        return period(date)
    except ValueError:
        return None, None


def _shortest(day: int) -> str:
    year, month, rest = day // 10_000, day // 100 % 100, day % 100
    if (month, rest) in ((0, 0), (99, 99)):
        return f"{year:04}"
    if rest in (0, 99):
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{rest:02}"


def _compared(sign: str, first: int, last: int) -> tuple[int | None, int | None]:
    if sign == "<":
        return None, first - 1
    if sign == ">":
        return last + 1, None
    if sign == "<=":
        return None, last
    return first, None


def _length_of_month(year: int, month: int) -> int:
    # The calendar module has no year 0.
    return monthrange(max(year, 1), month)[1]
