"""What the tests of downloading share: a server on this machine, and a clock that is ours."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from download_server import Server, Time

from searchkit.download import DownloadOptions


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine that runs the tests comes between."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that answers as told."""
    with Server() as server:
        yield server


@pytest.fixture
def time() -> Time:
    """A clock on which waiting takes no time."""
    return Time()


@pytest.fixture
def options(server: Server, time: Time, tmp_path: Path) -> Callable[..., DownloadOptions]:
    """Return options that lead to the server, the clock and an empty folder."""

    def options(**more: Any) -> DownloadOptions:
        common: dict[str, Any] = {
            "into": tmp_path / "corpus", "base_url": server.url,
            "clock": time.clock, "sleep": time.sleep,
        }  # fmt: skip
        return DownloadOptions(**{**common, **more})

    return options
