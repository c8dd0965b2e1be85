"""What the head of a compound is called."""

from __future__ import annotations

import pytest

from searchkit.analysis import default_model
from searchkit.analysis.compounds import CompoundModel


@pytest.mark.parametrize(
    ("word", "head"),
    [
        ("vapendelar", "del"),
        ("avgiftsskulder", "skuld"),
        ("biltullar", "tull"),
        ("självmordstankar", "tanke"),
        ("konkursbeslutet", "beslut"),
        ("poliskåren", "kår"),
    ],
)
def test_a_head_has_the_lemma_of_the_simple_word(word: str, head: str) -> None:
    """A compound is found by its head as the head is found alone."""
    model = default_model()
    leaf = model.compounds.split(word)[-1]

    assert leaf.base == head == model.lemmas.of(word[leaf.start :])


def test_only_the_base_of_the_head_differs() -> None:
    """Where a compound is cut, and what its modifiers are, is the splitter's."""
    model = default_model()
    plain = CompoundModel(model.dictionary_lemma)
    words = ["vapendelar", "klimatpolitiken", "jordbrukspolitiken", "busstation", "hus", ""]

    for word in words:
        mended, cut = model.compounds.split(word), plain.split(word)
        assert mended[:-1] == cut[:-1]
        assert [(leaf.start, leaf.end) for leaf in mended] == [(x.start, x.end) for x in cut]


def test_the_head_of_a_union_is_mended_too() -> None:
    """A row of leaves at the end of a word is called as the word alone."""
    model = default_model()
    word = "marinstridskrafterna"
    leaves = model.compounds.split(word)
    ends = [leaf.base for leaf in model.compounds.unions(word, leaves) if leaf.end == len(word)]

    assert ends == ["stridskraft"]
