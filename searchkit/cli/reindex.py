"""``searchkit reindex``: bring the index in step with a corpus, once or for as long as it runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import searchkit
from searchkit.cli.failures import ERROR, message
from searchkit.cli.machine import print_json
from searchkit.cli.options import color_option, index_option, json_option, setting
from searchkit.cli.outcome import report_object, summary, tell_duplicates, tell_skipped
from searchkit.cli.terminal import is_dumb, one_line, visible

if TYPE_CHECKING:
    from searchkit import Progress, ReindexReport
    from searchkit.corpus import Limits
    from searchkit.reindexing.watch import Round

WATCH_S = "2"
_MB = 1 << 20


class _Command(click.Command):
    """A command whose ``--watch`` takes the word after it only if that is a number."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for at, word in enumerate(args):
            if word == "--":
                break
            if word == "--watch" and not _is_number("".join(args[at + 1 : at + 2])):
                args[at] = f"--watch={WATCH_S}"
        return super().parse_args(ctx, args)


def _is_number(word: str) -> bool:
    try:
        return float(word) >= 0
    except ValueError:
        return False


_HOW = (
    click.option(
        "--processes", type=click.IntRange(min=1), metavar="N",
        envvar="SEARCHKIT_PROCESSES", default=setting("processes", None),
        help="Worker processes (default: as many as the machine has use for).",
    ),
    click.option(
        "--full", is_flag=True,
        help="Index every document anew, not only what changed; known words keep their analysis.",
    ),
    click.option(
        "--from-scratch", is_flag=True,
        help="Build anew beside the old index, then take its place.",
    ),
    click.option(
        "--reread", is_flag=True, help="Open every file, whatever its size and time."
    ),
    click.option("--dry-run", is_flag=True, help="Change nothing; tell what would be done."),
    click.option(
        "--watch", type=click.FloatRange(min=0, min_open=True), metavar="[SECONDS]",
        help="Look again after so many seconds (default: 2), until Ctrl-C.",
    ),
    click.option(
        "--commit-every", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
        default=60.0, help="How much work a kill may cost (default: 60).",
    ),
)  # fmt: skip
_LIMITS = (
    click.option(
        "--max-mb", type=click.IntRange(min=1), metavar="N",
        envvar="SEARCHKIT_MAX_MB", default=setting("max_mb", None),
        help="Skip documents larger than this (default: 256; a line of a dump: 64).",
    ),
    click.option(
        "--max-seconds", type=click.FloatRange(min=0), metavar="N",
        envvar="SEARCHKIT_MAX_SECONDS", default=setting("max_seconds", None),
        help="Give up on a file after N seconds, and N more a MB (default: 10; 0: never).",
    ),
)  # fmt: skip


def _options(command: Callable[..., int]) -> Callable[..., int]:
    for add in reversed((*_HOW, *_LIMITS)):
        command = add(command)
    return command


@click.command("reindex", cls=_Command)
@click.argument(
    "corpus",
    required=False,
    type=click.Path(path_type=Path),
    envvar="SEARCHKIT_CORPUS",
    default=setting("corpus", "corpus"),
    metavar="[CORPUS]",
)
@index_option
@_options
@json_option
@color_option
@click.option("-v", "--verbose", is_flag=True, help="Name every skipped document; log progress.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing on stderr but errors.")
def command(
    *,
    corpus: Path,
    index_path: Path,
    watch: float | None,
    as_json: bool,
    color: str,
    verbose: bool,
    quiet: bool,
    **given: Any,
) -> int:
    """
    Bring the index in step with CORPUS (default: corpus).

    CORPUS is a folder, a file or an archive. Only what changed is read again.
    Searches go on meanwhile; an interrupted reindex is gone on with by the next.

    A document that cannot be read is reported and left out, and the rest is
    indexed. The exit status is 0 if all could be read, 2 if something could
    not, or on an error.

    \b
    searchkit reindex
    searchkit reindex dump.jsonl.xz --index /srv/index --processes 8
    searchkit reindex --watch 10 --quiet
    """
    teller = _Teller(corpus, as_json=as_json, verbose=verbose, quiet=quiet)
    limits = _limits(given.pop("max_mb"), given.pop("max_seconds"))

    def look() -> ReindexReport:
        with _watcher(color, verbose=verbose, quiet=quiet) as progress:
            return searchkit.reindex(corpus, index_path, limits=limits, progress=progress, **given)

    if watch is None:
        return teller.tell(look())
    _refuse_with_watch(given)
    return _follow(look, watch, teller)


