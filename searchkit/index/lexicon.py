"""
Which words and terms does a segment know, and what stands inside its words?

The lexicon of a segment under construction: its words and its *extras* (what a
context makes of words: references, restored compounds, whole numbers), each
with its term, and the parts of each word. :class:`KnownWords` is the way back:
what existing segments know of words, so that no word is analysed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, count, repeat

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import tokenize
from searchkit.analysis.parts import Analysed
from searchkit.analysis.tokenize import hash_word
from searchkit.index.format import ArrayFileWriter
from searchkit.index.segment import NO_TERM, Segment
from searchkit.index.strings import Strings, write_strings

# Finding the place of a new word among known ones takes 25 microseconds, sorting one 1.
_FEW_NEW = 10_000

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


@dataclass(frozen=True, slots=True)
class Numbered:
    """The distinct strings of several sources in UTF-8 order."""

    strings: list[str]
    numbers: dict[str, NDArray[np.int64]]
    """The number of each string of each source."""
    rows: NDArray[np.int64]
    """(len(strings),) what is known of each: a row of `KnownWords`, or -1."""


class KnownWords:
    """
    What segments know of words and extras, and an analysis for the others.

    Words are told apart by their 64-bit hashes, as on the line of tokens, so
    that where most words are known nothing is done for each of them in Python.

    Args:
        most: it will be asked for most of what the segments know, not for a little.

    Memory: about 100 bytes a word.
    """

    def __init__(self, segments: Iterable[Segment], analyze: Analyze, *, most: bool = True) -> None:
        self._analyze = analyze
        self._segments = tuple(segments)
        hashes, rows = [np.zeros(0, np.uint64)], [np.zeros(0, int)]
        # Rows of a segment: its words, then its extras; then those of the next.
        self._ends: list[int] = []
        done = 0
        for segment in self._segments:
            words = len(segment.words)
            hashes.append(word_hashes(segment.words))
            rows.append(np.arange(done, done + words))
            done += words + len(segment.extras)
            self._ends.append(done)
        joined = np.concatenate(hashes)
        order = joined.argsort(kind="stable")
        self._hashes, self._rows = joined[order], np.concatenate(rows)[order]
        self._extra_rows = self._rows_of_extras() if most else None

    def number_words(
        self, words_of: Mapping[str, Sequence[str]], hashes_of: Mapping[str, NDArray[np.uint64]]
    ) -> Numbered:
        """
        Number the words of all sources together.

        Args:
            words_of: the words of each source.
            hashes_of: their hashes, in the same order.

        Cost: 0.4 microseconds a word, new ones 1.4.
        """
        words = list(chain.from_iterable(words_of.values()))
        hashes = [np.zeros(0, np.uint64), *map(hashes_of.__getitem__, words_of)]
        distinct, first, inverse = np.unique(
            np.concatenate(hashes), return_index=True, return_inverse=True
        )
        rows = np.full(len(distinct), -1)
        if len(self._hashes):
            at = self._hashes.searchsorted(distinct)
            at[at == len(self._hashes)] = 0
            rows = np.where(self._hashes[at] == distinct, self._rows[at], -1)
        strings = list(map(words.__getitem__, first.tolist()))
        order = self._order(strings, rows)
        number = np.empty(len(strings), np.int64)
        number[order] = np.arange(len(strings))
        ends = accumulate(map(len, words_of.values()))
        of_source = np.split(number[inverse], list(ends)[:-1])
        in_order = list(map(strings.__getitem__, order.tolist()))
        return Numbered(in_order, dict(zip(words_of, of_source, strict=True)), rows[order])

    def number_extras(self, extras_of: Mapping[str, Sequence[str]]) -> Numbered:
        """Number the extras of all sources together. Cost: 2 microseconds each."""
        strings = sorted(dict.fromkeys(chain.from_iterable(extras_of.values())))
        number = dict(zip(strings, range(len(strings)), strict=True))
        known = self._extra_rows
        if known is None and len(strings) > _FEW_NEW:
            known = self._rows_of_extras()
        found = map(self._find_extra, strings)
        if known is not None:
            found = map(known.get, strings, repeat(-1))
        rows = np.fromiter(found, np.int64, len(strings))
        numbers = {
            source: np.fromiter(map(number.__getitem__, own), np.int64, len(own))
            for source, own in extras_of.items()
        }
        return Numbered(strings, numbers, rows)

    def analyze(self, words: Numbered, extras: Numbered) -> Analysed:
        """Return the analysis of words, then of extras; only what is new is analysed."""
        rows = np.concatenate([words.rows, extras.rows])
        known, rows = self._analysed(rows)
        missing = np.flatnonzero(rows < 0)
        if not len(missing):
            return known.take(rows)
        strings = [*words.strings, *extras.strings]
        fresh = self._analyze(list(map(strings.__getitem__, missing.tolist())))
        rows[missing] = len(known.terms) + np.arange(len(missing))
        return Analysed.joined([known, fresh]).take(rows)

    def _find_extra(self, spelling: str) -> int:
        """Return the row of an extra, or -1; the last segment that has it tells."""
        for segment, end in zip(reversed(self._segments), reversed(self._ends), strict=True):
            number = segment.extras.find(spelling)
            if number is not None:
                return end - len(segment.extras) + number
        return -1

    def _rows_of_extras(self) -> dict[str, int]:
        rows: dict[str, int] = {}
        for segment, end in zip(self._segments, self._ends, strict=True):
            rows.update(zip(segment.extras, count(end - len(segment.extras))))
        return rows

    def _analysed(self, rows: NDArray[np.int64]) -> tuple[Analysed, NDArray[np.int64]]:
        """Return what is known of the words in *rows*, and the rows of that; -1 stays."""
        known, renumbered, done, first = [Analysed.of([], [])], np.full(len(rows), -1), 0, 0
        for segment, end in zip(self._segments, self._ends, strict=True):
            mine = np.flatnonzero((rows >= first) & (rows < end))
            if mine.size:
                analysed = segment.analysed(rows[mine] - first)
                known.append(analysed)
                renumbered[mine] = done + np.arange(len(mine))
                done += len(mine)
            first = end
        return Analysed.joined(known), renumbered

    def _order(self, strings: Sequence[str], rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the strings' numbers in the UTF-8 order of the strings."""
        new = np.flatnonzero(rows < 0)
        if len(self._segments) != 1 or len(new) > _FEW_NEW:
            return np.array(sorted(range(len(strings)), key=strings.__getitem__), np.int64)
        # One segment's words are in order: the few new ones are put between them.
        table = self._segments[0].words
        by_string = sorted(new.tolist(), key=strings.__getitem__)
        keys = 2 * rows + 1
        keys[new] = [2 * table.lower_bound(strings[n].encode()) for n in new.tolist()]
        among_new = np.zeros(len(strings), np.int64)
        among_new[by_string] = np.arange(len(new))
        return np.lexsort((among_new, keys))


def word_hashes(words: Strings) -> NDArray[np.uint64]:
    """Return the (W,) hash of each word, as the tokenizer has it. Cost: 0.3 microseconds each."""
    tokens = tokenize(words.joined())
    if len(tokens.hashes) == len(words):
        return tokens.hashes
    # Some are cut further when they stand by themselves: they get a hash of their own.
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    begins = np.cumsum(sizes + 1) - sizes - 1
    at = np.minimum(tokens.starts.searchsorted(begins), len(tokens.starts) - 1)
    hashes: NDArray[np.uint64] = tokens.hashes[at]
    for number in np.flatnonzero(tokens.ends[at] - tokens.starts[at] != sizes).tolist():
        hashes[number] = hash_word(words[number])
    return hashes
