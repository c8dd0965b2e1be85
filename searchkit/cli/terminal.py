"""
What a terminal may be sent: UTF-8, colour only where it is wanted, no control characters.

A document is somebody else's text. In a terminal an escape sequence in it
could repaint the screen, set the window's title or fake a prompt, and a
bidirectional override could turn its words around. Each such character is
shown as U+FFFD, one for one, so that marks keep their places.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

# C0 but tab and line feed, delete, C1, bidirectional embeddings, overrides and isolates.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")
_MARK, _MARK_END = "\x1b[1;33m", "\x1b[0m"


def use_utf8() -> None:
    """
    Write UTF-8 whatever the locale says, and replace what it cannot hold.

    A stream that the caller closed (``>&-``) becomes the null device.
    """
    for name, errors in (("stdout", "replace"), ("stderr", "backslashreplace")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)


def decoded(argument: str) -> str:
    """Read an argument as UTF-8 where Python, misled by the locale, could not."""
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError:
        try:
            return os.fsencode(argument).decode("utf-8")
        except UnicodeError:
            return argument
    return argument


def colored(choice: str, stream: TextIO) -> bool:
    """
    Decide whether *stream* gets colours.

    Args:
        choice: "always", "never" or "auto"; auto means a terminal other than
            a dumb one, and no ``NO_COLOR`` in the environment.
    """
    if choice != "auto":
        return choice == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and not is_dumb()


def is_dumb() -> bool:
    """Say whether the terminal can do no more than print."""
    return os.environ.get("TERM") == "dumb"


def console(stream: TextIO, *, color: bool) -> Console:
    """Open a rich console that takes nothing in a text for markup, numbers or emoji."""
    from rich.console import Console

    return Console(
        file=stream,
        force_terminal=color or stream.isatty(),
        color_system="standard" if color else None,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
    )


def visible(text: str) -> str:
    """Return *text* with its lines and tabs, each other control character made U+FFFD."""
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n"))


def one_line(text: str | None) -> str:
    """Return *text* on one line: white space collapsed, control characters made U+FFFD."""
    return _CONTROLS.sub("\ufffd", _SPACES.sub(" ", text or "").strip())


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """
    Cut a passage into pieces that are marked or not, ready for one line of a terminal.

    Args:
        marks: offsets into *text*, ascending, disjoint.

    Returns:
        ``(piece, is_marked)`` in order; joined, they are ``one_line(text)``.
    """
    raw: list[tuple[str, bool]] = []
    place = 0
    for start, end in marks:
        raw += [(text[place:start], False), (text[start:end], True)]
        place = end
    raw.append((text[place:], False))

    cut: list[tuple[str, bool]] = []
    after_space = True
    for piece, marked in raw:
        piece = _SPACES.sub(" ", piece)
        if after_space:
            piece = piece.removeprefix(" ")
        if piece:
            after_space = piece.endswith(" ")
            cut.append((_CONTROLS.sub("\ufffd", piece), marked))
    while cut and cut[-1][0].endswith(" "):
        piece, marked = cut.pop()
        if piece := piece.removesuffix(" "):
            cut.append((piece, marked))
    return cut


def painted(cut: Iterable[tuple[str, bool]], *, color: bool) -> str:
    """Join the pieces of a passage, the marked ones in colour if *color*."""
    return "".join(
        f"{_MARK}{piece}{_MARK_END}" if marked and color else piece for piece, marked in cut
    )
