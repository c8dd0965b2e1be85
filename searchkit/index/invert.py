"""
Where does each word stand?

Inversion turns the line of tokens (place → word) around (term → places), and
folds the places of each term into its posting list (document → impact). Where a
term stands inside another word, or in what a context makes of one, is an
*inner* place: it has a list of its own, and its share of the posting's impact.

Each stretch of the line is inverted by itself, while it lies in cache; then the
lists of all stretches are laid out term after term (:mod:`.spread`). Stretches
are taken by several threads: sorting, gathering and counting all happen inside
NumPy, without the interpreter's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.runs import begins_run
from searchkit.index.forms import form_bytes, pack_forms
from searchkit.index.layout import ITSELF, PLACE_BIT, Stretch, occurrences
from searchkit.index.lexicon import Lexicon
from searchkit.index.lists import EncodedLists, encode_lists
from searchkit.index.weights import (
    BODY_WEIGHT,
    KIND_WEIGHTS,
    QUARTERS,
    TITLE_WEIGHT,
    encode_impacts,
)

_IN_TITLE = np.uint8(8)
# Quarters of an occurrence by its kind, `ITSELF` first; of one in a title 8 further on.
_QUARTERS_OF = np.zeros(16, np.int64)
for _field, _weight in ((0, BODY_WEIGHT), (int(_IN_TITLE), TITLE_WEIGHT)):
    for _kind, _share in enumerate((1.0, *KIND_WEIGHTS)):
        _QUARTERS_OF[_field + _kind] = round(_weight * _share * QUARTERS)


@dataclass(frozen=True, slots=True)
class Inverted:
    """The lists of the terms of one stretch."""

    place_terms: NDArray[np.uint32]
    """The terms that have places, ascending: one for each of the lists."""
    places: EncodedLists
    form_counts: NDArray[np.int64]
    """Bytes of *forms* for each of the terms that have places."""
    forms: NDArray[np.uint8]
    """Rank of the word at each place, for terms of several words (see :mod:`.forms`)."""
    inner_terms: NDArray[np.uint32]
    inner: EncodedLists
    document_terms: NDArray[np.uint32]
    documents: EncodedLists
    impacts: NDArray[np.uint8]
    """Impact code of each posting."""


def invert(
    line: Sequence[Stretch],
    lexicon: Lexicon,
    norms: NDArray[np.float32],
    pool: ThreadPoolExecutor,
    report: Callable[[float], None],
) -> list[Inverted]:
    """
    Invert each stretch of a line.

    Args:
        norms: (D,) length norm of each document of the line.
        report: told the share that is done.

    Cost: about 25 ns a token in all.
    """
    inverted: list[Inverted] = []
    for each in pool.map(lambda stretch: _invert(stretch, lexicon, norms), line):
        inverted.append(each)
        report(len(inverted) / len(line))
    return inverted


def _invert(stretch: Stretch, lexicon: Lexicon, norms: NDArray[np.float32]) -> Inverted:
    keys = occurrences(stretch, lexicon)
    kinds = keys.astype(np.uint8)
    keys >>= PLACE_BIT
    places = keys.astype(np.uint32)
    keys >>= np.uint64(32)
    terms = keys.astype(np.uint32)
    document_terms, documents, impacts = _postings(stretch, terms, places, kinds, norms)
    own = np.flatnonzero(kinds == ITSELF)
    own_places = places.take(own)
    place_terms, place_counts = _runs(terms.take(own))
    forms_of = lexicon.term_forms.take(place_terms)
    inner = np.flatnonzero(kinds != ITSELF)
    inner_terms, inner_counts = _runs(terms.take(inner))
    place = np.uint32(stretch.place)
    return Inverted(
        place_terms,
        encode_lists(own_places + place, place_counts),
        form_bytes(forms_of) * place_counts,
        pack_forms(stretch.ranks(own_places), forms_of, place_counts),
        inner_terms,
        encode_lists(places.take(inner) + place, inner_counts),
        document_terms,
        documents,
        impacts,
    )


def _postings(
    stretch: Stretch,
    terms: NDArray[np.uint32],
    places: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    norms: NDArray[np.float32],
) -> tuple[NDArray[np.uint32], EncodedLists, NDArray[np.uint8]]:
    """Return the terms of a stretch, the documents that each stands in, and their impacts."""
    numbers = np.arange(stretch.document, stretch.document + len(stretch.doc_tokens))
    documents = numbers.astype(np.uint32).repeat(stretch.doc_tokens).take(places)
    new = begins_run(documents)
    new |= begins_run(terms)
    firsts = np.flatnonzero(new)
    documents = documents.take(firsts)
    # What each posting weighs is the difference of two running sums: quarters are exact.
    sums = np.zeros(len(terms) + 1, np.int64)
    np.cumsum(_QUARTERS_OF.take(_fields(stretch).take(places) + kinds), out=sums[1:])
    weights = np.diff(sums.take(np.append(firsts, len(terms)))).astype(np.float32)
    weights /= np.float32(QUARTERS)
    impacts = encode_impacts(weights / (weights + norms.take(documents)))
    found, counts = _runs(terms.take(firsts))
    return found, encode_lists(documents, counts), impacts


def _fields(stretch: Stretch) -> NDArray[np.uint8]:
    """Return for each token of a stretch whether it stands in a title."""
    both = np.stack([stretch.title_tokens, stretch.doc_tokens - stretch.title_tokens], axis=1)
    return np.tile(np.array([_IN_TITLE, 0], np.uint8), len(both)).repeat(both.ravel())


def _runs(terms: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the distinct values of an ascending array, and how often each stands there."""
    firsts = np.flatnonzero(begins_run(terms))
    return terms.take(firsts), np.diff(firsts, append=len(terms))
