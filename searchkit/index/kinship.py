"""
Which documents say nearly the same?

Two documents are kin if the Jaccard similarity of their sets of shingles (how many both
hold, of all that either holds) reaches a threshold; those that are kin of kin are one
group. Nothing is sampled: no pair is missed and none is made up. What makes that cheap is
that of two documents that are kin each shares most of its shingles with another one.

1. Documents with the same words in the same order are put together.
2. Those with too many shingles that no other has are passed over, and again among the
   rest, whose shingles are fewer now (:func:`.shingles.shared_share`).
3. The sets of the rest are joined (:mod:`.similarity`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.runs import begins_run
from searchkit.index.shingles import WORDS, Bodies, bodies, shared_share
from searchkit.index.similarity import ROUNDING, Union, numbered, similar_pairs
from searchkit.index.snapshot import Snapshot

THRESHOLD = 0.9
"""One changed word in a text of 60 changes three of 58 shingles: a similarity of 0.90."""
LEAST_THRESHOLD = 0.5
"""Below it, most of a corpus of forms is one group."""
_NO_DATE = 0
# After so many, hardly any document is passed over any more.
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Kin:
    """
    A group of documents that say nearly the same.

    Attributes:
        doc_ids: (M,) their numbers in the snapshot, the oldest document first.
        similarities: (M,) of each to the first of them; 1.0 means the same shingles.
    """

    doc_ids: NDArray[np.int64]
    similarities: NDArray[np.float64]


def kin_of(snapshot: Snapshot, threshold: float = THRESHOLD) -> list[Kin]:
    """
    Return the groups of two and more documents that say nearly the same, by first document.

    Titles and other metadata play no part; a document of fewer than three words is kin only
    of one that has the same. Where a group is a chain, its first may be less like its last
    than the threshold says.

    Args:
        threshold: a similarity from `LEAST_THRESHOLD` to 1.

    Cost: see :func:`.shingles.bodies`, and about 150 ns a token; 40 bytes more for each
    token of the documents that are left by step 2.
    """
    if not LEAST_THRESHOLD <= threshold <= 1:
        raise ValueError(f"threshold must be from {LEAST_THRESHOLD} to 1, not {threshold}")
    documents = bodies(snapshot)
    first_equal = _first_equals(documents)
    union = Union(len(documents.doc_ids))
    for number, first in enumerate(first_equal):
        union.join(first, number)
    distinct = np.flatnonzero(np.array(first_equal, np.int64) == np.arange(len(first_equal)))
    left = _with_possible_kin(documents, distinct, threshold)
    if len(left) > 1:
        sets = numbered([documents.shingles(number) for number in left.tolist()])
        for one, other in similar_pairs(sets, threshold):
            union.join(int(left[one]), int(left[other]))
    return list(_groups(documents, union, _age(snapshot)[documents.doc_ids]))


def _first_equals(documents: Bodies) -> list[int]:
    """Return for each document the first that has the same words in the same order."""
    firsts: dict[bytes, int] = {}
    line = documents.line
    bounds = zip(documents.starts.tolist(), documents.ends.tolist(), strict=True)
    return [
        firsts.setdefault(
            hashlib.blake2b(line[start:end].tobytes(), digest_size=16).digest(), number
        )
        for number, (start, end) in enumerate(bounds)
    ]


def _with_possible_kin(
    documents: Bodies, numbers: NDArray[np.int64], threshold: float
) -> NDArray[np.int64]:
    """Return those of *numbers* whose shingles others hold to so great a share."""
    left = numbers[(documents.ends - documents.starts)[numbers] >= WORDS]
    for _ in range(_ROUNDS):
        if not len(left):
            break
        kept = shared_share(documents.only(left)) >= threshold - ROUNDING
        left = left[kept]
        if kept.mean() > 0.95:
            break
    return left


def _age(snapshot: Snapshot) -> NDArray[np.int64]:
    """Return the date of each document of a snapshot as a number; the highest has none."""
    dates = [live.segment.dates.astype(np.int64) for live in snapshot.segments]
    found = np.concatenate(dates) if dates else np.zeros(0, np.int64)
    return np.where(found == _NO_DATE, np.iinfo(np.int64).max, found)


def _groups(documents: Bodies, union: Union, age: NDArray[np.int64]) -> Iterator[Kin]:
    tops = union.tops()
    order = np.lexsort((age, tops))
    cuts = np.append(np.flatnonzero(begins_run(tops[order])), len(order)).tolist()
    for first, last in pairwise(cuts):
        if last - first > 1:
            members = order[first:last]
            yield Kin(documents.doc_ids[members], _to_first(documents, members))


def _to_first(documents: Bodies, members: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the similarity of each member of a group to its first."""
    words = documents.words(int(members[0]))
    own = documents.shingles(int(members[0]))
    similarities = []
    for member in members.tolist():
        if np.array_equal(words, documents.words(member)):
            similarities.append(1.0)
            continue
        other = documents.shingles(member)
        both = len(np.intersect1d(own, other, assume_unique=True))
        similarities.append(both / (len(own) + len(other) - both))
    return np.array(similarities)
