"""
What must a search find, and with which score?

The slow way, document by document with dictionaries and loops, as the rules are
written down: the impact of the occurrences of a clause (a word, by itself or
inside another; or a phrase or a pattern as if it were a word), each weighted by
its field and its kind; a joint adds its clauses; metadata adds nothing. Shares
no code with the index or the query room but the constants, the byte that keeps
an impact, and the analyser.
"""

from __future__ import annotations

import fnmatch
import functools
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from whoosh import query
from whoosh.query import spans as whoosh_spans
from whoosh.query.qcore import _NullQuery

from searchkit.analysis import Analyzer, normalise, tokenize
from searchkit.analysis.context import ContextReader
from searchkit.analysis.parts import WHOLE, analyze_words
from searchkit.index.weights import (
    BODY_WEIGHT,
    IMPACT_OF_CODE,
    K1,
    KIND_WEIGHTS,
    LENGTH_EXPONENT,
    REFERENCE_LENGTH,
    TITLE_WEIGHT,
    encode_impacts,
)
from searchkit.model import Document
from searchkit.query.leaves import INNER_WEIGHT
from searchkit.query.rerank import DEPTH, PAIR_WEIGHT, REACH, neighbours

# Further from a title than any distance a query can allow.
BODY = 1_000_000
TEXT_COLUMNS = ("content", "exact", "title", "title_exact")

Span = tuple[int, int]


