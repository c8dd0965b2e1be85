"""
How is a typed query taken apart?

Whoosh's parser does it: its taggers cut the text into nodes, its filters
group them, and the nodes build the tree. Every plugin of ours replaces one
of Whoosh's own, because those turn what they cannot read into words, and
this language must point at it instead.

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

from whoosh.qparser import QueryParser
from whoosh.qparser.common import QueryParserError
from whoosh.query import NullQuery
from whoosh.query.qcore import QueryError

from searchkit.query.plugins import Boosts, Extras, Fields, Quotes, Ranges, Words
from searchkit.query.plugins_structure import Brackets, Operators, Proximity, Signs
from searchkit.query.syntax import OPERATORS, Vocabulary
from searchkit.query.syntax_nodes import Group
from searchkit.query.syntax_words import MAX_WORDS, Reader

MAX_CHARACTERS = 16_384
"""Characters of one query, which Whoosh scans in a Python loop."""


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
    """Refuse a query that would take long to scan; the reader counts what words are made of."""
    words = [
        chunk.start()
        for chunk in re.finditer(r"\S+", reader.text[:MAX_CHARACTERS])
        if chunk[0].partition("/")[0] not in OPERATORS and any(map(str.isalnum, chunk[0]))
    ]
    if len(words) > MAX_WORDS:
        raise reader.fault(f"the query has more than {MAX_WORDS} words", words[MAX_WORDS])
    if len(reader.text) > MAX_CHARACTERS:
        reason = f"the query has more than {MAX_CHARACTERS} characters"
        raise reader.fault(reason, MAX_CHARACTERS)


@cache
def _parser() -> Any:
    return QueryParser(
        "content",
        None,
        plugins=[
            Brackets,
            Quotes,
            Ranges,
            Signs,
            Extras,
            Fields,
            Boosts,
            Proximity,
            Operators,
            Words,
        ],
        group=Group,
    )
