"""``searchkit download``: fetch documents from public sources into a corpus."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchkit.cli.failures import ERROR
from searchkit.cli.machine import print_json
from searchkit.cli.options import json_option, setting
from searchkit.cli.terminal import is_dumb, one_line

if TYPE_CHECKING:
    from searchkit.download import (
        DownloadOptions,
        DownloadProgress,
        DownloadReport,
        Selection,
        VerifyDownloadReport,
    )

FAILED_SHOWN = 20
DRAW_EVERY_S = 0.2
LOG_EVERY_S = 10.0
SOURCES = ("riksdag", "g0v")


def _split(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    words = (word.strip() for value in values for word in value.split(","))
    return tuple(word for word in words if word)


_WHAT = (
    click.option(
        "--type", "types", multiple=True, callback=_split, metavar="TYPE,…",
        help="Only these types: mot,prop,bet,sou,… or, of g0v, pressmeddelanden,…",
    ),
    click.option(
        "--from", "since", metavar="WHEN",
        help="Not before: a riksmöte (2018/19), a year, a month or a day.",
    ),
    click.option("--to", "until", metavar="WHEN", help="Not after; belongs to the period."),
    click.option("--search", default="", metavar="TEXT", help="Only what riksdagen finds for it."),
    click.option(
        "--dumps", is_flag=True,
        help="Whole archives of riksdagen, by type and the years in their names.",
    ),
    click.option("--list", "listing", is_flag=True, help="Show what there is, and stop."),
    click.option("--limit", type=click.IntRange(min=1), metavar="N", help="No more than N files."),
)  # fmt: skip
_HOW = (
    click.option(
        "--into", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
        envvar="SEARCHKIT_CORPUS", default=setting("corpus", "corpus"),
        help="Folder to download to (default: corpus).",
    ),
    click.option(
        "--rate", type=float, default=1.0, metavar="N",
        help="Requests a second (default: 1, at most 5).",
    ),
    click.option(
        "--contact", default="", envvar="SEARCHKIT_CONTACT", metavar="ADDRESS",
        help="Where the server's people can reach you; told to the server.",
    ),
    click.option(
        "--recheck", is_flag=True,
        help="Ask even for files that are unchanged according to the source's list.",
    ),
    click.option("--base-url", default="", metavar="URL", help="Another server: a mirror, a test."),
    click.option(
        "--verify", "verifying", is_flag=True,
        help="Check what was downloaded against its checksums, and stop.",
    ),
)  # fmt: skip


def _options(command: Callable[..., int]) -> Callable[..., int]:
    for add in reversed((*_WHAT, *_HOW)):
        command = add(command)
    return command


@click.command("download")
@click.argument("source", required=False, type=click.Choice(SOURCES))
@_options
@json_option
@click.option("-v", "--verbose", is_flag=True, help="Name every failure; log progress.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing on stderr but errors.")
@click.pass_context
def command(
    ctx: click.Context, /, *, source: str | None, as_json: bool, verbose: bool, quiet: bool,
    **given: Any,
) -> int:  # fmt: skip
    """
    Download documents from SOURCE: riksdag (data.riksdagen.se) or g0v (g0v.se).

    One request a second. Files that have not changed since are not fetched
    again, and an interrupted download goes on where it stopped. The exit
    status is 0 if all that was asked for is there, 2 if something is not.

    \b
    searchkit download riksdag --type prop,bet --from 2023/24
    searchkit download riksdag --search "cirkulär ekonomi" --limit 200
    searchkit download riksdag --dumps --type mot --from 2018
    searchkit download g0v --type pressmeddelanden --from 2024
    searchkit download riksdag --dumps --list
    searchkit download --verify
    """
    with _watcher(verbose=verbose, quiet=quiet) as watch:
        selection, options = _asked(given, watch)
        if given["verifying"]:
            return _verify(options, as_json=as_json)
        if source is None:
            raise click.UsageError(f"Say from where: {' or '.join(SOURCES)}.", ctx)
        if given["dumps"] and source != "riksdag":
            raise click.UsageError("--dumps goes with riksdag only.", ctx)
        if given["listing"]:
            return _list(source, selection, options, dumps=given["dumps"], as_json=as_json)
        report = _download(source, selection, options, dumps=given["dumps"])
    if as_json:
        print_json(_report_object(report))
    _tell(report, verbose=verbose, quiet=quiet)
    return ERROR if report.failed else 0


def _asked(
    given: dict[str, Any], watch: Callable[[DownloadProgress], None] | None
) -> tuple[Selection, DownloadOptions]:
    from searchkit.download import DownloadOptions, Manners, Selection

    selection = Selection(given["types"], given["since"], given["until"], given["search"])
    options = DownloadOptions(
        into=given["into"],
        manners=Manners(requests_per_s=given["rate"], contact=given["contact"]),
        base_url=given["base_url"],
        limit=given["limit"],
        recheck=given["recheck"],
        progress=watch,
    )
    return selection, options


def _download(
    source: str, selection: Selection, options: DownloadOptions, *, dumps: bool
) -> DownloadReport:
    from searchkit.download import g0v_pages, riksdag_documents, riksdag_dumps

    if source == "g0v":
        return g0v_pages(selection, options)
    return riksdag_dumps(selection, options) if dumps else riksdag_documents(selection, options)


def _verify(options: DownloadOptions, *, as_json: bool) -> int:
    from searchkit.download import verify_download

    report = verify_download(options.into, progress=options.progress)
    if as_json:
        print_json(dataclasses.asdict(report))
    else:
        _print_verdict(report)
    return 0 if report.is_sound else ERROR


def _print_verdict(report: VerifyDownloadReport) -> None:
    for verdict in ("missing", "changed", "unreadable"):
        for path in getattr(report, verdict):
            sys.stdout.write(f"{verdict}\t{one_line(path)}\n")
    noun = "file" if report.files == 1 else "files"
    verdict = "sound" if report.is_sound else "not sound; download again what is named here"
    sys.stdout.write(
        f"{report.files:,} {noun}, {report.checked_bytes / 1e6:.1f} MB checked: {verdict}\n"
    )


def _list(
    source: str, selection: Selection, options: DownloadOptions, *, dumps: bool, as_json: bool
) -> int:
    """Print what there is: archives, numbers of documents, or kinds of pages."""
    from searchkit.download import g0v_lists, riksdag_counts, riksdag_datasets

    rows: list[dict[str, object]]
    if source == "g0v":
        rows = [{"type": page.type, "list": page.path} for page in g0v_lists()]
    elif dumps or selection.is_open:
        rows = [
            {
                "archive": dataset.name, "type": dataset.type,
                "bytes": dataset.size_bytes, "updated": dataset.updated,
            }
            for dataset in riksdag_datasets(selection, options)
        ]  # fmt: skip
    else:
        rows = [
            {"type": hits.type or "*", "period": hits.period, "documents": hits.count}
            for hits in riksdag_counts(selection, options)
        ]
    for row in rows:
        if as_json:
            print_json(row)
        else:
            sys.stdout.write("\t".join(one_line(str(value)) for value in row.values()) + "\n")
    return 0


def _report_object(report: DownloadReport) -> dict[str, object]:
    fields = {field.name: getattr(report, field.name) for field in dataclasses.fields(report)}
    fields["failed"] = [{"url": error.url, "reason": error.reason} for error in report.failed]
    return fields


def _tell(report: DownloadReport, *, verbose: bool, quiet: bool) -> None:
    shown = report.failed if verbose else report.failed[:FAILED_SHOWN]
    for error in shown:
        sys.stderr.write(f"failed: {one_line(str(error))}\n")
    if more := len(report.failed) - len(shown):
        sys.stderr.write(f"and {more:,} more; --verbose names them all\n")
    if quiet:
        return
    if report.empty:
        sys.stderr.write(f"left out, empty at the source: {one_line(', '.join(report.empty))}\n")
    sys.stderr.write(f"{summary(report)}\n{report.attribution}\n")


def summary(report: DownloadReport) -> str:
    """Return the line at the end: how many files came, and how fast."""
    told = [f"{report.fetched:,} fetched", f"{report.unchanged:,} unchanged"]
    if report.failed:
        told.append(f"{len(report.failed):,} failed")
    noun = "file" if report.listed == 1 else "files"
    return (
        f"{report.listed:,} {noun} asked for ({', '.join(told)}) in '{one_line(report.into)}'; "
        f"{report.received_bytes / 1e6:.1f} MB in {report.seconds:.1f} s"
    )


def describe(progress: DownloadProgress, seconds_left: float | None) -> str:
    """Say how far a download has come: ``fetch 12 of 340, 4.5 MB, 5:28 left``."""
    of = f" of {progress.total:,}" if progress.total else ""
    said = [f"{progress.stage} {progress.done:,}{of}", f"{progress.received_bytes / 1e6:.1f} MB"]
    if seconds_left is not None:
        minutes, seconds = divmod(int(seconds_left), 60)
        hours, minutes = divmod(minutes, 60)
        said.append(f"{f'{hours}:{minutes:02}' if hours else minutes}:{seconds:02} left")
    return ", ".join(said)


@contextmanager
def _watcher(*, verbose: bool, quiet: bool) -> Iterator[Callable[[DownloadProgress], None] | None]:
    """Yield what draws progress: a line on a terminal, lines in a verbose log, or nothing."""
    drawn = sys.stderr.isatty() and not is_dumb()
    if quiet or not (drawn or verbose):
        yield None
        return
    before, after = ("\r", "\x1b[K") if drawn else ("", "\n")
    pause_s = DRAW_EVERY_S if drawn else LOG_EVERY_S
    stage, began, said_at = "", 0.0, time.monotonic()

    def watch(progress: DownloadProgress) -> None:
        nonlocal stage, began, said_at
        now = time.monotonic()
        if progress.stage != stage:
            stage, began = progress.stage, now
        if now - said_at < pause_s:
            return
        said_at = now
        done = progress.fraction
        left = (now - began) * (1 - done) / done if done else None
        sys.stderr.write(f"{before}{describe(progress, left)}{after}")
        sys.stderr.flush()

    try:
        yield watch
    finally:
        if drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
