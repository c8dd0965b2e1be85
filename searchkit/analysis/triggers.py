"""
At which tokens may a reference, a number or an abbreviation begin?

All of it is arithmetic on arrays: the class of a token, those of its neighbours, and
what stands between them. A token that is named here need not begin anything, but no
token that does is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import alphabet
from searchkit.analysis.references import (
    BRACKETED,
    FIRST_STRANGER,
    FIRST_TRIGGER,
    FORM_NAMES,
    FORMS_OF,
    Word,
)
from searchkit.analysis.tokenize import TokenArrays

_FORM = {name: number for number, name in enumerate(FORM_NAMES)}
_FORMS_OF = {int(kind): tuple(_FORM[name] for name in names) for kind, names in FORMS_OF.items()}
# Some fifty steps on arrays cost as much as looking at so many tokens one by one.
FEW_TOKENS = 500
_SIGN = ord("§")
_YEAR_LENGTH = 4
# In digits.
_LONGEST_STATUTE = 4
# The most characters between two numbers of one list: ".,\n" after "kap".
_WIDEST_GAP = 3
_LIST_CLASSES = Word.LETTER - Word.LIST
_BEGINS_LIST = np.zeros(256, bool)
_BEGINS_LIST[[Word.DIGITS_2, Word.DIGITS_3, Word.ITEM]] = True
_DIGITS = np.zeros(256, bool)
_DIGITS[[Word.DIGITS_2, Word.DIGITS_3, Word.YEAR, Word.DIGITS]] = True
_NUMBERS = (Word.DIGITS_2, Word.DIGITS_3, Word.YEAR, Word.DIGITS)
# Forms that begin wherever a word of one class stands before one of another.
_PAIRS: dict[str, tuple[Word, tuple[Word, ...]]] = {
    "prop": (Word.PROP, (Word.YEAR, Word.NR)),
    "skr": (Word.SKR, (Word.YEAR, Word.NR)),
    "rskr": (Word.RSKR, (Word.YEAR, Word.NR)),
    "bet": (Word.BET, (Word.YEAR, Word.NR)),
    "mot": (Word.MOT, (Word.YEAR, Word.NR)),
    "dir": (Word.DIR, (Word.YEAR, Word.NR)),
    "sou": (Word.SOU, (Word.YEAR, Word.NR)),
    "ds": (Word.DS, (Word.YEAR, Word.NR)),
    "sfs": (Word.SFS, (Word.YEAR, Word.NR)),
    "other": (Word.OTHER_DOCUMENT, (Word.YEAR, Word.NR)),
    "committee": (Word.COMMITTEE, (Word.YEAR,)),
    "cited": (Word.LYDELSE, (Word.YEAR,)),
    "riksdagens": (Word.RIKSDAGENS, (Word.SKR,)),
    "eu": (Word.EU, (*_NUMBERS, Word.NR, Word.EU)),
    "com": (Word.COM, _NUMBERS),
}
_CLASSES = max(Word) + 1
_NO_FORM = -2
_FORM_BITS = 5
_FORM_OF_PAIR = np.full(_CLASSES * _CLASSES, _NO_FORM, np.int8)
for _name, (_first, _second) in _PAIRS.items():
    _FORM_OF_PAIR[[_first * _CLASSES + each for each in _second]] = _FORM[_name]
# As numbers of their own type: with members of an enumeration, comparing takes eight times as long.
_YEAR = np.uint8(Word.YEAR)
_CODE = np.uint8(Word.CODE)
_DS = np.uint8(Word.DS)
_SOU = np.uint8(Word.SOU)
_ACT = np.uint8(Word.ACT)
_DIR = np.uint8(Word.DIR)
_NR = np.uint8(Word.NR)
_EU = np.uint8(Word.EU)
_KAP = np.uint8(Word.KAP)
_LETTER = np.uint8(Word.LETTER)
_DIGITS_2 = np.uint8(Word.DIGITS_2)
_DIGITS_3 = np.uint8(Word.DIGITS_3)
_ABBREVIATION = np.uint8(Word.ABBREVIATION)
_FIRST_TRIGGER = np.uint8(FIRST_TRIGGER)
_FIRST_STRANGER = np.uint8(FIRST_STRANGER)
# In characters: what is remembered stays small; nine of ten are below 40.
_LONGEST_WINDOW = 200
# Beside the ends of the line stands nothing.
_MARGIN = 4
_NOTHING = np.zeros(_MARGIN, np.uint8)


@dataclass(frozen=True, slots=True)
class _Line:
    """The tokens whose class is of interest, and the classes of all, with margins."""

    tokens: TokenArrays
    classes: NDArray[np.uint8]
    """(_MARGIN + T + _MARGIN,)"""
    at: NDArray[np.int64]
    """Ascending."""
    kinds: NDArray[np.uint8]

    def near(self, at: NDArray[np.int64], by: int) -> NDArray[np.uint8]:
        """Return the class *by* tokens after each of *at*."""
        near: NDArray[np.uint8] = self.classes[at + (_MARGIN + by)]
        return near

    def follows(self, at: NDArray[np.int64], code: int) -> NDArray[np.bool_]:
        """Tell behind which tokens a sign follows at once; *at* may lie one behind the last."""
        ends = self.tokens.ends[np.minimum(at, len(self.tokens.ends) - 1)]
        codes = self.tokens.codes[np.minimum(ends, len(self.tokens.codes) - 1)]
        same: NDArray[np.bool_] = codes == code
        return same


def triggers(
    text: str, tokens: TokenArrays, classes: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Return the tokens that a form of reference is to be tried at.

    Args:
        classes: (T,) :class:`.references.Word` of each token.

    Returns:
        (R,) tokens, ascending, and (R,) the form to be tried there, as a place in
        ``FORM_NAMES``, or ``BRACKETED`` of a year that begins a reference for certain; where
        several are to be tried, in that order.
    """
    if len(classes) <= FEW_TOKENS:
        return _all_triggers(classes)
    at = np.flatnonzero(classes >= _FIRST_TRIGGER)
    line = _Line(tokens, np.concatenate([_NOTHING, classes, _NOTHING]), at, classes[at])
    found = [*_pairs(line), *_dated(line), *_sections(line)]
    # A place and its form in one number; forms are few, and BRACKETED is -1.
    both = np.concatenate([(places << _FORM_BITS) + (forms - BRACKETED) for places, forms in found])
    # Each kind of trigger is in order already: a stable sort is one that merges.
    both.sort(kind="stable")
    return both >> _FORM_BITS, (both & ((1 << _FORM_BITS) - 1)) + BRACKETED


