"""
How does a web page become a document?

The first dialect that recognises the page reads it (:mod:`.html_sites`); a page of an
unknown site gives its main content (:mod:`.html_main`) and what its head tells
(:mod:`.html_page`).
"""

from __future__ import annotations

from collections.abc import Iterator

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.html_page import page_of
from searchkit.corpus.formats.html_sites import DIALECTS
from searchkit.corpus.formats.markup import MarkupError, parse_html
from searchkit.errors import DocumentFormatError


def read_html(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the document that an HTML or XHTML file holds."""
    try:
        root = parse_html(content_of(chunk))
    except MarkupError as error:
        raise DocumentFormatError(str(error), path=chunk.path) from error
    page = page_of(root)
    facts = Facts()
    dialect = next(dialect for dialect in DIALECTS if dialect.fits(page))
    reading = dialect.read(page, facts, chunk.relative)
    flat = reading.flat
    if not flat.text:
        reason = "is empty: it holds no text"
        if next(root.iter("script"), None) is not None:
            reason += "; its scripts load it: save the page from a browser"
        raise DocumentFormatError(reason, path=chunk.path)
    yield from document(
        chunk, facts, flat.text, key=reading.key, sections=flat.sections, pages=flat.pages
    )


READER = Reader("html", (".html", ".htm", ".xhtml"), read_html)
