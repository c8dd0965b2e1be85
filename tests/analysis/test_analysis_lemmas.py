"""Which steps of the dictionary are believed."""

from __future__ import annotations

from collections import Counter

import pytest

from searchkit.analysis import default_model
from searchkit.analysis.lemmas import Lemmas
from searchkit.analysis.words import _read_lines


def lemmas_of(table: dict[str, str], exceptions: dict[str, str] | None = None) -> Lemmas:
    """Return the lemmas of a dictionary that is *table*."""
    return Lemmas(table.get, exceptions or {})


def test_an_unknown_word_has_no_lemma() -> None:
    """What the dictionary does not have is None, with or without -s."""
    assert lemmas_of({}).of("klimats") is None


def test_a_genitive_has_the_lemma_of_its_word() -> None:
    """A genitive -s may stand on any form."""
    assert lemmas_of({"mål": "mål", "målens": "målens"}).of("måls") == "mål"


def test_a_lemma_with_forms_is_its_own() -> None:
    """A noun that is also an imperative stays the noun: "åtgärd" is not "åtgärda"."""
    table = {"åtgärd": "åtgärda", "åtgärden": "åtgärd", "åtgärder": "åtgärd"}

    assert {lemmas_of(table).of(word) for word in table} == {"åtgärd"}


def test_one_step_is_taken_not_two() -> None:
    """A form's lemma is not followed to what it is led to itself."""
    table = {"kurser": "kurs", "kursen": "kurs", "kurs": "kur", "kur": "kur"}

    assert lemmas_of(table).of("kurser") == "kurs"


def test_a_participle_belongs_to_its_verb() -> None:
    """Forms led to a participle are led on to the verb."""
    table = {"begränsade": "begränsad", "begränsad": "begränsa", "begränsa": "begränsa"}

    assert {lemmas_of(table).of(word) for word in table} == {"begränsa"}


def test_a_noun_that_looks_like_a_participle_stays() -> None:
    """ "-ad" with a definite form is a noun: "månad" is no form of "måna"."""
    table = {"månad": "måna", "månaden": "månad", "måna": "måna"}

    assert lemmas_of(table).of("månaden") == lemmas_of(table).of("månad") == "månad"


def test_a_passive_belongs_to_its_verb() -> None:
    """Forms led to the passive are led on to the verb."""
    table = {"tagits": "tas", "tas": "ta", "ta": "ta"}

    assert {lemmas_of(table).of(word) for word in table} == {"ta"}


def test_present_participles_are_words_of_their_own() -> None:
    """A form in -ande is not its verb: "yrkande" is not "yrka"."""
    table = {"yrkande": "yrka", "yrkandet": "yrkande", "yrka": "yrka"}

    assert [lemmas_of(table).of(word) for word in table] == ["yrkande", "yrkande", "yrka"]


def test_a_neuter_adverb_is_its_adjective() -> None:
    """A -t that is its own lemma is the neuter of an adjective that has an -a form."""
    table = {"snabbt": "snabbt", "snabb": "snabb", "snabba": "snabb"}

    assert lemmas_of(table).of("snabbt") == "snabb"


def test_a_plural_adjective_is_no_verb() -> None:
    """An -a form belongs to the adjective, its further forms to the verb."""
    table = {"trygga": "trygg", "tryggt": "trygg", "tryggar": "trygga", "tryggade": "trygga"}

    assert lemmas_of(table).of("trygga") == "trygg"
    assert lemmas_of(table).of("tryggar") == "trygga"


def test_a_plural_in_ar_is_no_form_of_a_word_in_are() -> None:
    """ "Xar" led to "Xare" is a plural of X, or of the verb "Xa" where there is one."""
    table = {"järnvägar": "järnvägare", "samlar": "samlare", "samla": "samla"}

    assert lemmas_of(table).of("järnvägar") == "järnväg"
    assert lemmas_of(table).of("samlar") == "samla"


def test_a_definite_noun_is_no_participle() -> None:
    """ "Xet" led to the participle "Xen" is a form of the noun X where there is one."""
    table = {"beslutet": "besluten", "beslut": "besluta", "beslutar": "beslut", "besluten": "x"}

    assert lemmas_of(table).of("beslutet") == "beslut"


def test_exceptions_go_first() -> None:
    """A form in the list of exceptions is not looked up; nor is its lemma led on."""
    exceptions = {"bot": "bot", "böter": "bot"}
    lemmas = lemmas_of({"bot": "bo", "böter": "böter", "botens": "bot"}, exceptions)

    assert [lemmas.of(word) for word in ("bot", "böter", "botens", "bots")] == ["bot"] * 4


@pytest.mark.parametrize("name", ["lemma_exceptions.txt", "function_families.txt"])
def test_no_form_stands_in_two_lines(name: str) -> None:
    """A form has one lemma in a list of families, and a lemma one line."""
    forms = Counter(form for line in _read_lines(name) for form in line[1:])
    lemmas = Counter(line[0] for line in _read_lines(name) if line)

    assert [word for many in (forms, lemmas) for word, count in many.items() if count > 1] == []


def test_a_lemma_may_be_a_form_of_another_word() -> None:
    """ "säkra" is the adjective's plural, "säkrar" the verb's form all the same."""
    lemmas = default_model().lemmas

    assert [lemmas.of(word) for word in ("säkra", "säkrar", "säkert")] == [
        "säker",
        "säkra",
        "säker",
    ]


def test_lemmas_are_settled() -> None:
    """The lemma of a lemma is the lemma itself, over the tables of the tests' own room."""
    lemmas = default_model().lemmas
    table = default_model()._dictionary
    some = [word for word in ("väg", "beslut", "god", "skriva", "myndighet") if table.get(word)]

    assert [lemmas.of(word) for word in some] == some
    assert len(some) == 5
