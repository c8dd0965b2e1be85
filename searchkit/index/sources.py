"""
What does the index remember of the files it was made from?

For every file of the corpus: its size and time when it was read, the hash of what
it held, and what was wrong with it. A reindex leaves a file alone whose size and
time are the same; a file with another time but the same hash is read and found
unchanged. Without these notes, or with damaged ones, everything is read again, and
nothing is lost but time.

The notes of one generation are one file beside its segments, named by the manifest: a
line of JSON that says what it is, with the checksum of what follows; a line about the
corpus as a whole; and a line with what is known of each file.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

_MAGIC = "searchkit-sources"
_VERSION = 1

Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds."""


class Problem(NamedTuple):
    """What is wrong with a file, or with a line of it."""

    path: str
    """Relative to the corpus; of a member, with the path of its archive."""
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class SourceNote:
    """What is remembered of one file of the corpus."""

    stamp: Stamp | None
    """None: not to be relied on, since the file may have changed while it was read."""
    contents: Mapping[str, str] = field(default_factory=dict)
    """Hash of the bytes of each whole file read from it, by relative path: the file
    itself, or the members of an archive. Files of one document a line have none."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """What is remembered of the corpus."""

    corpus: str
    """Absolute path of the folder or file."""
    reading: str
    """How files were read: with another value, all are read again."""
    files: Mapping[str, SourceNote]
    """By path relative to the corpus."""
    duplicates: Mapping[str, str] = field(default_factory=dict)
    """Relative path of what holds the same bytes as another, and the one that is kept."""
    superseded: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Files of which documents are not in the index, since other files have documents with
    the same ids, and these files."""


def write_sources(path: Path, sources: Sources) -> None:
    """Write *sources* to a new file at *path*, durably."""
    corpus = {
        "corpus": sources.corpus,
        "reading": sources.reading,
        "duplicates": dict(sources.duplicates),
        "superseded": {name: list(others) for name, others in sources.superseded.items()},
    }
    files = {
        name: [note.stamp, dict(note.contents), note.problems]
        for name, note in sources.files.items()
    }
    body = b"\n".join(json.dumps(of, separators=(",", ":")).encode() for of in (corpus, files))
    head = json.dumps({"magic": _MAGIC, "version": _VERSION, "crc32": zlib.crc32(body)}).encode()
    with open(path, "wb") as file:
        file.write(head + b"\n" + body)
        file.flush()
        os.fsync(file.fileno())


def read_sources(path: Path, *, files: bool = True) -> Sources | None:
    """
    Read what :func:`write_sources` wrote; None if it is missing, damaged or of another kind.

    Args:
        files: also read what is known of each file, at 8 microseconds a file.
    """
    try:
        head, body = path.read_bytes().split(b"\n", 1)
        told = json.loads(head)
        if told != {"magic": _MAGIC, "version": _VERSION, "crc32": zlib.crc32(body)}:
            return None
        first, second = body.split(b"\n")
        corpus = json.loads(first)
        noted = json.loads(second) if files else {}
        notes = {str(name): _note(*fields) for name, fields in noted.items()}
        duplicates = {str(name): str(kept) for name, kept in corpus["duplicates"].items()}
        superseded = {
            str(name): [str(other) for other in others]
            for name, others in corpus["superseded"].items()
        }
        return Sources(str(corpus["corpus"]), str(corpus["reading"]), notes, duplicates, superseded)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _note(stamp: Any, contents: Any, problems: Any) -> SourceNote:
    return SourceNote(
        None if stamp is None else (int(stamp[0]), int(stamp[1])),
        {str(name): str(digest) for name, digest in contents.items()},
        tuple(Problem(str(path), line, str(reason)) for path, line, reason in problems),
    )
