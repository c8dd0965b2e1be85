"""
What is known about one document, and from where?

A format's own fields are told first, then what the text says of itself
(:mod:`.letterhead`), then what the names of file and folders tell: of one fact the
first value that can be used stays. Where each value came from is kept in the column
``provenance``, for ``searchkit show``. A value that is wrong is left out and reported;
it never costs the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.designations import (
    Designation,
    of_name,
    of_title,
    riksmote_of,
    written_number,
)
from searchkit.corpus.doctypes import kind_of
from searchkit.corpus.letterhead import letterhead
from searchkit.corpus.metadata import (
    ALIASES,
    date_in_name,
    date_of_folders,
    date_problem,
    is_plausible,
    iso_date,
    type_of_folder,
    year_of_manifesto,
)
from searchkit.errors import DocumentFormatError
from searchkit.model import Document, Section

PROVENANCE = "provenance"
TITLE_WITHIN_CHARS = 500
"""Above a title stand at most the names of a sender and a series."""
_CHAPTER = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s")
_SET_BY_READER = {"id", "text", "path", PROVENANCE}


class Facts:
    """
    The metadata of one document, gathered from the surest source to the least sure.

    Columns: title, date, type, organ, number, rm, people, party, url, language, and
    whatever else a format knows. Several values of one column are joined by "; ".
    """

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.problems: list[tuple[str, int | None]] = []
        self._suggestions: list[tuple[str, str | None, str]] = []

    def tell(self, name: str, value: str | None, source: str, *, line: int | None = None) -> None:
        """
        Add what *source* tells, unless something surer has told it, or it says nothing.

        Args:
            name: a column, or one of its aliases.
            value: as written; blanks are evened out, a date becomes ISO 8601, a type the
                name that :func:`.doctypes.kind_of` gives it.
            source: where it stands, such as "meta DC.date", "letterhead", "file name".
            line: of the file, where that helps to find it.
        """
        column = ALIASES.get(name.lower(), name.lower())
        value = " ".join((value or "").replace("\xad", "").split())
        if not value or column in self.values or column in _SET_BY_READER:
            return
        if column == "date":
            date = iso_date(value)
            if date is None or not is_plausible(date):
                self.problems.append((date_problem(value), line))
                return
            value = date
        elif column == "type":
            value = kind_of(value)
        elif column == "number":
            value = written_number(value)
        self.values[column] = value
        self.sources[column] = source

    def suggest(self, name: str, value: str | None, source: str) -> None:
        """
        Add what is told only where the text does not tell it: less sure than a letterhead.

        A first line that is short may be a title, a file's name rather often is.
        """
        self._suggestions.append((name, value, source))

    def accept_suggestions(self) -> None:
        """Tell what has been suggested, in that order."""
        for name, value, source in self._suggestions:
            self.tell(name, value, source)
        self._suggestions.clear()

    def tell_designation(self, found: Designation | None, source: str) -> None:
        """Add type and number, which tell of each other: of another type, the number is wrong."""
        if found and self.values.get("type", found.kind) == found.kind:
            self.tell("type", found.kind, source)
            self.tell("number", found.number, source)

    def tell_all(self, name: str, values: Sequence[str], source: str) -> None:
        """Add several values of one column, each once."""
        self.tell(name, "; ".join(dict.fromkeys(" ".join(v.split()) for v in values if v)), source)


def document(
    chunk: Chunk,
    facts: Facts,
    text: str,
    *,
    key: str | None = None,
    sections: Sequence[Section] = (),
    pages: Sequence[Section] = (),
    alone: bool = True,
) -> Iterator[Outcome]:
    """
    Yield a document, preceded by what is wrong with its metadata.

    Args:
        facts: what the format itself tells; what it leaves open is filled in from the text
            and from the names of file and folders.
        text: must not be blank.
        sections: its headings; the first is left out if it is but the title of it all.
        key: its id, where the source has one of its own; else the relative path.
        alone: it is all that its file holds, so that names tell about it.

    Raises:
        DocumentFormatError: the text is blank.
    """
    if not text or text.isspace():
        raise DocumentFormatError("is empty: it holds no text", path=chunk.path)
    _fill_in(chunk, facts, text, alone=alone)
    for reason, line in facts.problems:
        yield DocumentFormatError(reason, path=chunk.path, line=line)
    columns = _columns(facts, chunk.relative)
    title, date, kind = (columns.pop(name, None) for name in ("title", "date", "type"))
    yield Document(
        id=key or chunk.relative,
        text=text,
        title=title,
        date=date,
        type=kind,
        fields=columns,
        sections=_below_title(sections, title),
        pages=pages,
    )


def _below_title(sections: Sequence[Section], title: str | None) -> Sequence[Section]:
    """Return the sections without the title at the head of the text: all stands below it."""
    first = sections[0] if sections else None
    if not first or not title or first.start > TITLE_WITHIN_CHARS:
        return sections
    if _CHAPTER.match(first.label):
        return sections
    return sections[1:] if _words(first.label) == _words(title) else sections


def _words(written: str) -> list[str]:
    return written.replace("\xad", "").casefold().split()


def _columns(facts: Facts, relative: str) -> dict[str, str]:
    columns = dict(facts.values)
    if facts.sources:
        columns[PROVENANCE] = "; ".join(f"{name}: {of}" for name, of in facts.sources.items())
    columns["path"] = relative
    return columns


def _fill_in(chunk: Chunk, facts: Facts, text: str, *, alone: bool) -> None:
    """Add what the text, the title and the names of file and folders tell."""
    folder_type = type_of_folder(chunk)
    named = of_name(chunk.relative, facts.values) if alone else None
    # What names tell is not told yet, but helps to tell a text's own number from a cited one.
    expected = named if named and named.number else None
    if expected is None and folder_type:
        expected = Designation(folder_type, None)
    for name, value in letterhead(text, facts.values, expected=expected):
        facts.tell(name, value, "letterhead")
    facts.accept_suggestions()
    likely = folder_type or (expected.kind if expected else None)
    known = {"type": likely} if likely else {}
    title = facts.values.get("title", "")
    facts.tell_designation(of_title(title, known | facts.values), "title")
    if alone:
        if named and named.number:
            facts.tell_designation(named, "file name")
        facts.tell("date", date_in_name(chunk.relative), "file name")
    facts.tell("type", folder_type, "folder")
    if alone:  # a name's first word says less than the folder
        facts.tell_designation(of_name(chunk.relative, facts.values), "file name")
    facts.tell("date", date_of_folders(chunk.relative), "folder")
    if alone and facts.values.get("type") == "valmanifest":
        # All of its kind are written for one election.
        facts.tell("date", year_of_manifesto(title, PurePosixPath(chunk.relative).name), "title")
    if number := facts.values.get("number"):
        facts.tell("rm", riksmote_of(number), facts.sources["number"])
