"""
Who shows a file or a web page to a person on this machine?

The program that the platform has for it: ``open`` on macOS, the file's association on
Windows, ``xdg-open`` elsewhere, if there is a display. Only browsers can be told to
open a PDF file at a page, and only if they are called by name: what stands behind
``xdg-open`` need not be one, and takes the page for a part of the file's name.
"""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import which

_BROWSERS = (
    *("firefox", "google-chrome", "chrome", "chromium", "chromium-browser"),
    *("microsoft-edge", "MicrosoftEdge"),
)
# xdg-open may stay for as long as the program that it has found.
_SECONDS_TO_FAIL = 3.0


def show_file(path: Path) -> bool:
    """Open a file with the platform's program for it; return whether there is one."""
    if sys.platform == "win32":
        os.startfile(path)
        return True
    opener = which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None or not has_display():
        return False
    process = subprocess.Popen(
        [opener, str(path.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(timeout=_SECONDS_TO_FAIL) == 0
    except subprocess.TimeoutExpired:
        return True


def show_web_page(url: str) -> bool:
    """Open an address in a browser; return whether there is one."""
    if not (has_display() or os.environ.get("BROWSER")):
        return False  # or a browser would take over the terminal
    return webbrowser.open(url)


def show_pdf_page(path: Path, number: int) -> bool:
    """Open a PDF file at its page *number*, from 1; return whether a browser does so."""
    return any(browser.open(url_of_page(path, number)) for browser in _browsers())


def url_of_page(path: Path, number: int) -> str:
    """
    Return the address of a page of a PDF file, as browsers understand it.

    >>> url_of_page(Path("/srv/prop 1.pdf"), 42)
    'file:///srv/prop%201.pdf#page=42'
    """
    return f"{path.absolute().as_uri()}#page={number}"


def has_display() -> bool:
    """Say whether a window can be opened."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _browsers() -> Iterator[webbrowser.BaseBrowser]:
    """Yield what the person has set, then the browsers that are installed."""
    for command in filter(None, os.environ.get("BROWSER", "").split(os.pathsep)):
        try:
            yield webbrowser.get(command)
        except webbrowser.Error:
            yield webbrowser.GenericBrowser([command, "%s"])
    if has_display() and sys.platform != "darwin":  # where every name counts as installed
        for name in _BROWSERS:
            with suppress(webbrowser.Error):
                yield webbrowser.get(name)
