"""
How are office files opened, which are ZIP packages of XML?

Members are read within bounds, since a package of a few kB can claim to hold any amount;
XML is parsed without its document type, entities and anything outside it. What is wrong is
told in the words of somebody who has the file, not of its format.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk
from searchkit.errors import DocumentFormatError

if TYPE_CHECKING:
    from lxml.etree import _Element

MEMBER_BYTES_MAX = 64 << 20
"""Of one member, unpacked. 30 MB hold 1,000 pages; parsed, XML takes some 8 times its size."""

RATIO_FREE_BYTES = 4 << 20
"""Less than this is no bomb, whatever it was packed to; Word's XML shrinks to a thirtieth."""

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_SIGNATURE = b"PK\x03\x04"


class Package:
    """A ZIP package, read within bounds."""

    def __init__(self, chunk: Chunk, what: str) -> None:
        """
        Open the package that a chunk holds.

        Args:
            what: the format in the user's words, such as "a Word file (.docx)".

        Raises:
            DocumentFormatError: it is none; the reason says what it is instead.
        """
        self._path = chunk.path
        self._limits = chunk.limits
        self._bytes_left = chunk.limits.document_bytes
        content = content_of(chunk)
        if not content.startswith(ZIP_SIGNATURE):
            raise self.error(what_instead(content, what))
        try:
            self._zip = ZipFile(io.BytesIO(content))
        except (BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            reason = f"is truncated or damaged: {what} ends with a list of its parts"
            raise self.error(f"{reason}, and this one has none") from error
        self._members = {info.filename: info for info in self._zip.infolist()}

    def error(self, reason: str) -> DocumentFormatError:
        """Return an error of this file."""
        return DocumentFormatError(reason, path=self._path)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def names(self) -> list[str]:
        """Return the names of all members."""
        return list(self._members)

    def read(self, name: str) -> bytes | None:
        """
        Return a member's bytes, or None if there is no such member.

        Raises:
            DocumentFormatError: it is encrypted, damaged or too large.
        """
        info = self._members.get(name)
        if info is None:
            return None
        if info.flag_bits & 1:
            raise self.error("is encrypted; save it without a password")
        most = min(MEMBER_BYTES_MAX, self._bytes_left)
        try:
            with self._zip.open(info) as stream:
                content = stream.read(most + 1)
        except (
            *(BadZipFile, zlib.error, EOFError, OSError, ValueError),
            *(NotImplementedError, RuntimeError, UnicodeDecodeError),
        ) as error:
            reason = f"is damaged: its part '{name[:80]}' cannot be unpacked ({error})"
            raise self.error(reason) from error
        ratio = self._limits.compression_ratio
        if len(content) > max(RATIO_FREE_BYTES, ratio * info.compress_size):
            what = f"its part '{name[:80]}' grows more than {ratio} times when it is unpacked"
            raise self.error(f"looks like a zip bomb: {what}")
        if len(content) > most:
            raise self.error(f"holds more than {most >> 20} MB in '{name[:80]}'; split it")
        self._bytes_left -= len(content)
        return content

    def xml(self, name: str) -> _Element | None:
        """
        Return a member's root element, or None if there is no such member.

        Raises:
            DocumentFormatError: as :meth:`read`, or it is no well-formed XML.
        """
        content = self.read(name)
        return None if content is None else parse_xml(content, name, self)

    def xml_if_sound(self, name: str) -> _Element | None:
        """Return a member's root element, or None if it is missing or damaged."""
        try:
            return self.xml(name)
        except DocumentFormatError:
            return None


def parse_xml(content: bytes, name: str, package: Package) -> _Element:
    """
    Parse XML without entities, document type and network.

    Raises:
        DocumentFormatError: it is not well-formed.
    """
    root = xml_root(content)
    if isinstance(root, str):
        raise package.error(f"is damaged: its part '{name[:80]}' is no XML ({root})")
    return root


def xml_root(content: bytes) -> _Element | str:
    """Return the root element of XML, or what is wrong with it."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        return str(error)[:200]
    return root if root is not None else "it is empty"


def what_instead(content: bytes, what: str) -> str:
    """Return why *content* is not *what*, in the words of an error."""
    if content.startswith(OLE_SIGNATURE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "is encrypted; save it without a password"
        return f"is not {what} but an old Office file; save it as .docx or PDF"
    if content.startswith(b"{\\rtf"):
        return f"is not {what} but RTF; rename it to .rtf"
    if content.startswith(b"%PDF-"):
        return f"is not {what} but PDF; rename it to .pdf"
    start = content[:1000].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return f"is not {what} but a web page; rename it to .html"
    if not content.strip(b"\0 \r\n\t"):
        return "is empty"
    return f"is not {what}"
