"""What compounds are made of, and which words are none."""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.analysis.compound_tables import (
    NO_MODIFIERS,
    CompoundTables,
    by_beginning,
    load_tables,
    spell_base,
)
from searchkit.analysis.compounds import CompoundModel, Leaf
from searchkit.analysis.words import default_model

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import gold_compounds as gold  # noqa: E402
from benchmarks import train_compounds as train  # noqa: E402
from benchmarks.compound_words import count_words, is_name, is_verb  # noqa: E402

GOLD = ROOT.parent / "shared" / "data" / "swedish"

# Words of documents and questions, with a bar where a reader would draw a boundary.
WORDS = [
    word
    for line in (Path(__file__).parent / "compounds.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
]


@functools.cache
def model() -> CompoundModel:
    """Return the shipped model on the shipped dictionary."""
    return default_model().compounds


def spelled(word: str) -> str:
    """Return *word* with a bar between its leaves."""
    leaves = model().split(word)
    return "|".join(word[leaf.start : leaf.end] for leaf in leaves) if leaves else word


def bases(word: str) -> list[str]:
    """Return the base forms of the leaves of *word*."""
    return [leaf.base for leaf in model().split(word)]


@pytest.mark.parametrize("cut", WORDS)
def test_words_are_cut_between_their_words(cut: str) -> None:
    """A compound is cut where its words meet, links stay with the modifier; others stay whole."""
    assert spelled(cut.replace("|", "")) == cut


def test_leaves_have_base_forms() -> None:
    """A leaf knows its base form: link dropped, vowel restored, consonant given back."""
    found = {word: bases(word) for word in ("kvinnofrid", "busstationerna", "gymnasieskolor")}

    assert found == {
        "kvinnofrid": ["kvinna", "frid"],
        "busstationerna": ["buss", "station"],
        "gymnasieskolor": ["gymnasium", "skola"],
    }


def test_leaves_are_places_in_the_word_as_given() -> None:
    """Leaves of an inflected word are offsets into that word, not into its lemma."""
    assert model().split("upphandlingsstrategierna") == (
        Leaf(0, 12, "upphandling"),
        Leaf(12, 24, "strategi"),
    )


@pytest.mark.parametrize("family", ["klimatmål klimatmålen klimatmålens klimatmålet",
                                    "skattelag skattelagen skattelagar skattelagarnas",
                                    "vattenverk vattenverken vattenverkets"])  # fmt: skip
def test_forms_of_a_compound_are_cut_alike(family: str) -> None:
    """All forms of a compound have the same base forms of leaves."""
    assert len({tuple(bases(word)) for word in family.split()}) == 1
    assert len(bases(family.split()[0])) == 2


def test_plurals_that_look_like_verbs_are_heads() -> None:
    """A plural that the dictionary takes for a form of a verb is still that of the noun."""
    assert bases("steriliseringslagar") == ["sterilisering", "lag"]


def test_modifiers_have_base_forms() -> None:
    """What stands before a hyphen is known by its base; what is no modifier is not."""
    asked = ("kvinno", "produktions", "skol", "klimat", "små", "närings", "xyz", "het")
    found = {stretch: model().modifier_base(stretch) for stretch in asked}

    assert found == {
        "kvinno": "kvinna", "produktions": "produktion", "skol": "skola", "klimat": "klimat",
        "små": "liten", "närings": "näring", "xyz": None, "het": None,
    }  # fmt: skip


def test_adjacent_leaves_that_are_a_word_are_united() -> None:
    """jord|bruks|politik also holds jordbruk; the whole word is not among its unions."""
    word = "jordbrukspolitik"

    assert model().unions(word, model().split(word)) == (Leaf(0, 9, "jordbruk"),)


def test_adjacent_leaves_that_are_no_word_are_not_united() -> None:
    """Of two leaves there is no union, nor one that is no word."""
    two, three = "klimatpolitik", "flygplatssabotage"

    assert model().unions(two, model().split(two)) == ()
    assert [leaf.base for leaf in model().unions(three, model().split(three))] == ["flygplats"]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_leaves_cover_the_word(pieces: list[str]) -> None:
    """Leaves touch each other, begin at 0, end with the word, and are none or at least two."""
    word = "".join(piece.replace("|", "") for piece in pieces)
    leaves = model().split(word)

    edges = [0, *(leaf.end for leaf in leaves)]
    assert [leaf.start for leaf in leaves] == edges[:-1]
    assert not leaves or (edges[-1] == len(word) and len(leaves) > 1)
    for union in model().unions(word, leaves):
        assert {union.start, union.end} <= set(edges)
        assert 0 < union.end - union.start < len(word)


@settings(deadline=None, max_examples=40)
@given(st.text("abdeghiklmnoprstuåäö:0-", max_size=24))
def test_any_string_is_split_the_same_way_twice(word: str) -> None:
    """The model is a function of the word: what it keeps changes nothing, nothing raises."""
    fresh = CompoundModel(default_model().dictionary_lemma, tables=shipped())

    assert fresh.split(word) == model().split(word)


@functools.cache
def shipped() -> CompoundTables:
    """Return the shipped tables."""
    return load_tables()


def tiny(whole: str = "", never_heads: str = "") -> CompoundModel:
    """Return a model that knows "stat", "stats", "råd" and a few costs."""
    lemmas = {"råd": "råd", "rådet": "råd", "statsråd": "statsråd", "statsrådet": "statsråd"}
    tables = CompoundTables(
        modifiers={"stat": (90, "stat"), "stats": (70, "stat"), "statsråds": (60, "statsråd")},
        heads={"råd": 50, "stat": 60, "lön": 900},
        whole=frozenset(whole.split()),
        never_heads=frozenset(never_heads.split()),
    )
    return CompoundModel((lemmas | {"lön": "lön", "statlön": "statlön"}).get, tables=tables)


COSTS = st.integers(1, 9)
SHAPES = st.text("abc", min_size=2, max_size=6)


@given(st.sets(SHAPES), st.text("abc", min_size=2, max_size=8))
def test_a_beginning_has_all_modifiers_that_a_stretch_begins_with(
    shapes: set[str], stretch: str
) -> None:
    """What is found under the longest beginning known is what a look at every modifier finds."""
    table = by_beginning({shape: (1, shape) for shape in shapes})
    beginnings = (stretch[:4], stretch[:3], stretch[:2])
    lengths, get = next((table[one] for one in beginnings if one in table), NO_MODIFIERS)

    found = [known[1] for length in lengths if (known := get(stretch[:length]))]
    assert sorted({*found}) == sorted(shape for shape in shapes if stretch.startswith(shape))
    assert list(lengths) == sorted({*lengths})


@settings(max_examples=300)
@given(
    st.dictionaries(SHAPES, COSTS, min_size=1, max_size=12),
    st.dictionaries(st.text("abc", min_size=2, max_size=4), COSTS, min_size=1, max_size=8),
    st.text("abc", min_size=5, max_size=14),
)
def test_no_row_of_parts_is_cheaper(
    modifiers: dict[str, int], heads: dict[str, int], word: str
) -> None:
    """The row that is found costs as little as the cheapest of all rows that there are."""
    known = {shape: (cost, shape) for shape, cost in modifiers.items()}
    tables = CompoundTables(known, heads, frozenset(), frozenset())
    model = CompoundModel(lambda form: None, tables=tables)

    def cheapest(at: int) -> float:
        """Return what the cheapest row from *at* on costs, by trying all."""
        rest = range(at + 2, len(word) - 1)
        rows = [
            modifiers[word[at:end]] + cheapest(end) for end in rest if word[at:end] in modifiers
        ]
        if at:
            price = model._head(word, at)[0]
            rows.append(price if price < 1 << 30 else math.inf)
        return min(rows, default=math.inf)

    *front, last = model.split(word) or [None]
    cost = math.inf
    if last is not None:
        cost = sum(modifiers[word[leaf.start : leaf.end]] for leaf in front if leaf)
        cost += model._head(word, last.start)[0]
    assert cost == cheapest(0)


def test_a_word_of_the_list_stays_whole_in_all_forms() -> None:
    """What is listed as whole stays so in the forms that the dictionary leads to it."""
    assert [tiny().split(word) != () for word in ("statsråd", "statsrådet")] == [True, True]
    assert [tiny("statsråd").split(word) for word in ("statsråd", "statsrådet")] == [(), ()]


def test_endless_words_stay_whole() -> None:
    """A word longer than any real one is not looked into."""
    assert len(model().split("el" * 40 + "nät")) == 41
    assert model().split("el" * 50 + "nät") == ()


def test_a_never_head_is_no_head() -> None:
    """A form that is listed as an ending ends no compound."""
    assert tiny(never_heads="råd").split("statsråd") == ()


def test_dear_parts_split_unknown_words_only() -> None:
    """Parts that cost too much leave a dictionary word whole, but are all an unknown one has."""
    assert tiny().split("statlön") == ()
    assert tiny().split("statslön") == (Leaf(0, 5, "stat"), Leaf(5, 8, "lön"))


def test_a_name_as_lemma_stays_whole() -> None:
    """A word whose lemma is capitalised is a name."""
    tables = CompoundTables({"stats": (70, "stat")}, {"råd": 50}, frozenset(), frozenset())

    assert CompoundModel({"statsråd": "Statsråd"}.get, tables=tables).split("statsråd") == ()


def test_a_modifier_that_is_a_compound_is_cut_inside() -> None:
    """The cheapest row may hold a compound; its own parts are what is returned."""
    tables = CompoundTables(
        {"arbetsmarknads": (60, "arbetsmarknad"), "arbets": (60, "arbete")},
        {"politik": 50, "marknad": 50}, frozenset(), frozenset(),
    )  # fmt: skip
    split = CompoundModel({"politik": "politik"}.get, tables=tables).split

    assert split("arbetsmarknadspolitik") == (
        Leaf(0, 6, "arbete"), Leaf(6, 14, "marknad"), Leaf(14, 21, "politik"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "base"), [("klimat", "klimat"), ("kvinno", "kvinna"), ("ögon", "öga")]
)
def test_base_spelling_leads_back(shape: str, base: str) -> None:
    """The third column of a modifier's line gives the base form from the shape."""
    change = spell_base(shape, base)
    back = shape if change == "=" else shape[: len(shape) - int(change[0])] + change[1:]

    assert back == base


def test_tables_are_whole_numbers_of_known_words() -> None:
    """Costs are positive, and no derivational ending is a modifier or a head."""
    tables = shipped()
    endings = {"het", "lighet", "ning", "else", "skap", "lig", "isk", "ande", "are", "tion", "bar"}

    assert min(cost for cost, _ in tables.modifiers.values()) > 0
    assert min(tables.heads.values()) > 0
    assert not endings & (tables.modifiers.keys() | tables.heads.keys())


def test_the_fingerprint_names_the_tables() -> None:
    """Two loads of the same files have one fingerprint, and the model carries it."""
    assert model().fingerprint == load_tables().fingerprint != ""


def test_written_tables_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the trainer writes is what the loader reads."""
    written = CompoundTables(
        {"kvinno": (88, "kvinna"), "klimat": (70, "klimat")}, {"råd": 50},
        frozenset({"polis"}), frozenset({"het"}),
    )  # fmt: skip
    (tmp_path / "data").mkdir()
    train.write(written, tmp_path / "data", "For a test.")
    monkeypatch.setattr("searchkit.analysis.compound_tables.resources.files", lambda _: tmp_path)
    read = load_tables()

    assert (read.modifiers, read.heads) == (written.modifiers, written.heads)
    assert (read.whole, read.never_heads) == (written.whole, written.never_heads)


def test_words_are_counted_by_how_they_are_written() -> None:
    """Small letters, other spellings and capitals inside sentences are counted apart."""
    text = "Vi for till Umeå. Umeå växer, Umeå och staden."
    seen = count_words([f'{{"title": "Staden", "text": "{text}"}}'])

    assert (seen.small["staden"], seen.other["staden"], seen.inside["staden"]) == (1, 1, 0)
    assert (seen.small["umeå"], seen.other["umeå"], seen.inside["umeå"]) == (0, 3, 2)
    assert not is_name("umeå", seen)


def test_nouns_are_no_verbs() -> None:
    """A base form is a verb only if it has forms of a verb and none of a noun."""
    lemmas = {"testar": "testa", "skolan": "skola", "skolar": "skola", "angår": "angå"}

    assert [is_verb(word, lemmas) for word in ("testa", "skola", "angå", "kris")] == [
        True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "parts", "boundaries"),
    [("affärsbeslut", ["affär", "beslut"], [6]), ("vallokal", ["val", "lokal"], [3]),
     ("samhällsmål", ["samhälle", "mål"], [8]), ("busstation", ["buss", "station"], [4]),
     ("novent", ["advent", "november"], [])],
)  # fmt: skip
def test_parts_of_the_gold_are_placed(word: str, parts: list[str], boundaries: list[int]) -> None:
    """Parts given by their base forms are found in the word, or the entry is left out."""
    assert gold.part_boundaries(word, parts) == boundaries


def test_gold_counts_required_optional_and_forbidden_boundaries() -> None:
    """A word is right with all "+" and no boundary that is neither "+" nor "|"."""
    score = gold.score_hand(model(), ["klimatpolitik\tklimat+politik", "jordbruk\tjord|bruk",
                                      "miljömål\tmiljömål", "polis\tpolis"])  # fmt: skip
    counts = score.counts[0] + score.counts[1]

    assert (counts["words"], counts["right"], counts["simplex"], counts["broken"]) == (4, 3, 2, 1)


Scorer = Callable[[CompoundModel, list[str]], gold.Score]


def gold_counts(name: str, scorer: Scorer) -> dict[str, int]:
    """Return the counts of a gold list, or skip if it is not there."""
    path = GOLD / name
    if not path.exists():
        pytest.skip(f"'{name}' is not beside this checkout")
    score = scorer(model(), path.read_text(encoding="utf-8").splitlines())
    return dict(score.counts[0] + score.counts[1])


def test_hand_labelled_words() -> None:
    """Of words of policy text at least 96 % are right and at most 1 % of the simplex broken."""
    counts = gold_counts("compounds-hand.tsv", gold.score_hand)

    assert counts["right"] >= 0.96 * counts["words"]
    assert counts["broken"] <= 0.01 * counts["simplex"]


def test_compounds_of_wikidata() -> None:
    """Of Wikidata's compounds at least 87 % are cut exactly at the boundaries of their parts."""
    counts = gold_counts("compounds-wikidata.tsv", gold.score_wikidata)

    assert counts["exact"] >= 0.87 * counts["words"]