class Oracle:
    """Searches *documents*, which are numbered in the order given."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.places = [_places(document) for document in documents]
        self.inner = [_inner(document) for document in documents]
        self.lengths = [sum(_weight(place) for place, _, _ in own) for own in self.places]

    def search(self, tree: Any) -> dict[str, float]:
        """Return the score of each document that matches *tree*, by id."""
        found = self.matches(tree)
        # The order of equal scores is that of the index, so it must not matter here.
        assert len(found) <= DEPTH
        for one, other in neighbours(tree):
            weight = PAIR_WEIGHT * (self.idf(one) + self.idf(other)) / 2
            for n in found:
                places, others = (
                    [p for p, term, _ in self.places[n] if fits(word, term)]
                    for word in (one, other)
                )
                close = sum(
                    1 / abs(p - q) for p in places for q in others if 0 < abs(p - q) <= REACH
                )
                found[n] += weight * close / (close + 1)
        return {self.documents[n].id: score for n, score in found.items()}

    def idf(self, word: Any) -> float:
        """Return how telling a word is, times its boost."""
        frequency, count = len(self.ranked(word)), len(self.documents)
        return float(word.boost * math.log(1 + (count - frequency + 0.5) / (frequency + 0.5)))

    def matches(self, node: Any) -> dict[int, float]:
        """Return the score of each document that matches *node*, by number."""
        if is_ranked(node):
            return self.ranked(node)
        if isinstance(node, query.AndNot):
            return _without(self.matches(node.a), self.matches(node.b))
        if isinstance(node, query.Not):
            return _without(self.everything(), self.matches(node.query))
        if isinstance(node, query.AndMaybe):
            more = self.matches(node.b)
            return {n: score + more.get(n, 0.0) for n, score in self.matches(node.a).items()}
        if isinstance(node, query.Require):
            required = self.matches(node.b)
            return {n: score for n, score in self.matches(node.a).items() if n in required}
        if isinstance(node, query.ConstantScoreQuery):
            return dict.fromkeys(self.matches(node.child), node.score)
        if isinstance(node, query.And | query.Or):
            return self.joined(node)
        return {n: 0.0 for n, d in enumerate(self.documents) if self.is_met(node, n, d)}

    def joined(self, node: Any) -> dict[int, float]:
        wanted = [self.matches(q) for q in node.subqueries if not isinstance(q, query.Not)]
        found = wanted or [self.everything()]
        if isinstance(node, query.And):
            common = set.intersection(*map(set, found))
            for clause in node.subqueries:
                if isinstance(clause, query.Not):
                    common -= set(self.matches(clause.query))
        else:
            found = [self.matches(q) for q in node.subqueries]
            common = set().union(*found)
        return {n: node.boost * sum(one.get(n, 0.0) for one in found) for n in common}

    def everything(self) -> dict[int, float]:
        return dict.fromkeys(range(len(self.documents)), 0.0)

    def ranked(self, node: Any) -> dict[int, float]:
        """Score a clause that counts as one word."""
        impacts = {}
        is_word = isinstance(node, query.Term) and node.fieldname == "content"
        for n, own in enumerate(self.places):
            weight = sum(_weight(start) for start, _ in stretches(node, own, self.inner[n]))
            if isinstance(node, query.Term) and node.fieldname in ("content", "title"):
                weight = sum(_weight(start) for start, _ in stretches(node, own))
                for place, term, kind in self.inner[n]:
                    if fits(node, term) and (is_word or place < BODY):
                        weight += _weight(place) * (KIND_WEIGHTS[kind] if is_word else INNER_WEIGHT)
            if weight:
                impacts[n] = weight / (weight + self.norm(n))
        if is_word:
            impacts = {n: _as_kept(impact) for n, impact in impacts.items()}
        count = len(self.documents)
        idf = math.log(1 + (count - len(impacts) + 0.5) / (len(impacts) + 0.5))
        return {n: node.boost * idf * impact for n, impact in impacts.items()}

    def norm(self, n: int) -> float:
        return K1 * (max(1.0, self.lengths[n]) / REFERENCE_LENGTH) ** LENGTH_EXPONENT

    def is_met(self, node: Any, n: int, document: Document) -> bool:
        """Tell whether a document meets a condition that adds no score."""
        if isinstance(node, _NullQuery):
            return False
        if isinstance(node, query.Every) and node.fieldname in (None, *TEXT_COLUMNS):
            is_title = (node.fieldname or "").startswith("title")
            places = [p for p, _, _ in self.places[n] if p < BODY or not is_title]
            return node.fieldname is None or bool(places)
        if isinstance(node, query.NumericRange):
            day = _day(document.date)
            low = -1 if node.start is None else node.start
            high = math.inf if node.end is None else node.end
            return day is not None and low <= day <= high
        value = _value(document, node.fieldname)
        return value is not None and (isinstance(node, query.Every) or fits(node, value.lower()))


def is_ranked(node: Any) -> bool:
    if isinstance(node, whoosh_spans.SpanNear2):
        return True
    return getattr(node, "fieldname", None) in TEXT_COLUMNS and not isinstance(node, query.Every)


def stretches(
    node: Any, places: list[tuple[int, str, str]], inner: list[tuple[int, str, int]] | None = None
) -> list[Span]:
    """Return the first and last place of each stretch of one document that *node* fits."""
    if isinstance(node, whoosh_spans.SpanNear2):
        found = stretches(node.qs[0], places, inner)
        for clause in node.qs[1:]:
            others = stretches(clause, places, inner)
            pairs = [(a, b) for a in found for b in others if _is_near(node, a, b)]
            found = sorted({(min(a[0], b[0]), max(a[1], b[1])) for a, b in pairs})
        return found
    texts = [(p, term if node.fieldname in ("content", "title") else word)
             for p, term, word in places
             if p < BODY or not node.fieldname.startswith("title")]  # fmt: skip
    if isinstance(node, query.Term) and node.fieldname in ("content", "title"):
        texts += [
            (p, term) for p, term, _ in inner or () if p < BODY or node.fieldname == "content"
        ]
    if not isinstance(node, query.Phrase):
        return sorted((p, p) for p, text in texts if fits(node, text))
    found = [(p, p) for p, text in texts if text == node.words[0]]
    for word in node.words[1:]:
        # Each place of a word goes on from the nearest stretch before it.
        nearest = [(max((s for s in found if s[1] < p), default=None, key=lambda s: s[1]), p)
                   for p, text in texts if text == word]  # fmt: skip
        found = [(s[0], p) for s, p in nearest if s is not None and p - s[1] <= node.slop]
    return found


def _is_near(node: Any, a: Span, b: Span) -> bool:
    if node.ordered and a[0] > b[0]:
        return False
    overlap = a[0] <= b[1] and b[0] <= a[1]
    distance = 0 if overlap else max(a[0], b[0]) - min(a[1], b[1])
    return bool(node.mindist <= distance <= node.slop)


def fits(node: Any, text: str) -> bool:
    """Tell whether a word or a value is one that *node* asks for."""
    if isinstance(node, query.Prefix):
        return text.startswith(node.text)
    if isinstance(node, query.Wildcard):
        return fnmatch.fnmatchcase(text, node.text)
    if isinstance(node, query.Regex):
        return re.match(node.text, text) is not None
    if isinstance(node, query.FuzzyTerm):
        same = text[: node.prefixlength] == node.text[: node.prefixlength]
        return same and edits(text, node.text) <= node.maxdist
    if isinstance(node, query.TermRange):
        after = node.start is None or text >= node.start
        return after and (node.end is None or text <= node.end)
    asked = node.text.decode() if isinstance(node.text, bytes) else node.text
    return bool(text == asked.lower())


@functools.cache
def edits(a: str, b: str) -> int:
    """Return how many letters must be added, dropped or changed to make *b* of *a*."""
    if not a or not b:
        return len(a) + len(b)
    changed = edits(a[1:], b[1:]) + (a[0] != b[0])
    return min(changed, edits(a[1:], b) + 1, edits(a, b[1:]) + 1)


def _places(document: Document) -> list[tuple[int, str, str]]:
    """Return place, term and surface word of each token of title and text."""
    analyzer = Analyzer()
    found = []
    for begin, text in ((0, document.title or ""), (BODY, document.text)):
        words = analyzer.words(text)
        terms = [token.term for token in analyzer.analyze(text)]
        found += list(zip(range(begin, begin + len(words)), terms, words, strict=True))
    return found


def _inner(document: Document) -> list[tuple[int, str, int]]:
    """Return place, term and kind of what stands inside the words of title and text."""
    analyzer = Analyzer()
    found: set[tuple[int, str, int]] = set()
    for begin, text in ((0, document.title or ""), (BODY, document.text)):
        for place, word in enumerate(analyzer.words(text), begin):
            found |= {(place, part.term, part.kind) for part in analyzer.model.parts(word)}
        normal = normalise(text).text
        tokens = tokenize(normal)
        words = analyzer.words(text)
        extras = ContextReader().find(normal, tokens, np.arange(len(words), dtype=np.uint32), words)
        meaning = analyze_words(analyzer.model, extras.spellings)
        meanings = [meaning.strings[code] for code in meaning.terms.tolist()]
        for token, term in zip(extras.tokens.tolist(), meanings, strict=True):
            if term:
                found.add((begin + token, term, WHOLE))
    # Of one term at one place the weightiest counts.
    return [one for one in sorted(found) if not any(
        other[:2] == one[:2] and other[2] < one[2] for other in found)]  # fmt: skip


def _weight(place: int) -> float:
    return TITLE_WEIGHT if place < BODY else BODY_WEIGHT


def _as_kept(impact: float) -> float:
    return float(IMPACT_OF_CODE[encode_impacts(np.array([impact], np.float32))[0]])


def _without(found: dict[int, float], unwanted: dict[int, float]) -> dict[int, float]:
    return {n: score for n, score in found.items() if n not in unwanted}


def _value(document: Document, name: str) -> str | None:
    own = {"id": document.id, "type": document.type, "date": document.date}
    return own[name] if name in own else document.fields.get(name)


def _day(date: str | None) -> int | None:
    if date is None:
        return None
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    return year * 10_000 + month * 100 + day
