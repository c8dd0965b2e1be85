"""
What is to be fetched?

What a person asks for: types by the name they go by, a period, words. Types
are known by many names: "fråga" and "fr", "proposition" and "prop". Whoever
asks for nothing in particular is told to choose: all of riksdagen's documents,
one a second, take a week.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from searchkit.download.periods import Period, parse_period
from searchkit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; everything given must hold."""

    types: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    search: str = ""

    @property
    def period(self) -> Period:
        """The time that *since* and *until* name."""
        return parse_period(self.since, self.until, today=date.today())

    @property
    def is_open(self) -> bool:
        """Whether nothing in particular is asked for."""
        return not (self.types or self.since or self.until or self.search.strip())


def refuse_everything(selection: Selection) -> None:
    """
    Ask for a choice where there is none.

    Raises:
        UsageError: nothing in particular is asked for.
    """
    if selection.is_open:
        raise UsageError(
            "say what to download: --type, --from, --to or --search; --list shows what there is"
        )


def known_types(
    asked: Iterable[str], names: Mapping[str, str], aliases: Mapping[str, str]
) -> list[str]:
    """
    Return the source's own names of the types that are asked for, each once.

    Args:
        names: the source's names by their lower-case form.
        aliases: other lower-case names, to lower-case names.

    Raises:
        UsageError: there is no such type; suggests one.
    """
    found: dict[str, None] = {}
    for word in asked:
        low = word.strip().lower()
        name = names.get(low) or names.get(aliases.get(low, ""))
        if name is None:
            close = difflib.get_close_matches(low, [*names, *aliases], n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(names)}"
            raise UsageError(f"no type '{word.strip()}' here; {hint}")
        found[name] = None
    return list(found)
