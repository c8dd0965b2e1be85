"""Tables of strings: found by halving, in UTF-8 order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import array_file

from searchkit.index.columns import Column, column_names, write_column
from searchkit.index.strings import Strings, write_strings

letters = st.text("aAbåÅäzZé\u0301\0 漢𐐀\uffff", max_size=4)
strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | letters
# More than a look-up keeps landmarks of, with common beginnings.
MANY = sorted(f"{prefix}{n}" for prefix in ("", "a", "ab", "å", "漢") for n in range(400))


@contextmanager
def table(values: Sequence[str]) -> Iterator[Strings]:
    """Write strings in the given order and open them."""
    with array_file(lambda file: write_strings(file, "s", values)) as file:
        yield Strings(file, "s")


@contextmanager
def column(values: Sequence[str | None]) -> Iterator[Column]:
    """Write a column and open it."""
    with array_file(lambda file: write_column(file, "c", values)) as file:
        yield Column(file, "c")


@given(st.lists(strings, max_size=30))
def test_strings_come_back(values: list[str]) -> None:
    """Strings come back in the order they were written, one at a time and in a range."""
    with table(values) as read:
        assert list(read) == values
        assert [read[n] for n in range(len(read))] == values
        assert read.range(1, len(values)) == values[1:]
        assert read.range(0, 0) == []


@given(st.sets(strings, max_size=30), strings)
def test_find_in_a_sorted_table(values: set[str], wanted: str) -> None:
    """A string is found exactly if it is there, whatever its letters."""
    ordered = sorted(values)
    with table(ordered) as read:
        assert [read.find(value) for value in ordered] == list(range(len(ordered)))
        assert (read.find(wanted) is None) == (wanted not in values)


@given(st.sets(strings, max_size=30), letters)
def test_prefix_range_holds_what_begins_so(values: set[str], prefix: str) -> None:
    """The strings with a prefix are a range of the sorted table."""
    ordered = sorted(values)
    with table(ordered) as read:
        start, end = read.prefix_range(prefix)

        assert ordered[start:end] == [value for value in ordered if value.startswith(prefix)]


def test_long_tables_are_searched_as_short_ones() -> None:
    """Finding and prefix ranges are right anywhere in a table of many strings."""
    with table(MANY) as read:
        assert [read.find(value) for value in MANY] == list(range(len(MANY)))
        assert [read.find(value + "\0") for value in MANY] == [None] * len(MANY)
        for prefix in ("", "a", "ab", "ab39", "å", "漢1", "z", "\uffff"):
            start, end = read.prefix_range(prefix)
            assert MANY[start:end] == [value for value in MANY if value.startswith(prefix)]


@pytest.mark.parametrize("number", [-1, 2, 10**6])
def test_no_string_outside_the_table(number: int) -> None:
    """A number that no string has is an IndexError, not another string."""
    with table(["a", "b"]) as read, pytest.raises(IndexError):
        read[number]


@given(st.lists(st.none() | strings, max_size=30))
def test_column_gives_each_documents_value(values: list[str | None]) -> None:
    """A column gives every document the value it was given, or None."""
    with column(values) as read:
        assert read.all_values() == values
        assert [read.value(n) for n in range(len(values))] == values


@given(st.lists(st.none() | letters, max_size=30), letters, st.booleans())
def test_code_range_is_blind_to_case(values: list[str | None], wanted: str, prefix: bool) -> None:
    """The documents of a code range are those whose value equals, or begins, but for case."""

    def meets(value: str | None) -> bool:
        if value is None:
            return False
        small, key = value.lower(), wanted.lower()
        return small.startswith(key) if prefix else small == key

    with column(values) as read:
        found = read.documents(*read.code_range(wanted, prefix=prefix)).tolist()

        assert found == [n for n, value in enumerate(values) if meets(value)]


@given(st.lists(letters, min_size=1, max_size=30))
def test_codes_sort_as_their_values(values: list[str]) -> None:
    """Sorting by code is sorting by value without regard to case."""
    with column(values) as read:
        by_code = sorted(range(len(values)), key=lambda n: (read.codes[n], n))

        assert by_code == sorted(
            range(len(values)), key=lambda n: (values[n].lower(), values[n], n)
        )


def test_columns_are_listed() -> None:
    """A file tells which columns it has, whatever they are called."""
    names = ["id", "a.codes", "å b", "", "x.offsets"]

    def write(file):  # type: ignore[no-untyped-def]
        for name in names:
            write_column(file, name, ["v"])

    with array_file(write) as file:
        assert column_names(file) == names
        assert [Column(file, name).value(0) for name in names] == ["v"] * len(names)
