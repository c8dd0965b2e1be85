"""
How does Whoosh use this analysis?

``SwedishAnalyzer()`` is an ordinary ``whoosh.analysis`` analyser: give it to a
``TEXT`` field of any Whoosh schema. It is also how the tests build the stock
Whoosh index that our own index is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Token as WhooshToken
from whoosh.analysis import Tokenizer

from searchkit.analysis.analyzer import Analyzer
from searchkit.analysis.words import default_model


class SwedishAnalyzer(Tokenizer):  # type: ignore[misc]
    """
    Whoosh analyser that yields this package's terms, with Whoosh's own options.

    Args:
        surface: yield the lower-cased words themselves instead of their terms.
    """

    def __init__(self, surface: bool = False) -> None:
        self.surface = surface

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[WhooshToken]:
        """Yield Whoosh tokens of *value*, as ``whoosh.analysis.Tokenizer`` describes."""
        analyzer = Analyzer(default_model())
        token = WhooshToken(positions, chars, removestops=removestops, mode=mode, **kwargs)
        surfaces = analyzer.words(value)
        for position, (found, surface) in enumerate(
            zip(analyzer.analyze(value), surfaces, strict=True), start_pos
        ):
            token.text = surface if self.surface else found.term
            token.boost = 1.0
            token.stopped = False
            if keeporiginal:
                token.original = found.text
            if positions:
                token.pos = position
            if chars:
                token.startchar = start_char + found.start
                token.endchar = start_char + found.end
            yield token
