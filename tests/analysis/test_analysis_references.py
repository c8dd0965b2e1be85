"""What spellings of references are read, and what they are called."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import sections
from searchkit.analysis.context import references
from searchkit.analysis.numbered import PLAIN, act_id
from searchkit.analysis.references import FIRST_STRANGER, Word, classify, form, match_at
from searchkit.analysis.sections import chain_ids, match_chain, named_laws
from searchkit.model import Reference

GOLD = Path(__file__).resolve().parents[1] / "gold" / "references.tsv"


def found(text: str) -> list[tuple[str, str]]:
    """Return id and spelling of each reference in *text*."""
    return [(r.id, text[r.start : r.end]) for r in references(text)]


def ids(text: str) -> list[str]:
    """Return the ids of the references in *text*."""
    return [r.id for r in references(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("prop. 2015/16:100", "prop 2015/16:100"),
        ("Proposition 2015/16:100", "prop 2015/16:100"),
        ("propositionen (2015/16:100)", "prop 2015/16:100"),
        ("prop 1975:8", "prop 1975:8"),
        ("prop. 1999/2000:1", "prop 1999/2000:1"),
        ("prop. 1999/00:1", "prop 1999/2000:1"),
        ("prop. 2015/2016:100", "prop 2015/16:100"),
        ("skr. 2015/16:10", "skr 2015/16:10"),
        ("regeringens skrivelse 2015/16:10", "skr 2015/16:10"),
        ("riksdagens skrivelse 2015/16:10", "rskr 2015/16:10"),
        ("rskr. 2015/16:100", "rskr 2015/16:100"),
        ("riksdagsskrivelse 2015/16:100", "rskr 2015/16:100"),
        ("bet. 2015/16:NU7", "bet 2015/16:nu7"),
        ("BET. 2015/16:nu7", "bet 2015/16:nu7"),
        ("betänkandet (2008/09:FöU6)", "bet 2008/09:föu6"),
        ("2008/09:FöU6", "bet 2008/09:föu6"),
        ("JuU 1978/79:16", "bet 1978/79:juu16"),
        ("mot. 2015/16:1234", "mot 2015/16:1234"),
        ("kommittémotion 2015/16:1234", "mot 2015/16:1234"),
        ("mot. 1995/96:Fi123", "mot 1995/96:fi123"),
        ("2004/05:Fi240", "mot 2004/05:fi240"),
        ("SOU 2016:15", "sou 2016:15"),
        ("Ds 2014:3", "ds 2014:3"),
        ("Ds Ju 1979:8", "ds ju 1979:8"),
        ("dir. 2015:10", "dir 2015:10"),
        ("Kommittédirektiv 2015:10", "dir 2015:10"),
        ("SFS 2016:1145", "sfs 2016:1145"),
        ("Senaste lydelse 2016:1145", "sfs 2016:1145"),
        ("lagen (2016:1145) om", "sfs 2016:1145"),
        ("lagen (1962:381, omtryckt 1982:120) om", "sfs 1962:381"),
        ("lagen (1905:38 s. 1) om", "sfs 1905:38"),
        ("upphävd genom 2015:768.", "sfs 2015:768"),
        ("Övergångsbestämmelser\n\n1988:138\n\nDenna lag", "sfs 1988:138"),
        ("2018/19:1183 av Eva Ek (S)", "mot 2018/19:1183"),
        ("2018/19:1183 (S) yrkande 1", "mot 2018/19:1183"),
        ("2018/19:1183\n\nEva Ek m.fl. (S)\n", "mot 2018/19:1183"),
        ("COM(2015) 614", "com 2015/614"),
        ("KOM (2015) 614 slutlig", "com 2015/614"),
        ("KOM(96) 46", "com 1996/46"),
    ],
)
def test_one_id_whatever_the_spelling(text: str, name: str) -> None:
    """Each kind of document has one id for all the ways its number is written."""
    assert ids(text)[0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("(EU) 2018/851", "eu 2018/851"),
        ("(EU) 2018/1999", "eu 2018/1999"),
        ("(EU) nr 1303/2013", "eu 2013/1303"),
        ("(EU, Euratom) 2018/1046", "eu 2018/1046"),
        ("EU-förordning nr 536/2014", "eu 2014/536"),
        ("(EG) nr 1013/2006", "eu 2006/1013"),
        ("(EG) nr 1999/2004", "eu 2004/1999"),
        ("(EEG) nr 2081/92", "eu 1992/2081"),
        ("(EEG) nr 1408/71", "eu 1971/1408"),
        ("direktiv 2008/98/EG", "eu 2008/98"),
        ("direktiv 2000/43/EC", "eu 2000/43"),
        ("direktiv 92/43/EEG", "eu 1992/43"),
        ("beslut nr 1386/2013/EU", "eu 2013/1386"),
        ("rambeslut 2002/475/RIF", "eu 2002/475"),
        ("direktiv 2002/58", "eu 2002/58"),
        ("förordning 883/2004", "eu 2004/883"),
        ("förordningen 883/04", "eu 2004/883"),
    ],
)
def test_eu_acts_are_named_by_year_and_number(text: str, name: str) -> None:
    """An EU act has one id, whichever of year and number its spelling puts first."""
    assert ids(text) == [name]


def test_an_act_number_needs_a_year() -> None:
    """Two numbers neither of which can be a year are no act."""
    assert act_id("40", "12", style="") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "prop. 2015/16:100 och 2015/16:101",
            [("prop 2015/16:100", "prop. 2015/16:100"), ("prop 2015/16:101", "2015/16:101")],
        ),
        ("SOU 1972:6 och 7)", [("sou 1972:6", "SOU 1972:6"), ("sou 1972:7", "7")]),
        (
            "bet. 2015/16:NU7 och NU8",
            [("bet 2015/16:nu7", "bet. 2015/16:NU7"), ("bet 2015/16:nu8", "NU8")],
        ),
        (
            "rskr. 2018/19:63–64",
            [("rskr 2018/19:63", "rskr. 2018/19:63"), ("rskr 2018/19:64", "2018/19:63–64")],
        ),
        (
            "2–4 §§",
            [("2 §", "2"), ("3 §", "2–4"), ("4 §", "2–4 §§")],
        ),
        (
            "5 a–5 c §§",
            [("5 a §", "5 a"), ("5 b §", "5 a–5 c"), ("5 c §", "5 a–5 c §§")],
        ),
        ("3 kap. 5 och 7 §§", [("3 kap 5 §", "3 kap. 5"), ("3 kap 7 §", "7 §§")]),
        ("2 a och b §§", [("2 a §", "2 a"), ("2 b §", "b §§")]),
        ("§§ 6 och 9", [("6 §", "6"), ("9 §", "9")]),
    ],
)
def test_lists_and_ranges_name_each_of_theirs(text: str, expected: list[tuple[str, str]]) -> None:
    """Each number of a list, and each that lies in a range, has an id and a stretch."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "prop. 2015/16: 100",
        "prop. 2015/16:\n100",
        "prop. 2015/16:-\n100",
        "prop. 2015/\n16:100",
        "pro-\nposition 2015/16:100",
        "prop. 2015/16:\u00ad100",
    ],
)
def test_a_reference_may_be_cut(text: str) -> None:
    """Blanks, line ends and hyphens inside a number are no part of it; offsets are the text's."""
    assert found(text) == [("prop 2015/16:100", text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 kap. 5 § miljöbalken", ["3 kap 5 §", "sfs 1998:808 3 kap 5 §"]),
        ("2 kap. 1 § RF", ["2 kap 1 §", "sfs 1974:152 2 kap 1 §"]),
        (
            "3 kap. 5 § andra stycket 2 lagen (2016:1145)",
            ["3 kap 5 §", "sfs 2016:1145 3 kap 5 §", "sfs 2016:1145"],
        ),
        (
            "10 kap. 2 § offentlighets- och sekretesslagen (2009:400)",
            ["10 kap 2 §", "sfs 2009:400 10 kap 2 §", "sfs 2009:400"],
        ),
        (
            "1 kap. 2 § samt 5 kap. 2 § miljöbalken",
            ["1 kap 2 §", "sfs 1998:808 1 kap 2 §", "5 kap 2 §", "sfs 1998:808 5 kap 2 §"],
        ),
        ("5 § eller 3 kap. 2 § RB", ["5 §", "3 kap 2 §", "sfs 1942:740 3 kap 2 §"]),
        ("15 kapitlet 16§ RB", ["15 kap 16 §", "sfs 1942:740 15 kap 16 §"]),
        ("24 och 25 kap. RB", ["sfs 1942:740 24 kap", "sfs 1942:740 25 kap"]),
        ("2 kap. 1 § och 3 § RB, ", ["2 kap 1 §", "sfs 1942:740 2 kap 1 §", "3 §",
                                    "sfs 1942:740 2 kap 3 §"]),
    ],
)  # fmt: skip
def test_a_law_that_is_named_gives_a_second_id(text: str, expected: list[str]) -> None:
    """A section whose law is named by number, name or abbreviation is one of that law too."""
    assert ids(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2015 års 16 mål och 100 åtgärder",
        "minskningen mot 2015: 30 procent",
        "Interpellation 2018/19:123 av Eva Ek",
        "1990/91:6 av Eva Ek (m) till statsrådet Bo By",
        "yttr. 2018/19:MJU6y",
        "prot. 2015/16:45",
        "utredningen (Ju 2009:3)",
        "RiR 2011:22",
        "dnr 2017/01724/MFI",
        "den 12/5 2015",
        "i 3 kap. finns bestämmelser",
        "anslag 1:2 och 16:100",
        "https://example.com/2018/01/17",
    ],
)
def test_other_numbers_are_no_references(text: str) -> None:
    """What only looks like the number of a document is none."""
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prop. 2006/07:44, 1 motion", ["prop 2006/07:44"]),
        ("prop. 2006/07:44 och 30 motioner", ["prop 2006/07:44"]),
        ("Prop. 2018/19:134 – 1,9 prisbasbelopp", ["prop 2018/19:134"]),
        ("enligt 5 § 2 och 3", ["5 §"]),
        ("5 §\n\nLagen gäller", ["5 §"]),
        ("12 § En kommun", ["12 §"]),
        ("se § 5 i stadgarna", ["5 §"]),
        ("13 kap.\n\n23 §\n\nEn kommun", ["13 kap 23 §"]),
        ("lagen (2011:000) om, skollagen (2010:800)", ["sfs 2010:800"]),
        ("Statskontoret (2001:12), SOU 1994:88", ["sou 1994:88"]),
        ("51Prop. 2011/12:1.", ["prop 2011/12:1"]),
    ],
)
def test_what_follows_is_left_alone(text: str, expected: list[str]) -> None:
    """A reference does not go on with numbers and words that belong to what follows."""
    assert ids(text) == expected


