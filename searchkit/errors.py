"""
What can go wrong.

The tree::

    SearchkitError
    ├─ CorpusError                  the corpus as a whole cannot be read
    │  └─ CorpusNotFoundError
    ├─ DocumentFormatError          one document cannot be read; the rest goes on
    ├─ QuerySyntaxError             the query cannot be parsed; points at the place
    │  └─ UnknownFieldError
    ├─ IndexNotFoundError           no index in this directory
    ├─ IndexFormatError             foreign, or written by another format version
    │  └─ AnalyzerMismatchError     written with another analyser
    ├─ CorruptIndexError            the index's own checksums or bounds disagree
    ├─ IndexLockedError             another process is writing
    ├─ WorkerDiedError              a worker process of a reindex ended by itself
    ├─ DocumentNotFoundError        no document with this id
    ├─ EvaluationFileError          a line of queries, judgements or answers is wrong
    └─ UsageError                   a value that a person typed is not acceptable

Every error carries its facts as attributes, and its message says what is
wrong, where, and what to do. A wrong argument from a programmer is a plain
``ValueError`` or ``TypeError``; ``assert`` is only for our own invariants.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class SearchkitError(Exception):
    """Root of every error that searchkit raises on purpose."""


class UsageError(SearchkitError):
    """A value that a person typed (an option, a limit, a date) is not acceptable."""


class CorpusError(SearchkitError):
    """The corpus as a whole cannot be read."""

    def __init__(self, message: str, *, path: Path) -> None:
        super().__init__(message)
        self.path = path


class CorpusNotFoundError(CorpusError):
    """There is no file or folder at the corpus path."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"no corpus at '{path}': there is no such file or folder; "
            "give the path of a folder, a text file or a .jsonl file",
            path=path,
        )


class DocumentFormatError(SearchkitError):
    """
    One document (a file, or a line of a file) cannot be read.

    Reported and counted; the documents around it are indexed all the same.

    Attributes:
        reason: what is wrong and what to do.
        path: the file, or the member of an archive.
        line: from 1; None if it is the file as a whole.
        passing: it may be gone another time although the file is the same, like a
            missing permission; the file is then tried again.
    """

    def __init__(
        self, reason: str, *, path: Path, line: int | None = None, passing: bool = False
    ) -> None:
        self.reason = reason
        self.path = path
        self.line = line
        self.passing = passing
        super().__init__(reason, path, line)

    def __str__(self) -> str:
        where = f"{self.path}" if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.reason}"

    def __reduce__(self) -> tuple[object, ...]:
        # Crosses from a worker process to the reindexing one.
        facts = (self.reason, self.path, self.line, self.passing)
        return (_rebuild_document_format_error, facts)


def _rebuild_document_format_error(
    reason: str, path: Path, line: int | None, passing: bool
) -> DocumentFormatError:
    return DocumentFormatError(reason, path=path, line=line, passing=passing)


class QuerySyntaxError(SearchkitError):
    """
    The query cannot be parsed.

    Attributes:
        reason: what is wrong, in one sentence.
        text: the query as typed.
        position: code-point offset in *text* of the first character concerned.
    """

    def __init__(self, reason: str, *, text: str, position: int) -> None:
        self.reason = reason
        self.text = text
        self.position = max(0, min(position, len(text)))
        super().__init__(reason)

    def __str__(self) -> str:
        return f"{self.reason}\n  {self.text}\n  {' ' * self.position}^"


class UnknownFieldError(QuerySyntaxError):
    """The query names a field that the index does not have."""

    def __init__(
        self, field: str, *, known: Sequence[str], suggestion: str | None, text: str, position: int
    ) -> None:
        self.field = field
        self.known = tuple(known)
        self.suggestion = suggestion
        hint = f"; did you mean '{suggestion}:'?" if suggestion else ""
        super().__init__(
            f"no field '{field}:' in this index; it has {', '.join(known)}{hint}",
            text=text,
            position=position,
        )


class IndexNotFoundError(SearchkitError):
    """There is no index in the directory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"no index at '{path}': build one with `searchkit reindex CORPUS --index {path}`"
        )


class IndexFormatError(SearchkitError):
    """The directory or file is not an index of a version that this program reads."""

    def __init__(self, path: Path, *, expected: object, got: object) -> None:
        self.path = path
        self.expected = expected
        self.got = got
        super().__init__(
            f"'{path}' is not an index this version can read: expected {expected}, got {got}; "
            "rebuild it with `searchkit reindex --from-scratch`"
        )


class AnalyzerMismatchError(IndexFormatError):
    """The index was written with another analyser, so its terms mean something else."""

    def __init__(self, path: Path, *, expected: str, got: str) -> None:
        super().__init__(path, expected=f"analyser {expected}", got=f"analyser {got}")


class CorruptIndexError(SearchkitError):
    """A file of the index is damaged: a checksum, a size or a bound does not hold."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"'{path}' is damaged: {reason}; rebuild with `searchkit reindex --from-scratch`"
        )


class IndexLockedError(SearchkitError):
    """Another process is writing to the index."""

    def __init__(self, path: Path, *, pid: int | None, since: str | None) -> None:
        self.path = path
        self.pid = pid
        self.since = since
        holder = f"process {pid} since {since}" if pid is not None else "another process"
        super().__init__(
            f"the index '{path}' is being written by {holder}; wait for it to end, or stop it"
        )


class WorkerDiedError(SearchkitError):
    """A worker process of a reindex ended without a word; the index is as it was."""

    def __init__(self) -> None:
        super().__init__(
            "a worker process died, perhaps for want of memory; nothing was changed: "
            "try again with `--processes 1`"
        )


class DocumentNotFoundError(SearchkitError):
    """The index holds no document with this id."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"no document '{key}' in this index; `searchkit search` prints the ids of its hits"
        )


class EvaluationFileError(SearchkitError):
    """
    A line of a file of queries, judgements or answers cannot be used.

    Attributes:
        reason: what is wrong and what to do.
        path: the file.
        line: from 1; None if it is the file as a whole.
    """

    def __init__(self, reason: str, *, path: Path, line: int | None = None) -> None:
        self.reason = reason
        self.path = path
        self.line = line
        super().__init__(f"{path}: {reason}" if line is None else f"{path}:{line}: {reason}")
