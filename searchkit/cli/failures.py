"""
Where every failure becomes a message on stderr and an exit code.

====  =======================================================================
0     done; for a search: there are hits. Also when the reader of a pipe left.
1     a search without hits
2     any error, of usage too
130   Ctrl-C
====  =======================================================================

A traceback is a bug. ``SEARCHKIT_DEBUG=1`` prints one for every error.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

import click

from searchkit.cli.terminal import visible
from searchkit.errors import SearchkitError

NO_HITS = 1
ERROR = 2
INTERRUPTED = 130


def guarded(action: Callable[[], int]) -> int:
    """
    Run *action* and return the exit code of the process.

    Errors are reported on stderr; none but ``SystemExit`` and ``GeneratorExit`` gets out.
    """
    try:
        code = _flushed(action)
    except BrokenPipeError:
        code = 0
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    except Exception as error:
        code = ERROR
        _report(error)
    _settle()
    return code


def _flushed(action: Callable[[], int]) -> int:
    try:
        code = action()
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    # Here, not at the interpreter's end, a full disk or a closed pipe can still be told.
    sys.stdout.flush()
    return code


def _settle() -> None:
    """Flush both streams; point one that cannot be written to the null device instead."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)


def _report(error: Exception) -> None:
    if os.environ.get("SEARCHKIT_DEBUG", "0") not in ("", "0"):
        import traceback

        text = traceback.format_exc()
    else:
        text = message(error)
    try:
        sys.stderr.write(visible(text).rstrip("\n") + "\n")
    except OSError:
        return  # There is nowhere left to say it; the exit code does.


def message(error: Exception) -> str:
    """Say what is wrong and what to do: ``error: …``, with the usage line before a misuse."""
    if isinstance(error, click.UsageError):
        return _usage(error)
    if isinstance(error, click.ClickException):
        return f"error: {_uncapitalised(error.format_message())}"
    if isinstance(error, SearchkitError):
        return f"error: {error}"
    if isinstance(error, MemoryError):
        return "error: out of memory; close other programs, or try fewer --processes"
    if isinstance(error, OSError):
        return f"error: {_os_reason(error)}"
    return (
        f"error: this is a bug in searchkit: {type(error).__name__}: {error}\n"
        "SEARCHKIT_DEBUG=1 shows where it happened"
    )


def _usage(error: click.UsageError) -> str:
    lines = []
    if error.ctx is not None:
        lines.append(error.ctx.get_usage())
        lines.append(f"Try '{error.ctx.command_path} --help' for help.")
    reason = _uncapitalised(error.format_message())
    if isinstance(error, click.NoSuchOption) and error.ctx and error.ctx.info_name == "search":
        reason += " A query word that begins with '-' goes after '--'."
    lines.append(f"error: {reason}")
    return "\n".join(lines)


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def _os_reason(error: OSError) -> str:
    reason = _uncapitalised(error.strerror or str(error) or type(error).__name__)
    if error.filename is not None:
        reason += f": '{os.fsdecode(error.filename)}'"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        reason += "; free some space and try again"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        reason += "; check who may write there"
    return reason
