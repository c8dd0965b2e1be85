"""
Which number does each distinct word carry?

A hash table from 64-bit word hashes to small consecutive word ids that looks up
whole arrays at once: open addressing with linear probing, where each round
settles every key whose slot matches and moves the others one slot on. At a load
of at most one half, nearly all keys settle in the first two rounds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY = 1 << 12


class WordTable:
    """
    Word ids by hash, in order of first appearance.

    Memory: 12 bytes a slot, at most four slots a word, and the words.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self._reset(_FIRST_CAPACITY)

    def __len__(self) -> int:
        return len(self.words)

    def ids(self, hashes: NDArray[np.uint64], spell: Callable[[int], str]) -> NDArray[np.uint32]:
        """
        Return the (T,) word id of each hash, giving new words the next ids.

        Args:
            hashes: (T,) word hashes, none of them 0.
            spell: called once for each new word with the index of its first
                occurrence in *hashes*; returns its spelling.

        Cost: about 20 ns a token.
        """
        ids, unknown = self._look_up(hashes)
        if unknown.size:
            fresh, first = np.unique(hashes[unknown], return_index=True)
            order = np.argsort(first, kind="stable")
            fresh, first = fresh[order], unknown[first[order]]
            known = len(self.words)
            self.words.extend(map(spell, first.tolist()))
            self._insert(fresh, np.arange(known, known + len(fresh), dtype=np.uint32))
            ids[unknown] = self._look_up(hashes[unknown])[0]
        return ids

    def _reset(self, capacity: int) -> None:
        self._capacity = capacity
        self._keys = np.zeros(capacity, np.uint64)
        self._ids = np.zeros(capacity, np.uint32)
        self._used = 0

    def _look_up(self, hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        mask = np.uint64(self._capacity - 1)
        slots = (hashes & mask).astype(np.int64)
        found = self._keys[slots]
        ids = self._ids[slots]
        open_ = np.flatnonzero(found != hashes)
        unknown = [open_[:0]]
        while open_.size:
            empty = found[open_] == 0
            unknown.append(open_[empty])
            open_ = open_[~empty]
            slots[open_] = (slots[open_] + 1) & (self._capacity - 1)
            found[open_] = self._keys[slots[open_]]
            settled = found[open_] == hashes[open_]
            ids[open_[settled]] = self._ids[slots[open_[settled]]]
            open_ = open_[~settled]
        return ids, np.sort(np.concatenate(unknown))

    def _insert(self, hashes: NDArray[np.uint64], ids: NDArray[np.uint32]) -> None:
        if 2 * (self._used + len(hashes)) > self._capacity:
            taken = np.flatnonzero(self._keys)
            hashes = np.concatenate([self._keys[taken], hashes])
            ids = np.concatenate([self._ids[taken], ids])
            self._reset(1 << int(4 * len(hashes) - 1).bit_length())
        self._used += len(hashes)
        slots = (hashes & np.uint64(self._capacity - 1)).astype(np.int64)
        while hashes.size:
            free = self._keys[slots] == 0
            self._keys[slots[free]] = hashes[free]
            won = self._keys[slots] == hashes
            self._ids[slots[won]] = ids[won]
            hashes, ids = hashes[~won], ids[~won]
            slots = (slots[~won] + 1) & (self._capacity - 1)
