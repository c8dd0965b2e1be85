"""
How are questions, judgements and answers written down?

UTF-8, one entry a line, separated by tabs (without any tab: by white space),
blank lines ignored::

    queries  query id, text                                  (always with a tab)
    qrels    query id, 0, document id, relevance             (TREC's format)
    run      query id, Q0, document id, rank, score, name    (TREC's format)

Reading is strict: a line that would be skipped is a score that would be wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from searchkit.errors import EvaluationFileError
from searchkit.evaluation.measures import Qrels, Run, judged


def read_queries(path: Path, *, qrels: Qrels | None = None) -> dict[str, str]:
    """
    Read a file of queries: text by query id, in the file's order.

    Args:
        qrels: if given, a query without a relevant document in it is an error.

    Raises:
        EvaluationFileError: a line is malformed, an id occurs twice, the file
            is empty or not UTF-8, or as above.
    """
    queries: dict[str, str] = {}
    for number, line in _lines(path):
        qid, _, text = (part.strip() for part in line.partition("\t"))
        if not qid or not text:
            raise EvaluationFileError(
                f"expected a query id, a tab and a text, found {line!r}", path=path, line=number
            )
        if qid in queries:
            raise _twice(f"query '{qid}'", path, number)
        if qrels is not None and not judged([qid], qrels):
            raise EvaluationFileError(
                f"query '{qid}' has no relevant document among the judgements; "
                "add one, or leave such queries out with --lenient",
                path=path,
                line=number,
            )
        queries[qid] = text
    return queries


def read_qrels(
    path: Path, *, knows: Callable[[str], bool] | None = None
) -> dict[str, dict[str, int]]:
    """
    Read a file of judgements: relevance by query id and document id.

    Args:
        knows: if given, says whether there is a document with that id; one
            that is relevant and not there is an error.

    Raises:
        EvaluationFileError: a line is malformed, a pair occurs twice, the
            file is empty or not UTF-8, or as above.
    """
    qrels: dict[str, dict[str, int]] = {}
    for number, (qid, _, key, relevance) in _rows(
        path, "a query id, 0, a document id, a relevance"
    ):
        try:
            grade = int(relevance)
        except ValueError:
            reason = f"the relevance must be a whole number, not '{relevance}'"
            raise EvaluationFileError(reason, path=path, line=number) from None
        if key in qrels.setdefault(qid, {}):
            raise _twice(f"document '{key}' of query '{qid}'", path, number)
        if knows is not None and grade > 0 and not knows(key):
            raise EvaluationFileError(
                f"no document '{key}' in this index; give the index of the corpus that was "
                "judged, or count such documents as not found with --lenient",
                path=path,
                line=number,
            )
        qrels[qid][key] = grade
    return qrels


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """
    Read ranked answers in TREC's format, such as `write_run()` writes.

    Returns:
        (document id, score) by query id, by falling score; of equal scores
        the one that stands first in the file comes first.

    Raises:
        EvaluationFileError: a line is malformed, a pair occurs twice, or the
            file is empty or not UTF-8.
    """
    run: dict[str, dict[str, float]] = {}
    form = "a query id, Q0, a document id, a rank, a score, a name"
    for number, (qid, _, key, _, score, _) in _rows(path, form):
        try:
            value = float(score)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            reason = f"the score must be a number, not '{score}'"
            raise EvaluationFileError(reason, path=path, line=number)
        if key in run.setdefault(qid, {}):
            raise _twice(f"document '{key}' of query '{qid}'", path, number)
        run[qid][key] = value
    return {qid: sorted(scores.items(), key=lambda found: -found[1]) for qid, scores in run.items()}


def write_run(run: Run, path: Path, *, name: str = "searchkit") -> None:
    """
    Write ranked answers in TREC's format, with tabs, since an id may hold spaces.

    Equal scores are told apart in their last bit, so that every program that
    sorts by score finds this order.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for qid, found in run.items():
            last = np.float32(np.inf)
            for rank, (key, score) in enumerate(found, 1):
                # trec_eval keeps scores in 32 bits.
                last = min(np.float32(score), np.nextafter(last, np.float32(-np.inf)))
                file.write(f"{qid}\tQ0\t{key}\t{rank}\t{last}\t{name}\n")


def _rows(path: Path, form: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line, as many as *form* names."""
    count = form.count(",") + 1
    for number, line in _lines(path):
        cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()
        if len(cells) != count or not all(cells):
            reason = f"expected {form}, with tabs between, found {line!r}"
            raise EvaluationFileError(reason, path=path, line=number)
        yield number, cells


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each line that is not blank; at least one."""
    try:
        # Not splitlines(), which would end a line at U+2028 too.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise EvaluationFileError("is not UTF-8; save it as UTF-8", path=path) from error
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not filled:
        raise EvaluationFileError("is empty; expected one entry a line", path=path)
    yield from filled


def _twice(what: str, path: Path, line: int) -> EvaluationFileError:
    return EvaluationFileError(f"{what} occurs twice; remove one", path=path, line=line)
