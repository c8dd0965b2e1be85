"""A vocabulary of a few words, so that the tests of the query language need no index."""

from __future__ import annotations

import re
import unicodedata

from whoosh.query import Term

from searchkit.analysis.parts import HEAD, MODIFIER, RELATED, Part

_WORD = re.compile(r"[^\W_]+(?::(?:s|n|en|erna)(?![^\W_]))?")
_TERMS = {
    "produktionen": "produktion",
    "hållbara": "hållbar",
    "cirkulära": "cirkulär",
    "ekonomin": "ekonomi",
    "målen": "mål",
}
_PARTS = {
    "avfallshantering": (Part("avfall", 0, 7, MODIFIER), Part("hantering", 7, 16, HEAD)),
    "hållbarhet": (Part("hållbar", 0, 7, RELATED),),
}
_KNOWN = frozenset({"produktionsmönster"})
_FUNCTION_WORDS = frozenset({"och", "i", "att", "som", "är", "om"})


class SmallVocabulary:
    """Knows the inflected forms in `_TERMS`; every other word is its own term."""

    def words(self, text: str) -> list[str]:
        return _WORD.findall(unicodedata.normalize("NFC", text).lower())

    def term(self, word: str) -> str:
        return _TERMS.get(word, word)

    def is_function_word(self, word: str) -> bool:
        return word in _FUNCTION_WORDS

    def parts(self, word: str) -> tuple[Part, ...]:
        return _PARTS.get(word, ())

    def known_term(self, word: str) -> str | None:
        return word if word in _KNOWN else None


VOCABULARY = SmallVocabulary()


def terms(*words: str, column: str = "content") -> list[Term]:
    """Make a `Term` of each of *words*."""
    return [Term(column, word) for word in words]
