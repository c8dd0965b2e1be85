"""Encoded lists: what goes in comes out, by every way of asking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from index_worlds import array_file

from searchkit.index.lists import CHUNK_SIZE, EncodedLists, Lists, encode_lists, write_lists

EDGES = [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE, 2**31, 2**32 - 1]
numbers = st.one_of(
    st.sampled_from(EDGES), st.integers(0, 2**32 - 1), st.integers(0, 4 * CHUNK_SIZE)
)
ascending = st.sets(numbers, min_size=1, max_size=40).map(sorted)


def encoded(lists: Sequence[Sequence[int]]) -> EncodedLists:
    """Encode lists."""
    values = np.array([number for numbers in lists for number in numbers], np.uint32)
    return encode_lists(values, np.array(list(map(len, lists)), np.int64))


@contextmanager
def written(lists: EncodedLists) -> Iterator[Lists]:
    """Write lists and open them."""
    with array_file(lambda file: write_lists(file, "x", lists)) as file:
        yield Lists(file, "x")


@given(st.lists(ascending, min_size=1, max_size=8))
@example([[n] for n in EDGES])
@example([EDGES, EDGES])
def test_every_list_comes_back(lists: list[list[int]]) -> None:
    """Each list decodes to what was encoded, alone and all at once, in either type."""
    with written(encoded(lists)) as read:
        every = range(len(lists))

        assert len(read) == len(lists)
        assert [read.size(n) for n in every] == [len(own) for own in lists]
        assert [read.decode(n).tolist() for n in every] == lists
        assert [read.decode_as_index(n).tolist() for n in every] == lists
        assert read.decode_all().tolist() == [number for own in lists for number in own]


@given(st.lists(ascending, min_size=1, max_size=4), st.sets(numbers, min_size=1, max_size=6))
def test_wanted_chunks_come_back(lists: list[list[int]], touched: set[int]) -> None:
    """The numbers of some chunks, and where they stand in their list, are those of the list."""
    wanted = sorted({number >> 16 for number in touched})
    with written(encoded(lists)) as read:
        for n, own in enumerate(lists):
            values, positions = read.decode_chunks(n, np.array(wanted, np.uint32))
            inside = [(number, at) for at, number in enumerate(own) if number >> 16 in wanted]

            assert list(zip(values.tolist(), positions.tolist(), strict=True)) == inside
            assert read.chunks_of(n).tolist() == sorted({number >> 16 for number in own})


@pytest.mark.parametrize("size", [1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1])
@pytest.mark.parametrize("start", [0, 1, CHUNK_SIZE - 1, 2**32 - CHUNK_SIZE - 2])
def test_full_chunks_come_back(start: int, size: int) -> None:
    """A run of consecutive numbers decodes, also where it fills a whole chunk."""
    run = np.arange(start, start + size)
    with written(encoded([[0], run.tolist(), [2**32 - 1]])) as read:
        assert np.array_equal(read.decode(1), run)
        assert np.array_equal(read.decode_as_index(1), run)
        assert read.decode(2).tolist() == [2**32 - 1]


def test_no_lists_at_all() -> None:
    """A table of no lists has length 0 and decodes to nothing."""
    with written(encoded([])) as read:
        assert len(read) == 0
        assert read.decode_all().tolist() == []


def test_decoded_lists_are_the_callers_own() -> None:
    """A decoded list can be changed without changing the file's."""
    with written(encoded([[1, 2, 3]])) as read:
        read.decode(0)[:] = 9
        read.decode_as_index(0)[:] = 9

        assert read.decode(0).tolist() == [1, 2, 3]
