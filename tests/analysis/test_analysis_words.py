"""Which words meet, and which must not."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from searchkit.analysis import WordModel, default_model
from searchkit.analysis import words as words_module

HERE = Path(__file__).parent


def lines_of(name: str) -> list[str]:
    """Return the lines of a table beside this file."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("family", lines_of("families.txt"))
def test_forms_of_a_word_meet(family: str) -> None:
    """All forms of a word have one term."""
    assert len({default_model().term(word) for word in family.split()}) == 1


@pytest.mark.parametrize("pair", lines_of("apart.txt"))
def test_different_words_stay_apart(pair: str) -> None:
    """Words of different meaning have different terms."""
    one, other = pair.split()

    assert default_model().term(one) != default_model().term(other)


def test_tables_are_large_enough() -> None:
    """The tables hold at least 300 families and 200 pairs, each only once."""
    families = [set(line.split()) for line in lines_of("families.txt")]
    pairs = {frozenset(line.split()) for line in lines_of("apart.txt")}

    assert len(families) >= 300
    assert len(pairs) == len(lines_of("apart.txt")) >= 200
    assert not [a & b for a, b in combinations(families, 2) if a & b]


def test_function_words_stay_among_themselves() -> None:
    """The term of a function word is a function word, its own if it has no inflected forms."""
    model = default_model()

    assert {model.term(word) for word in model.function_words} <= model.function_words
    assert [model.term(word) for word in ("och", "att", "skall", "var")] == [
        "och",
        "att",
        "ska",
        "var",
    ]


def test_forms_of_function_words_are_function_words() -> None:
    """Every word of a function word's family is in the list of function words."""
    families = words_module._read_words("function_families.txt")

    assert families <= default_model().function_words


def test_no_other_word_shares_a_function_words_term() -> None:
    """Who asks for a content word never gets every text with a function word, "man" excepted."""
    model = default_model()
    tables = lines_of("families.txt") + lines_of("apart.txt")
    others = {word for line in tables for word in line.split()} - model.function_words

    shared = {model.term(word) for word in others} & model.function_words

    assert shared == {"man"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("eu:s", "eu"),
        ("sou:n", "sou"),
        ("2015", "2015"),
        ("m²", "m²"),
        ("idéer", "ide"),
        ("müller", "muller"),
        ("øst", "öst"),
        ("straße", "strass"),
        ("λόγος", "λογος"),
        ("", ""),
    ],
)
def test_terms_of_odd_words(word: str, expected: str) -> None:
    """Case endings after a colon go, foreign accents are folded, numbers stay."""
    assert default_model().term(word) == expected


def test_swedish_letters_are_never_folded() -> None:
    """å, ä and ö are letters of their own."""
    terms = [default_model().term(word) for word in ("får", "far", "för", "for", "lär", "lar")]

    assert len(set(terms)) == 6


def test_terms_are_the_terms_of_each_word() -> None:
    """``terms`` gives what ``term`` gives, word by word."""
    model = default_model()

    assert model.terms(["målen", "är", "eu:s"]) == [model.term(w) for w in ("målen", "är", "eu:s")]


@pytest.mark.parametrize(
    "forms",
    [
        "avfallsprevention avfallspreventionen avfallspreventionens",
        "klimatfondsrisk klimatfondsrisken klimatfondsrisker klimatfondsriskerna",
        "testmiljöpris testmiljöpriset testmiljöpriser",
        "fossilstadsplan fossilstadsplanen fossilstadsplanerna",
    ],
)
def test_forms_of_an_unknown_compound_meet(forms: str) -> None:
    """A compound that no dictionary has is inflected as its head is."""
    model = default_model()
    words = forms.split()

    assert {model.lemmas.of(word) for word in words} == {None}
    assert {model.term(word) for word in words} == {words[0]}


def test_an_elided_consonant_is_not_doubled() -> None:
    """The head of "buss|tation" keeps the letters it has in the word."""
    model = default_model()

    assert model.term("testbusstationerna") == model.term("testbusstation") == "testbusstation"


@pytest.mark.parametrize(
    ("stretch", "base"), [("kvinno", "kvinna"), ("gatu", "gata"), ("produktions", "produktion")]
)
def test_a_modifier_alone_is_its_base(stretch: str, base: str) -> None:
    """What stands before the hyphen of a suspended compound is found by its base form."""
    assert default_model().term(stretch) == default_model().term(base)


@pytest.mark.parametrize("word", ["testdatabaserad", "zyxland", "kvasistad", "tobleroner"])
def test_a_genitive_of_an_unknown_word_meets_it(word: str) -> None:
    """An unknown word and its genitive have one term, whatever that is."""
    assert default_model().term(word + "s") == default_model().term(word)


def test_agents_that_no_dictionary_has_meet() -> None:
    """All forms of an unknown noun in -are have one term."""
    model = default_model()
    words = ["zyxande", "zyxare", "zyxaren", "zyxares", "zyxarens"]

    assert [model.term(word) for word in words[1:]] == ["zyxare"] * 4
    assert model.term(words[0]) != "zyxare"


def test_unknown_words_with_digits_stay() -> None:
    """A word of letters and digits is a code: nothing is cut off."""
    assert [default_model().term(word) for word in ("covid19s", "a4or", "2015as")] == [
        "covid19s",
        "a4or",
        "2015as",
    ]


def test_fingerprint_is_that_of_any_model() -> None:
    """Every model of an installation has the same fingerprint, in every process."""
    code = "from searchkit.analysis import default_model; print(default_model().fingerprint)"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert other.stdout.strip() == WordModel().fingerprint == default_model().fingerprint


@pytest.mark.parametrize("name", sorted(words_module._data_files()))
def test_fingerprint_follows_every_data_file(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Another word in any data file of the room is another fingerprint."""
    files = words_module._data_files()
    changed = files | {name: files[name] + b"klimat\n"}
    monkeypatch.setattr(words_module, "_data_files", lambda: changed)

    assert WordModel().fingerprint != default_model().fingerprint


@pytest.mark.parametrize("package", ["snowballstemmer", "simplemma"])
def test_fingerprint_follows_the_dictionaries(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    """Another version of a library that decides terms is another fingerprint."""
    version = words_module.metadata.version
    monkeypatch.setattr(
        words_module.metadata, "version", lambda name: "0" if name == package else version(name)
    )

    assert WordModel().fingerprint != default_model().fingerprint


def test_fingerprint_follows_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the chain is another fingerprint."""
    monkeypatch.setattr(words_module, "CHAIN_VERSION", words_module.CHAIN_VERSION + 1)

    assert WordModel().fingerprint != default_model().fingerprint


def test_a_known_word_loads_no_dictionary() -> None:
    """Function words are answered before the dictionary is loaded."""
    model = WordModel()
    model.term("och")

    assert vars(model).keys() & {"_dictionary", "lemmas", "compounds"} == set()


def test_the_fingerprint_loads_no_model() -> None:
    """To open an index, neither dictionary nor compound model is read."""
    model = WordModel()

    assert model.fingerprint.startswith("sv-")
    assert vars(model).keys() & {"_dictionary", "lemmas", "compounds"} == set()
