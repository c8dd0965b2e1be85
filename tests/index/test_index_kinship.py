"""Which documents are told to say nearly the same?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import TINY, commit, folder

from searchkit.index import Snapshot, shingles, similarity
from searchkit.index.kinship import Kin, kin_of
from searchkit.model import Document

Groups = dict[str, float]


def kin(directory: Path, threshold: float = 0.9) -> list[Groups]:
    """Return the groups of an index: similarity to the first, by id."""
    snapshot = Snapshot(directory, model=TINY)
    return [_named(snapshot, group) for group in kin_of(snapshot, threshold)]


def _named(snapshot: Snapshot, group: Kin) -> Groups:
    keys = []
    for doc_id in group.doc_ids.tolist():
        live, local = snapshot.locate(doc_id)
        keys.append(live.segment.key(local))
    return dict(zip(keys, group.similarities.tolist(), strict=True))


def indexed(directory: Path, texts: Sequence[str], **known: str) -> None:
    """Index texts under the ids d0, d1 …"""
    documents = [Document(f"d{n}", text, **known) for n, text in enumerate(texts)]  # type: ignore[arg-type]
    commit(directory, documents)


def jaccard(one: str, other: str) -> float:
    """Return the similarity of two texts of plain words, as it is defined."""
    if one.split() == other.split():
        return float(bool(one.split()))
    sets = []
    for words in (one.split(), other.split()):
        sets.append(set(zip(words, words[1:], words[2:], strict=False)))
    return len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1]))


def components(texts: Sequence[str], threshold: float) -> set[frozenset[str]]:
    """Return the groups that comparing all texts with each other gives."""
    groups = [{n} for n in range(len(texts))]
    for one, other in combinations(range(len(texts)), 2):
        if jaccard(texts[one], texts[other]) >= threshold - 1e-9:
            joined = groups[one] | groups[other]
            for member in joined:
                groups[member] = joined
    return {frozenset(f"d{n}" for n in group) for group in groups if len(group) > 1}


def edited(seed: int, size: int) -> list[str]:
    """Return texts that are copies of a few, of a few words, each with some words changed."""
    rng = random.Random(seed)
    words = [f"ord{n}" for n in range(rng.choice([3, 40, 400]))]
    origins = [rng.choices(words, k=rng.choice([0, 1, 2, 3, 8, 30, 80])) for _ in range(4)]
    texts = []
    for _ in range(size):
        text = list(rng.choice(origins))
        for _ in range(rng.choice([0, 0, 1, 1, 2, 5]) * bool(text)):
            at = rng.randrange(len(text))
            text[at : at + rng.choice([0, 1, 1])] = rng.choice([[], [rng.choice(words)]])
            text = text or ["sist"]
        texts.append(" ".join(text))
    return texts


@given(st.integers(0, 10**6), st.integers(2, 25), st.sampled_from([0.5, 0.7, 0.8, 0.9, 0.95, 1.0]))
def test_groups_are_those_of_comparing_all_with_all(seed: int, size: int, threshold: float) -> None:
    """No pair that reaches the threshold is missed, and none that does not is made up."""
    texts = edited(seed, size)
    with folder() as directory:
        indexed(directory, texts)
        found = kin(directory, threshold)

    assert {frozenset(group) for group in found} == components(texts, threshold)
    for group in found:
        first = texts[int(next(iter(group))[1:])]
        for name, share in group.items():
            assert share == pytest.approx(jaccard(first, texts[int(name[1:])]))


@given(st.integers(0, 10**6), st.integers(4, 20))
def test_segments_make_no_difference(seed: int, size: int) -> None:
    """Documents of several segments, some deleted, are compared as those of one."""
    texts = edited(seed, size)
    documents = [Document(f"d{n}", text) for n, text in enumerate(texts)]
    with folder() as directory:
        commit(directory, documents[: size // 2])
        commit(directory, documents[size // 2 :], ["d0", f"d{size - 1}"])
        found = {frozenset(group) for group in kin(directory, 0.8)}
    left = ["" if n in (0, size - 1) else text for n, text in enumerate(texts)]

    assert found == components(left, 0.8)


def test_counting_in_several_rounds_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus that is too large for one table of owners has the same groups."""
    texts = edited(7, 60)
    indexed(tmp_path, texts)
    monkeypatch.setattr(shingles, "_MOST_SLOTS", 64)
    monkeypatch.setattr(shingles, "_AT_ONCE", 100)

    assert {frozenset(group) for group in kin(tmp_path)} == components(texts, 0.9)


