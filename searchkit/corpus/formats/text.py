"""
How does a plain text file become a document?

Its first line is the title if it is short. Lines such as ``Datum: 2024-11-14``
that follow are metadata and leave the text; a title above them, or above a
blank line, leaves it too, since it is stored by itself. A form feed, as
programs that turn PDF into text write it, ends a page. A table of contents
tells the headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.encoding import NotTextError, decode
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.text_contents import headings_by_contents
from searchkit.corpus.metadata import ALIASES, TITLE_CHARS_MAX, iso_date
from searchkit.errors import DocumentFormatError
from searchkit.model import Section

_HEADER_LINE = re.compile(r"\s*([^\W\d][\w -]{1,29}?)[ \t]*:[ \t]*(\S.*)")
_HEAD_CHARS = 2_000
_LINE_CHARS = 60
"""Below a first line of one word, a line up to this length goes on with the title."""
_NO_TITLES = frozenset(
    ("bilaga", "sveriges domstolar", "sveriges riksdag", "regeringskansliet", "promemoria", "pm")
)
_NEWLINE = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the text proper."""

    title: str | None
    values: dict[str, tuple[str, int]]
    """Column to (value, line of the file)."""
    body_start: int
    """Code-point offset of the text proper."""


def read_text(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the document that a plain text file holds."""
    text = text_of(chunk)
    head = split_head(text)
    body = text[head.body_start :]
    pages = pages_of(body, first=1 + text.count("\f", 0, head.body_start))
    facts = Facts()
    for name, (value, line) in head.values.items():
        facts.tell(name, value, "header", line=line)
    _suggest_title(facts, text, head)
    yield from document(chunk, facts, body, sections=headings_by_contents(body), pages=pages)


def _suggest_title(facts: Facts, text: str, head: Head) -> None:
    """Suggest the title, and what those who collect texts write behind it: "| date | address"."""
    title, *more = (head.title or "").split(" | ")
    lines = [line.strip() for line in text[:_HEAD_CHARS].split("\n")]
    first = next((i for i, line in enumerate(lines) if line), 0)
    if title.lower() in _NO_TITLES:
        below = (line for line in lines[first + 1 :] if line and line.lower() not in _NO_TITLES)
        facts.suggest("title", title_of(next(below, "")), "first lines")
    elif title == lines[first] and title.isalpha() and first + 1 < len(lines):
        below_it = lines[first + 1]
        if 0 < len(below_it) <= _LINE_CHARS and _header(below_it) is None:
            facts.suggest("title", f"{title} {below_it.rstrip(':')}", "first lines")
    facts.suggest("title", title, "first line")
    for part in more:
        name, _, value = part.partition(" ")
        if part.startswith(("https://", "http://")):
            facts.suggest("url", part, "first line")
        elif iso_date(value):
            facts.suggest("date", value, "first line")
        elif name == "dok_id":
            facts.suggest("dok_id", value, "first line")


def text_of(chunk: Chunk) -> str:
    """
    Return the text of a file: decoded, newlines as '\\n', no byte order mark.

    Raises:
        DocumentFormatError: it cannot be read, is not text, or is blank.
    """
    try:
        text = decode(content_of(chunk))
    except NotTextError as error:
        raise DocumentFormatError(f"is not text ({error})", path=chunk.path) from error
    if not text or text.isspace():
        raise DocumentFormatError("is empty", path=chunk.path)
    return _NEWLINE.sub("\n", text) if "\r" in text else text


def split_head(text: str) -> Head:
    """Find title, metadata lines and the start of the body of *text*, which is not blank."""
    start, number = _skip_blank(text, 0, 1)
    values: dict[str, tuple[str, int]] = {}
    title, after = title_of(_line_at(text, start)), start
    if _begins_with_header(text, start):
        title = None
    elif title:
        after = start + len(_line_at(text, start)) + 1
        number += 1
    else:
        return Head(None, {}, start)
    position, number = _skip_blank(text, after, number)
    while pair := _header(_line_at(text, position)):
        if title and pair[0] == "title":
            break
        values.setdefault(pair[0], (pair[1], number))
        position += len(_line_at(text, position)) + 1
        number += 1
    if not values and position == after:
        return Head(title, {}, start)
    position, _ = _skip_blank(text, position, number)
    if position >= len(text):
        # Nothing but a head: better found by its title than not at all.
        position = start
    return Head(title, values, position)


def title_of(line: str) -> str | None:
    """Return a first line as a title, out of a comment's marks, or None if it cannot be one."""
    line = line.strip().removeprefix("<!--").removesuffix("-->")
    title = " ".join(line.split())
    worded = len(title) <= TITLE_CHARS_MAX and any(map(str.isalnum, title))
    return title if worded else None


def pages_of(text: str, *, first: int = 1) -> tuple[Section, ...]:
    """Return the pages of *text*, numbered from *first*, if form feeds divide it."""
    if "\f" not in text and first == 1:
        return ()
    starts = [0, *(match.end() for match in re.finditer("\f", text) if match.end() < len(text))]
    return tuple(Section(start, str(page)) for page, start in enumerate(starts, first))


def _begins_with_header(text: str, start: int) -> bool:
    # One such line alone can be a title: "Språk: en fråga om makt".
    line = _line_at(text, start)
    pair = _header(line)
    below = _header(_line_at(text, start + len(line) + 1))
    return pair is not None and (pair[0] == "title" or below is not None)


def _header(line: str) -> tuple[str, str] | None:
    match = _HEADER_LINE.fullmatch(line)
    if match and (column := ALIASES.get(match[1].lower())):
        return column, match[2].rstrip()
    return None


def _line_at(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


def _skip_blank(text: str, start: int, number: int) -> tuple[int, int]:
    """Return the start, past form feeds, and number of the next line that is not blank."""
    while start < len(text):
        line = _line_at(text, start)
        if line.strip():
            return start + len(line) - len(line.lstrip("\f")), number
        start += len(line) + 1
        number += 1
    return start, number


READER = Reader("text", (".txt", ".text"), read_text, harmless=True)
