"""Impacts in one byte, and the numbers of BM25."""

from __future__ import annotations

import math

import numpy as np
import pytest

from searchkit.index.dates import date_number
from searchkit.index.weights import IMPACT_OF_CODE, encode_impacts, idf, length_norms


def test_impacts_are_kept_within_half_a_step() -> None:
    """An impact comes back within 1/510 of what it was, and never as 0."""
    impacts = np.linspace(0.0001, 1.0, 10_001)
    kept = IMPACT_OF_CODE[encode_impacts(impacts)].astype(np.float64)
    large = impacts >= 1 / 510

    assert np.abs(kept - impacts)[large].max() <= 1 / 510 + 1e-6
    assert kept.min() > 0


def test_a_larger_impact_never_counts_less() -> None:
    """Codes ascend with the impact, and the table with the codes."""
    codes = encode_impacts(np.linspace(0.001, 1.0, 5000))

    assert (np.diff(codes.astype(int)) >= 0).all()
    assert (np.diff(IMPACT_OF_CODE) > 0).all()


def test_length_norms_grow_with_the_length() -> None:
    """A text of 300 tokens has the norm k1, one of ten times the length five times that."""
    norms = length_norms(np.array([30.0, 300.0, 3000.0]))

    assert norms.tolist() == pytest.approx([10**-0.7, 1.0, 10**0.7], rel=1e-6)


def test_length_norms_of_empty_documents() -> None:
    """A document without a word is measured as one of one word."""
    assert length_norms(np.zeros(1)).tolist() == length_norms(np.ones(1)).tolist()


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
