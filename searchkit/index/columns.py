"""
What is known of a document besides its text?

Each piece of metadata is a column: its distinct values, sorted, and for every
document the number of its value. Filters compare numbers, facets count them,
sorting by a column is sorting by number, and a value is found by halving.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searchkit.errors import CorruptIndexError
from searchkit.index.format import ArrayFile, ArrayFileWriter
from searchkit.index.strings import Strings, write_strings

PREFIX = "column."


def write_column(file: ArrayFileWriter, name: str, values: Sequence[str | None]) -> None:
    """Write one column: D values, None where a document has none."""
    number: dict[str | None, int] = dict.fromkeys(values, 0)
    number.pop(None, None)
    # Two sorts of strings take half the time of one of pairs.
    distinct = sorted(sorted(value for value in number if value is not None), key=str.lower)
    number = dict(zip(distinct, range(1, len(distinct) + 1), strict=True))
    number[None] = 0
    codes = np.fromiter(map(number.__getitem__, values), np.uint32, len(values))
    write_strings(file, f"{PREFIX}{name}", distinct)
    file.add(f"{PREFIX}{name}.codes", codes)


def column_names(file: ArrayFile) -> list[str]:
    """Return the names of the columns in *file*."""
    suffix = ".codes"
    return [
        name.removeprefix(PREFIX).removesuffix(suffix)
        for name in file.names()
        if name.startswith(PREFIX) and name.endswith(suffix)
    ]


class Column:
    """
    One column of a segment.

    Attributes:
        codes: (D,) uint32 number of each document's value, from 1; 0 is none.
        values: the distinct values, sorted without regard to case; value of
            code c is ``values[c - 1]``.
    """

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._path = file.path
        self.codes: NDArray[np.uint32] = file.array(f"{PREFIX}{name}.codes")
        self.values = Strings(file, f"{PREFIX}{name}")

    def value(self, doc_id: int) -> str | None:
        """Return the value of one document."""
        code = self.codes.item(doc_id)
        try:
            return self.values[code - 1] if code else None
        except IndexError:
            reason = f"document {doc_id} has the unknown value {code}"
            raise CorruptIndexError(self._path, reason) from None

    def all_values(self) -> list[str | None]:
        """Return the value of every document."""
        values: list[str | None] = [None, *self.values]
        return [values[code] for code in self.codes.tolist()]

    def code_range(self, wanted: str, *, prefix: bool = False) -> tuple[int, int]:
        """
        Return the codes start, end of the values equal to *wanted* but for case.

        Args:
            prefix: the values that begin with *wanted* instead.
        """
        low, high = 0, len(self.values)
        key = wanted.lower()
        start = _bisect(self.values, key, low, high)
        end = _bisect(self.values, key + "\U0010ffff" if prefix else key + "\0", start, high)
        return start + 1, end + 1

    def documents(self, start: int, end: int) -> NDArray[np.int64]:
        """Return the documents whose code is in start … end - 1, ascending."""
        if end - start == 1:
            found = self.codes == start
        else:
            found = (self.codes >= start) & (self.codes < end)
        return np.flatnonzero(found)


def _bisect(values: Strings, key: str, low: int, high: int) -> int:
    while low < high:
        middle = (low + high) >> 1
        if values[middle].lower() < key:
            low = middle + 1
        else:
            high = middle
    return low
