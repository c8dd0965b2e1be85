"""
What does one segment hold, and where?

A segment is an immutable, memory-mapped array file that indexes D documents by
itself. This class gives its arrays their names and meanings; it decides
nothing. Document ids count from 0 within the segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.parts import Analysed, Part
from searchkit.analysis.runs import stretches
from searchkit.errors import CorruptIndexError
from searchkit.index.columns import Column, column_names
from searchkit.index.format import ArrayFile
from searchkit.index.forms import TERMS_A_MARK, form_bytes
from searchkit.index.forward import DIGEST_BYTES
from searchkit.index.lists import Lists
from searchkit.index.packed import Packed
from searchkit.index.strings import Strings
from searchkit.index.textstore import TextStore
from searchkit.index.weights import weighted_lengths
from searchkit.model import Document, Section

_MOST_REMEMBERED = 65536
# Reading single strings of a table takes three times as long as reading as many on end.
_FEW = 3
#: The term of an extra that means nothing.
NO_TERM = 0xFFFFFFFF
_OWN_COLUMNS = ("id", "title", "type", "date")


class OutlineTable:
    """Sections (or pages) of a segment's documents."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.offsets: NDArray[np.uint32] = file.array(f"{name}.offsets_by_doc")
        self.chars: NDArray[np.uint32] = file.array(f"{name}.chars")
        self.starts: NDArray[np.uint32] = file.array(f"{name}.starts")
        self.labels = Strings(file, f"{name}.labels")

    def of(self, doc_id: int) -> list[Section]:
        """Return the sections of one document."""
        first, last = self.offsets[doc_id : doc_id + 2].tolist()
        labels = self.labels.range(first, last)
        chars = self.chars[first:last].tolist()
        return [Section(char, label) for char, label in zip(chars, labels, strict=True)]

    def label_at(self, doc_id: int, char: int) -> str | None:
        """Return the section that a code-point offset in the document's text lies in."""
        first, last = self.offsets.item(doc_id), self.offsets.item(doc_id + 1)
        if first == last:
            return None
        at = first + int(np.searchsorted(self.chars[first:last], char, side="right")) - 1
        return self.labels[at] if at >= first else None