def windows(
    tokens: TokenArrays,
    classes: NDArray[np.uint8],
    at: NDArray[np.int64],
    which: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Return up to where the text decides what begins at each trigger, where arrays tell it.

    Args:
        at: (R,) tokens.
        which: (R,) forms, as :func:`triggers` returns them.

    Returns:
        (R,) offsets: of the next stranger (see :func:`.sections.match_chain`) for a chain,
        one behind the number of a ``BRACKETED``; 0 for the others and where no stranger is near.
    """
    decided = np.zeros(len(at), np.int64)
    bracketed = np.flatnonzero(which == BRACKETED)
    decided[bracketed] = tokens.ends[at[bracketed] + 1]
    # Unsigned: OTHER wraps around to far above all classes.
    strangers = np.flatnonzero(classes - np.uint8(1) >= _FIRST_STRANGER - 1)
    chains = np.flatnonzero(which == _FORM["chain"])
    following = np.searchsorted(strangers, at[chains])
    chains = chains[: np.searchsorted(following, len(strangers))]
    words = strangers[following[: len(chains)]]
    begins, ends = tokens.starts[words], tokens.ends[words]
    last = tokens.latin[ends - 1]
    behind = tokens.codes[np.minimum(ends, len(tokens.codes) - 1)]
    near = begins - tokens.starts[at[chains]] <= _LONGEST_WINDOW
    near &= ((last < ord("A")) | (last > ord("Z"))) & (behind != alphabet.HYPHEN)
    decided[chains[near]] = begins[near]
    return decided


def _all_triggers(classes: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Name every token of a class that some form begins with: a few steps, and none of arrays."""
    pairs = [
        (token, number)
        for token, kind in enumerate(classes.tolist())
        for number in _FORMS_OF.get(kind, ())
    ]
    named = np.array(pairs, np.int64).reshape(-1, 2)
    return named[:, 0], named[:, 1]


# Tokens, and the form to be tried at each or at all.
Triggers = list[tuple[NDArray[np.int64], NDArray[np.int64] | int]]


def _pairs(line: _Line) -> Triggers:
    """Select words that stand before a number, or before another word, of their kind."""
    at, kinds, after = line.at, line.kinds, line.near(line.at, 1)
    forms = _FORM_OF_PAIR[kinds * np.int64(_CLASSES) + after]
    paired = np.flatnonzero(forms != _NO_FORM)
    pairs, forms = at[paired], forms[paired]
    # "SFS 1998-786" is none.
    is_none = (forms == _FORM["sfs"]) & line.follows(pairs + 1, alphabet.HYPHEN)
    cited = pairs[forms == _FORM["cited"]]
    certain = _quoted(line, cited)
    is_none[np.searchsorted(pairs, cited[certain])] = True
    committees = at[(kinds == _SOU) & (after == _YEAR)]
    ministries = at[kinds == _DS]
    acts = at[((kinds == _ACT) | (kinds == _DIR)) & (_DIGITS[after] | (after == _NR))]
    # "Förordning (2007:854)" is no act of the EU.
    acts = acts[~line.follows(acts + 1, alphabet.COLON)]
    unions = at[kinds == _EU]
    unions = unions[_DIGITS[line.near(unions, -1)] & _DIGITS[line.near(unions, -2)]]
    return [
        (pairs[~is_none], forms[~is_none]),
        (cited[certain] + 1, BRACKETED),
        (committees, _FORM["committee"]),
        (ministries[line.near(ministries, 2) == _YEAR], _FORM["ministry"]),
        (acts, _FORM["act"]),
        (unions - 2, _FORM["directive"]),
    ]


def _dated(line: _Line) -> Triggers:
    """Select years that a colon and a number follow: of statutes, reports and motions."""
    years = line.at[line.kinds == _YEAR]
    years = years[_DIGITS[line.near(years, 1)]]
    third = line.near(years, 2)
    bare = (third == _CODE) | (_DIGITS[third] & line.follows(years + 1, alphabet.COLON))
    years, bare = years[line.follows(years, alphabet.COLON)], years[bare]
    bracketed = _bracketed(line.tokens, years)
    return [
        (years[bracketed], BRACKETED),
        (years[~bracketed], _FORM["law"]),
        (bare, _FORM["bare"]),
    ]


def _bracketed(tokens: TokenArrays, years: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which years with a colon begin a number as ids have it, alone in parentheses."""
    latin, first, last = tokens.latin, tokens.starts[years], tokens.ends[years + 1]
    same: NDArray[np.bool_] = (latin[first - 1] == ord("(")) & (first > 0)
    same &= latin[np.minimum(last, len(latin) - 1)] == ord(")")
    same &= _is_plain(tokens, years)
    return same


def _quoted(line: _Line, cited: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell behind which words a number as ids have it stands, as in 'beteckning: "2016:10"'."""
    tokens = line.tokens
    latin, end, first = tokens.latin, tokens.ends[cited], tokens.starts[cited + 1]
    same: NDArray[np.bool_] = (first - end == len(': "')) & _DIGITS[line.near(cited, 2)]
    same &= latin[end] == ord(":")
    same &= latin[first - 2] == ord(" ")
    same &= latin[first - 1] == ord('"')
    same[same] = line.follows(cited[same] + 1, alphabet.COLON)
    same[same] = _is_plain(tokens, cited[same] + 1)
    return same


def _is_plain(tokens: TokenArrays, years: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which years with a colon are followed by a number without blank or leading zero."""
    first, number, last = tokens.starts[years], tokens.starts[years + 1], tokens.ends[years + 1]
    plain: NDArray[np.bool_] = number - first == _YEAR_LENGTH + 1
    plain &= last - number <= _LONGEST_STATUTE
    plain &= tokens.latin[number] != ord("0")
    return plain


def _sections(line: _Line) -> Triggers:
    """Select the numbers of the lists that lead to a section sign or "kap."."""
    starts, ends = line.tokens.starts, line.tokens.ends
    classes = line.classes[_MARGIN:-_MARGIN]
    at = _listed(classes)
    if not at.size:
        return []
    behind = np.searchsorted(starts, np.flatnonzero(line.tokens.latin == _SIGN))
    kinds = classes[at]
    apart = np.empty(len(at), bool)
    apart[0] = False
    np.not_equal(at[1:], at[:-1] + 1, out=apart[1:])
    apart[1:] |= starts[at[1:]] - ends[at[:-1]] > _WIDEST_GAP
    runs = np.cumsum(apart)
    leading = np.zeros(runs[-1] + 1, bool)
    before = np.searchsorted(at, behind - 1)
    leading[runs[before[before < len(at)]]] = True
    leading[runs[kinds == _KAP]] = True
    chains = at[leading[runs] & _BEGINS_LIST[kinds]]
    behind = behind[behind < len(starts)]
    return [
        (chains, _FORM["chain"]),
        (behind[_BEGINS_LIST[classes[behind]]], _FORM["sign"]),
    ]


def _listed(classes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Select numbers and letters of lists, and the words that join them."""
    # Unsigned: what is below the first class wraps around to far above the last.
    kinds = classes - np.uint8(Word.LIST)
    listed = kinds <= _LIST_CLASSES
    # "och" and "i" are everywhere; alone they join nothing.
    beside = kinds != 0
    beside[1:] |= listed[:-1]
    beside[:-1] |= listed[1:]
    listed &= beside
    selected: NDArray[np.int64] = np.flatnonzero(listed)
    return selected


def grouped(tokens: TokenArrays, classes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the tokens that a number in groups of three digits may begin with."""
    groups = np.flatnonzero(classes[1:] == _DIGITS_3)
    before = classes[groups]
    groups = groups[(before == _DIGITS_2) | (before == _DIGITS_3)]
    close = tokens.starts[groups + 1] - tokens.ends[groups] == 1
    groups = groups[close]
    joined: NDArray[np.int64] = groups[tokens.codes[tokens.ends[groups]] == alphabet.SEPARATOR]
    return joined


def abbreviated(tokens: TokenArrays, classes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the tokens that an abbreviation in several words may begin with."""
    pieces = (classes == _LETTER) | (classes == _ABBREVIATION)
    at = np.flatnonzero(pieces[1:] & pieces[:-1])
    close: NDArray[np.int64] = at[tokens.starts[at + 1] - tokens.ends[at] <= 2]
    return close
