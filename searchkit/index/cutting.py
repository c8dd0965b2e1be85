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

# How good a beginning a token is; lower is better.
_SECTION, _PARAGRAPH, _LINE, _SENTENCE, _WORD, _INSIDE = range(6)
_SPACE = 32


def cut_passages(
    text: str,
    tokens: TokenArrays,
    bodies: NDArray[np.int64],
    sections: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Choose the tokens at which passages begin.

    Args:
        text: the batch that *tokens* lie in.
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
        grades = _grades(text, tokens, sections)
        window = begins[later, None] + np.arange(_HALF)
        window_ends = np.repeat(bodies[:, 1], counts)[later, None]
        cost = grades[np.minimum(window, len(grades) - 1)] * _HALF + np.arange(_HALF)
        cost[window >= window_ends] = (_INSIDE + 1) * _HALF
        begins[later] += np.argmin(cost, axis=1)
    return begins, counts


def _grades(text: str, tokens: TokenArrays, sections: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (T,) how good a beginning each token is, from what stands before it."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    newlines = np.cumsum(tokens.codes == alphabet.NEWLINE, dtype=np.int32)
    before = np.maximum(tokens.starts - 1, 0)
    after_last = np.concatenate([[0], tokens.ends[:-1]])
    lines = newlines[before] - newlines[np.maximum(after_last - 1, 0)]
    opening = points[tokens.starts]
    capital = ((opening >= 65) & (opening <= 90)) | ((opening >= 0xC0) & (opening <= 0xDE))
    after = points[after_last]
    ended = (after == 46) | (after == 63) | (after == 33) | (after == 58)  # . ? ! :
    grades = np.full(len(lines), _INSIDE, np.int64)
    grades[points[before] == _SPACE] = _WORD
    grades[capital & ended] = _SENTENCE
    grades[lines == 1] = _LINE
    grades[lines > 1] = _PARAGRAPH
    grades[sections[sections < len(grades)]] = _SECTION
    return grades


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
