"""
Where does one clause of a query stand?

A leaf of the query tree (a word, a phrase, a pattern) becomes, in each segment,
a posting list: the documents that hold it and its impact there. A
word of the default column has that list in the index. Everything else is found
by its places on the line and counted per document, as if it were a word: so a
phrase, an exact form and a wildcard are ranked by the same rule as a term.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchkit.index import LiveSegment
from searchkit.index.weights import BODY_WEIGHT, IMPACT_OF_CODE, TITLE_WEIGHT
from searchkit.query.arrays import Ids, common

_PAST_EVERYTHING = np.uint32(0xFFFFFFFF)
#: What a word inside another counts for where the index has not folded its weight.
INNER_WEIGHT = 0.5


@dataclass(slots=True)
class Spans:
    """S stretches of the line, ascending by start: what matched, token for token."""

    starts: Ids
    ends: Ids
    """(S,) last place of each stretch (inclusive); equal to *starts* for single words."""
    inner: NDArray[np.bool_] | None = None
    """(S,) which of them lie inside another word; None if none does."""

    def at(self, chosen: NDArray[np.int64]) -> Spans:
        """Return some of the stretches."""
        inner = None if self.inner is None else self.inner[chosen]
        return Spans(self.starts[chosen], self.ends[chosen], inner)


@dataclass(slots=True)
class Postings:
    """
    The posting list of one clause in one segment.

    Attributes:
        docs: (P,) live documents.
        impacts: (P,) uint8 codes or float32 values.
        spans: where it stands, if that had to be found anyway.
    """

    docs: Ids
    impacts: NDArray[np.uint8] | NDArray[np.float32]
    spans: Spans | None = None

    def scores(self, factor: float, at: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """Return the scores factor · impact of all postings, or of those *at*."""
        impacts = self.impacts if at is None else self.impacts[at]
        if impacts.dtype == np.uint8:
            # Multiplied once a code, not once a posting.
            scores: NDArray[np.float32] = (IMPACT_OF_CODE * np.float32(factor))[impacts]
            return scores
        return impacts * np.float32(factor)


def term_postings(live: LiveSegment, term: str) -> Postings | None:
    """Return the index's own posting list of a term, or None if it has none."""
    number = live.segment.term_id(term)
    if number is None:
        return None
    start, end = live.segment.postings.bounds(number)
    docs, impacts = live.segment.postings.decode_as_index(number), live.segment.impacts[start:end]
    if live.alive is not None:
        kept = np.flatnonzero(live.alive[docs])
        docs, impacts = docs[kept], impacts[kept]
    return Postings(docs, impacts)


def counted(live: LiveSegment, spans: Spans) -> Postings:
    """Count stretches per document: the posting list of anything but a plain term."""
    segment = live.segment
    owner = owners(live, spans.starts)
    if live.alive is not None:
        kept = np.flatnonzero(live.alive[owner])
        owner = owner[kept]
        spans = spans.at(kept)
    if not len(owner):
        return Postings(owner, np.zeros(0, np.float32), spans)
    in_title = spans.starts < segment.body_starts[owner]
    new = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
    weights = np.where(in_title, np.float32(TITLE_WEIGHT), np.float32(BODY_WEIGHT))
    if spans.inner is not None:
        weights[spans.inner] *= np.float32(INNER_WEIGHT)
    docs = owner[new]
    impacts: NDArray[np.float32] = np.add.reduceat(weights, new, dtype=np.float32)
    impacts /= impacts + live.norms[docs]
    return Postings(docs, impacts, spans)


def owners(live: LiveSegment, places: Ids) -> Ids:
    """Return the document that each place belongs to."""
    found = live.segment.doc_starts.searchsorted(places, side="right")
    found -= 1
    return found


def word_spans(live: LiveSegment, column: str, word: str) -> Spans:
    """Return where a word stands in a text column, by itself or inside another."""
    places = word_places(live, column, word)
    number = live.segment.term_id(word) if column in ("content", "title") else None
    if number is None:
        return Spans(places, places)
    inner: Ids = live.segment.inner.decode(number)
    if column == "title":
        inner = in_title(live, inner)
    if not len(inner):
        return Spans(places, places)
    both = np.concatenate([places, inner])
    order = both.argsort(kind="stable")
    both = both[order]
    return Spans(both, both, order >= len(places))


def word_places(live: LiveSegment, column: str, word: str) -> Ids:
    """Return where a word stands by itself in a text column (see :mod:`.syntax`)."""
    segment = live.segment
    places: Ids
    if column in ("content", "title"):
        number = segment.term_id(word)
        places = np.zeros(0, np.uint32) if number is None else segment.places.decode(number)
    else:
        number = segment.words.find(word)
        places = np.zeros(0, np.uint32) if number is None else form_places(live, [number])
    return in_title(live, places) if column.startswith("title") else places


def form_places(live: LiveSegment, words: list[int]) -> Ids:
    """Return where any of some surface words (by number) stands, ascending."""
    segment = live.segment
    wanted = np.array(words, np.int64)
    terms = segment.word_terms[wanted]
    stretches = []
    for term in np.unique(terms).tolist():
        places = segment.places.decode(term)
        forms = segment.forms_of(term)
        chosen = np.isin(forms, wanted[terms == term])
        stretches.append(places if chosen.all() else places[chosen[segment.ranks(term)]])
    if len(stretches) == 1:
        return stretches[0]
    joined = np.concatenate(stretches) if stretches else np.zeros(0, np.uint32)
    joined.sort()
    return joined


def in_title(live: LiveSegment, places: Ids) -> Ids:
    """Keep the places that lie in titles."""
    return places[places < live.segment.body_starts[owners(live, places)]]


def phrase_spans(live: LiveSegment, columns: list[Ids], slop: int) -> Spans:
    """
    Find words that follow each other.

    Args:
        columns: the places of each word, in the order of the phrase.
        slop: greatest distance from one word to the next; 1 is adjacent.
    """
    if any(not len(places) for places in columns):
        return Spans(columns[0][:0], columns[0][:0])
    spans = _adjacent(columns) if slop == 1 else _following(columns, slop)
    return inside_one_field(live, spans)


def inside_one_field(live: LiveSegment, spans: Spans) -> Spans:
    """Drop the stretches that run from one document, or from its title, into the next."""
    segment = live.segment
    owner = owners(live, spans.starts)
    body = segment.body_starts[owner]
    limit = np.where(spans.starts < body, body, segment.doc_starts[owner + 1])
    whole = spans.ends < limit
    return spans if whole.all() else Spans(spans.starts[whole], spans.ends[whole])


def _adjacent(columns: list[Ids]) -> Spans:
    # A place before the phrase could begin would wrap around to the end of the line.
    shifted: list[Ids] = [
        places[places >= n] - np.uint32(n) if n else places for n, places in enumerate(columns)
    ]
    shifted.sort(key=len)
    starts = shifted[0]
    for other in shifted[1:]:
        starts = common(starts, other)
    return Spans(starts, starts + np.uint32(len(columns) - 1))


def _following(columns: list[Ids], slop: int) -> Spans:
    starts = ends = columns[0]
    for places in columns[1:]:
        before = np.searchsorted(ends, places) - 1
        possible = before >= 0
        places, before = places[possible], before[possible]
        close = places - ends[before] <= slop
        starts, ends = starts[before[close]], places[close]
    order = np.argsort(starts, kind="stable")
    return Spans(starts[order], ends[order])
