"""
How does a Markdown file become a document?

Front matter gives metadata; headings give sections. The text stays Markdown as
written, so that offsets lead back to it: ``text[section.start:]`` begins with
the heading's line. Of CommonMark just what tells a heading from what looks
like one is followed: code fences, indentation, and that an underline needs a
line of its own paragraph above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.front_matter import FrontMatterError, split_front_matter
from searchkit.corpus.formats.text import text_of, title_of
from searchkit.errors import DocumentFormatError
from searchkit.model import Section

_LANDMARK = re.compile(
    r"^ {0,3}(?:"
    r"(?P<level>\#{1,6})(?P<heading>[ \t][^\n]*)?$"
    r"|(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<after>[^\n]*)$"
    r"|(?P<underline>=+|-+)[ \t]*$"
    r")",
    re.MULTILINE,
)
_CLOSING = re.compile(r"(?<=[ \t])#+[ \t]*$")
_NO_PARAGRAPH = re.compile(
    r" {4}|\t| {0,3}(?:[#>|]|[-*+][ \t]|\d{1,9}[.)][ \t]|(?:[-*_][ \t]*){3,}$)"
)
_EMPHASIS = re.compile(r"(\*\*|__|\*|_)(.+)\1")
_BLANK_LINES = re.compile(r"\s*\n(?=[^\n]*\S)")


def read_markdown(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the document that a Markdown file holds."""
    text = text_of(chunk)
    try:
        values, end = split_front_matter(text)
    except FrontMatterError as error:
        raise DocumentFormatError(str(error), path=chunk.path, line=error.line) from error
    if blank := _BLANK_LINES.match(text, end):
        end = blank.end()
    body = text[end:]
    if (not body or body.isspace()) and "title" in values:
        # A repealed statute, say: better found by its title than not at all.
        body = values["title"][0]
    if not body or body.isspace():
        raise DocumentFormatError("is empty below its front matter", path=chunk.path)
    headings = list(headings_of(body))
    facts = Facts()
    for name, (value, line) in values.items():
        facts.tell(name, value, "front matter", line=line)
    facts.suggest("url", values.get("pdf_url", ("", 0))[0], "front matter")
    main = next((section.label for level, section in headings if level == 1), None)
    main, dnr = _without_dnr(main or "")
    facts.suggest("dnr", dnr, "heading")
    facts.suggest("title", main, "heading")
    facts.suggest("title", title_of(body.lstrip().partition("\n")[0].lstrip("#")), "first line")
    yield from document(chunk, facts, body, sections=tuple(section for _, section in headings))


def _without_dnr(heading: str) -> tuple[str, str]:
    """Return heading and record number: pages of the Government set the two without a break."""
    heading, label, dnr = heading.partition("Diarienummer: ")
    return heading.strip(), dnr.strip() if label else ""


def headings_of(text: str) -> Iterator[tuple[int, Section]]:
    """Yield the headings of Markdown *text* in order, each with its level, 1 to 6."""
    fence = ""
    for match in _LANDMARK.finditer(text):
        if marks := match["fence"]:
            if not fence:
                fence = marks
            elif marks.startswith(fence) and not match["after"].strip():
                fence = ""
        elif fence:
            continue
        elif match["level"]:
            if label := _label(_CLOSING.sub("", match["heading"] or "")):
                yield len(match["level"]), Section(match.start(), label)
        elif (start := _underlined(text, match.start())) is not None:
            label = _label(text[start : match.start()])
            yield 1 if match["underline"][0] == "=" else 2, Section(start, label)


def _label(written: str) -> str:
    label = " ".join(written.split())
    for _ in range(2):  # bold, and italic inside it
        if match := _EMPHASIS.fullmatch(label):
            label = match[2].strip()
    return label


def _underlined(text: str, underline: int) -> int | None:
    """
    Return where the line above *underline* starts, if that line is a paragraph.

    A longer paragraph is taken for one above a rule, which is what its author
    most often meant, though CommonMark makes it a heading.
    """
    start = text.rfind("\n", 0, max(0, underline - 1)) + 1
    line = text[start:underline]
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start]
    if not line.strip() or _NO_PARAGRAPH.match(line) or (above.strip() and not _ends(above)):
        return None
    return start


def _ends(line: str) -> bool:
    """Whether the paragraph below *line*, which is not blank, does not go on from it."""
    return _LANDMARK.match(line.rstrip("\n")) is not None


READER = Reader("markdown", (".md", ".markdown"), read_markdown, harmless=True)
