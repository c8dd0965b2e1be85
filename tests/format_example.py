"""
Write the worked example of docs/format.md, between its markers.

Run as ``python tests/format_example.py``; a test compares. What depends on the
day, or on the version of a library, is shown as "…".
"""

from __future__ import annotations

import itertools
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit import Document, IndexWriter, Section
from searchkit.index import Segment
from searchkit.index.format import ArrayFile
from searchkit.index.lists import encode_lists
from searchkit.index.manifest import MANIFEST_NAME
from searchkit.index.tombstones import lost_postings, write_tombstones
from searchkit.index.weights import WEIGHT_OF_CODE

PAGE = Path(__file__).parents[1] / "docs" / "format.md"
BLOCK = re.compile(r"<!-- example: (\w+) -->\n.*?<!-- end -->", re.DOTALL)

DOCUMENTS = (
    Document(
        "mot-1",
        "Mål\n\nEn hållbar produktion. Hållbart byggande.",
        title="Hållbar ekonomi",
        date="2024-05-17",
        type="motion",
        fields={"organ": "Exempelutskottet"},
        sections=(Section(0, "Mål"),),
        pages=(Section(0, "7"),),
    ),
    Document("tal-2", "Ekonomins mål är hållbart.", date="2015"),
)
# What stands in the page for what is not the same everywhere.
_VARYING = (
    (r'"bytes": \d+', '"bytes": …'),
    (r'"analyzer": "[^"]*"', '"analyzer": "sv-…"'),
    (r'"created": "[^"]*"', '"created": "…"'),
    (r'"crc32": \d+', '"crc32": …'),
)
_WIDTH = 92


class Example:
    """The index of `DOCUMENTS`, as committed, and the tombstones of the second of them."""

    def __init__(self, folder: Path) -> None:
        with IndexWriter(folder) as writer:
            for document in DOCUMENTS:
                writer.put(document)
            writer.commit()
        self.folder = folder
        self.segment = Segment(folder / "segment-1-0.skx")
        self.tombstones = folder / "tombstones-2-0.skx"
        write_tombstones(self.tombstones, lost_postings(self.segment, np.array([1], np.uint32)))


def manifest(example: Example) -> Iterator[str]:
    """Show the manifest."""
    text = (example.folder / MANIFEST_NAME).read_text(encoding="utf-8")
    for pattern, shown in _VARYING:
        text = re.sub(pattern, shown, text)
    yield text


def line(example: Example) -> Iterator[str]:
    """Show the line: what stands at each place."""
    segment = example.segment
    yield "place  word            term           document  part"
    for place, word in enumerate(segment.line().tolist()):
        term = int(segment.word_terms[word])
        doc_id = int(np.searchsorted(segment.doc_starts, place, side="right")) - 1
        passage = int(np.searchsorted(segment.passage_starts, place, side="right")) - 1
        part = "title" if place < segment.body_starts[doc_id] else f"body, passage {passage}"
        of_word = f"{word} {segment.words[word]}"
        of_term = f"{term} {segment.terms[term]}"
        yield f"{place:>5}  {of_word:<14}  {of_term:<13}  {doc_id:<8}  {part}"


def arrays(example: Example) -> Iterator[str]:
    """Show every array of the segment, in file order."""
    file = example.segment.file
    for name in file.names():
        array = file.array(name)
        head = f"{name:<24} {array.dtype.name:<8}"
        for values in _wrapped(_values(example, name, array)):
            yield f"{head} {values}"
            head = " " * len(head)


def _values(example: Example, name: str, array: NDArray[Any]) -> str:
    file = example.segment.file
    if name == "text.blocks":
        return f"… unpacked: {example.segment.text.block(0).decode()!r}"
    if name == "text.block_offsets":
        return "0, …"
    if name == "digests":
        return ", ".join(digest.tobytes().hex() for digest in example.segment.digests())
    if name.endswith(".bytes"):
        ends = file.array(f"{name.removesuffix('bytes')}offsets").tolist()
        raw = array.tobytes()
        return " ".join(repr(raw[a:b].decode()) for a, b in itertools.pairwise(ends))
    if array.dtype.kind == "f":
        return ", ".join(f"{value:.4f}" for value in array.tolist())
    return ", ".join(map(str, array.tolist())) or "(empty)"


def _wrapped(text: str) -> Iterator[str]:
    """Cut *text* after spaces into lines that fit beside the names."""
    room = _WIDTH - 34
    while len(text) > room and " " in text[:room]:
        cut = text.rindex(" ", 0, room)
        yield text[:cut]
        text = text[cut + 1 :]
    yield text


def lists(example: Example) -> Iterator[str]:
    """Show two encoded lists."""
    values = np.array([70_000, 70_003, 140_000, 5], np.uint32)
    encoded = encode_lists(values, np.array([3, 1]))
    yield "list 0: 70000, 70003, 140000"
    yield "list 1: 5"
    yield ""
    shown = {
        "low": encoded.low,
        "chunks": encoded.chunks,
        "counts": encoded.counts,
        "offsets": np.cumsum([0, *encoded.sizes]),
        "visits": np.cumsum([0, *encoded.chunk_counts]),
    }
    for name, array in shown.items():
        yield f"{name:<8} {', '.join(map(str, array.tolist()))}"


def weights(example: Example) -> Iterator[str]:
    """Show what some weight codes stand for."""
    yield "code    weighted frequency"
    for code in (1, 2, 4, 64, 65, 66, 128, 192, 255):
        yield f"{code:>4}    {float(WEIGHT_OF_CODE[code]):.2f}"


def tombstones(example: Example) -> Iterator[str]:
    """Show every byte of the tombstone file; a row of zeros like the one above it is left out."""
    raw = example.tombstones.read_bytes()
    skipping = False
    for offset in range(0, len(raw), 16):
        row = raw[offset : offset + 16]
        zeros = not any(row) and offset >= 16 and not any(raw[offset - 16 : offset])
        if not zeros:
            characters = "".join(chr(b) if 32 <= b < 127 else "." for b in row)
            yield f"{offset:04x}  {row.hex(' '):<47}  {characters}"
        elif not skipping:
            yield "*"
        skipping = zeros


BLOCKS: dict[str, Callable[[Example], Iterator[str]]] = {
    block.__name__: block for block in (manifest, line, arrays, lists, weights, tombstones)
}


def written(page: str) -> str:
    """Return *page* with every block between markers made anew."""
    with tempfile.TemporaryDirectory() as folder:
        example = Example(Path(folder))

        def block(match: re.Match[str]) -> str:
            lines = "\n".join(text.rstrip() for text in BLOCKS[match[1]](example))
            return f"<!-- example: {match[1]} -->\n```text\n{lines}\n```\n<!-- end -->"

        return BLOCK.sub(block, page)


def lengths(segment: Segment) -> dict[str, int]:
    """Return what the letters in the page's tables of arrays stand for in *segment*."""
    file: ArrayFile = segment.file
    return {
        "D": segment.document_count,
        "T": segment.tokens,
        "P": len(segment.passage_starts),
        "W": len(segment.words),
        "V": len(segment.terms),
        "B": len(file.array("text.block_offsets")) - 1,
    }


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
