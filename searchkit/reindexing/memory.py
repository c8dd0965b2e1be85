"""
What does the index remember of its corpus, and may it be relied on?

A file need not be opened if its size and time are what they were when it was last read
(:mod:`searchkit.index.sources`). That is not to be relied on if the file changed within
a tick of the clock of the time it was read, if what was wrong with it may have passed
without a change to it, or if it holds the same bytes as a file that is no longer what it
was.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from searchkit.corpus import SourceFile
from searchkit.errors import DocumentFormatError
from searchkit.index.sources import Problem, SourceNote, Sources, Stamp

# A file may change again within one tick of its file system's clock: 2 s on the coarsest.
_TICK_NS = 2_000_000_000


class Memory:
    """
    What was remembered, and what is to be.

    Args:
        before: what the index remembers; None: nothing, or nothing of use.
        corpus: the folder or file.
        files: what is there now.
        reading: how files are read now (see :attr:`.Sources.reading`).
        now_ns: the time before *files* were listed.

    Attributes:
        skipped: names of the files that need not be opened, in the order of the corpus.
        notes: what is to be remembered of each file.
        kept_under: the path that each content is kept under, by its hash.
        duplicates: the path that each other path with the same content is kept under.
        superseded: the files whose documents were kept instead of those of each file.
    """

    def __init__(
        self,
        before: Sources | None,
        corpus: Path,
        files: Sequence[SourceFile],
        *,
        reading: str,
        now_ns: int,
    ) -> None:
        self._corpus = str(corpus.resolve())
        self._reading = reading
        self._now_ns = now_ns
        self._files = {file.relative: file for file in files}
        if before is not None and (before.corpus, before.reading) != (self._corpus, reading):
            before = None
        self.skipped = _as_before(before, self._files)
        self.is_complete = before is not None and self.skipped.keys() == before.files.keys()
        self.is_complete &= len(self.skipped) == len(self._files)
        self.notes: dict[str, SourceNote] = dict(self.skipped)
        self.duplicates: dict[str, str] = {}
        self.kept_under: dict[str, str] = {}
        self.superseded: dict[str, set[str]] = {}
        if before is not None:
            for dropped, kept in before.duplicates.items():
                if owner_of(dropped, self.skipped) is not None:
                    self.duplicates[dropped] = kept
            for name, others in before.superseded.items():
                if name in self.skipped:
                    self.superseded[name] = set(others)
        for note in self.skipped.values():
            for relative, digest in note.contents.items():
                if relative not in self.duplicates:
                    self.kept_under[digest] = relative

    def remember(
        self,
        name: str,
        contents: Mapping[str, str],
        problems: Iterable[tuple[str, DocumentFormatError]],
    ) -> None:
        """Remember a file that was read to its end; *problems* with the paths they are at."""
        stamp: Stamp | None = self._files[name].stamp
        problems = list(problems)
        if self._files[name].stamp[1] > self._now_ns - _TICK_NS or any(
            e.passing for _, e in problems
        ):
            stamp = None
        told = tuple(Problem(path, error.line, error.reason) for path, error in problems)
        self.notes[name] = SourceNote(stamp, contents, told)

    def sources(self, doubted: Container[str] = ()) -> Sources:
        """Return all that is to be remembered; of the files *doubted*, not that they are read."""
        duplicates = {path: self._kept(path) for path in self.duplicates}
        notes = {
            name: SourceNote(None, note.contents, note.problems) if name in doubted else note
            for name, note in self.notes.items()
        }
        superseded = {name: sorted(others) for name, others in self.superseded.items()}
        return Sources(self._corpus, self._reading, notes, duplicates, superseded)

    def _kept(self, path: str) -> str:
        """Return what a duplicate is kept under, when what it was kept under is one itself."""
        while path in self.duplicates:
            path = self.duplicates[path]
        return path


def owner_of(path: str, files: Container[str]) -> str | None:
    """Return which of *files* a document's path lies in: itself, or an archive above it."""
    return next((each for each in parents(path) if each in files), None)


def parents(path: str) -> list[str]:
    """Return a path and all folders, or archives, above it."""
    return [path, *map(str, PurePosixPath(path).parents)] if "/" in path else [path]


def _as_before(before: Sources | None, files: Mapping[str, SourceFile]) -> dict[str, SourceNote]:
    """Return the notes of the files that are as they were, in the order of the corpus."""
    if before is None:
        return {}
    same = {}
    for name, file in files.items():
        note = before.files.get(name)
        if note is not None and note.stamp is not None and note.stamp == file.stamp:
            same[name] = note
    # What was left out because of a file that has changed must be read after all.
    while alone := {
        owner
        for dropped, kept in before.duplicates.items()
        if (owner := owner_of(dropped, same)) is not None and owner_of(kept, same) is None
    } | {
        name
        for name, others in before.superseded.items()
        if name in same and not all(other in same for other in others)
    }:
        for name in alone:
            del same[name]
    return same
