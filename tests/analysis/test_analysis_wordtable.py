"""Word ids by hash against a dict."""

from __future__ import annotations

import numpy as np
from analysis_texts import texts
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import WordTable, tokenize
from searchkit.analysis.alphabet import lower

# Few distinct low bits: nearly every key wants a slot that another one has taken.
colliding = st.builds(
    lambda high, low: (high << 32) | low, st.integers(0, 40), st.sampled_from([1, 2, 4095, 2**31])
)
hashes = st.one_of(colliding, st.integers(1, 2**64 - 1))


@given(st.lists(st.lists(hashes, max_size=60), max_size=6))
def test_ids_number_words_by_first_appearance(batches: list[list[int]]) -> None:
    """Each distinct hash carries the number of distinct hashes before its first appearance."""
    table = WordTable()
    numbers: dict[int, int] = {}
    for batch in batches:
        ids = table.ids(np.array(batch, np.uint64), lambda at, b=batch: str(b[at]))

        assert ids.tolist() == [numbers.setdefault(h, len(numbers)) for h in batch]
    assert table.words == [str(h) for h in numbers]


@given(st.lists(hashes, max_size=60))
def test_spell_is_called_once_for_each_new_word(batch: list[int]) -> None:
    """The spelling of a word is asked for once, at its first occurrence, and never again."""
    table = WordTable()
    asked: list[int] = []

    def spell(at: int) -> str:
        asked.append(at)
        return str(at)

    for _ in range(2):
        table.ids(np.array(batch, np.uint64), spell)

    assert asked == sorted({h: at for at, h in reversed(list(enumerate(batch)))}.values())


def test_ids_stay_while_the_table_grows() -> None:
    """Words keep their ids when the table grows past its first capacity, several times."""
    rng = np.random.default_rng(1)
    distinct = np.unique(rng.integers(1, 2**63, 60_000, dtype=np.uint64))
    rng.shuffle(distinct)
    table = WordTable()
    for batch in np.array_split(distinct, 7):
        table.ids(batch, lambda _: "")

    assert table.ids(distinct, lambda _: "").tolist() == list(range(len(distinct)))
    assert len(table) == len(distinct)


def test_keys_of_one_slot_are_told_apart() -> None:
    """Thousands of hashes that all want the same slot still get ids of their own."""
    same_slot = np.arange(1, 1500, dtype=np.uint64) << np.uint64(40)
    table = WordTable()

    assert table.ids(same_slot, str).tolist() == list(range(1499))
    assert table.ids(same_slot[::-1].copy(), str).tolist() == list(range(1498, -1, -1))


@given(st.lists(texts, max_size=4))
def test_words_of_a_text_are_spelled_in_lower_case(batches: list[str]) -> None:
    """The words of a text carry the ids of their lower-case spellings."""
    table = WordTable()
    for text in batches:
        tokens = tokenize(text)
        ids = table.number(text, tokens)
        bounds = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)

        assert [table.words[n] for n in ids] == [lower(text[a:b]) for a, b in bounds]
    assert len(set(table.words)) == len(table)
