"""What each form of the query language means, as a tree."""

from __future__ import annotations

from typing import Any

import pytest
from language_vocabulary import VOCABULARY, terms
from whoosh.query import (
    And,
    AndMaybe,
    AndNot,
    Every,
    FuzzyTerm,
    Not,
    NullQuery,
    NumericRange,
    Or,
    Phrase,
    Prefix,
    Term,
    TermRange,
    Wildcard,
)

from searchkit.query.expansion import PART_WEIGHT
from searchkit.query.language import FreeText, Hint, Near, explain, parse

A, B, C, D = terms("a1", "b1", "c1", "d1")
PROP, SOU = terms("prop", "sou", column="type")


def read(text: str, **options: Any) -> Any:
    return parse(text, VOCABULARY, **options)


def near(*clauses: Any, words_between: int) -> Near:
    return Near(list(clauses), slop=words_between + 1)


def weighted(tree: Any, boost: float) -> Any:
    tree.boost = boost
    return tree


def as_one(*words: str) -> FreeText:
    """What words typed as one ask for: their phrase, and each of them at a lower weight."""
    hints = [
        Hint("content", word, boost=PART_WEIGHT) for word in dict.fromkeys(words) if word.isalpha()
    ]
    return FreeText([Phrase("content", list(words)), *hints])


FREE_TEXT = [
    ("hållbar produktion", FreeText(terms("hållbar", "produktion"))),
    ("Hållbara PRODUKTIONEN", FreeText(terms("hållbar", "produktion"))),
    ("produktionen", Term("content", "produktion")),
    ("produktion produktionen", Term("content", "produktion")),
    ("mål och medel i bruk", FreeText(terms("mål", "medel", "bruk"))),
    ("mål, och: medel.", FreeText(terms("mål", "medel"))),
    ("och i", FreeText(terms("och", "i"))),
    ("och och", Term("content", "och")),
    ("EU-kommissionen", as_one("eu", "kommissionen")),
    ("2015/16:100", Phrase("content", ["2015", "16", "100"])),
    ("prop. 2015/16:100", Term("content", "ref|prop 2015/16:100")),
    ("a1 PROPOSITION 2015/16:100.", FreeText([A, Term("content", "ref|prop 2015/16:100")])),
    ("1 000 000 b1", FreeText([Term("content", "1000000"), B])),
    ("bl.a. b1", B),
    ("d.v.s.", Term("content", "dvs")),
    ("avfalls.hantering", as_one("avfalls", "hantering")),
    ("EU:s mål", FreeText(terms("eu:s", "mål"))),
    ("kap:3", as_one("kap", "3")),
    ("SOU 2022:41", Term("content", "ref|sou 2022:41")),
    ("SOU:erna", Term("content", "sou:erna")),
    ("3 kap. 5 §", Term("content", "ref|3 kap 5 §")),
    ("Vad krävs? Mål!", FreeText(terms("vad", "krävs", "mål"))),
    ("a1; b1 - c1 & d1", FreeText([A, B, C, D])),
    ('ref:"prop. 2015/16:100"', Term("content", "ref|prop 2015/16:100")),
    ('"prop. 2015/16:100"', Phrase("content", ["prop", "2015", "16", "100"])),
    ("lagen (2016:1145) b1", FreeText([*terms("lagen", "ref|sfs 2016:1145"), B])),
    ("https://a.se/b?c=1", as_one("https", "a", "se", "b", "c", "1")),
    ("Datum: 2015, titel : b1", FreeText(terms("datum", "2015", "titel", "b1"))),
    ("a1 och TILL TO", FreeText(terms("a1", "till", "to"))),
    ("", NullQuery),
    (" - & § … ()", NullQuery),
    ('""', NullQuery),
]


@pytest.mark.parametrize(("typed", "tree"), FREE_TEXT)
def test_words_after_each_other_are_free_text_and_never_an_error(typed: str, tree: Any) -> None:
    """Words are free text by their terms, function words and bare punctuation left out."""
    assert read(typed) == tree


