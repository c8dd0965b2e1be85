"""How failures end: a message on stderr and an exit code."""

from __future__ import annotations

import errno
from collections.abc import Callable

import click
import pytest
from click.testing import Result

import searchkit
from searchkit.cli.failures import guarded, message
from searchkit.errors import SearchkitError

Run = Callable[..., Result]


def failing(error: BaseException) -> Callable[[], int]:
    def fail() -> int:
        raise error

    return fail


def subclasses(cls: type) -> list[type]:
    return [cls, *(deeper for sub in cls.__subclasses__() for deeper in subclasses(sub))]


@pytest.mark.parametrize("kind", subclasses(SearchkitError), ids=lambda kind: kind.__name__)
def test_every_error_of_ours_ends_in_2(
    kind: type[SearchkitError], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each kind of SearchkitError becomes its own sentence and exit code 2."""
    error = kind.__new__(kind)
    for name in ("path", "line", "reason", "text"):
        setattr(error, name, "x")
    error.__dict__["position"] = 0

    assert guarded(failing(error)) == 2
    assert capsys.readouterr().err == f"error: {error}".rstrip("\n") + "\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0),
        (MemoryError(), 2),
        (OSError(errno.ENOSPC, "No space left on device", "index/a"), 2),
        (ZeroDivisionError("division"), 2),
        (click.ClickException("no"), 2),
        (click.UsageError("no"), 2),
        (click.exceptions.Exit(7), 7),
    ],
    ids=lambda value: type(value).__name__,
)
def test_exit_code(error: BaseException, code: int) -> None:
    """Ctrl-C is 130, a reader that left is 0, click's own exit its own, every error 2."""
    assert guarded(failing(error)) == code


@pytest.mark.parametrize("error", [KeyboardInterrupt(), BrokenPipeError()], ids=repr)
def test_quiet_ends(error: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C and a closed pipe end without a word."""
    guarded(failing(error))

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "index/a"),
            "error: no space left on device: 'index/a'; free some space and try again",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", b"index"),
            "error: permission denied: 'index'; check who may write there",
        ),
        (OSError("odd"), "error: odd"),
        (MemoryError(), "error: out of memory; close other programs, or try fewer --processes"),
        (click.ClickException("No."), "error: no."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_message_says_what_and_what_to_do(error: Exception, expected: str) -> None:
    """Errors of the system are told as sentences, with the file and the remedy."""
    assert message(error) == expected


def test_bug_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    """An unforeseen error is called a bug, and no traceback is shown."""
    guarded(failing(ZeroDivisionError("division")))

    told = capsys.readouterr().err
    assert told.startswith("error: this is a bug in searchkit: ZeroDivisionError: division\n")
    assert "Traceback" not in told


def test_debug_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """SEARCHKIT_DEBUG=1 shows where an error came from, and keeps the exit code."""
    monkeypatch.setenv("SEARCHKIT_DEBUG", "1")

    assert guarded(failing(SearchkitError("no"))) == 2
    assert "Traceback" in capsys.readouterr().err


def test_message_cannot_move_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A file name in a message is disarmed like any text of others."""
    guarded(failing(SearchkitError("'\x1b[2J.txt' is bad")))

    assert capsys.readouterr().err == "error: '\ufffd[2J.txt' is bad\n"


def test_interrupted_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a command works ends in 130."""
    monkeypatch.setattr(
        searchkit, "verify", lambda _: failing(KeyboardInterrupt())(), raising=False
    )

    assert run("verify").exit_code == 130


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["serch", "x"], "did you mean 'search'?"),
        (["hållbar"], "to search, write `searchkit search …`"),
        (["--nope"], "no such option"),
        (["completion", "tcsh"], "'tcsh' is not one of"),
        (["stats", "extra"], "unexpected extra argument"),
    ],
)
def test_misuse(args: list[str], hint: str, run: Run) -> None:
    """A misuse ends in 2, with the usage line and a hint on stderr."""
    result = run(*args)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: searchkit")
    assert hint in result.stderr


def test_no_command_prints_help_and_ends_in_2(run: Run) -> None:
    """`searchkit` alone is a misuse, answered with the help."""
    result = run()

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Commands:" in result.stderr


def test_version(run: Run) -> None:
    """--version names the program and its version, and exits with 0."""
    result = run("--version")

    assert (result.exit_code, result.stdout) == (0, f"searchkit {searchkit.__version__}\n")
