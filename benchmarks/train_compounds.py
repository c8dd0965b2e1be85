"""
What is a part of a compound worth? Writes the tables of ``searchkit/analysis/compounds.py``.

    python -m benchmarks.train_compounds ../shared/data/bench.jsonl.xz

Every word of the corpus and of the dictionary is cut in two in all ways that give a
possible modifier and a possible head. The *family* of a modifier is the number of words
it begins so, that of a head the number of words it ends; costs are their negative
logarithms. Counting every cut rather than the best one of each word was tried against
expectation maximisation: splits as good, and no iteration.

The same corpus, dictionary and lists give the same files, byte for byte. Takes about two
minutes and 3 GB.
"""

from __future__ import annotations

import argparse
import dataclasses
import lzma
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import simplemma

from benchmarks.compound_words import (
    Sightings,
    base_forms,
    count_words,
    is_name,
    is_noun,
    is_verb,
    read_dictionary,
    read_language,
)
from searchkit.analysis.compound_tables import CompoundTables, spell_base
from searchkit.analysis.compounds import CompoundModel

_OUTPUT = Path(__file__).parent.parent / "searchkit" / "analysis" / "data"
_VOWELS = "aeiouyåäö"
_SHORTEST_WORD = 5
_SHORT = 3
# A short part must stand in this many words, for it stands in many by chance.
_SHORT_FAMILY = 10
# In nats: what another part costs, and what a letter is worth, up to the eighth.
_PART_COST, _LETTER_BONUS, _BONUS_LETTERS = 4.0, 0.35, 8
# Nouns made by these are modifiers although no dictionary knows them.
_NOUN_ENDINGS = ("ings", "hets", "tets", "ions", "skaps")
_KNOWN_NOUN = 10


