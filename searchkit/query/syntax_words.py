"""
What does one typed word, phrase or value ask for?

A `Reader` knows the query, the vocabulary and the columns of the index. It
turns each smallest piece of a query into a leaf of the tree, None if the
piece holds no letter or digit, or an error that points at the place.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from whoosh import query

from searchkit.errors import QuerySyntaxError, UnknownFieldError
from searchkit.query import dates
from searchkit.query.cited import extras_in, reference_ids
from searchkit.query.expansion import hints
from searchkit.query.syntax import EXACT, REFERENCE, Near, Vocabulary

MAX_WORDS = 1024
"""Words in one query; Whoosh's own limit for the clauses of an `Or`."""

MAX_DISTANCE = 10_000
"""Words that may stand between two others, for ``"…"~N`` and ``NEAR/N``."""

DATE = "date"

_TYPED_NAMES = {
    "content": ("text", "innehåll"),
    "title": ("titel",),
    "type": ("typ", "doktyp"),
    "organ": ("departement", "department"),
    "number": ("nummer",),
    "date": ("datum", "år"),
    "path": ("sökväg",),
    "language": ("språk",),
    REFERENCE: ("referens", "reference"),
}

# Swedish writers type ”both” and »both«; one character for one keeps positions.
_QUOTES = str.maketrans("”“„‟»«", '""""""')

# A question mark that ends a word is punctuation, not a wildcard.
_WILD = re.compile(r"((?:\*|(?<!\?)\?++(?=\*|[^\W_]))+)")
_FUZZY = re.compile(r"(?P<body>.*[^\W_])~(?P<edits>\d*)[.,;:!?]*", re.DOTALL)
# In an address "?" stands for itself.
_ADDRESSES = ("url", "path")

# What Swedish joins to an abbreviation by a colon: "EU:s", "SOU:erna".
_ENDINGS = re.compile(
    r"(?:s|a|e|n|t|an|en|et|ens|ets|er|ar|or|ers|ars|ors|na|nas|are|aren|arens"
    r"|arna|erna|orna|arnas|ernas|ornas)(?![^\W_])",
    re.IGNORECASE,
)
# From this likeness (0 to 100) a name is taken for another one misspelt.
_ALIKE = 75.0


