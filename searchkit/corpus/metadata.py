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
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date as calendar_date
from functools import lru_cache
from pathlib import PurePosixPath

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.errors import DocumentFormatError
from searchkit.model import Document, Section

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
    "anforanden": "anförande",
    "artiklar": "artikel",
    "betankanden": "bet",
    "debattartiklar": "debattartikel",
    "departementsserien": "ds",
    "departementsserien-och-promemorior": "ds",
    "direktiv": "dir",
    "ds": "ds",
    "forfattningar": "sfs",
    "interpellationer": "interpellation",
    "kommittedirektiv": "dir",
    "lagradsremisser": "lagrådsremiss",
    "motioner": "mot",
    "pressmeddelanden": "pressmeddelande",
    "propositioner": "prop",
    "rapporter": "rapport",
    "regeringsuppdrag": "regeringsuppdrag",
    "remisser": "remiss",
    "sfs": "sfs",
    "skrivelser": "skr",
    "sou": "sou",
    "statens-offentliga-utredningar": "sou",
    "tal": "tal",
}
_UNACCENTED = str.maketrans("åäöé _", "aaoe--")

_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ]\d\d.*)?", re.ASCII)
_WRITTEN_DATE = re.compile(r"(?:den )?(\d{1,2}) ([a-z]+) (\d{4})", re.ASCII)
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
    elif (match := _WRITTEN_DATE.fullmatch(value.lower())) and match[2] in _MONTHS:
        year, month, day = match[3], f"{_MONTHS.index(match[2]) + 1:02}", f"{int(match[1]):02}"
    else:
        return None
    try:
        calendar_date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def type_of_folder(chunk: Chunk) -> str | None:
    """Return the document type that the nearest telling folder stands for, or None."""
    depth = len(PurePosixPath(chunk.relative).parts)
    # One folder more than the relative path has: the corpus's own, nothing above it.
    for name in reversed(chunk.path.parts[-depth - 1 : -1]):
        plain = unicodedata.normalize("NFC", name).lower().translate(_UNACCENTED)
        if doctype := _FOLDER_TYPES.get(plain):
            return doctype
    return None


def date_in_name(relative: str) -> str | None:
    """Return the first ISO date in the file's name, or None."""
    matches = _DATE_IN_NAME.findall(PurePosixPath(relative).name)
    return next((date for date in matches if iso_date(date)), None)


def date_problem(value: str) -> str:
    """Return what to tell the user about a date that cannot be read."""
    return (
        f"'{value[:40]}' is not a date such as 2024, 2024-11 or 2024-11-14; "
        "the document is kept without it"
    )


def assemble(
    chunk: Chunk,
    text: str,
    *,
    title: str | None,
    values: Mapping[str, tuple[str, int]],
    sections: Sequence[Section] = (),
    pages: Sequence[Section] = (),
) -> Iterator[Outcome]:
    """
    Yield the document of a whole file, preceded by what is wrong with its metadata.

    Args:
        title: used if *values* has none.
        values: column to (value, line of the file), as the author wrote it.
    """
    date = date_in_name(chunk.relative)
    if "date" in values:
        written, line = values["date"]
        date = iso_date(written) or date
        if iso_date(written) is None:
            yield DocumentFormatError(date_problem(written), path=chunk.path, line=line)
    fields = {name: value for name, (value, _) in values.items() if name not in RESERVED}
    fields["path"] = chunk.relative
    yield Document(
        id=chunk.relative,
        text=text,
        title=values["title"][0] if "title" in values else title,
        date=date,
        type=values["type"][0] if "type" in values else type_of_folder(chunk),
        fields=fields,
        sections=sections,
        pages=pages,
    )
