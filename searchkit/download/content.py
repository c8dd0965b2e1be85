"""
Is what came what was asked for?

A server in trouble often answers 200 with a page of HTML. So nothing gets its
final name before it has been opened as what it should be. Each check takes
the path of the file and raises `Unusable` with the reason.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

Check = Callable[[Path], None]

_HEAD_BYTES = 512
# Reading every byte of an archive finds what a broken disk or proxy did to it. Beyond
# this it takes minutes (about 200 MB a second), and its directory must do.
_UNPACKED_BYTES_MAX = 4 * 2**30


class Unusable(Exception):  # noqa: N818  # a verdict that `keeping` turns into an AnswerError
    """What came is not what was asked for."""


def load_json(path: Path) -> Any:
    """
    Return the JSON in the file.

    Raises:
        Unusable: it is HTML, or no JSON.
    """
    content = path.read_bytes()
    _refuse_html(content[:_HEAD_BYTES])
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Unusable("is not JSON") from None


def check_array(path: Path) -> None:
    """Check that the file is a JSON array that holds something."""
    content = load_json(path)
    if not isinstance(content, list):
        raise Unusable("is JSON, but no list")
    if not content:
        raise Unusable("is an empty list")


def check_document(dok_id: str) -> Check:
    """Return a check that the file is riksdagen's `dokumentstatus` of the document *dok_id*."""

    def check(path: Path) -> None:
        content = load_json(path)
        status = content.get("dokumentstatus") if isinstance(content, dict) else None
        document = status.get("dokument") if isinstance(status, dict) else None
        if not isinstance(document, dict) or not document:
            raise Unusable("is JSON, but holds no document")
        got = document.get("dok_id")
        if isinstance(got, str) and got and got.casefold() != dok_id.casefold():
            raise Unusable(f"is another document, '{got}'")

    return check


def check_markdown(path: Path) -> None:
    """Check that the file is UTF-8 text, and not HTML."""
    content = path.read_bytes()
    _refuse_html(content[:_HEAD_BYTES])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Unusable("is not UTF-8 text") from None
    if not text.strip() or "\0" in text:
        raise Unusable("is empty" if not text.strip() else "is not text")


def check_zip(path: Path) -> None:
    """Check that the file is a zip archive, with each member's checksum."""
    with open(path, "rb") as file:
        _refuse_html(file.read(_HEAD_BYTES))
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            bad = archive.testzip() if unpacked <= _UNPACKED_BYTES_MAX else None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError):
        raise Unusable("is not a whole zip archive") from None
    except (NotImplementedError, RuntimeError):
        return  # Packed or locked in a way that only reading it will tell of.
    if bad is not None:
        raise Unusable(f"is damaged: the checksum of '{bad}' does not match")


def _refuse_html(head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise Unusable("is a web page, not data; the server may be under maintenance")
