"""The array tokenizer against an obvious one of loops."""

from __future__ import annotations

import numpy as np
import pytest
from analysis_texts import lower, texts
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import normalise, tokenize
from searchkit.analysis.tokenize import odd_offsets

CASE_ENDINGS = {
    "s", "n", "en", "et", "er", "ar", "or", "t", "a", "e", "na", "ns", "ens", "ets", "ers", "ars",
    "as", "are", "arna", "erna", "orna", "ande", "ades", "ade", "ad", "at",
}  # fmt: skip

# Letters of every kind the tokenizer knows; none that normalising would change.
letters = st.sampled_from("abszABSZåäöÅÄÖéÉüßẞøØŁłÿŸıİſǅǆΣσςЖж漢𐐀𐐨ＡａǊ019²٣")
words = st.text(letters, min_size=1, max_size=20)


def obvious_tokens(text: str) -> list[tuple[int, int]]:
    """Return the words of *text*: runs of letters and digits, and colons before case endings."""
    inside = [char.isalnum() or _ties(text, at) for at, char in enumerate(text)]
    edges = [at for at, here in enumerate(inside) if here and not (at and inside[at - 1])]
    tokens = []
    for start in edges:
        end = start
        while end < len(text) and inside[end]:
            end += 1
        tokens.append((start, end))
    return tokens


def _ties(text: str, at: int) -> bool:
    if text[at] != ":" or at == 0 or not text[at - 1].isalnum() or text[at - 1] in "0123456789":
        return False
    end = at + 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return lower(text[at + 1 : end]) in CASE_ENDINGS


def tokens_of(text: str) -> list[tuple[int, int]]:
    """Return the words that ``tokenize`` finds."""
    arrays = tokenize(text)
    return list(zip(arrays.starts.tolist(), arrays.ends.tolist(), strict=True))


@given(texts)
def test_tokens_are_those_of_the_obvious_tokenizer(text: str) -> None:
    """In a normalised text, words are runs of letters and digits, and tied case endings."""
    text = normalise(text).text

    assert tokens_of(text) == obvious_tokens(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("EU:s mål", ["EU:s", "mål"]),
        ("SKR:EN", ["SKR:EN"]),
        ("SOU 2016:15", ["SOU", "2016", "15"]),
        ("klockan 12:s", ["klockan", "12", "s"]),
        ("Obs:alla", ["Obs", "alla"]),
        ("EU:s:s", ["EU:s:s"]),
        (":s", ["s"]),
        ("EU:", ["EU"]),
        ("en_två", ["en", "två"]),
        ("m² och ½", ["m²", "och", "½"]),
        ("närings- och", ["närings", "och"]),
        ("漢字 𐐀𐐁", ["漢字", "𐐀𐐁"]),
        ("x\u0301:s", ["x", "s"]),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    """A word is a run of letters and digits; a colon joins a case ending to a letter."""
    assert [text[start:end] for start, end in tokens_of(text)] == expected


@given(st.lists(words, max_size=12), st.lists(words, max_size=12))
def test_same_hash_means_same_word(some: list[str], others: list[str]) -> None:
    """Two words have the same hash exactly if their lower-cased spellings are the same."""
    drawn = [*some, *others, *(w.upper() for w in some if len(w.upper()) == len(w))]
    spelled = " ".join(drawn)
    arrays = tokenize(spelled)
    found = [spelled[s:e] for s, e in zip(arrays.starts, arrays.ends, strict=True)]
    pairs = set(zip(arrays.hashes.tolist(), map(lower, found), strict=True))

    assert found == drawn
    assert len({hash_ for hash_, _ in pairs}) == len({word for _, word in pairs}) == len(pairs)


@given(st.text("ab", min_size=1, max_size=30), st.integers(0, 70))
def test_hash_does_not_depend_on_the_place(word: str, shift: int) -> None:
    """A word has the same hash wherever in a text it stands, also across 64-bit lanes."""
    alone = tokenize(word).hashes[0]

    assert tokenize(" " * shift + word + " slut").hashes[0] == alone
    assert alone != 0


def test_word_is_not_its_beginning() -> None:
    """Words of which one is the other's beginning have different hashes, at every length."""
    hashes = tokenize(" ".join("a" * length for length in range(1, 60))).hashes

    assert len(np.unique(hashes)) == 59


@given(texts)
def test_cutting_at_a_token_cuts_its_tokens_in_the_same_places(text: str) -> None:
    """A text cut at the start of any token gives the same tokens, with the same hashes."""
    text = normalise(text).text
    arrays = tokenize(text)
    for number, start in enumerate(arrays.starts.tolist()):
        head, tail = tokenize(text[:start]), tokenize(text[start:])

        assert (tail.starts + start).tolist() == arrays.starts[number:].tolist()
        assert [*head.hashes, *tail.hashes] == arrays.hashes.tolist()


@pytest.mark.parametrize("text", ["2019-20\nmål", "\n---\nmål", "-\nmål", "EU-mål\n", "mål-", "-"])
def test_most_hyphens_near_a_line_end_are_nothing_odd(text: str) -> None:
    """A year or a rule before a line end makes nobody look at the text more closely."""
    assert odd_offsets(tokenize(text).codes).size == 0


@given(texts)
def test_nothing_but_what_is_odd_is_normalised(text: str) -> None:
    """A text without odd offsets is in one spelling already."""
    if normalise(text).starts is not None:
        assert odd_offsets(tokenize(text).codes).size
