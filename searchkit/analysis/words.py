"""
What does analysis make of one word?

A word's *term* is what the index and the query meet on: one for all inflected
forms of a word, another for every other word. The chain, each step only where the
one before had no answer:

1. function words stay among themselves (``skall`` must not become ``skola``);
2. the lemma of a Swedish dictionary, mended (:mod:`.lemmas`);
3. of an unknown compound: its modifiers as they stand, and the lemma of its head;
4. of a modifier that stands alone (``kvinno-``): its base form;
5. the word without genitive ``-s``, inflected as the longest known word it ends in;
6. Snowball's Swedish stem, names excepted;

and then accents of other alphabets are folded (``é``, ``ü``), never å, ä, ö, which are
letters of their own.

No content word shares the term of a function word: the dictionary leads ``varor`` to
``vara``, and who asks for that must not get every text there is. Such a term ends in
``_``, which no word does.

Measured on the content words of two Swedish UD treebanks' dev parts, this chain conflates
with token-weighted F 0.98 (``benchmarks/gold_lemmas.py``), Snowball alone with 0.89.

Analysis is a function of the *word*: it is called once for each distinct word
of a corpus and its result kept in the index.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from importlib import metadata, resources
from typing import Protocol

from searchkit.analysis.compounds import CompoundModel, Leaf
from searchkit.analysis.dictionary import Dictionary
from searchkit.analysis.heads import MendedCompounds
from searchkit.analysis.lemmas import Lemmas
from searchkit.analysis.parts import Part, parts_of
from searchkit.analysis.related import Relations
from searchkit.analysis.restoration import RESTORATION_VERSION

# Raised whenever the chain gives another term, part or relation for any word.
CHAIN_VERSION = 3
# Raised whenever a text gives other references, numbers, abbreviations or suspended halves.
CONTEXT_VERSION = 1

_FOREIGN = re.compile("[^a-zåäö]")
_CASE_ENDING = re.compile(r":[a-zåäö]{1,4}$")
# The one function word whose noun is asked for as often: "männen" and "man" stay together.
_NOUNS_TOO = frozenset({"man"})
# Shorter unknown words are abbreviations and fragments, not compounds.
_SHORTEST_COMPOUND = 6
# An unknown word that no splitter cuts is still inflected like the longest word it ends in.
_SHORTEST_FRONT, _SHORTEST_TAIL = 2, 6
# All suffixes that Snowball's Swedish stemmer cuts end in one of these.
_STEMMED_LETTERS = frozenset("adegnrst")
# "rättighetshavaren": one who does, seldom in a dictionary, and more than Snowball can undo.
_AGENT_ENDINGS = ("are", "aren", "ares", "arens")
_CACHED_WORDS = 1 << 14
_CACHED_LEMMAS = 1 << 17
# Latin letters that have no canonical decomposition.
_FOLDED = {"æ": "ä", "ø": "ö", "ß": "ss", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


class WordModel:
    """
    The analysis of single words: their terms, parts and relations.

    The dictionary (1 million forms, 110 MB in memory, 0.4 s to load) and the compound
    model are loaded at the first word that needs them, so a search whose words stand
    in the index never loads them.
    """

    def __init__(self) -> None:
        self.function_words = _read_words("function_words.txt")
        self._kept_forms = self.function_words | _read_words("kept_forms.txt")
        self._function_terms = _read_families("function_families.txt")
        self._terms: dict[str, str] = {}
        # Few bases make all compounds, and the tables bound how many.
        #: As :meth:`term`, of the base of a part.
        self.part_term = functools.cache(self._term)
        #: As :meth:`related`, of the base of a part.
        self.part_related = functools.cache(self.related)

    @functools.cached_property
    def fingerprint(self) -> str:
        """Identify everything that decides what becomes of a word, as a short hex string."""
        digest = hashlib.blake2b(digest_size=8)
        for fact in (
            f"chain {CHAIN_VERSION}",
            f"snowballstemmer {metadata.version('snowballstemmer')}",
            f"simplemma {metadata.version('simplemma')}",
            f"restoration {RESTORATION_VERSION}",
            f"context {CONTEXT_VERSION}",
        ):
            digest.update(fact.encode() + b"\n")
        for name, content in sorted(_data_files().items()):
            digest.update(f"{name} {len(content)}\n".encode() + content)
        return f"sv-{digest.hexdigest()}"

    def prepare(self) -> None:
        """Load what the analysis of many words takes. Cost: 0.5 s."""
        forms = self._dictionary.unpack()
        if isinstance(forms, dict) and self._raw_lemma != forms.get:
            # Asked directly, without a cache and two calls: 0.1 instead of 0.4 microseconds.
            self._raw_lemma = forms.get
            for made_of_it in ("lemmas", "compounds", "_relations"):
                vars(self).pop(made_of_it, None)
        # A compound takes the splitter's tables as well.
        self.parts("avfallshantering")

    def is_function_word(self, word: str) -> bool:
        """Tell whether *word* (lower case) only holds sentences together."""
        return word in self.function_words

    def term(self, word: str) -> str:
        """
        Return the term of a normalised, lower-cased *word*.

        Cost: about 3 microseconds for a dictionary word, 11 for another, which is split.

        Example:
            >>> model = default_model()
            >>> [model.term(w) for w in ("ekonomins", "cirkulära", "hållbart", "eu:s", "är")]
            ['ekonomi', 'cirkulär', 'hållbar', 'eu', 'är']
        """
        terms = self._terms
        term = terms.get(word)
        if term is None:
            # Among many words each comes once; to forget the oldest alone takes 0.5 microseconds.
            if len(terms) >= _CACHED_WORDS:
                terms.clear()
            term = terms[word] = self._term(word)
        return term

    def _term(self, word: str) -> str:
        if ":" in word:
            word = _CASE_ENDING.sub("", word)
        if word in self._kept_forms or not word[-1:].isalpha():
            return self._function_terms.get(word, word)
        stem = self.lemmas.of(word)
        if stem is None:
            stem = self._unknown(word)
        if stem in self.function_words:
            return stem if stem in _NOUNS_TOO else f"{stem}_"
        return stem if stem.isascii() or not _FOREIGN.search(stem) else _fold(stem)

    def terms(self, words: Iterable[str]) -> list[str]:
        """Return the term of each word; what worker processes are given."""
        return [self.term(word) for word in words]

    def parts(self, word: str) -> tuple[Part, ...]:
        """Return what stands inside *word*: parts of a compound, base of a derivation."""
        return parts_of(self, word, self.term(word))

    def related(self, word: str) -> tuple[tuple[str, int, int], ...]:
        """
        Return the words that *word* is transparently derived from: term, start, end each.

        The stretch is what of *word* spells the base. No term is that of *word* itself.

        Example:
            >>> default_model().related("hållbarheten")
            (('hållbar', 0, 7),)
        """
        bases = self._relations.of(word)
        if not bases:
            return ()
        own = self.term(word)
        found = ((self.term(base), 0, end) for base, end in bases)
        return tuple(one for one in found if one[0] != own and not self.is_function_word(one[0]))

    def dictionary_lemma(self, word: str) -> str | None:
        """Return the lemma that the dictionary itself gives for *word*, None if unknown."""
        return self._raw_lemma(word)

    @functools.cached_property
    def lemmas(self) -> Lemmas:
        """The dictionary, mended."""
        return Lemmas(self._raw_lemma, _read_families("lemma_exceptions.txt"))

    @functools.cached_property
    def compounds(self) -> CompoundModel:
        """The splitter of compounds."""
        return MendedCompounds(self.lemmas)

    @functools.cached_property
    def _raw_lemma(self) -> Callable[[str], str | None]:
        # A word asks for 8 lemmas on average, mostly of endings that other words had, too; the
        # dictionary's copy takes 5 microseconds a look-up, simplemma's own 1.2, this one 0.1.
        return functools.lru_cache(_CACHED_LEMMAS)(self._dictionary.get)

    def _unknown(self, word: str) -> str:
        if not word.isalpha():
            return word
        if len(word) >= _SHORTEST_COMPOUND:
            leaves = self.compounds.split(word)
            if word[-1] == "s" and word[-2] != "s" and not self._ends_in_s(word, leaves):
                # Genitives go where their word goes: "Halmstads" with "Halmstad".
                return self._unknown(word[:-1])
            is_agent = word.endswith(_AGENT_ENDINGS)
            if leaves and not (is_agent and leaves[-1].start > len(word) - _SHORTEST_TAIL):
                return self._compound_term(word, leaves[-1])
            base = self.compounds.modifier_base(word)
            if base is not None:
                return self.lemmas.of(base) or base
            for start in range(_SHORTEST_FRONT, len(word) - _SHORTEST_TAIL + 1):
                lemma = self.lemmas.of_form(word[start:])
                if lemma is not None:
                    return word[:start] + lemma
            if is_agent:
                return word[: word.rindex("ar")] + "are"
        if word[-1] not in _STEMMED_LETTERS:
            return word
        name = self._raw_lemma(word.capitalize())
        return self._stemmer.stemWord(word) if name is None else name.lower()

    def _ends_in_s(self, word: str, leaves: tuple[Leaf, ...]) -> bool:
        """Tell whether the head of a compound ends in an -s of its own, as ``kurs`` does."""
        if not leaves:
            return False
        head = word[leaves[-1].start :]
        return self.lemmas.of_form(head) == head

    def _compound_term(self, word: str, head: Leaf) -> str:
        base = head.base
        if base[:1] == word[head.start - 1] and not word.startswith(base[:2], head.start):
            # The consonant that "buss|tation" lost stands in the modifier.
            base = base[1:]
        return word[: head.start] + base

    @functools.cached_property
    def _relations(self) -> Relations:
        return Relations(
            self.lemmas, _read_pairs("related_pairs.txt"), _read_words("related_not.txt")
        )

    @functools.cached_property
    def _dictionary(self) -> Dictionary:
        return Dictionary()

    @functools.cached_property
    def _stemmer(self) -> _Stemmer:
        # Not snowballstemmer.stemmer(): that silently returns PyStemmer where it is
        # installed, and an older PyStemmer gives other stems.
        from snowballstemmer.swedish_stemmer import SwedishStemmer

        stemmer: _Stemmer = SwedishStemmer()
        return stemmer


@functools.cache
def default_model() -> WordModel:
    """Return the one model that this installation analyses with."""
    return WordModel()


def _fold(word: str) -> str:
    letters = []
    for letter in word:
        if letter in "åäö" or letter.isascii():
            letters.append(letter)
        else:
            base = unicodedata.normalize("NFD", letter)[0]
            letters.append(_FOLDED.get(letter, base))
    return "".join(letters)


def _data_files() -> dict[str, bytes]:
    """Return every file that the room's models are read from; 700 KB in all."""
    folder = resources.files("searchkit.analysis") / "data"
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.name.endswith(".txt")}


def _read_lines(name: str) -> list[list[str]]:
    text = (resources.files("searchkit.analysis") / "data" / name).read_text(encoding="utf-8")
    return [line.partition("#")[0].split() for line in text.splitlines()]


def _read_words(name: str) -> frozenset[str]:
    return frozenset(word for line in _read_lines(name) for word in line)


def _read_families(name: str) -> dict[str, str]:
    """
    Read lines of "lemma form form ...": each of the forms to the lemma.

    So is the lemma itself, unless it stands as a form in another line: "säkra" is a form
    of "säker", and yet the lemma of "säkrar".
    """
    lines = [line for line in _read_lines(name) if line]
    families = {line[0]: line[0] for line in lines}
    families.update((form, line[0]) for line in lines for form in line[1:])
    return families


def _read_pairs(name: str) -> dict[str, str]:
    return {line[0]: line[1] for line in _read_lines(name) if line}
