"""
Which abbreviations are written in several words?

"t.ex.", "t. ex." and "t ex" are one abbreviation of two words, ``tex``. Which there are
stands in ``data/abbreviations.txt``; here is how they are read at a word that may begin
one. An abbreviation in one word ("dvs.") is a word like others and not of this room.
"""

from __future__ import annotations

import functools
import re
from importlib import resources

_WORD = re.compile(r"[^\W_]+")


def match_at(text: str, at: int) -> tuple[int, str] | None:
    """Read an abbreviation in several words at *at*: its end and its letters in one."""
    match = _pattern().match(text, at)
    if match is None:
        return None
    return match.end(), _letters(match[0])


def words() -> frozenset[str]:
    """Return the words of two letters or more that abbreviations are written in."""
    return frozenset(word for line in _lines() for word in line if len(word) > 1)


def may_go_on(spelling: str) -> bool:
    """Tell if an abbreviation in three words or more begins with the first two of *spelling*."""
    return tuple(_WORD.findall(spelling.lower())[:2]) in _beginnings()


@functools.cache
def _beginnings() -> frozenset[tuple[str, ...]]:
    lines = ([word for word in line if word != "!"] for line in _lines())
    return frozenset(tuple(line[:2]) for line in lines if len(line) > 2)


@functools.cache
def _lines() -> tuple[tuple[str, ...], ...]:
    path = resources.files("searchkit.analysis") / "data" / "abbreviations.txt"
    lines = path.read_text("utf-8").splitlines()
    return tuple(tuple(line.split()) for line in lines if line and not line.startswith("#"))


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of all abbreviations, the longest first."""
    ways = []
    for line in sorted(_lines(), key=len, reverse=True):
        first, *others = [word for word in line if word != "!"]
        between = r"\.\s?" if "!" in line else r"(?:\.\s?|\s)"
        # Half as slow as ignoring all case, which nobody writes.
        ways.append(between.join([f"[{first[0]}{first[0].upper()}]{first[1:]}", *others]))
    return re.compile(rf"(?:{'|'.join(ways)})(?![^\W_])\.?")


@functools.lru_cache(maxsize=1000)
def _letters(spelling: str) -> str:
    return "".join(c for c in spelling.lower() if c.isalpha())
