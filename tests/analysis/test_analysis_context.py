"""The arrays' finder against the same finder tried at every token."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import WordTable, abbreviations, alphabet, normalise, tokenize, triggers
from searchkit.analysis.context import (
    ContextReader,
    Extras,
    number_at,
    references,
)
from searchkit.analysis.references import match_at
from searchkit.model import Reference

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = ROOT.parent / "shared" / "data" / "eval" / "beslut-i-korthet" / "docs.jsonl.xz"

# What references are made of, so that random texts hold many that are nearly right.
WORDS = """
prop. bet. skr rskr. riksdagens skrivelse mot. SOU Ds dir. direktiv förordning SFS lagen
miljöbalken RF lydelse kap. kap § §§ § (EU) EU nr (EG) /EG COM KOM 2015/16:100 2015/16:NU7
1995/96:Fi12 2016:1145 (2016:1145) 2015 16 : / 100 1013/2006 92/43 5 7 a b 5a och , – - ( ) .
till samt första stycket av Eva yrkande NU JuU t.ex. d v s bl.a. m.fl p.g.a o.dyl u.å. 1 000 12
utredningens beteckning: "2016:1145" "1998:808" ska Interpellation SFS-
"""
pieces = st.sampled_from([*WORDS.split(), "\n", "-\n"])
blanks = st.sampled_from([" ", "", "\n", "\u00a0", "  ", ". "])
texts = st.lists(st.tuples(pieces, blanks), max_size=25).map(
    lambda pairs: "".join(word + blank for word, blank in pairs)
)


def extras_of(text: str, reader: ContextReader | None = None) -> Extras:
    """Return the extras of a normalised text."""
    tokens, table = tokenize(text), WordTable()
    ids = table.ids(
        tokens.hashes, lambda t: alphabet.lower(text[tokens.starts[t] : tokens.ends[t]])
    )
    return (reader or ContextReader()).find(text, tokens, ids, table.words)


def spelled(text: str) -> list[tuple[str, str]]:
    """Return each extra's spelling, and the text from its first to its last token."""
    tokens, extras = tokenize(text), extras_of(text)
    bounds = zip(tokens.starts[extras.tokens], tokens.ends[extras.partners], strict=True)
    return [
        (name, text[start:end]) for name, (start, end) in zip(extras.spellings, bounds, strict=True)
    ]


def obvious_references(text: str) -> list[Reference]:
    """Try every token from left to right."""
    found: list[Reference] = []
    done = 0
    for start in tokenize(text).starts.tolist():
        if start >= done and (match := match_at(text, start)) is not None:
            done = match[0]
            found += match[1]
    return found


@given(texts)
def test_references_are_those_of_the_obvious_finder(text: str) -> None:
    """Looking only where arrays point finds what trying every token does."""
    text = normalise(text).text
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(triggers, "FEW_TOKENS", 0)
        found = references(text)

    assert found == obvious_references(text)


@given(texts)
def test_numbers_and_abbreviations_are_those_of_the_obvious_finder(text: str) -> None:
    """Looking only where arrays point finds what trying every token does."""
    text = normalise(text).text
    expected: list[str] = []
    for kind, finder in (("num", number_at), ("abbr", abbreviations.match_at)):
        done = 0
        for start in tokenize(text).starts.tolist():
            if start >= done and (read := finder(text, start)) is not None:
                done = read[0]
                expected.append(f"{kind}|{read[1]}")
    found = [name for name in extras_of(text).spellings if name.startswith(("num|", "abbr|"))]

    assert sorted(found) == sorted(expected)


