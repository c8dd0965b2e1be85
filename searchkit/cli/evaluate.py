"""``searchkit evaluate``: measure the index on questions whose answers are known."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import searchkit
from searchkit.cli.machine import print_json
from searchkit.cli.options import index_option, json_option
from searchkit.cli.terminal import one_line

if TYPE_CHECKING:
    from searchkit.evaluation import Comparison, Evaluation, Qrels

NOTES_SHOWN = 20
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("evaluate")
@index_option
@click.option("--queries", type=_FILE, metavar="FILE", help="The questions: query id, tab, text.")
@click.option(
    "--qrels",
    type=_FILE,
    required=True,
    metavar="FILE",
    help="The judgements: query id, 0, document id, relevance, with tabs between.",
)
@click.option("--per-query", is_flag=True, help="Print the measures of every query too.")
@click.option(
    "--run",
    "written",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the ranked answers to FILE, in TREC's format.",
)
@click.option(
    "--from",
    "kept",
    type=_FILE,
    metavar="FILE",
    help="Measure the answers in FILE, such as --run writes, without an index.",
)
@click.option(
    "--compare",
    "other",
    type=_FILE,
    metavar="FILE",
    help="Compare with the answers in FILE, and test the difference.",
)
@click.option(
    "--lenient",
    is_flag=True,
    help="Leave out queries without a relevant document; let judged documents be missing.",
)
@json_option
def command(
    *,
    index_path: Path,
    queries: Path | None,
    qrels: Path,
    per_query: bool,
    written: Path | None,
    kept: Path | None,
    other: Path | None,
    lenient: bool,
    as_json: bool,
) -> int:
    """
    Measure the index on questions whose answers are known.

    Puts every query to the index and prints nDCG@10, recall@100 and MRR@10,
    the means over all queries. A query that cannot be read counts 0 and is
    named on stderr.

    \b
    searchkit evaluate --queries queries.tsv --qrels qrels.tsv --run before.trec
    searchkit evaluate --queries queries.tsv --qrels qrels.tsv --compare before.trec
    searchkit evaluate --qrels qrels.tsv --from after.trec --compare before.trec

    The difference of two runs is tested query by query with the two-sided
    randomisation test: p is how likely so large a difference is by luck.
    """
    from searchkit.evaluation import write_run

    judgements, evaluation = _evaluated(index_path, queries, qrels, kept=kept, lenient=lenient)
    compared = _compared(evaluation, other, judgements) if other else {}
    if written:
        write_run(evaluation.run, written)
    if as_json:
        print_json(_object(evaluation, compared, per_query=per_query))
    else:
        _print(evaluation, compared, per_query=per_query)
    _tell(evaluation)
    return 0


def _evaluated(
    index_path: Path, queries: Path | None, qrels: Path, *, kept: Path | None, lenient: bool
) -> tuple[Qrels, Evaluation]:
    """Read the files, get the answers and measure them."""
    from searchkit import evaluation as room

    if kept is not None:
        judgements = room.read_qrels(qrels)
        asked = _questions(queries, judgements, lenient=lenient) if queries else None
        return judgements, room.judge(room.read_run(kept), judgements, asked)
    if queries is None:
        raise click.UsageError("Missing option '--queries'.", click.get_current_context())
    with searchkit.open(index_path) as index:
        find = index.snapshot.find
        knows = None if lenient else lambda key: find(key) is not None
        judgements = room.read_qrels(qrels, knows=knows)
        asked = _questions(queries, judgements, lenient=lenient)
        return judgements, room.evaluate(index, asked, judgements)


def _compared(evaluation: Evaluation, other: Path, qrels: Qrels) -> dict[str, Comparison]:
    from searchkit import evaluation as room

    return room.compare(evaluation, room.judge(room.read_run(other), qrels, evaluation.per_query))


def _questions(path: Path, qrels: Qrels, *, lenient: bool) -> dict[str, str]:
    from searchkit.evaluation import read_queries

    return read_queries(path, qrels=None if lenient else qrels)


def _object(
    evaluation: Evaluation, compared: Mapping[str, Comparison], *, per_query: bool
) -> dict[str, object]:
    """Return what ``evaluate --json`` prints."""
    return {
        "queries": len(evaluation.per_query),
        **evaluation.means,
        "measured_by": evaluation.measured_by,
        "unreadable": [
            {"query": qid, "reason": reason} for qid, reason in evaluation.unreadable.items()
        ],
        "left_out": evaluation.left_out,
        "per_query": evaluation.per_query if per_query else None,
        "comparison": {
            measure: {
                "other": seen.other,
                "difference": seen.difference,
                "p": seen.p,
                "better": seen.better,
                "worse": seen.worse,
                "same": seen.same,
            }
            for measure, seen in compared.items()
        }
        or None,
    }


def _print(evaluation: Evaluation, compared: Mapping[str, Comparison], *, per_query: bool) -> None:
    """Write rows on stdout: aligned on a terminal, with tabs and full names in a pipe."""
    if per_query:
        _write_rows(_query_rows(evaluation))
    if sys.stdout.isatty():
        if per_query:
            sys.stdout.write("\n")
        _write_rows(_table(evaluation, compared))
    elif not per_query:
        _write_rows(_figures(evaluation, compared))


def _query_rows(evaluation: Evaluation) -> Iterator[Sequence[str]]:
    yield ["query", *evaluation.means]
    for qid, values in evaluation.per_query.items():
        yield [one_line(qid), *(f"{value:.4f}" for value in values.values())]


def _figures(evaluation: Evaluation, compared: Mapping[str, Comparison]) -> Iterator[Sequence[str]]:
    """Yield (name, figure), one fact a line."""
    yield "queries", str(len(evaluation.per_query))
    for measure, mean in evaluation.means.items():
        yield measure, f"{mean:.4f}"
    for measure, seen in compared.items():
        yield f"{measure} other", f"{seen.other:.4f}"
        yield f"{measure} difference", f"{seen.difference:z.4f}"
        yield f"{measure} p", f"{seen.p:.4f}"


def _table(evaluation: Evaluation, compared: Mapping[str, Comparison]) -> Iterator[Sequence[str]]:
    """Yield the rows for a person: means with how far off they may be, then differences."""
    count = len(evaluation.per_query)
    head = ["mean", "±95 %", *(["other", "difference", "p", "better", "worse"] if compared else [])]
    yield [f"{count:,} {'query' if count == 1 else 'queries'}", *head]
    for measure, mean in evaluation.means.items():
        row = [measure, f"{mean:.4f}", f"{evaluation.margin(measure):.4f}"]
        if seen := compared.get(measure):
            row += [f"{seen.other:.4f}", f"{seen.difference:+z.4f}", f"{seen.p:.4f}"]
            row += [f"{seen.better:,}", f"{seen.worse:,}"]
        yield row


def _write_rows(rows: Iterator[Sequence[str]]) -> None:
    if not sys.stdout.isatty():
        sys.stdout.writelines("\t".join(row) + "\n" for row in rows)
        return
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *figures in table:
        cells = (f"{cell:>{width}}" for cell, width in zip(figures, widths[1:], strict=True))
        sys.stdout.write("  ".join([f"{name:<{widths[0]}}", *cells]) + "\n")


def _tell(evaluation: Evaluation) -> None:
    """Name on stderr what did not count as asked."""
    sys.stdout.flush()  # so that on one terminal the notes come after the figures
    notes = [
        f"unreadable, counts 0: {one_line(qid)}: {one_line(reason)}"
        for qid, reason in evaluation.unreadable.items()
    ]
    notes += [f"left out, without a relevant document: {one_line(q)}" for q in evaluation.left_out]
    sys.stderr.writelines(f"{note}\n" for note in notes[:NOTES_SHOWN])
    if (more := len(notes) - NOTES_SHOWN) > 0:
        sys.stderr.write(f"and {more:,} more; --json names them all\n")
