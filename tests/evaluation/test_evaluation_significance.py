"""Two runs are compared query by query, and luck is told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from searchkit.errors import UsageError
from searchkit.evaluation import MEASURES, Evaluation, compare, randomisation_p


def of(values: Mapping[str, float]) -> Evaluation:
    """An evaluation in which every measure of a query has the same value."""
    return Evaluation({q: dict.fromkeys(MEASURES, v) for q, v in values.items()}, {}, "a test")


def test_comparison_counts_queries_and_differences() -> None:
    """A comparison pairs the queries by id: how many are better, worse, the same."""
    ours, theirs = of({"a": 1.0, "b": 0.5, "c": 0.0}), of({"c": 0.25, "b": 0.5, "a": 0.0})

    seen = compare(ours, theirs)["ndcg@10"]

    assert (seen.better, seen.worse, seen.same) == (1, 1, 1)
    assert seen.difference == pytest.approx(0.25)
    assert (seen.mean, seen.other) == (0.5, 0.25)


def test_rounding_is_no_difference() -> None:
    """Values that differ only in their last digits are the same."""
    seen = compare(of({"a": 0.1 + 0.2, "b": 1 / 3}), of({"a": 0.3, "b": 0.3333333333}))["mrr@10"]

    assert (seen.same, seen.p) == (2, 1)


def test_runs_of_different_queries_are_not_compared() -> None:
    """Two runs over different queries cannot be compared."""
    with pytest.raises(UsageError, match="different queries"):
        compare(of({"a": 1.0}), of({"b": 1.0}))


def exact_p(differences: Sequence[float]) -> float:
    """The test with all sign patterns instead of random ones."""
    count = len(differences)
    signs = 1 - 2 * ((np.arange(2**count)[:, None] >> np.arange(count)) & 1)
    sums = np.abs(signs @ np.array(differences))
    return float(np.mean(sums >= abs(sum(differences)) - 1e-12))


@pytest.mark.parametrize(
    "differences",
    [[0.5, 0.25, -0.1, 0.3, 0.2, 0.7, 0.1, -0.2], [1.0] * 6, [0.1, -0.1], [0.3, 0.3, -0.9, 0.2]],
)
def test_p_is_that_of_all_sign_patterns(differences: list[float]) -> None:
    """The random draws come within their own error of the exact test."""
    drawn = randomisation_p(np.array(differences), rounds=20_000, seed=3)

    assert drawn == pytest.approx(exact_p(differences), abs=0.015)


def test_p_without_any_difference_is_one() -> None:
    """Two equal runs differ by luck for certain."""
    assert randomisation_p(np.zeros(5), rounds=100, seed=1) == 1


def test_queries_that_do_not_differ_do_not_matter() -> None:
    """Adding queries on which the runs are equal changes no p."""
    some = np.array([0.3, 0.1, -0.2, 0.5])

    padded = randomisation_p(np.concatenate([some, np.zeros(50)]), rounds=1000, seed=1)

    assert padded == randomisation_p(some, rounds=1000, seed=1)


def test_p_is_never_zero() -> None:
    """However clear the difference, the observed order of signs is one of the draws."""
    assert randomisation_p(np.ones(60), rounds=999, seed=1) == 1 / 1000


def test_p_follows_the_seed() -> None:
    """The same seed gives the same p."""
    some = np.random.default_rng(0).normal(0.1, 1, 40)

    first, again, other = (randomisation_p(some, rounds=1000, seed=s) for s in (1, 1, 2))

    assert first == again != other
