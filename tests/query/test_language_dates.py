"""Typed dates are runs of days, and are written back as they can be typed."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.query.dates import days, period, written

DAYS = st.dates(datetime.date(1, 1, 1))
DATES = st.builds(lambda day, size: day.isoformat()[:size], DAYS, st.sampled_from([4, 7, 10]))
INTERVALS = st.one_of(
    DATES,
    st.builds("{}{}".format, st.sampled_from(["<", "<=", ">", ">="]), DATES),
    st.builds("{}..{}".format, DATES, st.just("")),
    st.tuples(DATES, DATES).map(lambda pair: "..".join(sorted(pair))),
)


@given(INTERVALS)
def test_written_interval_means_the_same_days(typed: str) -> None:
    """Writing the days of a typed interval and reading them again changes nothing."""
    first, last = days(typed)

    assert days(written(first, last)) == (first, last)


@given(DAYS)
def test_day_lies_in_its_month_and_its_month_in_its_year(day: datetime.date) -> None:
    """A day's number is inside the numbers of its month, and those inside its year's."""
    numbers = [period(day.isoformat()[:size]) for size in (4, 7, 10)]

    assert sorted(first for first, _ in numbers) == [first for first, _ in numbers]
    assert sorted((last for _, last in numbers), reverse=True) == [last for _, last in numbers]


@pytest.mark.parametrize(
    "text", ["", "15", "2015-6", "2015-00", "2015-06-31", "20150601", "2015/16", "٢٠١٥", "<", ">x"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """Anything but a year, month or day of the calendar is a ValueError."""
    with pytest.raises(ValueError, match="date"):
        days(text)
