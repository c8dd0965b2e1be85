"""
Where does a document say it?

For the documents of a result page, the places of every clause that counts are
looked up (only in the stretches of the line that these documents take), each
passage is scored by what stands in it, and the best are read, cut into words
again and marked. All hits of a page are worked on together.

A passage's score adds, for each clause, its weight times c / (c + 1), c the
number of times it stands there: many clauses beat one clause many times.

Invariants:

- ``passage.text == document.text[passage.start:passage.end]``.
- Marks lie within the passage's text, ascend and do not overlap; a phrase is
  one mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from whoosh import query
from whoosh.query import spans as whoosh_spans

from searchkit.analysis import Normalised, normalise, word_bounds
from searchkit.analysis.normalise import LINE_END_HYPHENS
from searchkit.errors import CorruptIndexError
from searchkit.index import LiveSegment, Segment
from searchkit.index.lists import CHUNK_BITS
from searchkit.model import Passage
from searchkit.query.arrays import top_k
from searchkit.query.evaluate import Evaluation, is_leaf, leaf_spans, text_of
from searchkit.query.leaves import Spans


@dataclass(slots=True)
class _Chosen:
    """A passage to be shown: whose it is, its number, and what to mark in it."""

    hit: int
    passage: int
    score: float
    spans: list[tuple[int, int]]


def passages_of_hits(
    tree: query.Query, evaluation: Evaluation, docs: Sequence[int], most: int
) -> list[tuple[Passage, ...]]:
    """
    Return up to *most* passages for each of *docs* (snapshot-wide ids), best first.

    A document in whose body nothing matched (its title did, or its metadata)
    gives its first passage, unmarked.
    """
    result: list[tuple[Passage, ...]] = [()] * len(docs)
    if most <= 0:
        return result
    clauses = list(shown_clauses(tree))
    for number, live in enumerate(evaluation.snapshot.segments):
        own = [h for h, d in enumerate(docs) if 0 <= d - live.base < live.segment.document_count]
        if own:
            ids = np.array([docs[h] - live.base for h in own], np.int64)
            chosen = _choose(clauses, evaluation, number, ids, most)
            for hit, passage in zip(chosen, _read(live, ids, chosen), strict=True):
                result[own[hit.hit]] += (passage,)
    return result


def shown_clauses(node: query.Query) -> Iterable[query.Query]:
    """Yield the ranked leaves that a document may match *node* by; nothing excluded."""
    if is_leaf(node):
        yield node
    elif isinstance(node, query.AndNot):
        yield from shown_clauses(node.a)
    elif not isinstance(node, query.Not):
        for child in node.children():
            yield from shown_clauses(child)


def _choose(
    clauses: Sequence[query.Query],
    evaluation: Evaluation,
    number: int,
    docs: NDArray[np.int64],
    most: int,
) -> list[_Chosen]:
    """Choose the best passages of each document of one segment, and collect their marks."""
    segment = evaluation.snapshot.segments[number].segment
    # In the order of the line, so that what is found ascends.
    ascending = np.sort(docs)
    found = [_spans_within(clause, evaluation, number, ascending) for clause in clauses]
    weights = [evaluation.leaf(clause)[1] for clause in clauses]
    passages, scores = _score(segment.passage_starts, found, weights)
    firsts = segment.doc_passages[docs].astype(np.int64)
    lasts = segment.doc_passages[docs + 1]
    lows = passages.searchsorted(firsts).tolist()
    highs = passages.searchsorted(lasts).tolist()
    chosen = []
    for hit, (low, high) in enumerate(zip(lows, highs, strict=True)):
        if low == high:
            chosen.append(_Chosen(hit, int(firsts[hit]), 0.0, []))
        elif most == 1:
            at = low + int(scores[low:high].argmax())
            chosen.append(_Chosen(hit, int(passages[at]), float(scores[at]), []))
        else:
            for at in (low + top_k(scores[low:high], most)).tolist():
                chosen.append(_Chosen(hit, int(passages[at]), float(scores[at]), []))
    _collect_spans(segment, chosen, found)
    return chosen


def _score(
    passage_starts: NDArray[np.uint32], found: Sequence[Spans], weights: Sequence[float]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the distinct passages that *found* touches, ascending, and the score of each."""
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    count = len(found)
    keys = [
        (passage_starts.searchsorted(spans.starts, side="right") - 1) * count + n
        for n, spans in enumerate(found)
    ]
    key = np.concatenate(keys) if count > 1 else keys[0]
    key.sort()
    first = _firsts(key)
    times = np.diff(first, append=len(key))
    pairs = key[first]
    gains = np.array(weights, np.float32)[pairs % count]
    gains *= (times / (times + 1.0)).astype(np.float32)
    passages = pairs // count
    first = _firsts(passages)
    if not len(first):
        return passages, gains
    return passages[first], np.add.reduceat(gains, first)


