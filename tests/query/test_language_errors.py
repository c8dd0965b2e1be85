"""What cannot be parsed points at the place, and nothing else is ever raised."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_vocabulary import VOCABULARY
from whoosh.qparser.common import QueryParserError
from whoosh.query import And, AndMaybe, AndNot, Not, Or, Query

from searchkit.errors import QuerySyntaxError, UnknownFieldError
from searchkit.query import syntax_parser
from searchkit.query.language import FreeText, Near, explain, parse

# The mark "¤" stands before the character that the error points at.
ERRORS = [
    ('¤"cirkulär', "this quote is not closed"),
    ('"a" b ¤"c', "this quote is not closed"),
    ('=¤"a', "this quote is not closed"),
    ("a ¤(b (c)", "this parenthesis is not closed"),
    ("(a) b¤)", "nothing opens this parenthesis"),
    ("¤OCH b", "nothing stands before OCH"),
    ("a ¤ELLER", "nothing stands after ELLER"),
    ("a OCH ¤OR b", "nothing stands before OR"),
    ("(a ¤OCH) b", "nothing stands after OCH"),
    ("a ¤INTE", "nothing stands after INTE"),
    ("a ¤NOT OCH b", "nothing stands after NOT"),
    ("a OCH ¤§", "there is no word to search for here"),
    ("a OCH ¤()", "there is no word to search for here"),
    ("a INTE ¤…", "there is no word to search for here"),
    ("¤NEAR b", "nothing stands before NEAR"),
    ("a ¤NÄRA/3", "nothing stands after NÄRA/3"),
    ("a NEAR ¤(b c)", "NEAR joins words and phrases only"),
    ("a NEAR ¤-b", "NEAR joins words and phrases only"),
    ("¤typ:prop NEAR b", "NEAR joins words and phrases only"),
    ("titel:¤a NEAR b", "one and the same text field"),
    ("typ:(¤a NEAR b)", "one and the same text field"),
    ("¤* NEAR b", "one and the same text field"),
    ("a NEAR/1 b ¤NEAR/2 c", "one and the same distance"),
    ("a ¤NEAR/x b", "a distance is a number of words"),
    ("a ¤NEAR/10001 b", "a distance is a number of words"),
    ('"a b"¤~', "a distance is a number of words"),
    ("a¤^x", "^ needs a number above 0"),
    ("a¤^", "^ needs a number above 0"),
    ("a¤^0", "^ needs a number above 0"),
    ("a¤^2^3", "^ needs a number above 0"),
    ("a ¤^2", "nothing stands before ^"),
    ("ord¤~3", "1 or 2 changed letters"),
    ("¤or*d~1", "wildcards or ~, not both"),
    ("¤EU-kommission~", "is not one word"),
    ("titel:¤[a-b TO c]", "is not one word"),
    ("¤[TO]", "at least one end"),
    ('¤"a * b"', "a lone * cannot stand in a phrase"),
    ("¤=(a b)", "= stands before a word or a quote"),
    ("¤titel:^2", "'titel:' has no value"),
    ("(¤titel:) a", "'titel:' has no value"),
    ("¤titel:typ:prop", "'titel:' has no value"),
    ('typ:¤""', "'type:' has no value"),
    ("typ:¤,", "'type:' has no value"),
    ("nummer:¤>5", "< and > compare dates only"),
    ("datum:¤2015-13", "there is no month 13"),
    ("datum:¤2015-02-29", "no day 29"),
    ("datum:¤igår", "'igår' is not a date"),
    ("datum:¤2016..2015", "before it begins"),
    ("datum:¤..", "at least one end"),
    ("datum:¤[2015 TO igår]", "'igår' is not a date"),
    ("datum:(2015 ELLER ¤x)", "'x' is not a date"),
    ('a ref:¤"den nya"', "'den nya' is not a reference"),
    ("ref:(¤a)", "'a' is not a reference"),
    ('ref:¤"om SOU 2022:41"', "is not a reference"),
    ("ref:¤1000", "is not a reference"),
]


@pytest.mark.parametrize(("marked", "reason"), ERRORS)
def test_error_says_what_is_wrong_and_points_at_it(marked: str, reason: str) -> None:
    """A query that cannot be parsed gives its reason and the place of the mistake."""
    typed = marked.replace("¤", "")

    with pytest.raises(QuerySyntaxError) as caught:
        parse(typed, VOCABULARY)

    assert reason in caught.value.reason
    assert (caught.value.position, caught.value.text) == (marked.index("¤"), typed)


UNKNOWN = [
    ("a ¤tema:klimat", None),
    ("¤titl:klimat", "title"),
    ("-¤dattum:2015", "datum"),
    ("¤Obs:(a b)", None),
    ("¤riksmöte:=a", None),
]


@pytest.mark.parametrize(("marked", "suggestion"), UNKNOWN)
def test_unknown_field_is_an_error_with_the_closest_name(
    marked: str, suggestion: str | None
) -> None:
    """A name before a colon that no column has is pointed at, not read as a word."""
    with pytest.raises(UnknownFieldError) as caught:
        parse(marked.replace("¤", ""), VOCABULARY)

    assert (caught.value.position, caught.value.suggestion) == (marked.index("¤"), suggestion)


def test_a_column_that_the_index_lacks_is_unknown() -> None:
    """A name of the language is an error when the index does not have its column."""
    with pytest.raises(UnknownFieldError) as caught:
        parse("datum:2015", VOCABULARY, fields=("type",))

    assert caught.value.known == ("content", "title", "type")


def test_position_counts_what_was_typed() -> None:
    """A decomposed letter before the mistake does not move the pointer."""
    typed = unicodedata.normalize("NFD", "hållbår") + " )"

    with pytest.raises(QuerySyntaxError) as caught:
        parse(typed, VOCABULARY)

    assert typed[caught.value.position] == ")"


OVERSIZED = [
    (" ".join(["a"] * 1025), 2 * 1024),
    (" ".join(["a"] * 10_000), 2 * 1024),
    ("a-" * 1025, 0),
    ('"' + "a-" * 1025 + '"', 0),
    ("a" * 20_000, 16_384),
    ("?" * 20_000, 16_384),
    ("(" * 500 + "a" + ")" * 500, 64),
    ("a OCH " * 1024 + "a", 6 * 1024),
]


@pytest.mark.parametrize(("typed", "position"), OVERSIZED, ids=range(len(OVERSIZED)))
def test_oversized_query_is_an_error_where_it_becomes_too_large(typed: str, position: int) -> None:
    """Too many words, characters or nested parentheses end in an error with a position."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse(typed, VOCABULARY)

    assert caught.value.position == position


