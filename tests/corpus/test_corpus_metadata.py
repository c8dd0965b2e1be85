"""What is known about a document besides its text?"""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from searchkit.corpus import Chunk, metadata
from searchkit.corpus.metadata import (
    date_in_name,
    date_of_folders,
    is_plausible,
    iso_date,
    type_of_folder,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2015", "2015"),
        ("2015-06", "2015-06"),
        ("2015-06-30", "2015-06-30"),
        (" 2015-06-30 ", "2015-06-30"),
        ("2019-09-20 00:00:00", "2019-09-20"),
        ("2019-09-20T12:00:00+02:00", "2019-09-20"),
        ("14 november 2024", "2024-11-14"),
        ("Den 3 Maj 2024", "2024-05-03"),
        ("2015-13", None),
        ("2015-06-31", None),
        ("2015/16", None),
        ("2015-6-1", None),
        ("14/11/2024", None),
        ("31 februari 2024", None),
        ("0000-01-01", None),
        ("2015-06-30abc", None),
        ("i går", None),
        ("", None),
    ],
)
def test_dates(written, expected):
    """A date is ISO 8601, possibly shortened, or written out in Swedish, and exists."""
    assert iso_date(written) == expected


@pytest.mark.parametrize(
    ("path", "relative", "expected"),
    [
        ("c/pressmeddelanden/a.md", "pressmeddelanden/a.md", "pressmeddelande"),
        ("c/betankanden/2024/a.md", "betankanden/2024/a.md", "bet"),
        ("c/Betänkanden/a.md", "Betänkanden/a.md", "bet"),
        ("c/motioner/tal/a.md", "motioner/tal/a.md", "tal"),
        ("c/annat/a.md", "annat/a.md", None),
        ("tal/a.md", "a.md", "tal"),
        ("motioner/c/a.md", "a.md", None),
        ("a.md", "a.md", None),
        ("c/x__tal__2025__a.md", "x__tal__2025__a.md", "tal"),
        ("c/Statens offentliga utredningar/a.md", "Statens offentliga utredningar/a.md", "sou"),
        ("c/svar/a.md", "svar/a.md", None),
    ],
)
def test_type_of_folder(path, relative, expected):
    """The nearest telling folder gives the type, up to the corpus's own and no further."""
    chunk = Chunk("text", Path(path), relative, None, 1, 1)

    assert type_of_folder(chunk) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2024-11-14-remiss.txt", "2024-11-14"),
        ("tal 2024-11-14.txt", "2024-11-14"),
        ("2024-99-14 och 2023-01-02.txt", "2023-01-02"),
        ("2024-25-xyu7.txt", None),
        ("12024-11-141.txt", None),
        ("2024-11-14/a.txt", None),
    ],
)
def test_date_in_name(name, expected):
    """A whole ISO date in the name of the file itself is its date."""
    assert date_in_name(name) == expected


@pytest.mark.parametrize(
    ("relative", "expected"),
    [
        ("tal/2025/01/tal-i-salen.md", "2025-01"),
        ("g__tal__2025__01__tal-i-salen.md", "2025-01"),
        ("2025/13/tal-i-salen.md", None),
        ("dir/2016/12/index.html", None),
        ("sou/2016/12.pdf", None),
        ("12025/01/tal-i-salen.md", None),
    ],
)
def test_date_of_folders(relative, expected):
    """A year's folder with a month's in it dates what has a name of several words."""
    assert date_of_folders(relative) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [("1499-12-31", False), ("1500", True), ("2015-06", True), ("2999", False)],
)
def test_is_plausible(date, expected):
    """Documents are from 1500 to a year from now."""
    assert is_plausible(date) == expected


def test_header_date_goes_before_name(put, read_all):
    """What the document says of itself goes before its file's name and folder."""
    put("tal/2020-01-01.txt", "Titel\nDatum: 2024-11-14\nTyp: anförande\n\nText\n")

    [document], [] = read_all()

    assert (document.date, document.type) == ("2024-11-14", "anförande")


def test_bad_date_costs_only_the_date(put, read_all):
    """A date that cannot be read is reported with its line; the document is kept."""
    path = put("a.txt", "Titel\nTyp: bet\nDatum: i går\n\nText\n")

    [document], [error] = read_all()

    assert (document.title, document.date) == ("Titel", None)
    assert (error.path, error.line) == (path, 3)
    assert "'i går'" in error.reason


def test_examples():
    """The examples in the docstrings hold."""
    assert doctest.testmod(metadata).failed == 0
    assert doctest.testmod(metadata).attempted > 0
