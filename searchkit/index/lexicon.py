"""
Which words and terms does a segment know, and what stands inside its words?

The lexicon of a segment under construction: its words and its *extras* (what a
context makes of words: references, restored compounds, whole numbers), each
with its term, and the parts of each word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.parts import Analysed
from searchkit.index.format import ArrayFileWriter
from searchkit.index.segment import NO_TERM
from searchkit.index.strings import write_strings

#: The analysis of words (and of the spellings of extras), in their order.
Analyze = Callable[[Sequence[str]], Analysed]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """W words, Y extras and their E terms; all three in UTF-8 order."""

    words: Sequence[str]
    extras: Sequence[str]
    terms: Sequence[str]
    word_terms: NDArray[np.uint32]
    """(W,) term of each word."""
    extra_terms: NDArray[np.uint32]
    """(Y,) term of each extra, or NO_TERM for one that means nothing."""
    part_offsets: NDArray[np.int64]
    """(W + Y + 1,) where the parts of each word, then of each extra, begin."""
    part_terms: NDArray[np.uint32]
    """(Q,) term of each part."""
    analysed: Analysed
    """Of the words, then of the extras."""
    by_term: NDArray[np.int64]
    """(W,) words in the order of their terms."""
    term_forms: NDArray[np.int64]
    """(E,) number of words of each term."""

    @classmethod
    def settle(cls, words: Sequence[str], extras: Sequence[str], analysed: Analysed) -> Lexicon:
        """Number the terms of words and extras, both given in UTF-8 order."""
        used = np.zeros(len(analysed.strings), bool)
        used[analysed.terms] = True
        used[analysed.part_terms] = True
        codes = np.flatnonzero(used).tolist()
        strings = list(map(analysed.strings.__getitem__, codes))
        # Mostly in order already where they come from a segment, and then sorted in no time.
        terms = sorted(dict.fromkeys(strings))
        number_of_code = np.zeros(len(used), np.uint32)
        empty = terms[:1] == [""]
        if empty:
            del terms[0]
        if strings == [*terms, *[""] * empty]:
            # They come from one segment.
            number_of_code[codes] = [*range(len(terms)), *[NO_TERM] * empty]
        else:
            number = dict(zip(terms, range(len(terms)), strict=True))
            number[""] = NO_TERM
            number_of_code[codes] = list(map(number.__getitem__, strings))
        row_terms = number_of_code[analysed.terms]
        word_terms = row_terms[: len(words)]
        return cls(
            words=words,
            extras=extras,
            terms=terms,
            word_terms=word_terms,
            extra_terms=row_terms[len(words) :],
            part_offsets=np.concatenate([[0], np.cumsum(analysed.counts, dtype=np.int64)]),
            part_terms=number_of_code[analysed.part_terms],
            analysed=analysed,
            by_term=np.argsort(word_terms, kind="stable"),
            term_forms=np.bincount(word_terms, minlength=len(terms)),
        )

    def word_ranks(self) -> NDArray[np.uint32]:
        """Return the (W,) number of each word among the words of its term."""
        forms = self.term_forms
        ranks = np.empty(len(self.words), np.uint32)
        ranks[self.by_term] = np.arange(len(ranks)) - np.repeat(np.cumsum(forms) - forms, forms)
        return ranks

    def write(self, file: ArrayFileWriter) -> None:
        """Write the lexicon's arrays."""
        for name, strings in (("words", self.words), ("extras", self.extras)):
            write_strings(file, name, strings)
        write_strings(file, "terms", self.terms)
        term_offsets = np.concatenate([[0], np.cumsum(self.term_forms)])
        for name, array in (
            ("word_terms", self.word_terms),
            ("extras.terms", self.extra_terms),
            ("term_words", self.by_term.astype(np.uint32)),
            ("term_words.offsets", term_offsets.astype(np.uint32)),
            ("parts.offsets", self.part_offsets.astype(np.uint32)),
            ("parts.terms", self.part_terms),
            ("parts.starts", self.analysed.starts),
            ("parts.ends", self.analysed.ends),
            ("parts.kinds", self.analysed.kinds),
        ):
            file.add(name, array)
