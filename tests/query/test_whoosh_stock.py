"""A stock Whoosh index of the same documents finds the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpora import HISTORIES, Commit, examples, left, write
from small_queries import QUERIES
from whoosh import query
from whoosh.query import spans
from whoosh.searching import Searcher
from whoosh_oracle import found, stock_searcher, without_and_not

import searchkit
from searchkit.analysis import WordModel
from searchkit.index.whoosh_reader import SnapshotReader
from searchkit.model import Document
from searchkit.query.search import Index

# Whoosh raises at a range in a column that no document has.
KNOWN = QUERIES.filter(lambda typed: "organ:[" not in typed)


def ours(index: Index, tree: Any) -> set[str]:
    return {hit.id for hit in index.search(tree, limit=100, passages=0)}


@examples(25)
@given(history=HISTORIES, queries=st.lists(KNOWN, min_size=8, max_size=16))
def test_typed_queries_find_what_whoosh_finds(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[Commit, ...], queries: list[str]
) -> None:
    """Whoosh finds the same, both in an index of its own and in ours through our reader."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, history)
    stock = stock_searcher(left(history).values())
    with searchkit.open(directory) as index:
        through = Searcher(SnapshotReader(index.snapshot))
        for typed in queries:
            expected = ours(index, index.parse(typed))
            tree = without_and_not(index.parse(typed))

            assert expected == found(stock, tree), typed
            assert expected == found(through, tree), typed


@pytest.fixture(autouse=True, scope="module")
def _no_parts() -> Iterator[None]:
    """Whoosh knows no words inside words; what ours finds by them `tests/oracle.py` tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WordModel, "parts", lambda _model, _word: ())
        patch.setattr(WordModel, "fingerprint", "no parts")
        yield


DOCUMENTS = [
    Document("a", "Om produktion av hållbar energi. Målen ställs om.", title="Hållbara mål"),
    Document("b", "Hållbar produktion och konsumtion är ett mål", type="prop", date="2015-06-01"),
    Document("c", "Mål om energi, mål om produktion, mål om avfall", type="Sou", date="2016"),
    Document("d", "", title="Avfall och energi", type="mot", date="2016-02"),
    Document("e", "Energi, hållbar energi och produktion", type="prop", date="2017-01-31"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    directory = tmp_path_factory.mktemp("five")
    write(directory, [Commit(tuple(DOCUMENTS[:4])), Commit(tuple(DOCUMENTS[4:]))])
    return searchkit.open(directory)


@pytest.fixture(scope="module")
def stock() -> Any:
    return stock_searcher(DOCUMENTS)


def term(text: str, field: str = "content") -> Any:
    return query.Term(field, text)


GOAL, ENERGY, MAKING = term("mål"), term("energi"), term("produktion")

OTHER_CLASSES = [
    spans.SpanFirst(term("hållbar", "title"), limit=0),
    spans.SpanFirst(term("avfall", "title"), limit=1),
    spans.SpanNot(ENERGY, spans.SpanNear(term("hållbar"), ENERGY, slop=1)),
    spans.SpanNot(GOAL, spans.SpanNear(term("hållbar"), GOAL, slop=1)),
    spans.SpanContains(spans.SpanNear(GOAL, term("avfall"), slop=9), MAKING),
    spans.SpanBefore(MAKING, ENERGY),
    spans.SpanCondition(GOAL, ENERGY),
    spans.SpanOr([GOAL, MAKING]),
    spans.SpanNear(GOAL, MAKING, slop=3, ordered=False),
    query.Ordered([MAKING, ENERGY]),
    query.Sequence([term("hållbar"), ENERGY]),
    query.DisjunctionMax([GOAL, MAKING]),
    query.Variations("exact", "mål"),
    query.Regex("exact", "m.l(en)?$"),
    query.Wildcard("type", "*o*"),
    query.Regex("type", "^(prop|sou)$"),
    query.FuzzyTerm("type", "prpo", maxdist=2),
    query.TermRange("type", "n", "prop"),
    query.TermRange("type", "mot", "prop", startexcl=True),
    query.NumericRange("date", 20150601, 20160200, startexcl=True),
    query.NumericRange("date", None, 20160200, endexcl=True),
    query.Otherwise(term("zzz"), ENERGY),
    query.WeightingQuery(ENERGY, None),
]


@pytest.mark.parametrize("tree", OTHER_CLASSES, ids=repr)
def test_other_query_classes_find_what_whoosh_finds(index: Index, stock: Any, tree: Any) -> None:
    """A class of Whoosh's that the language never makes finds what it finds in Whoosh's index."""
    expected = found(stock, tree)

    assert ours(index, tree) == expected
    assert found(Searcher(SnapshotReader(index.snapshot)), tree) == expected
    assert 0 < len(expected) < len(DOCUMENTS)


@pytest.mark.parametrize("field", ["content", "exact", "title", "title_exact", "type"])
def test_a_field_has_the_terms_of_whooshs_index(
    tmp_path_factory: pytest.TempPathFactory, stock: Any, field: str
) -> None:
    """Terms, their frequencies and where they stand are those of Whoosh's index."""
    directory = tmp_path_factory.mktemp("one")
    write(directory, [Commit(tuple(DOCUMENTS))])
    with searchkit.open(directory) as index:
        reader = SnapshotReader(index.snapshot)
        terms = list(reader.lexicon(field))

        assert terms == list(stock.reader().lexicon(field))
        for facts in (frequencies, postings_of):
            assert [facts(reader, field, text) for text in terms] == [
                facts(stock.reader(), field, text) for text in terms
            ]


def frequencies(reader: Any, field: str, text: bytes) -> tuple[int, ...]:
    return reader.doc_frequency(field, text), reader.frequency(field, text)


def postings_of(reader: Any, field: str, text: bytes) -> list[Any]:
    matcher = reader.postings(field, text)
    read: Callable[[], Any] = lambda: matcher.value_as("positions")  # noqa: E731
    has_positions = matcher.supports("positions")
    found = []
    while matcher.is_active():
        found.append((matcher.id(), read() if has_positions else None))
        matcher.next()
    return found
