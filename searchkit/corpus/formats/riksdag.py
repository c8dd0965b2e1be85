"""
Which part of the Riksdag's open data is it?

The same objects come as JSON and as XML, one a file in the dump archives, or several in
one answer. The name at the top tells: ``dokumentstatus`` (:mod:`.riksdag_status`),
``anforande`` (:mod:`.riksdag_speech`) and lists (:mod:`.riksdag_list`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.formats.riksdag_list import read_list, read_speeches, why_no_texts
from searchkit.corpus.formats.riksdag_speech import read_speech
from searchkit.corpus.formats.riksdag_status import read_status
from searchkit.corpus.formats.riksdag_values import Record, field
from searchkit.errors import DocumentFormatError

_Item: TypeAlias = Callable[[Chunk, Record, bool], Iterator[Outcome]]

ROOTS = (
    *("dokumentstatus", "dokumentlista", "anforande", "anforandelista", "datasetlista"),
    *("votering", "voteringlista", "personlista", "utskottsforslag"),
)
"""Names of objects at the top that are the Riksdag's."""


def is_riksdag(record: object) -> bool:
    """Whether a JSON object (or an XML root turned into one) is of the Riksdag's open data."""
    if type(record) is not dict:
        return False
    return any(root in record for root in ROOTS) or "anforandetext" in record


def read_riksdag(chunk: Chunk, record: Record, *, alone: bool = True) -> Iterator[Outcome]:
    """
    Yield the documents of an object of the open data.

    Args:
        record: for which :func:`is_riksdag` holds.
        alone: it is all that its file holds.

    Raises:
        DocumentFormatError: it holds no documents, or none that can be read.
    """
    if "anforandetext" in record:
        yield from read_speech(chunk, record, alone=alone)
    elif "dokumentstatus" in record:
        yield from _each(chunk, record["dokumentstatus"], _status, alone=alone)
    elif "anforande" in record:
        yield from _each(chunk, record["anforande"], _speech, alone=alone)
    elif type(listing := record.get("dokumentlista")) is dict:
        yield from read_list(chunk, listing)
    elif type(listing := record.get("anforandelista")) is dict:
        yield from read_speeches(chunk, listing)
    else:
        reason = why_no_texts(record) or f"is an empty '{next(iter(record))}'; fetch it again"
        raise DocumentFormatError(reason, path=chunk.path)


def _each(chunk: Chunk, held: object, read: _Item, *, alone: bool) -> Iterator[Outcome]:
    """Read one object, or each of a list; what is wrong with one of several is yielded."""
    items = [item for item in (held if type(held) is list else [held]) if type(item) is dict]
    if not items:
        reason = "is an empty answer of the Riksdag's open data; fetch it again"
        raise DocumentFormatError(reason, path=chunk.path)
    if len(items) == 1:
        yield from read(chunk, items[0], alone)
        return
    for place, item in enumerate(items, 1):
        try:
            yield from read(chunk, item, False)
        except DocumentFormatError as error:
            yield DocumentFormatError(f"item {place} {error.reason}", path=chunk.path)


def _status(chunk: Chunk, status: Record, alone: bool) -> Iterator[Outcome]:
    return read_status(chunk, status, alone=alone)


def _speech(chunk: Chunk, speech: Record, alone: bool) -> Iterator[Outcome]:
    if not field(speech, "anforandetext"):
        who = field(speech, "talare") or "somebody"
        reason = f"is a speech by {who} without its text"
        raise DocumentFormatError(reason, path=chunk.path)
    return read_speech(chunk, speech, alone=alone)