@given(texts)
def test_short_texts_are_read_as_long_ones(text: str) -> None:
    """A text too short for arrays has the same extras as one that is not."""
    text = normalise(text).text
    short = extras_of(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(triggers, "FEW_TOKENS", 0)
        long = extras_of(text)

    assert short.spellings == long.spellings
    assert short.tokens.tolist() == long.tokens.tolist()
    assert short.partners.tolist() == long.partners.tolist()


@given(st.one_of(texts, st.text(max_size=60)))
def test_extras_lie_within_the_text(text: str) -> None:
    """Whatever the text, extras name tokens that exist, by ascending token."""
    text = normalise(text).text
    extras, count = extras_of(text), len(tokenize(text).starts)

    assert len(extras.tokens) == len(extras.partners) == len(extras.spellings)
    assert np.all(np.diff(extras.tokens) >= 0)
    assert np.all((extras.tokens >= 0) & (extras.tokens < count))
    assert np.all((extras.partners >= 0) & (extras.partners < count))


@given(st.one_of(texts, st.text(max_size=60)))
def test_references_have_offsets_of_the_text_as_given(text: str) -> None:
    """Whatever the text, a reference's stretch is a stretch of it."""
    for reference in references(text):
        assert 0 <= reference.start < reference.end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("se prop. 2015/16:100 om", [("ref|prop 2015/16:100", "prop. 2015/16:100")]),
        ("3 kap. 5 a § om", [("ref|3 kap 5 a §", "3 kap. 5 a")]),
        ("om 1 000 000 kronor", [("num|1000000", "1 000 000")]),
        ("om 1\u00a0000\u2009000 kronor", [("num|1000000", "1\u00a0000\u2009000")]),
        ("det, t.ex. i", [("abbr|tex", "t.ex")]),
        ("det, t ex i", [("abbr|tex", "t ex")]),
        ("fr. o. m. i dag", [("abbr|from", "fr. o. m")]),
    ],
)
def test_an_extra_reaches_from_its_first_to_its_last_token(
    text: str, expected: list[tuple[str, str]]
) -> None:
    """References, numbers and abbreviations are spelled in one way, with the tokens they take."""
    assert spelled(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 000", (5, "1000")),
        ("10 000 fler", (6, "10000")),
        ("100 0000", None),
        ("012 345", None),
        ("1000 000", None),
        ("1.000", None),
        ("100 " + "000 " * 4, (19, "100000000000000")),
        ("100 " + "000 " * 5, None),
    ],
)
def test_numbers_are_groups_of_three_digits(text: str, expected: tuple[int, str] | None) -> None:
    """A number in groups is one to three digits and then groups of three, up to fifteen digits."""
    assert number_at(text, 0) == expected


@pytest.mark.parametrize(
    ("text", "letters"),
    [("m.fl.", "mfl"), ("D.v.s.", "dvs"), ("s k", "sk"), ("t.o.m.", "tom"), ("t.exempel", None)],
)
def test_abbreviations_are_their_letters(text: str, letters: str | None) -> None:
    """An abbreviation in several words is known by its letters, however they are parted."""
    read = abbreviations.match_at(text, 0)

    assert (read and read[1]) == letters


def test_some_abbreviations_need_their_full_stops() -> None:
    """What is more often something else without full stops is an abbreviation only with them."""
    assert abbreviations.match_at("e.g.", 0) == (4, "eg")
    assert abbreviations.match_at("e g", 0) is None


def test_a_reader_goes_on_with_a_table_that_has_grown() -> None:
    """Words that a table got since the last text are known in the next one."""
    reader, table = ContextReader(), WordTable()
    spellings = []
    for text in ("ingenting här", "men prop. 2015/16:100", "och prop. 2015/16:101"):
        tokens = tokenize(text)
        words = [alphabet.lower(text[s:e]) for s, e in zip(tokens.starts, tokens.ends, strict=True)]
        ids = table.ids(tokens.hashes, words.__getitem__)
        spellings += reader.find(text, tokens, ids, table.words).spellings

    assert spellings == ["ref|prop 2015/16:100", "ref|prop 2015/16:101"]


def test_suspended_compounds_are_extras_too() -> None:
    """What :mod:`searchkit.analysis.suspended` finds stands among the extras, in its place."""
    assert extras_of("miljö- och energipolitiken, t.ex.").spellings == [
        "miljö-|energipolitiken",
        "abbr|tex",
    ]


def test_real_documents_agree_with_the_obvious_finder() -> None:
    """In long committee reports the arrays' finder finds what trying every token does."""
    if not REAL_DATA.exists():
        pytest.skip("no real data beside the project")
    with lzma.open(REAL_DATA, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line)["text"] for _, line in zip(range(12), lines, strict=False)]
    documents = [normalise(document).text for document in documents]
    found = [references(document) for document in documents]

    assert sum(map(len, found)) > 20
    assert found == [obvious_references(document) for document in documents]
