"""
What does the index call a typed word?

A word that stands in the index is looked up there; only one that does not is
analysed, which may load the dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence

from searchkit.analysis import Analyzer
from searchkit.analysis.parts import Part
from searchkit.index import Snapshot

_MOST_REMEMBERED = 65536


class IndexVocabulary(Analyzer):
    """The analyser of one snapshot: the same answers as its model's, mostly from the index."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.model)
        self._snapshot = snapshot
        self._terms: dict[str, str] = {}
        self._known: dict[str, str | None] = {}
        self._parts: dict[str, Sequence[Part]] = {}

    def term(self, word: str) -> str:
        """Return the term of one surface word."""
        term = self._terms.get(word)
        if term is None:
            term = self.known_term(word) or self.model.term(word)
            if len(self._terms) >= _MOST_REMEMBERED:
                self._terms.clear()
            self._terms[word] = term
        return term

    def known_term(self, word: str) -> str | None:
        """Return the term of a surface word that stands in the index, else None."""
        if word not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[word] = self._snapshot.term_of(word)
        return self._known[word]

    def parts(self, word: str) -> Sequence[Part]:
        """Return the parts of one surface word."""
        parts = self._parts.get(word)
        if parts is None:
            parts = self._snapshot.parts_of(word)
            if parts is None:
                parts = self.model.parts(word)
            if len(self._parts) >= _MOST_REMEMBERED:
                self._parts.clear()
            self._parts[word] = parts
        return parts
