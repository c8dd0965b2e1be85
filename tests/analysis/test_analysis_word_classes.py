"""Which class a word has for references: told of many words at once as of each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis.references import classify, classify_words


@given(
    st.lists(
        st.one_of(
            st.text(min_size=1, max_size=6),
            st.sampled_from(
                [
                    "och",
                    "kap",
                    "prop",
                    "sou8",
                    "5a",
                    "51prop",
                    "2015",
                    "123",
                    "17",
                    "a",
                    "ñ",
                    "\u4e00",
                    "lagen",
                    "miljöbalken",
                    "naturvårdsverket",
                    "avfall",
                    "gen",
                    "c4",
                    "²",
                ]
            ),
        )
    )
)
def test_many_words_are_classified_like_each(words: list[str]) -> None:
    """What is told without a call is what the call would tell."""
    lowered = [word.lower() for word in words]

    assert classify_words(lowered) == bytes(map(classify, lowered))
