"""
What does an old Office file say of itself?

Its stream "\\x05SummaryInformation" is a list of numbered properties, after Microsoft's
published [MS-OLEPS]. olefile reads it too, but believes a damaged one that has four
billion values.
"""

from __future__ import annotations

import struct
from datetime import date, timedelta

TITLE, AUTHOR, CREATED, SAVED, PAGES = 2, 4, 12, 13, 14
_CODE_PAGE = 1
_PROPERTIES_MAX = 200
_CHARS_MAX = 2_000

_INT16, _INT32, _BYTES, _UTF16, _TIME = 2, 3, 30, 31, 64
_CODE_PAGES = {10_000: "mac_roman", 65_001: "utf-8", 850: "cp850", 1250: "cp1250"}
_FIRST_DAY = date(1601, 1, 1)
_TICKS_A_DAY = 86_400 * 10_000_000


def read_summary(stream: bytes) -> dict[int, str]:
    """Return the properties by number, dates in ISO 8601; what is damaged is missing."""
    try:
        (section,) = struct.unpack_from("<I", stream, 44)
        (count,) = struct.unpack_from("<I", stream, section + 4)
        entries = [
            struct.unpack_from("<II", stream, section + 8 + 8 * i)
            for i in range(min(count, _PROPERTIES_MAX))
        ]
    except struct.error:
        return {}
    places = {number: section + offset for number, offset in entries}
    page = "cp1252"
    if _CODE_PAGE in places and (code := _value(stream, places[_CODE_PAGE], page)):
        page = _CODE_PAGES.get(int(code) & 0xFFFF, page)
    wanted = (TITLE, AUTHOR, CREATED, SAVED, PAGES)
    found = (
        (number, _value(stream, places[number], page)) for number in wanted if number in places
    )
    return {number: value for number, value in found if value}


def _value(stream: bytes, at: int, page: str) -> str:
    try:
        (kind,) = struct.unpack_from("<I", stream, at)
        if kind == _INT16:
            return str(struct.unpack_from("<h", stream, at + 4)[0])
        if kind == _INT32:
            return str(struct.unpack_from("<i", stream, at + 4)[0])
        if kind == _TIME:
            return _day(struct.unpack_from("<Q", stream, at + 4)[0])
        if kind not in (_BYTES, _UTF16):
            return ""
        (length,) = struct.unpack_from("<I", stream, at + 4)
    except struct.error:
        return ""
    width, encoding = (2, "utf-16-le") if kind == _UTF16 else (1, page)
    content = stream[at + 8 : at + 8 + width * min(length, _CHARS_MAX)]
    return content.decode(encoding, "replace").partition("\0")[0].strip()


def _day(ticks: int) -> str:
    try:
        return (_FIRST_DAY + timedelta(days=ticks // _TICKS_A_DAY)).isoformat() if ticks else ""
    except OverflowError:
        return ""
