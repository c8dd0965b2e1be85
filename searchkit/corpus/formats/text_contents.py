"""
Where are the headings of a text that is nothing but lines?

A table of contents names them. What stands in it, and again on a line of its own further
down, is a heading; of several such lines those are taken that follow each other as in the
table. Numbers before an entry and page numbers behind it may be missing in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from searchkit.model import Section

_CONTENTS = re.compile(r"innehåll(?:sförteckning)?|contents|table of contents", re.IGNORECASE)
_LEADERS = re.compile(r"(?:[ \t]*[.…·_]{3,}|[ \t]{2,}|\t)[ \t.]*\d{0,4}[ \t]*$")
_NUMBERING = re.compile(r"^(?:kapitel[ ])?[\d.]+[ \t]+", re.IGNORECASE)
_NO_LETTER = re.compile(r"[^\w]+")

_SEARCHED_LINES = 80
"""How far from the beginning a table of contents may stand."""
_SEARCHED_CHARS = 8_000
_ENTRIES_MAX = 600
_LINES_MAX = 200_000
"""Four thousand printed pages; more would cost seconds."""
_LINE_CHARS = 160
_KEY_CHARS_MIN = 3
_FOUND_MIN = 3
"""Fewer headings could be chance."""


def headings_by_contents(text: str) -> tuple[Section, ...]:
    """
    Return the headings of *text* that its table of contents names; () if it has none.

    Labels are as in the table, which has the numbers that citations need. At least half of
    the entries must be found again, or the table is not trusted. Cost: one pass over the
    lines, and O(n log n) for n lines that read as entries.
    """
    if not _CONTENTS.search(text, 0, _SEARCHED_CHARS):
        return ()
    lines = list(islice(_lines(text), _LINES_MAX))
    start = next((i for i, (_, line) in enumerate(lines) if _is_contents(i, line)), None)
    if start is None:
        return ()
    entries: dict[str, int] = {}
    labels: list[str] = []
    body = len(lines)
    for i, (_, line) in enumerate(lines[start + 1 :], start + 1):
        key = _key(line) if len(line) <= _LINE_CHARS else None
        # Entries begin with a capital or a number; lines of a broken paragraph mostly do not.
        goes_on = line[0].islower() and lines[i - 1][1][0].islower()
        if key is None or key in entries or goes_on or len(entries) >= _ENTRIES_MAX:
            body = i
            break
        if len(key) >= _KEY_CHARS_MIN:
            entries[key] = len(labels)
            labels.append(_without_page(line))
    found = [
        (entries[spelled], offset)
        for offset, line in lines[body:]
        if len(line) <= _LINE_CHARS and (spelled := _key(line)) in entries
    ]
    kept = [found[i] for i in _rising([entry for entry, _ in found])]
    if len(kept) < max(_FOUND_MIN, len(labels) / 2):
        return ()
    return tuple(Section(offset, labels[entry]) for entry, offset in kept)


def _is_contents(position: int, line: str) -> bool:
    return position < _SEARCHED_LINES and bool(_CONTENTS.fullmatch(line.strip()))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with the offset of their first character."""
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            yield start + len(line) - len(line.lstrip()), stripped
        start += len(line) + 1


def _key(line: str) -> str:
    """Return what two spellings of a heading have in common: programs tear words apart."""
    return _NO_LETTER.sub("", _NUMBERING.sub("", _without_page(line))).casefold()


def _without_page(line: str) -> str:
    has_leaders = any(mark in line for mark in ("..", "  ", "\t", "…", "··", "__"))
    return _LEADERS.sub("", line).strip() if has_leaders else line


def _rising(values: Sequence[int]) -> list[int]:
    """Return the indices of the longest strictly rising subsequence."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for i, value in enumerate(values):
        place = bisect_left(tails, value)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [value]
        ends[place : place + 1] = [i]
    kept: list[int] = []
    i = ends[-1] if ends else -1
    while i >= 0:
        kept.append(i)
        i = before[i]
    return kept[::-1]
