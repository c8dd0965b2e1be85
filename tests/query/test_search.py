"""What a search gives to the person who asked."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_corpora import Commit, write

import searchkit
from searchkit.errors import (
    DocumentNotFoundError,
    IndexNotFoundError,
    QuerySyntaxError,
    UsageError,
)
from searchkit.model import Document, Section
from searchkit.query.search import Index

DOCUMENTS = [
    Document("ställa", "Målet är att ställa om. Mål om ställa.", type="sou", date="2015"),
    Document(
        "produktion", "Hållbar produktion är ett mål för ekonomin.", type="prop", date="2016-02"
    ),
    Document("är", "mål är att ställa", title="Mål", type="prop", date="2016-03-01"),
    Document("ekonomi", "Cirkulär ekonomi för hållbara städer", title="", fields={"organ": "KN"}),
    Document("tom", "", title=""),
    Document("tecken", "… – !?"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    directory = tmp_path_factory.mktemp("index")
    write(directory, [Commit(tuple(DOCUMENTS))])
    with searchkit.open(directory) as index:
        yield index


def keys(index: Index, typed: str) -> set[str]:
    return {hit.id for hit in index.search(typed)}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mål INTE ställa", {"produktion"}),
        ("mål -ställa", {"produktion"}),
        ('"mål om ställa"', {"ställa"}),
        ('"mål är att ställa"', {"är", "ställa"}),
        ("för", {"produktion", "ekonomi"}),
        ("är att", {"ställa", "produktion", "är"}),
        ("produktionens", {"produktion"}),
        ("=produktionens", set()),
        ("hållbart OCH ekonomiska", set()),
        ("zzz", set()),
        ("zzz OCH mål", set()),
        ("zzz ELLER produktion", {"produktion"}),
        ("titel:mål", {"är"}),
        ("titel:*", {"är"}),
        ("typ:prop datum:2016-02", {"produktion"}),
        ("datum:0000..2015", {"ställa"}),
        ("organ:kn", {"ekonomi"}),
        ("id:tom", {"tom"}),
        ("*", {document.id for document in DOCUMENTS}),
        ("!?", set()),
        ("", set()),
    ],
)
def test_what_a_query_finds(index: Index, typed: str, expected: set[str]) -> None:
    """Operators are strict, phrases keep every word, function words count where asked for."""
    assert keys(index, typed) == expected


def test_free_text_finds_any_of_its_words_best_first(index: Index) -> None:
    """Of documents that hold different numbers of the words, the one with most comes first."""
    results = index.search("hållbar produktion mål")

    assert results[0].id == "produktion"
    assert len(results) > 1


def test_a_word_of_the_title_counts_twice(tmp_path: Path) -> None:
    """Of two documents of equal length, the one with the word in its title comes first."""
    write(
        tmp_path,
        [Commit((Document("text", "mål", title="annat"), Document("titel", "annat", title="mål")))],
    )
    with searchkit.open(tmp_path) as index:
        titled, other = index.search("mål")

        assert titled.id == "titel"
        assert titled.score > other.score


@pytest.mark.parametrize(
    ("typed", "relaxed"),
    [
        ("hållbar produktion", False),
        ("hållbar ställa", True),
        ("hållbar ställa typ:prop", True),
        ("mål ställa INTE titel:mål", False),
        ("mål produktion INTE ekonomi", True),
        ("hållbar ELLER ställa", False),
        ("zzz yyy", False),
        ("mål", False),
    ],
)
def test_relaxed_says_that_no_document_holds_all_words(
    index: Index, typed: str, relaxed: bool
) -> None:
    """Free text of which no document has all the words is said to be relaxed, if it finds any."""
    assert index.search(typed).relaxed is relaxed


@pytest.mark.parametrize("limit", [0, 1, 2, 100])
def test_total_counts_all_that_match(index: Index, limit: int) -> None:
    """The total does not depend on how many hits are asked for."""
    results = index.search("mål", limit=limit)

    assert (len(results), results.total) == (min(limit, 3), 3)


def test_an_offset_past_the_end_gives_nothing(index: Index) -> None:
    """A page past the last is empty, and still knows the total."""
    results = index.search("mål", offset=3)

    assert (list(results), results.total) == ([], 3)


@pytest.mark.parametrize("name", ["limit", "passages", "offset"])
def test_negative_numbers_are_refused(index: Index, name: str) -> None:
    """No number of a search may be negative."""
    with pytest.raises(UsageError):
        index.search("mål", **{name: -1})


def test_a_hit_says_what_is_known_of_its_document(tmp_path: Path) -> None:
    """A hit has the metadata of its document, and None for what there is not."""
    document = Document(
        "a",
        "Inledning\nMål",
        title="Rubrik",
        type="prop",
        date="2016-03",
        fields={"path": "x/a.txt", "url": "https://exempel.se/a", "organ": "KN"},
        sections=[Section(0, "Inledning")],
        pages=[],
    )
    write(tmp_path, [Commit((document, Document("b", "annat")))])
    with searchkit.open(tmp_path) as index:
        (hit,) = index.search("mål")
        (bare,) = index.search("annat")

        assert (hit.rank, hit.id, hit.title) == (1, "a", "Rubrik")
        assert (hit.type, hit.date) == ("prop", "2016-03")
        assert (hit.path, hit.url, hit.field("organ")) == ("x/a.txt", "https://exempel.se/a", "KN")
        assert [(p.section, p.citation) for p in hit.passages] == [
            ("Inledning", "Rubrik, avsnitt Inledning")
        ]
        assert (bare.title, bare.type, bare.date, bare.path, bare.url) == (None,) * 5
        assert bare.field("finns inte") is None
        assert repr(hit).startswith("Hit(rank=1, id='a', score=")
        assert index.document("a") == document


def test_results_are_a_sequence(index: Index) -> None:
    """Results are counted, sliced and walked like a list, and know their query."""
    results = index.search("mål")

    assert [results[0], *results[1:]] == list(results)
    assert (results.query, results.tree) == ("mål", index.parse("mål"))
    assert results.took_ms > 0


def test_a_tree_can_be_searched_for(index: Index) -> None:
    """A query tree finds what the query that it was read from finds."""
    typed = "hållbar produktion OCH (mål ELLER ekonomi)"
    scores = [(hit.id, hit.score) for hit in index.search(typed)]

    assert [(hit.id, hit.score) for hit in index.search(index.parse(typed))] == scores


def test_hits_outlive_their_index(tmp_path: Path) -> None:
    """What was found can be read after the index is closed, and even replaced."""
    write(tmp_path, [Commit(tuple(DOCUMENTS))])
    with searchkit.open(tmp_path) as index:
        results = index.search("produktion")
    del index
    gc.collect()
    write(tmp_path, [Commit((Document("produktion", "ny"),))])

    assert [(hit.id, hit.type, hit.date) for hit in results] == [("produktion", "prop", "2016-02")]
    assert "Hållbar produktion" in results[0].passages[0].text


def test_an_open_index_keeps_its_generation(tmp_path: Path) -> None:
    """A reader goes on with what it opened, whatever is committed meanwhile."""
    write(tmp_path, [Commit((Document("a", "mål"),))])
    with searchkit.open(tmp_path) as before:
        write(tmp_path, [Commit((Document("b", "mål"),), deletes=("a",))])
        with searchkit.open(tmp_path) as after:
            assert (keys(before, "mål"), keys(after, "mål")) == ({"a"}, {"b"})


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    """An index without documents answers every query with nothing."""
    write(tmp_path, [Commit(())])
    with searchkit.open(tmp_path) as index:
        for typed in ("mål", "*", "INTE mål", "mål NEAR om", "m* typ:prop", "titel:*", "typ:?"):
            results = index.search(typed)

            assert (len(results), results.total, results.relaxed, len(index)) == (0, 0, False, 0)


def test_documents_without_words_are_found_by_metadata_only(tmp_path: Path) -> None:
    """An index whose documents hold no word at all can be filtered, sorted and shown."""
    write(tmp_path, [Commit((Document("a", "", type="prop"), Document("b", "…", title="")))])
    with searchkit.open(tmp_path) as index:
        assert keys(index, "*") == {"a", "b"}
        assert keys(index, "typ:prop") == {"a"}
        assert keys(index, "mål") == set()
        assert [hit.passages[0].text for hit in index.search("*")] == ["", "…"]


def test_a_mistake_points_at_its_place(index: Index) -> None:
    """A query that cannot be read is an error with the place of the mistake."""
    with pytest.raises(QuerySyntaxError) as caught:
        index.search('mål "om')

    assert caught.value.position == 4


def test_what_is_not_there_is_an_error_of_its_own(index: Index, tmp_path: Path) -> None:
    """An unknown document and a directory without an index each have their error."""
    with pytest.raises(DocumentNotFoundError, match="finns inte"):
        index.document("finns inte")
    with pytest.raises(IndexNotFoundError):
        searchkit.open(tmp_path / "ingenting")


def test_how_a_query_was_read_is_one_line(index: Index) -> None:
    """A query can be explained in the words of the index."""
    assert index.explain_query("målen OCH typ:prop") == "mål AND type:prop"


def test_the_analyser_of_an_index_agrees_with_the_default(index: Index) -> None:
    """Terms from the index's own lexicon are those of the analyser without an index."""
    for word in ("målet", "produktion", "ekonomin", "zzz", "städer"):
        assert index.analyzer.term(word) == searchkit.Analyzer().term(word)
