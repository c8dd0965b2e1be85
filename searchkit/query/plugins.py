"""
What are the pieces of a typed query?

Whoosh plugins that match phrases, ranges, fields, boosts and words, and give
a field and a boost to the piece they belong to. Each raises where Whoosh's
own would drop or reinterpret what does not fit.
"""

from __future__ import annotations

import re
from string import whitespace
from typing import Any

from whoosh.qparser import plugins, syntax, taggers

from searchkit.query.syntax import EXACT
from searchkit.query.syntax_nodes import Extra, Group, Interval, Quoted, Value, Word
from searchkit.query.syntax_words import MAX_DISTANCE

_NAME = r"(?P<name>[^\W\d_][\w-]*)"


class Quotes(plugins.TaggingPlugin):  # type: ignore[misc]
    """``"a phrase"``, ``"loose phrase"~5`` and ``="exact phrase"``."""

    expr = r'(?P<exact>=?)"(?:(?P<text>[^"]*)"(?P<tilde>~(?P<distance>\d*))?)?'

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        if match["text"] is None:
            raise parser.reader.fault("this quote is not closed", match.end() - 1)
        distance = 0
        if match["tilde"]:
            distance = distance_of(parser, match["distance"], match.start("tilde"))
        return Quoted(match["text"], distance + 1, exact=bool(match["exact"]))


class Ranges(plugins.TaggingPlugin):  # type: ignore[misc]
    """``[a TO b]``, ``[2015 TILL 2016]``."""

    expr = (
        r"\[\s*(?:(?P<start>[^\s\[\]]+)\s+)?(?:TO|TILL)"
        r"(?:\s+(?P<end>[^\s\[\]]+))?\s*\]"
    )

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        return Interval(match["start"], match["end"])


class ExtraTagger(taggers.Tagger):  # type: ignore[misc]
    """Matches what the reader has found to be a reference or the like."""

    def match(self, parser: Any, text: str, pos: int) -> Any:
        found = parser.reader.extras.get(pos)
        if found is None:
            return None
        end, kind, meaning = found
        return Extra(meaning, kind).set_range(pos, end)


class Extras(plugins.Plugin):  # type: ignore[misc]
    """``prop. 2015/16:100``, ``1 000 000``, ``bl.a.``."""

    def taggers(self, parser: Any) -> Any:
        return [(ExtraTagger(), 5)]


class ValueTagger(taggers.RegexTagger):  # type: ignore[misc]
    """Matches a metadata column with its value, where anything but space may stand."""

    def __init__(self) -> None:
        super().__init__(rf'{_NAME}:(?P<value>(?!\[|=")[^\s()"^]+)')

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        column = parser.reader.column(match["name"])
        if column is None or column in EXACT:
            return None
        return Value(column, match["value"], match.start("value"))


class NameTagger(taggers.RegexTagger):  # type: ignore[misc]
    """Matches a field's name and colon, right before what it is asked for."""

    def __init__(self) -> None:
        super().__init__(rf"{_NAME}:(?=(?P<value>\S+))")

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        column = parser.reader.column(match["name"])
        if column is not None:
            return syntax.FieldnameNode(column, match[0])
        mistake = parser.reader.unknown_field(match["name"], match["value"], match.start())
        if mistake is not None:
            raise mistake
        return None


class Fields(plugins.Plugin):  # type: ignore[misc]
    """``titel:word``, ``titel:(a b)``, ``typ:prop``, ``datum:2015..2016``."""

    def taggers(self, parser: Any) -> Any:
        return [(ValueTagger(), 10), (NameTagger(), 11)]

    def filters(self, parser: Any) -> Any:
        return [(self.do_fields, 100)]

    def do_fields(self, parser: Any, group: Any) -> Any:
        """Give each field name the clause right after it."""
        named = group.empty_copy()
        name = None
        for node in [*group, None]:
            if isinstance(node, Group):
                # First, so that a name inside the parentheses wins.
                node = self.do_fields(parser, node)
            if name is not None:
                if not isinstance(node, Word | Quoted | Extra | Interval | Group):
                    raise parser.reader.fault(f"'{name.original}' has no value", name.startchar)
                node.set_fieldname(name.fieldname)
            name = node if isinstance(node, syntax.FieldnameNode) else None
            if name is None and node is not None:
                named.append(node)
        return named


class Boosts(plugins.BoostPlugin):  # type: ignore[misc]
    """``word^2``, ``"a phrase"^1.5``, ``(a b)^1,5``."""

    expr = r"\^(?:(?P<boost>\d{1,4}(?:[.,]\d{1,4})?)(?=[.,;:!?]*(?:[\s)]|$)))?"

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        before = match.string[match.start() - 1 : match.start()]
        after = match.string[match.end() : match.end() + 1]
        alone = not before.strip("(" + whitespace)
        if match[0] == "^" and alone and not after.strip():
            return Word(match[0])
        weight = float((match["boost"] or "0").replace(",", "."))
        if alone or not weight:
            reason = "nothing stands before ^" if alone else "^ needs a number above 0, as in ^1.5"
            raise parser.reader.fault(reason, match.start())
        return self.BoostNode(match[0], weight)

    def filters(self, parser: Any) -> Any:
        """Return the filter that hands each weight to the clause before it."""
        return [(self.do_boost, 510)]


class Words(plugins.TaggingPlugin):  # type: ignore[misc]
    """Everything else, up to a space, quote, parenthesis or ^."""

    expr = r'[^\s"()^]+'
    priority = 200

    def create(self, parser: Any, match: re.Match[str]) -> Any:
        if match[0] == "=" and match.string[match.end() : match.end() + 1] == "(":
            raise parser.reader.fault("= stands before a word or a quote", match.start())
        return Word(match[0])


def distance_of(parser: Any, digits: str, position: int) -> int:
    """Return a typed distance as a number of words, or raise an error at *position*."""
    if not digits.isdecimal() or len(digits) > 5 or int(digits) > MAX_DISTANCE:
        reason = f"a distance is a number of words, 0 to {MAX_DISTANCE}"
        raise parser.reader.fault(reason, position)
    return int(digits)
