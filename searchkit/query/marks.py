"""
Which characters of a passage matched?

A word, a phrase or a pattern marks the words it stands on. Where a term stands
*inside* a word only that stretch is marked (``[avfall]shanteringen``), and what
stands there by its context is marked where it is written: a reference as a
whole, a suspended compound in both its pieces (``[produktions-] och
konsumtions[mönster]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import alphabet, normalise, word_bounds
from searchkit.analysis.runs import stretches
from searchkit.analysis.tokenize import odd_offsets
from searchkit.errors import CorruptIndexError
from searchkit.index import Segment
from searchkit.query.arrays import Ids
from searchkit.query.leaves import Spans

Mark = tuple[int, int]

# What ends a reference to a section and is no word.
_SECTION_SIGN = re.compile(r"\s?§§?")


@dataclass(frozen=True, slots=True)
class Found:
    """Where one clause stands in the documents looked at."""

    spans: Spans
    weight: float
    """What it counts for in the choice of passages."""
    inner: int | None = None
    """The term (its number in the segment) that stands inside the words of *spans*; else None."""


def marks_of(
    segment: Segment, passages: Sequence[int], texts: Sequence[str], found: Sequence[Found]
) -> list[list[Mark]]:
    """Return the marks of each passage, in code points of its text: ascending, disjoint."""
    marks: list[list[Mark]] = [[] for _ in passages]
    places = segment.passage_starts[passages]
    following = np.array(passages, np.int64) + 1
    limits = segment.passage_starts.take(following, mode="clip")
    limits[following == len(segment.passage_starts)] = segment.tokens
    owners, starts, ends, inner = _shown(found, places, limits)
    if not len(owners):
        return marks
    words = _Words.of(texts)
    shift = (words.firsts[:-1] - places)[owners]
    last = words.firsts[1:][owners] - 1
    first_word = starts + shift
    if (first_word > last).any():
        raise CorruptIndexError(segment.path, "a passage has fewer words than its table says")
    # A phrase may run on into the next passage; here it is marked to the end.
    last_word = np.minimum(ends + shift, last)
    bounds = zip(words.starts[first_word].tolist(), words.ends[last_word].tolist(), strict=True)
    insides = _Insides(segment, words, places)
    numbers = first_word.tolist()
    for at, (owner, bound) in enumerate(zip(owners.tolist(), bounds, strict=True)):
        term = inner[at]
        if term is None:
            marks[owner].append(bound)
        else:
            marks[owner] += insides.marks(term, owner, numbers[at], bound)
    return list(map(_merged, marks))


def _shown(
    found: Sequence[Found], places: NDArray[np.uint32], limits: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], Ids, Ids, list[int | None]]:
    """
    Return the stretches that begin in the passages shown, clause after clause.

    Returns:
        which of the passages each begins in, its first and its last place, and
        the term inside it, if any.
    """
    owners: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    starts: list[Ids] = [places[:0]]
    ends: list[Ids] = [places[:0]]
    inner: list[int | None] = []
    numbers = np.arange(len(places))
    for one in found:
        spans = one.spans
        lows, highs = spans.starts.searchsorted(places), spans.starts.searchsorted(limits)
        at = stretches(lows, highs)
        owners.append(numbers.repeat(highs - lows))
        starts.append(spans.starts[at])
        ends.append(starts[-1] if spans.ends is spans.starts else spans.ends[at])
        inner += [one.inner] * len(at)
    return np.concatenate(owners), np.concatenate(starts), np.concatenate(ends), inner


@dataclass(frozen=True, slots=True)
class _Words:
    """The W words of some texts."""

    texts: Sequence[str]
    starts: NDArray[np.int64]
    """(W,) where each begins in its text."""
    ends: NDArray[np.int64]
    firsts: NDArray[np.int64]
    """(len(texts) + 1,) the first word of each text."""

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Words:
        """Cut texts into words."""
        bounds = word_bounds("\n".join(texts))
        pieces = None
        lengths = map(len, texts)
        if odd_offsets(bounds.codes, bounds.signs).size:
            pieces = [normalise(text) for text in texts]
            normal = [piece.text for piece in pieces]
            bounds = word_bounds("\n".join(normal))
            lengths = map(len, normal)
        begins = np.array([0, *accumulate(length + 1 for length in lengths)], np.int64)
        firsts = bounds.starts.searchsorted(begins)
        owner = begins[:-1].repeat(firsts[1:] - firsts[:-1])
        starts, ends = bounds.starts - owner, bounds.ends - owner
        for n, piece in enumerate(pieces or ()):
            own = slice(int(firsts[n]), int(firsts[n + 1]))
            starts[own] = piece.original_starts(starts[own])
            ends[own] = piece.original_ends(ends[own])
        return cls(texts, starts, ends, firsts)

    def bounds(self, number: int) -> Mark:
        """Return start and end of one word in its text."""
        return self.starts.item(number), self.ends.item(number)


class _Insides:
    """Finds the stretches of words, and of their context, that a term stands for."""

    def __init__(self, segment: Segment, words: _Words, places: NDArray[np.uint32]) -> None:
        self._segment = segment
        self._words = words
        self._places = places
        self._contexts: dict[int, list[tuple[int, int, str]]] = {}

    def marks(self, term: int, owner: int, word: int, bound: Mark) -> list[Mark]:
        """Return what to mark of *word* (by number, at *bound*) in a text for a term inside it."""
        start, end = bound
        part = self._segment.stretch(term, alphabet.lower(self._words.texts[owner][start:end]))
        if part is not None:
            return [(start + part[0], start + part[1])]
        return list(self._by_context(term, owner, word)) or [bound]

    def _by_context(self, term: int, owner: int, word: int) -> Iterator[Mark]:
        """Yield what an extra with this term takes of the text."""
        segment, words = self._segment, self._words
        first = int(words.firsts[owner])
        place = int(self._places[owner]) + word - first
        # Of the table's own type: with another one, searching would convert all of the table.
        around = np.array([place, place + 1], np.uint32)
        low, high = segment.extra_places.searchsorted(around).tolist()
        for at in range(low, high):
            number = segment.extra_numbers.item(at)
            if segment.extra_terms.item(number) != term:
                continue
            spelling = segment.extras[number]
            for token, partner, own in self._context(owner):
                if token == word - first and own == spelling:
                    yield from self._pieces(owner, word, first + partner, number)

    def _pieces(self, owner: int, word: int, partner: int, number: int) -> Iterator[Mark]:
        (start, end), (begin, limit) = map(self._words.bounds, (word, partner))
        left, _, right = self._segment.extras[number].partition("|")
        if not left.endswith("-") and not right.startswith("-"):
            sign = _SECTION_SIGN.match(self._words.texts[owner], limit)
            yield start, sign.end() if sign else limit
            return
        yield (start, end + 1) if left.endswith("-") else (start - 1, end)
        row = self._segment.part_offsets.item(len(self._segment.words) + number)
        yield (
            begin + self._segment.part_starts.item(row),
            min(limit, begin + self._segment.part_ends.item(row)),
        )

    def _context(self, owner: int) -> list[tuple[int, int, str]]:
        """Return token, partner and spelling of the extras in one text."""
        if owner not in self._contexts:
            # Imported here: it takes 40 ms, and few passages are marked by their context.
            from searchkit.analysis.context import find_extras

            _, extras = find_extras(normalise(self._words.texts[owner]).text)
            self._contexts[owner] = list(
                zip(extras.tokens.tolist(), extras.partners.tolist(), extras.spellings, strict=True)
            )
        return self._contexts[owner]


def _merged(bounds: list[Mark]) -> list[Mark]:
    """Sort marks and join those that overlap."""
    if len(bounds) < 2:
        return bounds
    marks: list[Mark] = []
    for start, end in sorted(bounds):
        if marks and start < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return marks
