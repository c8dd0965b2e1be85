"""
What on a page is running head, running foot or page number, and what is the page's number?

What stands at the same height at the top or bottom of several pages, digits apart, is
no part of the text. A number there that grows by one from page to page is the printed
page number; it may differ from the physical one by an amount that several pages share.
Pages without one are counted on from their neighbours. An unnumbered page before page 1
keeps its physical number, in brackets if a printed one is the same, as librarians write
it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from searchkit.corpus.formats.pdf_columns import rows_of
from searchkit.corpus.formats.pdf_lines import Line

_ROWS_MAX = 4
"""Rows at the top, and at the bottom, that may be running."""
_PARTS_MAX = 3
"""Of a row; one with more is the head of a table."""
_LONG_CHARS = 40
"""Of a line that is rather text than head or foot."""
_SEARCHES_MAX = 500
"""For running lines that stand inside other lines; each looks through all of the text."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—\s(\[|]*(?:(?:s\.|sid(?:an|a)?\.?|page)\s*)?(\d{1,4})(?:\s*(?:\(\d{1,4}\)|(?:av|of|/)\s*\d{1,4}))?"
    r"[-–—\s)\]|]*",
    re.IGNORECASE,
)
_AT_EDGE = re.compile(r"(\d{1,4})\s+\D.*|.*\D\s(\d{1,4})")
_EDGE_NUMBER = re.compile(r"^\d{1,4}\s+(?=\D)|(?<=\D)\s\d{1,4}$")
_SHORT_DOCUMENT = 5
"""Pages; in it, two pages suffice to make a line a running one."""

Page = Sequence[Line]


def split_heads(pages: Sequence[Page]) -> tuple[list[list[Line]], list[str]]:
    """
    Return the lines of each page without running ones, sorted by y, and the pages' labels.

    The first page keeps its head and foot except the page number: they may be the only
    place where the document tells what it is.
    """
    sorted_pages = [sorted(page, key=lambda line: (line.y, line.x0)) for page in pages]
    rows = [rows_of(page) for page in sorted_pages]
    running = _running(rows)
    offsets = _offsets(rows)
    recurring = _recurring(rows)
    dropped: list[list[Line]] = []
    numbers: list[int | None] = []
    for physical, page_rows in enumerate(rows, 1):
        number, outer = _number(page_rows, physical, offsets, recurring)
        numbers.append(number)
        dropped.append(_dropped(page_rows, outer, running, first=physical == 1))
    return _without(sorted_pages, dropped), _labels(numbers)


def _without(pages: Sequence[Page], dropped: Sequence[Page]) -> list[list[Line]]:
    """
    Return the pages without the dropped lines, except the first of those that stand nowhere else.

    So a chapter's name at the top of each page goes, since it is a heading, too, but not
    the head of a table that goes on over many pages.
    """
    kept: list[list[Line]] = []
    gone = [{id(line) for line in page} for page in dropped]
    for page, ids in zip(pages, gone, strict=True):
        kept.append([line for line in page if id(line) not in ids])
    standing = "\n".join(line.text for page in kept for line in page).casefold()
    whole = set(standing.split("\n"))
    seen: set[str] = set()
    for number, page in enumerate(dropped):
        for line in page:
            text = _without_number(line.text).casefold()
            if text in seen:
                continue
            seen.add(text)
            if len(text) <= 2 or text in whole:
                continue
            if len(seen) > _SEARCHES_MAX or not _stands(text, standing):
                gone[number].discard(id(line))
                kept[number] = [other for other in pages[number] if id(other) not in gone[number]]
    return kept


def _stands(text: str, standing: str) -> bool:
    """Tell whether *text* is in *standing*, "förslag" in "förslagen" not counted."""
    start = standing.find(text)
    while start >= 0:
        before, after = (
            standing[max(0, start - 1) : start],
            standing[start + len(text) : start + len(text) + 1],
        )
        if not before.isalnum() and not after.isalnum():
            return True
        start = standing.find(text, start + 1)
    return False


def _without_number(text: str) -> str:
    if _PAGE_NUMBER.fullmatch(text):
        return ""
    return _EDGE_NUMBER.sub("", text).strip()


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text).casefold()


def _edges(rows: Sequence[Sequence[Line]]) -> list[tuple[int, Sequence[Line]]]:
    """Return the outer rows of a page with their side: 0 for its top, 1 for its bottom."""
    count = min(_ROWS_MAX, len(rows))
    return [(0, row) for row in rows[:count]] + [(1, row) for row in rows[len(rows) - count :]]


def _running(pages: Sequence[Sequence[Sequence[Line]]]) -> set[tuple[int, str, int]]:
    """Return what is running, as side, text without digits, and height in steps of 4 points."""
    counts: Counter[tuple[int, str, int]] = Counter()
    for rows in pages:
        seen = {
            (side, _key(line), round(line.y / 4) + d)
            for side, row in _edges(rows)
            for line in row
            for d in (-1, 0, 1)
        }
        counts.update(seen)
    enough = 2 if len(pages) <= _SHORT_DOCUMENT else 3
    # Numbers at the edge of a table are not running for looking alike.
    many = max(enough, 0.3 * len(pages))
    return {
        place
        for place, count in counts.items()
        if count >= (enough if sum(map(str.isalpha, place[1])) >= 3 else many) and place[1] != "#"
    }


