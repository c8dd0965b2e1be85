"""The trees mean to Whoosh's own searcher what the language says they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from language_vocabulary import VOCABULARY
from whoosh import analysis, fields
from whoosh.filedb.filestore import RamStorage
from whoosh.query import AndMaybe, AndNot, Every, Or

from searchkit.query.language import FreeText, parse

# key: (text, type, date)
DOCUMENTS = {
    "order": ("cirkulära ekonomin", "prop", 20150601),
    "reverse": ("ekonomin cirkulära", "prop", 20150600),
    "one": ("cirkulär x1 ekonomi", "sou", 20151231),
    "three": ("ekonomi x1 x2 x3 cirkulär", "sou", 20160000),
    "inside": ("cirkulär x1 mål x2 ekonomi", "sou", 20160101),
    "alone": ("produktionen", "mot", 20170101),
}


class Words(analysis.Tokenizer):  # type: ignore[misc]
    """The test vocabulary as a Whoosh analyser, of terms or of surface words."""

    def __init__(self, *, exact: bool) -> None:
        self.exact = exact

    def __call__(self, text: str, **options: Any) -> Iterator[analysis.Token]:
        token = analysis.Token(**options | {"positions": True})
        for position, word in enumerate(VOCABULARY.words(text)):
            token.text = word if self.exact else VOCABULARY.term(word)
            token.pos = position
            token.boost = 1.0
            token.stopped = False
            yield token


@pytest.fixture(scope="module")
def searcher() -> Iterator[Any]:
    """Give a searcher over a stock Whoosh index of `DOCUMENTS`."""
    schema = fields.Schema(
        key=fields.ID(stored=True),
        content=fields.TEXT(analyzer=Words(exact=False), phrase=True),
        exact=fields.TEXT(analyzer=Words(exact=True), phrase=True),
        type=fields.ID,
        date=fields.NUMERIC(int, 32),
    )
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for key, (text, kind, date) in DOCUMENTS.items():
        writer.add_document(key=key, content=text, exact=text, type=kind, date=date)
    writer.commit()
    with index.searcher() as searcher:
        yield searcher


def matched(searcher: Any, tree: Any) -> set[str]:
    return {hit["key"] for hit in searcher.search(tree, limit=None)}


TOGETHER = {"order", "reverse", "one", "three", "inside"}
MATCHES = [
    ('"cirkulär ekonomi"', {"order"}),
    ('="cirkulär ekonomi"', set()),
    ('"cirkulär ekonomi"~0', {"order"}),
    ('"cirkulär ekonomi"~1', {"order", "one"}),
    ('"cirkulär ekonomi"~3', {"order", "one", "inside"}),
    ("cirkulär NEAR/0 ekonomi", {"order", "reverse"}),
    ("cirkulär NEAR/1 ekonomi", {"order", "reverse", "one"}),
    ("cirkulär NEAR/2 ekonomi", {"order", "reverse", "one"}),
    ("cirkulär NEAR/3 ekonomi", TOGETHER),
    ("ekonomi NEAR/3 cirkul*", TOGETHER),
    ("ekonomi NEAR/1 =cirkulär", {"one"}),
    ("cirkulär NEAR/3 ekonomi NEAR/3 mål", {"inside"}),
    ('"cirk* ekonomi"', {"order"}),
    ("mål NEAR/1 cirkulär OCH typ:sou", {"inside"}),
    ("cirkulär OCH mål", {"inside"}),
    ("cirkulär INTE mål", TOGETHER - {"inside"}),
    ("INTE cirkulär", {"alone"}),
    ("* INTE typ:sou", {"order", "reverse", "alone"}),
    ("mål produktion", {"inside", "alone"}),
    ("+cirkulär x3", TOGETHER),
    ("ekonomi typ:prop", {"order", "reverse"}),
    ("ekonomi typ:(prop sou) -mål", TOGETHER - {"inside"}),
    ("=ekonomi", {"one", "three", "inside"}),
    ("prod*", {"alone"}),
    ("*tionen", {"alone"}),
    ("pr?duktionen", {"alone"}),
    ("produktione~", {"alone"}),
    ("[m TO p]", {"inside"}),
    ("datum:2015", {"order", "reverse", "one"}),
    ("datum:2015-06", {"order", "reverse"}),
    ("datum:2015-06-01", {"order"}),
    ("datum:>2015", {"three", "inside", "alone"}),
    ("datum:<2015-06-01", {"reverse"}),
    ("datum:2015-12..2016", {"one", "three", "inside"}),
]


@pytest.mark.parametrize(("typed", "keys"), MATCHES)
def test_stock_whoosh_matches_what_the_language_says(
    searcher: Any, typed: str, keys: set[str]
) -> None:
    """Whoosh's own matchers, run on the tree, find exactly the documents that are meant."""
    assert matched(searcher, parse(typed, VOCABULARY)) == keys


def test_near_inside_a_conjunction_can_be_estimated(searcher: Any) -> None:
    """A Near tells Whoosh's planner its size, where SpanNear2 itself raises NameError."""
    tree = parse("cirkulär NEAR/3 ekonomi", VOCABULARY)

    assert tree.estimate_size(searcher.reader()) == len(TOGETHER)


@pytest.mark.parametrize("typed", ["mål medel", "mål medel OCH x1", "(mål medel)^2 INTE x1"])
def test_free_text_survives_normalisation(typed: str) -> None:
    """Whoosh's normalize() leaves free text, alone or under AND and NOT, as it is."""
    tree = parse(typed, VOCABULARY)

    assert tree.normalize() == tree
    assert FreeText in {type(tree), *map(type, tree.children())}


def test_free_text_is_weighted_as_a_whole() -> None:
    """A weighted FreeText is the same kind of query with that weight."""
    tree = FreeText(parse("mål medel", VOCABULARY).subqueries).with_boost(2.0)

    assert (type(tree), tree.boost) == (FreeText, 2.0)


@pytest.mark.parametrize("typed", ["* OCH mål", "mål *", "* +mål"])
def test_everything_never_swallows_what_narrows_it(typed: str) -> None:
    """No conjunction holds a bare Every, which Whoosh would take for the whole of it."""
    tree = parse(typed, VOCABULARY)

    assert tree.normalize() == parse("mål", VOCABULARY)


def test_kinds_of_joints_are_whooshs_own() -> None:
    """Explicit operators give Whoosh's classes, so that every walker of trees knows them."""
    trees = [parse(typed, VOCABULARY) for typed in ("a ELLER b", "a -b", "+a b", "*")]

    assert [type(tree) for tree in trees] == [Or, AndNot, AndMaybe, Every]


def test_near_keeps_its_rule_when_its_clauses_are_replaced() -> None:
    """Whoosh's rewriting of a tree gives a Near of the same distance, order and weight."""
    tree = parse("(mål NEAR/3 medel)^2", VOCABULARY)

    assert tree.replace("content", "mål", "medel").replace("content", "medel", "mål") == parse(
        "(mål NEAR/3 mål)^2", VOCABULARY
    )
