"""
Which committed document has a user's id?

Singly, an id is found by halving the sorted ids of a segment, in some 100
microseconds. A reindex may ask for as many as the index holds; from some hundreds on
a dictionary of all ids, made in a microsecond for each, is cheaper.
"""

from __future__ import annotations

from dataclasses import dataclass

from searchkit.index.snapshot import LiveSegment

_FEW = 500


@dataclass(frozen=True, slots=True)
class Replaced:
    """Which documents a batch took the place of."""

    committed: list[int]
    """Numbers, in all live segments, of committed documents."""
    repeated: list[int]
    """Numbers, in the batch, of documents whose id stood before since the last commit."""


class Keys:
    """The ids of the live documents of one segment."""

    def __init__(self, live: LiveSegment) -> None:
        self._live = live
        self._asked = 0
        self._numbers: dict[str | None, int] | None = None

    def find(self, key: str) -> int | None:
        """Return the document with the id *key*, or None."""
        if self._numbers is not None:
            return self._numbers.get(key)
        self._asked += 1
        if self._asked > _FEW:
            alive = self._live.alive
            keys = self._live.segment.columns["id"].all_values()
            self._numbers = {
                key: number for number, key in enumerate(keys) if alive is None or alive[number]
            }
            return self._numbers.get(key)
        return self._live.segment.find_key(key, self._live.alive)
