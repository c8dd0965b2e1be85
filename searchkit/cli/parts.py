"""
Which stretch of a document is a page, or a section, and where do its facts come from?

A page is asked for by its label, the number printed on it, which may stand on several:
a report and its annexes each begin at 1. A section is asked for by its heading, its
number, or words of it; what is below it, by its number, belongs to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from searchkit.errors import UsageError
from searchkit.model import Document, Section

PROVENANCE = "provenance"
_NUMBER = re.compile(r"(?:(?:avsnitt|kapitel|kap|section)\.? )?(\d+(?:\.\d+)*)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document's text, in code points, half open."""

    start: int
    end: int
    label: str


def provenance_of(document: Document) -> dict[str, str]:
    """
    Return where the value of each column was found, by column.

    >>> provenance_of(Document("1", "", fields={"provenance": "title: html h1; date: url"}))
    {'title': 'html h1', 'date': 'url'}
    """
    known = {"title", "date", "type", *document.fields}
    sources: dict[str, str] = {}
    name = ""
    for entry in document.fields.get(PROVENANCE, "").split("; "):
        column, colon, source = entry.partition(": ")
        if colon and column in known:
            name = column
            sources[name] = source
        elif name:
            sources[name] += f"; {entry}"
    return sources


def page_at(document: Document, offset: int) -> str | None:
    """Return the label of the page on which an offset of the text stands, or None."""
    found = bisect_right(document.pages, offset, key=lambda page: page.start)
    return document.pages[found - 1].label if found else None


def page_numbers(document: Document, label: str) -> list[int]:
    """
    Return which pages of the document, counted from 1, bear a label.

    Raises:
        UsageError: none does.
    """
    wanted = _plain(label)
    found = [n for n, page in enumerate(document.pages, 1) if _plain(page.label) == wanted]
    if found:
        return found
    if not document.pages:
        raise UsageError(f"'{document.id}' has no page '{label}': its pages are not known")
    first, last = document.pages[0].label, document.pages[-1].label
    raise UsageError(
        f"'{document.id}' has no page '{label}'; its {len(document.pages):,} pages are "
        f"'{first}' to '{last}'"
    )


def pages(document: Document, label: str) -> list[Part]:
    """Return the pages that bear a label; raise as :func:`page_numbers`."""
    return [_part(document, document.pages, n - 1, n) for n in page_numbers(document, label)]


def sections(document: Document, text: str) -> list[Part]:
    """
    Return the sections that *text* names, each with those below it.

    Headings that are equal to it go before headings of that number, those before
    headings that begin with it, and those before headings that contain it.

    Raises:
        UsageError: there is none.
    """
    wanted = _plain(text)
    headings = [_plain(section.label) for section in document.sections]
    number = _number(wanted)
    rules: tuple[Callable[[str], bool], ...] = (
        lambda heading: heading == wanted,
        lambda heading: (
            number in (wanted, wanted.rpartition(" ")[2]) and _number(heading) == number
        ),
        lambda heading: re.match(rf"{re.escape(wanted)}(?!\w)", heading) is not None,
        lambda heading: wanted in heading,
    )
    for matches in rules:
        found = [n for n, heading in enumerate(headings) if wanted and matches(heading)]
        if found:
            return _with_those_below(document, headings, found)
    raise UsageError(_no_section(document, text, headings))


def _no_section(document: Document, text: str, headings: Sequence[str]) -> str:
    if not headings:
        return f"'{document.id}' has no section '{text}': its headings are not known"
    close = get_close_matches(_plain(text), headings, n=1)
    hint = f"; did you mean '{document.sections[headings.index(close[0])].label}'?" if close else ""
    shown = f"`searchkit show {document.id}` prints its outline"
    return f"'{document.id}' has no section '{text}'{hint or f'; {shown}'}"


def _with_those_below(
    document: Document, headings: Sequence[str], found: Sequence[int]
) -> list[Part]:
    parts: list[Part] = []
    end = 0
    for begin in found:
        if begin < end:
            continue
        end = begin + 1
        number = _number(headings[begin])
        while number and end < len(headings) and _number(headings[end]).startswith(f"{number}."):
            end += 1
        parts.append(_part(document, document.sections, begin, end))
    return parts


def _part(document: Document, stretches: Sequence[Section], begin: int, end: int) -> Part:
    stop = stretches[end].start if end < len(stretches) else len(document.text)
    return Part(stretches[begin].start, stop, stretches[begin].label)


def _number(heading: str) -> str:
    """Return the number that a heading begins with, or ""."""
    match = _NUMBER.match(heading)
    return match[1] if match else ""


def _plain(label: str) -> str:
    return " ".join(label.split()).casefold()
