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
from searchkit.index.forms import TERMS_A_MARK
from searchkit.index.lists import encode_lists
from searchkit.index.manifest import MANIFEST_NAME
from searchkit.index.tombstones import lost_postings, write_tombstones
from searchkit.index.weights import encode_impacts, length_norms

PAGE = Path(__file__).parents[1] / "docs" / "format.md"
BLOCK = re.compile(r"<!-- example: (\w+) -->\n.*?<!-- end -->", re.DOTALL)

DOCUMENTS = (
    Document(
        "mot-1",
        "Mål\n\nHållbart byggande och avfallshantering, se prop. 2015/16:100.",
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
    yield f"place  {'word':<20} {'term':<20} document  part"
    for place, word in enumerate(segment.line().tolist()):
        term = int(segment.word_terms[word])
        doc_id = int(np.searchsorted(segment.doc_starts, place, side="right")) - 1
        passage = int(np.searchsorted(segment.passage_starts, place, side="right")) - 1
        part = "title" if place < segment.body_starts[doc_id] else f"body, passage {passage}"
        of_word = f"{word} {segment.words[word]}"
        of_term = f"{term} {segment.terms[term]}"
        yield f"{place:>5}  {of_word:<20} {of_term:<20} {doc_id:<8}  {part}"


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
    segment, file = example.segment, example.segment.file
    if name == "text.blocks":
        return f"… unpacked: {example.segment.text.block(0).decode()!r}"
    if name == "forms.blocks":
        ranks = [segment.ranks(n) for n in range(len(segment.terms))]
        kept = [own.tolist() for n, own in enumerate(ranks) if len(segment.forms_of(n)) > 1]
        return f"… unpacked: {', '.join(map(str, itertools.chain(*kept)))}"
    if name.endswith("block_offsets"):
        return "0, …"
    if name == "digests":
        return ", ".join(digest.tobytes().hex() for digest in example.segment.digests())
    if name.endswith(".bytes"):
        ends = file.array(f"{name.removesuffix('bytes')}offsets").tolist()
        raw = array.tobytes()
        return " ".join(repr(raw[a:b].decode()) for a, b in itertools.pairwise(ends))
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


def impacts(example: Example) -> Iterator[str]:
    """Show the impact codes of some weighted frequencies in texts of some lengths."""
    frequencies = np.array([0.25, 0.5, 1, 2, 4, 16, 64])
    yield "length   norm   code of weighted frequency"
    yield f"{'':<14} {''.join(f'{value:>6g}' for value in frequencies.tolist())}"
    for length in (10, 100, 300, 1000, 10_000, 100_000):
        norm = length_norms(np.array([length]))
        codes = encode_impacts(frequencies / (frequencies + norm))
        yield f"{length:>6}  {norm.item():>5.2f}  {''.join(f'{c:>6}' for c in codes.tolist())}"


def insides(example: Example) -> Iterator[str]:
    """Show what stands inside the words, and what the extras mean."""
    segment = example.segment
    kinds = ("whole", "head", "modifier", "related")
    strings = [*segment.words, *segment.extras]
    yield f"{'word or extra':<22} {'term':<22} parts"
    for number, string in enumerate(strings):
        parts = segment.parts_of_word(number)
        of_extra = number - len(segment.words)
        if parts or of_extra >= 0:
            term = segment.extra_terms if of_extra >= 0 else segment.word_terms
            shown = ", ".join(f"{p.term} {p.start}–{p.end} {kinds[p.kind]}" for p in parts)
            own = segment.terms[term.item(of_extra if of_extra >= 0 else number)]
            yield f"{string:<22} {own:<22} {shown}"


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
    block.__name__: block for block in (manifest, line, insides, arrays, lists, impacts, tombstones)
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
        "Y": len(segment.extras),
        "Q": len(segment.part_terms),
        "X": len(segment.extra_places),
        "F": len(file.array("forms.block_offsets")) - 1,
        "L": len(segment.text.dictionary),
        "S": len(segment.terms) // TERMS_A_MARK,
    }


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
