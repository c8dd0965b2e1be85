"""Texts that the tests of analysis/ draw: real words among the oddities of Unicode."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = ["hållbar", "Ekonomins", "ÅR", "och", "eller", "samt", "SKR:en", "EU:s", "x", "ü", "ÉL"]
LETTERS = list("abksåäöÅÄÖéüßẞÆøŁÿŸıİſǅµªº")
DIGITS = list("019²½٣Ⅷ")
# Decomposed letters, marks without a letter, and the marks that no letter composes with.
MARKS = ["a\u030a", "o\u0308", "x\u0301", "\u0301", "\u030a", "\u034f", "a\u0323\u0301"]
INVISIBLE = ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff"]
LIGATURES = ["\ufb00", "\ufb01", "\ufb03", "\ufb06", "\u212a", "\u212b", "\u2126"]
FOREIGN = ["漢", "字", "Σ", "ς", "λ", "Ж", "क", "ि", "ᄀ", "𝒜", "𐐀", "\U00020000", "Ａ"]
SIGNS = [*".,:;!?-–—_/()'\"§%&+*\u2010\u2011\u2019😀", "👩\u200d🚀", "\ud800"]
ENDINGS = [":s", ":en", ":ar", ":S", ":ens", ":arnas", ":", "::", ":a", ":1"]
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2028"]
LINE_ENDS = ["-\n", "- \n", "-\r\n", "-  \n", "\u2010\n", "\u00ad\n", "-\n\t", "-\noch "]

PIECES = [
    *WORDS, *LETTERS, *DIGITS, *MARKS, *INVISIBLE, *LIGATURES, *FOREIGN, *SIGNS, *ENDINGS,
    *SPACES, *LINE_ENDS,
]  # fmt: skip

texts = st.lists(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=40).map("".join)


def lower(word: str) -> str:
    """Return *word* in lower case, each character by itself and never as two."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in word)
