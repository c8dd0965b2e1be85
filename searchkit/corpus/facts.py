"""
What is known about one document, and from where?

A format's own fields are told first, then what the text says of itself
(:mod:`.letterhead`), then what the names of file and folders tell: of one fact the
first value that can be used stays. Where each value came from is kept in the column
``provenance``, for ``searchkit show``. A value that is wrong is left out and reported;
it never costs the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.doctypes import kind_of
from searchkit.corpus.letterhead import letterhead
from searchkit.corpus.metadata import ALIASES, date_in_name, date_problem, iso_date, type_of_folder
from searchkit.errors import DocumentFormatError
from searchkit.model import Document, Section

PROVENANCE = "provenance"
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
        value = " ".join((value or "").split())
        if not value or column in self.values or column in _SET_BY_READER:
            return
        if column == "date":
            date = iso_date(value)
            if date is None:
                self.problems.append((date_problem(value), line))
                return
            value = date
        elif column == "type":
            value = kind_of(value)
        self.values[column] = value
        self.sources[column] = source

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
        key: its id, where the source has one of its own; else the relative path.
        alone: it is all that its file holds, so that names tell about it.

    Raises:
        DocumentFormatError: the text is blank.
    """
    if not text or text.isspace():
        raise DocumentFormatError("is empty: it holds no text", path=chunk.path)
    for name, value in letterhead(text, facts.values):
        facts.tell(name, value, "letterhead")
    if alone:
        facts.tell("date", date_in_name(chunk.relative), "file name")
    facts.tell("type", type_of_folder(chunk), "folder")
    for reason, line in facts.problems:
        yield DocumentFormatError(reason, path=chunk.path, line=line)
    columns = dict(facts.values)
    title, date, kind = (columns.pop(name, None) for name in ("title", "date", "type"))
    if facts.sources:
        columns[PROVENANCE] = "; ".join(f"{name}: {of}" for name, of in facts.sources.items())
    columns["path"] = chunk.relative
    yield Document(
        id=key or chunk.relative,
        text=text,
        title=title,
        date=date,
        type=kind,
        fields=columns,
        sections=sections,
        pages=pages,
    )
