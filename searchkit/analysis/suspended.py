"""
Where does a text leave half a compound to be completed from another word?

Swedish shares the end of one compound with a half before it ("produktions- och
konsumtionsmönster") or its beginning with one behind it ("energipolitik och
-forskning"). :func:`find` sees where that is written: only hyphens with a letter on
one side and none on the other are looked at, and they are found with arrays. What
it yields is a *spelling* of the pair; which stretch of the full word is shared, and
which word the half therefore is, :func:`.restoration.restore` says once for each spelling.

Spellings, all in lower case:

- ``produktions-|konsumtionsmönster``: the full word follows the half;
- ``alkohol-|-frågor``: it ends in a part behind a hyphen ("tobaks-frågor"), which
  is shared as it is;
- ``missbruks-|psykiatrisk problematik``: it is the last of these words, unless one
  before that can be it;
- ``energipolitik|-forskning``: it comes before the half;
- ``ai-användning|-utveckling``: so it does, and begins with a part before a hyphen.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from searchkit.analysis import alphabet
from searchkit.analysis.restoration import Restored, looks_like_adjective, restore
from searchkit.analysis.tokenize import TokenArrays

__all__ = ["Restored", "find", "restore"]

_HYPHEN = "[-\u2010\u2011]"
_UNBREAKABLE = "\u2011"
# Nothing, at the end of a text, is in no set.
_HYPHENS = frozenset("-\u2010\u2011")
_WORD = r"[^\W_]+"
_LINK_WORDS = ("och", "eller", "samt", "respektive", "resp", "som", "till", "men", "utan", "kontra")
_LINK = rf"(?:och/eller|(?:{'|'.join(_LINK_WORDS)})\b\.?|i\s+stället\s+för|&)"
_PLAIN_LINKS = frozenset(f"- {word} " for word in _LINK_WORDS)
_BLANK = r"\s{1,4}"
_BETWEEN = rf"(?:\s{{0,4}}[,/]\s{{0,4}}(?:{_LINK}{_BLANK})?|{_BLANK}{_LINK}{_BLANK})"
# From the hyphen of a half, over other halves, to the first word that is not one.
_FORWARD = re.compile(
    rf"{_HYPHEN}(?:{_BETWEEN}{_WORD}(?:{_HYPHEN}{_WORD})*{_HYPHEN}(?={_BETWEEN}))*"
    rf"(?P<between>{_BETWEEN})[\"'”’»(]?(?P<full>{_WORD}(?P<parts>(?:{_HYPHEN}{_WORD})*))",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"{_BLANK}({_WORD})(?!{_WORD}|{_HYPHEN})")
_LINKED = re.compile(rf"{_BLANK}{_LINK}{_BLANK}({_WORD})(?!{_WORD}|{_HYPHEN})", re.IGNORECASE)
# What may stand between the link and the full word: "jämställdhets- och biträdande
# arbetsmarknadsminister", "missbruks- och psykiatrisk problematik".
_DETERMINERS = frozenset(
    (
        "en", "ett", "den", "det", "de", "i", "på", "för", "annan", "annat", "andra", "övriga",
        "övrig", "viss", "vissa", "sådan", "sådana", "även", "också", "inte", "särskild",
        "särskilda", "särskilt", "eventuell", "eventuella", "eventuellt", "liknande", "likartad",
        "ny", "nya", "nytt", "stor", "stora", "små", "hög", "högre", "låg", "lägre", "ren", "rena",
        "vanlig", "vanliga", "grön", "gröna", "biträdande", "vice",
    )
)  # fmt: skip
_MOST_BETWEEN = 2


class _Found(NamedTuple):
    """A half, by its token, and where the words begin that may be its full word."""

    half: int
    offsets: tuple[int, ...]
    form: str


def find(
    text: str, tokens: TokenArrays, ids: NDArray[np.uint32], words: Sequence[str]
) -> list[tuple[int, int, str]]:
    """
    Find the suspended halves of a normalised *text*.

    Args:
        tokens: the words of *text*, T of them.
        ids: (T,) number of each token's word.
        words: the lower-case spelling of each word, by number.

    Returns:
        For each half, by ascending token, its token, the token of the full
        word (or of the hyphenated part of it that is shared), and the spelling
        of the pair for :func:`restore`. A half may come twice, with two guesses
        of its full word, of which :func:`restore` takes at most one.

    Cost:
        about 0.5 ns a code point, 1 microsecond for most halves and 5 for the others.

    Example:
        >>> from searchkit.analysis import WordTable, tokenize
        >>> text, table = "miljö-, klimat- och energipolitiken", WordTable()
        >>> tokens = tokenize(text)
        >>> ids = table.ids(tokens.hashes, lambda t: text[tokens.starts[t] : tokens.ends[t]])
        >>> find(text, tokens, ids, table.words)
        [(0, 3, 'miljö-|energipolitiken'), (1, 3, 'klimat-|energipolitiken')]
    """
    codes = tokens.codes
    hyphens = tokens.signs[codes[tokens.signs] == alphabet.HYPHEN]
    if _UNBREAKABLE in text:
        # The alphabet knows it only as one of the signs that separate words.
        others = [match.start() for match in re.finditer(_UNBREAKABLE, text)]
        hyphens = np.union1d(hyphens, np.array(others, np.int64))
    hyphens = hyphens[(hyphens > 0) & (hyphens < len(codes) - 1)]
    if not hyphens.size:
        return []
    before, after = codes[hyphens - 1], codes[hyphens + 1]
    ahead = hyphens[_is_letter(before) & ~_is_word(after)]
    behind = hyphens[~_is_word(before) & _is_letter(after)]
    line = _Line(text, tokens, ids, words)
    halves = np.searchsorted(tokens.ends, ahead)
    plain, others = _find_plain(line, ahead, halves)
    found = _find_forward(text, ahead[others], halves[others])
    found += _find_backward(line, np.searchsorted(tokens.starts, behind + 1))
    return sorted(plain + _spell(found, line), key=itemgetter(0))


class _Line(NamedTuple):
    text: str
    tokens: TokenArrays
    ids: NDArray[np.uint32]
    words: Sequence[str]

    def word(self, token: int) -> str:
        return self.words[int(self.ids[token])]

    def gap(self, token: int) -> str:
        """Return what stands between a token and the next."""
        return self.text[self.tokens.ends[token] : self.tokens.starts[token + 1]]


def _is_letter(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    letters: NDArray[np.bool_] = (codes >= alphabet.FIRST_LETTER) & _is_word(codes)
    return letters


def _is_word(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (codes != alphabet.SEPARATOR) & (codes < alphabet.HYPHEN)
    inside |= codes == alphabet.RARE
    return inside


def _find_plain(
    line: _Line, hyphens: NDArray[np.int64], halves: NDArray[np.int64]
) -> tuple[list[tuple[int, int, str]], list[int]]:
    """
    Read "närings- och handelspolitik": nine of ten halves, at a tenth of the cost.

    Returns:
        The halves whose full word is the one behind a link, as :func:`find` does, and
        the places of the others in *halves*.
    """
    text, words = line.text, line.words
    full = np.minimum(halves + 2, len(line.ids) - 1)
    found, others = [], []
    for place, (hyphen, half, start, end, own, other) in enumerate(
        zip(
            hyphens.tolist(),
            halves.tolist(),
            line.tokens.starts[full].tolist(),
            line.tokens.ends[full].tolist(),
            line.ids[halves].tolist(),
            line.ids[full].tolist(),
            strict=True,
        )
    ):
        if text[hyphen:start] in _PLAIN_LINKS and text[end : end + 1] not in _HYPHENS:
            word = words[other]
            if not _is_between(word):
                found.append((half, half + 2, f"{words[own]}-|{word}"))
                continue
        others.append(place)
    return found, others


@functools.lru_cache(maxsize=50_000)
def _is_between(word: str) -> bool:
    """Tell if a word may stand before the full word, or has more to it than letters."""
    return word in _DETERMINERS or ":" in word or looks_like_adjective(word)


def _find_forward(text: str, hyphens: NDArray[np.int64], halves: NDArray[np.int64]) -> list[_Found]:
    found = []
    match_at = _FORWARD.match
    for hyphen, half in zip(hyphens.tolist(), halves.tolist(), strict=True):
        match = match_at(text, hyphen)
        if match is None:
            continue
        start, end = match.span("full")
        if match["parts"]:
            last = re.split(_HYPHEN, match["full"])[-1]
            if last.lower() not in _LINK_WORDS:
                found.append(_Found(half, (end - len(last),), "{}-|-{}"))
            continue
        guesses = _guesses(text, match, start, end)
        found += [_Found(half, guess, "{}-|{}") for guess in guesses]
    return found


def _guesses(text: str, match: re.Match[str], start: int, end: int) -> list[tuple[int, ...]]:
    """Return where each possible full word begins, after the words that stand before it."""
    starts = [start]
    guesses: list[tuple[int, ...]] = [] if match["full"].lower() in _DETERMINERS else [(start,)]
    word = match["full"].lower()
    if match["between"].strip() == ",":
        # "energi-, kommunikation och transportinfrastrukturen"
        linked = _LINKED.match(text, end)
        if linked is not None:
            starts.append(linked.start(1))
            word, end = linked[1].lower(), linked.end()
            guesses.append(tuple(starts))
    while len(starts) <= _MOST_BETWEEN and (word in _DETERMINERS or looks_like_adjective(word)):
        further = _NEXT.match(text, end)
        if further is None or further[1].lower() in _LINK_WORDS:
            break
        starts.append(further.start(1))
        word, end = further[1].lower(), further.end()
        if word not in _DETERMINERS:
            guesses.append(tuple(starts))
    return guesses


def _find_backward(line: _Line, halves: NDArray[np.int64]) -> list[_Found]:
    found = []
    # In "unionsorgan, -byråer och -kontor", what the comma means shows at the link.
    waiting: dict[int, _Found] = {}
    starts = line.tokens.starts
    for half in halves.tolist():
        full, is_linked = _before(line, half)
        if full < 0:
            continue
        earlier = waiting.get(full)
        start = int(starts[full]) if earlier is None else earlier.offsets[0]
        one = _Found(half, (start,), "{}|-{}")
        waiting[half] = one
        if is_linked:
            found += [one] if earlier is None or earlier in found else [earlier, one]
    return found


def _before(line: _Line, half: int) -> tuple[int, bool]:
    """Return the token that a half behind it refers to, -1 for none, and if a link says so."""
    token = half - 1
    if token < 0:
        return -1, False
    gap = line.gap(token)[:-1].strip()
    if gap in ("/", ","):
        return token, gap == "/"
    if gap or line.word(token) not in _LINK_WORDS:
        return -1, False
    token -= 1
    if token >= 0 and line.word(token) in _LINK_WORDS and line.gap(token) == "/":
        token -= 1
    return (token, True) if token >= 0 and not line.gap(token).strip() else (-1, False)


def _spell(found: Sequence[_Found], line: _Line) -> list[tuple[int, int, str]]:
    offsets = [offset for one in found for offset in one.offsets]
    places = np.searchsorted(line.tokens.starts, np.array(offsets, np.int64)).tolist()
    spelled = []
    done = 0
    for half, starts, form in found:
        own = places[done : done + len(starts)]
        done += len(starts)
        partner = own[-1]
        if form == "{}|-{}":
            hyphenated = partner > 0 and re.fullmatch(_HYPHEN, line.gap(partner - 1))
            full = line.word(partner)
            if hyphenated:
                partner -= 1
                full = f"{line.word(partner)}-{full}"
            spelled.append((half, partner, form.format(full, line.word(half))))
        else:
            full = " ".join(map(line.word, own))
            spelled.append((half, partner, form.format(line.word(half), full)))
    return spelled
