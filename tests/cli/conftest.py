"""The command line as tests use it: in this process, in its own, and on a terminal."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runs import DOCUMENTS, Outcome
from click.testing import CliRunner, Result

import searchkit
from searchkit.cli.app import main

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests reaches them."""
    for name in list(os.environ):
        if name == "SEARCHKIT_CACHE":
            continue
        if name.startswith("SEARCHKIT_") or name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def run() -> Run:
    """Run one command line in this process, its output not a terminal."""

    def run(*args: str, **env: str) -> Result:
        try:
            runner = CliRunner(mix_stderr=False)  # click before 8.2
        except TypeError:
            runner = CliRunner()
        return runner.invoke(main, list(args), env=env)

    return run


@pytest.fixture(scope="session")
def corpus_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four tiny documents and a long one."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def index_path(corpus_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of that folder."""
    path = tmp_path_factory.mktemp("built") / "index"
    searchkit.reindex(corpus_path, path, processes=1)
    return path


@pytest.fixture
def spawn(tmp_path: Path) -> Callable[..., Outcome]:
    """Run one command line in its own process, its output pipes, in an empty folder."""

    def spawn(*args: str, **env: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "searchkit", *args],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd=tmp_path,
            env=_environment(env),
            timeout=60,
            check=False,
        )
        return Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return spawn


@pytest.fixture
def terminal(tmp_path: Path) -> Callable[..., Outcome]:
    """Run one command line on a terminal of 80 columns; stdout holds all it was sent."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

    def terminal(*args: str, **env: str) -> Outcome:
        import fcntl
        import termios

        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        with subprocess.Popen(
            [sys.executable, "-m", "searchkit", *args],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            cwd=tmp_path,
            env=_environment(env),
        ) as process:
            os.close(theirs)
            received = _received(ours)
            os.close(ours)
            code = process.wait(timeout=60)
        return Outcome(code, received.decode("utf-8").replace("\r\n", "\n"), "")

    return terminal


def _received(terminal: int) -> bytes:
    received = b""
    while True:
        try:
            block = os.read(terminal, 65536)
        except OSError:  # Linux says EIO where others say end of file
            return received
        if not block:
            return received
        received += block


def _environment(changes: dict[str, str]) -> dict[str, str]:
    # The checkout, even where it is not installed.
    root = str(Path(searchkit.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": root, **changes}
