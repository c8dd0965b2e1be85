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

import numpy as np
from numpy.typing import NDArray
from whoosh import query
from whoosh.query import spans as whoosh_spans

from searchkit.analysis import normalise, tokenize
from searchkit.analysis.normalise import Normalised, needs_normalising
from searchkit.errors import CorruptIndexError
from searchkit.index import LiveSegment
from searchkit.index.lists import CHUNK_BITS
from searchkit.model import Passage
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
    found = [_spans_within(clause, evaluation, number, docs) for clause in clauses]
    starts = np.concatenate([f.starts for f in found] or [np.zeros(0, np.uint32)])
    ends = np.concatenate([f.ends for f in found] or [np.zeros(0, np.uint32)])
    clause_of = np.repeat(np.arange(len(found)), [len(f.starts) for f in found])
    passage_of = np.searchsorted(segment.passage_starts, starts, side="right") - 1
    weights = np.array([evaluation.leaf(clause)[1] for clause in clauses])
    passages, scores = _score(passage_of, clause_of, weights)
    firsts = segment.doc_passages[docs].astype(np.int64)
    lasts = segment.doc_passages[docs + 1].astype(np.int64)
    lows = np.searchsorted(passages, firsts).tolist()
    highs = np.searchsorted(passages, lasts).tolist()
    by_passage = np.argsort(passage_of, kind="stable")
    sorted_passages = passage_of[by_passage]
    chosen = []
    for hit, (low, high) in enumerate(zip(lows, highs, strict=True)):
        if low == high:
            chosen.append(_Chosen(hit, int(firsts[hit]), 0.0, []))
            continue
        best = low + np.argsort(-scores[low:high], kind="stable")[:most]
        for at in best.tolist():
            passage = int(passages[at])
            a, b = np.searchsorted(sorted_passages, (passage, passage + 1)).tolist()
            these = by_passage[a:b]
            spans = list(zip(starts[these].tolist(), ends[these].tolist(), strict=True))
            chosen.append(_Chosen(hit, passage, float(scores[at]), spans))
    return chosen


def _score(
    passage_of: NDArray[np.int64], clause_of: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the distinct passages, ascending, and the score of each."""
    count = max(1, len(weights))
    pairs, times = np.unique(passage_of * count + clause_of, return_counts=True)
    gains = weights[pairs % count] * (times / (times + 1.0)) if len(weights) else times * 0.0
    of_pair = pairs // count
    new = np.flatnonzero(np.diff(of_pair, prepend=-1))
    if not len(new):
        return of_pair, gains
    return of_pair[new], np.add.reduceat(gains, new)


def _spans_within(
    clause: query.Query, evaluation: Evaluation, number: int, docs: NDArray[np.int64]
) -> Spans:
    """Return where *clause* stands in the bodies of *docs*."""
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
    low = np.searchsorted(spans.starts, begins)
    high = np.searchsorted(spans.starts, limits)
    counts = high - low
    at = np.arange(counts.sum()) + np.repeat(low - (np.cumsum(counts) - counts), counts)
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
    texts = [
        segment.text.passages(c.passage, c.passage + 1)[0].decode("utf-8", "replace")
        for c in chosen
    ]
    word_starts, word_ends, firsts = _words_of(texts)
    result = []
    for n, (item, text) in enumerate(zip(chosen, texts, strict=True)):
        doc_id = int(docs[item.hit])
        place = segment.passage_starts.item(item.passage)
        bounds = [
            (word_starts[firsts[n] + start - place], word_ends[_last(firsts, n, end - place)])
            for start, end in item.spans
            if firsts[n] + start - place < firsts[n + 1]
        ]
        if len(bounds) < len(item.spans):
            raise CorruptIndexError(segment.path, f"passage {item.passage} has too few words")
        result.append(_passage(live, doc_id, item, text, _merged(bounds)))
    return result


def _last(firsts: Sequence[int], passage: int, offset: int) -> int:
    """Return the word *offset* of a passage, or its last: a phrase may run into the next one."""
    return min(firsts[passage] + offset, firsts[passage + 1] - 1)


def _words_of(texts: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
    """Cut texts into words: start and end of each in its text, and each text's first word."""
    pieces = [normalise(text) if needs_normalising(text) else Normalised(text) for text in texts]
    tokens = tokenize("\n".join(piece.text for piece in pieces))
    lengths = np.fromiter((len(piece.text) + 1 for piece in pieces), np.int64, len(pieces))
    begins = np.cumsum(lengths) - lengths
    firsts = np.searchsorted(tokens.starts, np.append(begins, begins[-1:] + lengths[-1:]))
    owner = np.repeat(begins, np.diff(firsts))
    starts, ends = tokens.starts - owner, tokens.ends - owner
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


def _passage(
    live: LiveSegment, doc_id: int, item: _Chosen, text: str, marks: list[tuple[int, int]]
) -> Passage:
    segment = live.segment
    lead = len(text) - len(text.lstrip())
    shown = text.strip()
    start = segment.passage_chars.item(item.passage) + lead
    place = segment.passage_starts.item(item.passage)
    page = segment.pages.label_at(doc_id, place)
    section = segment.sections.label_at(doc_id, place)
    return Passage(
        text=shown,
        start=start,
        end=start + len(shown),
        page=page,
        section=section,
        marks=tuple((s - lead, e - lead) for s, e in marks),
        citation=_citation(live, doc_id, page, section),
        score=item.score,
    )


def _citation(live: LiveSegment, doc_id: int, page: str | None, section: str | None) -> str | None:
    """Return how to refer to a passage: number or title, page, section."""
    segment = live.segment
    parts = [segment.value("number", doc_id) or segment.value("title", doc_id)]
    parts.append(f"s. {page}" if page else None)
    parts.append(f"avsnitt {section}" if section else None)
    return ", ".join(part for part in parts if part) or None
