"""A word is found inside others and in suspended halves, and only its own stretch is marked."""

from __future__ import annotations

import pytest
from small_corpora import Commit, write
from tiny import found, index_of, marked

import searchkit
from searchkit.model import Document
from searchkit.query.search import Index

TEXTS = {
    "hel": "Kommunen tar hand om avfallet.",
    "led": "Kommunen ser över avfallshanteringen.",
    "huvud": "Kommunen väger sitt industriavfall.",
    "annan": "Kommunen läser sina handlingar.",
    "hantering": "En kommun har en plan för hantering av avfall.",
    "mönster": "Produktions- och konsumtionsmönster ändras.",
    "politik": "Om miljö-, klimat- och energipolitiken.",
    "varor": "Vid in- eller utförsel av varor.",
    "barn": "Pengar till skolbarn och -ungdomar.",
    "hållbarhet": "Målet är hållbarheten.",
    "hållbar": "Målet är hållbart.",
    "jord": "Om jordbrukspolitiken.",
    "barnet": "En sko till barn.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(tmp_path_factory.mktemp("index"), TEXTS)


PARTS = [
    ("avfall", "led", ["avfall"]),
    ("avfall", "huvud", ["avfall"]),
    ("avfallets", "hel", ["avfallet"]),
    ("hantering", "led", ["hanteringen"]),
    ("jordbruk", "jord", ["jordbruk"]),
    ("bruk", "jord", ["bruk"]),
    ("politik", "jord", ["politiken"]),
    ("jordbrukspolitik", "jord", ["jordbrukspolitiken"]),
    ("hållbar", "hållbarhet", ["hållbar"]),
    ("hållbarhet", "hållbarhet", ["hållbarheten"]),
]


@pytest.mark.parametrize(("typed", "key", "marks"), PARTS)
def test_a_part_of_a_word_marks_its_stretch(
    index: Index, typed: str, key: str, marks: list[str]
) -> None:
    """A word is found inside compounds and derivations, and only its stretch is marked."""
    assert marked(index, typed)[key] == marks


def test_what_only_looks_like_a_part_is_not_found(index: Index) -> None:
    """A word is found where it is a part, not wherever its letters stand."""
    assert "barn" not in found(index, "sko")
    assert "barnet" in found(index, "sko")


SUSPENDED = [
    ("produktionsmönster", "mönster", ["Produktions-", "mönster"]),
    ("konsumtionsmönster", "mönster", ["konsumtionsmönster"]),
    ("miljöpolitik", "politik", ["miljö-", "politiken"]),
    ("klimatpolitiken", "politik", ["klimat-", "politiken"]),
    ("energipolitik", "politik", ["energipolitiken"]),
    ("införsel", "varor", ["in-", "försel"]),
    ("utförsel", "varor", ["utförsel"]),
    ("skolungdom", "barn", ["skol", "-ungdomar"]),
    ("skolungdomarna", "barn", ["skol", "-ungdomar"]),
]


@pytest.mark.parametrize(("typed", "key", "marks"), SUSPENDED)
def test_a_suspended_half_is_its_whole_word(
    index: Index, typed: str, key: str, marks: list[str]
) -> None:
    """A half with a hyphen is found as the compound it stands for; both pieces are marked."""
    results = marked(index, typed)

    assert next(iter(results)) == key
    assert results[key] == marks


NOT_MEANT = ["produktionspolitik", "miljöförsel", "utmönster", "skolungdomspolitik"]


@pytest.mark.parametrize("typed", NOT_MEANT)
def test_halves_make_no_other_words(index: Index, typed: str) -> None:
    """A half is completed by the word beside it alone: no whole word is made of other pieces."""
    assert marked(index, f"+{typed}") == {}


def ranking(tmp_path_factory: pytest.TempPathFactory, *words: str) -> Index:
    """Return an index of texts of equal length, each around one of *words*, its id."""
    texts = {word: f"Detta är {word} ja." for word in words}
    return index_of(tmp_path_factory.mktemp("index"), texts)


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("kommun", ["kommun", "storkommun", "kommunstyrelse"]),
        ("avfall", ["avfall", "industriavfall", "avfallshantering"]),
        ("ekonomi", ["ekonomi", "planekonomi", "ekonomistyrning"]),
        ("kommun", ["kommun", "storkommun", "kommunal"]),
    ],
)
def test_the_whole_word_comes_before_its_head_and_that_before_the_rest(
    tmp_path_factory: pytest.TempPathFactory, typed: str, order: list[str]
) -> None:
    """Of texts of one length: the word itself, then as a head, then as modifier or relative."""
    with ranking(tmp_path_factory, *reversed(order)) as index:
        scores = [hit.score for hit in index.search(typed, passages=0)]

        assert found(index, typed) == order
        assert scores == sorted(set(scores), reverse=True)


