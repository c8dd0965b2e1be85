"""
What does the index need to know of a batch of documents?

:class:`BatchEncoder` turns documents into the arrays that a segment is made of,
everything but the inversion: the line of tokens as word ids, the tables of
documents, passages, sections and pages, the metadata, the compressed text. It
runs in worker processes, each with its own numbering of words, and its product,
a :class:`ForwardBatch`, is also what an existing segment turns back into when
segments are merged. One path leads into a segment, so a merged segment and one
built at once cannot differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import TokenArrays, WordTable, alphabet, normalise, tokenize
from searchkit.analysis.normalise import Normalised
from searchkit.analysis.tokenize import odd_offsets
from searchkit.index.cutting import cut_passages, step_back
from searchkit.index.dates import date_number
from searchkit.index.textstore import BlockWriter
from searchkit.model import Document, Section

# Fastest between 0.1 and 0.5 million code points: the scratch arrays stay in cache and
# below the size from which the C library returns memory to the system after each use.
_BATCH_CODE_POINTS = 300_000
DIGEST_BYTES = 16


@dataclass(slots=True)
class Outline:
    """Sections (or pages) of the documents of a batch."""

    counts: NDArray[np.uint32]
    """(D,) sections of each document."""
    chars: NDArray[np.uint32]
    """(S,) code-point offset in the document's text where each begins."""
    tokens: NDArray[np.uint32]
    """(S,) the document's token at or after which each begins, counted from its first."""
    labels: list[str]


@dataclass(slots=True)
class ForwardBatch:
    """D documents, T tokens, P passages, B blocks of text."""

    source: str
    """Whose numbering of words *line* uses."""
    new_words: list[str]
    """Words that this source had not used before; ids go on from the last batch's."""
    line: NDArray[np.uint32]
    """(T,) word id of each token: title, then body, document after document."""
    doc_tokens: NDArray[np.uint32]
    title_tokens: NDArray[np.uint32]
    doc_passages: NDArray[np.uint32]
    passage_tokens: NDArray[np.uint32]
    """(P,) first token of each passage, counted from its document's first."""
    passage_chars: NDArray[np.uint32]
    """(P,) code-point offset of each passage in its document's text."""
    passage_bytes: NDArray[np.uint32]
    """(P,) byte offset of each passage in its block."""
    block_passages: NDArray[np.uint32]
    block_sizes: NDArray[np.uint32]
    """(B,) compressed bytes of each block."""
    blocks: bytes
    sections: Outline
    pages: Outline
    columns: dict[str, list[str | None]]
    """Metadata by name, one value a document; "id" is never None."""
    dates: NDArray[np.int32]
    digests: NDArray[np.uint8]
    """(D, 16) hash of everything in the document."""
    text_bytes: int
    """UTF-8 bytes of the texts before compression."""


