"""
Which format does this content have, whatever its file is called?

Signatures tell binary formats, and the first element, bracket or letters tell those
that are text; a few KB from either end are looked at. The answer is the extension that
files of that format have, since extensions lead to readers. It is *sure* where nothing
else begins like that, and a mere guess otherwise ("<p>" may begin a web page, and
Markdown as well); a guess never overrules a name that can be right.
"""

from __future__ import annotations

import codecs
import re
import tarfile
from dataclasses import dataclass

from searchkit.corpus.encoding import NotTextError, decode
from searchkit.corpus.streams import compression_of

HEAD_BYTES = 4096
TAIL_BYTES = 65536
"""Where a ZIP archive lists what it holds."""

_SIGNATURES = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
)
_OFFICE = ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"))
_PACKAGES = (
    (b"application/vnd.oasis.opendocument.text", ".odt"),
    (b"application/vnd.oasis.opendocument", ".ods"),
    (b"application/epub+zip", ".epub"),
)
_LOCAL_BYTES, _ENTRY_BYTES = 30, 46
"""Of what precedes a name before a member, and in the directory of a ZIP archive."""
_PROLOGUE = re.compile(rb"\s*(?:<\?[^>]*>|<!--.*?-->)", re.DOTALL)
_ELEMENT = re.compile(rb"\s*<(?:!doctype\s+)?([a-z_][\w.-]*:)?([a-z_][\w.-]*)", re.IGNORECASE)
_HTML_ROOTS = {b"html", b"head", b"body"}
_HTML_PARTS = {
    *(b"br", b"center", b"div", b"font", b"h1", b"h2", b"h3", b"link", b"meta", b"nobr", b"p"),
    *(b"pre", b"script", b"span", b"style", b"table", b"ul"),
}
_NO_DOCUMENTS = {b"svg", b"plist", b"stylesheet", b"schema", b"project", b"xliff", b"kml", b"gpx"}
_JSON = re.compile(rb'(?:\[\s*)?\{\s*(?:"|\})|\[\s*(?:\[|\])')
_PROSE_CHARS_LEAST = 200
_PROSE_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What content seems to be."""

    extension: str
    """Of files of this format, such as '.pdf'; it need not have a reader."""
    sure: bool


def sniff(content: bytes, tail: bytes = b"", *, prose: bool = True) -> Sniffed | None:
    """
    Return the format of *content*, or None if it cannot be told.

    Args:
        content: all of a file, or its first ``HEAD_BYTES`` or more.
        tail: its last ``TAIL_BYTES``, where *content* is not all of it; it tells apart
            what is packed as ZIP.
        prose: whether plain text is to be found, which takes longer.

    Cost:
        some 10 µs; no more than the first 4 and the last 64 KB are looked at.
    """
    head = content[:HEAD_BYTES]
    if binary := _binary(head, tail or content[-TAIL_BYTES:]):
        return Sniffed(binary, True)
    text = _as_utf8(head).lstrip()
    if text.startswith(b"<") and (found := _markup(text)):
        return found
    if text.startswith(b"<") and not text.startswith(b"<!--"):
        return None
    if text[:1] in (b"{", b"["):
        return _json(text, content)
    return Sniffed(".txt", False) if prose and _is_prose(head) else None


def _binary(head: bytes, tail: bytes) -> str | None:
    if compression := compression_of(head):
        return compression
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06\0")):
        return _zip_kind(head, tail)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    for signature, extension in _SIGNATURES:
        if start.startswith(signature):
            return extension
    return ".tar" if _is_tar(head) else None


def _zip_kind(head: bytes, tail: bytes) -> str:
    first = head[_LOCAL_BYTES : _LOCAL_BYTES + _uint(head, 26, 2)]
    if first == b"mimetype":
        for mime, extension in _PACKAGES:
            if mime in head[:256]:
                return extension
    # Of a package that was cut off, its first part and what little the head shows.
    names = _listed(tail) or {first, *(name for name, _ in _OFFICE if name in head)}
    if b"[Content_Types].xml" in names:
        found = (ext for part, ext in _OFFICE if any(name.startswith(part) for name in names))
        return next(found, ".docx")
    if b"META-INF/container.xml" in names:
        return ".epub"
    return ".odt" if {b"META-INF/manifest.xml", b"content.xml"} <= names else ".zip"


def _listed(tail: bytes) -> set[bytes]:
    """Return the names in the directory at the end of an archive, if all of it is in *tail*."""
    end = tail.rfind(b"PK\x05\x06")
    at = end - _uint(tail, end + 12, 4) if end >= 0 else -1
    names = set()
    while 0 <= at < end and tail.startswith(b"PK\x01\x02", at):
        name_bytes, *others = (_uint(tail, at + field, 2) for field in (28, 30, 32))
        names.add(tail[at + _ENTRY_BYTES : at + _ENTRY_BYTES + name_bytes])
        at += _ENTRY_BYTES + name_bytes + sum(others)
    return names


def _uint(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")


def _is_tar(head: bytes) -> bool:
    if len(head) < tarfile.BLOCKSIZE or head[0] == 0:
        return False
    try:
        # It sums up the header, which nothing else gets right by chance.
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def _as_utf8(head: bytes) -> bytes:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head.removeprefix(codecs.BOM_UTF8)


def _markup(text: bytes) -> Sniffed | None:
    declared = text.startswith(b"<?xml")
    while prologue := _PROLOGUE.match(text):
        text = text[prologue.end() :]
    element = _ELEMENT.match(text)
    if element is None:
        return Sniffed(".xml", True) if declared else None
    name = element[2].lower()
    if element[1] == b"office:":
        return Sniffed(".fodt", True)
    if name in _HTML_ROOTS:
        return Sniffed(".html", True)
    if name in _HTML_PARTS and not element[1]:
        return Sniffed(".html", declared)
    return None if name in _NO_DOCUMENTS else Sniffed(".xml", declared)


def _json(text: bytes, content: bytes) -> Sniffed | None:
    if _JSON.match(text) is None:
        return None
    end = content.find(b"\n")
    second = content[end + 1 : end + 100].lstrip() if end >= 0 else b""
    if text.startswith(b"{") and second.startswith(b"{") and content[:end].rstrip().endswith(b"}"):
        return Sniffed(".jsonl", True)
    return Sniffed(".json", True)


def _is_prose(head: bytes) -> bool:
    try:
        # The last letter may be cut in two, which would make all of it another code page.
        text = decode(head.rpartition(b" ")[0])
    except NotTextError:
        return False
    letters = sum(char.isalpha() or char in " \n" for char in text)
    return len(text) >= _PROSE_CHARS_LEAST and letters >= _PROSE_SHARE * len(text)
