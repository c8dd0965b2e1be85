"""
How does one refer to a passage?

As in official Swedish print: what the document is and its number, the page, the
section: ``prop. 2015/16:100 s. 42, avsnitt 5.2``; of a statute the paragraph:
``SFS 1998:808, 2 kap. 3 §``. What has no number is named by its title.
"""

from __future__ import annotations

import re

from searchkit.index.snapshot import LiveSegment

# What goes before a number; a number of letters and digits ("AMSFS 2007:28") says it itself.
_SERIES = {
    "anförande": "prot.",
    "bet": "bet.",
    "dir": "dir.",
    "ds": "Ds",
    "fråga": "fråga",
    "interpellation": "interpellation",
    "kom": "KOM",
    "mot": "mot.",
    "prop": "prop.",
    "protokoll": "prot.",
    "rapport": "rapport",
    "rskr": "rskr.",
    "sfs": "SFS",
    "skr": "skr.",
    "sou": "SOU",
    "yttrande": "yttr.",
}
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*(?=\.?\s)")


def cite(
    kind: str | None, number: str | None, title: str | None, page: str | None, section: str | None
) -> str | None:
    """
    Return how to refer to a place of a document, as far as these tell; None if none does.

    >>> cite("prop", "2015/16:100", "Vårproposition", "42", "5.2 Skälen för förslaget")
    'prop. 2015/16:100 s. 42, avsnitt 5.2'
    >>> cite(None, None, "Cirkulär ekonomi", "12", "Bakgrund")
    'Cirkulär ekonomi, s. 12, avsnitt Bakgrund'
    """
    name = title
    if number:
        series = _SERIES.get((kind or "").lower()) if number[0].isdigit() else None
        name = f"{series} {number}" if series else number
    if page:
        blank = " " if number else ", "
        name = f"{name}{blank}s. {page}" if name else f"s. {page}"
    parts = [name, _cited_section(section)]
    return ", ".join(part for part in parts if part) or None


def _cited_section(section: str | None) -> str | None:
    """Return a heading as it is referred to: by its number, if it has one."""
    if not section or section.endswith("§"):
        return section
    number = _NUMBERED.match(section)
    return f"avsnitt {number[0] if number else section}"


class Citations:
    """How to refer to places of a segment."""

    def __init__(self, live: LiveSegment) -> None:
        self._segment = live.segment
        self._has_outline = bool(len(live.segment.pages.starts) + len(live.segment.sections.starts))
        self._names: dict[int, tuple[str | None, str | None, str | None]] = {}

    def at(self, doc_id: int, char: int) -> tuple[str | None, str | None, str | None]:
        """Return page, section and citation of a code-point offset in a document's text."""
        segment = self._segment
        page = section = None
        if self._has_outline:
            page = segment.pages.label_at(doc_id, char)
            section = segment.sections.label_at(doc_id, char)
        name = self._names.get(doc_id)
        if name is None:
            number, title = segment.value("number", doc_id), segment.value("title", doc_id)
            name = self._names[doc_id] = segment.value("type", doc_id), number, title
        return page, section, cite(*name, page, section)
