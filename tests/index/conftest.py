"""What all tests of index/ share: settings for property tests, and no waiting for the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same examples on every run, and no deadline: the first use of the dictionary loads it.
settings.register_profile("searchkit", deadline=None, derandomize=True)
settings.load_profile("searchkit")


@pytest.fixture(scope="session", autouse=True)
def _no_fsync() -> Iterator[None]:
    """Leave durability to the kill test: these tests write thousands of small files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield
