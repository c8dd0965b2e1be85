"""
Which reader takes which file?

The extension decides; the longest registered one wins, and a compression
extension may follow it ("dump.jsonl.xz"). Readers of other packages are found
through entry points of the group ``searchkit.readers``, each naming a
``Reader``; they are loaded only when a file's extension is unknown, so the
everyday start pays nothing for them. A file whose content is clearly of another
format than its name says is given to the reader of that format (:mod:`.sniff`).
"""

from __future__ import annotations

import codecs
import logging
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from searchkit.corpus.blocks import content_of
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.deadline import TooSlowError, within
from searchkit.corpus.formats import (
    csv_file,
    doc,
    docx,
    epub,
    html,
    json_file,
    jsonl,
    markdown,
    odt,
    pdf,
    rtf,
    text,
    xml_file,
)
from searchkit.corpus.sniff import sniff
from searchkit.corpus.streams import (
    COMPRESSIONS,
    UNREADABLE,
    compression_of,
    decompressed,
    unreadable,
)
from searchkit.errors import DocumentFormatError

ENTRY_POINTS = "searchkit.readers"

# Formats whose content can be told; a reader of another format is not questioned.
_ZIPPED = {".docx", ".odt", ".epub"}
_BINARY = {*_ZIPPED, ".pdf", ".rtf", ".doc", ".fodt"}
_TEXTUAL = {".txt", ".md", ".html", ".xml", ".json", ".jsonl", ".csv"}
_STRICT = {*_BINARY, ".json", ".jsonl", ".xml"}
# What can be told from content by a guess, and formats that can never begin like that.
_BEGIN_OTHERWISE = {".txt": _STRICT, ".html": {*_STRICT, ".csv"}, ".xml": {*_STRICT, ".csv"}}
_COMPRESSIONS_MOST = 2

_logger = logging.getLogger(__name__)
_by_name: dict[str, Reader] = {}
_by_extension: dict[str, Reader] = {}


def register(reader: Reader) -> None:
    """
    Add a reader; it takes over its extensions, and its name, from earlier ones.

    A worker process started by *spawn* does not know it: publish a reader that
    is to work in parallel through the entry points ``searchkit.readers``.

    Raises:
        ValueError: an extension is not of the form '.txt', in lower case.
    """
    for extension in reader.extensions:
        if not extension.startswith(".") or extension != extension.lower():
            raise ValueError(f"extension {extension!r} must start with '.' and be in lower case")
    _by_name[reader.name] = reader
    for extension in reader.extensions:
        _by_extension[extension] = reader


def extensions() -> tuple[str, ...]:
    """Return the extensions that are read, in the order of registration."""
    return tuple(_by_extension)


def reader_for(name: str) -> Reader | None:
    """Return the reader that takes a file of this name, or None."""
    found = _lookup(name.lower())
    if found is None:
        _load_entry_points()
        found = _lookup(name.lower())
    return found


def reader_of_extension(extension: str) -> Reader | None:
    """Return the reader of files with this extension, such as '.pdf', or None."""
    return reader_for("file" + extension)


def is_line_based(chunk: Chunk) -> bool:
    """Tell whether a chunk holds one document a line."""
    reader = _by_name.get(chunk.reader)
    return reader is not None and reader.line_based


def other_reader(reader: Reader, content: bytes) -> Reader | None:
    """
    Return the reader that must take *content* instead of *reader*; None: it is the right one.

    Args:
        reader: chosen by the file's name. One of a format whose content cannot be told
            is always right.
        content: all of the file, or its first ``HEAD_BYTES``.
    """
    names = set(reader.extensions)
    if names.isdisjoint(_BINARY) and names.isdisjoint(_TEXTUAL):
        return None
    found = sniff(content, prose=not names.isdisjoint(_STRICT))
    if found is None or found.extension in names:
        return None
    if not found.sure and names.isdisjoint(_BEGIN_OTHERWISE[found.extension]):
        return None
    if found.extension == ".zip" and not names.isdisjoint(_ZIPPED):
        # Damaged rather than misnamed.
        return None
    if reader.line_based and found.extension in (".json", ".jsonl"):
        first_line = content.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0]
        if first_line.startswith(b"{") and first_line.strip() != b"{":
            return None
    other = reader_of_extension(found.extension)
    return None if other is reader else other


