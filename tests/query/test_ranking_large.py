"""In a corpus large enough for shortcuts, the first hits are the first of all hits."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from small_corpora import Commit, write

import searchkit
from searchkit.model import Document
from searchkit.query.search import Index

# More documents than a chunk of places, a block of scores and a floor need.
DOCUMENTS = 6000
WORDS = [f"ord{n}" for n in range(40)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """A large segment and a small one; few words are frequent, most are rare."""
    chance = random.Random(1)
    weights = [1 / (n + 1) for n in range(len(WORDS))]
    documents = [
        Document(
            f"dok-{n}",
            " ".join(chance.choices(WORDS, weights, k=chance.randint(1, 25))),
            title=chance.choice(WORDS) if n % 7 == 0 else None,
        )
        for n in range(DOCUMENTS)
    ]
    directory = tmp_path_factory.mktemp("large")
    write(directory, [Commit(tuple(documents[:-300])), Commit(tuple(documents[-300:]))])
    with searchkit.open(directory) as index:
        yield index


def hits(index: Index, typed: str, limit: int, offset: int = 0) -> list[tuple[str, float]]:
    results = index.search(typed, limit=limit, offset=offset, passages=0)
    return [(hit.id, hit.score) for hit in results]


def queries() -> list[str]:
    chance = random.Random(2)
    typed = [" ".join(chance.sample(WORDS[:12], size)) for size in (1, 2, 3, 4, 6, 9)]
    typed += [" ".join([*chance.sample(WORDS[25:], 2), *WORDS[:3]]) for _ in range(4)]
    typed += ["ord30^9 ord0 ord1", "ord0^0.01 ord1 ord2 ord3", '"ord0 ord1" ord0 ord1 ord2']
    typed += ["ord0 OCH ord1", "ord0 INTE ord1", "+ord5 ord0 ord1", "ord0 NEAR/2 ord1"]
    return [*typed, "ord1*", "*"]


@pytest.mark.parametrize("typed", queries())
def test_the_first_hits_are_the_first_of_all(index: Index, typed: str) -> None:
    """However few hits are asked for, they are those that stand first when all are."""
    every = hits(index, typed, 10 * DOCUMENTS)

    assert every == sorted(every, key=lambda hit: -hit[1])
    for limit in (0, 1, 3, 10, 100, 1000):
        assert hits(index, typed, limit) == every[:limit]
    assert hits(index, typed, 7, offset=20) == every[20:27]
    assert index.search(typed, limit=0).total == len(every)
