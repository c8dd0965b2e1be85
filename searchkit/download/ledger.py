"""
What has been fetched, and is it still as it was?

The folder of a download keeps a ledger: one JSON object a line for each file,
with its address, size, SHA-256, the server's ETag and Last-Modified, the
version that the source's list gave it, and when it was fetched. A line is
written, and brought to the disk, after the file has its final name; a later
line replaces an earlier one of the same path. So whatever instant a run is
ended at, the ledger is right about the files it names; a torn last line is
passed over. A file between its name and its line is fetched once more.

*Ledger* := *Header* *Line*\\*; a *Line* is an `Entry`, or a `Part`: the
validators of an answer that is being received, so that the rest of it can be
asked for later.

The names begin with a dot: the walk over a corpus passes such files over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock, Timeout

from searchkit.download.failures import DownloadError, DownloadLockedError

LEDGER_NAME = ".searchkit-download.jsonl"
LOCK_NAME = ".searchkit-download.lock"
_HEADER = {"searchkit-download": 1}


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that was fetched whole, and checked."""

    path: str
    """Below the folder, with slashes."""
    url: str
    size_bytes: int
    sha256: str
    etag: str = ""
    last_modified: str = ""
    version: str = ""
    """What the source's list says of its last change; empty if it says nothing."""
    fetched: str = ""
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the server said of an answer of which only a part may have come."""

    part: str
    """The path it will have."""
    url: str
    etag: str
    last_modified: str


class Ledger:
    """
    The ledger of one folder; a context in which nobody else writes to it.

    Raises:
        DownloadLockedError: another process does (on entering).
        DownloadError: the ledger is of a later version (on entering).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / LEDGER_NAME
        self._lock = FileLock(folder / LOCK_NAME)
        self._entries: dict[str, Entry] = {}
        self._parts: dict[str, Part] = {}

    def __enter__(self) -> Ledger:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise DownloadLockedError(self._folder) from None
        try:
            self._read()
            self._write_anew()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def entry(self, path: str) -> Entry | None:
        """Return what is known of the file *path*."""
        return self._entries.get(path)

    def part(self, path: str) -> Part | None:
        """Return what is known of a part of the file *path*."""
        return self._parts.get(path)

    def record(self, line: Entry | Part) -> None:
        """Add a line; an entry is on the disk when this returns."""
        with open(self._path, "a", encoding="utf-8", newline="\n") as file:
            file.write(_as_line(asdict(line)))
            if isinstance(line, Entry):
                file.flush()
                os.fsync(file.fileno())
        self._take(line)

    def forget_part(self, path: str) -> None:
        """Forget a part that nothing will be put behind."""
        self._parts.pop(path, None)

    def _take(self, line: Entry | Part) -> None:
        if isinstance(line, Part):
            self._parts[line.part] = line
        else:
            self._entries[line.path] = line
            self._parts.pop(line.path, None)

    def _read(self) -> None:
        for line in _lines(self._path):
            self._take(line)

    def _write_anew(self) -> None:
        """Leave out what later lines replaced, and a torn one at the end."""
        fresh = self._path.with_name(f"{LEDGER_NAME}.new")
        with open(fresh, "w", encoding="utf-8", newline="\n") as file:
            file.write(_as_line(_HEADER))
            lines: list[Entry | Part] = [*self._entries.values(), *self._parts.values()]
            for line in lines:
                file.write(_as_line(asdict(line)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._path)


def entries_of(folder: Path) -> list[Entry]:
    """
    Return what the ledger of *folder* holds, in order of path, without locking it.

    Raises:
        DownloadError: there is no ledger, or it is of a later version.
    """
    path = folder / LEDGER_NAME
    if not path.exists():
        raise DownloadError(
            f"nothing was downloaded to '{folder}': it has no ledger ({LEDGER_NAME}); "
            "give the folder with --into"
        )
    last = {line.path: line for line in _lines(path) if isinstance(line, Entry)}
    return [last[name] for name in sorted(last)]


def _lines(path: Path) -> Iterator[Entry | Part]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for raw in text.split("\n"):
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError):
            continue  # Torn off, when the run was ended: its file is fetched once more.
        if isinstance(line, dict):
            if line.get("searchkit-download", 1) != 1:
                raise DownloadError(
                    f"'{path}' was written by a later version of searchkit; use that, or "
                    "download to another folder"
                )
            yield from _parsed(line)


def _parsed(line: dict[str, Any]) -> Iterator[Entry | Part]:
    kind: type[Entry] | type[Part] = Part if "part" in line else Entry
    try:
        made = kind(**line)
    except TypeError:
        return  # The header, or a line that is not ours.
    numbers = isinstance(made, Part) or type(made.size_bytes) is int
    texts = all(isinstance(v, str) for k, v in asdict(made).items() if k != "size_bytes")
    if numbers and texts and is_inside(made.part if isinstance(made, Part) else made.path):
        yield made


def is_inside(path: str) -> bool:
    """
    Tell whether *path* stays below the folder it is relative to.

    >>> is_inside("riksdag/mot/H6021532.json"), is_inside("../x"), is_inside("/x")
    (True, False, False)
    """
    parts = PurePosixPath(path).parts
    return bool(parts) and parts[0] != "/" and not {"..", "\\"} & {*parts, *path}


def _as_line(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"
