"""
What does analysis make of a whole text?

The face of the room: text in, tokens out, with offsets into the text as given.
The index does the same with whole arrays; this class is what a person calls and
what tests compare the arrays with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchkit.analysis import alphabet
from searchkit.analysis.normalise import needs_normalising, normalise
from searchkit.analysis.parts import Part
from searchkit.analysis.tokenize import tokenize
from searchkit.analysis.words import WordModel, default_model
from searchkit.model import Reference, Token

# Letters and digits as ``str.isalnum`` has them, which is also what the alphabet's table has.
_RUNS = re.compile(r"[^\W_]+")


class Analyzer:
    """Analyse texts with a word model (by default this installation's)."""

    def __init__(self, model: WordModel | None = None) -> None:
        self.model = default_model() if model is None else model

    def analyze(self, text: str) -> list[Token]:
        """
        Return the tokens of *text* in order.

        Example:
            >>> [(t.text, t.term) for t in Analyzer().analyze("Den cirkulära ekonomins mål")]
            [('Den', 'den'), ('cirkulära', 'cirkulär'), ('ekonomins', 'ekonomi'), ('mål', 'mål')]
        """
        normal = normalise(text)
        arrays = tokenize(normal.text)
        starts = normal.original_starts(arrays.starts).tolist()
        ends = normal.original_ends(arrays.ends).tolist()
        tokens = []
        for word, start, end in zip(self._spellings(normal.text), starts, ends, strict=True):
            parts = tuple(part.term for part in self.parts(word))
            tokens.append(Token(text[start:end], start, end, self.term(word), parts))
        return tokens

    def references(self, text: str) -> list[Reference]:
        """
        Return the references in *text*, by ascending offset.

        Example:
            >>> Analyzer().references("Se prop. 2015/16:100.")
            [Reference(id='prop 2015/16:100', start=3, end=20)]
        """
        # Imported here: a search needs an analyser, and mostly no references.
        from searchkit.analysis.context import references

        return references(text)

    def words(self, text: str) -> list[str]:
        """Return the surface words of *text*: normalised, lower case, in order."""
        if ":" not in text and not needs_normalising(text):
            # The same words without the fixed cost of arrays, which a short query would notice.
            return list(map(alphabet.lower, _RUNS.findall(text)))
        return self._spellings(normalise(text).text)

    def term(self, word: str) -> str:
        """Return the term of one surface word."""
        return self.model.term(word)

    def parts(self, word: str) -> Sequence[Part]:
        """Return what stands inside one surface word."""
        return self.model.parts(word)

    def is_function_word(self, word: str) -> bool:
        """Tell whether a surface word only holds sentences together."""
        return self.model.is_function_word(word)

    @staticmethod
    def _spellings(text: str) -> list[str]:
        arrays = tokenize(text)
        bounds = zip(arrays.starts.tolist(), arrays.ends.tolist(), strict=True)
        return [alphabet.lower(text[start:end]) for start, end in bounds]
