"""
How does a dump of one JSON object a line become documents?

The block is cut at newlines only: other characters that Python takes for line
ends may stand inside JSON strings. Each line is decoded by itself, since one
dash in a string makes all of it twice as wide. What spoils the
document (no id, no text) costs the document; what spoils one value costs the
value. Both are reported with their line. Beside ``json`` little happens per
document, so a block is read at nearly the speed of ``json.loads``.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from searchkit.corpus.blocks import content_of, first_line_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.metadata import ALIASES, RESERVED, date_problem, iso_date
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}
_SURROGATE = re.compile("[\ud800-\udfff]")
# Compiled: four times as fast as looking for the two spellings with ``in``.
SURROGATE_ESCAPE = re.compile(rb"\\u[dD]")


class RecordError(ValueError):
    """A line holds no document."""


def read_jsonl(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the documents of a block of lines, and what is wrong with the others."""
    content = content_of(chunk)
    if chunk.first_line == 1:
        content = content.removeprefix(codecs.BOM_UTF8)
    # Only an escape can give a lone surrogate, and few dumps hold any escape of its kind.
    escapes = SURROGATE_ESCAPE.search(content) is not None
    problems: list[str] = []
    decode = json.JSONDecoder().decode
    for number, line in enumerate(content.split(b"\n")):
        if not line or line.isspace():
            continue
        try:
            record = decode(line.decode("utf-8"))
            if escapes:
                record = without_surrogates(record)
            yield document_of(record, chunk.relative, problems)
        except (ValueError, RecursionError) as error:
            problems.append(_reason(error))
        if problems:
            at = first_line_of(chunk) + number
            for reason in problems:
                yield DocumentFormatError(reason, path=chunk.path, line=at)
            problems.clear()


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"broken JSON in column {error.colno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8 at byte {error.start + 1} of the line: {error.reason}"
    if isinstance(error, RecursionError):
        return "broken JSON: nested too deeply"
    return str(error) if isinstance(error, RecordError) else f"broken JSON: {error}"


def document_of(record: Any, relative: str, problems: list[str]) -> Document:
    """
    Return the document that an object holds, which is emptied; add what is wrong to *problems*.

    Raises:
        RecordError: it is no object, or has no id or no text.
    """
    if type(record) is not dict:
        raise RecordError(f"is {_KINDS[type(record)]}, not a JSON object")
    pop = record.pop
    key, text = pop("id", None), pop("text", None)
    if type(key) is int:
        key = str(key)
    if type(key) is not str or not key or type(text) is not str or not text or text.isspace():
        raise RecordError(_why_not(key, text))
    title, date = pop("title", None), pop("date", None)
    doctype = pop("type", None) or pop("doctype", None)
    fields = {"path": relative}
    if record:
        more = _further(record, fields)
        title, date = title or more.get("title"), date or more.get("date")
        doctype = doctype or more.get("type")
    if date:
        date = _date(date, problems)
    return Document(
        key,
        text,
        (title or None) if type(title) is str else _string("title", title, problems),
        date or None,
        doctype if type(doctype) is str else _string("type", doctype, problems),
        fields,
    )


def _why_not(key: Any, text: Any) -> str:
    for name, value in (("id", key), ("text", text)):
        if value is None:
            return f'has no "{name}"'
        if type(value) is not str:
            return f'"{name}" is {_KINDS[type(value)]}, not a string'
        if not value or value.isspace():
            return f'"{name}" is empty'
    raise AssertionError("called only for a wrong id or text")


def _further(record: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
    """Add what has no column of its own to *fields*; return title, date and type by alias."""
    columns: dict[str, Any] = {}
    for key, value in record.items():
        name = ALIASES.get(key.lower(), key)
        if name in RESERVED:
            columns.setdefault(name, value)
        elif written := _field(value):
            fields.setdefault(name, written)
    return columns


def _field(value: Any) -> str | None:
    """Return a metadata value as a string; None for null, truth values and structures."""
    if type(value) is str:
        return value
    if type(value) is int or type(value) is float:
        return str(value)
    if type(value) is list and all(type(item) in (str, int, float) for item in value):
        return "; ".join(map(str, value))
    return None


def _string(name: str, value: Any, problems: list[str]) -> str | None:
    if value is None:
        return None
    if type(value) is int or type(value) is float:
        return str(value)
    kind = _KINDS[type(value)]
    problems.append(f'"{name}" is {kind}, not a string; the document is kept without it')
    return None


def _date(value: Any, problems: list[str]) -> str | None:
    written = _string("date", value, problems) if type(value) is not str else value
    if not written or written.isspace():
        return None
    date = iso_date(written)
    if date is None:
        problems.append(date_problem(written))
    return date


def without_surrogates(value: Any) -> Any:
    """Return *value* with lone surrogates, which no UTF-8 file can hold, replaced."""
    if type(value) is str:
        return _SURROGATE.sub("\ufffd", value)
    if type(value) is list:
        return [without_surrogates(item) for item in value]
    if type(value) is dict:
        return {without_surrogates(key): without_surrogates(value[key]) for key in value}
    return value


READER = Reader("jsonl", (".jsonl", ".ndjson"), read_jsonl, line_based=True, harmless=True)
