"""
How do the rows of a table (.csv, .tsv) become documents?

The first row names the columns, in Swedish or English; a row with text is a document, its
other cells are metadata. A table without a column of text (statistics, lists of links) holds
no documents, and is reported with the columns it has rather than guessed at.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.encoding import NotTextError, decode
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.metadata import ALIASES
from searchkit.errors import DocumentFormatError

FIELD_CHARS_MAX = 16 << 20
"""A longer cell comes of a quotation mark that never closes."""
COLUMNS_MAX = 1_000
VALUE_CHARS_MAX = 500
"""A longer cell is no metadata."""

_DELIMITERS = (";", ",", "\t", "|")
_SAMPLE_ROWS = 50
_TEXT_CHARS_MIN = 200
"""A column is text, whatever its name, if its cells are this long on average ..."""
_TEXT_SHARE = 4
"""... and this many times as long as those of any other."""

_TEXTS = ("text", "innehåll", "innehall", "brödtext", "brodtext", "fulltext", "full_text",
          "content", "body", "anförandetext", "anforandetext", "dokumenttext")  # fmt: skip
_IDS = ("id", "dok_id", "anforande_id", "anförande_id", "dokid", "document_id", "doc_id", "nyckel")
_COLUMNS = ALIASES | {
    "dok_titel": "title",
    "dok_datum": "date",
    "dok_rm": "rm",
    "dok_nummer": "number",
    "talare": "people",
    "parti": "party",
    "partier": "party",
    "personer": "people",
    "published": "date",
    "doktyp": "type",
    "kategori": "type",
    "organisation": "organ",
}
_NEWLINE = re.compile(r"\r\n?")
_SEPARATOR_LINE = re.compile(r"sep=(.)\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    line: int
    """Of the file, where it begins; from 1."""
    lines: tuple[int, int]
    """Offsets of its first and last character in the text."""


@dataclass(frozen=True, slots=True)
class _Table:
    columns: list[str]
    text: int
    """Number of the column with the text, from 0."""
    key: int | None


def read_csv(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the documents that the rows of a table hold, and what is wrong with the others."""
    try:
        text = decode(content_of(chunk))
    except NotTextError as error:
        raise DocumentFormatError(f"is not text ({error})", path=chunk.path) from error
    if not text or text.isspace():
        raise DocumentFormatError("is empty", path=chunk.path)
    text = _NEWLINE.sub("\n", text) if "\r" in text else text
    delimiter = _delimiter(text)
    rows = _sample(text, delimiter)
    if not rows:
        raise DocumentFormatError("is no table: its first row never ends", path=chunk.path)
    table = _table(rows, chunk)
    count = 0
    for row in _rows_or_errors(text, delimiter, chunk):
        if isinstance(row, DocumentFormatError):
            yield row
        elif row.line > rows[0].line:
            count += 1
            yield from _documents(chunk, table, row, count)


def _delimiter(text: str) -> str:
    """Return what parts the cells: what makes most columns of the first row."""
    if match := _SEPARATOR_LINE.match(text):
        return match[1]

    def score(delimiter: str) -> tuple[int, int, int]:
        first, *others = _sample(text, delimiter)[:10] or [_Row([], 1, (0, 0))]
        names = [_name(cell) for cell in first.cells]
        known = sum(name in _COLUMNS or name in _TEXTS or name in _IDS for name in names)
        alike = sum(len(row.cells) == len(names) for row in others) if len(names) > 1 else 0
        return (known, alike, len(names))

    return max(_DELIMITERS, key=score)


def _sample(text: str, delimiter: str) -> list[_Row]:
    """Return the first rows, up to one that is none."""
    rows: list[_Row] = []
    with suppress(csv.Error):
        rows.extend(islice(_rows(text, delimiter), _SAMPLE_ROWS + 1))
    return rows


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """
    Yield the rows that are not blank, with the line where each begins.

    Raises:
        csv.Error: a cell is too long.
    """
    if csv.field_size_limit() < FIELD_CHARS_MAX:
        csv.field_size_limit(FIELD_CHARS_MAX)
    start = 0
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        while taken < len(text):
            end = text.find("\n", taken) + 1 or len(text)
            line, taken = text[taken:end], end
            yield line

    reader = csv.reader(lines(), delimiter=delimiter)
    line = 1
    for cells in reader:
        is_hint = line == 1 and _SEPARATOR_LINE.match(text) is not None
        if any(cell.strip() for cell in cells) and not is_hint:
            yield _Row(cells, line, (start, taken))
        line, start = reader.line_num + 1, taken


