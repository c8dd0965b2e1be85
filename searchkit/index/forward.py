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
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import TokenArrays, WordTable
from searchkit.analysis.pieces import Pieces, tokenize_pieces
from searchkit.index.cutting import cut_passages, passage_offsets
from searchkit.index.dates import date_number
from searchkit.index.stock import NO_STOCK, Stock
from searchkit.index.textstore import BlockWriter
from searchkit.model import Document, Section

if TYPE_CHECKING:
    from searchkit.analysis.context import ContextReader

# Fastest between 0.1 and 0.5 million code points: the scratch arrays stay in cache and
# below the size from which the C library returns memory to the system after each use.
_BATCH_CODE_POINTS = 300_000
DIGEST_BYTES = 16
_NOWHERE = np.zeros(0, np.int64)


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
    new_hashes: NDArray[np.uint64]
    """Hash of each of them, as the tokenizer has it."""
    first_word: int
    """Ids below are those of the stock that the source began with, if with any."""
    line: NDArray[np.uint32]
    """(T,) word id of each token: title, then body, document after document."""
    new_extras: list[str]
    """Spellings of extras (see :mod:`searchkit.analysis.context`) new to this source."""
    first_extra: int
    """Numbers below are those of the stock that the source began with."""
    extra_places: NDArray[np.uint32]
    """(X,) token of the batch at which each extra stands, ascending."""
    extra_ids: NDArray[np.uint32]
    """(X,) number of each extra's spelling, in the numbering of the source."""
    doc_tokens: NDArray[np.uint32]
    title_tokens: NDArray[np.uint32]
    doc_passages: NDArray[np.uint32]
    passage_tokens: NDArray[np.uint32]
    """(P,) first token of each passage, counted from its document's first."""
    passage_chars: NDArray[np.uint32]
    """(P,) code-point offset of each passage in its document's text."""
    passage_bytes: NDArray[np.uint16]
    """(P,) byte offset of each passage in its block."""
    block_passages: NDArray[np.uint32]
    block_sizes: NDArray[np.uint32]
    """(B,) compressed bytes of each block."""
    blocks: bytes
    dictionary: bytes
    """What the blocks were packed with (see :func:`.textstore.train_dictionary`)."""
    sections: Outline
    pages: Outline
    columns: dict[str, list[str | None]]
    """Metadata by name, one value a document; "id" is never None."""
    dates: NDArray[np.int32]
    digests: NDArray[np.uint8]
    """(D, 16) hash of everything in the document."""
    text_bytes: int
    """UTF-8 bytes of the texts before compression."""


def stored_text(document: Document) -> bytes:
    """Return the document's text as it is stored: UTF-8, a lone surrogate as "?"."""
    return document.text.encode("utf-8", "replace")


def document_digest(document: Document, text: bytes | None = None) -> bytes:
    """
    Return 16 bytes that differ when anything in the document does.

    Args:
        text: its :func:`stored_text`, where already known.
    """
    facts: list[object] = [document.id, document.title, document.date, document.type]
    facts.append(sorted(document.fields.items()))
    if document.sections or document.pages:
        outlines = (document.sections, document.pages)
        facts.append([[(s.start, s.label) for s in outline] for outline in outlines])
    digest = hashlib.blake2b(repr(facts).encode(), digest_size=DIGEST_BYTES)
    digest.update(stored_text(document) if text is None else text)
    return digest.digest()


