"""
How do the lines of a document become text with headings and pages?

Lines become columns, these paragraphs (:mod:`.pdf_paragraphs`). A short paragraph in
larger, bolder or slanted type than the body, or with a number such as 5.2, is a heading,
unless every other paragraph is set so. A page begins where its first row stands in the
text, be it in the midst of a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searchkit.corpus.formats.pdf_columns import CELL_BREAK, blocks_of
from searchkit.corpus.formats.pdf_lines import Line
from searchkit.corpus.formats.pdf_paragraphs import (
    Body,
    Paragraph,
    body_of,
    is_contents,
    paragraphs_of,
    text_of,
    words_of,
)
from searchkit.model import Section

HEADING_CHARS_MAX = 250
_HEADING_ROWS_MAX = 6
_LARGER = 1.12
_SENTENCE = re.compile(r"(?<!\bm\.m)(?<!\bm\.fl)[.!]$")
_HEADING_NUMBER = re.compile(r"(?:\d{1,2}\.){1,5}\d{1,2}\.?\s+[A-ZÅÄÖ]")


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of a document, and what stands where in it."""

    text: str
    sections: tuple[Section, ...]
    page_starts: tuple[int, ...]
    """Code-point offset in *text* for each page, ascending; empty pages too."""
    opening: tuple[Paragraph, ...]
    """Paragraphs of the first page that has any."""
    body_size: float
    """Height of most letters, in points."""


def lay_out(pages: Sequence[Sequence[Line]]) -> Layout:
    """
    Return the text of a document as paragraphs, headings on lines of their own.

    Args:
        pages: the lines of each page, without running heads and feet.
    """
    blocks = [blocks_of(page) for page in pages]
    body = body_of(blocks)
    words = words_of(pages)
    paragraphs = list(paragraphs_of(blocks, body))
    for paragraph in paragraphs:
        paragraph.text = text_of(paragraph.rows, words)
    _mark_headings(paragraphs, body)
    return _assemble(paragraphs, len(pages), words, body.size)


def _mark_headings(paragraphs: Sequence[Paragraph], body: Body) -> None:
    large = [p for p in paragraphs if _may_be_heading(p) and p.size > _LARGER * body.size]
    kinds = [large]
    for style in ("bold", "italic"):
        if not getattr(body, style):
            found = [
                p
                for p in paragraphs
                if _may_be_heading(p)
                and p.size > 0.93 * body.size
                and _is_set(p, style)
                and (style == "bold" or (len(p.rows) <= 3 and p.text[:1].isupper()))
            ]
            kinds.append(found)
    capitals = [p for p in paragraphs if len(p.rows) == 1 and _is_capital(p.text)]
    if len(capitals) >= 3:
        kinds.append(capitals)
    kinds.append([p for p in paragraphs if _may_be_heading(p) and _HEADING_NUMBER.match(p.text)])
    for found in kinds:
        # Where every other paragraph is set so, the type says nothing.
        if len(found) <= max(3, 0.5 * len(paragraphs)):
            for paragraph in found:
                paragraph.label = paragraph.text


def _is_set(paragraph: Paragraph, style: str) -> bool:
    """Tell whether a paragraph is set in a style; a bold heading's last row may end in another."""
    rows = paragraph.rows[:-1] if style == "bold" and len(paragraph.rows) > 1 else paragraph.rows
    return all(getattr(row, style) for row in rows)


def _is_capital(text: str) -> bool:
    return 4 <= len(text) <= 80 and text.isupper() and CELL_BREAK not in text


def _may_be_heading(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        len(paragraph.rows) <= _HEADING_ROWS_MAX
        and len(text) <= HEADING_CHARS_MAX
        and sum(map(str.isalpha, text[:60])) >= 3
        and CELL_BREAK not in text
        and "…" not in text
        and not text.startswith("- ")
        and "http" not in text
        and not text.endswith((",", ":"))
        and not (_SENTENCE.search(text) and len(text) > 50)
    )


def _assemble(
    paragraphs: Sequence[Paragraph], page_count: int, words: set[str], body_size: float
) -> Layout:
    parts: list[str] = []
    sections: list[Section] = []
    starts: dict[int, int] = {}
    offset = 0
    above: Paragraph | None = None
    for paragraph in paragraphs:
        if not paragraph.text:
            continue
        if parts:
            tabular = above and _is_tabular(above) and _is_tabular(paragraph)
            parts.append("\n" if tabular else "\n\n")
            offset += len(parts[-1])
        for index, number in paragraph.pages:
            starts[number] = offset + _inside(paragraph, index, words)
        if paragraph.label:
            sections.append(Section(offset, paragraph.label))
        parts.append(paragraph.text)
        offset += len(paragraph.text)
        above = paragraph
    return Layout(
        text="".join(parts),
        sections=tuple(sections),
        page_starts=_filled(starts, page_count, offset),
        opening=tuple(_opening(paragraphs)),
        body_size=body_size,
    )


def _inside(paragraph: Paragraph, index: int, words: set[str]) -> int:
    """Return the offset in a paragraph of its row *index*, or of the word that is cut there."""
    if not index:
        return 0
    text = paragraph.text
    offset = min(len(text_of(paragraph.rows[:index], words)), len(text))
    while offset < len(text) and text[offset].isspace():
        offset += 1
    while 0 < offset < len(text) and not text[offset - 1].isspace():
        offset -= 1
    return offset


def _is_tabular(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return CELL_BREAK in text or text.startswith("- ") or is_contents(text)


def _filled(starts: dict[int, int], page_count: int, end: int) -> tuple[int, ...]:
    """Return the start of every page; an empty one begins where the next one does."""
    filled: list[int] = []
    following = end
    for number in range(page_count - 1, -1, -1):
        following = min(starts.get(number, following), following)
        filled.append(following)
    return tuple(filled[::-1])


def _opening(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    for i, paragraph in enumerate(paragraphs):
        if i and any(index == 0 for index, _ in paragraph.pages):
            return
        yield paragraph
