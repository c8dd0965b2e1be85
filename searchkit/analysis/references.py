"""
Which numbered documents, acts and sections does a text refer to?

A reference is only looked for where a word can begin one: each word of the language
has a :class:`Word` class, and for each class there are a few *forms* (:mod:`.numbered`,
:mod:`.sections`), tried at that word and nowhere else. :func:`match_at` does that for one
place; :mod:`.context` finds the places of a whole text with arrays.

Ids, in small letters, one whatever the spelling: ``prop 2015/16:100``, ``skr 2015/16:10``,
``sou 2016:15``, ``ds 2014:3``, ``dir 2015:10``, ``bet 2015/16:nu7``, ``rskr 2015/16:100``,
``mot 2015/16:1234``, ``sfs 2016:1145``, ``3 kap 5 §``, ``5 §``, with a known law besides
``sfs 2016:1145 3 kap 5 §``; ``eu 2018/851`` (EG and EEG acts too), ``com 2015/614``.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from searchkit.analysis import abbreviations, numbered, sections
from searchkit.analysis.numbered import Build
from searchkit.model import Reference

#: Before an id where it stands among words.
PREFIX = "ref|"


class Word(enum.IntEnum):
    """What a word may be in a reference, a number or an abbreviation; a byte a word."""

    OTHER = 0
    CITED = 1
    """May go on with a chain of sections ("stycket", "lagen"), or is not all letters."""
    AV = 2
    NR = 3
    # What a list of sections consists of: these six, no other.
    LIST = 4
    """Joins numbers: "och", "till"."""
    KAP = 5
    DIGITS_2 = 6
    """One or two digits."""
    DIGITS_3 = 7
    ITEM = 8
    """A section with its letter: "5a"."""
    LETTER = 9
    ABBREVIATION = 10
    """Two letters or more that begin an abbreviation or go on with it."""
    DIGITS = 11
    """Four digits or more that are no year."""
    YEAR = 12
    CODE = 13
    """A report's or motion's letters and number: "sou8"."""
    EU = 14
    COM = 15
    ACT = 16
    RIKSDAGENS = 17
    COMMITTEE = 18
    YRKANDE = 19
    LYDELSE = 20
    """Stands right before the number of a statute."""
    # Kinds of documents, which stand right before a year.
    PROP = 21
    SKR = 22
    RSKR = 23
    BET = 24
    MOT = 25
    DIR = 26
    SOU = 27
    DS = 28
    SFS = 29
    OTHER_DOCUMENT = 30


#: Words of lower classes begin nothing, but for numbers right before a section sign.
FIRST_TRIGGER = Word.DIGITS
#: No chain of sections goes on with a word of these or higher classes, nor with an ``OTHER``.
FIRST_STRANGER = Word.COMMITTEE

_WORDS = {
    Word.LIST: "och eller samt respektive till med jämte jfr i",
    Word.AV: "av",
    Word.NR: "nr no",
    Word.KAP: "kap kapitlet",
    Word.EU: "eu eg eeg ec eec eksg euratom rif gusp",
    Word.COM: "kom com",
    Word.ACT: "förordning förordningen förordningarna rambeslut rambeslutet beslut beslutet",
    Word.RIKSDAGENS: "riksdagens",
    Word.COMMITTEE: "au bou cu fiu fou föu iu inu jou juu ku kru lu mju nu sfu sku tu ubu uu uföu",
    Word.LYDELSE: "lydelse omtryckt omtryck beteckning genom",
    Word.YRKANDE: "yrkande yrkandet yrkandena sd kd mp fp kds nyd",
    Word.PROP: "prop proposition propositionen propositioner propositionerna propositionens",
    Word.SKR: "skr skrivelse skrivelsen skrivelser skrivelserna skrivelsens",
    Word.RSKR: "rskr riksdagsskrivelse riksdagsskrivelsen riksdagsskrivelser",
    Word.BET: "bet betänkande betänkandet betänkanden betänkandena betänkandets",
    Word.MOT: "mot motion motionen motioner motionerna motionens kommittémotion kommittémotionen "
    "kommittémotioner kommittémotionerna partimotion partimotionen partimotioner "
    "partimotionerna följdmotion följdmotionen följdmotioner flerpartimotion",
    Word.DIR: "dir direktiv direktivet direktiven kommittédirektiv kommittédirektivet "
    "kommittédirektiven tilläggsdirektiv tilläggsdirektivet tilläggsdirektiven",
    Word.SOU: "sou",
    Word.DS: "ds",
    Word.SFS: "sfs",
    Word.OTHER_DOCUMENT: "interpellation interpellationen interpellationer interpellationerna "
    "fråga frågan frågor frågorna yttrande yttr utlåtande utl protokoll prot snabbprotokoll "
    "rapport redogörelse redog framställning framst fpm faktapromemoria dnr",
}  # fmt: skip
_CLASS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_CODE = re.compile(r"(?:[a-zåäö]{1,4}u|fi|so|k|ju|l|u|fö|sf|kr|ub|t|jo|n|bo|a|sk|c|mj)\d{1,4}")
_LETTERED = re.compile(r"\d{1,3}[a-zåäö]")
# "51Prop. 2011/12:1": the number of a footnote that lost its blank.
_FOOTNOTED = re.compile(r"\d{1,3}(prop|bet|rskr|skr|mot|dir|sou|ds|sfs)")
# A number in parentheses behind one of these is that of a report.
_BODIES = (
    "verket", "myndigheten", "styrelsen", "revisionen", "rådet", "kontoret", "inspektionen",
    "institutet", "departementet", "kansliet", "nämnden", "rapporten", "rapport",
)  # fmt: skip
# Endings that tell what a word is, by their last three letters, which most words do not end in.
_ENDINGS: dict[str, list[tuple[str, Word]]] = {}
for _ending in _BODIES + sections.STATUTES:
    _kind = Word.OTHER_DOCUMENT if _ending in _BODIES else Word.CITED
    _ENDINGS.setdefault(_ending[-3:], []).append((_ending, _kind))


@functools.cache
def _known_words() -> dict[str, Word]:
    cited = {word: Word.CITED for word in sections.WORDS if len(word) > 1}
    return cited | dict.fromkeys(abbreviations.words(), Word.ABBREVIATION) | _CLASS


def classify(word: str) -> Word:
    """Return what a lower-case *word* may be; 0.4 us."""
    known = _known_words().get(word)
    if known is not None:
        return known
    last = word[-1]
    if last > "9":
        if word[0] > "9":
            if len(word) == 1:
                return Word.LETTER if word.isalpha() and word < "\u0100" else Word.CITED
            for ending, kind in _ENDINGS.get(word[-3:], ()):
                if word.endswith(ending):
                    return kind
            return Word.OTHER if word.isalpha() else Word.CITED
        if _LETTERED.fullmatch(word):
            return Word.ITEM
        footnoted = _FOOTNOTED.fullmatch(word)
        return _CLASS[footnoted[1]] if footnoted else Word.CITED
    if not word.isascii() or not word.isdigit():
        return Word.CODE if _CODE.fullmatch(word) else Word.CITED
    if len(word) == 4 and "1500" <= word < "2100":
        return Word.YEAR
    if len(word) > 3:
        return Word.DIGITS
    return Word.DIGITS_3 if len(word) == 3 else Word.DIGITS_2


def classify_words(words: Sequence[str]) -> bytes:
    """Return what :func:`classify` says of each lower-case word; 0.15 us each."""
    classes = bytearray(len(words))
    known, endings = _known_words(), _ENDINGS
    # Of 100 words, 97 are letters without a class: these are told without a call.
    for number in [
        n
        for n, word in enumerate(words)
        if word in known or word[-3:] in endings or len(word) == 1 or not word.isalpha()
    ]:
        classes[number] = classify(words[number])
    return bytes(classes)


#: The forms that are tried at a word, in this order.
FORMS_OF: dict[Word, tuple[str, ...]] = {
    Word.DIGITS_2: ("directive", "chain", "sign"),
    Word.DIGITS_3: ("directive", "chain", "sign"),
    Word.YEAR: ("law", "bare", "directive"),
    Word.DIGITS: ("directive",),
    Word.ITEM: ("chain", "sign"),
    Word.EU: ("eu",),
    Word.COM: ("com",),
    Word.ACT: ("act",),
    Word.RIKSDAGENS: ("riksdagens",),
    Word.COMMITTEE: ("committee",),
    Word.LYDELSE: ("cited",),
    Word.PROP: ("prop",),
    Word.SKR: ("skr",),
    Word.RSKR: ("rskr",),
    Word.BET: ("bet",),
    Word.MOT: ("mot",),
    Word.DIR: ("dir", "act"),
    Word.SOU: ("sou", "committee"),
    Word.DS: ("ds", "ministry"),
    Word.SFS: ("sfs",),
    Word.OTHER_DOCUMENT: ("other",),
}
_WORD = re.compile(r"[^\W_]+")
Match = Callable[[str, int], re.Match[str] | None]
# Some 300 bytes each.
MOST_KNOWN = 50_000
# Begin, end and id of each. One tuple for any number of ids: many small ones cost the collector.
Flat = tuple[Any, ...]
_SOURCES: dict[str, tuple[str | Match, Build]] = {
    **numbered.FORMS,
    "chain": (sections.match_chain, sections.chain_ids),
    "sign": (sections.AFTER_SIGN, sections.sign_ids),
}
FORM_NAMES = tuple(_SOURCES)
#: In place of a form's: that of a statute whose number is all that stands in parentheses, or
#: in quotation marks behind "beteckning:".
BRACKETED = -1


class Form:
    """
    One way of writing references, with what it made of the spellings it has met.

    Attributes:
        match: tries a text at an offset.
        plain: tries for what most of them look like, one number alone, in half the time;
            None for forms that have no such spelling. The number is the first group.
        kind: what the prefixed id has before that number.
        is_silent: what it finds is no reference.
        origin: the group that the stretch of such a reference begins with.
    """

    def __init__(self, name: str) -> None:
        source, self._build = _SOURCES[name]
        self.match: Match
        self.match = source if callable(source) else re.compile(source, re.IGNORECASE).match
        pattern, kind = numbered.PLAIN.get(name, (None, ""))
        self.plain: Match | None = re.compile(pattern).match if pattern else None
        self.is_silent = name == "other"
        self.kind = f"{PREFIX}{kind} "
        self.origin = 1 if name == "cited" else 0
        self._known: dict[str, Flat] = {}

    def ids(self, match: re.Match[str]) -> Flat:
        """Return begin, end and prefixed id of each reference, counted from the match's begin."""
        if self.is_silent:
            return ()
        spelling = match[0]
        flat = self._known.get(spelling)
        if flat is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            pieces: list[int | str] = []
            for start, end, name in self._build(match):
                pieces += (start, end, PREFIX + name)
            flat = self._known[spelling] = tuple(pieces)
        return flat


@functools.cache
def form(name: str) -> Form:
    """Return a form by its name; compiled when it is first asked for."""
    return Form(name)


def match_at(text: str, at: int) -> tuple[int, list[Reference]] | None:
    """
    Read the references that begin with the word at *at*.

    Args:
        text: normalised text (:func:`.normalise.normalise`).
        at: offset at which a word begins.

    Returns:
        Where the match ends, and the references in it (none for a number that is
        known to be something else); None if no form matches here.
    """
    word = _WORD.match(text, at)
    if word is None:
        return None
    for name in FORMS_OF.get(classify(word[0].lower()), ()):
        match = form(name).match(text, at)
        if match is not None:
            flat = form(name).ids(match)
            return match.end(), [
                Reference(spelling.removeprefix(PREFIX), at + start, at + end)
                for start, end, spelling in zip(flat[::3], flat[1::3], flat[2::3], strict=True)
            ]
    return None
