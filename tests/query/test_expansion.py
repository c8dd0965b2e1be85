"""What is asked for beside the typed words, and at which weight."""

from __future__ import annotations

from typing import Any

import pytest
from language_vocabulary import VOCABULARY, terms
from whoosh.query import And, AndMaybe, AndNot, Or, Phrase, Term

from searchkit.query.expansion import COMPOUND_WEIGHT, PART_WEIGHT, RELATED_WEIGHT, hints
from searchkit.query.language import FreeText, Hint, parse

COMPOUND, MADE_OF = "avfallshantering", ("avfall", "hantering")


def read(text: str) -> Any:
    return parse(text, VOCABULARY)


def hint(word: str, weight: float) -> Hint:
    return Hint("content", word, boost=weight)


PARTS = [hint(word, PART_WEIGHT) for word in MADE_OF]
TYPED = Term("content", COMPOUND)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([COMPOUND], PARTS),
        (["hållbarhet"], [hint("hållbar", RELATED_WEIGHT)]),
        (["produktion", "mönster"], [hint("produktionsmönster", COMPOUND_WEIGHT)]),
        (["mönster", "produktion"], []),
        (["produktion", "av", "mönster"], []),
        ([COMPOUND, "avfall"], PARTS[1:]),
        (["hållbarhet", "hållbara"], []),
        (["mål"], []),
        ([], []),
    ],
)
def test_words_hint_at_parts_relatives_and_compounds(
    words: list[str], expected: list[Hint]
) -> None:
    """A compound hints at its parts, a derivation at its base, neighbours at their compound."""
    assert hints(words, VOCABULARY) == expected


def test_words_typed_as_one_hint_at_each_of_them() -> None:
    """The words of a hyphenated one hint at themselves, and at what they are made of."""
    expected = [hint(word, PART_WEIGHT) for word in ("eu", COMPOUND, *MADE_OF)]

    assert hints([], VOCABULARY, ["eu", COMPOUND]) == expected


FREE = [
    (COMPOUND, FreeText([TYPED, *PARTS])),
    (f"{COMPOUND} mål", FreeText([TYPED, *terms("mål"), *PARTS])),
    (f"{COMPOUND}, mål.", FreeText([TYPED, *terms("mål"), *PARTS])),
    (f"({COMPOUND})", FreeText([TYPED, *PARTS])),
    (f"{COMPOUND} -mål", AndNot(FreeText([TYPED, *PARTS]), *terms("mål"))),
    (f"{COMPOUND} typ:prop", And([FreeText([TYPED, *PARTS]), Term("type", "prop")])),
    (f"+mål {COMPOUND}", AndMaybe(*terms("mål"), FreeText([TYPED, *PARTS]))),
    (
        "produktion och mönster",
        FreeText([*terms("produktion", "mönster"), hint("produktionsmönster", COMPOUND_WEIGHT)]),
    ),
]


@pytest.mark.parametrize(("typed", "tree"), FREE)
def test_free_text_takes_hints(typed: str, tree: Any) -> None:
    """Words typed with no operator are asked for with their hints."""
    assert read(typed) == tree


STRICT = [
    (f"{COMPOUND} OCH mål", And([TYPED, *terms("mål")])),
    (f"{COMPOUND} ELLER mål", Or([TYPED, *terms("mål")])),
    (f"mål INTE {COMPOUND}", AndNot(*terms("mål"), TYPED)),
    (f"+{COMPOUND}", TYPED),
    (f"({COMPOUND} mål) OCH a1", And([FreeText([TYPED, *terms("mål")]), *terms("a1")])),
    (f'"{COMPOUND} mål"', Phrase("content", [COMPOUND, "mål"])),
    (f'"{COMPOUND}"', TYPED),
    (f"={COMPOUND}", Term("exact", COMPOUND)),
    (f"titel:{COMPOUND}", Term("title", COMPOUND)),
    (f"titel:({COMPOUND} mål)", FreeText(terms(COMPOUND, "mål", column="title"))),
]


@pytest.mark.parametrize(("typed", "tree"), STRICT)
def test_what_is_asked_for_strictly_takes_none(typed: str, tree: Any) -> None:
    """Operands of operators, phrases, exact forms and named fields ask for what is typed alone."""
    assert read(typed) == tree
