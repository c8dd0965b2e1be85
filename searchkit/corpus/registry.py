"""
Which reader takes which file?

The extension decides; the longest registered one wins, and a compression
extension may follow it ("dump.jsonl.xz"). Readers of other packages are found
through entry points of the group ``searchkit.readers``, each naming a
``Reader``; they are loaded only when a file's extension is unknown, so the
everyday start pays nothing for them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache

from searchkit.corpus.formats import jsonl, markdown, text
from searchkit.corpus.blocks import COMPRESSIONS, UNREADABLE, unreadable
from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.errors import DocumentFormatError

ENTRY_POINTS = "searchkit.readers"

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


def read(chunk: Chunk) -> Iterator[Outcome]:
    """
    Read the documents of one chunk, in order.

    Whatever goes wrong, in whichever reader, is yielded as a
    ``DocumentFormatError``; nothing is raised.
    """
    if chunk.reader not in _by_name:
        _load_entry_points()
    reader = _by_name.get(chunk.reader)
    if reader is None:
        reason = f"its reader '{chunk.reader}' is not known in this process; install it"
        yield DocumentFormatError(reason, path=chunk.path)
        return
    try:
        yield from reader.read(chunk)
    except DocumentFormatError as error:
        yield error
    except UNREADABLE as error:
        yield unreadable(error, chunk.path)
    except Exception as error:
        # A fault of one reader must not take the other files down with it.
        _logger.debug("reader %r failed on %s", reader.name, chunk.path, exc_info=True)
        reason = f"the reader '{reader.name}' failed: {type(error).__name__}: {error}"
        yield DocumentFormatError(reason, path=chunk.path)


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


for _reader in (text.READER, markdown.READER, jsonl.READER):
    register(_reader)
