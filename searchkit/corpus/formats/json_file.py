"""
What is in a JSON file?

One object, a list, or objects one after the other. Each is looked at by itself and handed
to who knows its kind: the Riksdag's open data, g0v.se, or an object with a text as in
JSONL. A list is parsed item by item, so that memory is that of one item, and what stands
before a damage is delivered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.encoding import NotTextError, decode
from searchkit.corpus.formats.g0v import is_code_list, is_g0v, read_entry
from searchkit.corpus.formats.jsonl import (
    SURROGATE_ESCAPE,
    RecordError,
    document_of,
    without_surrogates,
)
from searchkit.corpus.formats.riksdag import is_riksdag, read_riksdag
from searchkit.errors import DocumentFormatError

PARTS_MAX = 5_000_000
"""Commas and opening brackets in one object; as Python objects they take some 100 bytes each."""

LISTED_PARTS_MAX = 4 * PARTS_MAX
"""The same in a list, of which one item at a time is held."""

STRANGERS_MAX = 100_000
"""Items in a row that are no documents, after which the file is given up."""

_BEGINNINGS = (b"{", b"[", b"\xef", b"")
_SPACE = re.compile(r"[ \t\n\r]*")


def read_json(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the documents of a JSON file, and what is wrong with the others."""
    content = content_of(chunk)
    text = _text(content, chunk)
    # Only an escape can give a lone surrogate.
    escapes = SURROGATE_ESCAPE.search(content) is not None
    del content
    strangers: list[object] = []
    found = place = 0
    for place, (item, alone) in enumerate(_items(text, chunk, escapes=escapes), 1):
        if isinstance(item, DocumentFormatError):
            yield item
            return
        outcomes = _documents(chunk, item, place, alone)
        if outcomes is None:
            strangers.append(None if strangers else item)
            if len(strangers) >= STRANGERS_MAX:
                break
            continue
        found += 1
        try:
            yield from outcomes
        except DocumentFormatError as error:
            reason = error.reason if alone else f"item {place} {error.reason}"
            yield DocumentFormatError(reason, path=chunk.path)
    if strangers:
        yield DocumentFormatError(_unknown(strangers, found), path=chunk.path)
    elif not found:
        yield DocumentFormatError("is empty: it is a list of nothing", path=chunk.path)


def _text(content: bytes, chunk: Chunk) -> str:
    try:
        if b"\0" not in content and content[:1000].lstrip()[:1] in _BEGINNINGS:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return decode(content)
    except NotTextError as error:
        raise DocumentFormatError(f"is not JSON ({error})", path=chunk.path) from error


def _items(text: str, chunk: Chunk, *, escapes: bool) -> Iterator[tuple[Any, bool]]:
    """
    Yield the items of a list, or the values that follow each other; and if it is the only one.

    If the file is broken, nested too deeply, or has too many parts, the last item is the
    ``DocumentFormatError`` that says so.

    Raises:
        DocumentFormatError: it is empty.
    """
    position = _past_space(text, 0)
    if position == len(text):
        raise DocumentFormatError("is empty", path=chunk.path)
    listed = text[position] == "["
    if sum(map(text.count, ",[{")) > (LISTED_PARTS_MAX if listed else PARTS_MAX):
        reason = "holds more values than a corpus of documents has; split it"
        raise DocumentFormatError(reason, path=chunk.path)
    try:
        for item, alone in _parsed(text, position, listed=listed):
            yield (without_surrogates(item) if escapes else item), alone
    except (ValueError, RecursionError) as error:
        yield DocumentFormatError(_reason(error, text), path=chunk.path), False


def _parsed(text: str, position: int, *, listed: bool) -> Iterator[tuple[Any, bool]]:
    if listed:
        position = _past_space(text, position + 1)
        if text.startswith("]", position):
            return
    parse = json.JSONDecoder(strict=False).raw_decode
    only = not listed
    while position < len(text):
        item, position = parse(text, position)
        position = _past_space(text, position)
        after = text[position : position + 1]
        if listed and after not in ("]", ","):
            raise json.JSONDecodeError("Expecting ',' delimiter", text, position)
        only = only and not after
        yield item, only
        if listed:
            if after == "]":
                return
            position = _past_space(text, position + 1)
    if listed:
        raise json.JSONDecodeError("Expecting value", text, position)


def _past_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _documents(chunk: Chunk, item: Any, place: int, alone: bool) -> Iterator[Outcome] | None:
    """Return the documents of an item, or None if it is of no known kind."""
    if type(item) is not dict:
        return None
    if is_riksdag(item):
        return read_riksdag(chunk, item, alone=alone)
    if is_g0v(item):
        return read_entry(chunk, item, place)
    if type(item.get("text")) is str:
        return _plain(chunk, item, place, alone)
    # A list in an object: {"total": 2, "documents": [{…}, {…}]}.
    for inside in item.values():
        if type(inside) is list and inside:
            each = [_documents(chunk, part, n, False) for n, part in enumerate(inside, 1)]
            known = [outcomes for outcomes in each if outcomes is not None]
            if known and len(known) == len(each):
                return _chain(chunk, known)
    return None


def _chain(chunk: Chunk, parts: list[Iterator[Outcome]]) -> Iterator[Outcome]:
    for place, outcomes in enumerate(parts, 1):
        try:
            yield from outcomes
        except DocumentFormatError as error:
            yield DocumentFormatError(f"item {place} {error.reason}", path=chunk.path)


def _plain(chunk: Chunk, record: dict[str, Any], place: int, alone: bool) -> Iterator[Outcome]:
    """Yield the document of an object that holds its text as "text"."""
    if record.get("id") in (None, ""):
        record["id"] = chunk.relative if alone else f"{chunk.relative}#{place}"
    problems: list[str] = []
    try:
        document = document_of(record, chunk.relative, problems)
    except RecordError as error:
        raise DocumentFormatError(str(error), path=chunk.path) from error
    for reason in problems:
        yield DocumentFormatError(reason, path=chunk.path)
    yield document


def _unknown(strangers: list[object], found: int) -> str:
    """Say what the items are that are no documents."""
    first = strangers[0]
    if isinstance(first, dict) and is_code_list(first):
        return f"holds no documents: it is a list of {len(first)} codes and their names"
    if isinstance(first, dict):
        keys = ", ".join(f'"{key[:30]}"' for key in list(first)[:6])
        what = f"an object with {keys or 'nothing in it'}"
    else:
        what = "a list" if isinstance(first, list) else f"{first!r:.40}"
    if found:
        return f"holds {len(strangers)} items besides that are no documents (the first: {what})"
    return f'holds no documents that are known: no object has a "text" (the first value: {what})'


def _reason(error: Exception, text: str) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return (
            "is broken JSON: nested too deeply" if isinstance(error, RecursionError) else str(error)
        )
    if error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip()):
        return (
            "is truncated: its JSON ends too early, only what stands before is read; get it again"
        )
    return f"is broken JSON in line {error.lineno}, column {error.colno}: {error.msg}"


READER = Reader("json", (".json",), read_json)
