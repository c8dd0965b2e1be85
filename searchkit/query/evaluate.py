"""
Which documents answer, and how well?

``evaluate`` is a single dispatch over Whoosh's query classes that works on
whole arrays, one segment at a time; its default lets Whoosh's own matcher run
over our reader, so nothing is unsupported. Leaves are ranked by BM25F with
statistics of the whole snapshot; a joint adds the scores of its clauses;
metadata only filters and adds nothing.

Invariant: the documents of every :class:`Matches` ascend and are live.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query
from whoosh.query import spans as whoosh_spans
from whoosh.query.qcore import _NullQuery

from searchkit.index import LiveSegment, Snapshot
from searchkit.index.weights import IMPACT_OF_CODE
from searchkit.query import patterns
from searchkit.query.arrays import Ids, accumulator, meet, without
from searchkit.query.leaves import (
    Postings,
    Spans,
    counted,
    phrase_spans,
    term_postings,
    word_places,
    word_spans,
)
from searchkit.query.near import near_spans
from searchkit.query.syntax import TEXT_COLUMNS


@dataclass(slots=True)
class Matches:
    """Documents of one segment and their scores, both (M,)."""

    docs: Ids
    scores: NDArray[np.float32]


class Evaluation:
    """
    One query being answered on one snapshot.

    A leaf is worked out once, in all segments together, since its weight
    depends on how many documents hold it in the whole snapshot.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._leaves: dict[int, tuple[query.Query, list[Postings | None], float]] = {}
        self._drained: dict[int, tuple[query.Query, Ids, NDArray[np.float32]]] = {}

    def leaf(self, node: query.Query) -> tuple[list[Postings | None], float]:
        """Return a leaf's posting list in each segment, and what its scores are multiplied by."""
        known = self._leaves.get(id(node))
        if known is None:
            find = _finder(node)
            found = [find(live) for live in self.snapshot.segments]
            frequency = sum(len(postings.docs) for postings in found if postings is not None)
            # Whoosh's span queries have no weight.
            factor = self.snapshot.idf(frequency) * getattr(node, "boost", 1.0)
            # The node is kept alive with its answer: its id is the key.
            known = self._leaves[id(node)] = (node, found, factor)
        return known[1], known[2]

    def drained(self, node: query.Query) -> tuple[Ids, NDArray[np.float32]]:
        """Return what Whoosh finds for *node*: documents of the snapshot, and their scores."""
        known = self._drained.get(id(node))
        if known is None:
            # Imported here: it takes 10 ms, and few queries come this way.
            from searchkit.index.whoosh_reader import drain

            known = self._drained[id(node)] = (node, *drain(node, self.snapshot))
        return known[1], known[2]

    def in_segment(self, number: int) -> SegmentEvaluation:
        """Return the evaluation of the snapshot's segment *number*."""
        return SegmentEvaluation(self, number)


@dataclass(slots=True)
class SegmentEvaluation:
    """One query being answered on one segment."""

    whole: Evaluation
    number: int

    @property
    def live(self) -> LiveSegment:
        """The segment."""
        return self.whole.snapshot.segments[self.number]

    @property
    def size(self) -> int:
        """Documents in the segment, deleted ones included."""
        return self.live.segment.document_count

    def leaf(self, node: query.Query) -> tuple[Postings | None, float]:
        """Return a leaf's posting list in this segment, and its factor."""
        postings, factor = self.whole.leaf(node)
        return postings[self.number], factor

    def bound(self, node: query.Query) -> float:
        """Return the greatest impact of a leaf's postings in this segment."""
        live = self.live
        if isinstance(node, query.Term) and node.fieldname == "content":
            term = live.segment.term_id(text_of(node))
            if term is not None:
                return IMPACT_OF_CODE.item(live.segment.term_bounds.item(term))
        return 1.0

    def everything(self) -> Ids:
        """Return all live documents."""
        if self.live.alive is None:
            return np.arange(self.size)
        return np.flatnonzero(self.live.alive)

    def filtered(self, docs: Ids) -> Matches:
        """Return the live ones of *docs*, scored 0."""
        if self.live.alive is not None:
            docs = docs[self.live.alive[docs]]
        return Matches(docs, np.zeros(len(docs), np.float32))


