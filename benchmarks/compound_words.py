"""
What is known about the words that compounds are made of?

Three sources: how often each word is written in the corpus, and whether as a name; the
Swedish dictionary of simplemma; and ``data/compound-language.txt``, what people know.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from searchkit.analysis.normalise import normalise
from searchkit.analysis.tokenize import word_bounds

_LANGUAGE = Path(__file__).parent / "data" / "compound-language.txt"
# Of all sightings of a name inside sentences, at most one in seven is in lower case.
_NAME_SHARE = 6
_RAREST_NAME, _SHORTEST_NAME = 15, 4
# simplemma leads these nouns to verbs ("underhåll" to "underhålla").
_VERBAL_NOUNS = ("fall", "håll")


@dataclass(frozen=True, slots=True)
class Sightings:
    """
    How often each word was seen, by its lower-cased spelling.

    Attributes:
        small: written in lower case.
        other: written in any other way.
        inside: written with a capital inside a sentence.
    """

    small: Counter[str]
    other: Counter[str]
    inside: Counter[str]


def count_words(lines: Iterable[str]) -> Sightings:
    """Count the words of documents, one a line of JSON with ``title`` and ``text``."""
    small: Counter[str] = Counter()
    written: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for line in lines:
        document = json.loads(line)
        text = normalise(f"{document.get('title') or ''}\n{document.get('text') or ''}").text
        bounds = word_bounds(text)
        starts, ends = bounds.starts.tolist(), bounds.ends.tolist()
        words = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        written.update(words)
        inside.update(_capitals_inside(text, starts, words))
    other: Counter[str] = Counter()
    for word, count in written.items():
        (small if word.islower() else other)[word.lower()] += count
    return Sightings(small, other, inside)


def _capitals_inside(text: str, starts: list[int], words: list[str]) -> Iterator[str]:
    """Yield the capitalised words that follow a small letter or a comma, and a space."""
    for start, word in zip(starts, words, strict=True):
        if word[0].isupper() and start > 1 and text[start - 1] == " ":
            before = text[start - 2]
            if before.islower() or before == ",":
                yield word.lower()


def is_name(word: str, sightings: Sightings) -> bool:
    """Tell whether *word* is nearly always written with a capital inside sentences."""
    count = sightings.inside[word]
    return (
        count >= _RAREST_NAME
        and len(word) >= _SHORTEST_NAME
        and count > _NAME_SHARE * sightings.small[word]
        and word.isalpha()
    )


def read_dictionary() -> dict[str, str]:
    """Return simplemma's Swedish dictionary: form to lemma."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    dictionary = DefaultDictionaryFactory().get_dictionary("sv")
    return {form: dictionary[form] for form in dictionary}


def base_forms(dictionary: Mapping[str, str]) -> frozenset[str]:
    """Return the words that are lemmas, without names."""
    lemmas = {lemma for lemma in dictionary.values() if lemma.islower() and lemma.isalpha()}
    for form, lemma in dictionary.items():
        if lemma == f"{form}a" and form.endswith(_VERBAL_NOUNS):
            lemmas.add(form)
    return frozenset(lemmas)


def is_noun(word: str, dictionary: Mapping[str, str]) -> bool:
    """Tell whether the base form *word* has forms that nouns alone have."""
    forms = (f"{word}n", f"{word[:-1]}or", f"{word}ns", f"{word}en", f"{word}et")
    return any(dictionary.get(form) == word for form in forms)


def is_verb(word: str, dictionary: Mapping[str, str]) -> bool:
    """Tell whether the base form *word* has forms of a verb and none of a noun."""
    if word[-1] not in "aåoye" or word.endswith("else") or is_noun(word, dictionary):
        return False
    forms = [f"{word}r", f"{word}de"]
    if word[-1] == "a":
        forms += [word[:-1] + ending for ending in ("er", "te", "de")]
    return any(dictionary.get(form) == word for form in forms)


def read_language() -> dict[str, frozenset[str]]:
    """Return the word lists of ``data/compound-language.txt`` by the name of their section."""
    sections: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in _LANGUAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            section.update(line.split())
    return {name: frozenset(words) for name, words in sections.items()}