def _candidates(rows: Sequence[Sequence[Line]]) -> list[tuple[int, Line, bool]]:
    """Return the numbers at the edge of a page that may be its own: number, line, alone."""
    found: list[tuple[int, Line, bool]] = []
    for _, row in _edges(rows):
        for line in row:
            if match := _PAGE_NUMBER.fullmatch(line.text):
                found.append((int(match[1]), line, True))
            elif len(line.text) < 120 and (match := _AT_EDGE.fullmatch(line.text)):
                found.append((int(match[1] or match[2]), line, False))
    return found


def _offsets(pages: Sequence[Sequence[Sequence[Line]]]) -> dict[int, int]:
    """Return differences between printed and physical numbers, with the pages that have them."""
    votes: Counter[int] = Counter()
    for physical, rows in enumerate(pages, 1):
        votes.update({number - physical for number, _, _ in _candidates(rows)})
    enough = 3 if len(pages) > _SHORT_DOCUMENT else 2
    accepted = {offset: count for offset, count in votes.items() if count >= enough}
    if len(pages) <= 2 and not accepted and votes.get(0):
        accepted = {0: votes[0]}
    return accepted


def _recurring(pages: Sequence[Sequence[Sequence[Line]]]) -> set[str]:
    """Return what stands, numbers at its ends apart, at the edges of several pages."""
    counts: Counter[str] = Counter()
    for rows in pages:
        counts.update({_words(line) for _, row in _edges(rows) for line in row})
    return {words for words, count in counts.items() if count > 1}


def _words(line: Line) -> str:
    return _without_number(line.text).casefold()


def _number(
    rows: Sequence[Sequence[Line]],
    physical: int,
    offsets: dict[int, int],
    recurring: set[str],
) -> tuple[int | None, list[Line]]:
    """
    Return the printed number of a page, and the lines that are there to tell it.

    The chapter "4 Förslag" that begins on page 4 is none of these.
    """
    fitting = [
        (offsets[number - physical], alone, number, line)
        for number, line, alone in _candidates(rows)
        if number - physical in offsets
    ]
    if not fitting:
        return None, []
    number = max(fitting, key=lambda found: found[:2])[2]
    lines = [(alone, line) for _, alone, other, line in fitting if other == number]
    if any(alone for alone, _ in lines):
        return number, [line for alone, line in lines if alone]
    return number, [line for _, line in lines if _words(line) in recurring]


def _dropped(
    rows: Sequence[list[Line]],
    numbered: Sequence[Line],
    running: set[tuple[int, str, int]],
    *,
    first: bool,
) -> list[Line]:
    """Return the lines of a page that are running, from the outside in."""
    dropped: dict[int, Line] = {}
    for side, order in ((0, range(len(rows))), (1, range(len(rows) - 1, -1, -1))):
        outer: list[Line] = []
        for i in order:
            row = rows[i]
            found = [
                line
                for line in row
                if any(line is other for other in numbered)
                or (side, _key(line), round(line.y / 4)) in running
            ]
            head_of_table = len(row) > _PARTS_MAX and not any(map(_is_number, found))
            if not found or head_of_table or i not in order[:_ROWS_MAX]:
                outer = _apart(outer, row)
                break
            if first:
                found = list(filter(_is_number, found))
            outer += found
            if len(found) < len(row) and not first:
                break
        else:
            outer = [line for line in outer if len(line.text) < _LONG_CHARS]
        dropped.update((id(line), line) for line in outer)
    return list(dropped.values())


def _apart(outer: Sequence[Line], inner: Sequence[Line]) -> list[Line]:
    """Return the running lines without long ones that close up to the text: they are text."""
    gap = min((abs(inner[0].y - line.y) for line in outer), default=0.0)
    return [line for line in outer if len(line.text) < _LONG_CHARS or gap > 1.8 * line.size]


def _is_number(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None


def _labels(numbers: Sequence[int | None]) -> list[str]:
    labels: list[str] = []
    printed: list[int | None] = []
    following = _following(numbers)
    last: tuple[int, int] | None = None
    for physical, number in enumerate(numbers, 1):
        if number is None and last:
            number = physical + last[1]
        elif number is None and following[physical - 1] is not None:
            counted = physical + (following[physical - 1] or 0)
            number = counted if counted > 0 else None
        elif number is not None:
            last = (physical, number - physical)
        printed.append(number)
    taken = {number for number in printed if number is not None}
    for physical, number in enumerate(printed, 1):
        if number is not None:
            labels.append(str(number))
        else:
            labels.append(f"[{physical}]" if physical in taken else str(physical))
    return labels


def _following(numbers: Sequence[int | None]) -> list[int | None]:
    """Return for each page the difference that the next numbered page has."""
    found: list[int | None] = []
    offset: int | None = None
    for physical in range(len(numbers), 0, -1):
        number = numbers[physical - 1]
        offset = number - physical if number is not None else offset
        found.append(offset)
    return found[::-1]