@given(st.integers(0, 10**6))
def test_the_bound_of_shared_shingles_is_one(seed: int) -> None:
    """No document shares more of its set of shingles than the bound says."""
    texts = [text for text in edited(seed, 12) if len(text.split()) > 2]
    with folder() as directory:
        indexed(directory, texts)
        documents = shingles.bodies(Snapshot(directory, model=TINY))
        bounds = shingles.shared_share(documents) if texts else np.zeros(0)
    sets = [set(documents.shingles(n).tolist()) for n in range(len(texts))]
    for number, own in enumerate(sets):
        others = set().union(*sets[:number], *sets[number + 1 :])

        assert len(own & others) / len(own) <= bounds[number] + 1e-9


def test_case_signs_and_titles_play_no_part(tmp_path: Path) -> None:
    """Texts of the same words are the same, whatever stands between them or above."""
    one = Document("a", "Utskottet delar bedömningen. Avslag!", title="Betänkande")
    other = Document("b", "UTSKOTTET delar\n\n(bedömningen) avslag", title="Yttrande")
    commit(tmp_path, [one, other])

    assert kin(tmp_path) == [{"a": 1.0, "b": 1.0}]


def test_the_oldest_is_the_first(tmp_path: Path) -> None:
    """A group begins with its oldest document; those without a date come last."""
    text = "Regeringen bör återkomma till riksdagen."
    dates = {"a": None, "b": "2019-05-02", "c": "2018"}
    commit(tmp_path, [Document(key, text, date=date) for key, date in dates.items()])

    assert [list(group) for group in kin(tmp_path)] == [["c", "b", "a"]]


def test_boilerplate_makes_no_kin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that are half a form are no kin, and are not even compared."""
    form = " ".join(f"blankett{n}" for n in range(100))
    own = [" ".join(f"svar{d}x{n}" for n in range(60)) for d in range(200)]
    indexed(tmp_path, [f"{form} {answer}" for answer in own])
    compared: list[int] = []
    monkeypatch.setattr(similarity, "_in_both", lambda _sets, ones, *_: compared.append(len(ones)))

    assert kin(tmp_path) == []
    assert compared == []


def test_a_large_group_needs_few_comparisons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of hundreds of copies of one letter each is compared with a few others only."""
    letter = [f"brev{n}" for n in range(200)]
    texts = [" ".join([*letter[:-1], f"namn{d}"]) for d in range(300)]
    indexed(tmp_path, texts)
    inner, compared = similarity._in_both, 0

    def counted(sets: object, ones: np.ndarray, *more: object) -> np.ndarray:  # type: ignore[type-arg]
        nonlocal compared
        compared += len(ones)
        return inner(sets, ones, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(similarity, "_in_both", counted)

    assert [len(group) for group in kin(tmp_path)] == [300]
    assert compared < 3 * 300


@pytest.mark.parametrize("threshold", [0.49, 1.01, float("nan")])
def test_a_threshold_out_of_range_is_refused(tmp_path: Path, threshold: float) -> None:
    """A similarity that is none, or that would make one group of everything, is refused."""
    indexed(tmp_path, ["a b c"])

    with pytest.raises(ValueError, match="threshold must be"):
        kin(tmp_path, threshold)


def test_an_index_without_texts_has_no_kin(tmp_path: Path) -> None:
    """Documents without a word are no copies of each other, nor is there anything in no index."""
    indexed(tmp_path, [])
    assert kin(tmp_path) == []
    indexed(tmp_path, ["", "…", "", "!"])
    assert kin(tmp_path) == []
