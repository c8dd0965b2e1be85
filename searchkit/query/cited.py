"""
Which references stand in a typed query?

``prop. 2015/16:100`` is one thing, not a word and three numbers; so are a whole
number in groups (``1 000 000``) and an abbreviation (``bl.a.``). They are found
by the same rules as in the documents.
"""

from __future__ import annotations

import re

from searchkit.analysis import normalise

# References and numbers hold a digit, abbreviations a full stop or single letters.
_WORTH_A_LOOK = re.compile(r"\d|[^\W\d_]\.|(?<![^\W_])[^\W\d_] [^\W\d_](?![^\W_])")
_QUOTED = re.compile(r'"[^"]*"?')
_KINDS = ("ref", "num", "abbr")
# What may stand beside the number of a law, or behind its section: its name.
_LAW_NAME = re.compile(
    r"(?:[^\W\d_]*(?:lag|balk|ordning|form|kungörelse|stadga)(?:en|n)?|i|[A-ZÅÄÖ]\w{0,2}[A-ZL])\b"
)


def extras_in(text: str) -> dict[int, tuple[int, str, str]]:
    """
    Return what stands in *text* outside quotes, by its offset: end, kind, meaning.

    The kind is "ref", "num" or "abbr". Of several readings of one reference
    ("3 kap. 5 § miljöbalken") the most telling is given.

    Example:
        >>> extras_in("klimat prop. 2015/16:100")
        {7: (24, 'ref', 'prop 2015/16:100')}
    """
    if not _WORTH_A_LOOK.search(text):
        return {}
    # Imported here: most queries hold nothing of the kind, and it takes 40 ms.
    from searchkit.analysis.context import find_extras

    # Blanks in place of what is quoted, so that offsets stay.
    normal = normalise(_QUOTED.sub(lambda match: "\x1f" * len(match[0]), text))
    tokens, extras = find_extras(normal.text)
    starts = normal.original_starts(tokens.starts[extras.tokens])
    ends = normal.original_ends(tokens.ends[extras.partners])
    found: dict[int, tuple[int, str, str]] = {}
    for start, end, spelling in zip(starts.tolist(), ends.tolist(), extras.spellings, strict=True):
        kind, _, meaning = spelling.partition("|")
        if kind in _KINDS and len(meaning) > len(found.get(start, (0, "", ""))[2]):
            found[start] = (end, kind, meaning)
    return found


def reference_ids(text: str) -> list[str]:
    """Return the ids of the references that *text* consists of; [] if it holds anything else."""
    found = extras_in(text)
    rest = set(range(len(text)))
    for start, (end, kind, _) in found.items():
        if kind == "ref":
            rest -= set(range(start, end))
    left = "".join(letter if at in rest else " " for at, letter in enumerate(text))
    if re.search(r"\w", _LAW_NAME.sub("", left)):
        return []
    return [meaning for _, kind, meaning in found.values() if kind == "ref"]