OPERATORS = [
    ("a1 OCH b1", And([A, B])),
    ("a1 AND b1 OCH c1", And([A, B, C])),
    ("a1 ELLER b1", Or([A, B])),
    ("a1 OR b1 ELLER c1", Or([A, B, C])),
    ("a1 eller b1", FreeText(terms("a1", "eller", "b1"))),
    ("Och OCH i", And(terms("och", "i"))),
    ("a1 OCH a1", A),
    ("a1 OCH b1 ELLER c1", Or([And([A, B]), C])),
    ("a1 ELLER b1 OCH c1", Or([A, And([B, C])])),
    ("(a1 ELLER b1) OCH c1", And([Or([A, B]), C])),
    ("a1 OCH (b1 OCH c1)", And([A, B, C])),
    ("a1 b1 ELLER c1 d1", Or([FreeText([A, B]), FreeText([C, D])])),
    ("a1 b1 OCH c1", And([FreeText([A, B]), C])),
    ("a1 (b1 OCH c1)", FreeText([A, And([B, C])])),
    ("a1 (b1 c1) ((d1))", FreeText([A, B, C, D])),
    ('"a1 b1"OCH(c1)', And([Phrase("content", ["a1", "b1"]), C])),
    ("a1 INTE b1", AndNot(A, B)),
    ("a1 NOT b1", AndNot(A, B)),
    ("a1 b1 INTE c1", AndNot(FreeText([A, B]), C)),
    ("INTE a1 b1", AndNot(B, A)),
    ("a1 OCH INTE b1", AndNot(A, B)),
    ("a1 INTE b1 ELLER c1", Or([AndNot(A, B), C])),
    ("a1 INTE (b1 ELLER c1)", AndNot(A, Or([B, C]))),
    ("a1 ELLER INTE b1", Or([A, Not(B)])),
    ("INTE b1", Not(B)),
    ("INTE INTE b1", B),
    ("a1 (INTE b1)", AndNot(A, B)),
    ("a1 -b1", AndNot(A, B)),
    ("-a1 -b1", Not(Or([A, B]))),
    ('a1 -"b1 c1" -(c1 d1)', AndNot(A, Or([Phrase("content", ["b1", "c1"]), FreeText([C, D])]))),
    ("a1 -=B1", AndNot(A, Term("exact", "b1"))),
    ("icke-statlig", as_one("icke", "statlig")),
    ("a1 - b1", FreeText([A, B])),
    ("+a1 b1 c1", AndMaybe(A, FreeText([B, C]))),
    ("+a1 +b1", And([A, B])),
    ("+a1 b1 -c1", AndNot(AndMaybe(A, B), C)),
    ('a1 ref:"SOU 2022:41"', AndMaybe(Term("content", "ref|sou 2022:41"), A)),
    ("a1 OCH SOU 2022:41", And([A, Term("content", "ref|sou 2022:41")])),
    ("a1 -SOU 2022:41", AndNot(A, Term("content", "ref|sou 2022:41"))),
    (
        'ref:("SOU 2022:41" ELLER "Ds 2014:3")',
        Or([Term("content", f"ref|{one}") for one in ("sou 2022:41", "ds 2014:3")]),
    ),
]


@pytest.mark.parametrize(("typed", "tree"), OPERATORS)
def test_operators_in_capitals_are_strict(typed: str, tree: Any) -> None:
    """Exclusion binds tighter than adjacency, adjacency than AND, AND than OR."""
    assert read(typed) == tree


PHRASES = [
    ('"cirkulära ekonomin"', Phrase("content", ["cirkulär", "ekonomi"])),
    ("”cirkulära ekonomin”", Phrase("content", ["cirkulär", "ekonomi"])),
    ("»cirkulära ekonomin«", Phrase("content", ["cirkulär", "ekonomi"])),
    ('"mål om att"', Phrase("content", ["mål", "om", "att"])),
    ('"mål (OCH) -medel"', Phrase("content", ["mål", "och", "medel"])),
    ('"produktionen"', Term("content", "produktion")),
    ('"a1 b1"~5', Phrase("content", ["a1", "b1"], slop=6)),
    ('"a1 b1"~0', Phrase("content", ["a1", "b1"])),
    ('="cirkulära Ekonomin"', Phrase("exact", ["cirkulära", "ekonomin"])),
    ('="cirkulära Ekonomin"~2', Phrase("exact", ["cirkulära", "ekonomin"], slop=3)),
    (
        '"cirk* ekonomin"~1',
        Near([Prefix("exact", "cirk"), Term("content", "ekonomi")], slop=2, ordered=True),
    ),
    ("a1 NEAR/5 b1", near(A, B, words_between=5)),
    ("a1 NÄRA/0 b1", near(A, B, words_between=0)),
    ("a1 NEAR b1", near(A, B, words_between=10)),
    (
        "a1 NEAR/3 SOU 2022:41",
        near(A, Term("content", "ref|sou 2022:41"), words_between=3),
    ),
    ("a1 NEAR/2 b1 NÄRA/2 c1", near(A, B, C, words_between=2)),
    (
        '"a1 b1" NEAR/3 =c1 d1',
        FreeText(
            [
                near(
                    Phrase("content", ["a1", "b1"]), *terms("c1", column="exact"), words_between=3
                ),
                D,
            ]
        ),
    ),
    ("INTE a1 NEAR/1 b1", Not(near(A, B, words_between=1))),
    (
        "titel:(a1 NEAR/1 b*)",
        near(Term("title", "a1"), Prefix("title_exact", "b"), words_between=1),
    ),
]


