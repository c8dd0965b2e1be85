"""Is the ledger right about the files, whatever happens to a run?"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from download_server import Answer, Server, hit, page_of, status_of

from searchkit.download import (
    DownloadError,
    DownloadOptions,
    Selection,
    riksdag_documents,
    verify_download,
)
from searchkit.download.ledger import LEDGER_NAME, Entry, Ledger, Part, entries_of, is_inside

Options = Callable[..., DownloadOptions]
MOTIONS = Selection(types=("mot",))


def entry(path: str = "a.json", **more: Any) -> Entry:
    return Entry(**{"path": path, "url": "u", "size_bytes": 1, "sha256": "s", **more})


@pytest.fixture
def two(server: Server) -> Server:
    """A server with two documents."""
    server.answers("/dokumentlista/", page_of([hit("A"), hit("B")], hits=2))
    for name in "AB":
        server.answers(f"/dokumentstatus/{name}.json", status_of(name))
    return server


def test_what_was_recorded_is_read(tmp_path: Path) -> None:
    """Entries and parts are there again; the later of two lines holds."""
    with Ledger(tmp_path) as ledger:
        ledger.record(entry(version="1"))
        ledger.record(entry(version="2"))
        ledger.record(Part("b.zip", "u", '"e"', ""))
    with Ledger(tmp_path) as ledger:
        assert ledger.entry("a.json") == entry(version="2")
        assert ledger.part("b.zip") == Part("b.zip", "u", '"e"', "")
        assert ledger.entry("b.zip") is None


def test_a_file_that_came_has_no_part(tmp_path: Path) -> None:
    """An entry ends the part of the same path."""
    with Ledger(tmp_path) as ledger:
        ledger.record(Part("a.json", "u", '"e"', ""))
        ledger.record(entry())
        assert ledger.part("a.json") is None


@pytest.mark.parametrize(
    "torn", ['{"path": "b.js', "\x00\x00", '{"path": 5}', "[]", "null", '{"path": "x"}']
)
def test_a_torn_line_is_passed_over(tmp_path: Path, torn: str) -> None:
    """What a crash left at the end harms no other line, nor those to come."""
    with Ledger(tmp_path) as ledger:
        ledger.record(entry())
    with open(tmp_path / LEDGER_NAME, "a", encoding="utf-8") as file:
        file.write(torn)
    with Ledger(tmp_path) as ledger:
        ledger.record(entry("c.json"))

    assert [line.path for line in entries_of(tmp_path)] == ["a.json", "c.json"]


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    """A ledger of a version that we do not know is left alone."""
    (tmp_path / LEDGER_NAME).write_text('{"searchkit-download": 2}\n', encoding="utf-8")

    with pytest.raises(DownloadError, match="later version"), Ledger(tmp_path):
        pass
    assert (tmp_path / LEDGER_NAME).read_text(encoding="utf-8") == '{"searchkit-download": 2}\n'


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a\\..\\x"])
def test_paths_stay_inside(path: str) -> None:
    """What leads out of the folder is no path of a ledger."""
    assert not is_inside(path)


def test_a_whole_download_is_sound(two: Server, options: Options) -> None:
    """Right after a download every file is as the ledger says."""
    asked = options()
    riksdag_documents(MOTIONS, asked)
    report = verify_download(asked.into)

    assert report.is_sound
    assert report.files == 2
    assert report.checked_bytes == 2 * len(status_of("A").body)


def test_verifying_names_what_is_not(two: Server, options: Options) -> None:
    """A file that is gone and one with another byte are named."""
    asked = options()
    riksdag_documents(MOTIONS, asked)
    folder = asked.into / "riksdag" / "mot" / "2018-19"
    (folder / "A.json").unlink()
    content = (folder / "B.json").read_bytes()
    (folder / "B.json").write_bytes(content[:-1] + b" ")
    report = verify_download(asked.into)

    assert not report.is_sound
    assert report.missing == ("riksdag/mot/2018-19/A.json",)
    assert report.changed == ("riksdag/mot/2018-19/B.json",)
    assert report.checked_bytes == 0


def test_verifying_what_was_not_downloaded(tmp_path: Path) -> None:
    """A folder without ledger is an error that says so."""
    with pytest.raises(DownloadError, match="nothing was downloaded"):
        verify_download(tmp_path)


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("instant", range(1, 12))
def test_interrupted_at_any_instant(
    two: Server, options: Options, monkeypatch: pytest.MonkeyPatch, call: str, instant: int
) -> None:
    """
    A run ended before any step that makes something lasting is gone on with to the same end.

    What has its final name is whole, and the ledger is right about it.
    """
    real = getattr(os, call)
    calls = 0

    def fragile(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == instant:
            raise KeyboardInterrupt
        return real(*args)

    asked = options()
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fragile)
        try:
            riksdag_documents(MOTIONS, asked)
        except KeyboardInterrupt:
            pass
        else:
            assert calls < instant
    names = {path.name for path in asked.into.rglob("[AB].json")}
    assert all(next(asked.into.rglob(name)).read_bytes() == status_of(name[0]).body
               for name in names)  # fmt: skip
    if (asked.into / LEDGER_NAME).exists():
        assert verify_download(asked.into).is_sound
    riksdag_documents(MOTIONS, asked)

    assert verify_download(asked.into).files == 2
    assert not list(asked.into.rglob("*.part"))


def test_a_full_disk_names_the_file(
    two: Server, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of writing says which file could not be written."""
    real, calls = os.fsync, 0

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls > 1:  # The ledger's own comes first.
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left") as caught:
        riksdag_documents(MOTIONS, options())
    assert str(caught.value.filename).endswith(".A.json.part")


def test_a_folder_that_cannot_be_made(two: Server, options: Options, tmp_path: Path) -> None:
    """A file where the folder should be is an error of the system that names it."""
    (tmp_path / "taken").write_bytes(b"")

    with pytest.raises(OSError, match="taken"):
        riksdag_documents(MOTIONS, options(into=tmp_path / "taken" / "corpus"))


def test_a_document_changed_on_disk_is_put_right(two: Server, options: Options) -> None:
    """A file whose size is not the ledger's is fetched again, though the list says unchanged."""
    asked = options()
    riksdag_documents(MOTIONS, asked)
    path = next(asked.into.rglob("A.json"))
    path.write_bytes(b"{}")
    report = riksdag_documents(MOTIONS, asked)

    assert report.fetched == 1
    assert path.read_bytes() == status_of("A").body


def test_answers_are_sent_as_told(two: Server) -> None:
    """The server of these tests answers what it was told, in order, the last one for ever."""
    two.answers("/x", Answer(b"1"), Answer(b"2"))

    assert [two._next("/x", "").body for _ in range(3)] == [b"1", b"2", b"2"]
