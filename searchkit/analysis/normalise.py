"""
How is one character spelled in one way, and where did it stand?

Texts from PDF, old word processors and the web spell the same word in several
ways: decomposed (``a`` + U+030A for ``å``), with soft hyphens and zero-width
characters inside, with ligatures, or cut by a hyphen at the end of a line.
:func:`normalise` mends that and keeps, for every character of the result, the
interval of the original text that it stands for.

Invariants:

- The result is composed (NFC) wherever the original had combining marks.
- ``original[starts[i]:ends[i]]`` is what became character *i*; both ascend.
- A text without any such character is returned as it is, with no map at all:
  that is nearly every text, and it costs one scan.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COMBINING = "\u0300-\u036f"
# The grapheme joiner (34f) stands among the marks but marks nothing.
INVISIBLE = "\u00ad\u034f\u200b-\u200d\u2060\ufeff"
# Angstrom, Kelvin and Ohm signs compose to letters; ligatures are two or three letters.
SINGLETONS = "\u212a\u212b\u2126"
LIGATURES = "\ufb00-\ufb06"

_LOWER = "a-zåäöéèüàæøœßáíóúñç"
# A word cut at a line's end goes on with a small letter. "produktions-\noch" is a suspended
# compound and "EU-\nkommissionen" keeps a hyphen that was there before the line was broken.
_LINE_END = (
    rf"(?<=[{_LOWER}{COMBINING}{LIGATURES}])(?:- ?|\u2010|\u00ad[ \t]*)\r?\n[ \t]*"
    rf"(?!(?:och|eller|samt|respektive)\b)(?=[{_LOWER}{LIGATURES}])"
)
_ODD = re.compile(
    rf"[^{COMBINING}][{COMBINING}]+|{_LINE_END}|[{INVISIBLE}]|[{SINGLETONS}{LIGATURES}]",
    re.DOTALL,
)
# Where _ODD may match, or a mark that it matches with the letter before: a pattern that begins
# with one set of characters is looked for ten times as fast as one of several alternatives.
_CANDIDATE = re.compile(
    f"[{COMBINING}{INVISIBLE}{SINGLETONS}{LIGATURES}\u2010-](?:(?<![\u2010-])|(?= ?\r?\n))"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
#: Characters of which none may occur in a text that needs no normalising.
ODD_CHARACTERS = re.compile(f"[{COMBINING}{INVISIBLE}{SINGLETONS}{LIGATURES}]")
#: What a line-end hyphen looks like to a fast substring search.
LINE_END_HYPHENS = ("-\n", "-\r", "- \n", "- \r", "\u2010\n", "\u2010\r")

_LIGATURE_LETTERS = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi",
                     "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Normalised:
    """
    A text in one spelling, and the way back.

    Attributes:
        text: the normalised text, N code points.
        starts: (N,) offset in the original where each character begins, or
            None when the original was already normal (offsets are the same).
        ends: (N,) offset in the original where each character ends, or None.
    """

    text: str
    starts: NDArray[np.int64] | None = None
    ends: NDArray[np.int64] | None = None

    def original_starts(self, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Map offsets of characters to where they begin in the original."""
        return offsets if self.starts is None else self.starts[offsets]

    def original_ends(self, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Map exclusive end offsets (each > 0) to the original."""
        return offsets if self.ends is None else self.ends[offsets - 1]


def needs_normalising(text: str) -> bool:
    """Tell whether :func:`normalise` would do any work; cheap for plain text."""
    return bool(ODD_CHARACTERS.search(text)) or any(h in text for h in LINE_END_HYPHENS)


def normalise(text: str) -> Normalised:
    """
    Spell every character of *text* in one way.

    Cost: one scan of the text; a Python step for each character changed.

    Example:
        >>> normalise("Kristde\\u00admokraterna").text
        'Kristdemokraterna'
        >>> normalise("cirku-\\nlär och pro-\\nduktions-\\noch").text
        'cirkulär och produktions-\\noch'
    """
    if not needs_normalising(text):
        return Normalised(text)
    pieces: list[str] = []
    starts: list[NDArray[np.int64]] = []
    ends: list[NDArray[np.int64]] = []
    done = 0
    for match in _odd(text):
        begin, end = match.span()
        _keep(text, done, begin, pieces, starts, ends)
        replacement = _respell(match.group())
        pieces.append(replacement)
        starts.append(np.full(len(replacement), begin, np.int64))
        ends.append(np.full(len(replacement), end, np.int64))
        done = end
    if done == 0:
        return Normalised(text)
    _keep(text, done, len(text), pieces, starts, ends)
    return Normalised("".join(pieces), np.concatenate(starts), np.concatenate(ends))


def _odd(text: str) -> Iterator[re.Match[str]]:
    """Yield what ``_ODD.finditer`` does."""
    done = at = 0
    while candidate := _CANDIDATE.search(text, at):
        at = candidate.start()
        marked = done < at and _is_mark(text[at]) and not _is_mark(text[at - 1])
        match = _ODD.match(text, at - 1 if marked else at)
        if match:
            yield match
            done = at = match.end()
        else:
            at += 1


def _is_mark(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


def _keep(
    text: str,
    begin: int,
    end: int,
    pieces: list[str],
    starts: list[NDArray[np.int64]],
    ends: list[NDArray[np.int64]],
) -> None:
    pieces.append(text[begin:end])
    starts.append(np.arange(begin, end, dtype=np.int64))
    ends.append(np.arange(begin + 1, end + 1, dtype=np.int64))


def _respell(found: str) -> str:
    first, marks = found[0], found[1:]
    if _INVISIBLE.match(first) or "\n" in marks:
        # Marks on an invisible character belong to no letter; the other is a line-end hyphen.
        return ""
    letters = _LIGATURE_LETTERS.get(first, first)
    return unicodedata.normalize("NFC", letters + marks.replace("\u034f", ""))
