"""
What of a chunk is new?

A document is told by the hash of the bytes that it comes from: its line of a dump, or
its file and its place among the documents of that file. What has a hash that the index
holds is not even parsed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from xxhash import xxh3_128_digest

from searchkit.corpus import (
    READERS_VERSION,
    Chunk,
    content_of,
    first_line_of,
    is_line_based,
    read,
    with_language,
)
from searchkit.errors import DocumentFormatError
from searchkit.index.forward import DIGEST_BYTES
from searchkit.model import Document

Known = Mapping[bytes, int]
"""Number of the document that the index holds, by the hash of what it came from."""


@dataclass(slots=True)
class Taken:
    """What was taken in from some chunks."""

    documents: list[Document] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    """What tells each of the documents."""
    places: list[int] = field(default_factory=list)
    """Where each of the documents stands; such numbers ascend, and have no other meaning."""
    unchanged: list[int] = field(default_factory=list)
    """Numbers of documents that the index holds as they are."""
    unchanged_places: list[int] = field(default_factory=list)
    """Where each of these stands."""
    errors: list[DocumentFormatError] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)
    """Hash of the bytes of each chunk that was a whole file, by its relative path."""
    languages: dict[str, int] = field(default_factory=dict)
    """How many of the documents are in each language but Swedish."""
    end: int = 0
    """One above the last place."""


def take(chunk: Chunk, known: Known, taken: Taken) -> None:
    """
    Add what *chunk* holds to *taken*. Raises nothing: what is wrong becomes an error.

    Cost: reading the bytes, and 1 ns a byte for their hashes; what is new is parsed.
    """
    try:
        content = content_of(chunk)
    except DocumentFormatError as error:
        taken.errors.append(error)
        return
    if is_line_based(chunk):
        _take_lines(chunk, content, known, taken)
    else:
        _take_file(chunk, content, known, taken)


def _take_file(chunk: Chunk, content: bytes, known: Known, taken: Taken) -> None:
    own = hashlib.blake2b(content, digest_size=DIGEST_BYTES)
    taken.contents[chunk.relative] = own.hexdigest()
    first = _hash_of(chunk)
    first.update(own.digest())
    numbers = _known_whole(first.digest(), known)
    if numbers:
        taken.unchanged += numbers
        taken.unchanged_places += range(taken.end, taken.end + len(numbers))
        taken.end += len(numbers)
        return
    documents, errors = _read(replace(chunk, payload=content))
    for number, document in enumerate(map(with_language, documents)):
        digest = _digest(first.digest(), number, is_last=number == len(documents) - 1)
        if errors:
            digest = _untold(digest)
        if digest in known:
            taken.unchanged.append(known[digest])
            taken.unchanged_places.append(taken.end + number)
        else:
            taken.documents.append(document)
            taken.digests.append(digest)
            taken.places.append(taken.end + number)
            language = document.fields.get("language", "sv")[:2].lower()
            if language != "sv":
                taken.languages[language] = taken.languages.get(language, 0) + 1
    taken.end += len(documents)
    taken.errors += errors


def _known_whole(own: bytes, known: Known) -> list[int]:
    """Return the numbers of all documents of a file; [] unless each of them is known."""
    numbers: list[int] = []
    for number in count():
        last = known.get(_digest(own, number, is_last=True))
        if last is not None:
            return [*numbers, last]
        middle = known.get(_digest(own, number, is_last=False))
        if middle is None:
            return []
        numbers.append(middle)
    raise AssertionError("unreachable")


def _take_lines(chunk: Chunk, content: bytes, known: Known, taken: Taken) -> None:
    begin = taken.end
    fresh = []
    # The bytes of the lines that are fresh, and line ends for all: they keep their numbers.
    wanted: list[bytes | memoryview] = []
    number = 0
    for number, line, digest in _lines(content, _seed_of(chunk)):
        same = known.get(digest)
        if same is None:
            fresh.append((number, line, digest))
        else:
            taken.unchanged.append(same)
            taken.unchanged_places.append(begin + number)
    taken.end += number + 1
    if not fresh:
        return
    if len(fresh) < number + 1:
        done = 0
        for number, line, _ in fresh:
            wanted += (b"\n" * (number - done), line)
            done = number
        content = b"".join(wanted)
    documents, errors = _read(replace(chunk, payload=content))
    if not errors and len(documents) == len(fresh):
        taken.documents += documents
        taken.digests += [digest for _, _, digest in fresh]
        taken.places += [begin + number for number, _, _ in fresh]
        return
    # Which line gave which document is only known if they are read one by one.
    for number, line, digest in fresh:
        first = first_line_of(chunk) + number
        documents, errors = _read(replace(chunk, payload=bytes(line), first_line=first))
        taken.documents += documents
        taken.digests += [_untold(digest) if errors else digest] * len(documents)
        taken.places += [begin + number] * len(documents)
        taken.errors += errors


def _lines(content: bytes, seed: int) -> Iterator[tuple[int, memoryview, bytes]]:
    """Yield number (from 0), bytes and hash of each line that is not blank."""
    view, find, at = memoryview(content), content.find, 0
    for number in count():
        end = find(b"\n", at)
        if end < 0:
            end = len(content)
        line = view[at:end]
        if content.startswith(b"{", at) or not (at == end or bytes(line).isspace()):
            yield number, line, xxh3_128_digest(line, seed)
        at = end + 1
        if at >= len(content):
            return


def _read(chunk: Chunk) -> tuple[list[Document], list[DocumentFormatError]]:
    documents: list[Document] = []
    errors: list[DocumentFormatError] = []
    for outcome in read(chunk):
        if isinstance(outcome, Document):
            documents.append(outcome)
        else:
            errors.append(outcome)
    return documents, errors


def _seed_of(chunk: Chunk) -> int:
    """Return 64 bits of :func:`_hash_of`, which the hash of a line begins with."""
    return int.from_bytes(_hash_of(chunk).digest()[:8], "little")


def _hash_of(chunk: Chunk) -> hashlib.blake2b:
    """Return a hash of what a document depends on besides its bytes."""
    facts = f"{READERS_VERSION}\n{chunk.reader}\n{chunk.relative}\n"
    return hashlib.blake2b(facts.encode(), digest_size=DIGEST_BYTES)


def _digest(own: bytes, number: int, *, is_last: bool) -> bytes:
    """Return what tells a document of a file: its place in it, and if it is the last."""
    place = b"%d%s" % (number, b"." if is_last else b"")
    return hashlib.blake2b(place, key=own, digest_size=DIGEST_BYTES).digest()


def _untold(digest: bytes) -> bytes:
    """Return another hash: what has a fault is read every time, so that it is told every time."""
    return bytes(byte ^ 0xFF for byte in digest)