def test_match_at_ends_where_the_spelling_does() -> None:
    """A single place is read from its word to the end of the list, and nowhere else."""
    text = "se prop. 2015/16:100 där"

    assert match_at(text, 3) == (20, [Reference("prop 2015/16:100", 3, 20)])
    assert match_at(text, 0) is None
    assert match_at(text, len(text)) is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("och", Word.LIST), ("prop", Word.PROP), ("12", Word.DIGITS_2), ("123", Word.DIGITS_3),
        ("2016", Word.YEAR), ("1234", Word.DIGITS), ("5a", Word.ITEM), ("a", Word.LETTER),
        ("sou8", Word.CODE), ("fi240", Word.CODE), ("h2o", Word.CITED), ("vatten", Word.OTHER),
        ("²", Word.CITED), ("漢", Word.CITED), ("eu:s", Word.CITED), ("stycket", Word.CITED),
    ],
)  # fmt: skip
def test_words_have_classes(word: str, kind: Word) -> None:
    """A word's class is a matter of its spelling alone."""
    assert classify(word) is kind


def test_named_laws_are_numbers_of_statutes() -> None:
    """Every name stands for a year and a number, and no name for two."""
    assert all(number.replace(":", "").isdigit() for number in named_laws().values())
    assert named_laws()["miljöbalken"] == "1998:808"