@pytest.mark.parametrize(("typed", "tree"), PHRASES)
def test_phrases_and_proximity_count_the_words_between(typed: str, tree: Any) -> None:
    """A phrase keeps every word in order, and ~N and NEAR/N allow N other words between."""
    assert read(typed) == tree


FORMS = [
    ("=Produktionen", Term("exact", "produktionen")),
    ("titel:=Produktionen", Term("title_exact", "produktionen")),
    ("=EU-kommissionen", Phrase("exact", ["eu", "kommissionen"])),
    ("Prefix*", Prefix("exact", "prefix")),
    ("prefix*.", Prefix("exact", "prefix")),
    ("=prefix*", Prefix("exact", "prefix")),
    ("titel:prefix*", Prefix("title_exact", "prefix")),
    ("*suffix", Wildcard("exact", "*suffix")),
    ("W?ld", Wildcard("exact", "w?ld")),
    ("w?*", Wildcard("exact", "w?*")),
    ("a*b", Wildcard("exact", "a*b")),
    ("**", Every()),
    ("* INTE a1", AndNot(Every(), A)),
    ("* a1", A),
    ("* OCH a1", A),
    ("titel:*", Every("title")),
    ("EU-komm*", Near([Term("content", "eu"), Prefix("exact", "komm")], ordered=True)),
    ("ord~", FuzzyTerm("exact", "ord", maxdist=1, prefixlength=1)),
    ("Ord~2", FuzzyTerm("exact", "ord", maxdist=2, prefixlength=1)),
    ("titel:ord~1", FuzzyTerm("title_exact", "ord", maxdist=1, prefixlength=1)),
    ("[a1 TO b1]", TermRange("exact", "a1", "b1")),
    ("titel:[A1 TILL *]", TermRange("title_exact", "a1", None)),
    ("ord^2", Term("content", "ord", boost=2.0)),
    ("ord^1,5 .", Term("content", "ord", boost=1.5)),
    ("pre*^2", Prefix("exact", "pre", boost=2.0)),
    ('"a1 b1"^1.5', Phrase("content", ["a1", "b1"], boost=1.5)),
    ("(a1 b1)^2 c1", FreeText([FreeText([A, B], boost=2.0), C])),
    ("(a1 OCH b1)^2 OCH c1", And([And([A, B], boost=2.0), C])),
    ("(a1 INTE b1)^3", AndNot(Term("content", "a1", boost=3.0), B)),
    ("(+a1 b1)^3", AndMaybe(*[Term("content", w, boost=3.0) for w in ("a1", "b1")])),
    ("(a1 NEAR/1 b1)^2", weighted(near(A, B, words_between=1), 2.0)),
    ("(a1^2)^3", Term("content", "a1", boost=6.0)),
    ("a1 ^ b1", FreeText([A, B])),
]


@pytest.mark.parametrize(("typed", "tree"), FORMS)
def test_patterns_and_exact_forms_search_surface_words(typed: str, tree: Any) -> None:
    """=word, wildcards, ~ and ranges ask the column of surface words; ^ sets the weight."""
    assert read(typed) == tree


FIELDED = [
    ("titel:Ekonomin", Term("title", "ekonomi")),
    ("TITLE:ekonomin", Term("title", "ekonomi")),
    ("text:a1 innehåll:b1", FreeText([A, B])),
    ('titel:"a1 b1"', Phrase("title", ["a1", "b1"])),
    ('titel:="a1 b1"', Phrase("title_exact", ["a1", "b1"])),
    ("titel:prop. 2015/16:100", Term("title", "ref|prop 2015/16:100")),
    ("titel:(a1 SOU 2022:41)", FreeText(terms("a1", "ref|sou 2022:41", column="title"))),
    ("text:1 000 000", Term("content", "1000000")),
    ("typ:(SOU 2022:41)", Term("type", "sou 2022:41")),
    ("titel:(a1 och b1)", FreeText(terms("a1", "b1", column="title"))),
    ("titel:(a1 OCH (b1 ELLER text:c1))", And([Term("title", "a1"), Or([Term("title", "b1"), C])])),
    ("typ:Prop", PROP),
    ("doktyp:prop type:prop", PROP),
    ("typ:(prop ELLER sou)", Or([PROP, SOU])),
    ("typ:(prop sou)", Or([PROP, SOU])),
    ("typ:prop*", Prefix("type", "prop")),
    ("typ:pro?", Wildcard("type", "pro?")),
    ("typ:*", Every("type")),
    ("typ:prop^2", Term("type", "prop", boost=2.0)),
    ('organ:"Statens  Skolverk"', Term("organ", "statens skolverk")),
    ("departement:skolvrket~", FuzzyTerm("organ", "skolvrket", maxdist=1, prefixlength=1)),
    ("nummer:2015/16:100", Term("number", "2015/16:100")),
    ("nummer:[1 TO 3]", TermRange("number", "1", "3")),
    ("id:HB10424,", Term("id", "hb10424")),
    ("url:https://a.se/x?y=1", Term("url", "https://a.se/x?y=1")),
    ("sökväg:/a/b.pdf", Term("path", "/a/b.pdf")),
    ("språk:sv", Term("language", "sv")),
    ("a1 b1 typ:prop", And([FreeText([A, B]), PROP])),
    ("a1 typ:(prop sou)", And([A, Or([PROP, SOU])])),
    ("i typ:prop", And([Term("content", "i"), PROP])),
    ("+a1 b1 typ:prop", And([AndMaybe(A, B), PROP])),
    ("a1 -typ:prop", AndNot(A, PROP)),
]


