"""
How does a segment come about?

Batches go in, in document order, from worker processes or from older segments;
``finish`` settles the lexicon, inverts the line and closes the file. The text
is streamed into the file as it comes; memory holds the line (4 bytes a token)
and the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.index.columns import write_column
from searchkit.index.format import ArrayFileWriter
from searchkit.index.forward import DIGEST_BYTES, ForwardBatch, Outline
from searchkit.index.invert import Line, form_bytes, invert
from searchkit.index.lists import ListsWriter
from searchkit.index.strings import write_strings
from searchkit.index.weights import length_norms, weighted_lengths

Terms = Callable[[Sequence[str]], Sequence[str]]
Step = Callable[[str, float], None]


@dataclass(slots=True)
class _Lexicon:
    """The words of all sources in UTF-8 order, and their terms in UTF-8 order."""

    words: list[str]
    terms: list[str]
    word_terms: NDArray[np.uint32]
    """(W,) term of each word."""
    by_term: NDArray[np.int64]
    """(W,) words in the order of their terms."""
    term_forms: NDArray[np.int64]
    """(E,) number of words of each term."""

    @classmethod
    def settle(cls, words: list[str], term_of: Mapping[str, str]) -> _Lexicon:
        """Number the terms of *words*, which are in UTF-8 order."""
        of_word = list(map(term_of.__getitem__, words))
        terms = sorted(set(of_word))
        number = {term: n for n, term in enumerate(terms)}
        word_terms = np.fromiter(map(number.__getitem__, of_word), np.uint32, len(words))
        by_term = np.argsort(word_terms, kind="stable")
        return cls(words, terms, word_terms, by_term, np.bincount(word_terms, minlength=len(terms)))

    def word_ranks(self) -> NDArray[np.uint32]:
        """Return the (W,) number of each word among the words of its term."""
        forms = self.term_forms
        ranks = np.empty(len(self.words), np.uint32)
        ranks[self.by_term] = np.arange(len(ranks)) - np.repeat(np.cumsum(forms) - forms, forms)
        return ranks


class SegmentBuilder:
    """Build one segment file from batches. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = ArrayFileWriter(path)
        self._file.begin("text.blocks", np.uint8)
        self._words: dict[str, list[str]] = {}
        self._batches: list[ForwardBatch] = []
        self.documents = 0
        self.tokens = 0
        self.text_bytes = 0

    def add(self, batch: ForwardBatch) -> None:
        """Take the next documents. The batch is emptied of what has been written."""
        self._words.setdefault(batch.source, []).extend(batch.new_words)
        self._file.append(np.frombuffer(batch.blocks, np.uint8))
        self.documents += len(batch.doc_tokens)
        self.tokens += len(batch.line)
        self.text_bytes += batch.text_bytes
        batch.blocks, batch.new_words = b"", []
        self._batches.append(batch)

    def _distinct_words(self) -> list[str]:
        """Return the words of all batches so far, in no order."""
        return list(dict.fromkeys(word for words in self._words.values() for word in words))

    def finish(self, terms_of: Terms, *, threads: int = 2, step: Step | None = None) -> None:
        """
        Analyse the words, invert the line, write and close the segment.

        Args:
            terms_of: the term of each of a list of words.
            step: told ("analyze" | "invert", share done 0..1) as work goes on.
        """
        report = step or (lambda _stage, _share: None)
        report("analyze", 0.0)
        distinct = self._distinct_words()
        with ThreadPoolExecutor(1) as pool:
            # Worker processes may be analysing meanwhile.
            analysed = pool.submit(terms_of, distinct)
            # Code-point order is UTF-8 order.
            words = sorted(distinct)
            write_strings(self._file, "words", words)
            numbers = self._word_numbers(words)
            doc_starts, body_starts = self._write_tables()
            self._write_metadata()
            term_of = dict(zip(distinct, analysed.result(), strict=True))
        lexicon = _Lexicon.settle(words, term_of)
        report("analyze", 1.0)
        self._write_lexicon(lexicon)
        terms, ranks = self._line_of_terms(lexicon, numbers)
        lengths = weighted_lengths(doc_starts, body_starts)
        average = float(lengths.mean()) if len(lengths) else 0.0
        line = Line(
            terms=terms,
            ranks=ranks,
            doc_starts=doc_starts,
            body_starts=body_starts,
            term_forms=lexicon.term_forms,
            norms=length_norms(lengths, average),
        )
        self._write_inversion(line, threads, report)
        self._file.facts |= {
            "documents": self.documents,
            "tokens": self.tokens,
            "words": len(lexicon.words),
            "terms": len(lexicon.terms),
            "text_bytes": self.text_bytes,
            "average_length": average,
        }
        self._file.close()

    def abandon(self) -> None:
        """Give the segment up and remove its file."""
        self._file.abandon()

    def _write_lexicon(self, lexicon: _Lexicon) -> None:
        write_strings(self._file, "terms", lexicon.terms)
        self._file.add("word_terms", lexicon.word_terms)
        self._file.add("term_words", lexicon.by_term.astype(np.uint32))
        self._file.add("term_words.offsets", _offsets(lexicon.term_forms))
        # Compound parts: none yet; the arrays are there for the analysis that finds them.
        self._file.add("word_parts", np.zeros(0, np.uint32))
        self._file.add("word_parts.offsets", np.zeros(len(lexicon.words) + 1, np.uint32))

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
        add("text.passage_bytes", self._joined("passage_bytes"))
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

    def _write_metadata(self) -> None:
        names = dict.fromkeys(name for batch in self._batches for name in batch.columns)
        for name in dict.fromkeys(["id", "title", "type", "date", *sorted(names)]):
            values: list[str | None] = []
            for batch in self._batches:
                values += batch.columns.get(name) or [None] * len(batch.doc_tokens)
            write_column(self._file, name, values)
            for batch in self._batches:
                batch.columns.pop(name, None)
        dates = [batch.dates for batch in self._batches]
        self._file.add("dates", np.concatenate(dates) if dates else np.zeros(0, np.int32))
        digests = [batch.digests.reshape(-1) for batch in self._batches]
        flat = np.concatenate(digests) if digests else np.zeros(0, np.uint8)
        assert len(flat) == DIGEST_BYTES * self.documents
        self._file.add("digests", flat)

    def _write_inversion(self, line: Line, threads: int, report: Step) -> None:
        places, documents = ListsWriter(), ListsWriter()
        forms, weights, bounds = [], [], []
        done = 0
        for inverted in invert(line, threads=threads):
            places.append(inverted.places)
            documents.append(inverted.documents)
            forms.append(inverted.forms)
            weights.append(inverted.weights)
            bounds.append(inverted.bounds)
            done += len(inverted.places.low)
            report("invert", done / max(1, self.tokens))
        places.write(self._file, "places")
        documents.write(self._file, "postings")
        for name, dtype, stretches in (
            ("forms", np.uint8, forms),
            ("postings.weights", np.uint8, weights),
            ("term_bounds", np.float32, bounds),
        ):
            self._file.begin(name, dtype)
            for stretch in stretches:
                self._file.append(stretch)
        sizes = _concatenate([s.sizes for s in places.stretches]).astype(np.int64)
        taken = sizes * form_bytes(line.term_forms)
        self._file.add("forms.offsets", _offsets(taken, np.uint64))

    def _word_numbers(self, words: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """Return the segment's number of each word of each source."""
        number = {word: n for n, word in enumerate(words)}
        return {
            source: np.fromiter(map(number.__getitem__, own), np.int64, len(own))
            for source, own in self._words.items()
        }

    def _line_of_terms(
        self, lexicon: _Lexicon, numbers: Mapping[str, NDArray[np.int64]]
    ) -> tuple[list[NDArray[np.uint32]], list[NDArray[Any]]]:
        """Return term and rank at each place, a stretch a batch; takes the batches' lines."""
        most = int(lexicon.term_forms.max(initial=0))
        if most > 1 << 16:
            raise OverflowError(f"a term has {most} words; a segment's format has room for 65,536")
        rank_type = np.uint16 if most > 256 else np.uint8
        word_ranks = lexicon.word_ranks().astype(rank_type)
        source_terms = {source: lexicon.word_terms[own] for source, own in numbers.items()}
        source_ranks = {source: word_ranks[own] for source, own in numbers.items()}
        terms, ranks = [], []
        for batch in self._batches:
            ranks.append(source_ranks[batch.source][batch.line])
            # In the same memory: fresh pages cost more than the look-up.
            batch.line[:] = source_terms[batch.source][batch.line]
            terms.append(batch.line)
        return terms, ranks

    def _joined(self, name: str) -> NDArray[np.uint32]:
        return _concatenate([getattr(batch, name) for batch in self._batches])


def _offsets(sizes: NDArray[Any], dtype: type[np.integer[Any]] = np.uint32) -> NDArray[Any]:
    """Return where each of consecutive stretches begins, and where the last one ends."""
    offsets = np.zeros(len(sizes) + 1, np.uint64)
    np.cumsum(sizes, out=offsets[1:], dtype=np.uint64)
    if offsets[-1] > np.iinfo(dtype).max:
        raise OverflowError("a segment holds at most 2**32 - 1 tokens")
    return offsets.astype(dtype)


def _concatenate(arrays: Sequence[NDArray[np.integer]]) -> NDArray[np.uint32]:
    return np.concatenate(arrays).astype(np.uint32) if arrays else np.zeros(0, np.uint32)
