"""Many texts at once against each by itself."""

from __future__ import annotations

import pytest
from analysis_texts import texts
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import normalise, tokenize
from searchkit.analysis.pieces import tokenize_pieces


@given(st.lists(texts, max_size=6))
def test_pieces_are_the_texts_each_by_itself(originals: list[str]) -> None:
    """Each piece stands at its beginning, normalised, with the words that it has by itself."""
    pieces = tokenize_pieces(originals)
    tokens = pieces.tokens
    bounds = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    words = [(*both, word) for both, word in zip(bounds, tokens.hashes.tolist(), strict=True)]
    for begin, original in zip(pieces.begins.tolist(), originals, strict=True):
        text = normalise(original).text
        alone = tokenize(text)

        assert pieces.text[begin : begin + len(text)] == text
        for start, end, hash_ in zip(alone.starts, alone.ends, alone.hashes, strict=True):
            assert words.pop(0) == (begin + start, begin + end, hash_)
    assert words == []


@given(st.lists(texts, max_size=6))
def test_respelled_are_those_with_a_way_back(originals: list[str]) -> None:
    """The way back is kept of the texts whose offsets changed, and of no other."""
    expected = [normalise(text) for text in originals]
    respelled = tokenize_pieces(originals).respelled

    assert list(respelled) == [n for n, normal in enumerate(expected) if normal.starts is not None]
    for number, normal in respelled.items():
        assert normal.text == expected[number].text


@pytest.mark.parametrize("odd", ["\u00ad", "e\u0301", "\ufb01", "cirku-\nlär", "cirku- \r\nlär"])
def test_the_piece_that_is_odd_is_found(odd: str) -> None:
    """Among plain neighbours, empty ones too, only the odd text is respelled."""
    assert list(tokenize_pieces(["mål", "", odd, "", "EU-\nmål"]).respelled) == [2]
