"""
How is a date kept as a number that sorts and has gaps?

``2016-04-12`` is 20160412, ``2016-04`` is 20160400 and ``2016`` is 20160000: a
shortened date sorts before every day in it, and a year is the range
20160000 … 20169999. 0 means no date.
"""

from __future__ import annotations

import functools
import re

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@functools.lru_cache(1 << 14)
def date_number(date: str | None) -> int:
    """Return the number of an ISO date, possibly shortened; 0 if it is not one."""
    match = _DATE.match(date or "")
    if match is None:
        return 0
    year, month, day = (int(group or 0) for group in match.groups())
    return year * 10000 + month * 100 + day
