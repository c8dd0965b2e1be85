"""
Which words fit a pattern, and which documents hold a metadata value?

Prefixes, wildcards, ranges and misspellings are looked up among the index's own
words (or terms), then their places are put together.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query

from searchkit.index import LiveSegment
from searchkit.index.strings import Strings
from searchkit.query.arrays import Ids
from searchkit.query.leaves import form_places, in_title
from searchkit.query.syntax import TEXT_COLUMNS


def places(live: LiveSegment, node: query.Query) -> Ids:
    """Return where the words that fit *node* stand, in the text column that it names."""
    segment = live.segment
    of_forms = node.fieldname.endswith("exact")
    table = segment.words if of_forms else segment.terms
    numbers = fitting(table, node)
    if of_forms:
        found = form_places(live, numbers)
    else:
        stretches = [segment.places.decode(number) for number in numbers]
        found = np.concatenate(stretches) if stretches else np.zeros(0, np.uint32)
        found.sort()
    return in_title(live, found) if node.fieldname.startswith("title") else found


def fitting(table: Strings, node: Any) -> list[int]:
    """Return the numbers of the strings of a sorted table that fit a pattern query."""
    if isinstance(node, query.Prefix):
        return list(range(*table.prefix_range(node.text)))
    if isinstance(node, query.FuzzyTerm):
        return _similar(table, node)
    if isinstance(node, query.TermRange):
        return _between(table, node)
    # Wildcard and Regex: the literal beginning narrows the table, the expression decides.
    literal = node._find_prefix(node.text) if isinstance(node, query.Wildcard) else ""
    expression = re.compile(node._get_pattern())
    start, end = table.prefix_range(literal)
    words = table.range(start, end)
    return [n for n, word in enumerate(words, start) if expression.match(word)]


def _similar(table: Strings, node: Any) -> list[int]:
    from rapidfuzz.distance import Levenshtein

    start, end = table.prefix_range(node.text[: node.prefixlength])
    most = int(node.maxdist)
    return [
        n
        for n, word in enumerate(table.range(start, end), start)
        if abs(len(word) - len(node.text)) <= most
        and Levenshtein.distance(word, node.text, score_cutoff=most) <= most
    ]


def _between(table: Strings, node: Any) -> list[int]:
    start, end = 0, len(table)
    if node.start is not None:
        start = table.lower_bound(_bytes(node.start) + (b"\0" if node.startexcl else b""))
    if node.end is not None:
        end = table.lower_bound(_bytes(node.end) + (b"" if node.endexcl else b"\0"))
    return list(range(start, end))


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")


def column_documents(live: LiveSegment, name: str, value: str, *, prefix: bool = False) -> Ids:
    """Return the documents, live or not, whose metadata value is *value* (or begins so)."""
    column = live.segment.columns.get(name)
    if column is None:
        return np.zeros(0, np.int64)
    return column.documents(*column.code_range(value, prefix=prefix))


def has_value(live: LiveSegment, name: str) -> NDArray[np.bool_]:
    """Return, for every document, whether it has any word or value in a column."""
    segment = live.segment
    if name in TEXT_COLUMNS:
        ends = segment.body_starts if name.startswith("title") else segment.doc_starts[1:]
        held: NDArray[np.bool_] = ends > segment.doc_starts[:-1]
        return held
    column = segment.columns.get(name)
    if column is None:
        return np.zeros(segment.document_count, bool)
    return column.codes > 0
