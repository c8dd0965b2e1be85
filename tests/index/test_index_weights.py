"""Weighted frequencies in one byte, and the numbers of BM25."""

from __future__ import annotations

import math

import numpy as np
import pytest

from searchkit.index.dates import date_number
from searchkit.index.weights import WEIGHT_OF_CODE, encode_weights, idf, length_norms

LARGEST = float(WEIGHT_OF_CODE[-1])


def kept(quarters: np.ndarray) -> np.ndarray:
    """Return what remains of weighted frequencies given in quarters."""
    return WEIGHT_OF_CODE[encode_weights(quarters)].astype(np.float64)


def test_small_weights_are_exact() -> None:
    """Weighted frequencies up to 16 are kept exactly, in quarters."""
    quarters = np.arange(1, 65)

    assert np.array_equal(kept(quarters), quarters / 4)


def test_large_weights_are_within_bounds() -> None:
    """Weighted frequencies from 16 to the largest are kept within 1.6 %."""
    quarters = np.arange(65, int(LARGEST * 4))
    error = np.abs(kept(quarters) - quarters / 4) / (quarters / 4)

    assert error.max() <= 0.016


def test_a_larger_frequency_never_weighs_less() -> None:
    """Codes ascend with the weighted frequency, and the table with the codes."""
    codes = encode_weights(np.arange(1, 30_000))

    assert (np.diff(codes.astype(int)) >= 0).all()
    assert (np.diff(WEIGHT_OF_CODE) > 0).all()


def test_the_largest_weight_is_the_last() -> None:
    """What is larger than the table is kept as its largest, and nothing as code 0."""
    assert kept(np.array([10**6, 2**31, 2**40])).tolist() == [LARGEST] * 3
    assert encode_weights(np.array([1])).tolist() == [1]


def test_length_norms_of_the_average_document() -> None:
    """A document of average length has the norm k1; lengths enter with the share b."""
    norms = length_norms(np.array([0.0, 10.0, 20.0]), 10.0, k1=1.2, b=0.75)

    assert norms.tolist() == pytest.approx([0.3, 1.2, 2.1], rel=1e-6)


def test_length_norms_of_empty_documents() -> None:
    """Without a word in the collection every norm is k1."""
    assert length_norms(np.zeros(2), 0.0).tolist() == pytest.approx([1.2, 1.2], rel=1e-6)


@pytest.mark.parametrize(("frequency", "documents"), [(1, 10), (10, 10), (0, 10), (5, 1000)])
def test_idf(frequency: int, documents: int) -> None:
    """The idf is ln(1 + (N - n + 0.5) / (n + 0.5)), and never negative."""
    expected = math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))

    assert idf(frequency, documents) == pytest.approx(expected)
    assert idf(frequency, documents) >= 0


@pytest.mark.parametrize(
    ("date", "number"),
    [
        (None, 0),
        ("", 0),
        ("i går", 0),
        ("2016", 20160000),
        ("2016-04", 20160400),
        ("2016-04-12", 20160412),
        ("2016-04-12 00:00:00", 20160412),
    ],
)
def test_date_numbers(date: str | None, number: int) -> None:
    """A date is the number of its digits; what is missing of it is 0."""
    assert date_number(date) == number
