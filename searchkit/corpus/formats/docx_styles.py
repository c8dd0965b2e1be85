"""
What do the styles and the numbering of a Word file make of a paragraph?

A paragraph names a style, styles are based on one another, and the numbers before headings
and list items stand nowhere in the text: they are counted, as Word counts them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

BULLET = "- "
LEVEL_COUNT = 9
_BASED_ON_MAX = 30
"""A longer chain of styles is a cycle."""
BODY_LEVEL = 9

_HEADING_NAME = re.compile(r"(?:heading|rubrik|överskrift|otsikko)\s*([1-9])\b", re.IGNORECASE)
_OTHER_HEADING = re.compile(
    r"(?!.*(?:tabell|diagram|figur|table|figure|sidhuvud|header|innehåll|toc\b))"
    r".*(?:rubrik|heading)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
          (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_COUNT_MAX = 4_000
"""Beyond it, numbers are written in digits whatever the format."""


def local(element: _Element) -> str:
    """Return an element's name without its namespace, "" for what is no element."""
    return _local_name(element.tag)


@lru_cache(maxsize=4096)
def _local_name(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: _Element, name: str) -> str | None:
    """Return the attribute of this local name, whatever its namespace."""
    for key, value in element.attrib.items():
        key = str(key)
        if key == name or key.endswith("}" + name):
            return str(value)
    return None


def child(element: _Element | None, *path: str) -> _Element | None:
    """Return the first descendant along the local names of *path*."""
    for name in path:
        if element is None:
            return None
        element = next((found for found in element if local(found) == name), None)
    return element


def value(element: _Element | None, *path: str) -> str | None:
    """Return ``w:val`` of the first descendant along *path*."""
    found = child(element, *path)
    return None if found is None else attribute(found, "val")


def number_of(written: str | None) -> int | None:
    """Return a number of an XML attribute, or None; none there is larger than 9 digits."""
    digits = (written or "").strip().lstrip("+-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return int(digits) * (-1 if (written or "").strip().startswith("-") else 1)


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says, those it is based on included."""

    name: str
    level: int | None = None
    """Of a heading, from 0; None for other text."""
    list_id: str | None = None
    list_level: int | None = None
    on_new_page: bool = False


class Styles:
    """The paragraph styles of a Word file."""

    def __init__(self, root: _Element | None) -> None:
        self._elements: dict[str, _Element] = {}
        self._known: dict[str, Style] = {}
        self._default = ""
        for element in root if root is not None else ():
            if local(element) != "style" or attribute(element, "type") not in (None, "paragraph"):
                continue
            if (key := attribute(element, "styleId")) is not None:
                self._elements.setdefault(key, element)
                if attribute(element, "default") in ("1", "true", "on"):
                    self._default = key

    def of(self, key: str | None) -> Style:
        """Return the style of this id; the default one for None."""
        key = self._default if key is None else key
        if key not in self._known:
            self._known[key] = self._resolve(key)
        return self._known[key]

    def _resolve(self, key: str) -> Style:
        chain = list(self._chain(key))
        name = value(chain[0], "name") or key if chain else key
        properties = [found for found in (child(e, "pPr") for e in chain) if found is not None]

        def first(*path: str) -> str | None:
            return next((v for p in properties if (v := value(p, *path)) is not None), None)

        level = number_of(first("outlineLvl"))
        if match := _HEADING_NAME.match(name):
            level = int(match[1]) - 1
        elif level is None and _OTHER_HEADING.match(name):
            level = 0
        breaks = [child(p, "pageBreakBefore") for p in properties]
        return Style(
            name,
            level=level if level is not None and 0 <= level < BODY_LEVEL else None,
            list_id=first("numPr", "numId"),
            list_level=number_of(first("numPr", "ilvl")),
            on_new_page=any(is_on(found) for found in breaks[:1]),
        )

    def _chain(self, key: str) -> Iterator[_Element]:
        for _ in range(_BASED_ON_MAX):
            element = self._elements.get(key)
            if element is None:
                return
            yield element
            key = value(element, "basedOn") or ""


def is_on(switch: _Element | None) -> bool:
    """Tell whether a property that is on or off is there and on."""
    return switch is not None and attribute(switch, "val") not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    pattern: str
    digits: bool
    style: str | None


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVEL_COUNT)


class Numbering:
    """Counts the numbers of headings and list items, paragraph by paragraph."""

    def __init__(self, root: _Element | None) -> None:
        abstract: dict[str | None, _List] = {}
        self._lists: dict[str, _List] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        for element in root if root is not None else ():
            if local(element) == "abstractNum":
                levels = dict(map(_level_of, _named(element, "lvl")))
                abstract[attribute(element, "abstractNumId")] = _List(levels)
            elif local(element) == "num" and (key := attribute(element, "numId")) is not None:
                known = abstract.get(value(element, "abstractNumId"))
                if known is not None:
                    self._lists[key] = known
                    self._override(key, element)

    def _override(self, key: str, element: _Element) -> None:
        for override in _named(element, "lvlOverride"):
            at = number_of(attribute(override, "ilvl"))
            start = number_of(value(override, "startOverride"))
            if at is not None and start is not None:
                self._overrides.setdefault(key, {})[at] = start

    def next(self, list_id: str | None, level: int | None, style: str | None) -> str | None:
        """
        Count a paragraph of a list, and return what stands before it: "5.2 ", "- ", or None.

        Args:
            list_id: of the paragraph or its style; None or "0" is no list.
            level: from 0; None: the one that names *style*.
        """
        found = self._lists.get(list_id or "0")
        if found is None:
            return None
        if level is None:
            level = next((i for i, one in found.levels.items() if one.style == style), 0)
        if level not in found.levels or not 0 <= level < LEVEL_COUNT:
            return BULLET
        self._count(found, level, self._overrides.get(list_id or "", {}))
        one = found.levels[level]
        if one.form == "bullet":
            return BULLET
        if one.form == "none" and not one.pattern.strip():
            return ""

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            above = found.levels.get(at)
            count = found.counts[at]
            if count is None:
                count = above.start if above else 1
            form = "decimal" if one.digits or above is None else above.form
            return written_number(count, form)

        return _PLACEHOLDER.sub(written, one.pattern).strip() + " "

    def _count(self, found: _List, level: int, overrides: dict[int, int]) -> None:
        counts = found.counts
        before = counts[level]
        if level in overrides:
            # A list that begins anew does so once.
            counts[level] = overrides.pop(level)
        else:
            counts[level] = found.levels[level].start if before is None else before + 1
        for deeper in range(level + 1, LEVEL_COUNT):
            counts[deeper] = None


def _named(element: _Element, name: str) -> Iterator[_Element]:
    return (found for found in element if local(found) == name)


def _level_of(element: _Element) -> tuple[int, _Level]:
    start = number_of(value(element, "start"))
    level = _Level(
        start=1 if start is None else start,
        form=value(element, "numFmt") or "decimal",
        pattern=value(element, "lvlText") or "",
        digits=is_on(child(element, "isLgl")),
        style=value(element, "pStyle"),
    )
    at = number_of(attribute(element, "ilvl"))
    return (0 if at is None else at), level


def written_number(count: int, form: str) -> str:
    """Return a count in one of the formats of Word, such as "upperRoman"."""
    if not 0 < count < _COUNT_MAX or form in ("decimal", "bullet", "none"):
        return str(count)
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * (1 + (count - 1) // 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = ""
        for worth, sign in _ROMAN:
            roman += sign * (count // worth)
            count %= worth
        return roman.upper() if form == "upperRoman" else roman
    if form == "decimalZero":
        return f"{count:02}"
    return str(count)