def test_gold_lies_in_its_windows() -> None:
    """Each labelled reference lies in a labelled window of its document, and has an id as ours."""
    windows: dict[str, list[range]] = {}
    kinds = "prop|skr|rskr|bet|mot|sou|ds|dir|sfs|eu|com"
    name_of = re.compile(
        rf"(?:{kinds}) [\d/]+(?::\w*\d)?\S*|(?:sfs \d+:\d+ )?\d+(?: \w)? (?:kap|§).*"
    )
    rows = 0
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        if line.startswith("# window\t"):
            _, document, start, end = line.split("\t")
            windows.setdefault(document, []).append(range(int(start), int(end) + 1))
        elif not line.startswith("#"):
            document, start, end, name = line.split("\t")
            assert any(int(start) in w and int(end) in w for w in windows[document])
            assert name_of.fullmatch(name)
            rows += 1

    assert rows >= 220


NUMBERS = ["2015/16:100", "1999/00:12", "2015/16:NU7", "1995/96:Fi12", "2015/16:Ju3", "2016:15"]
BEHIND = [
    *(")", ".", " om", " och 17", ", 17 och 18", "–19", " s. 5", ", s. 5", " 17", ", SoU8", "a"),
    *(", bet. 2015/16:U3", ", regeringen", "\n\nDen", "", "/20", ":3", " samtliga", " & 3"),
    *(" av Eva (S)", " av Eva (S) till statsrådet", " av Eva\nTill minister", " (M)", " (AB)"),
    *(" av Eva tILL minister Ek", " av Eva Ek till\nminister", "\nav Åke", " yrkande 2"),
]


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_spelling_is_read_as_the_form_reads_it(name: str) -> None:
    """Where the pattern of plain spellings matches, the form's own finds just the same."""
    one, plains = form(name), 0
    at = 0 if name != "bare" else len("prop ")
    for number, behind in itertools.product(NUMBERS, BEHIND):
        text = f"prop {number}{behind}"
        assert one.plain is not None
        plain = one.plain(text, at)
        if plain is None:
            continue
        plains += 1
        match = one.match(text, at)
        assert match is not None
        begin, end = plain.start(one.origin) - at, plain.end() - at
        assert one.ids(match) == (begin, end, one.kind + plain[1].lower()), text
        assert match.end() == plain.end()
    assert plains > 0


