"""
Which words is a compound made of?

A Swedish compound is a row of modifiers and one head: ``upphandlings|strategi``. Two
tables say what may be a modifier, in the shape it takes there (``kvinno``, ``skol``,
``produktions``), and what may be a head, each at a *cost*: the fewer compounds it was
seen in, the dearer (:mod:`.compound_tables`). The split of a word is its cheapest row,
found by a dynamic programme over the few places that a row of modifiers can reach from
the start; a head is looked up only there.

Invariants:

- The model is a pure function of the word, the shipped tables and the dictionary.
- Leaves cover the word without gap or overlap, at least two, the last one is the head.
- A form that the dictionary knows is cut where its lemma is cut.
- A word that the dictionary knows stays whole if its parts are dear; an unknown one is
  split whenever it can be.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import NamedTuple

from searchkit.analysis.compound_tables import (
    NO_MODIFIERS,
    CompoundTables,
    by_beginning,
    load_tables,
)

_SHORTEST_PART = 2
_SHORTEST_WORD = 5
# No Swedish word is longer; a made-up one would cost time that grows with its square.
_LONGEST_WORD = 100
# What the parts of a known word may cost on average, in tenths of a nat. 95 misses another
# 8 % of Wikidata's compounds, 115 breaks another 1 % of the simplex words of policy text.
_KNOWN_WORD_BAR = 105
# The same for a part that may be a compound itself ("arbetsmarknads"): its base is at
# least this long, and so are the parts of it.
_INNER_BAR = 95
_SHORTEST_INNER_WORD = 8
_SHORTEST_INNER_PART = 4
_IMPOSSIBLE = 1 << 30

_VOWELS = frozenset("aeiouyåäöé")
# "organiseringen" and "organiserad" are forms of a verb in -era, "telering" is not.
_VERB_TAILS = ("ring", "rad")
# "lagar" is a form of "laga" too, and the dictionary gives one lemma only.
_PLURALS = frozenset({"ar", "er", "or"})


class Leaf(NamedTuple):
    """
    One part of a compound that is not cut further.

    Attributes:
        start: code-point offset in the word as given.
        end: exclusive end. A linking morpheme belongs to the modifier (``upphandlings``),
            and so does the one consonant that stands for two (``buss|tation``).
        base: the base form of that part (``upphandling``, ``kvinna``, ``station``).
    """

    start: int
    end: int
    base: str


class CompoundModel:
    """
    The splitter of compounds.

    Args:
        lemma: the dictionary: the lemma of a form, or None for an unknown one.
            Names may come capitalised.
        tables: what was learnt; the shipped tables if None.

    Cost: about 35 ms and 9 MB to load; the parts of known words are kept, some 12 MB for
    the vocabulary of 119,000 documents.

    Example:
        >>> from searchkit.analysis.words import default_model
        >>> model = CompoundModel(default_model().dictionary_lemma)
        >>> [leaf.base for leaf in model.split("upphandlingsstrategierna")]
        ['upphandling', 'strategi']
        >>> [leaf.base for leaf in model.split("busstation")]
        ['buss', 'station']
        >>> model.split("verksamhet")
        ()
    """

    def __init__(
        self, lemma: Callable[[str], str | None], *, tables: CompoundTables | None = None
    ) -> None:
        tables = tables or load_tables()
        self.fingerprint = tables.fingerprint
        self._lemma = lemma
        self._modifiers = tables.modifiers
        self._heads = tables.heads
        self._whole = tables.whole
        # What the last part of a row costs at least, and the last two: a row that cannot become
        # the cheapest any more is left, which saves a tenth.
        self._least_head = min(tables.heads.values(), default=0)
        least = min((cost for cost, _ in tables.modifiers.values()), default=0)
        self._least_row = least + self._least_head
        self._never_heads = tables.never_heads
        self._beginnings = by_beginning(tables.modifiers)
        self._leaves_of_lemma: dict[str, tuple[Leaf, ...]] = {}
        self._inner_parts: dict[str, tuple[Leaf, ...]] = {}

    def split(self, word: str) -> tuple[Leaf, ...]:
        """
        Return the parts of a normalised, lower-cased *word*, () if it is no compound.

        Cost: 4 microseconds on average over the words of 119,000 documents, 3 for a word that
        the dictionary knows.
        """
        if not _SHORTEST_WORD <= len(word) <= _LONGEST_WORD:
            return ()
        if word in self._whole or not word.isalpha():
            return ()
        lemma = self._lemma(word)
        if lemma is None:
            whole = word[-1] == "s" and word[:-1] in self._whole
            return () if whole else self._leaves(word, _IMPOSSIBLE)
        leaves = self._leaves_of_lemma.get(lemma)
        if leaves is None:
            leaves = () if self._stays_whole(lemma) else self._leaves(lemma, _KNOWN_WORD_BAR)
            self._leaves_of_lemma[lemma] = leaves
        if not leaves or lemma == word:
            return leaves
        head = leaves[-1]
        if word[: head.start] != lemma[: head.start]:
            return ()
        return (*leaves[:-1], Leaf(head.start, len(word), head.base))

    def modifier_base(self, stretch: str) -> str | None:
        """
        Return the base form of a modifier as it stands in compounds, None if it is none.

        ``kvinno`` gives ``kvinna``, ``produktions`` gives ``produktion``.
        """
        known = self._modifiers.get(stretch)
        return None if known is None else known[1]

    def unions(self, word: str, leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
        """
        Return the rows of adjacent *leaves* of *word* that are words of their own.

        The whole word is not among them. ``jord|bruks|politik`` gives ``jordbruks``, base
        ``jordbruk``.
        """
        count = len(leaves)
        found = []
        for first in range(count - 1):
            for last in range(first + 1, count if first else count - 1):
                start, end = leaves[first].start, leaves[last].end
                is_head = last == count - 1
                base = (self._union_head if is_head else self._union_modifier)(word[start:end])
                if base is not None:
                    found.append(Leaf(start, end, base))
        return tuple(found)

    def _union_head(self, stretch: str) -> str | None:
        lemma = self._lemma(stretch)
        return lemma if lemma is not None and lemma.islower() else None

    def _union_modifier(self, stretch: str) -> str | None:
        base = self.modifier_base(stretch)
        if base is not None:
            return base
        for base in (stretch, stretch.removesuffix("s")):
            if self._lemma(base) == base:
                return base
        return None

    def _stays_whole(self, lemma: str) -> bool:
        return len(lemma) < _SHORTEST_WORD or lemma in self._whole or not lemma.islower()

    def _leaves(self, word: str, bar: int) -> tuple[Leaf, ...]:
        """Split *word*, and the parts of it that are compounds themselves."""
        leaves: list[Leaf] = []
        for part in self._cheapest(word, bar):
            inner = self._inner(part.base) if len(part.base) >= _SHORTEST_INNER_WORD else ()
            if inner:
                leaves += _placed(inner, part, word)
            else:
                leaves.append(part)
        return tuple(leaves)

    def _inner(self, base: str) -> tuple[Leaf, ...]:
        """Return the parts of *base* if it is a compound itself, else ()."""
        parts = self._inner_parts.get(base)
        if parts is None:
            found = [] if base in self._whole else self._cheapest(base, _INNER_BAR)
            if any(part.end - part.start < _SHORTEST_INNER_PART for part in found):
                found = []
            parts = self._inner_parts[base] = tuple(found)
        return parts

    def _cheapest(self, word: str, bar: int) -> list[Leaf]:
        """Return the cheapest row of parts, [] if there is none within *bar* a part."""
        beginning, last = self._beginnings.get, len(word) - _SHORTEST_PART
        least_head, least_row = self._least_head, self._least_row
        # costs[i] is that of the cheapest row of modifiers up to i, whose last is part_to[i].
        costs, part_to = {0: 0}, dict[int, tuple[int, int, str]]()
        best, best_head = _IMPOSSIBLE, (0, 0, "")
        # Ascending; the loop below adds to it, always behind where it is.
        places = [0]
        for at in places:
            cost = costs[at]
            if cost + least_head >= best:
                continue
            if at:
                price, base = self._head(word, at)
                if cost + price < best:
                    best, best_head = cost + price, (at, len(word), base)
                if cost + least_row >= best:
                    continue
            lengths, shapes = (
                beginning(word[at : at + 4])
                or beginning(word[at : at + 3])
                or beginning(word[at : at + 2], NO_MODIFIERS)
            )
            for length in lengths:
                end = at + length
                if end > last:
                    break
                known = shapes(word[at:end])
                if known is not None:
                    if end not in costs:
                        insort(places, end)
                    elif cost + known[0] >= costs[end]:
                        continue
                    costs[end], part_to[end] = cost + known[0], (at, end, known[1])
        parts = [best_head]
        while parts[-1][0]:
            parts.append(part_to[parts[-1][0]])
        within = best < _IMPOSSIBLE and best <= bar * len(parts)
        return [Leaf(*part) for part in reversed(parts)] if within else []

    def _head(self, word: str, at: int) -> tuple[int, str]:
        """Return cost and base of the head that begins at *at*; _IMPOSSIBLE if none does."""
        stretch, before = word[at:], word[at - 1]
        price, base = self._head_price(stretch)
        if price == _IMPOSSIBLE:
            if before != word[at - 2] or before in _VOWELS:
                return price, base
            # One of three equal consonants is dropped: buss + station, till + lägga.
            stretch = before + stretch
            price, base = self._head_price(stretch)
        if stretch in self._never_heads or (before == "e" and stretch.startswith(_VERB_TAILS)):
            return _IMPOSSIBLE, ""
        return price, base

    def _head_price(self, stretch: str) -> tuple[int, str]:
        heads = self._heads
        price = heads.get(stretch)
        if price is not None:
            return price, stretch
        lemma = self._lemma(stretch)
        if lemma is None:
            return _IMPOSSIBLE, ""
        price = heads.get(lemma)
        if price is None and stretch[-2:] in _PLURALS:
            lemma = stretch[:-2]
            price = heads.get(lemma)
        return (_IMPOSSIBLE, "") if price is None else (price, lemma)


def _placed(inner: tuple[Leaf, ...], part: Leaf, word: str) -> list[Leaf]:
    """Return the parts *inner* of the base of *part* where they stand in *word*."""
    begin, cut = part.start, inner[-1].start
    if part.end - begin <= cut or not word.startswith(part.base[:cut], begin):
        return [part]
    placed = [Leaf(begin + start, begin + end, base) for start, end, base in inner]
    placed[-1] = Leaf(begin + cut, part.end, inner[-1].base)
    return placed
