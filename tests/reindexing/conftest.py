"""A corpus, an index, and which files of the one are read for the other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from reindexing_world import LONG_AGO_S, Put

from searchkit.corpus import Chunk
from searchkit.reindexing import intake, workers


@pytest.fixture
def put(corpus: Path) -> Put:
    """Write a file of the corpus, as of long ago, a second later each time."""
    times = iter(range(LONG_AGO_S, LONG_AGO_S + 10_000))

    def write(name: str, content: str, *, at: float | None = None) -> Path:
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        second = next(times) if at is None else at
        os.utime(path, (second, second))
        return path

    return write


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read, as they are."""
    names: list[str] = []
    take = intake.take

    def noted(chunk: Chunk, known: intake.Known, taken: intake.Taken) -> None:
        names.append(chunk.relative)
        take(chunk, known, taken)

    monkeypatch.setattr(workers, "take", noted)
    return names
