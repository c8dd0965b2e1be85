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

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh import query
from whoosh.query import spans as whoosh_spans

from searchkit.analysis.runs import begins_run
from searchkit.index import LiveSegment, Segment
from searchkit.model import Passage
from searchkit.query.arrays import top_k
from searchkit.query.citations import Citations
from searchkit.query.evaluate import Evaluation, is_leaf, leaf_spans, text_of
from searchkit.query.leaves import INNER_WEIGHT, Spans
from searchkit.query.marks import Found, marks_of
from searchkit.query.syntax import Hint
from searchkit.query.window import Window, places_within

_WORD = re.compile(r"[^\W_]")


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
            window = _bodies(live.segment, np.sort(ids))
            found = _typed_or_hints(clauses, evaluation, number, window)
            chosen = _choose(live.segment, ids, found, most)
            for hit, passage in zip(chosen.hits, _read(live, ids, chosen, found), strict=True):
                result[own[hit]] += (passage,)
    return result


def _bodies(segment: Segment, docs: NDArray[np.int64]) -> Window:
    """Return the bodies of some documents of a segment, which ascend."""
    return Window.of(segment.body_starts[docs], segment.doc_starts[docs + 1])


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
    found: Sequence[Found],
    most: int,
) -> _Chosen:
    """Choose the best passages of each document of one segment."""
    passages, scores = _score(segment.passage_starts, found)
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
    passage_starts: NDArray[np.uint32], found: Sequence[Found]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the distinct passages that *found* touches, ascending, and the score of each."""
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    count = len(found)
    keys = [
        (passage_starts.searchsorted(one.spans.starts, side="right") - 1) * count + n
        for n, one in enumerate(found)
    ]
    key = keys[0]
    if count > 1:
        key = np.concatenate(keys)
        key.sort()
    first = begins_run(key).nonzero()[0]
    ends = np.append(first[1:], len(key))
    times = (ends - first).astype(np.float32)
    gains = times / (times + np.float32(1.0))
    passages = key[first]
    if count == 1:
        return passages, gains * np.float32(found[0].weight)
    gains *= np.array([one.weight for one in found], np.float32)[passages % count]
    passages //= count
    first = begins_run(passages).nonzero()[0]
    if not len(first):
        return passages, gains
    return passages[first], np.add.reduceat(gains, first)


def _typed_or_hints(
    clauses: Sequence[query.Query], evaluation: Evaluation, number: int, window: Window
) -> list[Found]:
    """Return where clauses stand; hints only in the documents that hold nothing that was typed."""
    hints = [clause for clause in clauses if isinstance(clause, Hint)]
    typed = [clause for clause in clauses if not isinstance(clause, Hint)]
    found = [one for clause in typed for one in _found(clause, evaluation, number, window)]
    if hints:
        held = np.zeros(len(window.begins), bool)
        for one in found:
            starts = one.spans.starts
            held |= starts.searchsorted(window.limits) > starts.searchsorted(window.begins)
        if not held.all():
            rest = Window.of(window.begins[~held], window.limits[~held])
            found += [one for hint in hints for one in _found(hint, evaluation, number, rest)]
    return found


def _found(
    clause: query.Query, evaluation: Evaluation, number: int, window: Window
) -> Iterable[Found]:
    """Yield where *clause* stands in the bodies of the window, whole words and inner ones."""
    weight = evaluation.leaf(clause)[1]
    if isinstance(clause, whoosh_spans.SpanNear2):
        # What people look for are the words, not the stretch between them.
        around = _spans_within(clause, evaluation, number, window)
        for part in clause.qs:
            for one in _found(part, evaluation, number, window):
                spans = _only_inside(one.spans, around)
                yield Found(spans, weight / len(clause.qs), one.inner)
        return
    if not (isinstance(clause, query.Term) and clause.fieldname == "content"):
        yield Found(_spans_within(clause, evaluation, number, window), weight)
        return
    segment = evaluation.snapshot.segments[number].segment
    term = segment.term_id(text_of(clause))
    if term is not None:
        places = places_within(segment.places, term, window)
        yield Found(Spans(places, places), weight)
        places = places_within(segment.inner, term, window)
        if len(places):
            yield Found(Spans(places, places), weight * INNER_WEIGHT, term)


def _spans_within(
    clause: query.Query, evaluation: Evaluation, number: int, window: Window
) -> Spans:
    """Return where *clause* stands in the bodies of the window."""
    live = evaluation.snapshot.segments[number]
    postings = evaluation.leaf(clause)[0][number]
    known = None if postings is None else postings.spans
    spans = leaf_spans(live, clause) if known is None else known
    at = window.inside(spans.starts)
    return Spans(spans.starts[at], spans.ends[at])


def _only_inside(spans: Spans, around: Spans) -> Spans:
    """Keep the stretches that lie within those found *around* them."""
    if not len(around.starts):
        return Spans(around.starts, around.ends)
    reach = np.maximum.accumulate(around.ends)
    at = np.searchsorted(around.starts, spans.starts, side="right") - 1
    inside = np.flatnonzero((at >= 0) & (spans.ends <= reach[np.maximum(at, 0)]))
    return Spans(spans.starts[inside], spans.ends[inside])


def _read(
    live: LiveSegment, docs: NDArray[np.int64], chosen: _Chosen, found: Sequence[Found]
) -> list[Passage]:
    """Read the chosen passages, find their words again and mark them."""
    segment = live.segment
    texts = segment.text.read(chosen.passages)
    chars = segment.passage_chars[chosen.passages].tolist()
    marks = marks_of(segment, chosen.passages, texts, found)
    cited = Citations(live)
    result = []
    for n, text in enumerate(texts):
        shown = text.strip()
        lead = text.find(shown) if shown else 0
        start = chars[n] + lead
        # A passage may run on into the next page or section: what was found stands at its mark.
        word = _WORD.search(shown)
        place = start + word.start() if word else start
        if marks[n]:
            place = chars[n] + marks[n][0][0]
        page, section, citation = cited.at(docs.item(chosen.hits[n]), place)
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
