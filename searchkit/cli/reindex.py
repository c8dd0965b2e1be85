"""``searchkit reindex``: bring the index in step with a corpus."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

import searchkit
from searchkit.cli.failures import ERROR
from searchkit.cli.machine import print_json
from searchkit.cli.options import color_option, index_option, json_option, setting
from searchkit.cli.terminal import is_dumb, one_line

if TYPE_CHECKING:
    from searchkit import Progress, ReindexReport

SKIPPED_SHOWN = 20


@click.command("reindex")
@click.argument(
    "corpus",
    required=False,
    type=click.Path(path_type=Path),
    envvar="SEARCHKIT_CORPUS",
    default=setting("corpus", "corpus"),
    metavar="[CORPUS]",
)
@index_option
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    envvar="SEARCHKIT_PROCESSES",
    default=setting("processes", None),
    metavar="N",
    help="Worker processes (default: as many as the machine has use for).",
)
@click.option(
    "--full",
    is_flag=True,
    help="Index every document anew, not only what changed; known words keep their analysis.",
)
@click.option(
    "--from-scratch", is_flag=True, help="Build anew beside the old index, then take its place."
)
@json_option
@color_option
@click.option("-v", "--verbose", is_flag=True, help="Name every skipped document; log progress.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing on stderr but errors.")
def command(
    *,
    corpus: Path,
    index_path: Path,
    processes: int | None,
    full: bool,
    from_scratch: bool,
    as_json: bool,
    color: str,
    verbose: bool,
    quiet: bool,
) -> int:
    """
    Bring the index in step with CORPUS (default: corpus).

    CORPUS is a folder or a file. Only what changed is read again. Searches
    go on meanwhile; interrupting leaves the index as it was.

    A document that cannot be read is reported and left out, and the rest is
    indexed. The exit status is 0 if all could be read, 2 if something could
    not, or on an error.

    \b
    searchkit reindex
    searchkit reindex dump.jsonl.xz --index /srv/index --processes 8
    """
    with _watcher(color, verbose=verbose, quiet=quiet) as watch:
        report = searchkit.reindex(
            corpus,
            index_path,
            processes=processes,
            full=full,
            from_scratch=from_scratch,
            progress=watch,
        )
    if as_json:
        print_json(_report_object(report))
    _tell_skipped(report, verbose=verbose)
    if not quiet:
        sys.stderr.write(f"{summary(report)}\n")
    if report.documents == 0 and (report.skipped or not report.deleted):
        sys.stderr.write(f"error: '{one_line(str(corpus))}' holds no document that can be read\n")
        return ERROR
    return ERROR if report.skipped else 0


def _watcher(
    color: str, *, verbose: bool, quiet: bool
) -> AbstractContextManager[Callable[[Progress], None] | None]:
    if quiet:
        return nullcontext()
    from searchkit.cli.progress import Bar, logger

    if sys.stderr.isatty() and not is_dumb():
        return Bar(color=color)
    return nullcontext(logger() if verbose else None)


def _report_object(report: ReindexReport) -> dict[str, object]:
    fields = {field.name: getattr(report, field.name) for field in dataclasses.fields(report)}
    fields["skipped"] = [
        {"path": str(error.path), "line": error.line, "reason": error.reason}
        for error in report.skipped
    ]
    return fields


def _tell_skipped(report: ReindexReport, *, verbose: bool) -> None:
    shown = report.skipped if verbose else report.skipped[:SKIPPED_SHOWN]
    for error in shown:
        sys.stderr.write(f"skipped: {one_line(str(error))}\n")
    if more := len(report.skipped) - len(shown):
        sys.stderr.write(f"and {more:,} more; --verbose names them all\n")


def summary(report: ReindexReport) -> str:
    """Return the line at the end: what the index holds, what changed, how fast it went."""
    changes = {
        "added": report.added,
        "replaced": report.replaced,
        "deleted": report.deleted,
        "unchanged": report.unchanged,
        "skipped": len(report.skipped),
    }
    told = ", ".join(f"{count:,} {name}" for name, count in changes.items() if count)
    noun = "document" if report.documents == 1 else "documents"
    speed = f", {report.text_bytes / 1e6 / report.seconds:.1f} MB/s" if report.seconds > 0 else ""
    return (
        f"{report.documents:,} {noun} in the index"
        f"{f' ({told})' if told else ''}; "
        f"{report.text_bytes / 1e6:.1f} MB, {report.tokens:,} tokens "
        f"in {report.seconds:.1f} s{speed}"
    )
