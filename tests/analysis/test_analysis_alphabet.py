"""One byte for each character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import alphabet

anything = st.text(st.characters() | st.sampled_from("aÅß:–\n-\u00ad…ŵ漢😀\ud800\ufb01\ufeff"))


def code(char: str) -> int:
    """Return the number of one character, from the table or by its kind."""
    if ord(char) < 0x3000:
        return int(alphabet.table()[ord(char)])
    if "\ufb00" <= char <= "\ufb06" or char == "\ufeff":
        return alphabet.ODD
    return alphabet.RARE if char.isalnum() else alphabet.SEPARATOR


@given(anything)
def test_each_character_has_its_number(text: str) -> None:
    """Whatever stands beside it, a character becomes its own number."""
    assert alphabet.encode(text).codes.tolist() == list(map(code, text))


@given(anything)
def test_latin_is_the_text_where_it_can_be(text: str) -> None:
    """Characters of Latin-1 are kept, all others share one that no text uses."""
    expected = [ord(c) if ord(c) < 256 else alphabet.NOT_LATIN for c in text]

    assert alphabet.encode(text).latin.tolist() == expected


@given(anything)
def test_signs_are_what_some_rule_looks_at(text: str) -> None:
    """The signs are all hyphens, newlines, colons, odd characters and rare letters, in order."""
    encoded = alphabet.encode(text)
    expected = [n for n, char in enumerate(text) if code(char) >= alphabet.HYPHEN]

    assert encoded.signs.tolist() == expected


@given(anything)
def test_lowering_never_changes_the_length(text: str) -> None:
    """Each character is lowered by itself, to one character."""
    small = alphabet.lower(text)

    assert len(small) == len(text)
    assert small == "".join(map(alphabet.lower, text))


@pytest.mark.parametrize("pair", ["åÅ", "éÉ", "ŵŴ", "aA"])
def test_cases_share_a_number(pair: str) -> None:
    """A letter has one number in both cases."""
    small, capital = alphabet.encode(pair).codes.tolist()

    assert small == capital