class Trainer:
    """Counts families and makes tables of them."""

    def __init__(self, sightings: Sightings) -> None:
        self.seen = sightings
        self.dictionary = read_dictionary()
        self.bases = base_forms(self.dictionary)
        language = read_language()
        self.language = language
        self.irregular = dict(pair.split("=") for pair in language["irregular modifiers"])
        self._modifiers: dict[str, str | None] = {}
        self._heads: dict[str, str | None] = {}

    @cached_property
    def vocabulary(self) -> list[str]:
        """The words of the corpus and the lemmas of the dictionary that may be compounds."""
        words = {*self.seen.small, *self.seen.other, *self.bases}
        return sorted(word for word in words if word.isalpha() and len(word) >= _SHORTEST_WORD)

    def modifier(self, shape: str) -> str | None:
        """Return the base form of a possible modifier, or None."""
        if shape not in self._modifiers:
            self._modifiers[shape] = self._modifier(shape)
        return self._modifiers[shape]

    def head(self, form: str) -> str | None:
        """Return the base form of a possible head, or None."""
        if form not in self._heads:
            self._heads[form] = self._head(form)
        return self._heads[form]

    def _modifier(self, shape: str) -> str | None:
        never = self.language["never modifiers"]
        if shape in never or (
            len(shape) <= _SHORT and shape not in self.language["short modifiers"]
        ):
            return None
        if shape in self.irregular:
            return self.irregular[shape]
        if shape[-1] == "s" and shape[:-1] in never and shape not in self.bases:
            return None
        if shape in self.language["combining forms"]:
            return shape
        likely = max(self._likely_bases(shape), default=None)
        return likely[2] if likely else self._unknown_base(shape)

    def _likely_bases(self, shape: str) -> Iterator[tuple[float, int, str]]:
        """Yield base forms with their likelihood; the earlier rule breaks a tie."""
        language = self.language
        for rule, (base, cost) in enumerate(_bases(shape)):
            if base not in self.bases or base in language["never modifiers"]:
                continue
            short = len(base) <= _SHORT < len(shape)
            if short and base not in language["short modifiers"] | language["short heads"]:
                continue
            if base in (shape, shape[:-1]):
                if is_verb(base, self.dictionary):
                    continue
            elif len(base) > len(shape) and shape.startswith(self._verb_prefixes):
                if not is_noun(base, self.dictionary):
                    continue
            elif (
                base[-1] == "a"
                and shape.startswith(self._verb_prefixes)
                and is_verb(base, self.dictionary)
            ):
                continue
            yield math.log(self.seen.small[base] + 1) - 4 * cost, -rule, base

    @cached_property
    def _verb_prefixes(self) -> tuple[str, ...]:
        return tuple(sorted(self.language["verb prefixes"]))

    def _unknown_base(self, shape: str) -> str | None:
        """Return the base of a noun or a name that the dictionary does not know, or None."""
        bare = shape.removesuffix("s")
        long = len(shape) > 7 and not shape.startswith("ning")
        if long and shape.endswith(_NOUN_ENDINGS) and self.seen.small[bare] >= _KNOWN_NOUN:
            return bare
        if self.seen.inside[bare] <= self.seen.inside[shape]:
            bare = shape
        for name in (bare, shape):
            known = self.dictionary.get(name)
            if is_name(name, self.seen) and not (known and known.islower()):
                return name
        return None

    def _head(self, form: str) -> str | None:
        base = form if form in self.bases else self.dictionary.get(form)
        never, short = self.language["never heads"], self.language["short heads"]
        if base is None or base not in self.bases or base in never or form in never:
            return None
        if len(base) <= _SHORT and base not in short:
            return None
        return None if len(form) <= _SHORT and not {form, base} & short else base

    def families(self) -> tuple[Counter[str], Counter[str]]:
        """Count the words that each modifier begins and each head ends."""
        modifiers: Counter[str] = Counter()
        heads: Counter[str] = Counter()
        for word in self.vocabulary:
            for cut in range(2, len(word) - 1):
                base = self.head(word[cut:])
                if base is not None and self.modifier(word[:cut]) is not None:
                    modifiers[word[:cut]] += 1
                    heads[base] += 1
        return modifiers, heads

    def tables(self) -> CompoundTables:
        """Return everything the splitter needs."""
        modifiers, heads = self.families()
        words, ends = modifiers.total(), heads.total()
        priced = {}
        for shape, family in modifiers.items():
            short = len(shape) <= _SHORT or (len(shape) == _SHORT + 1 and shape[-1] == "s")
            base = self.modifier(shape)
            if base is not None and (not short or family >= _SHORT_FAMILY):
                priced[shape] = (_cost(shape, family / words, _PART_COST), base)
        ending = {
            base: _cost(base, family / ends, 0.0)
            for base, family in heads.items()
            if len(base) > _SHORT or family >= _SHORT_FAMILY
        }
        whole, never_heads = self.language["whole"], self.language["never heads"]
        tables = CompoundTables(priced, ending, whole, never_heads)
        return dataclasses.replace(tables, whole=whole | self.whole_words(tables))

    def whole_words(self, tables: CompoundTables) -> frozenset[str]:
        """Return the names, and words in genom-, that a model of *tables* would split."""
        model = CompoundModel(self.dictionary.get, tables=tables)
        names = {word for word in self.seen.inside if self._stays_whole(word, model)}
        through = (word for word in self.bases if word.startswith("genom"))
        names.update(word for word in through if any(leaf.end == 3 for leaf in model.split(word)))
        return frozenset(n for n in names if not (n[-1] == "s" and n[:-1] in names))

    def _stays_whole(self, word: str, model: CompoundModel) -> bool:
        count, known = self.seen.inside[word], self.dictionary.get(word)
        share = count / (count + self.seen.small[word])
        if count < 2 or share < 0.85 or len(word) > 14 or (known and known.islower()):
            return False
        leaves = model.split(word)
        if not leaves:
            return False
        ends = {leaves[-1].base, word[leaves[-1].start :].removesuffix("s")}
        if ends & self.language["name heads"]:
            return True
        shortest = min(leaf.end - leaf.start for leaf in leaves)
        short = shortest <= _SHORT and len(word) <= 9 and word.endswith(leaves[-1].base)
        return short and count > 2 and share > 0.95


