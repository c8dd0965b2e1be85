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

from searchkit.analysis import normalise, word_bounds
from searchkit.analysis.tokenize import odd_offsets
from searchkit.errors import CorruptIndexError
from searchkit.index import LiveSegment, Segment
from searchkit.index.lists import CHUNK_BITS
from searchkit.model import Passage
from searchkit.query.arrays import Ids, top_k
from searchkit.query.evaluate import Evaluation, is_leaf, leaf_spans, text_of
from searchkit.query.leaves import Spans

_SHORT_LIST = 4096


@dataclass(frozen=True, slots=True)
class _Window:
    """The bodies of H documents on the line, in ascending order: where to look for places."""

    begins: NDArray[np.uint32]
    limits: NDArray[np.uint32]
    chunks: NDArray[np.uint32]
    """The chunks (see :mod:`searchkit.index.lists`) that they touch, ascending."""

    @classmethod
    def of(cls, segment: Segment, docs: NDArray[np.int64]) -> _Window:
        begins, limits = segment.body_starts[docs], segment.doc_starts[docs + 1]
        first, last = begins >> CHUNK_BITS, limits >> CHUNK_BITS
        longest = int((last - first).max())
        touched = [np.minimum(first + n, last) for n in range(longest + 1)]
        return cls(begins, limits, np.unique(np.concatenate(touched)))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """C passages to be shown, those of one document together, best first."""

    hits: list[int]
    """(C,) which of the documents each belongs to."""
    passages: list[int]
    """(C,) its number in the segment."""
    scores: list[float]


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
            window = _Window.of(live.segment, np.sort(ids))
            found = [_spans_within(clause, evaluation, number, window) for clause in clauses]
            weights = [evaluation.leaf(clause)[1] for clause in clauses]
            chosen = _choose(live.segment, ids, found, weights, most)
            for hit, passage in zip(chosen.hits, _read(live, ids, chosen, found), strict=True):
                result[own[hit]] += (passage,)
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
    segment: Segment,
    docs: NDArray[np.int64],
    found: Sequence[Spans],
    weights: Sequence[float],
    most: int,
) -> _Chosen:
    """Choose the best passages of each document of one segment."""
    passages, scores = _score(segment.passage_starts, found, weights)
    firsts = segment.doc_passages[docs]
    lows = passages.searchsorted(firsts).tolist()
    highs = passages.searchsorted(segment.doc_passages[docs + 1]).tolist()
    chosen = _Chosen([], [], [])
    for hit, (low, high) in enumerate(zip(lows, highs, strict=True)):
        if low == high:
            best, numbers, gains = [0], [firsts.item(hit)], [0.0]
        elif most == 1:
            at = low + int(scores[low:high].argmax())
            best, numbers, gains = [0], [passages.item(at)], [scores.item(at)]
        else:
            best = top_k(scores[low:high], most).tolist()
            numbers, gains = passages[low:high].tolist(), scores[low:high].tolist()
        for at in best:
            chosen.hits.append(hit)
            chosen.passages.append(numbers[at])
            chosen.scores.append(gains[at])
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
    key = keys[0]
    if count > 1:
        key = np.concatenate(keys)
        key.sort()
    first = _firsts(key)
    ends = np.append(first[1:], len(key))
    times = (ends - first).astype(np.float32)
    gains = times / (times + np.float32(1.0))
    passages = key[first]
    if count == 1:
        return passages, gains * np.float32(weights[0])
    gains *= np.array(weights, np.float32)[passages % count]
    passages //= count
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


def _spans_within(
    clause: query.Query, evaluation: Evaluation, number: int, window: _Window
) -> Spans:
    """Return where *clause* stands in the bodies of the window."""
    live = evaluation.snapshot.segments[number]
    segment = live.segment
    if isinstance(clause, query.Term) and clause.fieldname == "content":
        term = segment.term_id(text_of(clause))
        if term is None:
            return Spans(window.begins[:0], window.begins[:0])
        # Decoding a short list whole is cheaper than finding the chunks wanted.
        if segment.places.size(term) <= _SHORT_LIST:
            places = segment.places.decode(term)
        else:
            places = segment.places.decode_chunks(term, window.chunks)[0]
        places = places[_inside(places, window)]
        return Spans(places, places)
    postings = evaluation.leaf(clause)[0][number]
    known = None if postings is None else postings.spans
    spans = leaf_spans(live, clause) if known is None else known
    if isinstance(clause, whoosh_spans.SpanNear2):
        # What people look for are the words, not the stretch between them.
        parts = [_spans_within(part, evaluation, number, window) for part in clause.qs]
        return _only_inside(parts, spans, window)
    at = _inside(spans.starts, window)
    return Spans(spans.starts[at], spans.ends[at])


def _inside(starts: Ids, window: _Window) -> NDArray[np.int64]:
    """Return which of ascending places lie within the window."""
    return _stretches(starts.searchsorted(window.begins), starts.searchsorted(window.limits))


