"""
What is the base form of a word?

simplemma's Swedish dictionary gives each form one lemma, chosen without context.
Taken once, a step may land on a form that is itself led elsewhere; followed to the
end, steps melt words together that have nothing to do with each other (``åtgärd`` to
``åtgärda``, ``kurs`` to ``kur``, ``modern`` to ``mor``). So one step is taken, and it is
believed only where the paradigm around it agrees:

1. what ``lemma_exceptions.txt`` says of a form or of its lemma goes first;
2. a form that others are forms of is its own lemma (``åtgärd`` has ``åtgärden``);
3. participles and ``-s`` forms belong to their verb, ``-ande`` forms to themselves;
4. an ``-a`` or ``-t`` form of an adjective belongs to the adjective;
5. a plural in ``-ar`` is no form of a word in ``-are``, and a definite form in ``-et``
   is a noun's before it is a participle's.

Everything is a pure function of the form, the dictionary and the exceptions.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

# What a form adds to its lemma, or ("-") to its lemma less the last letter, that leaves no
# doubt that it is a form of it, even if the dictionary has forms of the form.
_SURE = frozenset((
    "ar", "er", "r", "ens", "ets", "ns", "ars", "ers", "rs", "arna", "erna", "rna", "na", "arnas",
    "ernas", "rnas", "nas", "de", "des", "ts", "-or", "-ors", "-orna", "-ornas", "-ar", "-ars",
    "-arna", "-arnas", "-er", "-ers", "-te", "-tes", "-it", "-its",
))  # fmt: skip
_DEFINITES = ("en", "et")
_DEFINITE_OR_N = frozenset(("en", "et", "n"))
# A form made of w and one of these, with lemma w, shows that w is a lemma.
_NOUN_ENDINGS = ("en", "et", "n", "er", "ar", "erna", "arna")
_OTHER_ENDINGS = ("t", "a", "r", "na", "de")
_ADJECTIVE_ENDINGS = ("t", "tt", "are", "aste")
_CONTRACTED = ("el", "en", "er")
_SHORTEST_GENITIVE = 3
_SHORTEST_PARTICIPLE = 6
_NOUNS_IN_AD = ("nad", "stad", "grad", "blad", "glad")
# "avtals|löst" is the adjective, "löst" alone the verb.
_HEADS_IN_LOES = frozenset(("lös", "lösa", "löst", "lösas"))
_PRESENT_PARTICIPLES = ("ande", "ende")


class Lemmas:
    """
    The base forms of words.

    Args:
        raw: the dictionary's own lemma of a form, or None; may be capitalised.
        exceptions: forms whose lemma was decided by hand.
    """

    def __init__(self, raw: Callable[[str], str | None], exceptions: Mapping[str, str]) -> None:
        self.raw = self._raw = raw
        self._exceptions = exceptions
        self._last: tuple[str, str | None] = ("", None)
        #: The lemma of the head of a compound. A few thousand make nearly all compounds, and the
        #: dictionary bounds how many there are.
        self.of_head = functools.cache(self._of_head)

    def of(self, word: str) -> str | None:
        """
        Return the lemma of a lower-cased *word*, or None for an unknown one.

        A genitive ``-s`` may stand on any form. Cost: about 3 microseconds.
        """
        # One word is asked for on end: by its term, then by what it is derived from.
        last, lemma = self._last
        if word != last:
            lemma = self.of_form(word)
            if lemma is None and word[-1:] == "s":
                lemma = self.of_form(word[:-1])
            self._last = word, lemma
        return lemma

    def _of_head(self, word: str) -> str | None:
        """
        Return the lemma of the head of a compound.

        Nearly all compounds are nouns, so an ``-s`` is a genitive before it is a passive.
        """
        if word in _HEADS_IN_LOES:
            return "lös"
        if word[-1] == "s" and len(word) > _SHORTEST_GENITIVE:
            noun = word[:-1]
            if self.of_form(noun) == noun and (noun in self._exceptions or self.is_noun(noun)):
                return noun
        lemma = self.of(word)
        if lemma is not None and word[-2:] == "ar" and lemma[-1] == "a":
            # "droppar", "segrar": the plural of a noun before it is a verb.
            stem = word[:-2]
            for noun, definite in (
                (stem, stem + "en"),
                (stem + "e", stem + "en"),
                (f"{stem[:-1]}e{stem[-1:]}", f"{stem[:-1]}e{stem[-1:]}n"),
            ):
                if self._raw(definite) == noun:
                    return noun
        return lemma

    def of_form(self, word: str) -> str | None:
        """Return the lemma of a lower-cased *word* exactly as it stands, or None."""
        chosen = self._exceptions.get(word)
        if chosen is None and word[-1:] == "s":
            chosen = self._exceptions.get(word[:-1])
            if chosen == word[:-1]:
                # "köps" is a passive sooner than a genitive; "mjölkens" can be nothing else.
                chosen = None
        if chosen is not None:
            return chosen
        step = self._raw(word)
        if step is None:
            return None
        step = step.lower()
        # "et_cetera", "p.g.a" and "ställa+in" are no words of a text.
        if step == word or not step.isalpha():
            return self._own(word)
        if word.endswith(_PRESENT_PARTICIPLES):
            return word
        if (
            not self._is_surely_of(word, step)
            # "klara" is an adjective's plural sooner than the verb; "klarar" is not.
            and not self._is_plural_adjective(word, step)
            and (self._has_forms(word, _NOUN_ENDINGS) or self._has_forms(word, _OTHER_ENDINGS))
        ):
            return self._settled(word, step)
        lemma = self._mended(word, step)
        chosen = self._exceptions.get(lemma)
        if chosen is not None:
            return chosen
        further = self._raw(lemma)
        if further is None:
            return lemma
        if further == lemma:
            return self._own(lemma)
        return self._settled(lemma, further.lower())

    def is_verb(self, word: str) -> bool:
        """Tell whether *word* is the base form of a verb."""
        stem = word if word[-1] in "åoy" else word[:-1]
        return (
            self._raw(stem + "er") == word
            or self._raw(word + "r") == word
            or (stem[-1:] in ("r", "l") and self._raw(stem + "t") == word)
        )

    def is_noun(self, word: str) -> bool:
        """Tell whether *word* is the base form of a noun."""
        return self._has_forms(word, _DEFINITES) or self._has_forms(word, ("n", "t", "er", "ar"))

    def _is_surely_of(self, word: str, step: str) -> bool:
        size = len(step)
        if word.startswith(step):
            ending = word[size:]
            if ending in ("s", "t"):
                # "kurs" is no genitive of "kur", "format" no form of "forma".
                return not self._has_forms(word, _DEFINITES)
            # "intagen" is a form of "intag" and a participle with forms of its own.
            return ending in _SURE or (
                ending in _DEFINITE_OR_N and self._raw(word[:-2] + "na") != word
            )
        return word.startswith(step[:-1]) and "-" + word[size - 1 :] in _SURE

    def _own(self, word: str) -> str:
        """Return the lemma of a *word* that the dictionary leads to itself."""
        raw, base = self._raw, word[:-1]
        if word[-1] == "t" and not raw(word + "et"):
            if raw(base) == base == raw(base + "a"):
                return base
            if word[-2:] == "tt" and self._has_forms(word[:-2], _ADJECTIVE_ENDINGS):
                return word[:-2]
        if word[-2:] == "ad" and (
            raw(base + "r") == base
            or (len(word) >= _SHORTEST_PARTICIPLE and not word.endswith(_NOUNS_IN_AD))
        ):
            # "hedersrelaterad" is a participle though nobody "hedersrelaterar"; "månad" is a noun.
            return word if self._has_forms(word, _NOUN_ENDINGS) else base
        return word

    def _settled(self, lemma: str, step: str) -> str:
        """Return where *lemma*, which has forms of its own, belongs if it is led to *step*."""
        if step[-1] == "a" and self._is_participle(lemma, step[:-1]):
            return step
        if self._is_surely_of(lemma, step):
            return step
        return lemma

    def _is_plural_adjective(self, word: str, step: str) -> bool:
        if word[-1] != "a":
            return False
        contracted = step[:-2] + step[-1] if step[-2:] in _CONTRACTED else step
        return word[:-1] in (step, contracted) and self._has_forms(step, _ADJECTIVE_ENDINGS)

    def _is_participle(self, word: str, stem: str) -> bool:
        if word[-1] not in "dtn" or self._has_forms(word, _DEFINITES):
            return False
        if word in (stem + "ad", stem + "en"):
            return True
        return word[-1] != "n" and (word[:-1] == stem or self._raw(word + "a") == word)

    def _mended(self, word: str, step: str) -> str:
        """Correct the *step* of a form that has no forms of its own."""
        ending, stem = word[-2:], word[:-2]
        if ending == "ar" and step == word + "e":
            return stem if self._raw(word[:-1]) is None else word[:-1]
        if ending in ("ar", "er") and step == stem + "a" and self._raw(word + "na") == stem:
            return stem
        if word[-1] == "e" and step == word[:-1] + "a":
            return self.of_form(step) or step
        if ending == "et" and step == stem + "en" and self._has_forms(stem, _NOUN_ENDINGS):
            return stem
        return step

    def _has_forms(self, word: str, endings: tuple[str, ...]) -> bool:
        raw = self._raw
        for ending in endings:  # noqa: SIM110 - any() with a generator takes twice the time
            if raw(word + ending) == word:
                return True
        return False
