"""
Which other words stand inside a word?

The parts of a compound (``klimat|politik``), adjacent parts that are a word
together (``jordbruks|politik``), and the word that a derivation is transparently
made of (``hållbar|het``): each with the stretch of the word it takes, so that a
match inside a word marks that stretch alone, and with a kind, from which the
index takes its weight.

The analysis of many words is kept in arrays (:class:`Analysed`): workers send it
to the process that builds the index, and the index keeps it, so that a word is
split once in the life of an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis.restoration import restore
from searchkit.analysis.runs import stretches

if TYPE_CHECKING:
    from searchkit.analysis.words import WordModel

#: Kinds of parts. WHOLE is the word itself, or what a context makes of it.
WHOLE, HEAD, MODIFIER, RELATED = range(4)
# Offsets are kept in one byte each.
_LONGEST_WORD = 255


class Part(NamedTuple):
    """What stands at ``word[start:end]`` of a lower-case word."""

    term: str
    start: int
    end: int
    kind: int


@dataclass(frozen=True, slots=True)
class Analysed:
    """The analysis of W words with Q parts in all, in the order of the words."""

    strings: list[str]
    """The terms that the codes below stand for; one may occur twice."""
    terms: NDArray[np.uint32]
    """(W,) code of each word's term."""
    counts: NDArray[np.uint8]
    """(W,) number of parts of each word."""
    part_terms: NDArray[np.uint32]
    """(Q,) code of each part's term."""
    starts: NDArray[np.uint8]
    ends: NDArray[np.uint8]
    kinds: NDArray[np.uint8]

    @classmethod
    def of(cls, terms: Sequence[str], parts: Sequence[Sequence[Part]]) -> Analysed:
        """Gather the terms and the parts of each of some words."""
        flat = list(chain.from_iterable(parts))
        part_terms, *columns = zip(*flat, strict=True) if flat else ((),) * 4
        strings = list(dict.fromkeys(chain(terms, part_terms)))
        code = dict(zip(strings, count(), strict=False))
        return cls(
            strings,
            np.fromiter(map(code.__getitem__, terms), np.uint32, len(terms)),
            np.fromiter(map(len, parts), np.uint8, len(parts)),
            np.fromiter(map(code.__getitem__, part_terms), np.uint32, len(flat)),
            # Offsets and kinds are bytes already: a third of the time of np.array.
            *(np.frombuffer(bytearray(column), np.uint8) for column in columns),
        )

    @classmethod
    def joined(cls, several: Sequence[Analysed]) -> Analysed:
        """Put analyses of words that follow each other together."""
        if len(several) == 1:
            return several[0]
        strings: list[str] = []
        terms, part_terms = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
        for one in several:
            terms.append(one.terms + np.uint32(len(strings)))
            part_terms.append(one.part_terms + np.uint32(len(strings)))
            strings += one.strings
        none = np.zeros(0, np.uint8)
        return cls(
            strings,
            np.concatenate(terms),
            np.concatenate([none, *(one.counts for one in several)]),
            np.concatenate(part_terms),
            np.concatenate([none, *(one.starts for one in several)]),
            np.concatenate([none, *(one.ends for one in several)]),
            np.concatenate([none, *(one.kinds for one in several)]),
        )

    def take(self, words: NDArray[np.int64]) -> Analysed:
        """Return the analysis of some of the words, by number, in the order asked for."""
        ends = np.cumsum(self.counts, dtype=np.int64)[words]
        rows = stretches(ends - self.counts[words], ends)
        return Analysed(
            self.strings,
            self.terms[words],
            self.counts[words],
            self.part_terms[rows],
            self.starts[rows],
            self.ends[rows],
            self.kinds[rows],
        )


def analyze_words(model: WordModel, words: Iterable[str]) -> Analysed:
    """
    Return the analysis of words, and of the spellings of extras.

    Extras (see :mod:`.context`) are told by a ``|``, which no word holds. The term
    of one that means nothing is "". A restored compound has one part: its own
    term, at the stretch of the other word that it shares.
    """
    terms, parts = [], []
    for word in words:
        if "|" in word:
            term, row = _meaning(model, word)
        else:
            term, row = model.term(word), model.parts(word)
        terms.append(term)
        parts.append(row)
    return Analysed.of(terms, parts)


def _meaning(model: WordModel, spelling: str) -> tuple[str, tuple[Part, ...]]:
    """Return the term of an extra, and the stretch that a restored compound shares."""
    kind, _, rest = spelling.partition("|")
    if kind == "ref":
        return spelling, ()
    if kind in ("num", "abbr"):
        return rest, ()
    restored = restore(model.compounds, model.dictionary_lemma, spelling)
    if restored is None:
        return "", ()
    term = model.term(restored.word)
    return term, (Part(term, restored.start, restored.end, WHOLE),)


def parts_of(model: WordModel, word: str, term: str) -> tuple[Part, ...]:
    """
    Return the parts of *word*, whose term is *term*: each term once, never the word's own.

    What a leaf is derived from counts, too: ``hållbarhetspolitik`` holds
    ``hållbar``. Function words do not: nobody looks for the ``mellan`` in
    ``mellanstatlig``.
    """
    if len(word) > _LONGEST_WORD:
        return ()
    size = len(word)
    found: dict[str, Part] = {}
    leaves = model.compounds.split(word)
    # Two leaves together are the word itself.
    unions = model.compounds.unions(word, leaves) if len(leaves) > 2 else ()
    for start, end, base in (*leaves, *unions):
        own = model.part_term(base)
        kind = HEAD if end == size else MODIFIER
        if kind == MODIFIER and word[end - 1] == "s" and base[-1] != "s":
            # The linking morpheme is not what was asked for: [avfall]shantering.
            end -= 1
        if own != term and own not in found and base not in model.function_words:
            found[own] = Part(own, start, end, kind)
    related = model.part_related if leaves else model.related
    for start, end, derived in leaves or ((0, size, word),):
        for base, first, last in related(derived):
            if base != term and base not in found:
                # "[hållbar]het", but no "[politi]sk": there it is the whole that tells.
                spelled = last - first == len(base) and start + last <= end
                stretch = (start + first, start + last) if spelled else (start, end)
                found[base] = Part(base, *stretch, RELATED)
    return tuple(found.values())
