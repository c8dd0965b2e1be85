"""References, numbers in groups and abbreviations are one thing each, in texts and in queries."""

from __future__ import annotations

import pytest
from tiny import found, index_of, marked

from searchkit.errors import QuerySyntaxError
from searchkit.query.cited import extras_in, reference_ids
from searchkit.query.search import Index

TEXTS = {
    "kort": "Enligt prop. 2015/16:100 ska det ske.",
    "lång": "Se proposition 2015/16:100, sidan tre.",
    "bestämd": "Enligt propositionen 2015/16:100 är det så.",
    "utan punkt": "Se prop 2015/16:100. Det är så.",
    "bruten": "Det står i Prop.\n2015/16:100.",
    "mål": "2015 års 16 mål och 100 åtgärder i en prop.",
    "grannen": "Enligt prop. 2015/16:1 är det så.",
    "skrivelsen": "Enligt skr. 2015/16:100 är det så.",
    "klimat": "Klimatet nämns i prop. 2015/16:100 också.",
    "bara klimat": "Klimatet nämns också.",
    "lagen": "Det följer av lagen (2016:1145) om offentlig upphandling.",
    "balken": "Det följer av 3 kap. 5 § miljöbalken.",
    "akten": "Det följer av direktiv (EU) 2018/851.",
    "grupper": "Det kostar 1 000 000 kronor.",
    "ett tal": "Det kostar 1000000 kronor.",
    "tusen": "Det kostar 1 000 kronor.",
    "förkortat": "Det gäller bl.a. växthus.",
    "utskrivet": "Det gäller växthus.",
}
CITING = {"kort", "lång", "bestämd", "utan punkt", "bruten", "klimat"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(tmp_path_factory.mktemp("index"), TEXTS)


SPELLINGS = [
    "prop. 2015/16:100",
    "Prop 2015/16:100",
    "proposition 2015/16: 100",
    "propositionen 2015/16:100",
    'ref:"prop. 2015/16:100"',
    'referens:"prop 2015/16:100"',
    "(prop. 2015/16:100).",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_reference_finds_every_spelling_and_nothing_else(index: Index, typed: str) -> None:
    """However it is typed and written, a reference meets itself: not its numbers, not others."""
    assert set(found(index, typed)) == CITING


@pytest.mark.parametrize(
    ("typed", "key", "mark"),
    [
        ("prop. 2015/16:100", "kort", "prop. 2015/16:100"),
        ("prop. 2015/16:100", "lång", "proposition 2015/16:100"),
        ("prop. 2015/16:100", "bruten", "Prop.\n2015/16:100"),
        ("SFS 2016:1145", "lagen", "2016:1145"),
        ('ref:"(EU) 2018/851"', "akten", "EU) 2018/851"),
        ("1000000", "grupper", "1 000 000"),
    ],
)
def test_a_reference_is_marked_as_a_whole(index: Index, typed: str, key: str, mark: str) -> None:
    """A reference is one mark, from its first word to its last, as the text spells it."""
    assert marked(index, typed)[key] == [mark]


def test_a_section_is_found_by_its_law(index: Index) -> None:
    """A section with a law finds that law's alone; without one, whatever law's it is."""
    assert found(index, "+3 kap. 5 § miljöbalken") == ["balken"]
    assert found(index, "+3 kap. 5 § brottsbalken") == []
    assert found(index, 'ref:"3 kap. 5 §"') == ["balken"]


def test_a_reference_among_words_is_free_text(index: Index) -> None:
    """A reference typed beside words ranks what has both first, and finds what has one."""
    results = found(index, "klimat prop. 2015/16:100")

    assert results[0] == "klimat"
    assert set(results) == CITING | {"bara klimat"}


def test_ref_must_be_met(index: Index) -> None:
    """A reference with the field's name must be met, whatever stands beside it."""
    results = found(index, 'klimat ref:"prop. 2015/16:100"')

    assert results[0] == "klimat"
    assert set(results) == CITING


def test_references_join_operators(index: Index) -> None:
    """Operators take a reference as they take a word."""
    assert found(index, "prop. 2015/16:100 OCH klimat") == ["klimat"]
    assert found(index, "klimat -prop. 2015/16:100") == ["bara klimat"]
    assert found(index, 'klimat INTE ref:"prop. 2015/16:100"') == ["bara klimat"]


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ('klimat ref:"den nya planen"', 11),
        ("klimat ref:planen", 11),
        ('ref:"prop. 2015/16:100 om klimat"', 4),
        ("ref:*", 4),
        ("klimat (ref:planen)", 12),
    ],
)
def test_what_is_no_reference_is_an_error_at_its_place(
    index: Index, typed: str, position: int
) -> None:
    """After ref: stands one reference; anything else is pointed at, not reinterpreted."""
    with pytest.raises(QuerySyntaxError, match="is not a reference") as caught:
        index.search(typed)

    assert caught.value.position == position


@pytest.mark.parametrize("typed", ["1 000 000", "1000000", "1\u00a0000\u00a0000"])
def test_a_number_in_groups_is_one_number(index: Index, typed: str) -> None:
    """A number written in groups of three digits meets the same number in one."""
    assert set(found(index, typed)) == {"grupper", "ett tal"}


def test_an_abbreviation_is_no_obstacle(index: Index) -> None:
    """An abbreviation beside words says nothing: what lacks it is found as well."""
    results = index.search("bl.a. växthus")

    assert {hit.id for hit in results} == {"förkortat", "utskrivet"}
    assert not results.relaxed


def test_an_abbreviation_alone_is_found(index: Index) -> None:
    """Typed alone, an abbreviation finds itself, and is marked as a whole."""
    assert marked(index, "bl. a.") == {"förkortat": ["bl.a"]}


def test_quotes_keep_their_words(index: Index) -> None:
    """Between quotes, a reference is the words it is written with, after each other."""
    assert set(found(index, '"prop. 2015/16:100"')) == {"kort", "utan punkt", "bruten", "klimat"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("klimat prop. 2015/16:100", {7: (24, "ref", "prop 2015/16:100")}),
        ("1 000 000 kr", {0: (9, "num", "1000000")}),
        ("bl.a. mål", {0: (4, "abbr", "bla")}),
        ('"prop. 2015/16:100" mål', {}),
        ("hållbar produktion 2015", {}),
        ("3 kap. 5 § miljöbalken", {0: (8, "ref", "sfs 1998:808 3 kap 5 §")}),
    ],
)
def test_extras_are_told_by_their_offset(
    typed: str, expected: dict[int, tuple[int, str, str]]
) -> None:
    """What a query cites is told with its place, outside quotes only, the most telling reading."""
    assert extras_in(typed) == expected


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("SOU 2016:15.", ["sou 2016:15"]),
        ("prop. 2015/16:100, SOU 2016:15", ["prop 2015/16:100", "sou 2016:15"]),
        ("om SOU 2016:15", []),
        ("lagen (2016:1145)", ["sfs 2016:1145"]),
        ("3 kap. 5 § miljöbalken", ["sfs 1998:808 3 kap 5 §"]),
        ("3 kap. 5 § MB", ["sfs 1998:808 3 kap 5 §"]),
        ("lagen", []),
        ("1 000 000", []),
        ("", []),
    ],
)
def test_reference_ids_take_references_alone(typed: str, ids: list[str]) -> None:
    """A value is one of ref: only if it consists of nothing but references."""
    assert reference_ids(typed) == ids
