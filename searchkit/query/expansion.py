"""
What else tells, beside the words that were typed?

Free text is ranked, so a document may also gain a little by what the words are
made of and by what they make together: the parts of a compound
(``avfallshantering``: avfall, hantering), the word that one is derived from
(``hållbarhet``: hållbar), and the compound of two neighbours (``produktion
mönster``: produktionsmönster). These are *hints*: clauses of their own, each at
a low weight.

Where an operator makes a clause strict there are none: ``avfallshantering OCH
kommun`` asks for that very compound, in its inflections and inside others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from searchkit.analysis.parts import RELATED
from searchkit.query.syntax import Hint, Vocabulary

#: What a hint weighs beside a typed word. For parts from 0.3 to 0.8, for relatives from 0.1 to
#: 0.6, the mean nDCG@10 of benchmarks/bench_ranking.py differs by less than 0.004. To ask for
#: all parts of a compound together costs 0.02 on short texts.
PART_WEIGHT = 0.6
RELATED_WEIGHT = 0.3
COMPOUND_WEIGHT = 0.1

# What may stand between a modifier, as its term is, and a head.
_LINKS = ("", "s")


def hints(words: Sequence[str], vocabulary: Vocabulary, phrased: Sequence[str] = ()) -> list[Hint]:
    """
    Return the hints of words typed after each other, none of them a typed word itself.

    Args:
        phrased: words typed as one (``EU-kommissionen``), which is a phrase.

    Cost: about 10 microseconds a word, most of it for looking up the compounds of
    neighbours.
    """
    terms = [vocabulary.term(word) for word in words]
    # Not the numbers of "2015/16:100": 2015, 16 and 100 say nothing by themselves.
    phrased = [word for word in phrased if word.isalpha()]
    found = {vocabulary.term(word): PART_WEIGHT for word in phrased}
    for word in (*words, *phrased):
        for part in vocabulary.parts(word):
            weight = RELATED_WEIGHT if part.kind == RELATED else PART_WEIGHT
            found[part.term] = max(weight, found.get(part.term, 0.0))
    for compound in _compounds(words, terms, vocabulary):
        found.setdefault(compound, COMPOUND_WEIGHT)
    return [Hint("content", t, boost=w) for t, w in found.items() if t not in terms]


def _compounds(words: Sequence[str], terms: Sequence[str], vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the terms of neighbours' compounds that the vocabulary knows."""
    for (first, modifier), (head, _) in pairwise(zip(words, terms, strict=True)):
        if len(modifier) < 3 or len(head) < 3:
            continue
        for joined in dict.fromkeys([first + head, *(modifier + link + head for link in _LINKS)]):
            term = vocabulary.known_term(joined)
            if term is not None:
                yield term
