"""
How does a segment come about?

Batches go in, in document order, from worker processes or from older segments;
``finish`` settles the lexicon, inverts the line and closes the file. The text
is streamed into the file as it comes; memory holds the line (4 bytes a token)
and the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.index.columns import write_column
from searchkit.index.format import ArrayFileWriter
from searchkit.index.forms import TERMS_A_MARK, form_bytes
from searchkit.index.forward import DIGEST_BYTES, ForwardBatch, Outline
from searchkit.index.gathered import Gathered
from searchkit.index.invert import Inverted, invert
from searchkit.index.known import KnownWords
from searchkit.index.layout import extra_lists, line_of
from searchkit.index.lexicon import Lexicon
from searchkit.index.lists import write_lists
from searchkit.index.packed import write_packed
from searchkit.index.spread import Spread, join_lists
from searchkit.index.stock import NO_STOCK, Stock
from searchkit.index.strings import write_strings
from searchkit.index.weights import length_norms, weighted_lengths

Step = Callable[[str, float], None]


class SegmentBuilder:
    """
    Build one segment file from batches. Not thread-safe.

    Args:
        dictionary: what the texts of all its batches are packed with.
        stock: what the numbering of words may begin with that batches use.
    """

    def __init__(self, path: Path, dictionary: bytes = b"", stock: Stock = NO_STOCK) -> None:
        self.path = path
        self._dictionary = dictionary
        self._file = ArrayFileWriter(path)
        self._file.add("text.dictionary", np.frombuffer(dictionary, np.uint8))
        self._file.begin("text.blocks", np.uint8)
        self._gathered = Gathered(stock)
        self._batches: list[ForwardBatch] = []
        self.documents = 0
        self.tokens = 0
        self.text_bytes = 0

    def add(self, batch: ForwardBatch) -> None:
        """
        Take the next documents. The batch is emptied of what has been written.

        Raises:
            ValueError: it is packed with another dictionary, or begins with another stock.
        """
        if batch.dictionary != self._dictionary:
            raise ValueError(f"texts from '{batch.source}' are packed with another dictionary")
        self._gathered.add(batch)
        self._file.append(np.frombuffer(batch.blocks, np.uint8))
        self.documents += len(batch.doc_tokens)
        self.tokens += len(batch.line)
        self.text_bytes += batch.text_bytes
        batch.blocks, batch.dictionary = b"", b""
        self._batches.append(batch)

    def finish(self, known: KnownWords, *, threads: int = 2, step: Step | None = None) -> None:
        """
        Analyse the words, invert the line, write and close the segment.

        Args:
            known: what is known of words, and the analysis of others.
            step: told ("analyze" | "invert", share done 0..1) as work goes on.
        """
        report = step or (lambda _stage, _share: None)
        report("analyze", 0.0)
        with ThreadPoolExecutor(threads) as pool, _InOrder() as later:
            doc_starts, body_starts = self._write_tables()
            words, extras, numbering = self._gathered.number(known)
            analysed = known.analyze(words, extras)
            lexicon = Lexicon.settle(words.strings, extras.strings, analysed)
            report("analyze", 1.0)
            later(lexicon.write, self._file)
            for name, array in extra_lists(self._batches, numbering).items():
                later(self._file.add, name, array)
            line = line_of(self._batches, numbering, lexicon)
            # Not before: of two threads with steps of Python, both are held up.
            later(self._write_metadata, self._batches)
            # What stretches hold is all that is needed of them from here on.
            self._batches = []
            norms = length_norms(weighted_lengths(doc_starts, body_starts))
            inverted = invert(line, lexicon, norms, pool, partial(report, "invert"))
            del line
            self._lay_out(inverted, lexicon.term_forms, pool, later)
        self._file.facts |= {
            "documents": self.documents,
            "tokens": self.tokens,
            "words": len(lexicon.words),
            "terms": len(lexicon.terms),
            "text_bytes": self.text_bytes,
        }
        self._file.close()

    def abandon(self) -> None:
        """Give the segment up and remove its file."""
        self._file.abandon()

    def _write_tables(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        doc_starts = _offsets(self._joined("doc_tokens"))
        body_starts = doc_starts[:-1] + self._joined("title_tokens")
        doc_passages = self._joined("doc_passages")
        first_tokens = np.repeat(doc_starts[:-1], doc_passages)
        add = self._file.add
        add("doc_starts", doc_starts)
        add("body_starts", body_starts)
        add("doc_passages", _offsets(doc_passages))
        add("passage_starts", first_tokens + self._joined("passage_tokens"))
        add("passage_chars", self._joined("passage_chars"))
        add("text.passage_bytes", self._joined("passage_bytes").astype(np.uint16))
        add("text.block_passages", _offsets(self._joined("block_passages")))
        add("text.block_offsets", _offsets(self._joined("block_sizes"), np.uint64))
        for name in ("sections", "pages"):
            outlines: list[Outline] = [getattr(batch, name) for batch in self._batches]
            counts = _concatenate([o.counts for o in outlines])
            add(f"{name}.offsets_by_doc", _offsets(counts))
            add(f"{name}.chars", _concatenate([o.chars for o in outlines]))
            starts = np.repeat(doc_starts[:-1], counts)
            add(f"{name}.starts", starts + _concatenate([o.tokens for o in outlines]))
            write_strings(self._file, f"{name}.labels", [x for o in outlines for x in o.labels])
        return doc_starts, body_starts

    def _write_metadata(self, batches: Sequence[ForwardBatch]) -> None:
        names = dict.fromkeys(name for batch in batches for name in batch.columns)
        for name in dict.fromkeys(["id", "title", "type", "date", *sorted(names)]):
            values: list[str | None] = []
            for batch in batches:
                values += batch.columns.get(name) or [None] * len(batch.doc_tokens)
            write_column(self._file, name, values)
            for batch in batches:
                batch.columns.pop(name, None)
        dates = [batch.dates for batch in batches]
        self._file.add("dates", np.concatenate(dates) if dates else np.zeros(0, np.int32))
        digests = [batch.digests.reshape(-1) for batch in batches]
        flat = np.concatenate(digests) if digests else np.zeros(0, np.uint8)
        assert len(flat) == DIGEST_BYTES * self.documents
        self._file.add("digests", flat)

    def _lay_out(
        self,
        inverted: list[Inverted],
        term_forms: NDArray[np.int64],
        pool: ThreadPoolExecutor,
        later: Callable[..., None],
    ) -> None:
        """Lay the lists of all stretches out in the order of terms; takes *inverted*."""
        terms = len(term_forms)
        own, inner_terms, holders = (
            [getattr(each, name) for each in inverted]
            for name in ("place_terms", "inner_terms", "document_terms")
        )
        form_counts = [each.form_counts for each in inverted]
        places, inner, documents, forms, impacts = (
            [getattr(each, name) for each in inverted]
            for name in ("places", "inner", "documents", "forms", "impacts")
        )
        inverted.clear()
        # Each by a thread of its own: what is done for all stretches at once is a third of it.
        placed = pool.submit(join_lists, own, places, terms)
        posted = pool.submit(join_lists, holders, documents, terms, impacts)
        inside = pool.submit(join_lists, inner_terms, inner, terms)
        ranks = pool.submit(Spread(own, form_counts, terms).lay_out, forms)
        del places, inner, documents, impacts, forms
        joined, _ = placed.result()
        sizes = joined.sizes
        later(write_lists, self._file, "places", joined)
        later(lambda: write_lists(self._file, "inner", inside.result()[0]))
        joined, (codes,) = posted.result()
        later(write_lists, self._file, "postings", joined)
        later(lambda: write_packed(self._file, "forms", ranks.result()))
        marks = _offsets(sizes * form_bytes(term_forms), np.uint64)
        later(self._file.add, "forms.marks", marks[::TERMS_A_MARK])
        later(self._file.add, "postings.impacts", codes)
        starts = np.cumsum(joined.sizes) - joined.sizes
        bounds = np.maximum.reduceat(codes, starts) if terms else codes
        later(self._file.add, "term_bounds", bounds)

    def _joined(self, name: str) -> NDArray[np.uint32]:
        return _concatenate([getattr(batch, name) for batch in self._batches])


class _InOrder:
    """
    A thread that does one thing after the other; leaving waits for all of them.

    What is ready is written while the next is worked out.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._asked: list[Future[None]] = []

    def __enter__(self) -> Callable[..., None]:
        def later(work: Callable[..., None], *arguments: object) -> None:
            self._asked.append(self._pool.submit(work, *arguments))

        return later

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown()
        for each in self._asked:
            each.result()


def _offsets(sizes: NDArray[Any], dtype: type[np.integer[Any]] = np.uint32) -> NDArray[Any]:
    """Return where each of consecutive stretches begins, and where the last one ends."""
    offsets = np.zeros(len(sizes) + 1, np.uint64)
    np.cumsum(sizes, out=offsets[1:], dtype=np.uint64)
    if offsets[-1] > np.iinfo(dtype).max:
        raise OverflowError("a segment holds at most 2**32 - 1 tokens")
    return offsets.astype(dtype)


def _concatenate(arrays: Sequence[NDArray[np.integer]]) -> NDArray[np.uint32]:
    return np.concatenate(arrays).astype(np.uint32) if arrays else np.zeros(0, np.uint32)
