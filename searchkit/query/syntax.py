"""
What is a query tree made of, and what do its joints mean?

The tree is Whoosh's: `Term`, `Phrase`, `And`, `Or`, `AndNot` … over text that
is already analysed. Two classes are ours: `FreeText`, words that were merely
typed after each other, and `Near`. The functions here are the only place
that joins clauses, so the fast path and the full parser cannot disagree.

Invariants of every tree from here:

- No clause stands twice in a joint, no joint has one clause, and none holds a
  joint of its own kind; a tree is never empty (that is `NullQuery`).
- Exclusion is an `AndNot`; a `Not` occurs only where nothing else is asked for.
- The tree is final. Whoosh's ``normalize()`` is not to be called on it: it
  reads ``And([Every(), x])`` as everything, merges a `FreeText` into an `Or`
  around it, and takes an intersection of ranges over words for a range.

Text columns come in pairs on the same line of tokens: `content` and `title`
hold terms, `exact` and `title_exact` hold surface words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from whoosh import query
from whoosh.matching import WrappingMatcher
from whoosh.query import Query

from searchkit.analysis.parts import Part

AND_WORDS = ("AND", "OCH")
OR_WORDS = ("OR", "ELLER")
NOT_WORDS = ("NOT", "INTE")
NEAR_WORDS = ("NEAR", "NÄRA")
OPERATORS = frozenset(AND_WORDS + OR_WORDS + NOT_WORDS + NEAR_WORDS)
"""What is an operator where it stands as a word of its own."""

EXACT = {"content": "exact", "title": "title_exact"}
"""The column of surface words beside each column of terms."""

REFERENCE = "ref"
"""The name of references in queries; they stand in `content` as "ref|" and their id."""

TEXT_COLUMNS = frozenset(EXACT) | frozenset(EXACT.values())


class Vocabulary(Protocol):
    """What the query language needs to know about words; an index or an analyser."""

    def words(self, text: str) -> list[str]:
        """Return the surface words of *text* in order, normalised and lower-cased."""

    def term(self, word: str) -> str:
        """Return the term of a surface word, as `words` gives it."""

    def is_function_word(self, word: str) -> bool:
        """Tell whether a surface word only binds others together ("och", "i", "som")."""

    def parts(self, word: str) -> Sequence[Part]:
        """Return the parts of a surface word."""

    def known_term(self, word: str) -> str | None:
        """Return the term of a surface word that the vocabulary holds, else None; cheap."""


class FreeText(query.Or):  # type: ignore[misc]
    """
    Words typed after each other: ranked retrieval over *subqueries*.

    How many of them a document must hold is the evaluator's decision; to
    Whoosh itself it is an `Or`.
    """


class Hint(query.Term):  # type: ignore[misc]
    """A word that was not typed but tells (see :mod:`.expansion`); only in a `FreeText`."""


class Near(query.SpanNear2):  # type: ignore[misc]
    """
    The clauses *qs* close to each other, in any order unless *ordered*.

    *slop* is Whoosh's: the greatest difference of position between the end of
    what is matched so far and the next clause, so that 1 is adjacent and
    ``slop - 1`` other words may stand between. Adds to `SpanNear2` a boost, the
    size estimate that raises NameError there in Whoosh 2.7.4, and a matcher
    that finds a phrase on either side of a word.
    """

    def __init__(
        self,
        qs: Sequence[Any],
        slop: int = 1,
        ordered: bool = False,
        mindist: int | None = None,
        boost: float = 1.0,
    ) -> None:
        # Distance 0 is overlap: of two clauses it would be one word twice, but in
        # any order a third may lie inside the stretch that the first two span.
        least = int(ordered or len(qs) == 2) if mindist is None else mindist
        super().__init__(qs, slop=slop, ordered=ordered, mindist=least)
        self.boost = boost

    def __eq__(self, other: object) -> bool:
        return bool(super().__eq__(other)) and self.boost == getattr(other, "boost", None)

    def __hash__(self) -> int:
        return hash((super().__hash__(), self.boost))

    def apply(self, fn: Any) -> Near:
        return Near([fn(q) for q in self.qs], self.slop, self.ordered, self.mindist, self.boost)

    def _and_query(self) -> Any:
        return query.And(self.qs)

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        # Whoosh's own looks among the stretches that begin within reach, and so
        # misses a phrase that begins further off and ends within.
        near = self.qs[0]
        for clause in self.qs[1:]:
            near = query.SpanNear(near, clause, self.slop, self.ordered, self.mindist)
        # Without a current document, as under a Not, patterns would have no positions.
        context = (context or searcher.context()).set(needs_current=True)
        matcher = near.matcher(searcher, context)
        return matcher if self.boost == 1.0 else WrappingMatcher(matcher, boost=self.boost)


def free_text(clauses: Iterable[Any]) -> Any:
    """Join clauses that stand after each other; None if there is none."""
    return _joined(FreeText, _narrowing(_unfold(clauses, FreeText)))


def any_of(clauses: Iterable[Any]) -> Any:
    """Join clauses of which one is enough; None if there is none."""
    return _joined(query.Or, _unfold(clauses, query.Or))


def all_of(clauses: Iterable[Any]) -> Any:
    """Join clauses that must all be met, those that exclude included; None if there is none."""
    parts = _unfold(clauses, query.And)
    excluded = [part.query for part in parts if type(part) is query.Not]
    wanted = [part for part in parts if type(part) is not query.Not]
    return without(_joined(query.And, _narrowing(wanted)), excluded)


def without(wanted: Any, excluded: Sequence[Any]) -> Any:
    """Take *excluded* away from *wanted*, or from everything if that is None."""
    unwanted = any_of(excluded)
    if unwanted is None:
        return wanted
    return query.Not(unwanted) if wanted is None else query.AndNot(wanted, unwanted)


def boosted(tree: Any, factor: float) -> Any:
    """Multiply the weight of a freshly built *tree* by *factor*."""
    if tree is None or factor == 1.0 or isinstance(tree, query.Not):
        return tree
    if isinstance(tree, query.AndNot):
        return query.AndNot(boosted(tree.a, factor), tree.b)
    if isinstance(tree, query.AndMaybe):
        return query.AndMaybe(boosted(tree.a, factor), boosted(tree.b, factor))
    tree.boost *= factor
    return tree


def is_filter(tree: Any) -> bool:
    """Tell whether *tree* asks about nothing but metadata columns."""
    if tree.is_leaf():
        column = tree.field()
        return column is not None and column not in TEXT_COLUMNS
    return all(is_filter(child) for child in tree.children())


_EVERYTHING: Query = query.Every()


def _narrowing(clauses: list[Any]) -> list[Any]:
    """Leave out the clauses that everything meets, unless there are no others."""
    return [clause for clause in clauses if clause != _EVERYTHING] or clauses


def _unfold(clauses: Iterable[Any], kind: type[Any]) -> list[Any]:
    """List the clauses once each, those of an unweighted joint of the same *kind* in its place."""
    flat: list[Any] = []
    for clause in clauses:
        if type(clause) is kind and clause.boost == 1.0:
            flat.extend(clause.subqueries)
        else:
            flat.append(clause)
    return list(dict.fromkeys(flat))


def _joined(kind: type[Any], parts: list[Any]) -> Any:
    if len(parts) < 2:
        return parts[0] if parts else None
    return kind(parts)