def _stretches(lows: NDArray[np.int64], highs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers low … high - 1 of each pair, one stretch after the other."""
    counts = highs - lows
    ends = counts.cumsum()
    numbers: NDArray[np.int64] = (lows - ends + counts).repeat(counts)
    numbers += np.arange(len(numbers))
    return numbers


def _only_inside(parts: Sequence[Spans], around: Spans, window: _Window) -> Spans:
    """Keep the parts that lie within the stretches found *around* them."""
    kept = _inside(around.starts, window)
    around = Spans(around.starts[kept], around.ends[kept])
    reach = np.maximum.accumulate(around.ends) if len(around.ends) else around.ends
    starts: list[Ids] = []
    ends: list[Ids] = []
    for part in parts:
        at = np.searchsorted(around.starts, part.starts, side="right") - 1
        inside = (at >= 0) & (part.ends <= reach[np.maximum(at, 0)]) if len(reach) else at >= 0
        starts.append(part.starts[inside])
        ends.append(part.ends[inside])
    joined, last = np.concatenate(starts), np.concatenate(ends)
    order = joined.argsort(kind="stable")
    return Spans(joined[order], last[order])


def _read(
    live: LiveSegment, docs: NDArray[np.int64], chosen: _Chosen, found: Sequence[Spans]
) -> list[Passage]:
    """Read the chosen passages, find their words again and mark them."""
    segment = live.segment
    texts = segment.text.read(chosen.passages)
    places = segment.passage_starts[chosen.passages]
    chars = segment.passage_chars[chosen.passages].tolist()
    marks = _marks(segment, chosen.passages, places, texts, found)
    cited = _Citations(live)
    result = []
    for n, (place, text) in enumerate(zip(places.tolist(), texts, strict=True)):
        page, section, citation = cited.at(docs.item(chosen.hits[n]), place)
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
                marks=tuple([(s - lead, e - lead) for s, e in marks[n]]),
                citation=citation,
                score=chosen.scores[n],
            )
        )
    return result


def _marks(
    segment: Segment,
    passages: Sequence[int],
    places: NDArray[np.uint32],
    texts: Sequence[str],
    found: Sequence[Spans],
) -> list[list[tuple[int, int]]]:
    """Return the marks of each passage, in code points of its text."""
    following = np.array(passages, np.int64) + 1
    limits = segment.passage_starts.take(following, mode="clip")
    limits[following == len(segment.passage_starts)] = segment.tokens
    owners: list[NDArray[np.int64]] = []
    starts: list[Ids] = []
    ends: list[Ids] = []
    for spans in found:
        lows, highs = spans.starts.searchsorted(places), spans.starts.searchsorted(limits)
        at = _stretches(lows, highs)
        owners.append(np.arange(len(places)).repeat(highs - lows))
        starts.append(spans.starts[at])
        ends.append(spans.ends[at])
    marks: list[list[tuple[int, int]]] = [[] for _ in passages]
    if not owners:
        return marks
    owner = np.concatenate(owners)
    word_starts, word_ends, firsts = _words_of(texts)
    shift = (firsts[:-1] - places)[owner]
    last = firsts[1:][owner] - 1
    first_word = np.concatenate(starts) + shift
    if (first_word > last).any():
        raise CorruptIndexError(segment.path, "a passage has fewer words than its table says")
    # A phrase may run on into the next passage; here it is marked to the end.
    last_word = np.minimum(np.concatenate(ends) + shift, last)
    bounds = zip(word_starts[first_word].tolist(), word_ends[last_word].tolist(), strict=True)
    for number, bound in zip(owner.tolist(), bounds, strict=True):
        marks[number].append(bound)
    return list(map(_merged, marks))


def _words_of(
    texts: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """
    Cut texts into words.

    Returns:
        (W,) start and (W,) end of each word in its text, and (len(texts) + 1,)
        the first word of each text.
    """
    joined = "\n".join(texts)
    bounds = word_bounds(joined)
    pieces = None
    lengths = map(len, texts)
    if odd_offsets(bounds.codes).size:
        pieces = [normalise(text) for text in texts]
        normal = [piece.text for piece in pieces]
        bounds = word_bounds("\n".join(normal))
        lengths = map(len, normal)
    begins = np.array([0, *accumulate(length + 1 for length in lengths)], np.int64)
    firsts = bounds.starts.searchsorted(begins)
    owner = begins[:-1].repeat(firsts[1:] - firsts[:-1])
    starts, ends = bounds.starts - owner, bounds.ends - owner
    for n, piece in enumerate(pieces or ()):
        own = slice(int(firsts[n]), int(firsts[n + 1]))
        starts[own] = piece.original_starts(starts[own])
        ends[own] = piece.original_ends(ends[own])
    return starts, ends, firsts


def _merged(bounds: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort marks and join those that overlap."""
    if len(bounds) < 2:
        return bounds
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
        self._has_outline = bool(len(live.segment.pages.starts) + len(live.segment.sections.starts))
        self._names: dict[int, str | None] = {}

    def at(self, doc_id: int, place: int) -> tuple[str | None, str | None, str | None]:
        """Return page, section and citation of one place of a document."""
        segment = self._segment
        page = section = None
        if self._has_outline:
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
