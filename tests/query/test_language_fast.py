"""The short way through everyday queries reads them as the full parser does."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_vocabulary import VOCABULARY

from searchkit.query import language, syntax_parser
from searchkit.query.language import FIELDS, parse

WORDS = st.one_of(
    st.sampled_from(
        [
            "och",
            "i",
            "som",
            "mål",
            "målen",
            "Ekonomin",
            "OCHA",
            "eller",
            "2015",
            "é",
            "²",
            "Avfallshantering",
            "hållbarhet",
            "produktion",
            "mönster",
            "SOU",
            "b",
            "l",
            "000",
        ]
    ),
    st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8),
)
OPERATORS = st.sampled_from(["AND", "OCH", "OR", "ELLER"])
SPACES = st.sampled_from([" ", "  ", "\t", "\n", "\u00a0"])


@st.composite
def everyday(draw: Any) -> str:
    """Draw words alone, words joined by operators, or a phrase."""
    words = draw(st.lists(WORDS, min_size=1, max_size=6))
    form = draw(st.sampled_from(["words", "joined", "mixed", "phrase"]))
    space = draw(SPACES)
    if form == "phrase":
        return f'"{space.join(words)}"'
    if form == "joined":
        return f"{space}{draw(OPERATORS)} ".join(words)
    if form == "mixed":
        words.insert(draw(st.integers(0, len(words))), draw(OPERATORS))
    return draw(st.sampled_from(["", " "])) + space.join(words)


@given(everyday())
@settings(deadline=None, max_examples=400)
def test_short_way_equals_the_full_parser(typed: str) -> None:
    """Where the short way gives a tree, the full parser gives the same one."""
    short = language._everyday(typed, VOCABULARY)

    if short is not None:
        assert short == syntax_parser.read(typed, VOCABULARY, FIELDS)


@pytest.mark.parametrize(
    "typed",
    [
        "mål",
        "hållbar produktion och mål",
        "mål OCH medel AND bruk",
        "mål ELLER medel OR bruk",
        '"cirkulära ekonomin i mål"',
    ],
)
def test_everyday_forms_take_the_short_way(typed: str) -> None:
    """Plain words, words joined by one operator and a plain phrase need no parser."""
    assert language._everyday(typed, VOCABULARY) is not None


@pytest.mark.parametrize(
    "typed",
    [
        "a b OCH c",
        "a OCH b ELLER c",
        "OCH",
        "a OCH",
        "a INTE b",
        "a NEAR b",
        "a*",
        "a_b",
        "1 000 000",
        '"a" b"',
        "",
    ],
)
def test_other_forms_take_the_full_parser(typed: str) -> None:
    """Whatever is not surely an everyday form is left to the full parser."""
    assert language._everyday(typed, VOCABULARY) is None


def test_everyday_query_does_not_import_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that asks everyday queries only never pays for Whoosh's parser."""
    monkeypatch.delitem(sys.modules, "searchkit.query.syntax_parser")

    parse("hållbar produktion", VOCABULARY)

    assert "searchkit.query.syntax_parser" not in sys.modules
