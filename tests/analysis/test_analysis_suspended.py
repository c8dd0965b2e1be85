"""Suspended compounds: where they stand, which word the half is, what the two words share."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
from analysis_texts import PIECES
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import WordTable, alphabet, default_model, normalise, suspended, tokenize
from searchkit.analysis.suspended import Restored, find, restore

GOLD = Path(__file__).resolve().parents[1] / "gold" / "suspended.tsv"

HALVES = ["in-", "miljö-", "energi-", "små-", "barn-", "1-", "EU-", "å-", "närings-\n", "x‑"]
FULLS = ["utförsel", "energipolitiken", "-forskning", "-och", "tv-lagen", "medelstora", "och/eller"]
LINKS = [" och ", " eller ", ", ", "/", " samt ", " ", "- ", " -", "\n", " andra ", "biträdande "]
halves_and_texts = st.lists(
    st.one_of(st.sampled_from([*HALVES, *FULLS, *LINKS, *PIECES]), st.characters()), max_size=30
).map("".join)


def found(text: str) -> list[tuple[int, int, str]]:
    """Find the halves of a text that is normalised already."""
    tokens = tokenize(text)
    table = WordTable()
    ids = table.ids(
        tokens.hashes, lambda t: alphabet.lower(text[tokens.starts[t] : tokens.ends[t]])
    )
    return find(text, tokens, ids, table.words)


def spellings(text: str) -> list[str]:
    """Return the spellings found in a text."""
    return [spelling for _, _, spelling in found(text)]


@functools.cache
def whole(spelling: str) -> Restored | None:
    """Restore with this installation's compounds and dictionary."""
    model = default_model()
    return restore(model.compounds, model.dictionary_lemma, spelling)


def words(text: str) -> list[str]:
    """Return the words that the halves in a text stand for."""
    return [restored.word for restored in map(whole, spellings(text)) if restored is not None]


def marked(text: str) -> list[str]:
    """Return what each restored half shares, as it stands in the text."""
    tokens = tokenize(text)
    shared = []
    for _, partner, spelling in found(text):
        restored = whole(spelling)
        if restored is not None:
            start = int(tokens.starts[partner])
            shared.append(text[start + restored.start : start + restored.end])
    return shared


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("närings- och innovationsministern", ["näringsministern"]),
        ("miljö-, klimat- och energipolitiken", ["miljöpolitiken", "klimatpolitiken"]),
        ("produktions- och konsumtionsmönster", ["produktionsmönster"]),
        ("mark- och miljödomstolen", ["markdomstolen"]),
        ("barn- och ungdomsvård", ["barnvård"]),
        ("lag-, mål- och förvaltningsfrågor", ["lagfrågor", "målfrågor"]),
        ("el- samt gasnät", ["elnät"]),
        ("natt- respektive dagarbete", ["nattarbete"]),
        ("kostnads- och intäktsanalyser", ["kostnadsanalyser"]),
        ("klimat- och energifrågorna", ["klimatfrågorna"]),
        ("Ikraftträdande- och\n\növergångsbestämmelser", ["ikraftträdandebestämmelser"]),
        ("HÄLSO- OCH SJUKVÅRD", ["hälsovård"]),
        ("Post- och telestyrelsen", ["poststyrelsen"]),
    ],
)
def test_the_full_word_gives_its_last_part(text: str, expected: list[str]) -> None:
    """A half before a compound stands for itself and the compound's last part."""
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in- eller utförsel", "införsel"),
        ("för- och nackdelar", "fördelar"),
        ("in- och utvandring", "invandring"),
        ("ny-, till- eller ombyggnad", "nybyggnad"),
        ("av-/påstigning", "avstigning"),
        ("över- och underskott", "överskott"),
        ("låg- och medelinkomstländer", "låginkomstländer"),
        ("in- och utlåningsränta", "inlåningsränta"),
        ("fort- och vidareutbildning", "fortbildning"),
        ("öst- och centraleuropa", "östeuropa"),
        ("en- och tvåfamiljshus", "enfamiljshus"),
    ],
)
def test_prefixes_share_what_follows(text: str, expected: str) -> None:
    """Of two prefixes before one word, the first has all that stands behind the second."""
    assert words(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fri- och rättigheter", "friheter"),
        ("skatte- och avgiftsfritt", "skattefritt"),
        ("miljö- och hälsofarliga", "miljöfarliga"),
        ("mor- och farföräldrar", "morföräldrar"),
        ("gymnasie- och gymnasiesärskolan", "gymnasieskolan"),
    ],
)
def test_endings_and_adjectives_are_shared(text: str, expected: str) -> None:
    """What is shared may be an ending, an adjective, or the rest of a word that is no compound."""
    assert words(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jord- och skogsbrukspolitik", "jordbrukspolitik"),
        ("tryck- och yttrandefrihetsberedningen", "tryckfrihetsberedningen"),
        ("gles- och landsbygdsområden", "glesbygdsområden"),
        ("region- och kommunfullmäktige", "regionfullmäktige"),
        ("väg- och järnvägsinfrastruktur", "väginfrastruktur"),
    ],
)
def test_more_than_the_last_part_is_shared(text: str, expected: str) -> None:
    """Several parts are shared where they make a word, alone or with the half."""
    assert words(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("energipolitik och -forskning", "energiforskning"),
        ("skolbarn och -ungdomar", "skolungdomar"),
        ("bilförare och -ägare", "bilägare"),
        ("äldrevård och -omsorg", "äldreomsorg"),
        ("hälsodatainnehavare och -användare", "hälsodataanvändare"),
        ("Förintelseförnekelse eller -förvanskning", "förintelseförvanskning"),
        ("realisationsvinster/-förluster", "realisationsförluster"),
        ("emissionsbelopp och/eller -volymer", "emissionsvolymer"),
        ("AI-användning och -utveckling", "aiutveckling"),
    ],
)
def test_a_half_behind_shares_the_beginning(text: str, expected: str) -> None:
    """A half behind a compound has all of it but its last part before itself."""
    assert words(text) == [expected]


