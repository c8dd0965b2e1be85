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
        flat = [part for row in parts for part in row]
        code = {term: n for n, term in enumerate(dict.fromkeys([*terms, *(p.term for p in flat)]))}
        return cls(
            list(code),
            np.fromiter(map(code.__getitem__, terms), np.uint32, len(terms)),
            np.fromiter(map(len, parts), np.uint8, len(parts)),
            np.array([code[part.term] for part in flat], np.uint32),
            *(np.array([part[n] for part in flat], np.uint8) for n in (1, 2, 3)),
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
    found: dict[str, Part] = {}

    def add(base: str, start: int, end: int, kind: int) -> None:
        own = model.term(base)
        if kind == MODIFIER and word[end - 1] == "s" and base[-1] != "s":
            # The linking morpheme is not what was asked for: [avfall]shantering.
            end -= 1
        if own != term and own not in found and not model.is_function_word(base):
            found[own] = Part(own, start, end, kind)

    leaves = model.compounds.split(word)
    for leaf in (*leaves, *model.compounds.unions(word, leaves)) if leaves else ():
        add(leaf.base, leaf.start, leaf.end, HEAD if leaf.end == len(word) else MODIFIER)
    whole = ((word, 0, len(word)),)
    for derived, start, end in [(leaf.base, leaf.start, leaf.end) for leaf in leaves] or whole:
        for base, first, last in model.related(derived):
            if base != term and base not in found:
                # "[hållbar]het", but no "[politi]sk": there it is the whole that tells.
                spelled = last - first == len(base) and start + last <= end
                stretch = (start + first, start + last) if spelled else (start, end)
                found[base] = Part(base, *stretch, RELATED)
    return tuple(found.values())
