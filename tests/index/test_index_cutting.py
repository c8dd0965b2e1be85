"""Where passages begin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import text_of

from searchkit.analysis import tokenize
from searchkit.index.cutting import PASSAGE_TOKENS, cut_passages, passage_offsets, step_back

HALF = PASSAGE_TOKENS // 2
SECTION, PARAGRAPH, LINE, SENTENCE, WORD, INSIDE = range(6)
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞ"


def grade(text: str, starts: list[int], ends: list[int], token: int, sections: set[int]) -> int:
    """Return how good a beginning a token is, seen from the text before it."""
    before = text[ends[token - 1] : starts[token]]
    if token in sections:
        return SECTION
    if "\n" in before:
        return LINE if before.count("\n") == 1 else PARAGRAPH
    if before[:1] in tuple(".!?:") and text[starts[token]] in CAPITALS:
        return SENTENCE
    return WORD if before[-1:] == " " else INSIDE


def bodies_of(sizes: list[tuple[int, int]], tokens: int) -> list[tuple[int, int]]:
    """Lay bodies of some sizes, each after a title, on a line of that many tokens."""
    bodies, at = [], 0
    for title, body in sizes:
        first = min(at + title, tokens)
        at = min(first + body, tokens)
        bodies.append((first, at))
    return bodies


def cut(
    text: str, bodies: list[tuple[int, int]], sections: list[int] | None = None
) -> list[list[int]]:
    """Return the tokens at which each body's passages begin."""
    starts = np.array(sections or [], np.int64)
    cuts, counts = cut_passages(tokenize(text), np.array(bodies).reshape(-1, 2), starts)
    return [part.tolist() for part in np.split(cuts, np.cumsum(counts)[:-1])]


worlds = st.tuples(
    st.builds(text_of, st.integers(0, 9999), st.integers(0, 2500)),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 500)), min_size=1, max_size=5),
    st.sets(st.integers(0, 1200), max_size=12),
)


@given(worlds)
def test_passages_tile_each_body(world: tuple[str, list[tuple[int, int]], set[int]]) -> None:
    """A body's first passage begins where it does; passages ascend and leave nothing out."""
    text, sizes, sections = world
    total = len(tokenize(text).starts)
    bodies = bodies_of(sizes, total)
    for (first, end), begins in zip(bodies, cut(text, bodies, sorted(sections)), strict=True):
        lengths = np.diff([*begins, end]).tolist()

        assert begins[0] == first
        assert all(HALF < length < 3 * HALF for length in lengths[:-1])
        assert 0 <= lengths[-1] <= 3 * HALF
        assert lengths[-1] > 0 or first == end


@given(worlds)
def test_passages_begin_where_the_text_does(
    world: tuple[str, list[tuple[int, int]], set[int]],
) -> None:
    """Each later passage begins at the best, and of the best the first, of its half bucket."""
    text, sizes, chosen = world
    tokens = tokenize(text)
    starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
    bodies = bodies_of(sizes, len(starts))
    for (first, end), begins in zip(bodies, cut(text, bodies, sorted(chosen)), strict=True):
        for number, begin in enumerate(begins[1:], 1):
            window = range(first + number * PASSAGE_TOKENS, first + number * PASSAGE_TOKENS + HALF)
            best = min(
                (t for t in window if t < end),
                key=lambda t: (grade(text, starts, ends, t, chosen), t),
            )

            assert begin == best


@pytest.mark.parametrize(
    ("size", "passages"), [(0, 1), (1, 1), (80, 1), (120, 1), (121, 2), (200, 2), (201, 3)]
)
def test_number_of_passages(size: int, passages: int) -> None:
    """A rest of up to half a bucket belongs to the passage before it."""
    text = "mål " * 300

    assert len(cut(text, [(0, size)])[0]) == passages


def test_a_section_begins_a_passage() -> None:
    """Where a section begins, so does a passage, rather than at a nearer paragraph."""
    text = "mål " * 85 + "\n\n" + "mål " * 185

    assert cut(text, [(0, 270)]) == [[0, 85, 160]]
    assert cut(text, [(0, 270)], [100, 270]) == [[0, 100, 160]]


def test_an_empty_text_is_one_empty_passage() -> None:
    """Bodies without a word have one passage each."""
    assert cut("", [(0, 0), (0, 0)]) == [[0], [0]]


@pytest.mark.parametrize(
    ("text", "start", "limit", "expected"),
    [
        ("mål ”Alla", 5, 3, 4),
        ("mål.”(Alla", 6, 3, 3),
        ("mål Alla", 4, 3, 4),
        ("mål\n- (a)", 7, 3, 4),
        ("mål\n\n## Alla", 8, 3, 5),
        ("mål.\n\t”Alla", 7, 3, 5),
        ("a\nmål ”Alla", 7, 5, 6),
    ],
)
def test_step_back(text: str, start: int, limit: int, expected: int) -> None:
    """A passage takes its line's beginning along, or the quotes right before its first word."""
    assert step_back(text, start, limit) == expected


@given(
    st.lists(
        st.sampled_from(
            ["mål", "Är", "\n", " ", " ", "- ", "#", "”", "(", ".", "\t", "\u00a0", "漢"]
        ),
        max_size=30,
    ).map("".join)
)
def test_offsets_of_passages_are_stepped_back_to(text: str) -> None:
    """Wherever passages begin, they begin where stepping back from their word leads."""
    tokens = tokenize(text)
    starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
    cuts = np.arange(1, len(starts))
    offsets, limits = passage_offsets(text, tokens, cuts)

    assert limits.tolist() == ends[:-1]
    assert offsets.tolist() == [step_back(text, starts[n], ends[n - 1]) for n in cuts.tolist()]
