"""
What does a text say of itself?

Swedish public documents begin with what they are: "Regeringens proposition
2009/10:121", "Kommittédirektiv Dir. 2016:15", "Beslut vid regeringssammanträde den
3 mars 2016". A file that carries no metadata still has these first lines.

A text cites other documents as well, in the same words. What it says of itself stands on
a line of its own, among the first lines or as a running head; what reads as a sentence,
or stands below the first paragraph, tells nothing. Where two designations compete, or one
contradicts what the format tells, none is taken: no number is better than another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from searchkit.corpus.designations import (
    COMMITTEE,
    NUMBER,
    NUMBERED,
    SERIES,
    STATUTE_TITLE,
    Designation,
    designation,
)
from searchkit.corpus.headlines import agencies_of, organ_of, people_of, title_of
from searchkit.corpus.signatures import date_of, is_date_line

HEAD_CHARS = 4_000
TAIL_CHARS = 1_500
"""How much of a text is looked at, at either end; more costs time and hardly tells more."""
_OPENING_LINES = 14
_PARAGRAPH_CHARS = 250
"""A longer line is a paragraph, and nothing below it is the letterhead."""

_LINE = re.compile(rf"{SERIES}[ :]*(?P<number>{NUMBER})?(?P<rest>.*)")
_OWN_LINE = re.compile(
    rf"^[ \t#*]*{SERIES}\s{{1,3}}(?P<number>{NUMBER})[ \t]*\d{{0,4}}[ \t*]*$", re.MULTILINE
)
_NUMBER_LINE = re.compile(rf"(?:nr[ ])?({NUMBER})")
_TITLE_AFTER_NUMBER = re.compile(r"[ ]*[:–-]?[ ](?:av|om|till|för|[A-ZÅÄÖ\"”»])")
_STRONG = re.compile(
    r"Kommittédirektiv|Motion till riksdagen|Regeringens (?:proposition|skrivelse)"
    rf"|Svensk författningssamling|{COMMITTEE}s (?:betänkande|utlåtande|yttrande)"
    r"|(?:Enskild |Parti|Kommitté)[Mm]otion|Faktapromemoria"
)
_KIND_LINES = {
    "lagrådsremiss": "lagrådsremiss",
    "pressmeddelande": "pressmeddelande",
    "remissvar": "remissvar",
    "remissyttrande": "remissvar",
    "debattartikel": "debattartikel",
    "förordningsmotiv": "förordningsmotiv",
    "promemoria": "departementspromemoria",
}
_GOVERNMENT_DECISION = re.compile(r"Regeringsbeslut(?:[ ]+[IVX]+[ ]?:?[ ]?\d*)?")
_AGENCY_SERIES = re.compile(r"[\w ,-]+s\s+författningssamling", re.IGNORECASE)
_JUDGMENT = re.compile(r"(?:^|\s)(DOM|BESLUT|Dom|Beslut|SLUTLIGT BESLUT)(?:\s|$)")
_REPORT = re.compile(
    r"(?:Rapport[ ]?(?:nr[ ]?)?:?[ ]?(?P<number>(?:19|20)\d\d:\d{1,4})"
    r"|(?P<rir>RiR[ ](?:19|20)\d\d:\d{1,3}))"
    r"(?:[ ,|]+\d{4}-\d\d-\d\d)?",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"\b[Mm][Åå][Ll][\s-]*(?:[Nn][Rr]|nummer)\b.{0,120}?\b([A-ZÅÄÖ]{0,3}[ ]?\d{1,6}-\d{2})\b",
    re.DOTALL,
)
_DNR = re.compile(
    r"(?:(?:Dnr|Diarienr|Diarienummer|Ärendenr)\.?:?[ ])?"
    r"([A-ZÅÄÖ][A-Za-zåäö]{0,3}[ ]?\d{4}/\d{2,6}(?:/[\w-]{1,9})*)"
)


def letterhead(
    text: str, known: Mapping[str, str], *, expected: Designation | None = None
) -> Iterator[tuple[str, str]]:
    """
    Yield what the beginning and end of a text tell, as column and value.

    Args:
        text: of one document.
        known: columns that the format itself has told; a type or a number that is known
            tells which of the numbers in the text is the document's own.
        expected: what the names of file and folders suggest; a heading that says otherwise
            goes before it, unless documents of that type have no numbers.

    Cost: bounded, whatever the length of the text; about 0.1 ms.
    """
    head = text[:HEAD_CHARS]
    # A cell of a table says what a line says; a comment's marks are no part of it.
    lines = [line.strip(" \t\f#*_|<>!\ufeff") for line in head.replace(" | ", "\n").split("\n")]
    lines = [line.removeprefix("-- ").removesuffix(" --") for line in lines if line]
    opening = _opening(lines)
    found = _identity(head, opening, known, expected)
    if found is None:
        found = _agency_report(opening, known)
    kind = known.get("type") or (expected.kind if expected and not found else None)
    if found:
        kind = kind or found.kind
        yield "type", found.kind
        if found.number:
            yield "number", found.number
    number = known.get("number") or (found.number if found else None)
    if date := date_of(head, opening, text[-TAIL_CHARS:], kind=kind, number=number):
        yield "date", date
    if organ := organ_of(opening, lines, text[-TAIL_CHARS:], kind=kind):
        yield "organ", organ
    if found or kind in NUMBERED:
        if title := title_of(opening, kind or "", number):
            yield "title", title
        yield from people_of(opening, kind or "")
    if match := next((m for line in opening if (m := _DNR.fullmatch(line))), None):
        yield "dnr", match[1]


def _agency_report(opening: list[str], known: Mapping[str, str]) -> Designation | None:
    """Return what "Rapport 2024:23" alone on a line says where an agency is named as well."""
    numbers = {m["number"] or m["rir"] for line in opening if (m := _REPORT.fullmatch(line))}
    agencies = agencies_of(opening) if len(numbers) == 1 else []
    if not agencies or known.get("type", "rapport") != "rapport":
        return None
    number = numbers.pop()
    return Designation("rapport", number) if known.get("number", number) == number else None


def _opening(lines: list[str]) -> list[str]:
    """Return the lines above the first paragraph, or the first ones."""
    for i, line in enumerate(lines[:_OPENING_LINES]):
        if len(line) > _PARAGRAPH_CHARS:
            return lines[:i]
    return lines[:_OPENING_LINES]


def _identity(
    head: str, opening: list[str], known: Mapping[str, str], expected: Designation | None
) -> Designation | None:
    """Return what the text says that it is, if that is certain."""
    kind, number = known.get("type"), known.get("number")
    likely = kind or (expected.kind if expected else None)
    if likely is not None and likely not in NUMBERED:
        return None
    candidates = list(_headings(opening))
    if kind is not None:
        candidates = [found for found in candidates if found.kind == kind]
    if number is not None:
        candidates = [found for found in candidates if found.number in (None, number)]
    # Stable: of several that fit alike, the one that stands first.
    candidates.sort(key=lambda f: (f != expected, f.kind != likely, f.number is None))
    found = candidates[0] if candidates else None
    if found is None and kind in (None, "dom"):
        found = _judgment(opening)
    if found and found.number:
        return found
    running = _running_head(head, found.kind if found else likely, expected)
    return running if running and number in (None, running.number) else found


def _headings(opening: list[str]) -> Iterator[Designation]:
    """Yield what the lines above the text say that it is."""
    top = sum(1 for line in opening[:2] if is_date_line(line))
    for i, line in enumerate(opening):
        following = opening[i + 1] if i + 1 < len(opening) else ""
        if match := _LINE.match(line):
            if found := _heading(match, following, i, is_first=i <= top):
                yield found
        elif i < 2 and (match := STATUTE_TITLE.match(line)):
            yield Designation("sfs", match["number"])
        elif i < 6 and (of := _KIND_LINES.get(line.lower())):
            yield Designation(of, None)
        elif i < 6 and _GOVERNMENT_DECISION.fullmatch(line):
            yield Designation("regeringsbeslut", None)
        elif i < 4 and any(map(_AGENCY_SERIES.fullmatch, (line, f"{line} {following}"))):
            yield Designation("föreskrift", None)


def _heading(
    match: re.Match[str], following: str, position: int, *, is_first: bool
) -> Designation | None:
    """Return what a line that begins with the name of a series says that the text is."""
    line, found, rest = match.string, designation(match), match["rest"].strip(" .:*|")
    if found is None:
        return None
    if found.number is None:
        if not rest and (number := _NUMBER_LINE.fullmatch(following)):
            return designation(m) if (m := _LINE.match(f"{line} {number[1]}")) else None
        return found if position < 6 and _STRONG.fullmatch(line) else None
    if not rest:
        first = position < 3 or found.kind == "föreskrift" or _STRONG.match(line)
        return found if first else None
    titled = _TITLE_AFTER_NUMBER.match(match["rest"]) and not line.endswith((".", ","))
    return found if titled and is_first else None


def _running_head(head: str, kind: str | None, expected: Designation | None) -> Designation | None:
    """Return the designation that stands alone on lines, if it is the only one of its kind."""
    counts: dict[Designation, int] = {}
    for match in _OWN_LINE.finditer(head):
        found = designation(match)
        if found and kind in (None, found.kind):
            counts[found] = counts.get(found, 0) + 1
    if expected in counts:
        return expected
    if len(counts) != 1:
        return None
    ((found, count),) = counts.items()
    return found if kind is not None or count > 1 else None


def _judgment(opening: list[str]) -> Designation | None:
    joined = "\n".join(opening)
    case, title = _CASE.search(joined), _JUDGMENT.search(joined)
    if case and title:
        return Designation("dom" if title[1].lower() == "dom" else "beslut", case[1].strip())
    return None
