"""
What stands where in a typed query?

The nodes between Whoosh's taggers and the query tree. Each knows its place
in the text and answers ``query(parser)`` with a tree, or None where the text
holds no letter or digit; `parser.reader` makes the leaves.
"""

from __future__ import annotations

from typing import Any

from whoosh.qparser import syntax
from whoosh.query import AndMaybe, Every, Not, Phrase, Term

from searchkit.query.syntax import (
    EXACT,
    REFERENCE,
    Near,
    all_of,
    any_of,
    boosted,
    free_text,
    is_filter,
    without,
)


class Word(syntax.TextNode):  # type: ignore[misc]
    """A run of characters without space, as typed."""

    def query(self, parser: Any) -> Any:
        column = self.fieldname or parser.fieldname
        return boosted(parser.reader.word(self.text, column, self.startchar), self.boost)


class Quoted(syntax.TextNode):  # type: ignore[misc]
    """What stands between quotes."""

    def __init__(self, text: str, slop: int, *, exact: bool) -> None:
        super().__init__(text)
        self.slop = slop
        self.exact = exact

    def query(self, parser: Any) -> Any:
        column = self.fieldname or parser.fieldname
        reader = parser.reader
        leaf = reader.phrase(self.text, column, self.slop, self.startchar, exact=self.exact)
        return boosted(leaf, self.boost)


class Extra(syntax.TextNode):  # type: ignore[misc]
    """A reference, a number in groups or an abbreviation."""

    def __init__(self, text: str, kind: str) -> None:
        super().__init__(text)
        self.kind = kind

    def query(self, parser: Any) -> Any:
        column = self.fieldname or parser.fieldname
        leaf = parser.reader.extra(self.kind, self.text, column, self.startchar)
        return boosted(leaf, self.boost)


class Value(syntax.TextNode):  # type: ignore[misc]
    """A field of metadata with its value: ``typ:prop``."""

    def __init__(self, column: str, text: str, position: int) -> None:
        super().__init__(text)
        self.fieldname = column
        self.position = position

    def query(self, parser: Any) -> Any:
        return boosted(parser.reader.value(self.text, self.fieldname, self.position), self.boost)


class Interval(syntax.RangeNode):  # type: ignore[misc]
    """``[start TO end]``."""

    has_boost = True

    def __init__(self, start: str | None, end: str | None) -> None:
        super().__init__(start, end, startexcl=False, endexcl=False)

    def query(self, parser: Any) -> Any:
        column = self.fieldname or parser.fieldname
        leaf = parser.reader.interval(self.start, self.end, column, self.startchar)
        return boosted(leaf, self.boost)


class Group(syntax.GroupNode):  # type: ignore[misc]
    """What stands between parentheses, and the query as a whole."""

    # Shadows a property of the base class that fails on an empty group.
    startchar: int = 0

    def empty_copy(self) -> Group:
        copy: Group = super().empty_copy()
        copy.startchar = self.startchar
        return copy

    def query(self, parser: Any) -> Any:
        # The filters have folded what stood here into one node.
        return boosted(self.nodes[0].query(parser), self.boost) if self.nodes else None


class Required(syntax.Wrapper):  # type: ignore[misc]
    """``+clause``."""

    def query(self, parser: Any) -> Any:
        return _operand(self.nodes[0], parser)


class Excluded(syntax.Wrapper):  # type: ignore[misc]
    """``-clause`` or ``INTE clause``."""

    def query(self, parser: Any) -> Any:
        return _operand(self.nodes[0], parser)


class Run(syntax.GroupNode):  # type: ignore[misc]
    """
    Clauses that stand after each other with no operator between.

    A clause with ``+`` must be met and one with ``-`` must not. A clause about
    metadata is a filter: it must be met. The rest is free text.
    """

    def query(self, parser: Any) -> Any:
        free, required, filters, values, excluded = [], [], [], [], []
        for node in self.nodes:
            tree = node.query(parser)
            if tree is None:
                continue
            if isinstance(node, Excluded):
                excluded.append(tree)
            elif type(tree) is Not:
                excluded.append(tree.query)
            elif isinstance(node, Required) or _is_reference(node):
                required.append(tree)
            elif not is_filter(tree):
                free.append((node, tree))
            elif isinstance(node, Word | Quoted):
                # "typ:(prop sou)": a document has one type, so either will do.
                values.append(tree)
            else:
                filters.append(tree)
        telling = _telling(free, parser)
        wanted = _ranked(free_text([*telling, *_hints(free, parser)]), all_of(required))
        met = [tree for tree in (wanted, *filters, any_of(values)) if tree is not None]
        return without(all_of(met), excluded)


class AllOf(syntax.AndGroup):  # type: ignore[misc]
    """Operands of ``OCH``."""

    def query(self, parser: Any) -> Any:
        return all_of([_operand(node, parser) for node in self.nodes])


class AnyOf(syntax.OrGroup):  # type: ignore[misc]
    """Operands of ``ELLER``."""

    def query(self, parser: Any) -> Any:
        return any_of([_operand(node, parser) for node in self.nodes])


class NearGroup(syntax.GroupNode):  # type: ignore[misc]
    """Operands of ``NEAR``, at most *distance* other words apart."""

    def __init__(self, nodes: list[Any], distance: int) -> None:
        super().__init__(nodes)
        self.distance = distance

    def query(self, parser: Any) -> Any:
        trees = [_operand(node, parser) for node in self.nodes]
        lines = {_LINES.get(tree.field()) for tree in trees}
        if len(lines) > 1 or None in lines:
            raise parser.reader.fault(
                "NEAR joins words and phrases of one and the same text field", self.startchar
            )
        return boosted(Near(trees, slop=self.distance + 1), self.boost)


# Which columns count their positions together.
_LINES = {column: line for line, exact in EXACT.items() for column in (line, exact)}


def _operand(node: Any, parser: Any) -> Any:
    parser.reader.strict += 1
    tree = node.query(parser)
    parser.reader.strict -= 1
    if tree is None:
        raise parser.reader.fault("there is no word to search for here", node.startchar)
    return tree


def _telling(free: list[tuple[Any, Any]], parser: Any) -> list[Any]:
    """Leave the function words out, unless they are all there is."""
    telling = [tree for node, tree in free if not _says_nothing(node, parser)]
    return telling or [tree for _, tree in free]


def _says_nothing(node: Any, parser: Any) -> bool:
    if isinstance(node, Extra):
        return node.kind == "abbr"
    return isinstance(node, Word) and parser.reader.is_function_word(node.text)


def _is_reference(node: Any) -> bool:
    return isinstance(node, Value | Quoted | Word) and node.fieldname == REFERENCE


def _hints(free: list[tuple[Any, Any]], parser: Any) -> list[Any]:
    """Return what tells beside plainly typed words, unless an operator makes them strict."""
    if parser.reader.strict:
        return []
    words = [node.text for node, tree in free if _is_plain(node, tree, Term)]
    phrased = [node.text for node, tree in free if _is_plain(node, tree, Phrase)]
    return parser.reader.hints(words, phrased) if words or phrased else []


def _is_plain(node: Any, tree: Any, kind: type[Any]) -> bool:
    return isinstance(node, Word) and isinstance(tree, kind) and tree.fieldname == "content"


def _ranked(free: Any, required: Any) -> Any:
    """Ask for *required*, and rank by *free* as well; each may be None."""
    if required is None:
        return free
    if free is None or free == Every():
        return required
    return AndMaybe(required, free)
