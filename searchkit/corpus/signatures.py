"""
When was a document decided or signed, by its own words?

Every kind of document dates itself in its own way: a statute is "utfärdad den 25 mars
1999", terms of reference are decided "vid regeringssammanträde den 25 februari 2016", a
bill is signed "Stockholm den 3 april 2014". A date in running text may be any date, so
only such wordings, and dates that stand alone, are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.corpus.designations import OF_RIKSMOTE, riksmote_of
from searchkit.corpus.metadata import MONTHS, is_plausible, iso_date

_MONTH = "|".join(MONTHS)
DATE = rf"(?:\d{{1,2}}\s+(?:{_MONTH})\s+(?:1[5-9]|20)\d\d|(?:1[5-9]|20)\d\d-\d\d-\d\d)(?!\d)"
_DECIDED = re.compile(rf"\bregeringssammanträde\s+(?:den\s+)?({DATE})")
_IN_MINUTES = re.compile(rf"\bregeringsprotokollet\s+(?:den\s+)?({DATE})")
_ISSUED = re.compile(rf"\b[Uu]tfärdad:?\s+(?:den\s+)?({DATE})")
_AGREED = re.compile(
    rf"(?<!Regeringen )(?<!har )(?<!ket )(?<!sen )\b[Bb]eslutade?\s+(?:den\s+)?({DATE})"
)
_PRINTED = re.compile(rf"\bUtkom\s+från\s+trycket\s+(?:den\s+)?({DATE})")
_HELD = re.compile(rf"(?:[A-ZÅÄÖ].{{0,200}}[ ](?:den[ ])?)({DATE})\.?")
_ANNOUNCED = re.compile(rf"\b[Mm]eddela[dt](?:\s+i\s+\w+)?\s+(?:den\s+)?({DATE})")
_SIGNED = re.compile(
    rf"^[ \t*]*[A-ZÅÄÖ][\w-]+(?:[ ][A-ZÅÄÖ]\w+)?,?[ ]+(?:den[ ]+)?({DATE})[ .*]*$", re.MULTILINE
)
_SIGNED_IN_MONTH = re.compile(
    rf"^[ \t]*[A-ZÅÄÖ][a-zåäö]+[ ]i[ ]((?:{_MONTH})[ ](?:19|20)\d\d)[ .]*$", re.MULTILINE
)
_LABELLED = re.compile(
    rf"(?:Datum|Beslutsdatum|Avgörandedatum|Publicerad|Publiceringsdatum|Inlämnad|Inkom|Inkommen|Antaget|antaget"
    rf"|inlämnad)[:]?\s+(?:den\s+)?({DATE})"
)
_ALONE = re.compile(
    rf"(?:(?:mån|tis|ons|tors|fre|lör|sön)dagen?[ ])?(?:den[ ])?({DATE})", re.IGNORECASE
)
_WITHOUT_YEAR = re.compile(
    rf"(?:.*\d{{4}}/\d\d:\d+[ ])?(?:\w+dagen[ ])?den[ ](\d{{1,2}}[ ](?:{_MONTH}))", re.IGNORECASE
)
_ALONE_LINES = 8
_BY_KIND = {
    "prop": (_IN_MINUTES,),
    "skr": (_IN_MINUTES,),
    "dir": (_DECIDED,),
    "sfs": (_ISSUED, _PRINTED),
    "föreskrift": (_AGREED, _PRINTED),
    "dom": (_ANNOUNCED,),
    "beslut": (_ANNOUNCED,),
}


def date_of(
    head: str, opening: list[str], tail: str, *, kind: str | None, number: str | None
) -> str | None:
    """
    Return the date of a document in ISO 8601, or None if its text does not tell it.

    Args:
        head: the beginning of the text.
        opening: its lines above the first paragraph.
        tail: the end of the text, where signatures stand.
        kind: which decides what wordings date it.
        number: whose riksmöte gives the year to a date without one.
    """
    for written in _written(head, opening, tail, kind, number):
        date = iso_date(" ".join(written.split()))
        if date and is_plausible(date):
            return date
    return None


def is_date_line(line: str) -> bool:
    """Tell whether a line is a date and nothing else, with or without a year."""
    return bool(_ALONE.fullmatch(line) or _WITHOUT_YEAR.fullmatch(line))


def _written(
    head: str, opening: list[str], tail: str, kind: str | None, number: str | None
) -> Iterator[str]:
    patterns = _BY_KIND.get(kind or "", ())
    for pattern in patterns:
        if match := pattern.search(head):
            yield match[1]
    if kind in ("sfs", "föreskrift"):
        return  # other dates are those of printing, or of other statutes
    if kind is None and (match := _DECIDED.search("\n".join(opening))):
        yield match[1]
    top = opening[:_ALONE_LINES]
    for above, line, below in zip(["", *top], top, [*top[1:], ""], strict=False):
        match = _ALONE.fullmatch(line)
        if match and above.endswith(" den"):
            match = None  # "... senast den" above it: the line is only broken there
        match = match or _LABELLED.match(line) or _LABELLED.fullmatch(f"{line} {below}")
        if match:
            yield match[1]
    if kind == "tal":
        yield from (match[1] for line in top[:3] if (match := _HELD.fullmatch(line)))
    if match := _SIGNED.search(head):
        yield match[1]
    if signatures := _SIGNED.findall(tail):
        yield signatures[-1]
    if kind == "prop" and (match := _DECIDED.search(tail)):
        yield match[1]
    if kind in OF_RIKSMOTE and number and (riksmote := riksmote_of(number)):
        yield from _in_riksmote(opening[:_ALONE_LINES], riksmote)
    if match := _SIGNED_IN_MONTH.search(head):
        month, year = match[1].split()
        yield f"{year}-{MONTHS.index(month) + 1:02}"


def _in_riksmote(lines: list[str], riksmote: str) -> Iterator[str]:
    """Give a date its year: a riksmöte begins in September and ends in the summer."""
    for line in lines:
        if match := _WITHOUT_YEAR.fullmatch(line):
            autumn = MONTHS.index(match[1].split()[1].lower()) >= 8
            yield f"{match[1]} {int(riksmote[:4]) + (not autumn)}"
