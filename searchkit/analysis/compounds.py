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

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from searchkit.analysis.compound_tables import CompoundTables, load_tables

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

    Cost: about 35 ms and 6 MB to load; the parts of known words are kept, some 12 MB for
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
        self._never_heads = tables.never_heads
        self._lengths = _lengths_by_beginning(tables.modifiers)
        self._leaves_of_lemma: dict[str, tuple[Leaf, ...]] = {}
        self._inner_parts: dict[str, tuple[Leaf, ...]] = {}
        self._last_unknown: tuple[str, tuple[Leaf, ...]] = ("", ())

    def split(self, word: str) -> tuple[Leaf, ...]:
        """
        Return the parts of a normalised, lower-cased *word*, () if it is no compound.

        Cost: 6 microseconds on average over the words of 119,000 documents, two of them
        the dictionary's; less than 1 for a word that it knows.
        """
        if not _SHORTEST_WORD <= len(word) <= _LONGEST_WORD:
            return ()
        if word in self._whole or not word.isalpha():
            return ()
        lemma = self._lemma(word)
        if lemma is None:
            return self._split_unknown(word)
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

    def _split_unknown(self, word: str) -> tuple[Leaf, ...]:
        # One word is asked for several times on end: by its term, its parts, its relatives.
        last, leaves = self._last_unknown
        if word != last:
            whole = word[-1] == "s" and word[:-1] in self._whole
            leaves = () if whole else self._leaves(word, _IMPOSSIBLE)
            self._last_unknown = word, leaves
        return leaves

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
        modifiers, lengths = self._modifiers, self._lengths
        last = len(word) - _SHORTEST_PART
        # costs[i] is that of the cheapest row of modifiers up to i, whose last is part_to[i].
        costs = [_IMPOSSIBLE] * (last + 1)
        costs[0] = 0
        part_to: list[tuple[int, int, str]] = [(0, 0, "")] * (last + 1)
        best, best_head = _IMPOSSIBLE, (0, 0, "")
        for at in range(last + 1):
            cost = costs[at]
            if cost >= best:
                continue
            if at:
                price, base = self._head(word, at)
                if cost + price < best:
                    best, best_head = cost + price, (at, len(word), base)
            possible = lengths.get(word[at : at + 3]) or lengths.get(word[at : at + 2], ())
            for length in possible:
                end = at + length
                if end > last:
                    break
                known = modifiers.get(word[at:end])
                if known is not None and cost + known[0] < costs[end]:
                    costs[end] = cost + known[0]
                    part_to[end] = (at, end, known[1])
        if best == _IMPOSSIBLE:
            return []
        parts = [best_head]
        while parts[-1][0]:
            parts.append(part_to[parts[-1][0]])
        if best > bar * len(parts):
            return []
        return [Leaf._make(part) for part in reversed(parts)]

    def _head(self, word: str, at: int) -> tuple[int, str]:
        """Return cost and base of the head that begins at *at*; _IMPOSSIBLE if none does."""
        stretch = word[at:]
        price, base = self._head_price(stretch)
        before = word[at - 1]
        if price == _IMPOSSIBLE and before == word[at - 2] and before not in _VOWELS:
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


def _lengths_by_beginning(modifiers: Mapping[str, object]) -> dict[str, tuple[int, ...]]:
    """
    Return the lengths of the modifiers that begin with each three letters, ascending.

    Two letters stand for those of which no modifier begins with these and a third.
    """
    lengths: dict[str, set[int]] = {}
    for shape in modifiers:
        lengths.setdefault(shape[:3], set()).add(len(shape))
    for beginning, found in lengths.items():
        if beginning[:2] in modifiers:
            found.add(_SHORTEST_PART)
    return {beginning: tuple(sorted(found)) for beginning, found in lengths.items()}
