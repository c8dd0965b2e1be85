"""
How was the query read?

One line for people: operators and brackets as they bind, columns by name, a
term as the index knows it and ``=word`` for a surface word.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from whoosh import query
from whoosh.query.qcore import _NullQuery

from searchkit.query import dates
from searchkit.query.syntax import EXACT, FreeText

_SURFACE = {exact: "" if column == "content" else column for column, exact in EXACT.items()}


def explain(tree: Any) -> str:
    """
    Write how a query was read, on one readable line.

    Example:
        >>> explain(query.And([query.Term("content", "mål"), query.Term("type", "prop")]))
        'mål AND type:prop'
    """
    return _text(tree)


@singledispatch
def _text(tree: Any) -> str:
    return repr(tree)


@_text.register(_NullQuery)
def _(tree: Any) -> str:
    return "nothing"


@_text.register(query.Every)
def _(tree: Any) -> str:
    return _weighted("everything" if tree.fieldname is None else f"{tree.fieldname}:*", tree)


@_text.register(query.Term)
def _(tree: Any) -> str:
    text = f'"{tree.text}"' if " " in tree.text else tree.text
    return _weighted(_placed(tree.fieldname, text), tree)


@_text.register(query.Phrase)
def _(tree: Any) -> str:
    loose = f"~{tree.slop - 1}" if tree.slop > 1 else ""
    return _weighted(_placed(tree.fieldname, f'"{" ".join(tree.words)}"{loose}'), tree)


@_text.register(query.Prefix)
def _(tree: Any) -> str:
    return _weighted(_placed(tree.fieldname, f"{tree.text}*", mark=""), tree)


@_text.register(query.Wildcard)
def _(tree: Any) -> str:
    return _weighted(_placed(tree.fieldname, tree.text, mark=""), tree)


@_text.register(query.FuzzyTerm)
def _(tree: Any) -> str:
    return _weighted(_placed(tree.fieldname, f"{tree.text}~{tree.maxdist}", mark=""), tree)


@_text.register(query.NumericRange)
def _(tree: Any) -> str:
    return _weighted(f"{tree.fieldname}:{dates.written(tree.start, tree.end)}", tree)


@_text.register(query.TermRange)
def _(tree: Any) -> str:
    interval = f"[{tree.start or '*'} TO {tree.end or '*'}]"
    return _weighted(_placed(tree.fieldname, interval, mark=""), tree)


@_text.register(FreeText)
def _(tree: Any) -> str:
    return _weighted(f"ranked({', '.join(map(_text, tree.subqueries))})", tree)


@_text.register(query.And)
def _(tree: Any) -> str:
    return _joint(" AND ", tree)


@_text.register(query.Or)
def _(tree: Any) -> str:
    return _joint(" OR ", tree)


@_text.register(query.AndNot)
def _(tree: Any) -> str:
    return f"{_inner(tree.a)} NOT {_inner(tree.b)}"


@_text.register(query.AndMaybe)
def _(tree: Any) -> str:
    return f"{_inner(tree.a)} PREFERABLY {_inner(tree.b)}"


@_text.register(query.Not)
def _(tree: Any) -> str:
    return f"everything NOT {_inner(tree.query)}"


@_text.register(query.SpanNear2)
def _(tree: Any) -> str:
    distance = tree.slop - 1
    if tree.ordered:
        loose = f"~{distance}" if distance else ""
        return _weighted(f'"{" ".join(map(_text, tree.qs))}"{loose}', tree)
    line = f" NEAR/{distance} ".join(map(_text, tree.qs))
    return _weighted(f"({line})", tree)


def _joint(operator: str, tree: Any) -> str:
    line = operator.join(map(_inner, tree.subqueries))
    return line if tree.boost == 1.0 else _weighted(f"({line})", tree)


def _inner(tree: Any) -> str:
    """Write a clause of a joint, in parentheses if it is a joint itself."""
    text = _text(tree)
    if tree.is_leaf() or isinstance(tree, FreeText | query.SpanNear2):
        return text
    return f"({text})" if getattr(tree, "boost", 1.0) == 1.0 else text


def _placed(column: str, text: str, *, mark: str = "=") -> str:
    if column == "content":
        return text
    if column in _SURFACE:
        place = _SURFACE[column]
        return f"{place}:{mark}{text}" if place else f"{mark}{text}"
    return f"{column}:{text}"


def _weighted(text: str, tree: Any) -> str:
    boost = getattr(tree, "boost", 1.0)
    return text if boost == 1.0 else f"{text}^{boost:g}"
