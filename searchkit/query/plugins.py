"""
How is a typed query taken apart?

Whoosh's parser does it: its taggers cut the text into nodes, its filters
group them, and the nodes build the tree. Every plugin here replaces one of
Whoosh's own, because those turn what they cannot read into words, and this
language must point at it instead.

The taggers cover every character, so each starts where another ended. The
filters then run in the order of their numbers:

====  ===============  ===================================================
   0  `Brackets`       parentheses become `Group` nodes
 100  `Fields`         a field's name is given to what follows it
 500  (Whoosh)         white space goes
 510  `Boosts`         ``^2`` is given to what stands before it
 520  `Proximity`      ``a NEAR b`` becomes one node
 540  `Operators`      what stands between AND and OR becomes a `Run`
 600  `Operators`      AND, then OR
====  ===============  ===================================================

So NEAR binds tighter than ``-`` ``+`` NOT, those tighter than adjacency,
adjacency tighter than AND, and AND tighter than OR.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from whoosh.qparser import QueryParser, plugins, syntax, taggers
from whoosh.qparser.common import QueryParserError
from whoosh.query import NullQuery
from whoosh.query.qcore import QueryError

from searchkit.query.syntax import EXACT, Vocabulary
from searchkit.query.syntax_nodes import (
    AllOf,
    AnyOf,
    Excluded,
    Group,
    Interval,
    NearGroup,
    Quoted,
    Required,
    Run,
    Value,
    Word,
)
from searchkit.query.syntax_words import MAX_DISTANCE, MAX_WORDS, Reader

MAX_DEPTH = 64
"""Parentheses inside each other; the tree is walked recursively."""

MAX_CHARACTERS = 16_384
"""Characters of one query, which Whoosh scans in a Python loop."""

DEFAULT_DISTANCE = 10
"""Other words that may stand between the operands of a bare NEAR."""

# An operator is a whole word; a quote or a parenthesis also ends a word.
_STARTS = r'(?<![^\s()"])'
_ENDS = r'(?![^\s()"])'
_RANGE = r"\[\s*(?:(?P<start>[^\s\[\]]+)\s+)?(?:TO|TILL)(?:\s+(?P<end>[^\s\[\]]+))?\s*\]"


def read(text: str, vocabulary: Vocabulary, fields: Sequence[str]) -> Any:
    """
    Parse *text* with every form of the language.

    Raises:
        QuerySyntaxError: *text* cannot be parsed.
    """
    reader = Reader(text, vocabulary, fields)
    _check_size(reader)
    parser = copy.copy(_parser())
    parser.reader = reader
    try:
        tree = parser.process(reader.text).query(parser)
    except (QueryParserError, QueryError) as error:
        raise reader.fault(str(error), 0) from error
    return NullQuery if tree is None else tree


def _check_size(reader: Reader) -> None:
    if len(reader.text) > MAX_CHARACTERS:
        reason = f"the query has more than {MAX_CHARACTERS} characters"
        raise reader.fault(reason, MAX_CHARACTERS)
    for count, chunk in enumerate(re.finditer(r"\S+", reader.text)):
        if count == 2 * MAX_WORDS:
            raise reader.fault(f"the query has more than {MAX_WORDS} words", chunk.start())


@cache
def _parser() -> Any:
    return QueryParser(
        "content",
        None,
        plugins=[
            Brackets(),
            Quotes(),
            Ranges(),
            Signs(),
            Fields(),
            Boosts(),
            Proximity(),
            Operators(),
            Words(),
        ],
        group=Group,
    )


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


class Quotes(plugins.TaggingPlugin):  # type: ignore[misc]
    """``"a phrase"``, ``"loose phrase"~5`` and ``="exact phrase"``."""

    expr = r'(?P<exact>=?)"(?:(?P<text>[^"]*)"(?P<tilde>~(?P<distance>\d*))?)?'

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        if match["text"] is None:
            raise parser.reader.fault("this quote is not closed", match.end() - 1)
        distance = 0
        if match["tilde"]:
            distance = _distance(parser, match["distance"], match.start("tilde"))
        return Quoted(match["text"], distance + 1, exact=bool(match["exact"]))


class Ranges(plugins.TaggingPlugin):  # type: ignore[misc]
    """``[a TO b]``, ``[2015 TILL 2016]``."""

    expr = _RANGE

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        return Interval(match["start"], match["end"])


class Sign(syntax.MarkerNode):  # type: ignore[misc]
    """``+``, ``-`` or NOT before a clause."""

    def __init__(self, text: str) -> None:
        self.text = text


class Signs(plugins.TaggingPlugin):  # type: ignore[misc]
    """``+word``, ``-word``, ``INTE word``; a hyphen elsewhere is part of the text."""

    expr = rf'(?<![^\s(])[-+](?==?[^\W_]|=?"|[(*])|{_STARTS}(?:NOT|INTE){_ENDS}'

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        return Sign(match[0])


class Fields(plugins.Plugin):  # type: ignore[misc]
    """``titel:word``, ``titel:(a b)``, ``typ:prop``, ``datum:2015..2016``."""

    class NameTagger(taggers.RegexTagger):  # type: ignore[misc]
        """Matches a name, its colon and, for a metadata column, the value."""

        def create(self, parser: Any, match: re.Match[str]) -> Any:
            column = parser.reader.column(match["name"])
            value, start = match["value"], match.start("value")
            if column is None:
                mistake = parser.reader.unknown_field(match["name"], value, match.start())
                if mistake:
                    raise mistake
                return None

            ...

    def taggers(self, parser: Any) -> Any:
        return [(self.NameTagger(r"(?P<name>[^\W\d_][\w-]*):(?P<value>\S)"), 10)]
