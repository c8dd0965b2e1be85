"""
Which files are the index, right now?

``manifest.json`` names the segments of the last commit. It is replaced as a
whole, atomically, after everything that it names is durable, so that whoever
opens the index at any instant sees one generation or the next, never a mixture.
Files that no manifest names are left-overs and are collected at the next commit.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from searchkit.errors import (
    CorruptIndexError,
    IndexFormatError,
    IndexNotFoundError,
    SearchkitError,
)
from searchkit.index.format import FORMAT_VERSION, fsync_directory

MANIFEST_NAME = "manifest.json"
_MAGIC = "searchkit-index"
_SOURCES = re.compile(r"sources-\d+-\d+\.json")
_OUR_FILES = re.compile(
    r"(?:segment|tombstones)-\d+-\d+\.skx|sources-\d+-\d+\.json|manifest\.json\.new"
)


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One segment as the manifest names it."""

    file: str
    bytes: int
    tombstones: str | None = None

    @classmethod
    def of(cls, path: Path) -> SegmentEntry:
        """Return the entry of the segment file at *path*, none of whose documents is deleted."""
        return cls(file=path.name, bytes=path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation of an index."""

    generation: int
    analyzer: str
    segments: tuple[SegmentEntry, ...]
    created: str
    sources: str | None = None
    """What is remembered of the corpus (see :mod:`.sources`)."""

    def files(self) -> set[str]:
        """Return the names of all files that this generation consists of."""
        names = {entry.file for entry in self.segments}
        names |= {e.tombstones for e in self.segments if e.tombstones is not None}
        return names if self.sources is None else names | {self.sources}


def read_manifest(directory: Path) -> Manifest:
    """
    Read the manifest of the index in *directory*.

    Raises:
        IndexNotFoundError: there is none.
        IndexFormatError: it is another program's, or another version's.
        CorruptIndexError: it is damaged.
    """
    path = directory / MANIFEST_NAME
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexNotFoundError(directory) from None
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise CorruptIndexError(path, "it is not JSON") from None
    if not isinstance(content, dict) or content.get("magic") != _MAGIC:
        raise IndexFormatError(path, expected=f"a manifest of '{_MAGIC}'", got="something else")
    if content.get("format") != FORMAT_VERSION:
        raise IndexFormatError(
            path, expected=f"format {FORMAT_VERSION}", got=f"format {content.get('format')}"
        )
    if content.pop("crc32", None) != _checksum(content):
        raise CorruptIndexError(path, "its checksum does not match")
    try:
        return _parsed(content)
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptIndexError(path, f"it is malformed ({error})") from None


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Make *manifest* the index's current generation, durably and atomically."""
    content = {"magic": _MAGIC, "format": FORMAT_VERSION, **asdict(manifest)}
    content["segments"] = [asdict(entry) for entry in manifest.segments]
    if manifest.sources is None:
        del content["sources"]
    content["crc32"] = _checksum(content)
    fresh = directory / f"{MANIFEST_NAME}.new"
    with open(fresh, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fsync_directory(directory)
    os.replace(fresh, directory / MANIFEST_NAME)
    fsync_directory(directory)


def collect_garbage(directory: Path, keep: Manifest) -> None:
    """Remove the files of earlier generations and of writers that died."""
    wanted = keep.files()
    for path in directory.iterdir():
        if _OUR_FILES.fullmatch(path.name) and path.name not in wanted:
            try:
                path.unlink(missing_ok=True)
            except OSError:
                # A reader on a system that locks mapped files: the next commit tries again.
                continue


def last_generation(directory: Path) -> int:
    """Return the highest generation number in use, whatever state the index is in."""
    numbers = [0]
    for path in directory.glob("*-*-*.*"):
        middle = path.name.split("-")[1]
        numbers.append(int(middle) if middle.isdecimal() else 0)
    # A damaged index must not hinder its replacement.
    with suppress(SearchkitError, OSError):
        numbers.append(read_manifest(directory).generation)
    return max(numbers)


def _checksum(content: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())


def _parsed(content: dict[str, Any]) -> Manifest:
    entries = tuple(SegmentEntry(**entry) for entry in content["segments"])
    for name in (n for e in entries for n in (e.file, e.tombstones) if n is not None):
        # A manifest from a stranger must not lead out of its directory.
        if not isinstance(name, str) or not _OUR_FILES.fullmatch(name):
            raise ValueError(f"bad file name {name!r}")
    generation, analyzer = content["generation"], content["analyzer"]
    if type(generation) is not int or generation < 0 or not isinstance(analyzer, str):
        raise TypeError("generation or analyzer")
    sources = content.get("sources")
    if sources is not None and not _SOURCES.fullmatch(sources):
        raise ValueError(f"bad file name {sources!r}")
    return Manifest(generation, analyzer, entries, str(content["created"]), sources)