def is_leaf(node: query.Query) -> bool:
    """Tell whether *node* is ranked as one term: a word, phrase or pattern of a text column."""
    if isinstance(node, whoosh_spans.SpanNear2):
        return node.mindist <= 1 and all(is_leaf(clause) for clause in node.qs)
    return isinstance(node, _RANKED_LEAVES) and node.fieldname in TEXT_COLUMNS


_RANKED_LEAVES = (query.Term, query.Phrase, query.PatternQuery, query.FuzzyTerm, query.TermRange)


def _finder(node: query.Query) -> Callable[[LiveSegment], Postings | None]:
    """Return what works out a leaf in one segment."""
    if isinstance(node, query.Term) and node.fieldname == "content":
        term = text_of(node)
        return lambda live: term_postings(live, term)
    return lambda live: counted(live, leaf_spans(live, node))


def leaf_spans(live: LiveSegment, node: query.Query) -> Spans:
    """Return where a leaf stands in one segment, whether its documents are live or not."""
    if isinstance(node, whoosh_spans.SpanNear2):
        clauses = [leaf_spans(live, clause) for clause in node.qs]
        overlapping = node.mindist == 0
        return near_spans(
            live, clauses, slop=node.slop, ordered=node.ordered, overlapping=overlapping
        )
    if isinstance(node, query.Phrase):
        columns = [word_places(live, node.fieldname, word) for word in node.words]
        return phrase_spans(live, columns, node.slop)
    if isinstance(node, query.Term):
        return word_spans(live, node.fieldname, text_of(node))
    places = patterns.places(live, node)
    return Spans(places, places)


def text_of(node: query.Term) -> str:
    """Return the text of a term query as a string."""
    return node.text.decode("utf-8", "replace") if isinstance(node.text, bytes) else str(node.text)


@singledispatch
def evaluate(node: query.Query, segment: SegmentEvaluation) -> Matches:
    """
    Return the live documents of one segment that match *node*, scored.

    The default, for query classes without an answer of their own here, drains
    Whoosh's matcher over our reader.
    """
    if is_leaf(node):
        return _evaluate_leaf(node, segment)
    docs, scores = segment.whole.drained(node)
    base = segment.live.base
    first, last = docs.searchsorted((base, base + segment.size)).tolist()
    return Matches(docs[first:last] - base, scores[first:last])


def _evaluate_leaf(node: query.Query, segment: SegmentEvaluation) -> Matches:
    postings, factor = segment.leaf(node)
    if postings is None:
        return _nothing()
    return Matches(postings.docs, postings.scores(factor))


def _nothing() -> Matches:
    return Matches(np.zeros(0, np.int64), np.zeros(0, np.float32))


@evaluate.register
def _(node: query.Term, segment: SegmentEvaluation) -> Matches:
    if is_leaf(node):
        return _evaluate_leaf(node, segment)
    return segment.filtered(patterns.column_documents(segment.live, node.fieldname, text_of(node)))


@evaluate.register
def _(node: query.Prefix, segment: SegmentEvaluation) -> Matches:
    if is_leaf(node):
        return _evaluate_leaf(node, segment)
    found = patterns.column_documents(segment.live, node.fieldname, node.text, prefix=True)
    return segment.filtered(found)


@evaluate.register
def _(node: query.NumericRange, segment: SegmentEvaluation) -> Matches:
    dates = segment.live.segment.dates
    # 0 is no date, whatever the interval.
    low = 1 if node.start is None else max(1, int(node.start) + bool(node.startexcl))
    high = 99999999 if node.end is None else int(node.end) - bool(node.endexcl)
    return segment.filtered(np.flatnonzero((dates >= low) & (dates <= high)))


@evaluate.register
def _(node: query.Every, segment: SegmentEvaluation) -> Matches:
    docs = segment.everything()
    if node.fieldname is not None:
        docs = docs[patterns.has_value(segment.live, node.fieldname)[docs]]
    return Matches(docs, np.zeros(len(docs), np.float32))


@evaluate.register
def _(node: _NullQuery, segment: SegmentEvaluation) -> Matches:
    return _nothing()


@evaluate.register
def _(node: query.And, segment: SegmentEvaluation) -> Matches:
    wanted = [clause for clause in node.subqueries if not isinstance(clause, query.Not)]
    excluded = [clause.query for clause in node.subqueries if isinstance(clause, query.Not)]
    matches = _all_of(wanted, segment) if wanted else evaluate(query.Every(), segment)
    for clause in excluded:
        matches = _subtract(matches, evaluate(clause, segment), segment.size)
    return _boosted(matches, node)