class Segment:
    """
    Read one segment file.

    Attributes (all arrays mapped, read-only; see docs/format.md):
        doc_starts: (D + 1,) first place of each document; the last is T.
        body_starts: (D,) first place after each document's title.
        doc_passages: (D + 1,) first passage of each document.
        passage_starts: (P,) first place of each passage.
        passage_chars: (P,) code-point offset of each passage in its document.
        word_terms: (W,) term id of each word.
        parts_offsets: (W + Y + 1,) where the parts of each word, then of each
            extra, begin in the next four; part_terms: (Q,) their term ids,
            part_starts, part_ends: (Q,) their stretch of the word,
            part_kinds: (Q,) see :mod:`searchkit.analysis.parts`.
        extra_terms: (Y,) term id of each extra; extra_places: (X,) places where
            extras stand, ascending; extra_numbers: (X,) which extra it is.
        places: places of each term; inner: places where it stands inside another
            word, or by an extra; postings: documents of each term, both ways.
        impacts: impact code of each posting, in the order of postings.
    """

    def __init__(self, path: Path) -> None:
        self.file = file = ArrayFile(path)
        self.path = path
        self.words = Strings(file, "words")
        self.terms = Strings(file, "terms")
        self.word_terms: NDArray[np.uint32] = file.array("word_terms")
        self.term_words: NDArray[np.uint32] = file.array("term_words")
        self.term_words_offsets: NDArray[np.uint32] = file.array("term_words.offsets")
        self.doc_starts: NDArray[np.uint32] = file.array("doc_starts")
        self.body_starts: NDArray[np.uint32] = file.array("body_starts")
        self.doc_passages: NDArray[np.uint32] = file.array("doc_passages")
        self.passage_starts: NDArray[np.uint32] = file.array("passage_starts")
        self.passage_chars: NDArray[np.uint32] = file.array("passage_chars")
        self.extras = Strings(file, "extras")
        self.extra_terms: NDArray[np.uint32] = file.array("extras.terms")
        self.extra_places: NDArray[np.uint32] = file.array("extras.places")
        self.extra_numbers: NDArray[np.uint32] = file.array("extras.numbers")
        self.part_offsets: NDArray[np.uint32] = file.array("parts.offsets")
        self.part_terms: NDArray[np.uint32] = file.array("parts.terms")
        self.part_starts: NDArray[np.uint8] = file.array("parts.starts")
        self.part_ends: NDArray[np.uint8] = file.array("parts.ends")
        self.part_kinds: NDArray[np.uint8] = file.array("parts.kinds")
        self.places = Lists(file, "places")
        self.inner = Lists(file, "inner")
        self.postings = Lists(file, "postings")
        self.impacts: NDArray[np.uint8] = file.array("postings.impacts")
        self.term_bounds: NDArray[np.uint8] = file.array("term_bounds")
        self._forms = Packed(file, "forms")
        self._forms_marks: NDArray[np.uint64] = file.array("forms.marks")
        self.dates: NDArray[np.int32] = file.array("dates")
        self.sections = OutlineTable(file, "sections")
        self.pages = OutlineTable(file, "pages")
        self.columns = {name: Column(file, name) for name in column_names(file)}
        self.text = TextStore(file)
        self.document_count = len(self.doc_starts) - 1
        self._term_ids: dict[str, int | None] = {}
        self._stretches: dict[tuple[int, str], tuple[int, int] | None] = {}
        try:
            self._check_shapes()
        except IndexError:
            raise CorruptIndexError(path, "a table that cannot be empty is") from None

    @property
    def tokens(self) -> int:
        """Tokens on the line."""
        return self.doc_starts.item(-1)

    def fact(self, name: str) -> Any:
        """Return a number that the builder noted of the segment."""
        return self.file.facts.get(name, 0)

    def term_id(self, term: str) -> int | None:
        """Return the number of *term*, or None. Remembered: a query asks several times."""
        try:
            return self._term_ids[term]
        except KeyError:
            if len(self._term_ids) >= _MOST_REMEMBERED:
                self._term_ids.clear()
            number = self._term_ids[term] = self.terms.find(term)
            return number

    def term_of_word(self, number: int) -> str:
        """Return the term of word *number*."""
        term_id = self.word_terms.item(number)
        if term_id >= len(self.terms):
            raise CorruptIndexError(self.path, f"word {number} has the unknown term {term_id}")
        return self.terms[term_id]

    def parts_of_word(self, number: int) -> list[Part]:
        """Return the parts of word *number* (of extra *number* - W)."""
        first, last = self.part_offsets.item(number), self.part_offsets.item(number + 1)
        terms = self.part_terms[first:last].tolist()
        if max(terms, default=0) >= len(self.terms):
            raise CorruptIndexError(self.path, f"word {number} has a part of an unknown term")
        columns = (self.part_starts, self.part_ends, self.part_kinds)
        stretches = zip(*(column[first:last].tolist() for column in columns), strict=True)
        return [
            Part(self.terms[term], *stretch) for term, stretch in zip(terms, stretches, strict=True)
        ]

    def stretch(self, term_id: int, word: str) -> tuple[int, int] | None:
        """
        Return where in *word* a term stands as a part, or None.

        Remembered: the same compounds are shown again and again.
        """
        key = term_id, word
        try:
            return self._stretches[key]
        except KeyError:
            if len(self._stretches) >= _MOST_REMEMBERED:
                self._stretches.clear()
            number = self.words.find(word)
            found = None if number is None else self._stretch_of(term_id, number)
            self._stretches[key] = found
            return found

    def _stretch_of(self, term_id: int, number: int) -> tuple[int, int] | None:
        first, last = self.part_offsets.item(number), self.part_offsets.item(number + 1)
        for row in range(first, last):
            if self.part_terms.item(row) == term_id:
                return self.part_starts.item(row), self.part_ends.item(row)
        return None

    def analysed(self, rows: NDArray[np.int64]) -> Analysed:
        """
        Return the analysis of some words and extras.

        Args:
            rows: (N,) their numbers; extras go on from the words.

        Cost: where *rows* are few, a microsecond for each of their terms and parts.
        """
        of_row = np.concatenate([self.word_terms, self.extra_terms])[rows]
        # NO_TERM is the last of them: the empty string.
        of_row = np.minimum(of_row, np.uint32(len(self.terms)))
        begins = self.part_offsets[rows].astype(np.int64)
        ends = self.part_offsets[rows + 1].astype(np.int64)
        parts = stretches(begins, ends)
        part_terms = self.part_terms[parts]
        strings, (of_row, part_terms) = self._terms_of(of_row, part_terms)
        return Analysed(
            strings,
            of_row,
            (ends - begins).astype(np.uint8),
            part_terms,
            self.part_starts[parts],
            self.part_ends[parts],
            self.part_kinds[parts],
        )

    def _terms_of(self, *numbers: NDArray[np.uint32]) -> tuple[list[str], list[NDArray[np.uint32]]]:
        """Return terms, and *numbers* as numbers of these; all terms, where most are wanted."""
        used = np.zeros(len(self.terms) + 1, bool)
        for each in numbers:
            used[each] = True
        distinct = np.flatnonzero(used)
        if len(distinct) > len(self.terms) // _FEW:
            return [*self.terms, ""], list(numbers)
        strings = [self.terms[n] if n < len(self.terms) else "" for n in distinct.tolist()]
        return strings, [distinct.searchsorted(each).astype(np.uint32) for each in numbers]

    def forms_of(self, term_id: int) -> NDArray[np.uint32]:
        """Return the word ids of one term; a word's rank is its index here."""
        first = self.term_words_offsets.item(term_id)
        return self.term_words[first : self.term_words_offsets.item(term_id + 1)]

    def ranks(self, term_id: int) -> NDArray[np.integer]:
        """
        Return which of its words stands at each place of a term, as ranks.

        Cost: about 1 ns a place, and 20 microseconds for the first.
        """
        size, forms = self.places.size(term_id), len(self.forms_of(term_id))
        if forms <= 1:
            return np.zeros(size, np.uint8)
        mark = term_id // TERMS_A_MARK
        before = self._forms_taken(mark * TERMS_A_MARK, term_id)
        start = self._forms_marks.item(mark) + int(before.sum())
        stretch = self._forms.slice(start, start + size * (1 + (forms > 256)))
        if forms <= 256:
            return stretch
        pairs = stretch.reshape(-1, 2).astype(np.uint16)
        return pairs[:, 0] | pairs[:, 1] << 8

    def _forms_taken(self, first: int, last: int) -> NDArray[np.int64]:
        """Return how many bytes the ranks of terms *first* … *last* - 1 take each."""
        sizes = _sizes(self.places.offsets[first : last + 1])
        return sizes * form_bytes(_sizes(self.term_words_offsets[first : last + 1]))

    def line(self) -> NDArray[np.uint32]:
        """
        Recover the line: the (T,) word id at each place.

        Cost: about 20 ns and 20 bytes of scratch memory a token.
        """
        counts = _sizes(self.places.offsets)
        forms = _sizes(self.term_words_offsets)
        ranks = self._forms.slice(0, int(self._forms_taken(0, len(self.terms)).sum()))
        first = np.repeat(self.term_words_offsets[:-1].astype(np.int64), counts)
        width_of = np.repeat(form_bytes(forms), counts)
        starts = np.cumsum(width_of) - width_of
        several = np.flatnonzero(width_of)
        first[several] += ranks[starts[several]]
        wide = np.flatnonzero(width_of == 2)
        first[wide] += ranks[starts[wide] + 1].astype(np.int64) << 8
        line = np.empty(self.tokens, np.uint32)
        line[self.places.decode_all()] = self.term_words[first]
        return line

    def lengths(self) -> NDArray[np.float64]:
        """Return the (D,) weighted tokens of each document."""
        return weighted_lengths(self.doc_starts, self.body_starts)

    def digests(self) -> NDArray[np.uint8]:
        """Return the (D, 16) content hashes."""
        return self.file.array("digests").reshape(-1, DIGEST_BYTES)

    def value(self, column: str, doc_id: int) -> str | None:
        """Return one document's value in a column; None if there is no such column."""
        found = self.columns.get(column)
        return found.value(doc_id) if found is not None else None

    def key(self, doc_id: int) -> str:
        """Return the document's id as the user knows it."""
        return self.columns["id"].value(doc_id) or ""

    def find_key(self, key: str, alive: NDArray[np.bool_] | None = None) -> int | None:
        """Return the document with the user's id *key* (among the *alive* ones), or None."""
        column = self.columns["id"]
        start, end = column.code_range(key)
        for code in range(start, end):
            if column.values[code - 1] == key:
                found = column.documents(code, code + 1)
                if alive is not None:
                    found = found[alive[found]]
                return int(found[-1]) if found.size else None
        return None

    def passages_of(self, doc_id: int) -> tuple[int, int]:
        """Return the numbers start, end of a document's passages."""
        return self.doc_passages.item(doc_id), self.doc_passages.item(doc_id + 1)

    def document(self, doc_id: int) -> Document:
        """Read one document back."""
        passages: Sequence[bytes] = self.text.passages(*self.passages_of(doc_id))
        fields = {
            name: value
            for name, column in self.columns.items()
            if name not in _OWN_COLUMNS and (value := column.value(doc_id)) is not None
        }
        return Document(
            id=self.key(doc_id),
            text=b"".join(passages).decode("utf-8", "replace"),
            title=self.value("title", doc_id),
            date=self.value("date", doc_id),
            type=self.value("type", doc_id),
            fields=fields,
            sections=self.sections.of(doc_id),
            pages=self.pages.of(doc_id),
        )

    def _check_shapes(self) -> None:
        """Refuse a file whose tables do not fit together; bounds hold from here on."""
        documents, passages = self.document_count, len(self.passage_starts)
        terms, words = len(self.terms), len(self.words)
        fits = {
            "documents": documents >= 0
            and len(self.body_starts) == documents == len(self.doc_passages) - 1
            and len(self.dates) == documents
            and "id" in self.columns
            and all(len(c.codes) == documents for c in self.columns.values()),
            "passages": len(self.passage_chars) == passages == self.doc_passages.item(-1),
            "lexicon": len(self.word_terms) == words == len(self.term_words)
            and len(self.term_words_offsets) == terms + 1
            and len(self._forms_marks) == terms // TERMS_A_MARK + 1
            and len(self.part_offsets) == words + len(self.extras) + 1
            and self.part_offsets.item(-1)
            == len(self.part_terms)
            == len(self.part_starts)
            == len(self.part_ends)
            == len(self.part_kinds)
            and self.part_terms.max(initial=0) < max(1, terms),
            "extras": len(self.extra_terms) == len(self.extras)
            and len(self.extra_places) == len(self.extra_numbers)
            and self.extra_numbers.max(initial=0) < max(1, len(self.extras)),
            "lists": len(self.places) == terms == len(self.postings)
            and len(self.places.low) == self.places.offsets.item(-1) == self.tokens
            and terms == len(self.inner)
            and len(self.inner.low) == self.inner.offsets.item(-1)
            and len(self.postings.low) == self.postings.offsets.item(-1) == len(self.impacts),
        }
        for what, holds in fits.items():
            if not holds:
                raise CorruptIndexError(self.path, f"its tables of {what} do not fit together")
        # Stretches of wild lengths would ask for wild amounts of memory. Cost: 1 ns a passage.
        titles, bodies = self.doc_starts, self.body_starts
        in_order = (titles[:-1] <= bodies).all() and (bodies <= titles[1:]).all()
        for starts in (self.doc_passages, self.passage_starts):
            in_order = in_order and (starts[:-1] <= starts[1:]).all()
        if not in_order:
            raise CorruptIndexError(self.path, "its documents do not follow each other")


def _sizes(offsets: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the lengths of consecutive stretches from where each begins."""
    return offsets[1:].astype(np.int64) - offsets[:-1]
