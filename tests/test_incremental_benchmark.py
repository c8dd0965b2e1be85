"""The benchmark of a little change measures, and compares answers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import bench_incremental  # noqa: E402


def test_a_tiny_run_gives_the_same_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small corpus made up here is brought up to date, and answers as one built anew."""
    monkeypatch.setattr(sys, "argv", ["bench_incremental.py", "--tiny"])

    assert bench_incremental.main() == 0
    assert "0 answers differ" in capsys.readouterr().out


def test_a_difference_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the index that was brought up to date answers otherwise, the benchmark fails."""
    answers = bench_incremental.answers

    def wrong(index: Path, queries: list[str]) -> list[tuple[object, ...]]:
        found = list(answers(index, queries))
        return found if index.name == "fresh" else [*found[:-1], ("", 0, [], [])]

    monkeypatch.setattr(bench_incremental, "answers", wrong)
    monkeypatch.setattr(sys, "argv", ["bench_incremental.py", "--tiny"])

    assert bench_incremental.main() == 1
