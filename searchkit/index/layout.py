"""
What stands at each place of the line?

Batches number words each in its own way. Here the line of all batches is laid
out in the numbering of one lexicon: the term at each place, and, from the parts
of words and from the extras of the text, the terms that stand *inside* a place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.parts import WHOLE
from searchkit.analysis.runs import begins_run, stretches
from searchkit.index.forward import ForwardBatch
from searchkit.index.invert import INNER_PLACE_BIT, INNER_TERM_BIT
from searchkit.index.lexicon import Lexicon
from searchkit.index.segment import NO_TERM

Batches = Sequence[ForwardBatch]


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number in a lexicon of each word and each extra of each source."""

    words: Mapping[str, NDArray[np.int64]]
    extras: Mapping[str, NDArray[np.int64]]


def line_of_terms(
    batches: Batches, numbering: Numbering, lexicon: Lexicon
) -> tuple[list[NDArray[np.uint32]], list[NDArray[Any]]]:
    """Return term and rank at each place, a stretch a batch; takes the batches' lines."""
    most = int(lexicon.term_forms.max(initial=0))
    if most > 1 << 16:
        raise OverflowError(f"a term has {most} words; a segment's format has room for 65,536")
    rank_type = np.uint16 if most > 256 else np.uint8
    word_ranks = lexicon.word_ranks().astype(rank_type)
    source_terms = {source: lexicon.word_terms[own] for source, own in numbering.words.items()}
    source_ranks = {source: word_ranks[own] for source, own in numbering.words.items()}
    terms, ranks = [], []
    for batch in batches:
        ranks.append(source_ranks[batch.source][batch.line])
        # In the same memory: fresh pages cost more than the look-up.
        batch.line[:] = source_terms[batch.source][batch.line]
        terms.append(batch.line)
    return terms, ranks


def inner_keys(
    batches: Batches, numbering: Numbering, lexicon: Lexicon, *, threads: int = 2
) -> NDArray[np.uint64]:
    """
    Return what stands inside the places of the line, as `Line.inner` has it.

    Cost: 8 bytes and about 30 ns an inner place.
    """
    if len(lexicon.terms) > 1 << 24:
        raise OverflowError(f"a segment has room for 2**24 terms, not {len(lexicon.terms)}")
    counts = {s: lexicon.analysed.counts[own] for s, own in numbering.words.items()}
    bases = accumulate((len(batch.line) for batch in batches), initial=0)
    with ThreadPoolExecutor(threads) as pool:
        keys = list(
            pool.map(
                lambda batch, base: _keys_of(batch, base, counts[batch.source], numbering, lexicon),
                batches,
                bases,
            )
        )
    key = np.concatenate([np.zeros(0, np.uint64), *keys])
    del keys
    key.sort()
    # Kinds ascend from the weightiest: of one term at one place the first is kept.
    new = begins_run(key >> INNER_PLACE_BIT)
    return key if new.all() else key[new]


def _keys_of(
    batch: ForwardBatch,
    base: int,
    part_counts: NDArray[np.uint8],
    numbering: Numbering,
    lexicon: Lexicon,
) -> NDArray[np.uint64]:
    """Return the inner keys of one batch, whose places are numbered from *base*."""
    counts = part_counts[batch.line]
    places = np.flatnonzero(counts)
    count = counts[places].astype(np.int64)
    first = lexicon.part_offsets[numbering.words[batch.source][batch.line[places]]]
    rows = stretches(first, first + count)
    places += base
    words = _packed(
        lexicon.part_terms[rows], np.repeat(places, count), lexicon.analysed.kinds[rows]
    )
    if not len(batch.extra_places):
        return words
    terms = lexicon.extra_terms[numbering.extras[batch.source]][batch.extra_ids]
    means = np.flatnonzero(terms != NO_TERM)
    kinds = np.full(len(means), WHOLE, np.uint8)
    places = batch.extra_places[means].astype(np.int64) + base
    return np.concatenate([words, _packed(terms[means], places, kinds)])


def _packed(
    terms: NDArray[np.uint32], places: NDArray[np.int64], kinds: NDArray[np.uint8]
) -> NDArray[np.uint64]:
    key = terms.astype(np.uint64)
    key <<= INNER_TERM_BIT - INNER_PLACE_BIT
    key |= places.astype(np.uint64)
    key <<= INNER_PLACE_BIT
    key |= kinds
    return key


def extra_lists(batches: Batches, numbering: Numbering) -> dict[str, NDArray[np.uint32]]:
    """Return place and number of every extra on the line, by the names of their arrays."""
    places, numbers = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
    done = 0
    for batch in batches:
        if len(batch.extra_places):
            places.append(batch.extra_places + np.uint32(done))
            own = numbering.extras[batch.source].astype(np.uint32)
            numbers.append(own[batch.extra_ids])
        done += len(batch.line)
    return {"extras.places": np.concatenate(places), "extras.numbers": np.concatenate(numbers)}