@evaluate.register
def _(node: query.Or, segment: SegmentEvaluation) -> Matches:
    scores, matched = union_scores(node.subqueries, segment)
    docs = np.flatnonzero(matched)
    return _boosted(Matches(docs, scores[docs]), node)


def union_scores(
    clauses: Sequence[query.Query], segment: SegmentEvaluation
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return, for every document of the segment, its summed score and whether it matched."""
    found = [evaluate(clause, segment) for clause in scoring_order(clauses, segment.whole)]
    # Only now: a clause may itself be a union and use this thread's accumulator.
    scores = accumulator(segment.size)
    matched = np.zeros(segment.size, bool)
    for matches in found:
        scores[matches.docs] += matches.scores
        matched[matches.docs] = True
    return scores, matched


@evaluate.register
def _(node: query.Not, segment: SegmentEvaluation) -> Matches:
    everything = evaluate(query.Every(), segment)
    return _subtract(everything, evaluate(node.query, segment), segment.size)


@evaluate.register
def _(node: query.AndNot, segment: SegmentEvaluation) -> Matches:
    return _subtract(evaluate(node.a, segment), evaluate(node.b, segment), segment.size)


@evaluate.register
def _(node: query.AndMaybe, segment: SegmentEvaluation) -> Matches:
    required, optional = evaluate(node.a, segment), evaluate(node.b, segment)
    in_required, in_optional = meet(required.docs, optional.docs, segment.size)
    scores = required.scores.copy()
    scores[in_required] += optional.scores[in_optional]
    return Matches(required.docs, scores)


@evaluate.register
def _(node: query.Require, segment: SegmentEvaluation) -> Matches:
    scored, required = evaluate(node.a, segment), evaluate(node.b, segment)
    kept, _ = meet(scored.docs, required.docs, segment.size)
    return Matches(scored.docs[kept], scored.scores[kept])


@evaluate.register
def _(node: query.ConstantScoreQuery, segment: SegmentEvaluation) -> Matches:
    docs = evaluate(node.child, segment).docs
    return Matches(docs, np.full(len(docs), node.score, np.float32))


def scoring_order(clauses: Sequence[query.Query], evaluation: Evaluation) -> Sequence[query.Query]:
    """
    Return clauses in the order in which their scores are to be added.

    The most telling first, by weights of the whole snapshot: the sum comes out
    the same to the last bit in every segment, however many there are.
    """
    if not all(map(is_leaf, clauses)):
        return clauses
    return sorted(clauses, key=lambda clause: -evaluation.leaf(clause)[1])


def _all_of(clauses: Sequence[query.Query], segment: SegmentEvaluation) -> Matches:
    """Intersect clauses, the rarest first; only common documents are scored."""
    found: list[tuple[Ids, Callable[[NDArray[np.int64]], NDArray[np.float32]]]] = []
    for clause in clauses:
        if is_leaf(clause):
            postings, factor = segment.leaf(clause)
            if postings is None:
                return _nothing()
            found.append((postings.docs, partial(postings.scores, factor)))
        else:
            matches = evaluate(clause, segment)
            found.append((matches.docs, matches.scores.__getitem__))
    order = sorted(range(len(found)), key=lambda n: len(found[n][0]))
    docs = found[order[0]][0]
    at: dict[int, NDArray[np.int64]] = {order[0]: np.arange(len(docs))}
    for n in order[1:]:
        kept, theirs = meet(docs, found[n][0], segment.size)
        docs = docs[kept]
        at = {m: index[kept] for m, index in at.items()}
        at[n] = theirs
    # Added in the order of the query, so that the sum does not depend on frequencies.
    scores = np.zeros(len(docs), np.float32)
    for n, (_, score) in enumerate(found):
        scores += score(at[n])
    return Matches(docs, scores)


def _subtract(matches: Matches, unwanted: Matches, size: int) -> Matches:
    kept = without(matches.docs, unwanted.docs, size)
    return Matches(matches.docs[kept], matches.scores[kept])


def _boosted(matches: Matches, node: query.Query) -> Matches:
    boost: Any = getattr(node, "boost", 1.0)
    if boost != 1.0:
        return Matches(matches.docs, matches.scores * np.float32(boost))
    return matches
