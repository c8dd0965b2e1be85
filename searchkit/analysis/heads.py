"""
What is the base form of the head of a compound?

The splitter asks the dictionary as it is, for its tables were learnt so; but the
dictionary's lemma of a head may be odd (``vapen|delar`` ends in ``dela`` there, ``bil|tullar``
in ``tullare``). Where a compound is cut is the splitter's; what its head is called is
settled here, by the mended lemmas, so that the head meets the simple word.
"""

from __future__ import annotations

from collections.abc import Sequence

from searchkit.analysis.compounds import CompoundModel, Leaf
from searchkit.analysis.lemmas import Lemmas


class MendedCompounds(CompoundModel):
    """
    The splitter, with heads in their mended base form.

    Args:
        lemmas: the mended dictionary.
    """

    def __init__(self, lemmas: Lemmas) -> None:
        super().__init__(lemmas.raw)
        self._lemmas = lemmas
        self._last: tuple[str, tuple[Leaf, ...]] = ("", ())

    def split(self, word: str) -> tuple[Leaf, ...]:
        """Return the parts of a lower-cased *word*, () if it is no compound."""
        # One word is asked for twice on end, by its term and its parts.
        last, leaves = self._last
        if word != last:
            leaves = super().split(word)
            if leaves:
                leaves = (*leaves[:-1], self._mended(word, leaves[-1]))
            self._last = word, leaves
        return leaves

    def unions(self, word: str, leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
        """Return the rows of neighbouring *leaves* that are words of their own."""
        return tuple(
            self._mended(word, leaf) if leaf.end == len(word) else leaf
            for leaf in super().unions(word, leaves)
        )

    def _mended(self, word: str, head: Leaf) -> Leaf:
        # A head that lost a letter ("buss|tation") has no lemma as it stands.
        base = self._lemmas.of_head(word[head.start :])
        return head if base is None or base == head.base else Leaf(head.start, head.end, base)
