"""
What is known about a document besides its text?

People write the same thing under many names, in Swedish and English, and put
some of it only into the names of files and folders. Here all of it becomes the
columns that the rest of the program knows: title, date, type, organ, number,
url, language. A value that is wrong is left out and reported; it never costs
the document.
"""

from __future__ import annotations

import re
from datetime import date as calendar_date
from functools import lru_cache
from pathlib import PurePosixPath

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.doctypes import is_known, kind_of, plain

TITLE_CHARS_MAX = 200
"""A longer first line is a paragraph."""

_NAMES = {
    "title": "titel rubrik",
    "date": "datum publicerad beslutsdatum utfärdad utfardad_datum utfärdad_datum",
    "type": "typ doctype doktyp dokumenttyp",
    "organ": "department departement utskott myndighet avsändare",
    "number": "nummer nr beteckning",
    "url": "länk webbadress link",
    "language": "språk lang",
    "source": "källa",
    "author": "författare",
    "dnr": "diarienummer",
    "rm": "riksmöte",
}
ALIASES = {alias: name for name, others in _NAMES.items() for alias in (name, *others.split())}
"""Every name that is understood, in lower case, to the column it fills."""

RESERVED = {"id", "text", "title", "date", "type", "path"}
"""Columns that ``Document.fields`` must not shadow (path is set by the reader)."""

_FOLDER_TYPES = {
    "departementsserien-och-promemorior": "ds",
    "forfattningar": "sfs",
    "forfattningssamling": "sfs",
    "remisser": "remiss",
    "tal": "tal",
}
"""Names of folders that :mod:`.doctypes` does not know, or means otherwise."""
_NO_FOLDER_TYPES = {"pm", "svar", "uppdrag", "lag", "com", "fr"}
"""Folders of these names hold anything."""

MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ]\d\d.*)?", re.ASCII)
_WRITTEN_DATE = re.compile(r"(?:den )?(\d{1,2}) ([a-z]+) (\d{4})", re.ASCII)
# A name of more than a word stands for a text; below a number there is but "index.html".
_MONTH_FOLDERS = re.compile(r"(?:^|/)((?:19|20)\d\d)/(0[1-9]|1[0-2])/[^/]*[-_][^/]*$")
_YEAR = re.compile(r"(?<![\d/:])(?:19|20)\d\d(?![\d/:])")
_DATE_IN_NAME = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d-\d\d-\d\d(?!\d)", re.ASCII)


@lru_cache(maxsize=32_768)
def iso_date(value: str) -> str | None:
    """
    Return *value* as ISO 8601, without time of day, or None if it is no date.

    >>> iso_date("2019-09-20 00:00:00"), iso_date("2015-06"), iso_date("den 3 maj 2024")
    ('2019-09-20', '2015-06', '2024-05-03')
    >>> iso_date("2015/16"), iso_date("2023-02-29")
    (None, None)
    """
    value = value.strip()
    if match := _ISO_DATE.fullmatch(value):
        year, month, day = match.groups()
    elif (match := _WRITTEN_DATE.fullmatch(value.lower())) and match[2] in MONTHS:
        year, month, day = match[3], f"{MONTHS.index(match[2]) + 1:02}", f"{int(match[1]):02}"
    else:
        return None
    try:
        calendar_date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def is_plausible(date: str) -> bool:
    """Tell whether an ISO date can be a document's: from 1500 to a year from now."""
    return "1500" <= date <= f"{calendar_date.today().year + 1}{calendar_date.today():-%m-%d}"


def type_of_folder(chunk: Chunk) -> str | None:
    """Return the document type that the nearest telling folder stands for, or None."""
    depth = len(PurePosixPath(chunk.relative).parts)
    # One folder more than the relative path has: the corpus's own, nothing above it.
    folders = (*chunk.path.parts[-depth - 1 : -1], *chunk.path.name.split("__")[:-1])
    for name in reversed(folders):
        if doctype := _type_of_name(name):
            return doctype
    return None


@lru_cache(maxsize=4_096)
def _type_of_name(folder: str) -> str | None:
    name = plain(folder).strip("-")
    if name in _FOLDER_TYPES:
        return _FOLDER_TYPES[name]
    return kind_of(name) if is_known(name) and name not in _NO_FOLDER_TYPES else None


def date_of_folders(relative: str) -> str | None:
    """
    Return the month that two folders stand for, or None.

    >>> date_of_folders("tal/2025/01/tal-i-salen.md"), date_of_folders("dir/2016/12/index.html")
    ('2025-01', None)
    """
    # Two underscores are how programs flatten a slash.
    match = _MONTH_FOLDERS.search(relative.replace("__", "/"))
    return f"{match[1]}-{match[2]}" if match else None


def date_in_name(relative: str) -> str | None:
    """Return the first ISO date in the file's name, or None."""
    matches = _DATE_IN_NAME.findall(PurePosixPath(relative).name)
    return next((date for date in matches if iso_date(date)), None)


def year_of_manifesto(*names: str) -> str | None:
    """
    Return the election that a manifesto's title or file name tells, or None.

    >>> year_of_manifesto("Vår valplattform 2022", "x.txt"), year_of_manifesto("2010-2014")
    ('2022', None)
    """
    for name in names:
        years = set(_YEAR.findall(name))
        if years:
            return years.pop() if len(years) == 1 else None
    return None


def date_problem(value: str) -> str:
    """Return what to tell the user about a date that cannot be read."""
    return (
        f"'{value[:40]}' is not a date such as 2024, 2024-11 or 2024-11-14; "
        "the document is kept without it"
    )
