"""
What does a text say of itself?

Swedish public documents begin with what they are: "Regeringens proposition
2009/10:121", "Kommittédirektiv Dir. 2016:15", "Beslut vid regeringssammanträde den
3 mars 2016". A file that carries no metadata still has these first lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def letterhead(text: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """
    Yield what the beginning of a text tells, as column and value, the surest first.

    Args:
        text: of one document.
        known: columns that the format itself has told; a type or a number that is known
            tells which of the numbers in the text is the document's own.
    """
    yield from ()
