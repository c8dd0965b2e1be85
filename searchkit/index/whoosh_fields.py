"""
Which fields does Whoosh see in this index?

==========================  ===================================================
``content``, ``title``      terms; `content` is title and body
``exact``, ``title_exact``  surface words of the same
``date``                    a number, see :mod:`.dates`
any other column            its whole value, in lower case
==========================  ===================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from whoosh import columns, fields
from whoosh.analysis import IDAnalyzer

from searchkit.analysis.whoosh_face import SwedishAnalyzer
from searchkit.index.snapshot import LiveSegment

DATE = "date"
TEXT_FIELDS = ("content", "exact", "title", "title_exact")


# Each day is one term, without Whoosh's further terms of lower precision.
_DATE_FIELD = fields.NUMERIC(int, bits=32, shift_step=0, stored=True, sortable=True)


def day_term(day: int) -> bytes:
    """Return the term of a day YYYYMMDD."""
    return bytes(_DATE_FIELD.to_bytes(day))


def term_day(term: bytes) -> int:
    """Return the day of a term; -1 if it is none."""
    return int(_DATE_FIELD.from_bytes(term)) if len(term) == 5 and term[0] == 0 else -1


class ColumnField(fields.ID):  # type: ignore[misc]
    """A metadata column: one term a document, its value in lower case."""

    def __init__(self) -> None:
        super().__init__(stored=True, sortable=True, analyzer=IDAnalyzer(lowercase=True))

    def to_bytes(self, value: Any) -> Any:
        """Return the term of a value."""
        return super().to_bytes(value.lower() if isinstance(value, str) else value)


def whoosh_schema(names: Iterable[str] = ()) -> Any:
    """
    Return the Whoosh schema of an index with the metadata columns *names*, and `id` and `type`.

    A column is left out if Whoosh does not allow its name, because it begins
    with an underscore or holds a space.
    """
    terms, words = SwedishAnalyzer(), SwedishAnalyzer(surface=True)
    schema = fields.Schema(
        content=fields.TEXT(analyzer=terms, stored=True),
        exact=fields.TEXT(analyzer=words),
        title=fields.TEXT(analyzer=terms, stored=True, sortable=True),
        title_exact=fields.TEXT(analyzer=words),
        date=_DATE_FIELD,
    )
    for name in ("id", "type", *names):
        if name not in schema and not name.startswith("_") and " " not in name:
            schema.add(name, ColumnField())
    return schema


class ColumnValues(columns.ColumnReader):  # type: ignore[misc]
    """The values of a column, for Whoosh to sort and group by."""

    def __init__(self, values: list[Any], *, reverse: bool = False) -> None:
        self._values = values
        self._doccount = len(values)
        self._reverse = reverse

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    def sort_key(self, docnum: int) -> Any:
        """Return what to sort a document by; reversed, values must be numbers."""
        value = self._values[docnum]
        return -value if self._reverse else value


class StoredFields(Mapping[str, str]):
    """What is known of one document; its text, as `content`, is read when asked for."""

    def __init__(self, live: LiveSegment, doc_id: int) -> None:
        self._live = live
        self._doc_id = doc_id

    @cached_property
    def _columns(self) -> dict[str, str]:
        found = ((n, c.value(self._doc_id)) for n, c in self._live.segment.columns.items())
        return {name: value for name, value in found if value is not None}

    def __getitem__(self, name: str) -> str:
        if name == "content":
            return self._live.segment.document(self._doc_id).text
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter({"content": None} | dict.fromkeys(self._columns))

    def __len__(self) -> int:
        return len({"content", *self._columns})
