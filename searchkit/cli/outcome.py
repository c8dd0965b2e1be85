"""
What is told of a reindex when it is done: what it did, and what it could not read.

A corpus of a hundred scans has one thing wrong with it a hundred times. Where there
is much to tell, what is alike is told once, with how often it is so.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from searchkit.cli.terminal import one_line

if TYPE_CHECKING:
    from searchkit import ReindexReport
    from searchkit.errors import DocumentFormatError

LINES_MOST = 20
"""What could not be read is told in so many lines, unless all of it is asked for."""
_NAMED_MOST = 3
# What tells two reasons apart that are alike: names, numbers and lists of them.
_PARTICULAR = re.compile(r"'[^']*'|\d(?:[\d ,.:/-]*\d)?")


def report_object(report: ReindexReport) -> dict[str, object]:
    """Return the object that ``reindex --json`` prints."""
    fields = {field.name: getattr(report, field.name) for field in dataclasses.fields(report)}
    fields["skipped"] = [
        {"path": str(error.path), "line": error.line, "reason": error.reason}
        for error in report.skipped
    ]
    fields["duplicates"] = [{"path": path, "same_as": kept} for path, kept in report.duplicates]
    return fields


def tell_skipped(skipped: Sequence[DocumentFormatError], *, verbose: bool) -> None:
    """Write on stderr what could not be read: each by its name, or what is alike in one line."""
    if verbose or len(skipped) <= LINES_MOST:
        for error in skipped:
            sys.stderr.write(f"skipped: {one_line(str(error))}\n")
        return
    shown = 0
    for number, (line, count) in enumerate(_grouped(skipped)):
        if number == LINES_MOST:
            sys.stderr.write(f"and {len(skipped) - shown:,} more\n")
            break
        sys.stderr.write(f"skipped: {one_line(line)}\n")
        shown += count
    sys.stderr.write("--verbose names them all\n")


def _grouped(skipped: Sequence[DocumentFormatError]) -> Iterator[tuple[str, int]]:
    """Yield a line, and for how many it stands; what occurs most often first."""
    groups: dict[str, list[DocumentFormatError]] = {}
    for error in skipped:
        groups.setdefault(_PARTICULAR.sub("…", error.reason), []).append(error)
    for group in sorted(groups.values(), key=len, reverse=True):
        if len(group) <= _NAMED_MOST:
            yield from ((str(error), 1) for error in group)
            continue
        files = len({error.path for error in group})
        count = f"{files:,} {'file' if files == 1 else 'files'}"
        if files < len(group):
            count = f"{len(group):,} times in {count}"
        alike = len({error.reason for error in group}) == 1
        yield f"{count}{': ' if alike else ', such as '}{group[0].reason}", len(group)


def tell_duplicates(report: ReindexReport) -> None:
    """Write on stderr which files hold the same bytes as another."""
    for path, kept in report.duplicates:
        sys.stderr.write(f"duplicate: {one_line(path)}: the same as {one_line(kept)}\n")


def summary(report: ReindexReport) -> str:
    """Return the line at the end: what the index holds, what changed, how fast it went."""
    changes = {
        "added": report.added,
        "replaced": report.replaced,
        "deleted": report.deleted,
        "unchanged": report.unchanged,
        "duplicate" if len(report.duplicates) == 1 else "duplicates": len(report.duplicates),
        "skipped": len(report.skipped),
    }
    told = ", ".join(f"{count:,} {name}" for name, count in changes.items() if count)
    held = f"{_counted(report.documents, 'document')} {'would be ' if report.dry_run else ''}in"
    files = _counted(report.files, "file")
    if report.unchanged_files:
        files += f", {report.unchanged_files:,} of them not opened"
    if report.languages:
        foreign = ", ".join(f"{count:,} {code}" for code, count in report.languages.items())
        files += f"; not in Swedish: {foreign}"
    begin, end = ("dry run: ", _dry_end(report)) if report.dry_run else ("", _speed(report))
    return f"{begin}{held} the index{f' ({told})' if told else ''}; {files}; {end}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _dry_end(report: ReindexReport) -> str:
    return f"nothing was written, in {report.seconds:.1f} s"


def _speed(report: ReindexReport) -> str:
    read_mb = report.text_bytes / 1e6
    speed = f", {read_mb / report.seconds:.1f} MB/s" if report.seconds and read_mb >= 0.05 else ""
    return f"{read_mb:.1f} MB, {report.tokens:,} tokens in {report.seconds:.1f} s{speed}"