def document_digest(document: Document) -> bytes:
    """Return 16 bytes that differ when anything in the document does."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    facts = [document.id, document.title, document.date, document.type]
    outlines = [[(s.start, s.label) for s in o] for o in (document.sections, document.pages)]
    digest.update(repr((facts, sorted(document.fields.items()), outlines)).encode())
    digest.update(document.text.encode("utf-8", "surrogatepass"))
    return digest.digest()


class BatchEncoder:
    """Encode batches of documents with one numbering of words."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._table = WordTable()
        self._known = 0

    def encode(
        self, documents: Sequence[Document], digests: Sequence[bytes] | None = None
    ) -> ForwardBatch:
        """
        Encode *documents*, in order.

        Args:
            digests: :func:`document_digest` of each, where already known.

        Cost: about 45 ns a code point on one core.
        """
        if digests is None:
            digests = list(map(document_digest, documents))
        stretches = [_Stretch(s, self._table) for s in _stretches(documents)]
        text = BlockWriter()
        for stretch in stretches:
            for document, chars in zip(stretch.documents, stretch.passage_chars, strict=True):
                text.add(document.text, chars)
        stored = text.finish()
        new_words = self._table.words[self._known :]
        self._known = len(self._table)
        chars_of = [chars for s in stretches for chars in s.passage_chars]
        return ForwardBatch(
            source=self._source,
            new_words=new_words,
            line=_join([s.line for s in stretches], np.uint32),
            doc_tokens=_join([s.doc_tokens for s in stretches], np.uint32),
            title_tokens=_join([s.title_tokens for s in stretches], np.uint32),
            doc_passages=np.fromiter(map(len, chars_of), np.uint32, len(chars_of)),
            passage_tokens=_join([s.passage_tokens for s in stretches], np.uint32),
            passage_chars=np.array([c for chars in chars_of for c in chars], np.uint32),
            passage_bytes=stored.passage_bytes,
            block_passages=stored.block_passages,
            block_sizes=stored.block_sizes,
            blocks=stored.blocks,
            sections=_outline(
                [o for s in stretches for o in s.section_starts], documents, "sections"
            ),
            pages=_outline([o for s in stretches for o in s.page_starts], documents, "pages"),
            columns=_columns(documents),
            dates=np.array([date_number(d.date) for d in documents], np.int32),
            digests=np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST_BYTES),
            text_bytes=stored.text_bytes,
        )


@dataclass(slots=True)
class _Stretch:
    """Documents that are tokenised together, as one string."""

    documents: Sequence[Document]
    table: WordTable
    line: NDArray[np.uint32] = field(init=False)
    doc_tokens: NDArray[np.int64] = field(init=False)
    title_tokens: NDArray[np.int64] = field(init=False)
    passage_tokens: NDArray[np.int64] = field(init=False)
    passage_chars: list[list[int]] = field(init=False)
    section_starts: list[NDArray[np.int64]] = field(init=False)
    page_starts: list[NDArray[np.int64]] = field(init=False)

    def __post_init__(self) -> None:
        pieces = [Normalised(p) for d in self.documents for p in (d.title or "", d.text)]
        text, tokens = _tokenize(pieces)
        odd = odd_offsets(tokens.codes)
        if odd.size:
            for number in np.unique(np.searchsorted(_begins(pieces), odd, side="right") - 1):
                pieces[number] = normalise(pieces[number].text)
            text, tokens = _tokenize(pieces)
        begins = _begins(pieces)
        first = np.searchsorted(tokens.starts, np.append(begins, len(text) + 1))
        self.line = self.table.ids(
            tokens.hashes,
            lambda t: alphabet.lower(text[tokens.starts[t] : tokens.ends[t]]),
        )
        titles, bodies = first[:-1:2], first[1::2]
        body_ends = np.append(first[2::2], first[-1])[: len(bodies)]
        self.doc_tokens = body_ends - titles
        self.title_tokens = bodies - titles
        self._place_outlines(pieces, tokens, begins[1::2], bodies, body_ends)
        self._cut(text, pieces, tokens, begins[1::2], np.stack([bodies, body_ends], axis=1))

    def _place_outlines(
        self,
        pieces: list[Normalised],
        tokens: TokenArrays,
        begins: NDArray[np.int64],
        bodies: NDArray[np.int64],
        body_ends: NDArray[np.int64],
    ) -> None:
        """Find the token (in the stretch) at which each section and page begins."""
        self.section_starts, self.page_starts = [], []
        none = np.zeros(0, np.int64)
        for number, document in enumerate(self.documents):
            for outline, starts in (
                (document.sections, self.section_starts),
                (document.pages, self.page_starts),
            ):
                if not outline:
                    starts.append(none)
                    continue
                own = tokens.starts[bodies[number] : body_ends[number]] - begins[number]
                original = pieces[2 * number + 1].original_starts(own)
                chars = np.array([s.start for s in outline], np.int64)
                starts.append(bodies[number] + np.searchsorted(original, chars))

    def _cut(
        self,
        text: str,
        pieces: list[Normalised],
        tokens: TokenArrays,
        begins: NDArray[np.int64],
        bodies: NDArray[np.int64],
    ) -> None:
        outlines = [*self.section_starts, *self.page_starts]
        sections = np.unique(np.concatenate(outlines)) if outlines else np.zeros(0, np.int64)
        cuts, counts = cut_passages(text, tokens, bodies, sections)
        first_token = np.repeat(bodies[:, 0] - self.title_tokens, counts)
        self.passage_tokens = cuts - first_token
        # Only the cuts behind a document's first are looked at, and there are words before those.
        last = max(0, len(tokens.starts) - 1)
        starts = tokens.starts[np.minimum(cuts, last)].tolist() if last else []
        limits = tokens.ends[np.minimum(cuts, last) - 1].tolist() if last else []
        self.passage_chars = []
        done = 0
        for number, count in enumerate(counts.tolist()):
            begin, normal = int(begins[number]), pieces[2 * number + 1]
            chars = [0]
            for at in range(done + 1, done + count):
                start = step_back(text, starts[at], limits[at])
                chars.append(_original(normal, start - begin, limits[at] - begin))
            self.passage_chars.append(chars)
            done += count
        # What the outline tables keep is counted from the document's first token.
        document_first = bodies[:, 0] - self.title_tokens
        for starts in (self.section_starts, self.page_starts):
            for number, places in enumerate(starts):
                starts[number] = places - document_first[number]