def _firsts(ascending: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each run of equal numbers begins."""
    new = np.empty(len(ascending), bool)
    new[:1] = True
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return new.nonzero()[0]


def _collect_spans(segment: Segment, chosen: Sequence[_Chosen], found: Sequence[Spans]) -> None:
    """Note in each chosen passage what stands in it."""
    numbers = np.array([c.passage for c in chosen], np.int64)
    begins = segment.passage_starts[numbers]
    following = np.minimum(numbers + 1, len(segment.passage_starts) - 1)
    limits = np.where(
        following > numbers, segment.passage_starts[following], np.uint32(segment.tokens)
    )
    for spans in found:
        lows = spans.starts.searchsorted(begins).tolist()
        highs = spans.starts.searchsorted(limits).tolist()
        for item, low, high in zip(chosen, lows, highs, strict=True):
            if low < high:
                starts, ends = spans.starts[low:high].tolist(), spans.ends[low:high].tolist()
                item.spans += zip(starts, ends, strict=True)


def _spans_within(
    clause: query.Query, evaluation: Evaluation, number: int, docs: NDArray[np.int64]
) -> Spans:
    """Return where *clause* stands in the bodies of *docs*, which ascend."""
    live = evaluation.snapshot.segments[number]
    segment = live.segment
    begins = segment.body_starts[docs]
    limits = segment.doc_starts[docs + 1]
    if isinstance(clause, query.Term) and clause.fieldname == "content":
        term = segment.term_id(text_of(clause))
        if term is None:
            return Spans(begins[:0], begins[:0])
        places = _places_near(live, term, begins, limits)
        spans = Spans(places, places)
    else:
        postings = evaluation.leaf(clause)[0][number]
        known = None if postings is None else postings.spans
        spans = leaf_spans(live, clause) if known is None else known
        if isinstance(clause, whoosh_spans.SpanNear2):
            # What people look for are the words, not the stretch between them.
            parts = [_spans_within(part, evaluation, number, docs) for part in clause.qs]
            return _only_inside(parts, spans, begins, limits)
    return _slices(spans, begins, limits)


def _places_near(
    live: LiveSegment, term: int, begins: NDArray[np.uint32], limits: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the places of a term in the chunks that some stretches of the line touch."""
    places = live.segment.places
    if places.size(term) <= 4096:
        return places.decode(term)
    first, last = begins >> CHUNK_BITS, np.maximum(limits, 1) - 1 >> CHUNK_BITS
    if (first == last).all():
        wanted = np.unique(first)
    else:
        chunks = [np.arange(a, b + 1) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        wanted = np.unique(np.concatenate(chunks)).astype(np.uint32)
    return places.decode_chunks(term, wanted)[0]


def _slices(spans: Spans, begins: NDArray[np.uint32], limits: NDArray[np.uint32]) -> Spans:
    """Keep the stretches that begin within one of some intervals of the line."""
    low = spans.starts.searchsorted(begins)
    counts = spans.starts.searchsorted(limits) - low
    ends = counts.cumsum()
    at = (low - ends + counts).repeat(counts)
    at += np.arange(len(at))
    return Spans(spans.starts[at], spans.ends[at])


def _only_inside(
    parts: Sequence[Spans],
    around: Spans,
    begins: NDArray[np.uint32],
    limits: NDArray[np.uint32],
) -> Spans:
    """Keep the parts that lie within the stretches found *around* them."""
    around = _slices(around, begins, limits)
    reach = np.maximum.accumulate(around.ends) if len(around.ends) else around.ends
    starts, ends = [], []
    for part in parts:
        at = np.searchsorted(around.starts, part.starts, side="right") - 1
        inside = (at >= 0) & (part.ends <= reach[np.maximum(at, 0)]) if len(reach) else at >= 0
        starts.append(part.starts[inside])
        ends.append(part.ends[inside])
    joined = np.concatenate(starts)
    order = np.argsort(joined, kind="stable")
    return Spans(joined[order], np.concatenate(ends)[order])


def _read(live: LiveSegment, docs: NDArray[np.int64], chosen: Sequence[_Chosen]) -> list[Passage]:
    """Read the chosen passages, find their words again and mark them."""
    segment = live.segment
    numbers = [c.passage for c in chosen]
    texts = segment.text.read(numbers)
    word_starts, word_ends, firsts = _words_of(texts)
    places = segment.passage_starts[numbers].tolist()
    chars = segment.passage_chars[numbers].tolist()
    cited = _Citations(live)
    result = []
    for n, (item, text) in enumerate(zip(chosen, texts, strict=True)):
        shift, last = firsts[n] - places[n], firsts[n + 1] - 1
        marks = []
        for start, end in item.spans:
            if start + shift > last:
                raise CorruptIndexError(segment.path, f"passage {item.passage} has too few words")
            # A phrase may run on into the next passage; here it is marked to the end.
            marks.append((word_starts[start + shift], word_ends[min(end + shift, last)]))
        doc_id = int(docs[item.hit])
        page, section, citation = cited.at(doc_id, places[n])
        shown = text.strip()
        lead = text.find(shown) if shown else 0
        start = chars[n] + lead
        result.append(
            Passage(
                text=shown,
                start=start,
                end=start + len(shown),
                page=page,
                section=section,
                marks=tuple((s - lead, e - lead) for s, e in _merged(marks)),
                citation=citation,
                score=item.score,
            )
        )
    return result


def _words_of(texts: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
    """Cut texts into words: start and end of each in its text, and each text's first word."""
    joined = "\n".join(texts)
    bounds = word_bounds(joined)
    pieces = [Normalised(text) for text in texts]
    if bounds.need_normalising() or any(hyphen in joined for hyphen in LINE_END_HYPHENS):
        pieces = [normalise(text) for text in texts]
        bounds = word_bounds("\n".join(piece.text for piece in pieces))
    begins = np.fromiter(
        accumulate((len(piece.text) + 1 for piece in pieces), initial=0), np.int64, len(pieces) + 1
    )
    firsts = bounds.starts.searchsorted(begins)
    owner = begins[:-1].repeat(np.diff(firsts))
    starts, ends = bounds.starts - owner, bounds.ends - owner
    for n, piece in enumerate(pieces):
        if piece.starts is not None:
            own = slice(int(firsts[n]), int(firsts[n + 1]))
            starts[own] = piece.original_starts(starts[own])
            ends[own] = piece.original_ends(ends[own])
    return starts.tolist(), ends.tolist(), firsts.tolist()


def _merged(bounds: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort marks and join those that overlap."""
    marks: list[tuple[int, int]] = []
    for start, end in sorted(bounds):
        if marks and start < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return marks


class _Citations:
    """How to refer to places of a segment: number or title, page, section."""

    def __init__(self, live: LiveSegment) -> None:
        self._segment = live.segment
        self._names: dict[int, str | None] = {}

    def at(self, doc_id: int, place: int) -> tuple[str | None, str | None, str | None]:
        """Return page, section and citation of one place of a document."""
        segment = self._segment
        page = segment.pages.label_at(doc_id, place)
        section = segment.sections.label_at(doc_id, place)
        if doc_id not in self._names:
            number = segment.value("number", doc_id)
            self._names[doc_id] = number or segment.value("title", doc_id)
        name = self._names[doc_id]
        if not page and not section:
            return page, section, name
        parts = [name, f"s. {page}" if page else None, f"avsnitt {section}" if section else None]
        return page, section, ", ".join(part for part in parts if part)
