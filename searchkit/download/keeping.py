"""
How does one address become one file, whole or not at all?

``ask → .name.part → check → fsync → name → ledger``. The part file is hidden
and lies where the file will; only what came whole and passed its check gets
the name, by an atomic rename. What can be saved is not fetched: a file whose
version in the source's list is the one in the ledger is not asked for, any
other is asked for with its validators (If-None-Match, If-Modified-Since), and
of an archive of which a part came, only the rest (Range, with If-Range so that
a changed one comes whole).
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from searchkit.download.client import BLOCK_BYTES, Client, refusal
from searchkit.download.content import Check, Unusable
from searchkit.download.failures import AnswerError
from searchkit.download.ledger import Entry, Ledger, Part, is_inside

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse


class _PartUselessError(AnswerError):
    """The server cannot go on where our part ends; ask for all of it."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be fetched."""

    url: str
    path: str
    """Where it goes, below the folder, with slashes."""
    check: Check
    limit_bytes: int
    version: str = ""
    """Its last change as the source's list tells it; empty if it does not."""
    resumable: bool = False
    """Large enough that the rest of a part is worth asking for."""
    expected_bytes: int = 0
    """Its size as the list tells it; 0 if it does not."""
    prepare: Check | None = None
    """What is done to the file once it is checked, before it gets its name."""