# What chains of sections are made of, so that many a random text is nearly one.
CHAINED = (
    *("5", "5 a", "12", "3 kap.", "§", "§§", "och", "till", "till och med", "samt", ",", "–", "-"),
    *("första", "stycket", "2", "a", "i", "enligt", "lagen", "(2016:1145)", "(SFS", "RF", "miljö-"),
    *(
        "t.o.m.",
        "meningen",
        "miljöbalken",
        "respektive",
        "jfr",
        "p",
        "kapitlet",
        ":",
        "hälsoskydds",
    ),
)
STRANGERS = ["ska", "åt", "beteckning", "Regeringen", "prop", "ärende", "iakttas", "lagars"]


@given(
    st.lists(st.tuples(st.sampled_from(CHAINED), st.sampled_from([" ", "", "\n", ", "]))),
    st.sampled_from(["", " ", "\n", ", ", ". ", ") ", " (", "–", " §", "_", ":", " §§\n\n"]),
    st.sampled_from(STRANGERS),
    st.sampled_from(
        ["", " ", ",", ". 5 §", " lagen (2016:1145)", " 3 §", "_", " och 5 §", " kap."]
    ),
)
def test_a_chain_ends_before_a_stranger(
    pieces: list[tuple[str, str]], gap: str, word: str, behind: str
) -> None:
    """What stands from a stranger on has no part in the chain before it."""
    assert not Word.CITED <= classify(word.lower()) < FIRST_STRANGER
    window = "5 §" + "".join(piece + blank for piece, blank in pieces)
    if gap or not window[-1].isalnum():
        window += gap
        alone, whole = match_chain(window, 0), match_chain(window + word + behind, 0)

        assert alone is not None
        assert whole is not None
        assert alone[0] == whole[0]
        assert chain_ids(alone) == chain_ids(whole)


@pytest.mark.parametrize(
    "word",
    [
        "första",
        "stycket",
        "lagen",
        "regeringsformen",
        "till",
        "med",
        "kap",
        "eu:s",
        "h2o",
        "a",
        "5",
    ],
)
def test_what_may_go_on_with_a_chain_is_no_stranger(word: str) -> None:
    """Words that citations are made of, and what is not all letters, have classes between."""
    assert Word.CITED <= classify(word) < FIRST_STRANGER


@given(st.lists(st.tuples(st.sampled_from(CHAINED[:13]), st.sampled_from([" ", "", ", "]))))
def test_plain_lists_of_sections_are_read_as_others_are(pieces: list[tuple[str, str]]) -> None:
    """A list spelled as most are, which is read the short way, gives what the long way gives."""
    match = match_chain("5 §" + "".join(piece + blank for piece, blank in pieces), 0)
    assert match is not None
    short = chain_ids(match)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sections, "_PLAIN", re.compile(r"(?!)"))

        assert chain_ids(match) == short


def test_most_references_are_plain() -> None:
    """What references mostly look like is read the short way."""
    plain = form("prop").plain
    assert plain is not None
    assert plain("prop. 2015/16:100, bet. 2015/16:U3", 0) is not None