def _bases(shape: str) -> Iterator[tuple[str, float]]:
    """Yield what a modifier may be the shape of, and how unlikely that rule is."""
    yield shape, 0.0
    bare, last = shape[:-1], shape[-1]
    if last == "s":
        yield bare, 0.2
        if len(bare) > _SHORT and bare[-1] not in _VOWELS:
            yield from ((f"{bare}e", 0.6), (f"{bare}a", 1.0))
        elif len(bare) > _SHORT and bare[-1] == "e":
            yield from ((bare[:-1], 0.8), (f"{bare[:-1]}a", 0.9))
    if last not in _VOWELS:
        yield f"{shape}a", 0.8
        if len(shape) > _SHORT:
            yield f"{shape}e", 0.6 if shape.endswith("ar") else 1.0
    if shape.endswith("ie"):
        yield f"{bare}um", 0.1
    if shape.endswith("manna"):
        yield shape[:-2], 0.1
    if len(shape) > 4 and shape.endswith("el"):
        yield from ((f"{shape[:-2]}la", 0.3), (f"{shape[:-2]}le", 0.3))
    if len(shape) > 4 and shape.endswith("er"):
        yield f"{shape[:-2]}ra", 0.5
    if last in "ou":
        yield f"{bare}a", 0.4 if last == "o" else 0.6
    if last == "e":
        yield from ((bare, 0.6), (f"{bare}a", 0.8))
    if last == "a" and len(shape) > 4:
        yield bare, 1.5


def _cost(part: str, share: float, extra: float) -> int:
    return round(10 * (extra - math.log(share) - _LETTER_BONUS * min(len(part), _BONUS_LETTERS)))


def write(tables: CompoundTables, directory: Path, source: str) -> None:
    """Write the four files of *tables* into *directory*."""
    modifiers = sorted(tables.modifiers.items())
    files: dict[str, tuple[str, Iterable[str]]] = {
        "modifiers": (
            "Modifiers of Swedish compounds: shape in the compound, cost, base form",
            (f"{shape} {cost} {spell_base(shape, base)}" for shape, (cost, base) in modifiers),
        ),
        "heads": (
            "Heads of Swedish compounds: base form, cost",
            (f"{base} {cost}" for base, cost in sorted(tables.heads.items())),
        ),
        "whole": ("Words that look like compounds and are never split", sorted(tables.whole)),
        "never_heads": ("Forms that are never the head of a compound", sorted(tables.never_heads)),
    }
    for name, (title, lines) in files.items():
        content = "\n".join([f"# {title}.", f"# {source}", *lines, ""])
        (directory / f"compound_{name}.txt").write_text(content, encoding="utf-8")


def main() -> None:
    """Train on a corpus and write the tables."""
    parser = argparse.ArgumentParser(description="Write the tables of the compound splitter.")
    parser.add_argument("corpus", type=Path, help="documents, one a line (.jsonl or .jsonl.xz)")
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="directory to write into")
    options = parser.parse_args()
    open_text = lzma.open if options.corpus.suffix == ".xz" else open
    with open_text(options.corpus, "rt", encoding="utf-8") as lines:
        sightings = count_words(lines)
    source = (
        f"Written by benchmarks/train_compounds.py from {options.corpus.name.partition('.')[0]}, "
        f"simplemma {simplemma.__version__}."
    )
    tables = Trainer(sightings).tables()
    write(tables, options.output, source)
    print(
        f"{len(tables.modifiers)} modifiers, {len(tables.heads)} heads, {len(tables.whole)} whole"
    )


if __name__ == "__main__":
    main()
