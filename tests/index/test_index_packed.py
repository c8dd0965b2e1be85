"""Bytes in compressed blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import array_file

from searchkit.errors import CorruptIndexError
from searchkit.index import packed
from searchkit.index.packed import Packed, write_packed

SMALL = 8


@contextmanager
def small(stretches: Sequence[bytes], spoiled: int | None = None) -> Iterator[Packed]:
    """Write stretches in blocks of eight bytes, perhaps spoil a byte, and open them."""
    arrays = [np.frombuffer(stretch, np.uint8) for stretch in stretches]
    with (
        patch.object(packed, "BLOCK_BYTES", SMALL),
        array_file(lambda file: write_packed(file, "x", arrays)) as file,
    ):
        if spoiled is not None:
            blob = file.array("x.blocks").copy()
            blob[spoiled] ^= 1
            with array_file(
                lambda other: (  # type: ignore[func-returns-value]
                    other.add("x.blocks", blob),
                    other.add("x.block_offsets", file.array("x.block_offsets")),
                )
            ) as other:
                yield Packed(other, "x")
        else:
            yield Packed(file, "x")


@given(
    st.lists(st.binary(max_size=3 * SMALL), max_size=4),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=8),
)
def test_any_slice_comes_back(stretches: list[bytes], asked: list[tuple[int, int]]) -> None:
    """Any slice is that of the stretches joined, in whatever order slices are asked for."""
    joined = b"".join(stretches)
    with small(stretches) as read:
        for start, end in asked:
            if max(start, end) <= len(joined) or end <= start:
                assert read.slice(start, end).tobytes() == joined[start:end]


@pytest.mark.parametrize(("start", "end"), [(0, 21), (18, 30), (24, 25), (0, 10**12)])
def test_bytes_that_are_not_there_are_an_error(start: int, end: int) -> None:
    """Asked for more bytes than there are, it says so rather than give fewer."""
    with small([bytes(range(20))]) as read, pytest.raises(CorruptIndexError, match="'x'"):
        read.slice(start, end)


def test_a_damaged_block_is_an_error() -> None:
    """A block that does not unpack to what was packed is named."""
    with small([bytes(20)], spoiled=-1) as read:
        assert read.slice(0, 16).tobytes() == bytes(16)
        with pytest.raises(CorruptIndexError, match="block 2 of 'x'"):
            read.slice(0, 20)


def test_a_block_that_claims_too_much_is_refused() -> None:
    """A block that would unpack to more than a block holds is refused before it is."""
    with (
        small([bytes(20)]) as read,
        patch.object(packed, "BLOCK_BYTES", SMALL - 1),
        pytest.raises(CorruptIndexError, match="too long"),
    ):
        read.slice(0, 3)


def test_few_different_bytes_take_little() -> None:
    """Bytes of low entropy, as ranks are, take a fraction of their room."""
    ranks = np.random.default_rng(0).choice(4, 100_000, p=[0.7, 0.2, 0.07, 0.03]).astype(np.uint8)
    with array_file(lambda file: write_packed(file, "x", [ranks])) as file:
        assert Packed(file, "x").slice(0, len(ranks)).tolist() == ranks.tolist()
        assert file.size_of("x.blocks") < 0.3 * len(ranks)
