"""Lists of many stretches: laid out term after term, they are those of the whole."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from searchkit.index.lists import CHUNK_SIZE, EncodedLists, encode_lists
from searchkit.index.spread import Spread, join_lists

numbers = st.one_of(st.integers(0, 60), st.integers(0, 3 * CHUNK_SIZE), st.integers(0, 2**32 - 1))
tables = st.lists(st.sets(numbers, max_size=30).map(sorted), min_size=1, max_size=8)


def encoded(lists: list[list[int]]) -> EncodedLists:
    """Encode lists."""
    values = np.array([number for own in lists for number in own], np.uint32)
    return encode_lists(values, np.array(list(map(len, lists)), np.int64))


@given(tables, st.lists(numbers, max_size=4))
@example([[5, CHUNK_SIZE - 1, CHUNK_SIZE], []], [CHUNK_SIZE - 1])
@example([list(range(CHUNK_SIZE - 2, CHUNK_SIZE + 2))], [CHUNK_SIZE - 1, CHUNK_SIZE])
@example([[], [7]], [7])
def test_stretches_join_to_the_lists_of_the_whole(lists: list[list[int]], cuts: list[int]) -> None:
    """Lists cut anywhere by value, and each piece encoded, join to the lists encoded whole."""
    borders = [0, *sorted(cuts), 2**32]
    terms, pieces = [], []
    for low, high in pairwise(borders):
        own = [[n for n in values if low <= n < high] for values in lists]
        terms.append(np.array([term for term, piece in enumerate(own) if piece], np.uint32))
        pieces.append(encoded([piece for piece in own if piece]))

    joined, _ = join_lists(terms, pieces, len(lists))

    whole = encoded(lists)
    for field in fields(EncodedLists):
        assert getattr(joined, field.name).tolist() == getattr(whole, field.name).tolist()


def test_columns_of_one_spread_move_alike() -> None:
    """What goes with the numbers of a term goes where they go, whatever its type."""
    terms = [np.array([0, 2], np.uint32), np.array([1, 2], np.uint32)]
    counts = [np.array([1, 2]), np.array([1, 1])]

    numbers, letters = Spread(terms, counts, 4).lay_out(
        [np.array([10, 20, 21], np.uint16), np.array([15, 25], np.uint16)],
        [np.frombuffer(b"abc", np.uint8), np.frombuffer(b"de", np.uint8)],
    )

    assert numbers.tolist() == [10, 15, 20, 21, 25]
    assert letters.tobytes() == b"adbce"


def test_nothing_at_all_is_laid_out() -> None:
    """No stretches give empty columns, and empty lists for every term."""
    joined, _ = join_lists([], [], 3)

    assert joined.sizes.tolist() == [0, 0, 0]
    assert joined.low.tolist() == joined.chunks.tolist() == []
