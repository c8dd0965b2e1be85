"""What do the values of the Riksdag's open data mean?"""

from __future__ import annotations

import pytest

from searchkit.corpus.formats.markup import Flat
from searchkit.corpus.formats.riksdag_body import rejoined
from searchkit.corpus.formats.riksdag_status import number_of
from searchkit.corpus.formats.riksdag_values import authors, flat, listed, organ, person, scalar
from searchkit.model import Section


@pytest.mark.parametrize(
    ("held", "count"),
    [
        (None, 0),
        ("", 0),
        ([], 0),
        ({"intressent": None}, 0),
        ({"intressent": {"namn": "Eva Ek"}}, 1),
        ({"intressent": [{"namn": "Eva Ek"}, {"namn": "Ola Ask"}]}, 2),
    ],
)
def test_lists_of_none_one_and_several(held, count):
    """A list comes as null, '', an object or a list, by how many items it has."""
    assert len(listed(held, "intressent")) == count


def test_scalars():
    """A value is text, whatever it is wrapped in."""
    values = ["x ", {"#text": "x"}, [None, "x"], None, 5]

    assert [scalar(value) for value in values] == ["x", "x", "x", "", "5"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("av Eva Ek m.fl. (V)", ["Eva Ek (V)"]),
        ("Ek, Eva (fp)", ["Eva Ek (FP)"]),
        ("av Eva Ek och Ola Ask (c, kd)", ["Eva Ek", "Ola Ask"]),
        ("Delbetänkande (del 2)", []),
        (",  ()", []),
    ],
)
def test_bylines(written, expected):
    """A byline gives names in the order of speech; another subtitle gives nobody."""
    assert authors(written) == expected


@pytest.mark.parametrize(
    ("name", "party", "expected"),
    [
        ("Justitie- och inrikesminister Eva Ek", "S", "Eva Ek (S)"),
        ("Statsrådet: Eva Ek", "", "Eva Ek"),
        ("Eva Ek i Lillsund", "-", "Eva Ek i Lillsund"),
        ("Eva Ek (Mp)", "", "Eva Ek (MP)"),
    ],
)
def test_persons(name, party, expected):
    """An office before a name goes, a party behind it is written one way."""
    assert person(name, party) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("FöU", "Försvarsutskottet"),
        ("Justitiedepartementet L2", "Justitiedepartementet"),
        ("Justitiedepartementet", "Justitiedepartementet"),
        ("Riksbanken", "Riksbanken"),
    ],
)
def test_organs(written, expected):
    """A committee's letters become its name, a ministry loses the letters of its unit."""
    assert organ(written) == expected


@pytest.mark.parametrize(
    ("paper", "kind", "expected"),
    [
        ({"rm": "2014/15", "beteckning": "NU7"}, "bet", "2014/15:NU7"),
        ({"rm": "1998", "beteckning": "1998:808"}, "sfs", "1998:808"),
        ({"rm": "2020", "beteckning": "447"}, "COM", "COM(2020) 447"),
        ({"rm": "2016", "beteckning": "15"}, "sou", "2016:15"),
        ({"rm": "2016", "beteckning": "", "nummer": "0"}, "bet", ""),
    ],
)
def test_numbers(paper, kind, expected):
    """A number is written as it is officially, by its series."""
    assert number_of(paper, kind) == expected


def test_words_cut_at_line_ends():
    """A word cut at the end of a printed line is whole again, and sections move with it."""
    cut = Flat("en hemförsäljnings-\nlag\n\n2 Nytt", (Section(25, "2 Nytt"),), ())

    whole = rejoined(cut)

    assert whole.text == "en hemförsäljningslag\n\n2 Nytt"
    assert whole.text[whole.sections[0].start :] == "2 Nytt"


def test_suspended_compounds_stay():
    """A hyphen before 'och' stands for the rest of a word, and stays."""
    assert rejoined(Flat("vår-\noch höstbruk", (), ())).text == "vår-\noch höstbruk"


def test_control_characters_that_were_punctuation():
    """Punctuation of cp1252 that was taken for Latin-1 is given back."""
    assert flat("åren 2011\x962014").text == "åren 2011–2014"
