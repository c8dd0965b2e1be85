"""What stands inside words is told with its stretch and kind, and kept in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import WordModel, default_model
from searchkit.analysis.parts import (
    HEAD,
    MODIFIER,
    RELATED,
    WHOLE,
    Analysed,
    Part,
    analyze_words,
)

MODEL = default_model()

PARTS = [
    ("avfall", []),
    ("industriavfallet", [("industri", "industri", MODIFIER), ("avfall", "avfallet", HEAD)]),
    (
        "jordbrukspolitikens",
        [
            ("jord", "jord", MODIFIER),
            ("bruk", "bruk", MODIFIER),
            ("politik", "politikens", HEAD),
            ("jordbruk", "jordbruk", MODIFIER),
        ],
    ),
    ("hållbarheten", [("hållbar", "hållbar", RELATED)]),
    (
        "hållbarhetspolitik",
        [
            ("hållbarhet", "hållbarhet", MODIFIER),
            ("politik", "politik", HEAD),
            ("hållbar", "hållbar", RELATED),
        ],
    ),
    ("x" * 300, []),
]


@pytest.mark.parametrize(("word", "expected"), PARTS, ids=range(len(PARTS)))
def test_parts_have_a_stretch_and_a_kind(word: str, expected: list[tuple[str, str, int]]) -> None:
    """Parts, unions of parts and bases are told once each; a word of no sane length has none."""
    found = [(part.term, word[part.start : part.end], part.kind) for part in MODEL.parts(word)]

    assert found == expected


SOME = [
    "avfallshanteringens", "kommunalt", "jordbrukspolitik", "och", "hållbarhetsarbetet",
    "upphandlingar", "återvinningsstationer", "kvinnofrid", "statlig", "busstation",
    "arbetsmarknadspolitiska", "eu",
]  # fmt: skip


@pytest.mark.parametrize("word", SOME)
def test_parts_lie_in_the_word_and_are_other_words(word: str) -> None:
    """Every stretch lies in the word, and no part has the word's own term, or another's."""
    parts = MODEL.parts(word)
    terms = [part.term for part in parts]

    assert all(0 <= part.start < part.end <= len(word) for part in parts)
    assert MODEL.term(word) not in terms
    assert len(terms) == len(set(terms))


MEANINGS = [
    ("ref|prop 2015/16:100", "ref|prop 2015/16:100", []),
    ("num|1000000", "1000000", []),
    ("abbr|tex", "tex", []),
    (
        "produktions-|konsumtionsmönster",
        "produktionsmönster",
        [("produktionsmönster", "mönster", WHOLE)],
    ),
    ("energipolitik|-forskning", "energiforskning", [("energiforskning", "energi", WHOLE)]),
    ("xq-|klimat", "", []),
]


@pytest.mark.parametrize(("spelling", "term", "expected"), MEANINGS)
def test_extras_mean_what_their_context_makes_of_them(
    spelling: str, term: str, expected: list[tuple[str, str, int]]
) -> None:
    """A restored compound is a whole word that shares a stretch; what means nothing is ""."""
    analysed = analyze_words(MODEL, [spelling])
    full = spelling.partition("|")[0 if "|-" in spelling else 2]
    (own, parts), *_ = _rows(analysed)

    assert own == term
    assert [(part.term, full[part.start : part.end], part.kind) for part in parts] == expected


TERMS = st.sampled_from(["avfall", "plan", "hantering", "mål", "", "ö"])
ROWS = st.lists(
    st.tuples(
        TERMS,
        st.lists(
            st.builds(Part, TERMS, st.integers(0, 255), st.integers(0, 255), st.integers(0, 3)),
            max_size=4,
        ),
    ),
    max_size=8,
)


def _of(rows: Sequence[tuple[str, Sequence[Part]]]) -> Analysed:
    return Analysed.of([term for term, _ in rows], [parts for _, parts in rows])


def _rows(analysed: Analysed) -> list[tuple[str, list[Part]]]:
    """Return the term and the parts of each word, as they were before they became arrays."""
    columns = (analysed.part_terms, analysed.starts, analysed.ends, analysed.kinds)
    flat = [
        Part(analysed.strings[term], start, end, kind)
        for term, start, end, kind in zip(*(one.tolist() for one in columns), strict=True)
    ]
    ends = np.cumsum(analysed.counts, dtype=np.int64).tolist()
    terms = [analysed.strings[code] for code in analysed.terms.tolist()]
    counts = analysed.counts.tolist()
    return [
        (term, flat[end - count : end])
        for term, end, count in zip(terms, ends, counts, strict=True)
    ]


@given(rows=ROWS)
def test_what_is_gathered_can_be_read_back(rows: list[tuple[str, list[Part]]]) -> None:
    """Arrays keep every term and part, in order."""
    assert _rows(_of(rows)) == rows


@given(several=st.lists(ROWS, min_size=1, max_size=4))
def test_analyses_join_in_order(several: list[list[tuple[str, list[Part]]]]) -> None:
    """Analyses put together hold the words of the first, then of the second, and so on."""
    assert _rows(Analysed.joined([_of(rows) for rows in several])) == list(chain(*several))


@given(rows=ROWS, data=st.data())
def test_words_are_taken_by_number(rows: list[tuple[str, list[Part]]], data: st.DataObject) -> None:
    """Any words in any order, twice or never, come with their own terms and parts."""
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1)) if rows else st.just([]))

    assert _rows(_of(rows).take(np.array(wanted, np.int64))) == [rows[n] for n in wanted]


@given(several=st.lists(ROWS.filter(len), min_size=2, max_size=3), data=st.data())
def test_joined_analyses_are_taken_from_alike(
    several: list[list[tuple[str, list[Part]]]], data: st.DataObject
) -> None:
    """Taking from what was joined is joining what is taken: known and new words mix freely."""
    flat = list(chain(*several))
    wanted = data.draw(st.permutations(range(len(flat))))
    taken = Analysed.joined([_of(rows) for rows in several]).take(np.array(wanted, np.int64))

    assert _rows(taken) == [flat[n] for n in wanted]


def test_the_model_says_the_same_word_by_word_and_together() -> None:
    """Analysing many words gives each the term and parts that the model gives it alone."""
    expected = [(MODEL.term(word), list(MODEL.parts(word))) for word in SOME]

    assert _rows(analyze_words(MODEL, SOME)) == expected


def test_a_prepared_model_says_the_same() -> None:
    """What is loaded for many words changes nothing, nor what was asked before it was."""
    prepared = WordModel()
    expected = analyze_words(prepared, SOME)
    prepared.prepare()
    prepared.prepare()

    assert _rows(analyze_words(prepared, SOME)) == _rows(expected)
    assert _rows(analyze_words(default_model(), SOME)) == _rows(expected)
