"""
Which text is in XML of a kind that nobody knows?

An element that has words directly in it is a paragraph, with all that stands inside it;
one that only has elements in it is a container. Elements named as the columns are
(``title``, ``datum``, ``diarienummer``) are metadata. Without one real sentence it is
data, not a document, and is reported.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.markup import Element
from searchkit.corpus.metadata import ALIASES, TITLE_CHARS_MAX, iso_date
from searchkit.errors import DocumentFormatError

SENTENCE_CHARS_MIN = 60
"""A shorter paragraph is a value: a name, a date, a code."""


def read_other(chunk: Chunk, root: Element) -> Iterator[Outcome]:
    """
    Yield the document that a file of unknown XML holds.

    Raises:
        DocumentFormatError: it holds data, or nothing, and no running text.
    """
    facts = Facts()
    paragraphs = []
    sentences = 0
    for name, said in _paragraphs(root):
        column = ALIASES.get(name.lower())
        if column and len(said) <= TITLE_CHARS_MAX and (column != "date" or iso_date(said)):
            facts.tell(column, said, f"element {name}")
        sentences += len(said) >= SENTENCE_CHARS_MIN and " " in said
        paragraphs.append(said)
    if not sentences:
        reason = (
            f"holds no running text: it is XML of an unknown kind (root element '{_name(root)}'); "
            "save its text as HTML or plain text"
        )
        raise DocumentFormatError(reason, path=chunk.path)
    yield from document(chunk, facts, "\n\n".join(paragraphs))


def _paragraphs(root: Element) -> Iterator[tuple[str, str]]:
    """Yield name and text of the outermost elements that have words directly in them."""
    held = [root]
    while held:
        element = held.pop()
        if isinstance(element.tag, str) and _has_words(element):
            if said := " ".join(_said(element).split()):
                yield _name(element), said
        else:
            held.extend(reversed(element))


def _has_words(element: Element) -> bool:
    if element.text and not element.text.isspace():
        return True
    return any(child.tail and not child.tail.isspace() for child in element)


def _said(element: Element) -> str:
    # Entities that the document type would explain stay as they are written: "&nbsp;".
    return html.unescape("".join(map(str, element.itertext())))


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