def test_largest_query_is_read() -> None:
    """As many words as the limit allows make a query, and so does the greatest depth."""
    wide = parse(" ".join(f"a{n}" for n in range(1024)), VOCABULARY)
    deep = parse("(a OCH (b ELLER " * 32 + "c" + "))" * 32, VOCABULARY)

    assert len(wide.subqueries) == 1024
    assert explain(deep).count("(") == 63


def test_error_of_whoosh_is_mapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever Whoosh's parser raises reaches the caller as a QuerySyntaxError."""

    def fail(*_: Any) -> None:
        raise QueryParserError("no")

    monkeypatch.setattr(syntax_parser.QueryParser, "process", fail)

    with pytest.raises(QuerySyntaxError, match="no"):
        parse("a*", VOCABULARY)


MARKS = list('()"~^*?-+=[]:.,/§ 2a  ”å\u030a')
NAMES = [
    "titel:",
    "ref:",
    "SOU 2022:41",
    "bl.a.",
    "typ:",
    "datum:",
    "tema:",
    "2015",
    "..",
    "TO",
    "och",
    "EU:s",
    "~2",
    "^2",
    "a b",
]
OPERATORS = ["OCH ", " ELLER ", " INTE ", " NEAR/3 ", "NÄRA"]
PIECES = st.sampled_from([*MARKS, *NAMES, *OPERATORS])
QUERIES = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=30))


@given(QUERIES)
@settings(deadline=None, max_examples=400)
def test_any_text_gives_a_tree_or_an_error_inside_it(typed: str) -> None:
    """Parsing raises nothing but QuerySyntaxError, and a tree can be explained on one line."""
    error = None
    try:
        tree = parse(typed, VOCABULARY)
    except QuerySyntaxError as caught:
        error = caught
    if error is not None:
        assert 0 <= error.position <= len(typed)
        return
    check_joints(tree)
    assert len(explain(tree).splitlines()) == 1


def check_joints(tree: Query) -> None:
    """Assert what `searchkit.query.syntax` promises of every tree."""
    if isinstance(tree, And | Or):
        parts = tree.subqueries
        assert len(parts) == len(set(parts)) > 1
        assert not any(type(part) is type(tree) and part.boost == 1 for part in parts)
        assert not any(isinstance(part, Not) for part in parts) or type(tree) is Or
    if isinstance(tree, Near):
        assert all(part.is_leaf() for part in tree.qs)
    if isinstance(tree, FreeText | And | Or | AndNot | AndMaybe | Not):
        for part in tree.children():
            check_joints(part)
