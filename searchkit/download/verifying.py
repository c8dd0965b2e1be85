"""
Are the files that were downloaded still as they came?

Every file that the ledger names is read and compared with its size and
SHA-256; nothing is asked of any server, and nothing is changed. A file that
is gone or was changed is fetched again by the next download of the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from searchkit.download.keeping import digest
from searchkit.download.ledger import Entry, entries_of
from searchkit.download.running import DownloadProgress


@dataclass(frozen=True, slots=True)
class VerifyDownloadReport:
    """What the files are compared with the ledger; paths are below the folder."""

    files: int
    """That the ledger names."""
    checked_bytes: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    """Whose size or SHA-256 is another."""
    unreadable: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every file is there as it came."""
        return not (self.missing or self.changed or self.unreadable)


def verify_download(
    into: str | Path = "corpus",
    *,
    progress: Callable[[DownloadProgress], None] | None = None,
) -> VerifyDownloadReport:
    """
    Compare every downloaded file below *into* with the ledger there.

    Raises:
        DownloadError: nothing was downloaded to it.

    Cost:
        Reads every byte, at the speed of the disk or of SHA-256.
    """
    folder = Path(into)
    entries = entries_of(folder)
    found: dict[str, list[str]] = {"missing": [], "changed": [], "unreadable": []}
    checked_bytes = 0
    for done, entry in enumerate(entries):
        verdict = _verdict(folder, entry)
        checked_bytes += entry.size_bytes if verdict == "" else 0
        if verdict:
            found[verdict].append(entry.path)
        if progress is not None:
            progress(DownloadProgress("verify", done + 1, len(entries), checked_bytes))
    return VerifyDownloadReport(
        files=len(entries),
        checked_bytes=checked_bytes,
        missing=tuple(found["missing"]),
        changed=tuple(found["changed"]),
        unreadable=tuple(found["unreadable"]),
    )


def _verdict(folder: Path, entry: Entry) -> str:
    path = folder / entry.path
    try:
        same = path.stat().st_size == entry.size_bytes and digest(path) == entry.sha256
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "unreadable"
    return "" if same else "changed"
