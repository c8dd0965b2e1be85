"""
Where does an archive lie, and how much may still come out of it?

A member is named below its archive, as a file below a folder, and is refused if its name
leads elsewhere. All archives within one file on disk share one budget, so that nesting
them multiplies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from searchkit.corpus.archive_zip import Member, Refused
from searchkit.corpus.chunk import Chunk, Stamp
from searchkit.corpus.limits import RATIO_FREE_BYTES, Limits
from searchkit.corpus.walk import as_key
from searchkit.errors import DocumentFormatError

Step: TypeAlias = Chunk | DocumentFormatError
"""What planning yields."""

_DRIVE = re.compile(r"[A-Za-z]:")


class Budget:
    """What a file on disk, with all archives in it, may still hold."""

    def __init__(self, limits: Limits, disk_bytes: int) -> None:
        self.limits = limits
        self._most_bytes = limits.unpacked_bytes(disk_bytes)
        self._members = limits.archive_members
        self._bytes = self._most_bytes
        self.too_deep = 0
        """Archives that lay too deep to be opened."""

    @property
    def is_spent(self) -> bool:
        """Whether the rest of the archives is not to be read."""
        return self._members < 0 or self._bytes < 0

    def spend(self, content_bytes: int) -> None:
        """Take one member of this size."""
        self._members -= 1
        self._bytes -= content_bytes

    def spent(self, path: Path) -> DocumentFormatError:
        """Say what the archive at *path* holds too much of."""
        most = f"{self.limits.archive_members} files"
        if self._bytes < 0:
            unit = f"{self._most_bytes >> 20} MB" if self._most_bytes >> 20 else "allowed"
            most = f"{unit}, far more than its size (a zip bomb?)"
            if self._most_bytes == self.limits.archive_bytes:
                most = unit
        reason = f"unpacks to more than {most}; what is beyond that is not read"
        return DocumentFormatError(reason, path=path)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an archive lies."""

    file: Path
    """On disk: itself, or the outermost archive around it."""
    path: Path
    """As shown to the user."""
    relative: str
    members: tuple[str, ...]
    """Its own name, and those of the archives between it and *file*."""
    stamp: Stamp | None
    budget: Budget
    addressable: bool
    """Its members can be read from the disk later."""

    @property
    def limits(self) -> Limits:
        """What members may ask for."""
        return self.budget.limits

    def in_memory(self) -> Place:
        """Return this place of an archive whose members must be read at once."""
        return replace(self, addressable=False)

    def below(self, member: Member, name: str) -> Place:
        """Return the place of an archive that is a member."""
        return replace(
            self,
            path=self.path_of(name),
            relative=f"{self.relative}/{as_key(name)}",
            members=(*self.members, member.key),
            addressable=False,
        )

    def path_of(self, name: str) -> Path:
        """Return the path of a member, as shown to the user."""
        return Path(f"{self.path}/{name}") if name else self.path

    def refusal(self, member: Member | Refused, parts: list[str]) -> str | None:
        """Return why *member*, the parts of whose name are *parts*, is not read, or None."""
        if not parts:
            return "has no name"
        if ".." in parts or member.name.startswith("/") or _DRIVE.match(member.name):
            return "its name leads out of the archive"
        if isinstance(member, Refused):
            return member.reason
        ratio = self.limits.compression_ratio
        if self.addressable and member.size > max(RATIO_FREE_BYTES, ratio * member.packed):
            # What a member takes of a compressed tar archive is not known.
            size = f"{member.size >> 20} MB"
            return f"unpacks to {size}, more than {ratio} times its size, as a zip bomb does"
        return None


def with_rest(steps: Iterable[Step], disk_bytes: int) -> Iterator[Step]:
    """Yield *steps*, the last chunk of which takes what the others leave of *disk_bytes*."""
    held: Chunk | None = None
    following: list[Step] = []
    for step in steps:
        if isinstance(step, DocumentFormatError):
            following.append(step)
            if held is None:
                yield from following
                following.clear()
            continue
        if held is not None:
            held = _taking(held, min(held.disk_bytes, disk_bytes))
            disk_bytes -= held.disk_bytes
            yield held
        yield from following
        held, following = step, []
    if held is not None:
        yield _taking(held, disk_bytes)
    yield from following


def _taking(chunk: Chunk, disk_bytes: int) -> Chunk:
    return chunk if chunk.disk_bytes == disk_bytes else replace(chunk, disk_bytes=disk_bytes)
