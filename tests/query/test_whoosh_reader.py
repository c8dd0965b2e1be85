"""Whoosh's own Searcher works on our index."""

from __future__ import annotations

from typing import Any

import pytest
from small_corpora import Commit, write
from whoosh import query, sorting
from whoosh.matching import ReadTooFar
from whoosh.query import spans
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher

import searchkit
from searchkit.index.whoosh_fields import whoosh_schema
from searchkit.index.whoosh_reader import SnapshotReader, SnapshotWeighting, drain
from searchkit.model import Document
from searchkit.query.search import Index

DOCUMENTS = {
    "a": Document("a", "Mål om mål", title="Produktion", type="Prop", date="2016-03-01"),
    "b": Document("b", "mål och avfall", type="sou", date="2015"),
    "c": Document("c", "avfall", title="Om avfall", type="prop", fields={"organ": "Klimat"}),
    "d": Document("d", "ett mål", type="mot", date="2017-05"),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Two segments; the first holds an old `b` and a deleted `x` as tombstones."""
    directory = tmp_path_factory.mktemp("index")
    old = [Document("b", "gammalt avfall"), Document("x", "borttaget mål", title="borttaget")]
    filling = [Document(f"fyllnad-{n}", "annat") for n in range(6)]
    write(
        directory,
        [
            Commit((DOCUMENTS["a"], *old, DOCUMENTS["c"], *filling)),
            Commit((DOCUMENTS["b"], DOCUMENTS["d"]), deletes=("x",)),
        ],
    )
    opened = searchkit.open(directory)
    assert [live.alive is None for live in opened.snapshot.segments] == [False, True]
    return opened


@pytest.fixture
def reader(index: Index) -> SnapshotReader:
    return SnapshotReader(index.snapshot)


@pytest.fixture
def searcher(reader: SnapshotReader) -> Any:
    return Searcher(reader)


def keys(hits: Any) -> list[str]:
    return [hit["id"] for hit in hits]


GOALS = query.Term("content", "mål")
KNOWN = query.Or([query.Term("id", key) for key in "abcd"])


def test_a_hit_knows_its_document(searcher: Any) -> None:
    """A hit gives the metadata that its document has, and its text."""
    (hit,) = searcher.search(query.Term("id", "a"))

    assert dict(hit.fields()) == {
        "id": "a", "title": "Produktion", "type": "Prop", "date": "2016-03-01",
        "content": "Mål om mål",
    }  # fmt: skip
    assert (hit.get("organ"), "organ" in hit.fields()) == (None, False)


def test_whoosh_highlights_our_text(searcher: Any) -> None:
    """Whoosh's highlighter marks every inflection of a word in the stored text."""
    (hit,) = searcher.search(GOALS & query.Term("id", "d"))

    assert hit.highlights("content") == 'ett <b class="match term0">mål</b>'


def test_deleted_documents_are_nowhere(reader: SnapshotReader, searcher: Any) -> None:
    """No term, count or search tells of a document that was deleted or replaced."""
    assert reader.doc_count_all() - reader.doc_count() == 2
    assert "x" not in keys(searcher.search(query.Every(), limit=None))
    assert b"borttag" not in b" ".join(reader.lexicon("title"))
    assert ("id", "x") not in reader
    assert (reader.doc_frequency("content", "mål"), reader.frequency("content", "mål")) == (3, 4)
    assert keys(searcher.search(query.Not(GOALS) & KNOWN)) == ["c"]


def test_a_document_is_found_by_its_id(searcher: Any) -> None:
    """Whoosh's look-up by a unique field finds the current version only."""
    assert searcher.document(id="b")["content"] == "mål och avfall"
    assert searcher.document_number(id="x") is None


@pytest.mark.parametrize(
    ("facet", "expected"),
    [
        ("date", ["b", "a", "d", "c"]),
        (sorting.FieldFacet("date", reverse=True), ["c", "d", "a", "b"]),
        ("type", ["a", "d", "c", "b"]),
        (sorting.FieldFacet("type", reverse=True), ["b", "c", "d", "a"]),
        (sorting.MultiFacet(["organ", "id"]), ["a", "b", "d", "c"]),
    ],
    ids=repr,
)
def test_hits_are_sorted_by_a_column(searcher: Any, facet: Any, expected: list[str]) -> None:
    """Any column sorts, dates as numbers and no date after all others, as in Whoosh."""
    assert keys(searcher.search(KNOWN, sortedby=facet)) == expected


def test_hits_are_grouped_by_a_column(searcher: Any) -> None:
    """Facets count the values of a column in the hits."""
    results = searcher.search(KNOWN, groupedby=["type", "date"], maptype=sorting.Count)

    assert results.groups("type") == {"Prop": 1, "sou": 1, "prop": 1, "mot": 1}
    assert {20150000: 1, 20160301: 1, 20170500: 1}.items() <= results.groups("date").items()


def test_values_are_found_in_any_case(searcher: Any) -> None:
    """A metadata value is the same in capitals and in small letters."""
    for typed in ("prop", "Prop", "PROP"):
        assert sorted(keys(searcher.search(query.Term("type", typed)))) == ["a", "c"]


def test_more_documents_like_one(searcher: Any) -> None:
    """Whoosh finds similar documents by the stored text."""
    number = searcher.document_number(id="c")

    assert keys(searcher.more_like(number, "content")) == ["b"]


def test_suggestions_come_from_our_words(searcher: Any) -> None:
    """Whoosh's spelling correction reads our lexicon, of live documents."""
    assert searcher.suggest("exact", "avfalk") == ["avfall"]
    assert searcher.suggest("exact", "borttagit") == []


def test_our_weighting_gives_our_scores(index: Index, reader: SnapshotReader) -> None:
    """With our weighting Whoosh scores as we do, down to single precision."""
    searcher = Searcher(reader, weighting=SnapshotWeighting(index.snapshot))
    for typed in (
        "mål",
        "=mål",
        "titel:avfall",
        "mål ELLER avfall",
        "(mål OCH om)^2",
        "mål^3 ELLER och",
    ):
        expected = [(hit.id, hit.score) for hit in index.search(typed)]
        found = [(hit["id"], hit.score) for hit in searcher.search(index.parse(typed))]

        assert dict(found) == pytest.approx(dict(expected), rel=1e-5), typed
        assert len(expected) > 0


def test_block_quality_never_hides_a_hit(searcher: Any) -> None:
    """The few best hits, found with Whoosh's skipping, are the first of all hits."""
    tree = query.Or([GOALS, query.Term("content", "avfall")])
    every = [(hit.docnum, hit.score) for hit in searcher.search(tree, limit=None)]

    for limit in range(1, len(every) + 1):
        best = searcher.search(tree, limit=limit)
        assert [(hit.docnum, hit.score) for hit in best] == every[:limit]


def test_terms_are_those_of_any_field_in_order(reader: SnapshotReader) -> None:
    """Terms ascend by field and text, and reading on from one gives all that follow it."""
    terms = list(reader.all_terms())

    assert terms == sorted(set(terms))
    assert {field for field, _ in terms} == {
        "content", "date", "exact", "id", "organ", "title", "title_exact", "type"
    }  # fmt: skip
    middle = terms.index(("exact", "mål".encode()))
    assert list(reader.terms_from("exact", "mål")) == terms[middle:]


def test_lengths_are_weighted_by_field(reader: SnapshotReader) -> None:
    """A title's word counts twice in a length; a column has no length."""
    assert reader.doc_field_length(0, "content") == 2 + 3
    assert reader.doc_field_length(0, "title") == 2
    assert reader.doc_field_length(0, "type", default=7) == 7
    assert (reader.min_field_length("title"), reader.max_field_length("title")) == (0, 4)
    assert reader.field_length("title") == 6


def test_a_posting_list_is_skipped_as_whoosh_does(reader: SnapshotReader) -> None:
    """A matcher skips to the first document not before the one wanted, and then no further."""
    matcher = reader.postings("content", "mål")
    ids = list(matcher.copy().all_ids())
    matcher.skip_to(ids[1] - 1)
    assert matcher.id() == ids[1]
    matcher.skip_to(0)
    assert matcher.id() == ids[1]
    matcher.skip_to(ids[-1] + 1)
    assert not matcher.is_active()
    with pytest.raises(ReadTooFar):
        matcher.skip_to(0)


def test_encoded_positions_are_whooshs(reader: SnapshotReader) -> None:
    """A posting's value, decoded by the field's format, gives its positions."""
    matcher = reader.postings("content", "mål")
    decode = reader.schema["content"].format.decoder("positions")

    assert decode(matcher.value()) == matcher.value_as("positions")
    assert reader.postings("type", "prop").value() == b""


def test_what_is_not_there_is_said_as_whoosh_says_it(reader: SnapshotReader) -> None:
    """An unknown term has no postings, an unknown column no values, no document a vector."""
    with pytest.raises(TermNotFound):
        reader.postings("content", "saknas")
    with pytest.raises(KeyError):
        reader.column_reader("exact")
    with pytest.raises(KeyError):
        reader.vector(0, "content")
    assert not reader.has_vector(0, "content")
    assert (reader.doc_frequency("nowhere", "x"), reader.frequency("nowhere", "x")) == (0, 0)


def test_columns_that_whoosh_cannot_name_are_left_out() -> None:
    """A column with a space or a leading underscore in its name is no field, and no error."""
    assert "organ" in whoosh_schema(["organ", "_x", "a b"])
    assert not {"_x", "a b"} & set(whoosh_schema(["organ", "_x", "a b"]).names())


def test_an_empty_index_answers_with_nothing(tmp_path: Any) -> None:
    """A snapshot without documents has no terms and no hits."""
    write(tmp_path, [Commit(())])
    with searchkit.open(tmp_path) as empty:
        reader = SnapshotReader(empty.snapshot)

        assert list(reader.all_terms()) == []
        assert keys(Searcher(reader).search(query.Every())) == []
        assert (reader.min_field_length("content"), reader.doc_count()) == (0, 0)


BEGINS = spans.SpanFirst(query.Term("title", "avfall"), limit=5)


def test_draining_scores_as_we_do(index: Index) -> None:
    """A query that only Whoosh can run weighs its words as one of ours does."""
    title = index.search(query.Term("title", "avfall"))
    begins = index.search(BEGINS)

    assert [(hit.id, hit.score) for hit in begins] == [("c", pytest.approx(title[0].score))]


def test_draining_a_condition_scores_nothing(index: Index) -> None:
    """A query about metadata only filters, whoever runs it, also where there is no such column."""
    assert {hit.id: hit.score for hit in index.search("typ:?rop")} == {"a": 0.0, "c": 0.0}
    assert {hit.id for hit in index.search("organ:[k TO l]")} == {"c"}


def test_draining_leaves_out_the_deleted(index: Index) -> None:
    """Whoosh's column queries look at every document; the deleted ones are left out."""
    docs, scores = drain(query.ColumnQuery("id", lambda key: key in ("b", "x")), index.snapshot)

    assert docs.tolist() == [index.snapshot.segments[1].base]
    assert scores.tolist() == [0.0]
