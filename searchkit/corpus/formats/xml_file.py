"""
What is in an XML file?

The name of its root tells: the Riksdag's open data is turned into the objects that its
JSON would have, TEI and XHTML go to their readers. Of any other XML the text is read, a
paragraph for each innermost element that holds words, if it is more than a table of data.

Nothing is fetched, and no entity of the file's own is expanded: a few hundred bytes of
them can stand for gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.encoding import NotTextError, decode
from searchkit.corpus.formats.html import read_html
from searchkit.corpus.formats.markup import Element
from searchkit.corpus.formats.riksdag import ROOTS, read_riksdag
from searchkit.corpus.formats.tei import read_tei
from searchkit.corpus.formats.xml_other import read_other
from searchkit.errors import DocumentFormatError

ELEMENTS_MAX = 4_000_000
"""A tree takes some 150 bytes an element."""

_TAGS = (
    "a b blockquote body br center div em font h1 h2 h3 h4 h5 h6 head hr i li ol p pre span"
    " strong style sub sup table tbody td tr u ul"
)
_HTML = frozenset(_TAGS.split())
"""Elements that make what they stand in a piece of HTML, not an object."""

_TEI = ("TEI", "TEI.2", "teiCorpus")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHARACTER = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def read_xml(chunk: Chunk) -> Iterator[Outcome]:
    """
    Yield the documents of an XML file.

    Raises:
        DocumentFormatError: it is no XML, holds no documents, or would need entities of its
            own to be expanded.
    """
    content = content_of(chunk)
    if _looks_like_html(content):
        yield from read_html(chunk)
        return
    root = parse_xml(content, chunk)
    del content
    name = local_name(root)
    if name in _TEI:
        yield from read_tei(root, chunk)
    elif name == "html":
        yield from read_html(chunk)
    elif name in ROOTS:
        yield from read_riksdag(chunk, {name: record_of(root)})
    elif len(root) and all(local_name(child) in ROOTS for child in root):
        yield from _read_several(chunk, root)
    else:
        yield from read_other(chunk, root)


def parse_xml(content: bytes, chunk: Chunk) -> Element:
    """
    Return the root of an XML file, without comments and processing instructions.

    What programs commonly do wrong is mended: characters that XML forbids, and another
    encoding than the declared one.

    Raises:
        DocumentFormatError: it is empty, is not XML, declares entities, or is too large.
    """
    from lxml import etree

    if not content or content.isspace():
        raise DocumentFormatError("is empty", path=chunk.path)
    if content.count(b"<") > ELEMENTS_MAX:
        reason = f"holds more than {ELEMENTS_MAX:,} elements; split it"
        raise DocumentFormatError(reason, path=chunk.path)
    try:
        root = _parse(content)
    except etree.XMLSyntaxError:
        try:
            root = _parse(_mended(content, chunk))
        except etree.XMLSyntaxError as error:
            raise _reason(error, chunk) from error
    document_type = root.getroottree().docinfo.internalDTD
    if document_type is not None and any(True for _ in document_type.iterentities()):
        raise DocumentFormatError(_ENTITIES, path=chunk.path)
    return root


def local_name(element: Element) -> str:
    """Return an element's name without namespace; '' for an entity."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def record_of(element: Element) -> Any:
    """Return an element of the open data as its JSON would have it: an object or a string."""
    from lxml import etree

    if not len(element):
        return element.text
    if any(local_name(child).lower() in _HTML for child in element):
        return etree.tostring(element, method="html", encoding="unicode", with_tail=False)
    record: dict[str, Any] = {}
    for child in element:
        name, value = local_name(child), record_of(child)
        if name not in record:
            record[name] = value
        elif type(record[name]) is list:
            record[name].append(value)
        else:
            record[name] = [record[name], value]
    return record


def _parse(content: bytes) -> Element:
    from lxml import etree

    def parser(*, huge: bool) -> etree.XMLParser:
        return etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=huge,
        )

    try:
        return etree.fromstring(content, parser(huge=False))
    except etree.XMLSyntaxError as error:
        # The HTML of a long report is one text node of more than 10 MB. Without a document
        # type there are no entities that the limit would be needed for.
        if "huge" not in str(error).lower() or b"<!DOCTYPE" in content or b"\0" in content:
            raise
        return etree.fromstring(content, parser(huge=True))


def _mended(content: bytes, chunk: Chunk) -> bytes:
    try:
        text = decode(content)
    except NotTextError as error:
        raise DocumentFormatError(f"is not XML ({error})", path=chunk.path) from error
    text = _DECLARATION.sub("", text, count=1).lstrip()
    if not text.startswith("<"):
        raise DocumentFormatError("is not XML: it does not begin with '<'", path=chunk.path)
    text = _CHARACTER.sub(_allowed, _FORBIDDEN.sub(" ", text))
    return text.encode("utf-8")


def _allowed(match: re.Match[str]) -> str:
    """Return a reference to a character as it is, or a blank if XML forbids the character."""
    code = int(match[1], 16) if match[1] else int(match[2])
    if code > 0x10FFFF or _FORBIDDEN.match(chr(code)):
        return " "
    return match[0]


def _reason(error: Exception, chunk: Chunk) -> DocumentFormatError:
    said = str(error).partition(", line")[0]
    line = getattr(error, "lineno", None) or None
    if "amplification" in said or "entity reference loop" in said:
        return DocumentFormatError(_ENTITIES, path=chunk.path)
    if "Premature end" in said or "not found" in said or "Couldn't find end" in said:
        reason = "is truncated: its XML ends too early; fetch it again"
        return DocumentFormatError(reason, path=chunk.path)
    if "huge" in said.lower() or "depth" in said.lower():
        reason = f"is not read, as a safeguard: {said}"
        return DocumentFormatError(reason, path=chunk.path, line=line)
    return DocumentFormatError(f"is broken XML: {said}", path=chunk.path, line=line)


_ENTITIES = (
    "declares entities of its own, which are not expanded, as a safeguard; "
    "save it without its document type"
)


def _read_several(chunk: Chunk, root: Element) -> Iterator[Outcome]:
    for place, child in enumerate(root, 1):
        try:
            yield from read_riksdag(chunk, {local_name(child): record_of(child)}, alone=False)
        except DocumentFormatError as error:
            yield DocumentFormatError(f"item {place} {error.reason}", path=chunk.path)


def _looks_like_html(content: bytes) -> bool:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))


READER = Reader("xml", (".xml",), read_xml)
