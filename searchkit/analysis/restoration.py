"""
Which word is a suspended half, and what does it share with the full word?

The full word is cut where the compound model cuts it; the question is which of
the cuts the half goes up to. Rules, the first that answers wins:

1. the last leaf, if half and leaf are a word of the dictionary together
   ("kredit- och arbetsmarknadspolitik": ``kreditpolitik``);
2. a longer tail whose first leaf makes a word with the half ("jord- och
   skogsbrukspolitik": ``jordbruk``, so ``jordbrukspolitik``);
3. the last leaves that are a word together ("mark- och miljö|dom|stolen":
   ``domstolen``), else the last leaf alone.

A full word that is no compound may still be a prefix and a word ("in- eller
utförsel") or may share an ending ("fri- och rättigheter"): there the dictionary
must know the result, or both its parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from searchkit.analysis.compounds import CompoundModel, Leaf

#: Raised whenever a spelling gives another word; part of what an index depends on.
RESTORATION_VERSION = 1

Lemma = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Restored:
    """
    A suspended half made whole.

    Attributes:
        word: the compound that the half stands for, in one piece.
        start: code-point offset, in the full word, of what the half shares with it.
        end: exclusive end of that stretch.
    """

    word: str
    start: int
    end: int


# Two of these share all that follows: "in- eller utförsel", "låg- och medelinkomstländer".
_PARTICLES = frozenset(
    (
        "an", "av", "bak", "bort", "del", "efter", "fler", "flera", "fort", "fram", "från", "fri",
        "för", "före", "hel", "halv", "hög", "högre", "in", "inne", "inåt", "kort", "lik", "låg",
        "lång", "med", "medel", "mellan", "miss", "mot", "ned", "nedåt", "ner", "nord", "ny", "när",
        "om", "på", "sam", "själv", "små", "stor", "syd", "sydväst", "sär", "till", "under", "upp",
        "uppåt", "ur", "ut", "utom", "utåt", "väst", "åter", "öst", "över",
    )
)  # fmt: skip
# Those of them that make verbs: other halves share what follows only if that is a known word.
_PREFIXES = frozenset(
    (
        "an", "av", "bi", "bort", "efter", "fram", "från", "för", "före", "in", "med", "mot", "ned",
        "ner", "om", "på", "sam", "till", "under", "upp", "ut", "åter", "över",
    )
)  # fmt: skip
_NUMBERS = frozenset(
    (
        "en", "ett", "två", "tre", "fyr", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "fler",
    )
)  # fmt: skip
_ENDINGS = frozenset(
    (
        "het", "heten", "heter", "heterna", "hets", "hetens", "heters", "heternas", "skap",
        "skapet", "skaps", "dom", "mässig", "mässigt", "mässiga", "lig", "ligt", "liga", "are",
        "aren", "arna", "bar", "bart", "bara", "sam", "samt", "samma", "fri", "fritt", "fria",
    )
)  # fmt: skip
# "små- och medelstora företag" are småföretag, no "småstora"; the rest are function words.
_NO_HEADS = frozenset(
    (
        "stora", "stor", "stort", "små", "lång", "långa", "eller", "från", "inom", "till", "under",
        "även", "över",
    )
)  # fmt: skip
_ADJECTIVE_ENDING = re.compile(
    r"(?:isk|iska|iskt|ig|iga|igt|ell|ella|ellt|iv|iva|ivt|al|ala|alt|ad|ade|at|ande|ende|ika"
    r"|rikes|stora|stor|sam|samma|bar|bara|bart|är|ära|ärt)$"
)
_VOWELS = frozenset("aeiouyåäöé")
_SHORTEST_TAIL = 3
_SHORTEST_HALF = 2
_SHORTEST_HEAD = 4
_SHORTEST_NAME = 6
_SHORTEST_BEHIND_UNKNOWN = 7
_LONGEST_PARTICLE = 7
_SHORTEST_FULL = 4


def restore(compounds: CompoundModel, lemma: Lemma, spelling: str) -> Restored | None:
    """
    Return the word that a suspended half stands for.

    Args:
        compounds: splits words.
        lemma: the dictionary: the lemma of a form, or None.
        spelling: a pair as :func:`searchkit.analysis.suspended.find` spells it.

    Returns:
        The word, and which stretch of the partner it shares; None if the two
        words share nothing that can be told.

    Cost:
        20 to 60 microseconds: a handful of splits and look-ups.

    Example:
        >>> from searchkit.analysis.words import default_model
        >>> model = default_model()
        >>> lemma = model.dictionary_lemma
        >>> restore(model.compounds, lemma, "produktions-|konsumtionsmönster")
        Restored(word='produktionsmönster', start=11, end=18)
        >>> restore(model.compounds, lemma, "energipolitik|-forskning")
        Restored(word='energiforskning', start=0, end=6)
    """
    left, _, right = spelling.partition("|")
    rules = _Rules(compounds, lemma)
    if left.endswith("-"):
        half = left[:-1]
        if len(half) < _SHORTEST_HALF or not half[-1:].isalpha():
            return None
        if right.startswith("-"):
            return Restored(_join(half, right[1:]), 0, len(right) - 1)
        *earlier, full = right.split(" ")
        if not earlier:
            return rules.ahead(half, full)
        return rules.further(half, earlier, full)
    half = right[1:]
    if len(half) < _SHORTEST_TAIL:
        return None
    first, hyphen, _ = left.partition("-")
    if hyphen:
        return Restored(first + half, 0, len(first))
    return rules.behind(left, half)


def looks_like_adjective(word: str) -> bool:
    """Tell if *word* ends as an adjective or participle does (some nouns do, too)."""
    return _ADJECTIVE_ENDING.search(word) is not None


@dataclass(frozen=True, slots=True)
class _Rules:
    compounds: CompoundModel
    lemma: Lemma

    def ahead(self, half: str, full: str) -> Restored | None:
        """Restore a half before *full*, which gives its end."""
        if len(full) < _SHORTEST_FULL:
            return None
        cut = self._cut(half, full)
        if cut is None or full[cut:] in _NO_HEADS:
            return None
        return Restored(_join(half, full[cut:]), cut, len(full))

    def further(self, half: str, earlier: Sequence[str], full: str) -> Restored | None:
        """Restore a half whose full word comes after *earlier* ones, if it is none of them."""
        if len(full) < _SHORTEST_FULL or any(self.ahead(half, word) for word in earlier):
            return None
        shared = self.ahead(half, full) if self.compounds.split(full) else None
        if shared is not None:
            return shared
        if looks_like_adjective(half) and not self.compounds.modifier_base(half):
            return None
        word = _join(half, full)
        if looks_like_adjective(full):
            is_whole = self._knows(word)
        else:
            is_whole = self._is_word(word, len(half))
        return Restored(word, 0, len(full)) if is_whole else None

    def behind(self, full: str, half: str) -> Restored | None:
        """Restore a half after *full*, which gives its beginning."""
        leaves = self.compounds.split(full)
        cuts = [leaf.start for leaf in leaves[:0:-1]] or list(self._modifier_ends(full))
        if any(half.startswith(full[:cut]) for cut in cuts):
            return None
        known = (cut for cut in cuts if self._knows(_join(full[:cut], half)))
        cut = next(known, cuts[0] if leaves else 0)
        return Restored(_join(full[:cut], half), 0, cut) if cut else None

    def _cut(self, half: str, full: str) -> int | None:
        leaves = self.compounds.split(full)
        if half in _PARTICLES or half in _NUMBERS:
            first = leaves[0].base if leaves else full
            cut = self._cut_of_particle(half, full, first)
            if cut is not None:
                return cut
        cut = self._cut_of_compound(half, full, leaves) if leaves else None
        return self._cut_of_simplex(half, full) if cut is None else cut

    def _cut_of_particle(self, half: str, full: str, first: str) -> int | None:
        """Cut behind a particle; *first* is the base of the first leaf, or the word."""
        if half == "fort" and full.startswith("vidareut"):
            # "fort- och vidareutbildning" is fortbildning.
            return len("vidareut")
        for cut in range(min(len(full) - _SHORTEST_TAIL, _LONGEST_PARTICLE), 1, -1):
            prefix, tail = full[:cut], full[cut:]
            if half in _NUMBERS:
                if prefix in _NUMBERS and prefix != half:
                    return cut
                continue
            if prefix not in _PARTICLES or prefix == half:
                continue
            if self._knows(half + tail) or (first[cut:] and self._knows(half + first[cut:])):
                return cut
            if self._knows(tail) or self._is_name(tail) or self.compounds.split(tail):
                return cut
        return None

    def _cut_of_compound(self, half: str, full: str, leaves: Sequence[Leaf]) -> int | None:
        cuts = [_tail_start(full, leaf) for leaf in leaves[1:]]
        cuts = [cut for cut in cuts if _join(half, full[cut:]) != full]
        if not cuts:
            return None
        last = cuts[-1]
        if self._knows(_join(half, full[last:])):
            return last
        if len(leaves) == 2 and full[: leaves[1].start] in _PREFIXES:
            return None
        inner = self._inner_cut(half, full, [leaf.end for leaf in leaves[:-1]])
        if inner is not None:
            return inner
        for cut in cuts[:-1]:
            if self._is_unit(full[cut:]):
                return cut
        return last

    def _inner_cut(self, half: str, full: str, ends: Sequence[int]) -> int | None:
        """Return where a stretch before the head begins that makes a modifier with the half."""
        modifier_base = self.compounds.modifier_base
        for cut in range(2, ends[-1] - _SHORTEST_TAIL + 1):
            for end in ends:
                base = modifier_base(full[cut:end]) if end - cut >= _SHORTEST_TAIL else None
                if base is None or base in _ENDINGS or half == full[:cut]:
                    continue
                if modifier_base(_join(half, full[cut:end])):
                    return cut
        return None

    def _cut_of_simplex(self, half: str, full: str) -> int | None:
        """Cut a word that is no compound before an ending or a word, where that is safe."""
        repeated = len(half) if full.startswith(half) else 0
        ends = range(repeated + 2, len(full) - _SHORTEST_TAIL + 1)
        cuts = [cut for cut in ends if self._is_tail(full[cut:])]
        for cut in cuts:
            if self._knows(_join(half, full[cut:])):
                return cut
        if repeated:
            return None
        for cut in range(2, len(full) - _SHORTEST_NAME + 1):
            if self._is_name(full[cut:]) and self._knows(full[:cut]):
                return cut
        if any(full[:cut] in _PREFIXES for cut in cuts):
            # "vård- och omsorg" is a slip of the pen, no "vårdsorg".
            return None
        for cut in cuts:
            if len(full) - cut < _SHORTEST_HEAD:
                break
            tail = full[cut:]
            if len(tail) < _SHORTEST_BEHIND_UNKNOWN and not self._is_plain(full[:cut]):
                continue
            if self._is_word(_join(half, tail), len(half)):
                return cut
        return None

    def _modifier_ends(self, full: str) -> Iterator[int]:
        for cut in range(len(full) - _SHORTEST_TAIL, _SHORTEST_TAIL - 1, -1):
            if self._is_plain(full[:cut]) and self._knows(full[cut:]):
                yield cut

    def _is_plain(self, stretch: str) -> bool:
        return self._knows(stretch) or self.compounds.modifier_base(stretch) is not None

    def _is_word(self, word: str, cut: int) -> bool:
        """Tell if *word* is in the dictionary or a compound with a part that ends at *cut*."""
        if self._knows(word):
            return True
        return any(leaf.start == cut for leaf in self.compounds.split(word))

    def _is_tail(self, tail: str) -> bool:
        if tail in _ENDINGS:
            return True
        return len(tail) >= _SHORTEST_HEAD and tail not in _NO_HEADS and self._knows(tail)

    def _is_unit(self, word: str) -> bool:
        """Tell if several leaves are one word, so common that it makes compounds itself."""
        lemma = self.lemma(word) or self.lemma(word.removesuffix("s"))
        if lemma is None:
            return False
        modifier_base = self.compounds.modifier_base
        return any(modifier_base(lemma + link) is not None for link in ("", "s"))

    def _is_name(self, word: str) -> bool:
        return self.lemma(word.capitalize()) is not None

    def _knows(self, word: str) -> bool:
        lemma = self.lemma
        if lemma(word) is not None:
            return True
        return word.endswith("s") and lemma(word[:-1]) is not None


def _tail_start(full: str, leaf: Leaf) -> int:
    """Return where a leaf begins, with the consonant that was elided (``buss|(s)tation``)."""
    start, first = leaf.start, leaf.base[:1]
    if full[start : start + 1] != first and full[start - 1 : start] == first not in _VOWELS:
        return start - 1
    return start


def _join(modifier: str, head: str) -> str:
    """Join two parts; of three equal consonants one goes (``tull`` and ``lag``: ``tullag``)."""
    if len(modifier) > 1 and modifier[-1] == modifier[-2] == head[:1] not in _VOWELS:
        return modifier + head[1:]
    return modifier + head