class Reader:
    """Builds the leaves of one query; positions are offsets in its `text`."""

    def __init__(self, typed: str, vocabulary: Vocabulary, fields: Sequence[str]) -> None:
        self.typed = typed
        self.text = unicodedata.normalize("NFC", typed).translate(_QUOTES)
        self.vocabulary = vocabulary
        self._columns = tuple(dict.fromkeys((*EXACT, *fields)))
        self._names = _names_of(self._columns)
        self._word_count = 0
        self.extras = extras_in(self.text)
        self.strict = 0
        """How many operators the piece being read stands under."""

    # Errors

    def fault(self, reason: str, position: int) -> QuerySyntaxError:
        """Make the error that points at *position*."""
        return QuerySyntaxError(reason, text=self.typed, position=self._typed_position(position))

    def unknown_field(self, name: str, value: str, position: int) -> UnknownFieldError | None:
        """
        Judge ``name:value`` where *name* is no field; None if it is only text with a colon.

        "EU:s", "kap:3" and "https://…" are text; "tema:klimat" and "datm:2015" are mistakes.
        """
        if not name.isalpha() or len(name) < 3 or _ENDINGS.match(value):
            return None
        if not (value[0].isalnum() or value[0] in '"(=['):
            return None
        suggestion = _closest(name.lower(), self._names)
        misspelt = suggestion is not None or name.lower() in _names_of(tuple(_TYPED_NAMES))
        if value[0].isdigit() and not misspelt:
            return None
        return UnknownFieldError(
            name,
            known=self._columns,
            suggestion=suggestion,
            text=self.typed,
            position=self._typed_position(position),
        )

    def _typed_position(self, position: int) -> int:
        if len(self.text) == len(self.typed):
            return position
        sizes = range(len(self.typed) + 1)
        size = bisect_right(
            sizes, position, key=lambda n: len(unicodedata.normalize("NFC", self.typed[:n]))
        )
        return size - 1

    # Leaves

    def column(self, name: str) -> str | None:
        """Return the column that people call *name*, in any case; None if there is none."""
        return self._names.get(name.lower())

    def is_function_word(self, raw: str) -> bool:
        """Tell whether *raw* is a single function word, plainly typed."""
        if raw.startswith("=") or _WILD.search(raw) or _FUZZY.fullmatch(raw):
            return False
        words = self.vocabulary.words(raw)
        return len(words) == 1 and self.vocabulary.is_function_word(words[0])

    def word(self, raw: str, column: str, position: int) -> Any:
        """Read a run of characters without space: a word, ``=word``, ``pre*`` or ``word~2``."""
        if column not in EXACT:
            return self.value(raw, column, position)
        body = raw.removeprefix("=")
        fuzzy = _FUZZY.fullmatch(body)
        if fuzzy:
            return self._fuzzy(fuzzy, column, position + len(raw) - len(body))
        if "://" in body:
            # A pasted address: "?" and "*" are its own.
            body = re.sub(r"[*?]", " ", body)
        if _WILD.search(body):
            return self._pattern(body, column, position)
        words = self._counted(self.vocabulary.words(body), position)
        return self._in_a_row(words, column, 1, exact=raw.startswith("="))

    def extra(self, kind: str, meaning: str, column: str, position: int) -> Any:
        """Read a reference, a number in groups or an abbreviation."""
        if column == REFERENCE and kind == REFERENCE:
            column = "content"
        if column not in EXACT:
            return self.value(meaning, column, position)
        return query.Term(column, f"{REFERENCE}|{meaning}" if kind == REFERENCE else meaning)

    def hints(self, typed: Sequence[str], phrased: Sequence[str]) -> list[Any]:
        """Return what tells beside words typed plainly, and in one with others."""
        return hints(self._telling(typed), self.vocabulary, self._telling(phrased))

    def _telling(self, typed: Sequence[str]) -> list[str]:
        words = [word for raw in typed for word in self.vocabulary.words(raw)]
        return [word for word in words if not self.vocabulary.is_function_word(word)]

    def phrase(self, raw: str, column: str, slop: int, position: int, *, exact: bool) -> Any:
        """Read what stands between quotes; *slop* as Whoosh counts it, 1 is adjacent."""
        if column in (DATE, REFERENCE):
            return self.value(raw, column, position)
        if column not in EXACT:
            return self._whole(" ".join(raw.lower().split()), column, position)
        if not _WILD.search(raw):
            words = self._counted(self.vocabulary.words(raw), position)
            return self._in_a_row(words, column, slop, exact=exact)
        parts = self._parts(raw, position)
        if not all(map(_says_something, parts)):
            raise self.fault('a lone * cannot stand in a phrase; "a b"~1 leaves a gap', position)
        return self._parts_in_a_row(parts, column, slop, exact=exact)

    def value(self, raw: str, column: str, position: int) -> Any:
        """Read a value of a metadata column: it is matched whole, in lower case."""
        if column == REFERENCE:
            return self._reference(raw, position)
        text = raw.removeprefix("=").rstrip(",;").lower()
        if text and not text.strip("*"):
            return query.Every(column)
        if column == DATE:
            return self._days(text, position)
        if text.startswith(("<", ">")):
            raise self.fault("< and > compare dates only", position)
        fuzzy = _FUZZY.fullmatch(text)
        if fuzzy:
            self._counted([text], position)
            edits = self._edits(fuzzy, position)
            return query.FuzzyTerm(column, fuzzy["body"], maxdist=edits, prefixlength=1)
        if "*" in text or ("?" in text and column not in _ADDRESSES):
            return _matching(column, *self._counted([text], position))
        return self._whole(text, column, position)

    def interval(self, start: str | None, end: str | None, column: str, position: int) -> Any:
        """Read ``[start TO end]``; None or "*" is an open end."""
        start = None if start == "*" else start
        end = None if end == "*" else end
        if column == DATE:
            return self._days(f"{start or ''}..{end or ''}", position)
        if start is None and end is None:
            raise self.fault("an interval needs at least one end", position)
        if column not in EXACT:
            first, last = (text and text.lower() for text in (start, end))
            return query.TermRange(column, first, last)
        first, last = (text and self._single(text, position) for text in (start, end))
        return query.TermRange(EXACT[column], first, last)

    # Parts of leaves

    def _whole(self, text: str, column: str, position: int) -> Any:
        if not text:
            raise self.fault(f"'{column}:' has no value", position)
        return query.Term(column, *self._counted([text], position))

    def _reference(self, raw: str, position: int) -> Any:
        self._counted([raw], position)
        ids = reference_ids(raw)
        if not ids:
            raise self.fault(
                f"'{raw}' is not a reference; write it as in ref:\"prop. 2015/16:100\"", position
            )
        return (
            query.And([self.extra(REFERENCE, i, REFERENCE, position) for i in ids])
            if ids[1:]
            else self.extra(REFERENCE, ids[0], REFERENCE, position)
        )

    def _days(self, text: str, position: int) -> Any:
        self._counted([text], position)
        try:
            first, last = dates.days(text)
        except ValueError as error:
            raise self.fault(str(error), position) from error
        return query.NumericRange(DATE, first, last)

    def _fuzzy(self, match: re.Match[str], column: str, position: int) -> Any:
        edits = self._edits(match, position)
        if _WILD.search(match["body"]):
            raise self.fault("a word can have wildcards or ~, not both", position)
        word = self._single(match["body"], position)
        return query.FuzzyTerm(EXACT[column], word, maxdist=edits, prefixlength=1)

    def _edits(self, match: re.Match[str], position: int) -> int:
        if match["edits"] not in ("", "1", "2"):
            raise self.fault(
                "~ after a word allows 1 or 2 changed letters; write ~1 or ~2",
                position + match.end("body"),
            )
        return int(match["edits"] or 1)

    def _single(self, text: str, position: int) -> str:
        words = self._counted(self.vocabulary.words(text), position)
        if len(words) != 1:
            raise self.fault(f"'{text}' is not one word, and only one can stand here", position)
        return words[0]

    def _pattern(self, raw: str, column: str, position: int) -> Any:
        parts = self._parts(raw, position)
        telling = [part for part in parts if _says_something(part)]
        if not telling:
            return query.Every() if column == "content" else query.Every(column)
        return self._parts_in_a_row(telling, column, 1, exact=False)

    def _parts(self, raw: str, position: int) -> list[str]:
        """Split text with wildcards to words and patterns: "EU-komm*" to "eu", "komm*"."""
        parts = [""]
        for index, piece in enumerate(_WILD.split(raw)):
            if index % 2:
                parts[-1] += re.sub(r"\*+", "*", piece)
                continue
            words = self.vocabulary.words(piece)
            if words and piece[0].isalnum():
                parts[-1] += words.pop(0)
            parts.extend(words)
            if piece and not piece[-1].isalnum():
                parts.append("")
        return self._counted([part for part in parts if part], position)

    def _parts_in_a_row(self, parts: list[str], column: str, slop: int, *, exact: bool) -> Any:
        clauses = []
        for part in parts:
            if "*" in part or "?" in part:
                clauses.append(_matching(EXACT[column], part))
            else:
                clauses.append(self._in_a_row([part], column, 1, exact=exact))
        return clauses[0] if len(clauses) == 1 else Near(clauses, slop=slop, ordered=True)

    def _in_a_row(self, words: list[str], column: str, slop: int, *, exact: bool) -> Any:
        texts = words if exact else [self.vocabulary.term(word) for word in words]
        column = EXACT[column] if exact else column
        if len(texts) < 2:
            return query.Term(column, texts[0]) if texts else None
        return query.Phrase(column, texts, slop=slop)

    def _counted(self, words: list[str], position: int) -> list[str]:
        self._word_count += len(words)
        if self._word_count > MAX_WORDS:
            raise self.fault(f"the query has more than {MAX_WORDS} words", position)
        return words


def _says_something(part: str) -> bool:
    return bool(part.strip("*?"))


def _matching(column: str, pattern: str) -> Any:
    if "?" not in pattern and pattern.find("*") == len(pattern) - 1:
        return query.Prefix(column, pattern[:-1])
    return query.Wildcard(column, pattern)


@lru_cache(maxsize=16)
def _names_of(columns: tuple[str, ...]) -> dict[str, str]:
    """Map what people type, in lower case, to the *columns* of an index."""
    names = {name: column for column in columns for name in _TYPED_NAMES.get(column, ())}
    return names | {column.lower(): column for column in columns}


def _closest(name: str, names: dict[str, str]) -> str | None:
    # Imported here: 14 ms that only a mistake is worth.
    from rapidfuzz import fuzz

    likeness, best = max((fuzz.ratio(name, known), known) for known in names)
    return best if likeness >= _ALIKE else None
