"""One spelling of each character, and the way back to the original."""

from __future__ import annotations

import sys
import unicodedata
from itertools import groupby, pairwise

import numpy as np
import pytest
from analysis_texts import texts
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import Normalised, normalise

# The package gives the function the module's name.
normalise_room = sys.modules["searchkit.analysis.normalise"]

MARKS = {chr(point) for point in range(0x300, 0x370)}
INVISIBLE = set("\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff")
LIGATURES = set("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06")
SIGNS = set("\u2126\u212a\u212b")
DROPPED = MARKS | INVISIBLE | set("-\u2010 \t\r\n")

letters = st.text("abcxyzåäöÅÄÖéüÿñçŵḑ ,.\n", max_size=30)


def spans_of(normal: Normalised) -> list[tuple[int, int]]:
    """Return which interval of the original each character stands for."""
    offsets = np.arange(len(normal.text))
    starts = normal.original_starts(offsets).tolist()
    ends = normal.original_ends(offsets + 1).tolist()
    return list(zip(starts, ends, strict=True))


def respelled(piece: str) -> str:
    """Return what a stretch of an original text is spelled as."""
    if len(piece) == 1 and piece not in LIGATURES | SIGNS:
        return piece
    form = "NFKC" if piece[0] in LIGATURES else "NFC"
    return unicodedata.normalize(form, piece.replace("\u034f", ""))


@given(texts)
def test_each_character_comes_from_its_interval(text: str) -> None:
    """What a stretch of the original became is that stretch in its composed spelling."""
    normal = normalise(text)
    pairs = zip(spans_of(normal), normal.text, strict=True)
    for (start, end), group in groupby(pairs, key=lambda pair: pair[0]):
        assert "".join(char for _, char in group) == respelled(text[start:end])


@given(texts)
def test_only_invisible_characters_and_line_end_hyphens_go(text: str) -> None:
    """Between the intervals of two characters stands nothing that anyone would miss."""
    spans = [(0, 0), *sorted(set(spans_of(normalise(text)))), (len(text), len(text))]
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start
        assert set(text[end:start]) <= DROPPED


@given(letters)
def test_decomposed_text_is_composed(text: str) -> None:
    """A decomposed text becomes the composed one."""
    composed = unicodedata.normalize("NFC", text)

    assert normalise(unicodedata.normalize("NFD", text)).text == composed


@given(texts, texts)
def test_paragraphs_are_normalised_each_by_itself(first: str, second: str) -> None:
    """What a paragraph becomes does not depend on what stands in the next one."""
    whole = normalise(f"{first}\n\n{second}").text

    assert whole == f"{normalise(first).text}\n\n{normalise(second).text}"


@given(
    st.lists(
        st.sampled_from(
            ["a", "Å", "e\u0301", "\u0301", "\u034f", "\u00ad", "\u2010", "-", " ", "\r"]
        )
        | st.sampled_from(["\n", "-\n", "- \n", "och", "\ufb01", "\u212b", "\u200b", "\t"]),
        max_size=12,
    ).map("".join)
)
def test_nothing_odd_is_passed_over(text: str) -> None:
    """Looking only where something odd may begin finds all that looking everywhere does."""
    everywhere = [match.span() for match in normalise_room._ODD.finditer(text)]

    assert [match.span() for match in normalise_room._odd(text)] == everywhere


@given(st.text("abcåäöABC 019-.,:\t漢😀\u2013", max_size=40))
def test_plain_text_has_no_map(text: str) -> None:
    """A text without marks, invisible characters, ligatures or line-end hyphens is left alone."""
    assert normalise(text) == Normalised(text, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cirku-\nlär", "cirkulär"),
        ("cirku-\r\nlär", "cirkulär"),
        ("cirku- \n  lär", "cirkulär"),
        ("cirku\u2010\nlär", "cirkulär"),
        ("cirku\u00ad\nlär", "cirkulär"),
        ("påverka-\nde", "påverkade"),
        ("pa\u030a-\nverka", "påverka"),
        ("e\ufb00-\n\ufb01", "efffi"),
        ("produktions-\noch", "produktions-\noch"),
        ("in-\neller", "in-\neller"),
        ("mark-\nsamt", "mark-\nsamt"),
        ("stats-\nrespektive", "stats-\nrespektive"),
        ("pro-\nochra", "proochra"),
        ("EU-\nkommissionen", "EU-\nkommissionen"),
        ("2015-\noch", "2015-\noch"),
        ("hög-\nNorden", "hög-\nNorden"),
        ("slut -\nmen", "slut -\nmen"),
        ("slut-\n\nmen", "slut-\n\nmen"),
    ],
)
def test_line_end_hyphens(text: str, expected: str) -> None:
    """A word cut at a line's end is rejoined, unless the hyphen belongs to it."""
    assert normalise(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kristde\u00admokraterna", "Kristdemokraterna"),
        ("a\u200bb\ufeffc\u2060d\u200de", "abcde"),
        ("\ufb01nans\ufb03", "finansffi"),
        ("\u212bngstr\u00f6m \u212a", "Ångström K"),
        ("\u212b\u0301", "Ǻ"),
        ("ba\u034fr", "bar"),
        ("\ufb01\u0301", "fí"),
        ("a\u00ad\u0301b", "ab"),
        ("x\u0301", "x\u0301"),
        ("\u0301x", "\u0301x"),
    ],
)
def test_odd_characters(text: str, expected: str) -> None:
    """Invisible characters go, ligatures and signs become their letters, no letter is lost."""
    assert normalise(text).text == expected
