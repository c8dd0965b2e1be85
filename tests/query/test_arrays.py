"""Sets of numbers are met, joined and ranked as NumPy's own slow functions do it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from searchkit.query.arrays import accumulator, common, floor_of, meet, top_k, without

# From where it takes another way: see the constants in arrays.py.
SIZES = st.one_of(st.integers(0, 70), st.sampled_from([127, 128, 129, 1000, 4000]))
LENGTHS = st.one_of(
    st.integers(0, 300), st.sampled_from([2047, 2048, 2049, 2112, 4096, 5000, 8191, 20_000])
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[NDArray[Any], NDArray[Any], int]:
    """Draw two ascending arrays of numbers below a size, often of unlike length."""
    size = draw(st.sampled_from([1, 10, 100, 4000]))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    dtype = draw(st.sampled_from([np.int64, np.uint32]))
    a, b = (
        np.sort(random.choice(size, min(size, draw(SIZES)), replace=False)).astype(dtype)
        for _ in range(2)
    )
    return a, b, size


@given(pairs())
def test_meet_finds_each_common_number_in_both(
    given_pair: tuple[NDArray[Any], NDArray[Any], int],
) -> None:
    """Both indices of a meeting lead to the numbers that the arrays share, in order."""
    a, b, size = given_pair
    in_a, in_b = meet(a, b, size)

    assert a[in_a].tolist() == b[in_b].tolist() == np.intersect1d(a, b).tolist()


@given(pairs())
def test_common_is_the_intersection(given_pair: tuple[NDArray[Any], NDArray[Any], int]) -> None:
    """What two arrays have in common is their intersection."""
    a, b, _ = given_pair

    assert common(a, b).tolist() == np.intersect1d(a, b).tolist()


@given(pairs())
def test_without_leaves_the_difference(
    given_pair: tuple[NDArray[Any], NDArray[Any], int],
) -> None:
    """What is left without another array is the difference."""
    a, b, size = given_pair

    assert a[without(a, b, size)].tolist() == np.setdiff1d(a, b).tolist()


@given(pairs(), pairs())
def test_what_an_earlier_call_left_behind_does_no_harm(
    first: tuple[NDArray[Any], NDArray[Any], int], second: tuple[NDArray[Any], NDArray[Any], int]
) -> None:
    """The scratch memory that calls share carries nothing from one to the next."""
    for a, b, size in (first, second, first):
        assert a[meet(a, b, size)[0]].tolist() == np.intersect1d(a, b).tolist()


@st.composite
def scored(draw: st.DrawFn) -> NDArray[np.float32]:
    """Draw scores of a few values, so that most are ties, with some high ones strewn in."""
    length, values = draw(LENGTHS), draw(st.integers(1, 20))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    scores = random.integers(0, values, length).astype(np.float32)
    high = random.integers(0, max(1, length), draw(st.integers(0, 40)))
    scores[high[high < length]] += np.float32(50)
    return scores


@given(scored(), st.one_of(st.integers(0, 80), st.sampled_from([10**9])))
def test_top_k_is_a_stable_sort(scores: NDArray[np.float32], k: int) -> None:
    """The k best come score descending, then index ascending, whatever the ties."""
    expected = sorted(range(len(scores)), key=lambda n: (-scores[n], n))[:k]

    assert top_k(scores, k).tolist() == expected


@given(scored(), st.integers(1, 80))
def test_a_floor_is_not_above_the_kth_score(scores: NDArray[np.float32], k: int) -> None:
    """A floor, where there is one, never hides one of the k highest scores."""
    floor = floor_of(scores, k)

    assert floor is None or floor <= np.sort(scores)[-k]
    assert floor_of(scores, 0) is None


@pytest.mark.parametrize("size", [0, 5, 3])
def test_an_accumulator_begins_with_zeros(size: int) -> None:
    """However it was left, an accumulator is asked for anew with zeros."""
    accumulator(5)[:] = 1.0

    assert accumulator(size).tolist() == [0.0] * size
