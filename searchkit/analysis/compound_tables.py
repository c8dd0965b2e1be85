"""
What may be a part of a compound, and at what cost?

Four files in ``data/``, written by ``benchmarks/train_compounds.py`` from the words of
119,000 policy documents and the dictionary, never by hand:

- ``compound_modifiers.txt``: the shapes that modifiers take, with cost and base form.
  *line* := *shape* *cost* *base*, where *base* is ``=`` for the shape itself, else how
  many letters to drop from its end and what to put there (``kvinno 88 1a``);
- ``compound_heads.txt``: *line* := *base form* *cost*;
- ``compound_whole.txt``: words that look like compounds and are none;
- ``compound_never_heads.txt``: forms that are endings rather than words.

The model is frozen with the package, so that every index and every question are
analysed alike; :attr:`CompoundTables.fingerprint` changes with any of the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources

_FILES = ("modifiers", "heads", "whole", "never_heads")
_SAME = "="
_SHORTEST_BEGINNING, _LONGEST_BEGINNING = 2, 4

#: Cost and base of a modifier.
Modifier = tuple[int, str]
#: Some modifiers: their lengths, ascending, and the look-up of one by its shape.
Modifiers = tuple[tuple[int, ...], Callable[[str], Modifier | None]]
NO_MODIFIERS: Modifiers = ((), dict[str, Modifier]().get)


@dataclass(frozen=True, slots=True)
class CompoundTables:
    """
    What was learnt about compounds.

    Attributes:
        modifiers: shape of a modifier (``kvinno``) to its cost and base (``kvinna``).
        heads: base form of a head to its cost.
        whole: words that are never split, in base form.
        never_heads: forms that are never a head.
        fingerprint: short hex string that identifies all of it.

    A cost is a negative log-probability in tenths of a nat, less a bonus for length: a
    positive integer, so that it is the same number on every machine.
    """

    modifiers: Mapping[str, Modifier]
    heads: Mapping[str, int]
    whole: frozenset[str]
    never_heads: frozenset[str]
    fingerprint: str = ""


def load_tables() -> CompoundTables:
    """
    Read the tables that are shipped with the package.

    Cost: about 25 ms, 5 MB.
    """
    texts = [_read(name) for name in _FILES]
    columns = texts[0].split()
    shapes, costs = columns[0::3], map(int, columns[1::3])
    modifiers = dict(zip(shapes, zip(costs, shapes, strict=True), strict=True))
    for shape, change in zip(shapes, columns[2::3], strict=True):
        if change != _SAME:
            base = shape[: len(shape) - int(change[0])] + change[1:]
            modifiers[shape] = (modifiers[shape][0], base)
    columns = texts[1].split()
    heads = dict(zip(columns[0::2], map(int, columns[1::2]), strict=True))
    digest = hashlib.blake2b("\0".join(texts).encode(), digest_size=8)
    whole, never_heads = (frozenset(text.split()) for text in texts[2:])
    return CompoundTables(modifiers, heads, whole, never_heads, digest.hexdigest())


def by_beginning(modifiers: Mapping[str, Modifier]) -> dict[str, Modifiers]:
    """
    Return the *modifiers* by the letters that they begin with, four at most.

    A beginning of four letters has all modifiers that begin so, a shorter one those that are
    no longer than itself; each has the shorter modifiers that it begins with as well. So the
    longest beginning that a stretch shares has all modifiers that the stretch begins with,
    and there are few lengths to try: to look among all takes half as long again.

    Cost: 13 ms, 4 MB.
    """
    found: dict[str, dict[str, Modifier]] = {}
    for shape, known in modifiers.items():
        found.setdefault(shape[:_LONGEST_BEGINNING], {})[shape] = known
    for beginning in list(found):
        for size in range(_SHORTEST_BEGINNING, len(beginning)):
            found.setdefault(beginning[:size], {})
    for beginning, shapes in found.items():
        for size in range(_SHORTEST_BEGINNING, len(beginning)):
            if beginning[:size] in modifiers:
                shapes[beginning[:size]] = modifiers[beginning[:size]]
    return {
        beginning: (tuple(sorted(set(map(len, shapes)))), shapes.get)
        for beginning, shapes in found.items()
    }


def spell_base(shape: str, base: str) -> str:
    """Return the third column of a modifier's line: how *base* is made of *shape*."""
    if shape == base:
        return _SAME
    common = 0
    while common < min(len(shape), len(base)) and shape[common] == base[common]:
        common += 1
    return f"{len(shape) - common}{base[common:]}"


def _read(name: str) -> str:
    path = resources.files("searchkit.analysis") / "data" / f"compound_{name}.txt"
    text = path.read_text(encoding="utf-8")
    while text.startswith("#"):
        text = text.partition("\n")[2]
    return text
