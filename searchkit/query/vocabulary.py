"""
What does the index call a typed word?

A word that stands in the index is looked up there; only one that does not is
analysed, which may load the dictionary.
"""

from __future__ import annotations

from searchkit.analysis import Analyzer
from searchkit.index import Snapshot

_MOST_REMEMBERED = 65536


class IndexVocabulary(Analyzer):
    """The analyser of one snapshot: the same answers as its model's, mostly from the index."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.model)
        self._snapshot = snapshot
        self._terms: dict[str, str] = {}

    def term(self, word: str) -> str:
        """Return the term of one surface word."""
        term = self._terms.get(word)
        if term is None:
            term = self._snapshot.term_of(word) or self.model.term(word)
            if len(self._terms) >= _MOST_REMEMBERED:
                self._terms.clear()
            self._terms[word] = term
        return term
