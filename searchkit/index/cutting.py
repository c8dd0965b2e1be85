"""
Where does one passage end and the next begin?

A passage is what a person is shown: some eighty words that begin where the text
itself begins something. The body of each document is laid out in buckets of
``PASSAGE_TOKENS`` tokens; the first half of each bucket offers its best
beginning (of a section, a paragraph, a line, a sentence), so passages are
between half and one and a half buckets long, the last one perhaps shorter, and
tile the body without a gap.
All documents of a batch are cut at once, without a Python step per token.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import TokenArrays, alphabet

PASSAGE_TOKENS = 80
_HALF = PASSAGE_TOKENS // 2

_SPACE, _NEWLINE = 32, 10


def cut_passages(
    tokens: TokenArrays, bodies: NDArray[np.int64], sections: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Choose the tokens at which passages begin.

    Args:
        tokens: the words of all documents.
        bodies: (D, 2) first and one past the last token of each document's
            body; bodies ascend and may be empty.
        sections: (S,) tokens that begin a section or a page, ascending.

    Returns:
        (P,) token at which each passage begins (for an empty body: where it
        would stand), and (D,) passages of each document, at least one.
    """
    sizes = bodies[:, 1] - bodies[:, 0]
    # A last bucket of less than half the size belongs to the one before it.
    counts = np.maximum((sizes + _HALF - 1) // PASSAGE_TOKENS, 1)
    first = np.repeat(bodies[:, 0], counts)
    number = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    begins = first + number * PASSAGE_TOKENS
    later = np.flatnonzero(number)
    if later.size:
        begins[later] = _best_beginnings(tokens, begins[later], sections)
    return begins, counts


def _best_beginnings(
    tokens: TokenArrays, firsts: NDArray[np.int64], sections: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the best beginning among the ``_HALF`` tokens from each of *firsts* on."""
    lines, paragraphs = _line_beginnings(tokens)
    best = firsts.copy()
    undecided = np.arange(len(firsts))
    for better in (sections, paragraphs, lines):
        if better.size:
            at = better.searchsorted(firsts[undecided])
            found = better[np.minimum(at, len(better) - 1)]
            has = (at < len(better)) & (found < firsts[undecided] + _HALF)
            best[undecided[has]] = found[has]
            undecided = undecided[~has]
    # Most half buckets are decided by now; only the others are looked at token by token.
    window = firsts[undecided, None] + np.arange(_HALF)
    starts = tokens.starts[window]
    after_word = tokens.latin[starts - 1] == _SPACE
    sentences = _is_capital(tokens.latin[starts])
    sentences &= _is_ender(tokens.latin[tokens.ends[window - 1]])
    offsets = sentences.argmax(axis=1)
    without = np.flatnonzero(~sentences.any(axis=1))
    offsets[without] = after_word[without].argmax(axis=1)
    best[undecided] += offsets
    return best


def _line_beginnings(tokens: TokenArrays) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the tokens behind one newline or more, and those behind two or more, ascending."""
    newlines = tokens.signs[tokens.codes[tokens.signs] == alphabet.NEWLINE]
    following = tokens.starts.searchsorted(newlines)
    again = following[1:] == following[:-1]
    return following, following[1:][again]


def _is_capital(latin: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which are A to Z or À to Þ; as unsigned bytes, what is below wraps around."""
    capital: NDArray[np.bool_] = latin - np.uint8(65) < 26
    capital |= latin - np.uint8(0xC0) < 0xDF - 0xC0
    return capital


def _is_ender(latin: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which are a full stop, a question or exclamation mark, or a colon."""
    ender: NDArray[np.bool_] = (latin == 46) | (latin == 63)
    ender |= (latin == 33) | (latin == 58)
    return ender


def passage_offsets(
    text: str, tokens: TokenArrays, cuts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Return where the passages that begin at the tokens *cuts* (each > 0) begin in *text*.

    Returns:
        (P,) offset of each, as :func:`step_back` finds it, and (P,) the end of
        the word before it.

    Cost: a Python step for each that has signs right before it, or several before its blank.
    """
    starts, limits = tokens.starts[cuts], tokens.ends[cuts - 1]
    last, gaps = tokens.latin[starts - 1], starts - limits
    # Right behind a newline, or behind a blank and at most one sign: nothing to step over.
    plain = (gaps == 1) | ((gaps == 2) & (tokens.latin[limits] != _NEWLINE))
    plain &= last == _SPACE
    plain |= last == _NEWLINE
    for number in np.flatnonzero(~plain).tolist():
        starts[number] = step_back(text, int(starts[number]), int(limits[number]))
    return starts, limits


def step_back(text: str, start: int, limit: int) -> int:
    """
    Move a beginning over what belongs to it but is no word, not past *limit*.

    That is the whole line's beginning (a heading's ``##``, a list's dash), or
    within a line the quotes and brackets right before the word.
    """
    line = text.rfind("\n", limit, start)
    if line >= 0:
        return line + 1
    while start > limit and not text[start - 1].isspace():
        start -= 1
    return start
