"""
What does a text hold that no single word tells?

References ("prop. 2015/16:100"), whole numbers ("1 000 000"), abbreviations in several
words ("t.ex.") and suspended compounds ("närings- och innovationsministern") are read
off several words at once. Each becomes an *extra*: a spelling that stands at a token, to
be found like a word. :class:`ContextReader` looks at word classes with arrays and takes
a Python step only where something may begin: at some 2 of 100 tokens of policy texts.

Invariants:

- Extras lie within the text: ``tokens[i] <= partners[i]`` but for suspended compounds,
  whose partner is the word they share something with, on either side.
- What is found is what :func:`.references.match_at`, :func:`number_at` and
  :func:`.abbreviations.match_at` find when they are tried at every token from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import abbreviations, alphabet, suspended
from searchkit.analysis.normalise import normalise
from searchkit.analysis.references import (
    BRACKETED,
    FORM_NAMES,
    MOST_KNOWN,
    PREFIX,
    Flat,
    classify_words,
    form,
)
from searchkit.analysis.tokenize import TokenArrays, tokenize
from searchkit.analysis.triggers import abbreviated, grouped, triggers, windows
from searchkit.analysis.wordtable import WordTable
from searchkit.model import Reference

_BLANKS = " \u00a0\u2009\u202f"
_GROUPED = re.compile(rf"[1-9]\d{{0,2}}(?:[{_BLANKS}]\d{{3}}(?![^\W_]))+")
_NO_BLANKS = str.maketrans(dict.fromkeys(_BLANKS))
_LONGEST_NUMBER = 15
_V = TypeVar("_V")
_STATUTE = PREFIX + "sfs "


@dataclass(frozen=True, slots=True)
class Extras:
    """
    What the context of a text yields, X extras by ascending token.

    Attributes:
        tokens: (X,) int64 token at which each extra begins.
        partners: (X,) int64 its last token; for a suspended compound, the full word.
        spellings: X spellings: ``ref|prop 2015/16:100``, ``num|1000000``, ``abbr|tex``, or
            one of :mod:`.suspended`.
    """

    tokens: NDArray[np.int64]
    partners: NDArray[np.int64]
    spellings: list[str]


@dataclass(slots=True)
class Places:
    """Stretches of a text and their spellings; three lists, since so many tuples cost a third."""

    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)

    def add(self, begin: int, end: int, spelling: str) -> None:
        """Add one."""
        self.begins.append(begin)
        self.ends.append(end)
        self.spellings.append(spelling)


class ContextReader:
    """Find what depends on context, with one class kept for each word of one word table."""

    def __init__(self) -> None:
        self._classes = np.zeros(0, np.uint8)

    def find(
        self,
        text: str,
        tokens: TokenArrays,
        ids: NDArray[np.uint32],
        words: Sequence[str],
    ) -> Extras:
        """
        Find the extras of a text.

        Args:
            text: normalised text.
            tokens: its T tokens.
            ids: (T,) word id of each token.
            words: lower-case spelling of each word id; may only have grown since the last call.

        Cost: about 8 ns a byte of policy text, 12 while most spellings are new, more than half of
        it for references; 75 us for a passage of 80 words.
        """
        classes = self._classes_of(words).take(ids)
        places = Places()
        _references(text, tokens, classes, places)
        _numbers(text, tokens, classes, places)
        _abbreviations(text, tokens, classes, places)
        first = np.searchsorted(tokens.starts, np.array(places.begins, np.int64))
        last = np.searchsorted(tokens.starts, np.array(places.ends, np.int64)) - 1
        halves = suspended.find(text, tokens, ids, words)
        first = np.append(first, np.array([token for token, _, _ in halves], np.int64))
        last = np.append(last, np.array([partner for _, partner, _ in halves], np.int64))
        spellings = places.spellings + [spelling for _, _, spelling in halves]
        order = np.argsort(first, kind="stable")
        return Extras(first[order], last[order], [spellings[at] for at in order.tolist()])

    def _classes_of(self, words: Sequence[str]) -> NDArray[np.uint8]:
        known = len(self._classes)
        if known < len(words):
            fresh = np.frombuffer(classify_words(words[known:]), np.uint8)
            self._classes = np.concatenate([self._classes, fresh])
        return self._classes


def find_extras(text: str) -> tuple[TokenArrays, Extras]:
    """Return the tokens of one normalised *text*, and the extras that stand at them."""
    tokens = tokenize(text)
    table = WordTable()
    ids = table.number(text, tokens)
    return tokens, ContextReader().find(text, tokens, ids, table.words)


def references(text: str) -> list[Reference]:
    """
    Return the references in a text, by ascending offset into the text as given.

    Example:
        >>> references("Se prop. 2015/16:100 och 3 kap. 5 § miljöbalken.")
        [Reference(id='prop 2015/16:100', start=3, end=20), \
Reference(id='3 kap 5 §', start=25, end=35), \
Reference(id='sfs 1998:808 3 kap 5 §', start=25, end=35)]
    """
    normal = normalise(text)
    tokens = tokenize(normal.text)
    places = Places()
    _references(normal.text, tokens, _classes(normal.text, tokens), places)
    begins = normal.original_starts(np.array(places.begins, np.int64)).tolist()
    ends = normal.original_ends(np.array(places.ends, np.int64)).tolist()
    names = [spelling.removeprefix(PREFIX) for spelling in places.spellings]
    return list(map(Reference, names, begins, ends))


def number_at(text: str, at: int) -> tuple[int, str] | None:
    """Read a number in groups of three digits at *at*: its end and its spelling in one."""
    match = _GROUPED.match(text, at)
    if match is None:
        return None
    digits = match[0].translate(_NO_BLANKS)
    return (match.end(), digits) if len(digits) <= _LONGEST_NUMBER else None


def _classes(text: str, tokens: TokenArrays) -> NDArray[np.uint8]:
    """Return the (T,) class of each token of a text that has no word table."""
    table = WordTable()
    ids = table.number(text, tokens)
    return ContextReader()._classes_of(table.words)[ids]


class _Memory(dict[str, _V]):
    """What a function of a spelling said of those it has met."""

    def __init__(self, ask: Callable[[str], _V]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, spelling: str) -> _V:
        if len(self) >= MOST_KNOWN:
            self.clear()
        answer = self[spelling] = self._ask(spelling)
        return answer


def _chain(window: str) -> tuple[int, Flat]:
    """Return length and references of the chain that a window begins with; 0 if with none."""
    chain = form("chain")
    match = chain.match(window, 0)
    return (0, ()) if match is None else (match.end(), chain.ids(match))


def _references(text: str, tokens: TokenArrays, classes: NDArray[np.uint8], places: Places) -> None:
    """Add each reference, ascending."""
    at, which = triggers(text, tokens, classes)
    if not at.size:
        return
    behind = windows(tokens, classes, at, which).tolist()
    forms = list(map(form, FORM_NAMES))
    begins, ends, spellings = places.begins, places.ends, places.spellings
    done = 0
    for begin, number, stop in zip(tokens.starts[at].tolist(), which.tolist(), behind, strict=True):
        if begin < done:
            continue
        if number == BRACKETED:
            done = stop
            begins.append(begin)
            ends.append(done)
            spellings.append(_STATUTE + text[begin:done])
            continue
        if stop:
            length, found = _CHAINS[text[begin:stop]]
            if length:
                done = begin + length
                _add(found, begin, places)
            continue
        one = forms[number]
        if one.plain is not None and (match := one.plain(text, begin)) is not None:
            done = match.end()
            begins.append(match.start(one.origin))
            ends.append(done)
            spellings.append(one.kind + match[1].lower())
        elif (match := one.match(text, begin)) is not None:
            done = match.end()
            if not one.is_silent:
                _add(one.ids(match), begin, places)


def _add(found: Flat, begin: int, places: Places) -> None:
    """Add the references of one match."""
    if len(found) == 3:
        places.begins.append(begin + found[0])
        places.ends.append(begin + found[1])
        places.spellings.append(found[2])
        return
    places.begins.extend([begin + start for start in found[::3]])
    places.ends.extend([begin + stop for stop in found[1::3]])
    places.spellings.extend(found[2::3])


def _numbers(text: str, tokens: TokenArrays, classes: NDArray[np.uint8], places: Places) -> None:
    """Add each number in groups."""
    at = grouped(tokens, classes)
    ends = tokens.ends[at + 1]
    codes = tokens.codes[np.minimum(ends + 1, len(tokens.codes) - 1)]
    # Behind two groups that no digit follows there is no third.
    several = (codes - np.uint8(1) < alphabet.FIRST_LETTER - 1) | (codes == alphabet.RARE)
    done = 0
    for begin, end, more in zip(
        tokens.starts[at].tolist(), ends.tolist(), several.tolist(), strict=True
    ):
        if begin < done:
            continue
        if more:
            number = number_at(text, begin)
        elif (number := _TWO_GROUPS[text[begin:end]]) is not None:
            number = end, number[1]
        if number is not None:
            done = number[0]
            places.add(begin, done, "num|" + number[1])


def _abbreviations(
    text: str, tokens: TokenArrays, classes: NDArray[np.uint8], places: Places
) -> None:
    """Add each abbreviation in several words."""
    at = abbreviated(tokens, classes)
    done = 0
    for begin, end in zip(tokens.starts[at].tolist(), tokens.ends[at + 1].tolist(), strict=True):
        if begin < done:
            continue
        length, spelling = _TWO_WORDS[text[begin : end + 1]]
        if length > 0:
            done = begin + length
            places.add(begin, done, spelling)
        elif length < 0 and (letters := abbreviations.match_at(text, begin)) is not None:
            done = letters[0]
            places.add(begin, done, "abbr|" + letters[1])


def _two_words(spelling: str) -> tuple[int, str]:
    """Return length and letters of an abbreviation in two words; -1 where a third may follow."""
    if abbreviations.may_go_on(spelling):
        return -1, ""
    found = abbreviations.match_at(spelling, 0)
    return (0, "") if found is None else (found[0], "abbr|" + found[1])


_CHAINS = _Memory(_chain)
_TWO_GROUPS = _Memory(lambda spelling: number_at(spelling, 0))
_TWO_WORDS = _Memory(_two_words)
