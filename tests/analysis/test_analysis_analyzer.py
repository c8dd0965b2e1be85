"""Tokens with their places in the text as given."""

from __future__ import annotations

from itertools import pairwise

from analysis_texts import lower, texts
from hypothesis import given

from searchkit.analysis import Analyzer, default_model, normalise
from searchkit.model import Token


@given(texts)
def test_offsets_lead_back_to_the_text(text: str) -> None:
    """A token's text stands at its offsets in the original, and tokens ascend."""
    tokens = Analyzer().analyze(text)

    assert [text[t.start : t.end] for t in tokens] == [t.text for t in tokens]
    assert all(a.start < a.end <= b.start for a, b in pairwise(tokens))


@given(texts)
def test_words_are_the_tokens_normalised(text: str) -> None:
    """``words`` gives, token by token, what is written, normalised and in lower case."""
    analyzer = Analyzer()
    tokens, words = analyzer.analyze(text), analyzer.words(text)

    assert words == [lower(_without_marks(normalise(token.text).text)) for token in tokens]
    assert [token.term for token in tokens] == [default_model().term(word) for word in words]


def _without_marks(word: str) -> str:
    # Marks that compose with no letter separate words, but belong to the letter before.
    return "".join(char for char in word if not "\u0300" <= char <= "\u036f")


def test_a_rejoined_word_covers_its_hyphen() -> None:
    """A word that was cut at a line's end is one token over both lines."""
    text = "Den cirku-\nlära ekonomin"

    assert Analyzer().analyze(text)[1] == Token("cirku-\nlära", 4, 15, "cirkulär")


def test_a_decomposed_word_meets_the_composed_one() -> None:
    """A word's term does not depend on how its letters are encoded."""
    (token,) = Analyzer().analyze("ha\u030allbart")

    assert token == Token("ha\u030allbart", 0, 9, Analyzer().term("hållbar"))
