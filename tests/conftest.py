"""What all tests share: how hypothesis draws its examples, a cache folder, places for a corpus."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Kept between runs: the copy of the dictionary in it takes a second to make.
os.environ["SEARCHKIT_CACHE"] = str(Path(tempfile.gettempdir()) / "searchkit-tests-cache")

settings.register_profile(
    "ci",
    # The same examples in every run; indexes on disk take as long as the machine likes.
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
# For hunting: pytest --hypothesis-profile=deep
settings.register_profile(
    "deep", settings.get_profile("ci"), derandomize=False, max_examples=1200, print_blob=True
)
settings.load_profile("ci")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """An empty folder for a corpus."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where the index is to be."""
    return tmp_path / "index"
