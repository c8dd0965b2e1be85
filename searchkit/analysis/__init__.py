"""
Which words does a text hold?

``normalise`` makes one spelling of each character and remembers where it came
from; ``tokenize`` cuts the text into words without a Python loop per token;
``words`` turns each distinct word, once, into its term; ``analyzer`` is the
face of all three for a person, ``whoosh_face`` the one for Whoosh.
"""

from searchkit.analysis.analyzer import Analyzer
from searchkit.analysis.normalise import Normalised, normalise
from searchkit.analysis.tokenize import TokenArrays, tokenize, word_bounds
from searchkit.analysis.words import WordModel, default_model
from searchkit.analysis.wordtable import WordTable

__all__ = [
    "Analyzer",
    "Normalised",
    "TokenArrays",
    "WordModel",
    "WordTable",
    "default_model",
    "normalise",
    "tokenize",
    "word_bounds",
]
