"""Which word a word is made of, without being merged with it."""

from __future__ import annotations

from collections import Counter

import pytest

from searchkit.analysis import default_model
from searchkit.analysis.words import _read_lines


@pytest.mark.parametrize(
    ("word", "base", "stretch"),
    [
        ("hållbarhet", "hållbar", "hållbar"),
        ("hållbarhetens", "hållbar", "hållbar"),
        ("statliga", "stat", "stat"),
        ("rättigheterna", "rätt", "rätt"),
        ("jämställdhet", "jämställd", "jämställ"),
        ("kommunala", "kommun", "kommun"),
        ("ekonomiska", "ekonomi", "ekonomi"),
        ("politiskt", "politik", "politi"),
        ("industriella", "industri", "industri"),
        ("forskningen", "forska", "forsk"),
        ("forskarna", "forska", "forska"),
        ("utredare", "utreda", "utreda"),
        ("bestämmelser", "bestämma", "bestämm"),
        ("genomförandet", "genomföra", "genomföra"),
        ("anmälan", "anmäla", "anmäla"),
        ("användbar", "använda", "använd"),
        ("terrorism", "terror", "terror"),
        ("medlemskap", "medlem", "medlem"),
        ("effektivitet", "effektiv", "effektiv"),
        ("besluta", "beslut", "beslut"),
        ("produktion", "producera", "produ"),
        ("svenska", "sverige", "sve"),
    ],
)
def test_a_derivation_knows_its_base(word: str, base: str, stretch: str) -> None:
    """A derivation gives its base's term and the letters that the two begin with."""
    model = default_model()

    assert (model.term(base), 0) in [found[:2] for found in model.related(word)]
    if base != "jämställd":
        assert word[: model.related(word)[0][2]] == stretch


def test_the_nearest_base_comes_first() -> None:
    """A noun of a verb of an adjective is related to both."""
    found = [term for term, _, _ in default_model().related("digitaliseringen")]

    assert found == ["digitalisera", "digital"]


@pytest.mark.parametrize(
    "word",
    [
        "myndighet",
        "fastighet",
        "möjlig",
        "märklig",
        "egentlig",
        "samhälle",
        "kommunism",
        "viktig",
        "verklig",
        "personal",
        "regering",
        "förordning",
        "egenskap",
        "landskap",
        "marknad",
    ],
)
def test_false_friends_have_no_base(word: str) -> None:
    """What has drifted from its base, or only looks derived, has none."""
    assert default_model().related(word) == ()


def test_simple_and_unknown_words_have_no_base() -> None:
    """Neither a root, nor a function word, nor a word that no dictionary has, is derived."""
    model = default_model()

    assert [model.related(word) for word in ("stat", "och", "xyzzyhet", "")] == [()] * 4


def test_related_words_are_never_merged() -> None:
    """A derivation's term is never one of its bases' terms."""
    model = default_model()
    words = {word for line in _read_lines("related_pairs.txt") for word in line}
    words |= {word + ending for word in words for ending in ("het", "lig", "ning", "are", "isk")}

    assert [
        word for word in words if model.term(word) in {t for t, _, _ in model.related(word)}
    ] == []


def test_every_listed_pair_is_related() -> None:
    """Each line of the pairs is in force: its first word gives its second."""
    model = default_model()
    pairs = [(line[0], line[1]) for line in _read_lines("related_pairs.txt") if line]

    assert len(pairs) > 100
    assert [
        (word, base)
        for word, base in pairs
        if model.term(base) not in {term for term, _, _ in model.related(word)}
    ] == []


def test_no_word_is_listed_twice() -> None:
    """The words without a base, and those with a listed one, stand once."""
    apart = Counter(word for line in _read_lines("related_not.txt") for word in line)
    pairs = Counter(line[0] for line in _read_lines("related_pairs.txt") if line)

    assert [word for word, count in (apart + pairs).items() if count > 1] == []