class BatchEncoder:
    """
    Encode batches of documents with one numbering of words.

    Args:
        source: names the numbering, apart from those of other encoders.
        dictionary: what texts are packed with.
        stock: what the numbering begins with.
    """

    def __init__(self, source: str, dictionary: bytes = b"", stock: Stock = NO_STOCK) -> None:
        self._source = source
        self._dictionary = dictionary
        self._text = BlockWriter(dictionary)
        self._table = WordTable(stock.words, stock.hashes)
        self._first_word = self._known = len(self._table)
        # Imported here: 40 ms that opening an index, which knows what a batch is, does not need.
        from searchkit.analysis.context import ContextReader

        self._context = ContextReader()
        self._extras = dict(zip(stock.extras, range(len(stock.extras)), strict=True))
        self._first_extra = self._known_extras = len(self._extras)

    def encode(
        self,
        documents: Sequence[Document],
        digests: Sequence[bytes] | None = None,
        texts: Sequence[bytes] | None = None,
    ) -> ForwardBatch:
        """
        Encode *documents*, in order.

        Args:
            digests: :func:`document_digest` of each, where already known.
            texts: :func:`stored_text` of each, where already known.

        Cost: about 20 ns a code point on one core.
        """
        if texts is None:
            texts = list(map(stored_text, documents))
        if digests is None:
            digests = list(map(document_digest, documents, texts))
        stretches = [_Stretch(s, self._table, self._context) for s in _stretches(documents)]
        self._text.begin()
        done = 0
        for stretch in stretches:
            own = texts[done : done + len(stretch.documents)]
            self._text.add_texts(own, stretch.passage_chars, stretch.doc_passages)
            done += len(own)
        stored = self._text.finish()
        new_words = self._table.words[self._known :]
        new_hashes = self._table.hashes(self._known)
        self._known = len(self._table)
        extra_places, extra_ids = self._extras_of(stretches)
        # Counted from the end: going through all of them took 1.8 ms a batch of 2 MB.
        fresh = islice(reversed(self._extras), len(self._extras) - self._known_extras)
        new_extras = list(fresh)[::-1]
        self._known_extras = len(self._extras)
        return ForwardBatch(
            source=self._source,
            new_words=new_words,
            new_hashes=new_hashes,
            first_word=self._first_word,
            line=_join([s.line for s in stretches], np.uint32),
            new_extras=new_extras,
            first_extra=self._first_extra,
            extra_places=extra_places,
            extra_ids=extra_ids,
            doc_tokens=_join([s.doc_tokens for s in stretches], np.uint32),
            title_tokens=_join([s.title_tokens for s in stretches], np.uint32),
            doc_passages=_join([s.doc_passages for s in stretches], np.uint32),
            passage_tokens=_join([s.passage_tokens for s in stretches], np.uint32),
            passage_chars=_join([s.passage_chars for s in stretches], np.uint32),
            passage_bytes=stored.passage_bytes,
            block_passages=stored.block_passages,
            block_sizes=stored.block_sizes,
            blocks=stored.blocks,
            dictionary=self._dictionary,
            sections=_outline([s.section_tokens for s in stretches], documents, "sections"),
            pages=_outline([s.page_tokens for s in stretches], documents, "pages"),
            columns=_columns(documents),
            dates=np.array([date_number(d.date) for d in documents], np.int32),
            digests=np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST_BYTES),
            text_bytes=stored.text_bytes,
        )

    def _extras_of(
        self, stretches: Sequence[_Stretch]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return place in the batch and number of each extra, in order of place."""
        places, spellings, done = [], [], 0
        for stretch in stretches:
            places.append(stretch.extra_tokens + done)
            spellings += stretch.extra_spellings
            done += len(stretch.line)
        known = self._extras
        ids = [known.setdefault(spelling, len(known)) for spelling in spellings]
        return _join(places, np.uint32), np.array(ids, np.uint32)


@dataclass(slots=True)
class _Stretch:
    """Documents that are tokenised together, as one string."""

    documents: Sequence[Document]
    table: WordTable
    context: ContextReader
    line: NDArray[np.uint32] = field(init=False)
    extra_tokens: NDArray[np.int64] = field(init=False)
    extra_spellings: list[str] = field(init=False)
    doc_tokens: NDArray[np.int64] = field(init=False)
    title_tokens: NDArray[np.int64] = field(init=False)
    doc_passages: NDArray[np.int64] = field(init=False)
    passage_tokens: NDArray[np.int64] = field(init=False)
    passage_chars: NDArray[np.int64] = field(init=False)
    section_tokens: NDArray[np.int64] = field(init=False)
    page_tokens: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        pieces = tokenize_pieces([p for d in self.documents for p in (d.title or "", d.text)])
        tokens = pieces.tokens
        self.line = self.table.number(pieces.text, tokens)
        first = np.searchsorted(tokens.starts, np.append(pieces.begins, len(pieces.text) + 1))
        self._find_extras(pieces.text, tokens, first)
        titles, bodies, body_ends = first[:-1:2], first[1::2], first[2::2]
        self.doc_tokens = body_ends - titles
        self.title_tokens = bodies - titles
        bounds = np.stack([bodies, body_ends], axis=1)
        sections = self._place_outlines(pieces, bounds, [d.sections for d in self.documents])
        pages = self._place_outlines(pieces, bounds, [d.pages for d in self.documents])
        self._cut(pieces, bounds, np.unique(np.concatenate([_NOWHERE, *sections, *pages])))
        self.section_tokens = _from_first(sections, titles)
        self.page_tokens = _from_first(pages, titles)

    def _find_extras(self, text: str, tokens: TokenArrays, first: NDArray[np.int64]) -> None:
        """Find references and the like, where they lie within one title or one body."""
        extras = self.context.find(text, tokens, self.line, self.table.words)
        piece = np.searchsorted(first, extras.tokens, side="right")
        kept = np.flatnonzero(piece == np.searchsorted(first, extras.partners, side="right"))
        kept = kept[np.argsort(extras.tokens[kept], kind="stable")]
        self.extra_tokens = extras.tokens[kept]
        self.extra_spellings = [extras.spellings[n] for n in kept.tolist()]

    def _place_outlines(
        self,
        pieces: Pieces,
        bodies: NDArray[np.int64],
        outlines: Sequence[Sequence[Section]],
    ) -> list[NDArray[np.int64]]:
        """
        Find the token (in the stretch) at which each section of each document begins.

        Returns:
            For each document (S,) tokens; [] if there is no section at all, as in a dump.
        """
        if not any(outlines):
            return []
        placed = [_NOWHERE] * len(outlines)
        for number, outline in enumerate(outlines):
            if outline:
                first, end = bodies[number].tolist()
                own = pieces.tokens.starts[first:end] - pieces.begins[2 * number + 1]
                normal = pieces.respelled.get(2 * number + 1)
                original = own if normal is None else normal.original_starts(own)
                chars = np.array([s.start for s in outline], np.int64)
                placed[number] = first + np.searchsorted(original, chars)
        return placed

    def _cut(self, pieces: Pieces, bodies: NDArray[np.int64], sections: NDArray[np.int64]) -> None:
        """Cut the bodies into passages, and find where each begins in the original text."""
        cuts, self.doc_passages = cut_passages(pieces.tokens, bodies, sections)
        owner = np.repeat(np.arange(len(bodies)), self.doc_passages)
        self.passage_tokens = cuts - (bodies[:, 0] - self.title_tokens)[owner]
        self.passage_chars = np.zeros(len(cuts), np.int64)
        # A document's first passage begins where it does.
        later = np.flatnonzero(owner[1:] == owner[:-1]) + 1
        begins = pieces.begins[2 * owner[later] + 1]
        starts, limits = passage_offsets(pieces.text, pieces.tokens, cuts[later])
        starts, limits = starts - begins, limits - begins
        for piece, normal in pieces.respelled.items():
            if piece % 2 and normal.starts is not None and normal.ends is not None:
                own = slice(*np.searchsorted(owner[later], [piece // 2, piece // 2 + 1]))
                # A mark that composes with no letter has its letter's offset, but separates words.
                starts[own] = np.maximum(normal.starts[starts[own]], normal.ends[limits[own] - 1])
        self.passage_chars[later] = starts


def _from_first(
    placed: Sequence[NDArray[np.int64]], firsts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count tokens of documents from each document's first one, as the outline tables do."""
    if not placed:
        return _NOWHERE
    return np.concatenate([tokens - first for tokens, first in zip(placed, firsts, strict=True)])


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
    if not arrays:
        return np.zeros(0, dtype)
    return np.concatenate(arrays, dtype=dtype, casting="unsafe")
