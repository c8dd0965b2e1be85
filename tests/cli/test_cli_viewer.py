"""Which program of the platform shows a file, a page or an address."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from searchkit.cli import viewer


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A machine with a display and these programs, which note what they are called with."""
    if os.name != "posix":
        pytest.skip("programs of POSIX")
    folder, log = tmp_path / "bin", tmp_path / "log"
    folder.mkdir()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setattr(viewer, "which", lambda name: _found(folder / name))

    def install(*names: str, status: int = 0) -> Path:
        for name in names:
            program = folder / name
            program.write_text(f'#!/bin/sh\necho "{name} $@" >> "{log}"\nexit {status}\n')
            program.chmod(0o755)
        return log

    return install


def _found(program: Path) -> str | None:
    return str(program) if program.exists() else None


def test_files_go_to_the_platforms_program(programs: Callable[..., Path], tmp_path: Path) -> None:
    """A file is handed to xdg-open with its whole path."""
    log = programs("xdg-open")

    assert viewer.show_file(tmp_path / "a b.pdf")
    assert log.read_text() == f"xdg-open {tmp_path}/a b.pdf\n"


def test_program_that_fails(programs: Callable[..., Path], tmp_path: Path) -> None:
    """A program that has nothing to open a file with says so by its exit status."""
    programs("xdg-open", status=3)

    assert not viewer.show_file(tmp_path / "a.pdf")


def test_no_program(programs: Callable[..., Path], tmp_path: Path) -> None:
    """A display without xdg-open opens nothing."""
    assert not viewer.show_file(tmp_path / "a.pdf")


def test_pages_go_to_the_browser_that_is_set(
    programs: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """$BROWSER is told the page; a command in it that is not there is passed over."""
    log = programs("visare")
    command = str(tmp_path / "bin" / "visare")
    monkeypatch.setenv("BROWSER", f"nosuchbrowser{os.pathsep}{command}")

    assert viewer.show_pdf_page(tmp_path / "a.pdf", 42)
    assert log.read_text() == f"visare file://{tmp_path}/a.pdf#page=42\n"


def test_pages_never_go_to_an_unknown_program(
    programs: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xdg-open is not asked for a page: it would look for a file of that name."""
    log = programs("xdg-open")
    monkeypatch.setattr(viewer, "_BROWSERS", ("nosuchbrowser",))

    assert not viewer.show_pdf_page(tmp_path / "a.pdf", 42)
    assert not log.exists()


@pytest.mark.parametrize("status", [0, 1])
def test_addresses_go_to_the_browser(
    status: int, programs: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a browser has opened an address is what the standard library says."""
    asked: list[str] = []
    monkeypatch.setattr(viewer.webbrowser, "open", lambda url: asked.append(url) or status == 0)

    assert viewer.show_web_page("https://example.org/") == (status == 0)
    assert asked == ["https://example.org/"]
