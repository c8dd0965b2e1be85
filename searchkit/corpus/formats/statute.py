"""
Where do the chapters and paragraphs of a statute begin?

The Government's legal databases and the Riksdag hand statutes out as running text, in
which "2 kap. Avgifter", "5 § Avgiften ska ..." and headings stand at the beginning of
paragraphs. Where every chapter counts its paragraphs anew, a paragraph is known by both
numbers, as lawyers cite it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.model import Section

HEADING_CHARS_MAX = 120

_BLOCK = re.compile(r"(?:^|\n\n)(?=\S)")
_CHAPTER = re.compile(r"(\d{1,3}(?: ?[a-z])?) kap\.[^§\n]*$", re.M)
_PARAGRAPH = re.compile(r"(?:/[^/\n]{3,60}/\s*)?(\d{1,3}(?: ?[a-z])?) §")
_HEADING = re.compile(r"[A-ZÅÄÖ][^\n§]{2,}?(?<![.:;,])")
_NUMBERED = re.compile(r"(?:\d{1,2}\.)*\d{1,2}\.?\s+[A-ZÅÄÖ][^\n]{2,}(?<![.:;,])")
_APPENDIX = re.compile(r"Bilaga(?: \d{1,2})?")
_TRANSITION = re.compile(r"(?:Ikraftträdande- och övergångs|Övergångs)bestämmelser")


def statute_sections(text: str) -> tuple[Section, ...]:
    """
    Return chapters, paragraphs and headings of a statute in order.

    A chapter and a heading are labelled as written, a paragraph "5 §", or "2 kap. 5 §"
    where its number alone occurs more than once.
    """
    found = list(_found(text))
    numbers = [label for kind, _, _, label in found if kind == "paragraph"]
    doubled = len(set(numbers)) < len(numbers)
    return tuple(
        Section(start, f"{chapter} kap. {label}" if doubled and chapter else label)
        for _, start, chapter, label in found
    )


def numbered_sections(text: str) -> tuple[Section, ...]:
    """Return the paragraphs of one line that are numbered headings: "5.1 Uppdraget"."""
    starts = [match.end() for match in _BLOCK.finditer(text)]
    return tuple(
        Section(start, " ".join(block.split()))
        for start, following in zip(starts, [*starts[1:], len(text)], strict=True)
        if following - start <= HEADING_CHARS_MAX + 2
        and _NUMBERED.fullmatch(block := text[start:following].strip())
    )


def _found(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield (kind, offset, number of the chapter of a paragraph, label)."""
    chapter = ""
    starts = [match.end() for match in _BLOCK.finditer(text)]
    for start, following in zip(starts, [*starts[1:], len(text)], strict=True):
        if match := _PARAGRAPH.match(text, start):
            yield "paragraph", start, chapter, f"{match[1]} §"
        elif match := _CHAPTER.match(text, start):
            chapter = match[1]
            yield "chapter", start, "", match[0].strip()
        elif following - start <= HEADING_CHARS_MAX + 2:
            block = text[start:following].strip()
            if _TRANSITION.fullmatch(block):
                chapter = ""
                yield "heading", start, "", block
            elif _APPENDIX.fullmatch(block) or (
                _HEADING.fullmatch(block) and _announces(text, following)
            ):
                yield "heading", start, "", block


def _announces(text: str, following: int) -> bool:
    """Whether a paragraph, a chapter, or one more heading follows."""
    if _PARAGRAPH.match(text, following) or _CHAPTER.match(text, following):
        return True
    end = text.find("\n\n", following)
    below = text[following : end if end >= 0 else len(text)]
    return (
        len(below) <= HEADING_CHARS_MAX
        and _HEADING.fullmatch(below) is not None
        and _PARAGRAPH.match(text, end + 2 if end >= 0 else len(text)) is not None
    )
