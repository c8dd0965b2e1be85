"""
What did the person ask?

A typed query becomes a tree of `whoosh.query` objects over words that are
already analysed: `parse`. The language:

===========================  =====================================================
``hållbar produktion``       free text, ranked; function words are left out where
                             others remain
``a OCH b``, ``AND``         both; strict, as every operator is
``a ELLER b``, ``OR``        at least one
``a INTE b``, ``-b``         not b; ``+b`` must be met
``(…)``                      groups; adjacency binds tighter than AND, AND than OR
``"cirkulär ekonomi"``       these words after each other, in any inflection
``"a b"~5``                  in order, at most 5 other words between two of them
``a NEAR/5 b``, ``NÄRA``     in any order, at most 5 other words between; 10 if
                             no number is given
``=ord``, ``="en fras"``     exactly these forms
``pre*``, ``*suf``, ``w?d``  wildcards, over forms; a final ``?`` is punctuation
``ord~``, ``ord~2``          forms that differ in one or two letters, not the first
``ord^2``                    weighs twice as much
``titel:ord``                in the title; before a phrase or ``(…)`` likewise
``typ:prop``                 metadata, matched whole; beside free text a filter
``prop. 2015/16:100``        a reference, in any of its spellings; ``ref:"…"`` must be met
``datum:2015..2016-06``      dates; also ``>2015``, ``<=``, ``[2015 TILL 2016]``
===========================  =====================================================

Operators are in capitals only; in lower case they are words. ``a b ELLER c d``
is free text "a b" or free text "c d". Free text also gains a little by what its
words are made of (:mod:`.expansion`); operands of operators do not. A word that
analysis splits ("2015/16:100", "EU-kommissionen") is a phrase. What holds no
letter or digit is dropped. What cannot be parsed is an error that points at the
place.

The everyday forms (words alone, words joined by one operator, one phrase) are
read here without Whoosh's parser, which takes longer than the search itself;
`tests/query/test_language_fast.py` holds the two readings equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from whoosh.query import And, Or, Phrase, Query, Term

from searchkit.query.cited import extras_in
from searchkit.query.expansion import hints
from searchkit.query.syntax import (
    AND_WORDS,
    OPERATORS,
    OR_WORDS,
    FreeText,
    Hint,
    Near,
    Vocabulary,
)
from searchkit.query.syntax_explain import explain

__all__ = ["FIELDS", "FreeText", "Hint", "Near", "Vocabulary", "explain", "parse"]

FIELDS = (
    "content",
    "title",
    "id",
    "type",
    "organ",
    "number",
    "date",
    "url",
    "path",
    "language",
    "ref",
)
"""The columns that people can name, in every index."""

_PLAIN = re.compile(r"\s*[^\W_]+(?:\s+[^\W_]+)*\s*")
_JOINTS = dict.fromkeys(AND_WORDS, And) | dict.fromkeys(OR_WORDS, Or)
# Longer queries are not everyday ones; the full parser has the limits.
_SHORT = 500


def parse(text: str, vocabulary: Vocabulary, *, fields: Sequence[str] = FIELDS) -> Query:
    """
    Read a typed query.

    Args:
        text: the query as typed.
        vocabulary: splits and analyses words; the index's own.
        fields: the columns of the index, those of `FIELDS` that it has and
            any further ones; the text columns are always there.

    Returns:
        The tree; `NullQuery` if *text* holds no letter or digit. Metadata is in
        lower case, and a date is a `NumericRange` over days YYYYMMDD.

    Raises:
        QuerySyntaxError: *text* cannot be parsed; it points at the place.
    """
    tree = _everyday(text, vocabulary)
    if tree is not None:
        return tree
    # Imported here: 10 ms of whoosh.qparser that an everyday query does not need.
    from searchkit.query.syntax_parser import read

    return read(text, vocabulary, fields)


def _everyday(text: str, vocabulary: Vocabulary) -> Any:
    """Read the plain forms; None if *text* is not one of them."""
    if len(text) > _SHORT:
        return None
    inner = text
    quoted = text[:1] == text[-1:] == '"'
    if quoted:
        inner = text[1:-1]
    if not _PLAIN.fullmatch(inner) or extras_in(inner):
        return None
    typed = inner.split()
    joint: Any = FreeText
    if not quoted and not OPERATORS.isdisjoint(typed):
        joint = _single_joint(typed)
        if joint is None:
            return None
        typed = typed[::2]
        inner = " ".join(typed)
    words = vocabulary.words(inner)
    if len(words) != len(typed):
        return None
    if joint is FreeText and not quoted:
        words = [word for word in words if not vocabulary.is_function_word(word)] or words
    terms = [vocabulary.term(word) for word in words]
    if quoted:
        return Phrase("content", terms) if len(terms) > 1 else Term("content", terms[0])
    clauses = [Term("content", term) for term in dict.fromkeys(terms)]
    if joint is FreeText:
        clauses += hints(words, vocabulary)
    return joint(clauses) if len(clauses) > 1 else clauses[0]


def _single_joint(typed: list[str]) -> Any:
    """Return And or Or if every second word is that one operator and no other word is any."""
    joints = {_JOINTS.get(word) for word in typed[1::2]}
    if len(typed) % 2 == 0 or len(joints) != 1 or not OPERATORS.isdisjoint(typed[::2]):
        return None
    return joints.pop()