def _rows_or_errors(
    text: str, delimiter: str, chunk: Chunk
) -> Iterator[_Row | DocumentFormatError]:
    line = 1
    row = None
    try:
        for row in _rows(text, delimiter):
            line = row.line + 1
            yield row
    except csv.Error as error:
        reason = f"is no table below here ({error}); a quotation mark may be missing"
        yield DocumentFormatError(reason, path=chunk.path, line=line)
        return
    if (
        row is not None
        and row.lines[1] == len(text)
        and _is_open(text[slice(*row.lines)], delimiter)
    ):
        reason = "has a quotation mark that never closes; what follows is one text"
        yield DocumentFormatError(reason, path=chunk.path, line=row.line)


def _is_open(row: str, delimiter: str) -> bool:
    """Tell whether the last row ends inside of quotation marks."""
    try:
        list(csv.reader(row.split("\n"), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _name(cell: str) -> str:
    return " ".join(cell.split()).lower()


def _table(rows: Sequence[_Row], chunk: Chunk) -> _Table:
    """
    Find the columns with text and id.

    Raises:
        DocumentFormatError: there is no column of text, or no row of names.
    """
    names = [_name(cell) for cell in rows[0].cells]
    if len(names) > COLUMNS_MAX:
        raise DocumentFormatError(f"has more than {COLUMNS_MAX} columns", path=chunk.path)
    if max(map(len, names)) > VALUE_CHARS_MAX:
        reason = "has no row that names its columns; add one, such as id;titel;datum;text"
        raise DocumentFormatError(reason, path=chunk.path, line=rows[0].line)
    text = next((names.index(name) for name in _TEXTS if name in names), None)
    if text is None:
        text = _longest(rows[1:], len(names))
    if text is None:
        listed = ", ".join(filter(None, names[:20]))[:200]
        reason = f"has no column of text; it has {listed}; call the one to be read 'text'"
        raise DocumentFormatError(reason, path=chunk.path, line=rows[0].line)
    key = next((names.index(name) for name in _IDS if name in names), None)
    return _Table(names, text, key)


def _longest(rows: Sequence[_Row], count: int) -> int | None:
    """Return the column that can only be the text, by the length of its cells, or None."""
    sums = [sum(len(row.cells[i]) for row in rows if i < len(row.cells)) for i in range(count)]
    first, second = (*sorted(sums, reverse=True), 0, 0)[:2]
    if not rows or first < _TEXT_CHARS_MIN * len(rows) or first < _TEXT_SHARE * second:
        return None
    return sums.index(first)


def _documents(chunk: Chunk, table: _Table, row: _Row, number: int) -> Iterator[Outcome]:
    cells = row.cells
    if any(cell.strip() for cell in cells[len(table.columns) :]):
        reason = f"has {len(cells)} cells under {len(table.columns)} names; the last are left out"
        yield DocumentFormatError(reason, path=chunk.path, line=row.line)
    text = cells[table.text].strip() if table.text < len(cells) else ""
    if not text:
        yield DocumentFormatError("has no text in this row", path=chunk.path, line=row.line)
        return
    key = cells[table.key].strip() if table.key is not None and table.key < len(cells) else ""
    facts = Facts()
    for i, (name, value) in enumerate(zip(table.columns, cells, strict=False)):
        if i not in (table.text, table.key) and name and len(value) <= VALUE_CHARS_MAX:
            facts.tell(_COLUMNS.get(name, name), value, f"column {name}", line=row.line)
    key = key or f"{chunk.relative}#{number}"
    for outcome in document(chunk, facts, text, key=key, alone=False):
        yield _at_line(outcome, row.line)


def _at_line(outcome: Outcome, line: int) -> Outcome:
    if isinstance(outcome, DocumentFormatError) and outcome.line is None:
        return DocumentFormatError(outcome.reason, path=outcome.path, line=line)
    return outcome


READER = Reader("csv", (".csv", ".tsv"), read_csv)
