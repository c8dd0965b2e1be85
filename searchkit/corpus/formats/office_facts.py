"""
Which of the properties that an office program keeps about a file can be believed?

Few: the title is often the template's or the last document's, the author whoever made the
template, the dates those of the file. A title that stands at the beginning of the text is
believed at once; what else might be true is told after all that the text says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.doctypes import is_known
from searchkit.corpus.facts import Facts
from searchkit.corpus.metadata import ALIASES, TITLE_CHARS_MAX, date_in_name, iso_date
from searchkit.model import Section

_END_CHARS = 800
_BEGINNING_CHARS = 3_000
"""Where a title stands, if the text has it."""

_LABELLED_LINES = 40
_LABELS = ALIASES | {"avgörandedatum": "date", "målnummer": "number", "ärendenummer": "dnr"}

_PROGRAM = re.compile(r"^(?:microsoft (?:office )?word|libreoffice|openoffice)\s*-\s*", re.I)
_FILE_NAME = re.compile(r"\.(?:docx?|dotx?|docm|odt|rtf|pdf|wpd|tmp|txt|html?)$", re.I)
_NO_TITLE = re.compile(
    r"(?:(?:nytt )?dokument|document|untitled|namnlös|utan titel|rubrik|titel|title|mall|"
    r"(?:regeringens )?(?:proposition|skrivelse)|powerpoint-presentation|bild|slide|"
    r"remissvar|yttrande|promemoria|pm|brev|protokoll|beslut|rapport|bilaga|dagordning)"
    r"[\s\d()_.:/-]*",
    re.I,
)
_DECISION = re.compile(r"s (?:slutliga )?beslut(?: är)? meddelat\b")
_CHAPTER = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.? ")
_CAMEL = re.compile(r"[a-zåäö][A-ZÅÄÖ]")
_PERSON = re.compile(r"[A-ZÅÄÖÉÜ][\w'’.-]+(?: (?:af|von|van|de|[A-ZÅÄÖÉÜ][\w'’.-]*)){1,3}")
_ORGAN = re.compile(
    r"(?:departement|verket|myndighet|nämnd|riksdag|regering|styrelse|inspektion|kommun|"
    r"region\b|ombudsman|utskott|domstol|kommitté|utredning|institut|universitet)",
    re.I,
)


@dataclass(slots=True)
class Properties:
    """What a file says about itself outside its text; "" is unknown."""

    source: str
    """How it is named to the user, such as "docProps"."""
    title: str = ""
    creator: str = ""
    language: str = ""
    created: str = ""
    modified: str = ""
    others: list[tuple[str, str]] = field(default_factory=list)
    """Properties under names that the author, or the template, has given."""


def tell_properties(
    facts: Facts,
    chunk: Chunk,
    text: str,
    properties: Properties,
    *,
    titles: Sequence[str] = (),
    sections: Sequence[Section] = (),
) -> None:
    """
    Tell what can be believed of *properties*, and the title.

    Args:
        titles: paragraphs in the style of a title.
        sections: the headings of *text*.
    """
    beginning = _plain(text[:_BEGINNING_CHARS])
    written = [title for title in titles if is_title(title)]
    if written:
        facts.tell("title", written[0], "title style")
    title = clean_title(properties.title)
    if is_title(title) and _plain(title) in beginning:
        facts.tell("title", title, properties.source)
    for name, value in properties.others:
        _tell_other(facts, name, value, properties.source)
    if language_of(properties.language):
        facts.tell("language", language_of(properties.language), properties.source)
    _tell_creator(facts, properties)
    for name, value in _labelled(text[:_BEGINNING_CHARS], text[-_END_CHARS:]):
        facts.tell(name, value, "table")
    for name, value, source in _last(properties, title, text, sections):
        # The file's own date is less sure than one in its name.
        if name != "date" or not date_in_name(chunk.relative):
            facts.suggest(name, value, source)


def _labelled(beginning: str, end: str) -> Iterator[tuple[str, str]]:
    """Yield what rows such as "Avgörandedatum: | 2014-06-26" tell; a decision says so last."""
    for line in beginning.split("\n")[:_LABELLED_LINES]:
        cells = [cell.strip() for cell in line.split(" | ")]
        for label, value in pairwise(cells):
            column = _LABELS.get(label.removesuffix(":").strip().lower())
            if not column or not value or value.endswith(":"):
                continue
            # Without a colon it may be the head of a table: "Nr | Kommun".
            if not label.endswith(":") and column not in ("date", "dnr"):
                continue
            if not _is_likely(column, value):
                continue
            yield column, value
            if label.lower().startswith("målnummer"):
                yield "type", "beslut" if _DECISION.search(end) else "dom"
                court = beginning.lstrip().partition("\n")[0].partition(" | ")[0]
                yield "organ", court if is_organ(court) else ""


def _is_likely(column: str, value: str) -> bool:
    """Tell whether a value is of the sort that its column holds."""
    if column == "date":
        return iso_date(value) is not None
    if column == "type":
        return is_known(value)
    return column not in ("number", "dnr", "rm") or any(map(str.isdigit, value))


def clean_title(written: str) -> str:
    """Return a title without the program's name before it."""
    return _PROGRAM.sub("", " ".join(written.split()))


def is_title(written: str) -> bool:
    """Tell whether a title says anything: it is no template's name, file name, or kind."""
    return (
        3 < len(written) <= TITLE_CHARS_MAX
        and not _FILE_NAME.search(written)
        and not _NO_TITLE.fullmatch(written)
        and not is_known(written)
        and (" " in written or not _CAMEL.search(written))
        and sum(c.isalpha() for c in written) * 2 > len(written)
    )


def _last(
    properties: Properties, title: str, text: str, sections: Sequence[Section]
) -> Iterator[tuple[str, str, str]]:
    """Yield what is told when nothing surer has been."""
    first_line = text.lstrip().partition("\n")[0].strip()
    heading = sections[0].label if sections and sections[0].start <= _BEGINNING_CHARS else ""
    chapter = _CHAPTER.sub("", heading, count=1) if _CHAPTER.match(heading) else heading
    if is_title(heading) and chapter == heading:
        yield "title", heading, "first heading"
    if is_title(title) and " " in title:
        yield "title", title, properties.source
    if is_title(chapter):
        yield "title", chapter, "first heading"
    if is_title(first_line):
        yield "title", first_line, "first line"
    for date in (properties.modified, properties.created):
        if iso_date(date):
            yield "date", date, properties.source


def _tell_other(facts: Facts, name: str, value: str, source: str) -> None:
    column = ALIASES.get(name.strip().lower())
    if not column or column in ("title", "source", "language") or len(value) > TITLE_CHARS_MAX:
        return
    if _is_likely(column, value):
        facts.tell(column, value, f"{source} {name.strip()}")


def _tell_creator(facts: Facts, properties: Properties) -> None:
    creator = " ".join(properties.creator.split())
    if len(creator) > TITLE_CHARS_MAX:
        return
    if is_organ(creator):
        facts.tell("organ", creator, properties.source)
    elif _PERSON.fullmatch(creator):
        # Who wrote the file, which need not be who speaks in it.
        facts.tell("author", creator, properties.source)


def language_of(written: str) -> str:
    """Return the ISO 639-1 code of a language tag such as "sv-SE", or ""."""
    code = written.strip().lower().replace("_", "-").partition("-")[0]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_organ(name: str) -> bool:
    """Tell whether the author of a file is an authority rather than a person."""
    return _ORGAN.search(name) is not None