def read(chunk: Chunk) -> Iterator[Outcome]:
    """
    Read the documents of one chunk, in order.

    What content clearly is goes before what its name says it is. Whatever goes wrong, in
    whichever reader, is yielded as a ``DocumentFormatError``; nothing is raised.
    """
    if chunk.reader not in _by_name:
        _load_entry_points()
    reader = _by_name.get(chunk.reader)
    if reader is None:
        reason = f"its reader '{chunk.reader}' is not known in this process; install it"
        yield DocumentFormatError(reason, path=chunk.path)
        return
    try:
        reader, chunk = _by_content(reader, chunk)
        if reader.line_based or reader.archive:
            yield from reader.read(chunk)
        else:
            yield from within(reader.read(chunk), chunk.limits.seconds_for(chunk.size))
    except DocumentFormatError as error:
        yield error
    except UNREADABLE as error:
        yield unreadable(error, chunk.path)
    except TooSlowError:
        seconds = chunk.limits.seconds_for(chunk.size)
        reason = f"took more than {seconds:.3g} s to read, and was given up"
        yield DocumentFormatError(reason, path=chunk.path)
    except MemoryError:
        reason = "takes more memory to read than there is; split it, or raise the limit"
        # Another time there may be more.
        yield DocumentFormatError(reason, path=chunk.path, passing=True)
    except Exception as error:
        # A fault of one reader must not take the other files down with it.
        _logger.debug("reader %r failed on %s", reader.name, chunk.path, exc_info=True)
        reason = f"the reader '{reader.name}' failed: {type(error).__name__}: {error}"
        yield DocumentFormatError(reason, path=chunk.path)


def _by_content(reader: Reader, chunk: Chunk) -> tuple[Reader, Chunk]:
    """Return who reads a whole file, by its content, and the chunk with that content."""
    known = not {*_BINARY, *_TEXTUAL}.isdisjoint(reader.extensions)
    if reader.line_based or reader.archive or not known:
        # Of a file that is cut into blocks, ``plan`` has seen the beginning.
        return reader, chunk
    content = content_of(chunk)
    for _ in range(_COMPRESSIONS_MOST):
        if compression_of(content[:10]):
            content = decompressed(content, chunk.limits.document_bytes, chunk.path)
    # Who reads it need not open the file again.
    chunk = replace(chunk, payload=content)
    return other_reader(reader, content) or reader, chunk


def _lookup(name: str) -> Reader | None:
    for compression in ("", *COMPRESSIONS):
        if not name.endswith(compression):
            continue
        parts = name.removesuffix(compression).split(".")
        for i in range(1, len(parts)):
            if reader := _by_extension.get("." + ".".join(parts[i:])):
                return reader
    return None


@cache
def _load_entry_points() -> None:
    """Register readers of installed packages; what is registered already stays."""
    # 25 ms to import, and hardly ever needed.
    from importlib.metadata import entry_points

    for entry_point in entry_points(group=ENTRY_POINTS):
        try:
            reader: Reader = entry_point.load()
            for extension in reader.extensions:
                _by_extension.setdefault(extension, reader)
            _by_name.setdefault(reader.name, reader)
        except Exception as error:
            _logger.warning("reader plugin %r cannot be loaded: %s", entry_point.name, error)


for _format in (
    *(text, markdown, jsonl, json_file, xml_file, html, pdf),
    *(docx, doc, odt, rtf, epub, csv_file),
):
    register(_format.READER)
