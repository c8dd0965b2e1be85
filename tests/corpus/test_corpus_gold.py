"""Do the readers say of genuine files what a person has found in them?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.gold_metadata import (  # noqa: E402
    COLUMNS,
    LEAST_RIGHT,
    NONE,
    SAMPLES,
    Score,
    compare,
    found_facts,
    read_gold,
)


@pytest.fixture(scope="module")
def score() -> Score:
    """What the readers make of the files of the gold."""
    if not SAMPLES.is_dir():
        pytest.skip("no ../shared/samples beside the project")
    gold = read_gold()
    return compare(gold, found_facts(SAMPLES, set(gold)))


def test_gold_is_broad():
    """The gold speaks of at least forty files of nine sources, and of each column in most."""
    gold = read_gold()
    assert len({path.partition("#")[0] for path in gold}) >= 40
    assert len({path.partition("/")[0] for path in gold}) >= 9
    for column in COLUMNS:
        assert sum(column in facts for facts in gold.values()) > 0.9 * len(gold)
    for facts in gold.values():
        assert facts.keys() <= set(COLUMNS)


def test_gold_is_found(score: Score):
    """Every document of the gold is read."""
    assert score.missing == []


def test_gold_is_met(score: Score):
    """At least 95 % of all titles, dates, types and numbers are right."""
    assert score.share() >= LEAST_RIGHT, score.differences


@pytest.mark.parametrize("column", COLUMNS)
def test_gold_is_met_by_column(score: Score, column: str):
    """No column pays for another: of each, at least 90 % are right."""
    assert score.share(column=column) >= 0.9, score.differences


def test_compare_counts_inventions():
    """Where a source has none, a value is wrong; blanks count in titles, not in numbers."""
    gold = {"a/1": {"title": "En lag", "number": "1904:48 s. 1", "date": NONE}}
    same = {"a/1": {"title": "En lag", "number": "1904:48 s.1", "date": NONE}}
    other = {"a/1": {"title": "Enlag", "number": "1904:48 s.2", "date": "1904"}}

    assert compare(gold, same).share() == 1
    assert compare(gold, other).share() == 0
    assert compare(gold, {}).missing == ["a/1"]