def test_a_suspended_half_weighs_as_much_as_the_whole_word(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A restored compound scores as the compound written out does."""
    texts = {"hel": "miljöpolitik och energipolitik", "halv": "miljö- och energipolitik"}
    with index_of(tmp_path_factory.mktemp("index"), texts) as index:
        # As many words, and no hint: the word must be there.
        whole, half = (hit.score for hit in index.search("+miljöpolitik", passages=0))

        assert found(index, "+miljöpolitik") == list(texts)
        assert whole == half


def test_exactly_that_form_is_not_found_inside(index: Index) -> None:
    """=word asks for the form as a word of its own, not inside others, nor another form."""
    assert found(index, "=avfall") == ["hantering"]
    assert found(index, "=avfallet") == ["hel"]


def test_phrases_see_whole_words_only(index: Index) -> None:
    """A phrase is of whole words, in any inflection, never of parts of compounds."""
    assert found(index, '"över avfall"') == []
    assert found(index, '"över avfallshanteringar"') == ["led"]


def test_near_sees_parts(index: Index) -> None:
    """Words near each other may stand inside others."""
    assert found(index, "kommun NEAR/2 hantering") == ["led"]


def test_operators_are_strict(index: Index) -> None:
    """Operators ask for the very compound: that its parts stand there does not meet it."""
    assert found(index, "avfallshantering OCH kommun") == ["led"]
    assert found(index, "+avfallshantering kommun") == ["led"]
    assert "hantering" not in found(index, "kommun INTE avfall")


def test_exclusion_sees_parts(index: Index) -> None:
    """What excludes a word excludes the compounds that hold it."""
    assert found(index, "kommun INTE avfall") == ["annan"]
    assert "led" in found(index, "kommun -=avfall")


def test_free_text_finds_the_parts_of_a_compound_below_it(index: Index) -> None:
    """A compound typed as free text finds texts with its parts, after those with itself."""
    results = found(index, "avfallshantering")

    assert results[:2] == ["led", "hantering"]
    assert marked(index, "avfallshantering")["hantering"] == ["hantering", "avfall"]


def test_free_text_prefers_the_compound_of_neighbours(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Two words typed after each other prefer their compound to the same parts of others."""
    texts = {
        "andra": "Produktionskrav och handelsmönster.",
        "ett": "Produktionsmönster och handelskrav.",
    }
    with index_of(tmp_path_factory.mktemp("index"), texts) as index:
        assert found(index, "produktion mönster") == ["ett", "andra"]


def test_a_relative_is_found_below_the_word(index: Index) -> None:
    """A derivation finds what it is made of, and the other way round, below the word itself."""
    assert found(index, "hållbarhet") == ["hållbarhet", "hållbar"]
    assert found(index, "hållbar") == ["hållbar", "hållbarhet"]


def test_relaxed_speaks_of_typed_words_only(index: Index) -> None:
    """What free text is relaxed about are its words, not the hints they give."""
    assert not index.search("avfallshantering kommun").relaxed
    assert index.search("avfallshantering sko").relaxed


def test_titles_hold_parts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A field of text finds words inside the words of that field alone."""
    directory = tmp_path_factory.mktemp("index")
    documents = (
        Document("titel", "Om annat.", title="Avfallsplan"),
        Document("text", "Om en avfallsplan.", title="Annat"),
    )
    write(directory, [Commit(documents)])
    with searchkit.open(directory) as index:
        assert found(index, "titel:avfall") == ["titel"]
        assert set(found(index, "avfall")) == {"titel", "text"}
