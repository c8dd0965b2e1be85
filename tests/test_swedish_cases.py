"""
Do the meetings and separations of a hand-made list of Swedish words hold?

The list stands beside the project: a text, the terms, parts and references that a
prototype gave it. Its terms are not ours; which of them are equal is.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from searchkit.analysis import Analyzer, WordTable, default_model, tokenize
from searchkit.analysis.context import ContextReader
from searchkit.analysis.parts import analyze_words

CASES = Path(__file__).parents[2] / "shared" / "data" / "swedish" / "analysis-cases.tsv"
# The prototype's terms for what here are two words.
TWO_WORDS = {"eu-kommission"}


class Case(NamedTuple):
    text: str
    terms: list[str]
    parts: list[str]
    reference: str


def cases() -> list[Case]:
    if not CASES.exists():
        return []
    rows = [line.split("\t") for line in CASES.read_text("utf-8").splitlines()[1:]]
    return [Case(text, terms.split(), parts.split(), ref) for text, terms, parts, ref in rows]


CASE_LIST = cases()
pytestmark = pytest.mark.skipif(not CASE_LIST, reason="the list of cases is not there")


def key_of(term: str) -> str:
    """Spell a term as the prototype did: without a final -a or -e after a consonant."""
    return term[:-1] if len(term) > 2 and term[-1] in "ae" and term[-2] not in "aeiouyåäö" else term


def meanings(text: str) -> set[str]:
    """Return the terms of everything in *text*: words, parts, and what the context makes."""
    tokens = tokenize(text)
    table = WordTable()
    ids = table.number(text, tokens)
    extras = ContextReader().find(text, tokens, ids, table.words)
    return set(analyze_words(default_model(), [*table.words, *extras.spellings]).strings)


def test_words_meet_and_keep_apart_as_listed() -> None:
    """Two words of the list share a term if and only if the list gives them the same."""
    ours, theirs = defaultdict(set), defaultdict(set)
    for case in CASE_LIST:
        words = case.text.split()
        if len(words) == len(case.terms) and all(word.isalpha() for word in words):
            for word, listed in zip(words, case.terms, strict=True):
                term = default_model().term(word.lower())
                ours[listed].add(term)
                theirs[term].add(listed)

    assert len(ours) > 20
    assert {listed: terms for listed, terms in ours.items() if len(terms) > 1} == {}
    assert {term: listed for term, listed in theirs.items() if len(listed) > 1} == {}


@pytest.mark.parametrize("case", CASE_LIST, ids=lambda case: case.text)
def test_what_is_listed_is_found(case: Case) -> None:
    """Every term and part that the list names is met by the text, as a word or inside one."""
    found = {key_of(term) for term in meanings(case.text)}
    listed = {key_of(term) for term in (*case.terms, *case.parts)} - TWO_WORDS
    if case.reference:
        # What it is made of is not a term by itself.
        listed = {term for term in listed if term.isalpha() and term not in case.reference}

    assert listed <= found


@pytest.mark.parametrize("case", CASE_LIST, ids=lambda case: case.text)
def test_references_are_as_listed(case: Case) -> None:
    """A text holds the reference that the list names, and no other."""
    found = {reference.id for reference in Analyzer().references(case.text)}

    assert found == ({case.reference} if case.reference else set())
