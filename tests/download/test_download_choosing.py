"""Is it understood what a person asks for, and are names made safe?"""

from __future__ import annotations

from datetime import date

import pytest

from searchkit.download.names import safe_name, split_address
from searchkit.download.periods import Period, parse_period, session_name
from searchkit.errors import UsageError

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, Period()),
        ("2018", None, Period(date(2018, 1, 1))),
        (None, "2018", Period(None, date(2018, 12, 31))),
        ("2020-02", "2020-02", Period(date(2020, 2, 1), date(2020, 2, 29))),
        ("2020-2-3", "2020-02-03", Period(date(2020, 2, 3), date(2020, 2, 3))),
        ("2018/19", "2019/20", Period(sessions=("2018/19", "2019/20"))),
        ("1999/2000", "2000/01", Period(sessions=("1999/2000", "2000/01"))),
        ("1999/00", "1999/00", Period(sessions=("1999/2000",))),
        ("2024/25", None, Period(sessions=("2024/25", "2025/26"))),
    ],
)
def test_periods(since: str | None, until: str | None, expected: Period) -> None:
    """Riksmöten stay riksmöten; years and months become their first and last days."""
    assert parse_period(since, until, today=TODAY) == expected


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("i fjol", None, "'i fjol' is no time"),
        ("2018-13", None, "is no time"),
        ("2018-02-30", None, "is no time"),
        ("0000", None, "is no time"),
        ("2018/20", None, "is no riksmöte"),
        ("1950/51", None, "is no riksmöte"),
        ("2018/19", "2019", "a riksmöte needs a riksmöte"),
        (None, "2018/19", "a riksmöte needs a riksmöte"),
        ("2020", "2019", "swap them"),
        ("2020/21", "2019/20", "swap them"),
    ],
)
def test_what_is_no_period(since: str | None, until: str | None, said: str) -> None:
    """What cannot be read, or makes no sense, is told with an example."""
    with pytest.raises(UsageError, match=said):
        parse_period(since, until, today=TODAY)


def test_autumn_begins_a_riksmote() -> None:
    """From September on, the riksmöte of that autumn is the current one."""
    spring = parse_period("2025/26", None, today=date(2026, 8, 31))
    autumn = parse_period("2025/26", None, today=date(2026, 9, 1))

    assert (spring.sessions, autumn.sessions) == (("2025/26",), ("2025/26", "2026/27"))
    assert session_name(2009) == "2009/10"


def test_days_are_compared_as_dates() -> None:
    """Both ends belong to a period; what follows the day does not matter."""
    period = Period(date(2018, 1, 1), date(2018, 12, 31))

    assert period.holds("2018-01-01")
    assert period.holds("2018-12-31 23:59:59")
    assert not period.holds("2019-01-01")
    assert not period.holds("")
    assert Period().holds("")


@pytest.mark.parametrize("name", ["H6021532", "sfs-1895-bih. 52 s. 1", "ny-lag--2.0", "Övrigt"])
def test_good_names_stay(name: str) -> None:
    """A name that any system can have is kept as it is."""
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "CON", "nul.txt", "a:b", "a\0b", "x" * 999,
     "å" * 200, "slut.", "\ud800"],
)  # fmt: skip
def test_bad_names_become_good(name: str) -> None:
    """What no system can have, or hides, becomes a short plain name with a mark."""
    safe = safe_name(name)

    assert safe_name(safe) == safe
    assert 0 < len(safe.encode()) <= 200
    assert not safe.startswith(".")
    assert not {"/", "\\", ":", "\0"} & set(safe)


def test_different_names_stay_different() -> None:
    """Two names that differ only in what is replaced do not become one."""
    assert safe_name("a/b") != safe_name("a:b") != safe_name("a_b")


@pytest.mark.parametrize("url", [None, 5, "http://[::1", ""])
def test_what_is_no_address_is_empty(url: object) -> None:
    """An address that is none has neither path nor query."""
    assert split_address(url) == ("", "")