def test_a_row_of_halves_behind_shares_one_beginning() -> None:
    """Halves in a row share the beginning of the one full word before them."""
    assert words("miljöorgan, -byråer och -kontor") == ["miljöbyråer", "miljökontor"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alkohol-, narkotika- och tobaks-frågor", ["alkoholfrågor", "narkotikafrågor"]),
        ("radio- och tv-lagen", ["radiolagen"]),
        ("kabel- och satellit-TV", ["kabeltv"]),
    ],
)
def test_a_part_behind_a_hyphen_is_shared_whole(text: str, expected: list[str]) -> None:
    """Of a hyphenated full word, the part behind its hyphen is what is shared."""
    assert words(text) == expected
    assert marked(text) == [text.rpartition("-")[2]] * len(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jämställdhets- och biträdande arbetsmarknadsminister", ["jämställdhetsminister"]),
        ("missbruks- och/eller psykiatrisk problematik", ["missbruksproblematik"]),
        ("kredit- eller finansiellt institut", ["kreditinstitut"]),
        ("energi- och annan resursförbrukning", ["energiförbrukning"]),
        ("mödra-, barn och ungdomshälsan", ["mödrahälsan"]),
    ],
)
def test_words_may_stand_between(text: str, expected: list[str]) -> None:
    """The full word may come after an adjective, or after a half without its hyphen."""
    assert words(text) == expected


def test_small_and_middle_sized_enterprises_are_small_enterprises() -> None:
    """An adjective of size is not shared: the half goes with the noun behind it."""
    assert words("mikro-, små- och medelstora företag") == ["mikroföretag", "småföretag"]
    assert whole("små-|medelstora") is None


