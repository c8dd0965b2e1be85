"""
Did the person mean a word with å, ä or ö?

Who has no Swedish keyboard types "hallbar". Letters are never folded (``mal`` is
not ``mål``), so where a typed word stands nowhere in the index, that of its
readings with å, ä and ö is offered which does, else one that begins a word
there; of several the one in most documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from searchkit.index import Snapshot
from searchkit.query.vocabulary import IndexVocabulary

_READINGS = {"a": "aåä", "o": "oö"}
# So many readings are looked up at most, 5 microseconds each.
_MOST_READINGS = 729
_WORD = re.compile(r"[^\W\d_]+")


def with_dots(query: str, vocabulary: IndexVocabulary, snapshot: Snapshot) -> str | None:
    """
    Return *query* with å, ä and ö where the index only knows its words so.

    None if it knows every word, or no reading of those that it does not know.
    """
    found = False

    def reading(match: re.Match[str]) -> str:
        nonlocal found
        word = match[0].lower()
        if not word.isascii() or vocabulary.known_term(word) is not None:
            return match[0]
        readings = list(_readings(word))
        known = [r for r in readings if vocabulary.known_term(r) is not None]
        best = max(
            known or [r for r in readings if _begins_a_word(r, snapshot)],
            key=lambda r: snapshot.document_frequency(vocabulary.term(r)),
            default=None,
        )
        if best is None:
            return match[0]
        found = True
        return best

    read = _WORD.sub(reading, query)
    return read if found else None


def _begins_a_word(word: str, snapshot: Snapshot) -> bool:
    """Tell whether the index holds a word that begins so: "hållbara" will do for "hållbar"."""
    tables = (live.segment.words for live in snapshot.segments)
    return any(start < end for start, end in (table.prefix_range(word) for table in tables))


def _readings(word: str) -> Iterator[str]:
    letters = [_READINGS.get(letter, letter) for letter in word]
    count = 1
    for options in letters:
        count *= len(options)
    return map("".join, product(*letters)) if count <= _MOST_READINGS else iter(())
