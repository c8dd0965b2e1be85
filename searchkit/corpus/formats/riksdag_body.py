"""
How does the ``html`` of a paper in the Riksdag's open data become its text?

It is read as the Riksdag's web pages are (:mod:`.html_riksdag`), after what only the open
data has was seen to: running heads and feet of any wording on the pages of a report that
was turned from PDF, and papers of the nineties, whose lines end where they ended in print,
in the middle of a word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from searchkit.corpus.facts import Facts
from searchkit.corpus.formats.html_page import Page
from searchkit.corpus.formats.html_riksdag import read_riksdag
from searchkit.corpus.formats.markup import Element, Flat, MarkupError
from searchkit.corpus.formats.riksdag_values import parsed, repaired
from searchkit.model import Section

EMPTY = Flat("", (), ())

_EDGE = 3
"""Blocks at the top and at the bottom of a page that may be running."""
_RUNNING_PAGES_MIN = 4
_RUNNING_CHARS_MAX = 120
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"(?<![\d:/.,()])\d{1,4}(?![\d:/.,()])")
_OFFSET_MAX = 60
"""How far a printed page number may be from the page's place in the file."""

_CUT = re.compile(
    r"(?<=[a-zåäöé])-\n(?=[a-zåäöé])(?!(?:och|eller|samt|respektive|resp|till|som|men|än)\b)"
)


def read_body(markup: str, facts: Facts) -> Flat:
    """
    Return the text of a paper's HTML with its sections and pages, and tell what it says.

    Args:
        markup: may be blank, or hold no text.

    Raises:
        MarkupError: it is nested too deeply, or has too many tags.
    """
    try:
        root = parsed(markup)
    except MarkupError as error:
        if str(error).startswith("is empty"):
            return EMPTY
        raise
    tidy_pages(root)
    read = read_riksdag(Page(root, {}, ""), facts, "").flat
    return rejoined(Flat(repaired(read.text), read.sections, read.pages))


def tidy_pages(root: Element) -> None:
    """Drop what is the same at the edge of several pages, except their printed numbers."""
    pages = [div for div in root.iter("div") if (div.get("id") or "").startswith("page_")]
    if len(pages) < _RUNNING_PAGES_MIN:
        return
    edges = [_edge(page) for page in pages]
    counts = Counter(key for edge in edges for key in {_key(text) for _, text in edge})
    for place, edge in enumerate(edges, 1):
        for block, text in edge:
            key = _key(text)
            if counts[key] < _RUNNING_PAGES_MIN or not key:
                continue
            numbers = [n for n in _NUMBER.findall(text) if abs(int(n) - place) <= _OFFSET_MAX]
            _replace(block, numbers[0] if len(numbers) == 1 else "")


def rejoined(flat: Flat) -> Flat:
    """
    Return *flat* with the words whole that are cut at the ends of lines.

    >>> rejoined(Flat("en hemförsäljnings-\\nlag, till-\\noch frånträde", (), ())).text
    'en hemförsäljningslag, till-\\noch frånträde'
    """
    cuts = [match.start() for match in _CUT.finditer(flat.text)] if "-\n" in flat.text else []
    if not cuts:
        return flat

    def moved(sections: Iterable[Section]) -> Sequence[Section]:
        # Each cut takes two characters out: the hyphen and the line end.
        return tuple(
            Section(section.start - 2 * bisect_right(cuts, section.start - 1), section.label)
            for section in sections
        )

    return Flat(_CUT.sub("", flat.text), tuple(moved(flat.sections)), tuple(moved(flat.pages)))


def _edge(page: Element) -> list[tuple[Element, str]]:
    """Return the first and last blocks of a page that have a text, with it."""
    blocks = []
    for block in page.iter("p", "tr"):
        if block.tag == "p" and any(above.tag == "td" for above in block.iterancestors("td")):
            continue
        text = " ".join(block.text_content().split())
        if text:
            blocks.append((block, text))
    edge = blocks if len(blocks) <= 2 * _EDGE else [*blocks[:_EDGE], *blocks[-_EDGE:]]
    return [(block, text) for block, text in edge if len(text) <= _RUNNING_CHARS_MAX]


def _key(text: str) -> str:
    return " ".join(_DIGITS.sub(" ", text).casefold().split())


def _replace(block: Element, text: str) -> None:
    tail = block.tail
    block.clear()
    block.tag, block.tail, block.text = "p", tail, text
