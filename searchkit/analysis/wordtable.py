"""
Which number does each distinct word carry?

A hash table from 64-bit word hashes to small consecutive word ids that looks up
whole arrays at once: open addressing with double hashing, where each round
settles every key whose slot matches and moves the others one step on, each by a
step of its own, so that no runs of full slots form. At a load of at most one
half, nearly all keys settle in the first two rounds.

A slot holds only an id; the hash to compare with stands in a table by id. Common
words appear early, so what is compared most lies together and stays in cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import alphabet
from searchkit.analysis.tokenize import TokenArrays

_FIRST_CAPACITY = 1 << 12
_NO_HASHES = np.zeros(0, np.uint64)


class WordTable:
    """
    Word ids by hash, in order of first appearance.

    Args:
        words: they have the first ids already.
        hashes: (W,) hash of each of them.

    Memory: 4 bytes a slot, at most eight slots a word, 8 to 16 bytes a word, and the words.
    """

    def __init__(self, words: Sequence[str] = (), hashes: NDArray[np.uint64] = _NO_HASHES) -> None:
        self.words: list[str] = []
        # Hash by id + 1: an empty slot holds 0, and no word has the hash 0.
        self._hashes = np.zeros(_FIRST_CAPACITY // 2 + 1, np.uint64)
        self._slots = np.zeros(_FIRST_CAPACITY, np.uint32)
        self._insert(hashes)
        self.words += words

    def __len__(self) -> int:
        return len(self.words)

    def hashes(self, first: int) -> NDArray[np.uint64]:
        """Return the hashes of the words from id *first* on; a new array."""
        return self._hashes[first + 1 : len(self) + 1].copy()

    def number(self, text: str, tokens: TokenArrays) -> NDArray[np.uint32]:
        """
        Return the (T,) word id of each of the *tokens* of *text*, giving new words the next ids.

        Cost: about 6 ns a token, 0.5 microseconds a new word.
        """

        def spell(fresh: NDArray[np.int64]) -> list[str]:
            bounds = zip(tokens.starts[fresh].tolist(), tokens.ends[fresh].tolist(), strict=True)
            # Lowered in one go; no word holds a newline.
            return alphabet.lower("\n".join([text[a:b] for a, b in bounds])).split("\n")

        return self._ids(tokens.hashes, spell)

    def ids(self, hashes: NDArray[np.uint64], spell: Callable[[int], str]) -> NDArray[np.uint32]:
        """
        Return the (T,) word id of each hash, giving new words the next ids.

        Args:
            hashes: (T,) word hashes, none of them 0.
            spell: called once for each new word with the index of its first
                occurrence in *hashes*; returns its spelling.
        """
        return self._ids(hashes, lambda fresh: list(map(spell, fresh.tolist())))

    def _ids(
        self, hashes: NDArray[np.uint64], spell: Callable[[NDArray[np.int64]], list[str]]
    ) -> NDArray[np.uint32]:
        numbers, unknown = self._look_up(hashes)
        if unknown.size:
            fresh, first, which = np.unique(hashes[unknown], return_index=True, return_inverse=True)
            order = np.argsort(first)
            given = np.empty(len(order), np.uint32)
            given[order] = np.arange(len(self) + 1, len(self) + 1 + len(order), dtype=np.uint32)
            numbers[unknown] = given[which]
            self._insert(fresh[order])
            self.words += spell(unknown[first[order]])
        numbers -= np.uint32(1)
        return numbers

    def _look_up(self, hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return id + 1 of each hash, or 0; and which hashes have none, ascending."""
        last = len(self._slots) - 1
        # Only the low bits count; as a signed number they are an index without conversion.
        slots = hashes.view(np.int64) & last
        numbers = self._slots.take(slots)
        missed = open_ = np.flatnonzero(self._hashes.take(numbers) != hashes)
        slots, wanted, found = slots[open_], hashes[open_], numbers[open_]
        steps = _steps(wanted)
        # One token in twenty comes here, so a round costs what its calls do: what it finds is
        # written down, right or not, and the next round goes on with what is wrong.
        while True:
            # At an empty slot the way ends: the number of what is nowhere stays 0.
            going = np.flatnonzero((found != 0) & (self._hashes.take(found) != wanted))
            if not going.size:
                return numbers, missed[numbers[missed] == 0]
            open_, wanted, steps = open_[going], wanted[going], steps[going]
            slots = (slots[going] + steps) & last
            found = self._slots.take(slots)
            numbers[open_] = found

    def _insert(self, fresh: NDArray[np.uint64]) -> None:
        """Give hashes that are new, and distinct, the next ids."""
        known = len(self.words)
        count = known + len(fresh)
        if 2 * count > len(self._slots):
            # Room to double twice before the next time.
            capacity = 1 << int(4 * count - 1).bit_length()
            self._slots = np.zeros(capacity, np.uint32)
            grown = np.zeros(capacity // 2 + 1, np.uint64)
            grown[: known + 1] = self._hashes[: known + 1]
            self._hashes = grown
            first = 1
        else:
            first = known + 1
        self._hashes[known + 1 : count + 1] = fresh
        numbers = np.arange(first, count + 1, dtype=np.uint32)
        last = len(self._slots) - 1
        slots = self._hashes[first : count + 1].view(np.int64) & last
        steps = _steps(self._hashes[first : count + 1])
        while numbers.size:
            # Of several that want one slot the last one written gets it: the earliest word,
            # which is the most common one.
            free = np.flatnonzero(self._slots[slots] == 0)[::-1]
            self._slots[slots[free]] = numbers[free]
            lost = np.flatnonzero(self._slots[slots] != numbers)
            numbers, steps = numbers[lost], steps[lost]
            slots = (slots[lost] + steps) & last


def _steps(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return by how many slots each goes on: odd, so that it comes to all of them."""
    return (hashes >> np.uint64(32)).view(np.int64) | 1
