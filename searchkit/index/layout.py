"""
What stands at each place of the line?

Batches number words each in its own way. Here the line of all batches is cut into
*stretches*, and each is read in the numbering of one lexicon: the term at each place, and,
from the parts of words and from the extras of the text, the terms that stand *inside* it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.parts import WHOLE
from searchkit.analysis.runs import stretches
from searchkit.index.forward import ForwardBatch
from searchkit.index.lexicon import Lexicon
from searchkit.index.segment import NO_TERM

Batches = Sequence[ForwardBatch]

# A stretch of so many tokens and its scratch stay in a processor's cache.
_STRETCH_TOKENS = 1 << 18
# Where a key has its place and its term (see `occurrences`).
PLACE_BIT = np.uint64(8)
TERM_BIT = np.uint64(40)
#: Kind of an occurrence that is the word at its place; those inside it have 1 + their kind.
ITSELF = 0


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number in a lexicon of each word and each extra of each source."""

    words: Mapping[str, NDArray[np.int64]]
    extras: Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Documents that follow each other on the line: N tokens, D documents, X extras."""

    place: int
    """Place of its first token."""
    document: int
    """Number of its first document."""
    tokens: NDArray[np.uint32]
    """(N,) word id of each token, as its source numbers words."""
    words: _Words
    doc_tokens: NDArray[np.uint32]
    title_tokens: NDArray[np.uint32]
    extra_places: NDArray[np.uint32]
    """(X,) token at which each extra stands, counted from the stretch's first."""
    extra_terms: NDArray[np.uint32]
    """(X,) term of each extra, or NO_TERM."""

    def ranks(self, places: NDArray[np.uint32]) -> NDArray[Any]:
        """Return which of the words of its term stands at each place."""
        ranks: NDArray[Any] = self.words.ranks.take(self.tokens.take(places))
        return ranks


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one source, W of them, in the numbering of a lexicon."""

    terms: NDArray[np.uint32]
    ranks: NDArray[Any]
    """(W,) number of each word among those of its term; uint16 if any has more than 256."""
    part_counts: NDArray[np.uint8]
    first_parts: NDArray[np.int64]


def line_of(batches: Batches, numbering: Numbering, lexicon: Lexicon) -> list[Stretch]:
    """Cut the line of *batches*, one after the other, into stretches of whole documents."""
    most = int(lexicon.term_forms.max(initial=0))
    if most > 1 << 16:
        raise OverflowError(f"a term has {most} words; a segment's format has room for 65,536")
    if len(lexicon.terms) > 1 << 24:
        raise OverflowError(f"a segment has room for 2**24 terms, not {len(lexicon.terms)}")
    ranks = lexicon.word_ranks().astype(np.uint16 if most > 256 else np.uint8)
    words = {
        source: _Words(
            lexicon.word_terms[own],
            ranks[own],
            lexicon.analysed.counts[own],
            lexicon.part_offsets[own],
        )
        for source, own in numbering.words.items()
    }
    line: list[Stretch] = []
    place = document = 0
    for batch in batches:
        extra_terms = _extra_terms(batch, numbering, lexicon)
        for first, last, begin, end in _cut(batch.doc_tokens):
            extras = slice(*batch.extra_places.searchsorted([begin, end]))
            line.append(
                Stretch(
                    place,
                    document,
                    batch.line[begin:end],
                    words[batch.source],
                    batch.doc_tokens[first:last],
                    batch.title_tokens[first:last],
                    batch.extra_places[extras] - np.uint32(begin),
                    extra_terms[extras],
                )
            )
            place += end - begin
            document += last - first
    return line


def occurrences(stretch: Stretch, lexicon: Lexicon) -> NDArray[np.uint64]:
    """
    Return every occurrence of a term in a stretch, as keys in ascending order.

    A key is term:24 place:32 kind:8, the place counted from the stretch's first, the kind
    ``ITSELF`` or 1 + that of the part. No term stands inside a place twice.

    Cost: about 8 ns a key.
    """
    tokens = stretch.tokens
    own = _packed(stretch.words.terms.take(tokens), np.arange(len(tokens)), ITSELF)
    # Truth values are searched for six times as fast as numbers.
    places = np.flatnonzero(stretch.words.part_counts.take(tokens) > 0)
    words = tokens.take(places)
    counts = stretch.words.part_counts.take(words).astype(np.int64)
    first = stretch.words.first_parts.take(words)
    rows = stretches(first, first + counts)
    kinds = lexicon.analysed.kinds.take(rows)
    kinds += 1
    inner = _packed(lexicon.part_terms.take(rows), places.repeat(counts), kinds)
    means = np.flatnonzero(stretch.extra_terms != NO_TERM)
    extra = _packed(stretch.extra_terms[means], stretch.extra_places[means], WHOLE + 1)
    keys = np.concatenate([own, inner, extra])
    keys.sort()
    # Kinds ascend from the weightiest: of one term inside one place the first is kept.
    at = keys >> PLACE_BIT
    again = np.flatnonzero(at[1:] == at[:-1])
    again = again[keys[again].astype(np.uint8) != ITSELF]
    return np.delete(keys, again + 1) if again.size else keys


def extra_lists(batches: Batches, numbering: Numbering) -> dict[str, NDArray[np.uint32]]:
    """Return place and number of every extra on the line, by the names of their arrays."""
    places, numbers = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
    done = 0
    for batch in batches:
        if len(batch.extra_places):
            places.append(batch.extra_places + np.uint32(done))
            own = numbering.extras[batch.source].astype(np.uint32)
            numbers.append(own[batch.extra_ids])
        done += len(batch.line)
    return {"extras.places": np.concatenate(places), "extras.numbers": np.concatenate(numbers)}


def _extra_terms(batch: ForwardBatch, numbering: Numbering, lexicon: Lexicon) -> NDArray[np.uint32]:
    if not len(batch.extra_ids):
        return np.zeros(0, np.uint32)
    return lexicon.extra_terms[numbering.extras[batch.source][batch.extra_ids]]


def _cut(doc_tokens: NDArray[np.uint32]) -> Iterator[tuple[int, int, int, int]]:
    """Yield first and last + 1 of the documents, then of the tokens, of each stretch of a batch."""
    ends = np.cumsum(doc_tokens, dtype=np.int64)
    first = begin = 0
    while first < len(ends):
        last = int(ends.searchsorted(begin + _STRETCH_TOKENS, side="right"))
        last = max(last, first + 1)
        end = int(ends[last - 1])
        yield first, last, begin, end
        first, begin = last, end


def _packed(
    terms: NDArray[np.uint32], places: NDArray[Any], kinds: NDArray[np.uint8] | int
) -> NDArray[np.uint64]:
    key = terms.astype(np.uint64)
    key <<= TERM_BIT - PLACE_BIT
    key |= places.astype(np.uint64)
    key <<= PLACE_BIT
    key |= np.uint64(kinds) if isinstance(kinds, int) else kinds
    return key