class Keeper:
    """Fetches items into a folder whose ledger is open."""

    def __init__(self, client: Client, folder: Path, ledger: Ledger, *, recheck: bool) -> None:
        self._client = client
        self._folder = folder
        self._ledger = ledger
        self._recheck = recheck

    def keep(self, item: Item, tell: Callable[[], None] = lambda: None) -> bool:
        """
        Bring one file in step with its source.

        Args:
            tell: called now and then while the file comes.

        Returns:
            False if it was so already.

        Raises:
            AnswerError: what came is of no use; nothing was changed.
            DownloadError: the run cannot go on.
            OSError: the file cannot be written; names it.
        """
        if not is_inside(item.path):
            raise AnswerError(item.url, f"has a name that leads out of the folder: '{item.path}'")
        known = self._present(item)
        if known and item.version and item.version == known.version and not self._recheck:
            return False
        part = _PartFile(self._folder, item, self._ledger)
        try:
            try:
                fresh = self._fetch(item, part, known, tell)
            except _PartUselessError:
                part.drop()
                fresh = self._fetch(item, part, known, tell)
            if fresh is None:
                self._note_version(known, item)
                return False
            return self._settle(item, part, known, fresh)
        except OSError as error:
            _name(error, part.path)
            raise

    def _fetch(
        self, item: Item, part: _PartFile, known: Entry | None, tell: Callable[[], None]
    ) -> Part | None:
        """Receive the part file to its end; None if the file we have is the current one."""
        return self._client.ask(
            item.url,
            lambda: part.headers(known),
            lambda response: self._receive(response, item, part, tell),
        )

    def _present(self, item: Item) -> Entry | None:
        """Return what the ledger says of a file that is there, with the size it should have."""
        entry = self._ledger.entry(item.path)
        if entry is None or entry.url != item.url:
            return None
        try:
            size = (self._folder / item.path).stat().st_size
        except FileNotFoundError:
            return None
        return entry if size == entry.size_bytes else None

    def _receive(
        self, response: BaseHTTPResponse, item: Item, part: _PartFile, tell: Callable[[], None]
    ) -> Part | None:
        if response.status == 304:
            return None
        if response.status == 416:
            # The part is all there was, or more: the run ended before it got its name.
            raise _PartUselessError(item.url, "has nothing behind the part that came")
        if response.status not in (200, 206):
            raise AnswerError(item.url, refusal(response))
        told = part.open(response)
        with part.file(appending=response.status == 206) as file:
            size = file.tell()
            self._check_room(response, item)
            for block in self._client.blocks(response):
                size += len(block)
                if size > item.limit_bytes:
                    raise AnswerError(item.url, f"is larger than {item.limit_bytes // 2**20} MB")
                file.write(block)
                tell()
            file.flush()
            os.fsync(file.fileno())
        return told

    def _check_room(self, response: BaseHTTPResponse, item: Item) -> None:
        """Refuse at once what the disk has no room for."""
        announced = response.headers.get("Content-Length", "")
        if not announced.isdecimal():
            return
        if int(announced) > item.limit_bytes:
            raise AnswerError(item.url, f"is larger than {item.limit_bytes // 2**20} MB")
        if int(announced) > shutil.disk_usage(self._folder).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _settle(self, item: Item, part: _PartFile, known: Entry | None, told: Part) -> bool:
        """Give what came its name, if it is what was asked for."""
        try:
            item.check(part.path)
        except Unusable as verdict:
            part.drop()
            raise AnswerError(item.url, str(verdict)) from None
        if item.prepare is not None:
            item.prepare(part.path)
        entry = Entry(
            path=item.path,
            url=item.url,
            size_bytes=part.path.stat().st_size,
            sha256=digest(part.path),
            etag=told.etag,
            last_modified=told.last_modified,
            version=item.version,
            fetched=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        target = self._folder / item.path
        same = known is not None and known.sha256 == entry.sha256
        if same and digest(target) == entry.sha256:
            # The server sends what we have: the file keeps its time, and its indexing.
            part.drop()
        else:
            same = False
            os.replace(part.path, target)
            _sync_folder(target.parent)
        self._ledger.record(entry)
        return not same

    def _note_version(self, known: Entry | None, item: Item) -> None:
        if known is not None and known.version != item.version:
            self._ledger.record(replace(known, version=item.version))


class _PartFile:
    """The hidden file in which an answer is received, and what to ask to go on with it."""

    def __init__(self, folder: Path, item: Item, ledger: Ledger) -> None:
        target = folder / item.path
        self.path = target.with_name(f".{target.name}.part")
        self._item = item
        self._ledger = ledger

    def headers(self, known: Entry | None) -> Mapping[str, str]:
        """Return what to ask with: for the rest of a part, for a change, or for all."""
        part = self._ledger.part(self._item.path)
        # Compressed on the way, a document is a quarter; but then its bytes cannot be counted.
        headers = {"Accept-Encoding": "identity" if self._item.resumable else "gzip"}
        if self._item.resumable and part and part.url == self._item.url and self._bytes():
            return {
                **headers,
                "Range": f"bytes={self._bytes()}-",
                "If-Range": part.etag or part.last_modified,
            }
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return headers

    def open(self, response: BaseHTTPResponse) -> Part:
        """
        Note the validators of an answer whose body follows.

        Raises:
            _PartUselessError: it continues another part than ours.
        """
        item, headers = self._item, response.headers
        told = Part(item.path, item.url, headers.get("ETag", ""), headers.get("Last-Modified", ""))
        if response.status == 206:
            wanted = f"bytes {self._bytes()}-"
            if not headers.get("Content-Range", "").startswith(wanted):
                raise _PartUselessError(item.url, "continues at the wrong place")
            before = self._ledger.part(item.path)
            return before or told
        # A weak ETag does not promise the same bytes (RFC 9110, 13.1.5).
        strong = told.etag if not told.etag.startswith("W/") else ""
        can_go_on = (strong or told.last_modified) and "Content-Encoding" not in headers
        if item.resumable and can_go_on:
            self._ledger.record(replace(told, etag=strong))
        else:
            self._ledger.forget_part(item.path)
        return told

    def file(self, *, appending: bool) -> BinaryIO:
        """Open the part for writing at its end."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return open(self.path, "ab" if appending else "wb")

    def drop(self) -> None:
        """Remove what came."""
        self.path.unlink(missing_ok=True)

    def _bytes(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    sums = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(16 * BLOCK_BYTES):
            sums.update(block)
    return sums.hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _name(error: OSError, path: Path) -> None:
    """Let an error of a full disk, which knows no name, tell what could not be written."""
    if error.filename is None:
        error.filename = str(path)
