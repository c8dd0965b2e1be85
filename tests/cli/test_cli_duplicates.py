"""``duplicates``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import searchkit
from searchkit.cli import app
from searchkit.duplicates import Duplicate

Run = Callable[..., Result]

FIRST = Duplicate("H501", "Cirkulär\nekonomi", "2016-04-12", "mot", "a.json", 1.0)
GROUPS = [
    (FIRST, Duplicate("H502", None, None, None, None, 0.9996)),
    (FIRST, Duplicate("H503", "Åter\x1b[2J", "2017", "mot", "b.json", 0.9)),
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A library with two groups that notes what it was asked."""
    asked: dict[str, Any] = {}

    def near_duplicates(index: Path, *, threshold: float) -> list[tuple[Duplicate, ...]]:
        asked.update(index=index, threshold=threshold)
        return GROUPS

    monkeypatch.setattr(searchkit, "near_duplicates", near_duplicates, raising=False)
    monkeypatch.setitem(app.COMMANDS, "duplicates", "List copies.")
    return asked


def test_a_pipe_gets_one_line_a_document(run: Run, asked: dict[str, Any]) -> None:
    """Group, similarity, date, id and title, with tabs between; the sum goes to stderr."""
    result = run("duplicates", "--index", "ix")

    assert result.stdout.split("\n") == [
        "1\t1.000\t2016-04-12\tH501\tCirkulär ekonomi",
        "1\t0.999\t\tH502\t",
        "2\t1.000\t2016-04-12\tH501\tCirkulär ekonomi",
        "2\t0.900\t2017\tH503\tÅter�[2J",
        "",
    ]
    assert result.stderr == "2 groups of 4 documents that say nearly the same\n"
    assert result.exit_code == 0
    assert asked == {"index": Path("ix"), "threshold": 0.9}


def test_json_has_all_that_is_known(run: Run, asked: dict[str, Any]) -> None:
    """``--json`` is one object with the threshold and the groups, similarities uncut."""
    found = json.loads(run("duplicates", "--json", "--threshold", "0.75").stdout)

    assert found["threshold"] == asked["threshold"] == 0.75
    assert [[document["id"] for document in group] for group in found["groups"]] == [
        ["H501", "H502"],
        ["H501", "H503"],
    ]
    assert found["groups"][0][1] == {
        "id": "H502",
        "title": None,
        "date": None,
        "type": None,
        "path": None,
        "similarity": 0.9996,
    }


@pytest.mark.parametrize("threshold", ["0.4", "1.1", "90"])
def test_a_threshold_out_of_range_is_an_error(
    run: Run, asked: dict[str, Any], threshold: str
) -> None:
    """A share below a half or above one is refused before the index is opened."""
    result = run("duplicates", "--threshold", threshold)

    assert result.exit_code == 2
    assert "--threshold" in result.stderr
    assert asked == {}