def _original(normal: Normalised, at: int, previous_end: int) -> int:
    """Return the original offset of *at*, not before the word that ends at *previous_end*."""
    if normal.starts is None or normal.ends is None:
        return at
    # A mark that composes with no letter has its letter's offset, but separates words.
    return max(int(normal.starts[at]), int(normal.ends[previous_end - 1]))


def _begins(pieces: list[Normalised]) -> NDArray[np.int64]:
    lengths = np.fromiter((len(p.text) + 1 for p in pieces), np.int64, len(pieces))
    begins: NDArray[np.int64] = np.cumsum(lengths) - lengths
    return begins


def _tokenize(pieces: list[Normalised]) -> tuple[str, TokenArrays]:
    text = "\n".join(piece.text for piece in pieces)
    return text, tokenize(text)


def _stretches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    begin, size = 0, 0
    for number, document in enumerate(documents):
        size += len(document.text)
        if size >= _BATCH_CODE_POINTS:
            yield documents[begin : number + 1]
            begin, size = number + 1, 0
    if begin < len(documents):
        yield documents[begin:]


def _outline(starts: list[NDArray[np.int64]], documents: Sequence[Document], name: str) -> Outline:
    of: list[Sequence[Section]] = [getattr(document, name) for document in documents]
    return Outline(
        counts=np.fromiter(map(len, of), np.uint32, len(of)),
        chars=np.array([s.start for sections in of for s in sections], np.uint32),
        tokens=_join(starts, np.uint32),
        labels=[_storable(s.label) for sections in of for s in sections],
    )


def _columns(documents: Sequence[Document]) -> dict[str, list[str | None]]:
    names = dict.fromkeys(name for d in documents for name in d.fields)
    columns: dict[str, list[str | None]] = {
        name: [d.fields.get(name) for d in documents] for name in names
    }
    columns["id"] = [d.id for d in documents]
    columns["title"] = [d.title for d in documents]
    columns["type"] = [d.type for d in documents]
    columns["date"] = [d.date for d in documents]
    for values in columns.values():
        for number, value in enumerate(values):
            if value is not None and not value.isascii():
                values[number] = _storable(value)
    return columns


def _storable(value: str) -> str:
    """Return *value* as UTF-8 can hold it: a lone surrogate becomes "?", as in texts."""
    return value.encode("utf-8", "replace").decode()


def _join(arrays: Sequence[NDArray[np.integer]], dtype: type[np.uint32]) -> NDArray[np.uint32]:
    return np.concatenate(arrays).astype(dtype) if arrays else np.zeros(0, dtype)
