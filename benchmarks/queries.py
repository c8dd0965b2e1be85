"""
What is asked?

Words that really stand together: a random document of the corpus, a random
place in it, the two content words that are adjacent there. So an AND or a
phrase always has an answer, and words occur as often as people write them.
The same seed, corpus and count give the same queries on every machine.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from benchmarks.corpora import Corpus
from benchmarks.engines.contract import KINDS, Query

# Content word, one space, content word; the letters are Swedish, and nothing but a
# bracket or a sentence's punctuation touches them, so that every tokenizer cuts alike.
_LETTER = "[a-zåäöéüA-ZÅÄÖÉÜ]"
_END = r"(?=[.,;:!?)]*(?:\s|$))"
_PAIR = re.compile(rf"(?<![^\s(])({_LETTER}{{4,30}}) (?=({_LETTER}{{4,30}}){_END})")
_WORD = re.compile(rf"(?<![^\s(])({_LETTER}{{4,30}}){_END}")
# Characters after a pair in which or5 finds its other words.
_NEARBY = 600
_TRIES_PER_QUERY = 200

# Function words of four letters and more, and the abbreviations that open a reference.
_SKIPPED = frozenset(
    (Path(__file__).parent / "data" / "function-words.txt").read_text(encoding="utf-8").split()
)


def sample_queries(corpus: Corpus, *, count: int, seed: int) -> dict[str, list[Query]]:
    """
    Draw *count* queries of each kind.

    Raises:
        ValueError: the corpus has too few pairs of content words.
    """
    return {kind: _sample(corpus, kind, count, random.Random(f"{seed}:{kind}")) for kind in KINDS}


def _sample(corpus: Corpus, kind: str, count: int, rng: random.Random) -> list[Query]:
    found: list[Query] = []
    for _ in range(count * _TRIES_PER_QUERY):
        text = corpus.read(rng.randrange(corpus.document_count)).text
        words = _draw(text, kind, rng)
        if words:
            found.append(Query(kind, words))
        if len(found) == count:
            return found
    raise ValueError(
        f"'{corpus.path}' gave {len(found)} of {count} {kind} queries: "
        "it has too few adjacent content words"
    )


def _draw(text: str, kind: str, rng: random.Random) -> tuple[str, ...] | None:
    """Return the words of one query from a random place of *text*, None if it has no pair."""
    pairs = [match for match in _PAIR.finditer(text) if _is_content(*match.groups())]
    if not pairs:
        return None
    place = rng.choice(pairs)
    pair = (place[1].lower(), place[2].lower())
    if kind == "term":
        return (rng.choice(pair),)
    if kind != "or5":
        return pair
    near = _WORD.findall(text, place.start(), place.start() + _NEARBY)
    distinct = tuple(dict.fromkeys(word.lower() for word in near if _is_content(word)))
    return distinct[:5] if len(distinct) >= 5 else None


def _is_content(*words: str) -> bool:
    lowered = [word.lower() for word in words]
    return len(set(lowered)) == len(lowered) and not _SKIPPED.intersection(lowered)