def _limits(max_mb: int | None, max_seconds: float | None) -> Limits | None:
    if max_mb is None and max_seconds is None:
        return None
    from searchkit.corpus import Limits

    limits: dict[str, Any] = {}
    if max_mb is not None:
        limits = {"document_bytes": max_mb * _MB, "line_bytes": max_mb * _MB}
    if max_seconds is not None:
        limits["seconds"] = max_seconds
    return Limits(**limits)


def _refuse_with_watch(given: dict[str, Any]) -> None:
    for name in ("full", "from_scratch", "reread", "dry_run"):
        if given[name]:
            option = name.replace("_", "-")
            raise click.UsageError(
                f"--watch and --{option} exclude each other: "
                f"run `searchkit reindex --{option}` first.",
                click.get_current_context(),
            )


def _follow(look: Callable[[], ReindexReport], every: float, teller: _Teller) -> int:
    from searchkit.reindexing.watch import follow

    try:
        for outcome in follow(look, every=every):
            teller.tell_round(outcome)
    except KeyboardInterrupt:
        pass
    return 0


def _watcher(
    color: str, *, verbose: bool, quiet: bool
) -> AbstractContextManager[Callable[[Progress], None] | None]:
    if quiet:
        return nullcontext()
    from searchkit.cli.progress import Bar, logger

    if sys.stderr.isatty() and not is_dumb():
        return Bar(color=color)
    return nullcontext(logger() if verbose else None)


class _Teller:
    """Tells what came of a reindex, or of many in a row."""

    def __init__(self, corpus: Path, *, as_json: bool, verbose: bool, quiet: bool) -> None:
        self._corpus = corpus
        self._as_json, self._verbose, self._quiet = as_json, verbose, quiet
        self._told: set[str] | None = None
        """What was wrong at the last look, if there was one."""

    def tell(self, report: ReindexReport) -> int:
        """Tell of one reindex; return the exit code."""
        if self._as_json:
            print_json(report_object(report))
        tell_skipped(report.skipped, verbose=self._verbose)
        if self._verbose and not self._quiet:
            tell_duplicates(report)
        if not self._quiet:
            sys.stderr.write(f"{summary(report)}\n")
        if report.documents == 0 and (report.skipped or not report.deleted):
            corpus = one_line(str(self._corpus))
            sys.stderr.write(f"error: '{corpus}' holds no document that can be read\n")
            return ERROR
        return ERROR if report.skipped else 0

    def tell_round(self, outcome: Round) -> None:
        """Tell of one of many: what changed, and what is wrong that was not before."""
        from searchkit.reindexing.watch import has_changed

        first, before = self._told is None, self._told or set()
        if isinstance(outcome, Exception):
            if (text := message(outcome)) not in before:
                sys.stderr.write(f"{visible(text)}\n")
            self._told = before | {text}
            sys.stderr.flush()
            return
        self._told = {str(error) for error in outcome.skipped}
        fresh = [error for error in outcome.skipped if str(error) not in before]
        tell_skipped(fresh, verbose=self._verbose)
        if first or has_changed(outcome):
            if self._as_json:
                print_json(report_object(outcome))
                sys.stdout.flush()
            if not self._quiet:
                sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {summary(outcome)}\n")
        sys.stderr.flush()