@pytest.mark.parametrize(
    "text",
    [
        "sexuell- och reproduktiv hälsa",
        "vård- och omsorg",
        "säkerhets- och integ",
        "EG- medlemskap är detta dock",
        "den tillämp- ningen av lagen",
        "BNP -tillväxt",
        "Datainspektionen -liksom andra",
        "värdepap-\n\npersmarknaden",
        "Det gäller A- och B-lag",
        "1- och 2-åringar",
        "mål 1- och mål 3-programmen",
        "2011-2013: ambassadör",
        "skattejurister och -skattekonsulter",
        "fordon och -när",
    ],
)
def test_other_hyphens_are_no_suspended_compounds(text: str) -> None:
    """A word cut in two, a dash, a number, a slip of the pen give no word."""
    assert words(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("produktions- och konsumtionsmönster", ["mönster"]),
        ("in- eller utförsel", ["försel"]),
        ("energipolitik och -forskning", ["energi"]),
        ("tåg- och busstationer", ["stationer"]),
        ("AI-användning och -utveckling", ["AI"]),
        ("små- och medelstora företag", ["företag"]),
    ],
)
def test_the_shared_stretch_can_be_marked(text: str, expected: list[str]) -> None:
    """The stretch of the full word that is shared is known, elided consonants included."""
    assert marked(text) == expected


def test_of_three_equal_consonants_one_goes() -> None:
    """Two parts that would put three equal consonants together are written with two."""
    assert words("press- och mediestöd") == ["presstöd"]


def test_tokens_are_those_of_half_and_full_word() -> None:
    """What is found names the token of the half and that of the full word."""
    assert found("se miljö-, och klimat- samt energipolitiken") == [
        (1, 5, "miljö-|energipolitiken"),
        (3, 5, "klimat-|energipolitiken"),
    ]
    assert found("om bilförare och -ägare") == [(3, 1, "bilförare|-ägare")]


def test_other_hyphens_of_unicode_count() -> None:
    """A hyphen and a non-breaking hyphen of their own code points are hyphens."""
    assert words("hälso\u2010 och sjukvård") == words("hälso\u2011 och sjukvård") == ["hälsovård"]


@given(halves_and_texts)
def test_what_is_found_lies_in_the_text(text: str) -> None:
    """Nothing is raised for any text; tokens and stretches lie within it."""
    text = normalise(text).text
    tokens = tokenize(text)
    count = len(tokens.starts)
    for half, partner, spelling in found(text):
        assert 0 <= half < count
        assert 0 <= partner < count
        assert half != partner
        assert spelling.count("|") >= 1
        restored = whole(spelling)
        if restored is not None:
            size = int(tokens.ends[partner] - tokens.starts[partner])
            assert 0 <= restored.start < restored.end <= size
            assert restored.word


@given(st.text("abdeikmnorstå-| ", max_size=30))
def test_restore_takes_any_spelling(spelling: str) -> None:
    """No spelling raises, whatever its form."""
    assert whole(spelling) is None or isinstance(whole(spelling), Restored)


@given(st.lists(st.sampled_from(["miljö-", "energi-", "klimat-", "barn-"]), min_size=1, max_size=5))
def test_each_half_of_a_row_is_restored(row: list[str]) -> None:
    """However many halves stand in a row, each has the end of the full word."""
    text = ", ".join(row) + " och skolpolitik"
    assert words(text) == [f"{half[:-1]}politik" for half in row]


def test_texts_are_found_in_one_as_apart() -> None:
    """Texts laid one after the other, with a line end between, give what each gives alone."""
    texts = ["in- och utresa", "skolbarn och -ungdomar", "el- och gasnät, 2011-\n", "a b"]
    together = "\n".join(texts)
    assert sorted(spellings(together)) == sorted(s for text in texts for s in spellings(text))


@given(halves_and_texts)
def test_plain_halves_are_found_as_all_others_are(text: str) -> None:
    """The short way for halves before a plain link finds what the long way does."""
    text = normalise(text).text
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(suspended, "_PLAIN_LINKS", frozenset())
        expected = found(text)

    assert found(text) == expected


def test_the_gold_is_well_formed() -> None:
    """The labelled places hold at least sixty suspended compounds, each in lower case."""
    rows = [
        line.split("\t")
        for line in GOLD.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert all(len(row) == 4 and int(row[1]) < int(row[2]) for row in rows)
    assert len({(row[0], row[1]) for row in rows}) == len(rows)
    labels = [row[3] for row in rows]
    assert all(label == label.lower() for label in labels)
    assert np.sum(np.array(labels) != "-") >= 60