@pytest.mark.parametrize(("typed", "tree"), FIELDED)
def test_fields_ask_their_column_and_metadata_filters(typed: str, tree: Any) -> None:
    """A field's name sends what follows to its column; metadata beside free text must be met."""
    assert read(typed) == tree


DATES = [
    ("datum:2015", 20150000, 20159999),
    ("år:2015-06", 20150600, 20150699),
    ("date:2015-06-01,", 20150601, 20150601),
    ('datum:"2015"', 20150000, 20159999),
    ("datum:2015..2016", 20150000, 20169999),
    ("datum:2015-06-01..", 20150601, None),
    ("datum:..2016", None, 20169999),
    ("datum:[2015 TILL 2016]", 20150000, 20169999),
    ("datum:[2015 TO *]", 20150000, None),
    ("datum:>2015", 20160000, None),
    ("datum:>=2015", 20150000, None),
    ("datum:<2015-06", None, 20150599),
    ("datum:<=2015-06", None, 20150699),
]


@pytest.mark.parametrize(("typed", "first", "last"), DATES)
def test_dates_are_inclusive_ranges_of_days(typed: str, first: int, last: int) -> None:
    """A shortened date covers every day, month and dateless document inside it."""
    assert read(typed) == NumericRange("date", first, last)


def test_dates_can_be_grouped() -> None:
    """A field of dates can stand before parentheses."""
    tree = read("datum:(2015 ELLER 2017)")

    assert tree == Or([NumericRange("date", y * 10000, y * 10000 + 9999) for y in (2015, 2017)])


def test_columns_of_the_index_can_be_named() -> None:
    """Any metadata column that the index has is a field, by its own name in any case."""
    assert read("riksmöte:2015/16", fields=("Riksmöte",)) == Term("Riksmöte", "2015/16")


EXPLAINED = [
    ("hållbara produktionen typ:prop", "ranked(hållbar, produktion) AND type:prop"),
    ("a1 b1 ELLER c1 INTE d1", "ranked(a1, b1) OR (c1 NOT d1)"),
    ("-a1", "everything NOT a1"),
    ("+a1 b1", "a1 PREFERABLY b1"),
    ('"a1 b1"~5 titel:=c1^2', 'ranked("a1 b1"~5, title:=c1^2)'),
    ("(a1 NEAR/3 b1)^2 OCH w?ld", "(a1 NEAR/3 b1)^2 AND w?ld"),
    ('"a* b1"~2', '"a* b1"~2'),
    ("(a1 OCH b1)^2 ELLER ord~2", "(a1 AND b1)^2 OR ord~2"),
    ("titel:[a TO b] * typ:*", "title:[a TO b] AND type:*"),
    ('organ:"Statens skolverk" pre*', 'pre* AND organ:"statens skolverk"'),
    ("*", "everything"),
    ("§", "nothing"),
    ("datum:2015..2016-06", "date:2015..2016-06"),
    ("datum:2015-06-01", "date:2015-06-01"),
    ("datum:>2015-12", "date:>2015-12"),
    ("datum:>=2015-12", "date:>=2015-12"),
    ("datum:<2015", "date:<=2014"),
    ("datum:<=2015-06", "date:<=2015-06"),
    ("datum:<2015-06-01", "date:<2015-06-01"),
    ("avfallshantering", "ranked(avfallshantering, avfall^0.6, hantering^0.6)"),
    ("avfallshantering OCH a1", "avfallshantering AND a1"),
    ('a1 ref:"SOU 2022:41"', '"ref|sou 2022:41" PREFERABLY a1'),
]


@pytest.mark.parametrize(("typed", "line"), EXPLAINED)
def test_explain_writes_how_the_query_was_read(typed: str, line: str) -> None:
    """The explanation shows joints, columns, terms and weights on one line."""
    assert explain(read(typed)) == line
