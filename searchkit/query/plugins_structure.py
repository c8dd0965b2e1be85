"""
How do the pieces of a query hang together?

Whoosh plugins for parentheses, ``+ -`` NOT, NEAR, AND and OR. Each raises
where Whoosh's own would drop or reinterpret what does not fit.
"""

from __future__ import annotations

import re
from typing import Any

from whoosh.qparser import plugins, syntax

from searchkit.query.plugins import distance_of
from searchkit.query.syntax import AND_WORDS, NEAR_WORDS, NOT_WORDS, OR_WORDS
from searchkit.query.syntax_nodes import (
    AllOf,
    AnyOf,
    Excluded,
    Extra,
    Group,
    NearGroup,
    Quoted,
    Required,
    Run,
    Word,
)

MAX_DEPTH = 64
"""Parentheses inside each other; the tree is walked recursively."""

DEFAULT_DISTANCE = 10
"""Other words that may stand between the operands of a bare NEAR."""

# An operator is a whole word; a quote or a parenthesis also ends a word.
_STARTS = r'(?<![^\s()"])'
_ENDS = r'(?![^\s()"])'


def _standing(words: tuple[str, ...]) -> str:
    return f"{_STARTS}(?:{'|'.join(words)}){_ENDS}"


class Brackets(plugins.GroupPlugin):  # type: ignore[misc]
    """``( … )``."""

    def do_groups(self, parser: Any, group: Any) -> Any:
        stack = [parser.group()]
        for node in group:
            if isinstance(node, self.OpenBracket):
                inner = parser.group()
                inner.startchar = node.startchar
                stack.append(inner)
                if len(stack) > MAX_DEPTH + 1:
                    reason = f"parentheses stand more than {MAX_DEPTH} deep"
                    raise parser.reader.fault(reason, node.startchar)
            elif isinstance(node, self.CloseBracket):
                if len(stack) == 1:
                    raise parser.reader.fault("nothing opens this parenthesis", node.startchar)
                inner = stack.pop()
                stack[-1].append(inner)
            else:
                stack[-1].append(node)
        if len(stack) > 1:
            raise parser.reader.fault("this parenthesis is not closed", stack[-1].startchar)
        return stack[0]


class Sign(syntax.MarkerNode):  # type: ignore[misc]
    """``+``, ``-`` or NOT before a clause."""

    def __init__(self, text: str) -> None:
        self.text = text


class Signs(plugins.TaggingPlugin):  # type: ignore[misc]
    """``+word``, ``-word``, ``INTE word``; a hyphen elsewhere is part of the text."""

    expr = rf'(?<![^\s(])[-+](?==?[^\W_]|=?"|[(*])|{_standing(NOT_WORDS)}'

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        return Sign(match[0])


class NearOperator(syntax.InfixOperator):  # type: ignore[misc]
    """``NEAR/5`` between two operands."""

    def __init__(self, text: str, distance: int) -> None:
        super().__init__(text, NearGroup)
        self.distance = distance

    def replace_self(self, parser: Any, group: Any, position: int) -> int:
        left = group[position - 1] if position else None
        right = group[position + 1] if position + 1 < len(group) else None
        fault = parser.reader.fault
        if left is None or right is None:
            side = "before" if left is None else "after"
            raise fault(f"nothing stands {side} {self.text}", self.startchar)
        if isinstance(left, NearGroup) and left.distance != self.distance:
            raise fault("a row of NEAR needs one and the same distance", self.startchar)
        for operand in (left, right):
            if not isinstance(operand, Word | Quoted | Extra | NearGroup):
                raise fault(f"{self.text} joins words and phrases only", operand.startchar)
        operands = left.nodes if isinstance(left, NearGroup) else [left]
        group[position - 1 : position + 2] = [NearGroup([*operands, right], self.distance)]
        return position


class NearTagger(plugins.OperatorsPlugin.OpTagger):  # type: ignore[misc]
    """Matches NEAR with or without its distance."""

    def __init__(self) -> None:
        expr = rf"{_STARTS}(?:{'|'.join(NEAR_WORDS)})(?P<slash>/(?P<distance>[^\s()\"]*))?{_ENDS}"
        super().__init__(expr, NearGroup, optype=NearOperator)

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        distance = DEFAULT_DISTANCE
        if match["slash"]:
            distance = distance_of(parser, match["distance"], match.start())
        return NearOperator(match[0], distance)


class Proximity(plugins.OperatorsPlugin):  # type: ignore[misc]
    """``word NEAR/5 word``, NÄRA."""

    def __init__(self) -> None:
        super().__init__([(NearTagger(), 0)], clean=True)

    def filters(self, parser: Any) -> Any:
        return [(self.do_operators, 520)]


class Operators(plugins.OperatorsPlugin):  # type: ignore[misc]
    """AND/OCH and OR/ELLER, and the runs of clauses between them."""

    def __init__(self) -> None:
        both = self.OpTagger(_standing(AND_WORDS), AllOf)
        either = self.OpTagger(_standing(OR_WORDS), AnyOf)
        super().__init__([(both, 0), (either, 0)], clean=True)

    def filters(self, parser: Any) -> Any:
        return [(self.do_runs, 540), (self.do_operators, 600)]

    def do_runs(self, parser: Any, group: Any) -> Any:
        """Fold clauses that merely stand after each other into free text."""
        folded = group.empty_copy()
        run: list[Any] = []
        for node in group:
            if isinstance(node, Group):
                node = self.do_runs(parser, node)
            if not isinstance(node, syntax.InfixOperator):
                run.append(node)
                continue
            if not run:
                raise parser.reader.fault(f"nothing stands before {node.text}", node.startchar)
            folded.extend([Run(_signed(parser, run)), node])
            run = []
        if run:
            folded.append(Run(_signed(parser, run)))
        elif len(folded):
            last = folded[-1]
            raise parser.reader.fault(f"nothing stands after {last.text}", last.startchar)
        return folded


def _signed(parser: Any, run: list[Any]) -> list[Any]:
    """Wrap each clause in the sign that stands before it; two exclusions undo each other."""
    clauses: list[Any] = []
    sign: Sign | None = None
    wrapper: Any = None
    for node in run:
        if isinstance(node, Sign):
            sign = node
            if node.text != "+":
                wrapper = None if wrapper is Excluded else Excluded
            elif wrapper is None:
                wrapper = Required
            continue
        clauses.append(node if wrapper is None else wrapper([node]))
        sign = wrapper = None
    if sign is not None:
        raise parser.reader.fault(f"nothing stands after {sign.text}", sign.startchar)
    return clauses
