"""
How good is the splitter of compounds? Prints its accuracy on two gold lists.

    python -m benchmarks.gold_compounds [DIRECTORY] [--errors]

``compounds-hand.tsv``: words of policy text, ``+`` a boundary that must be found, ``|`` one
that may be. A word is right if all required boundaries are found and no others but optional
ones; a simplex word with any boundary is *broken*.

``compounds-wikidata.tsv``: a compound and its parts. Left out are derivations, told by an
affix as last or first part (``abort|era``, ``o|åtkomlig``), and entries whose parts do not
spell the word. *exact*: exactly the boundaries between the parts are found. *covered*: each
part is a leaf or a union of leaves, both of which are indexed: ``järn|vägs|anställd`` covers
``järnväg + anställd``.

Words are halved by a checksum of their spelling: half 0 is for development, half 1 only for
checking. Errors are shown of half 0 alone.
"""

from __future__ import annotations

import argparse
import re
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from searchkit.analysis.compounds import CompoundModel
from searchkit.analysis.words import default_model

_GOLD = Path(__file__).parent.parent.parent / "shared" / "data" / "swedish"
_ENDING = re.compile(
    r"ning|t|are|ing|het|era|lig|ig|ist|isera|vis|ism|bar|sam|ande|ende|else|skap|aktig|ling|inna"
    r"|isk|s"
)
_PREFIX = re.compile(
    r"för|o|över|av|ut|åter|an|om|till|be|ent|miss|in|upp|ner|ned|fram|bort|från|efter|före|under"
    r"|mot|sam|ur|på|vid"
)
_LINKS = frozenset(("s", "e", "o", "u", "a", "n", "er", "na", "-"))


@dataclass(slots=True)
class Score:
    """Counts of one list, by half."""

    counts: dict[int, Counter[str]] = field(default_factory=lambda: {0: Counter(), 1: Counter()})
    errors: list[str] = field(default_factory=list)

    def add(self, word: str, outcome: dict[str, bool], error: str) -> None:
        """Count *outcome* for *word*; note *error* if its first entry is False."""
        half = zlib.crc32(word.encode()) & 1
        self.counts[half]["words"] += 1
        self.counts[half].update(name for name, holds in outcome.items() if holds)
        if half == 0 and not next(iter(outcome.values())):
            self.errors.append(error)


def score_hand(model: CompoundModel, lines: Sequence[str]) -> Score:
    """Score the lines of ``compounds-hand.tsv``."""
    score = Score()
    for line in lines:
        word, labels = line.split("\t")
        required, optional = label_cuts(labels)
        found = cuts(model, word)
        simplex = not required and not optional
        right = required <= found <= required | optional
        outcome = {"right": right, "simplex": simplex, "broken": simplex and bool(found)}
        score.add(word, outcome, f"{labels} > {spell(word, found)}")
    return score


def label_cuts(labels: str) -> tuple[set[int], set[int]]:
    """Return the required and the optional boundaries of a labelled word."""
    required: set[int] = set()
    optional: set[int] = set()
    at = 0
    for letter in labels:
        if letter in "+|":
            (required if letter == "+" else optional).add(at)
        else:
            at += 1
    return required, optional


def score_wikidata(model: CompoundModel, lines: Sequence[str]) -> Score:
    """Score the lines of ``compounds-wikidata.tsv`` that are compounds."""
    score = Score()
    for word, gold in wikidata_compounds(lines):
        leaves = model.split(word)
        found = {leaf.start for leaf in leaves} - {0}
        stretches = {(leaf.start, leaf.end) for leaf in (*leaves, *model.unions(word, leaves))}
        bounds = [0, *gold, len(word)]
        covered = stretches.issuperset(pairwise(bounds))
        exact = found == set(gold)
        error = f"{spell(word, set(gold))} > {spell(word, found)}"
        score.add(word, {"covered": covered, "exact": exact}, error)
    return score


def wikidata_compounds(lines: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """Yield the compounds among *lines* with the boundaries of their parts."""
    for line in lines:
        word, *parts = line.split("\t")
        if _ENDING.fullmatch(parts[-1]) or _PREFIX.fullmatch(parts[0]) or not word.islower():
            continue
        parts = [parts[0], *(p for p in parts[1:-1] if p not in _LINKS), parts[-1]]
        boundaries = part_boundaries(word, parts)
        if boundaries:
            yield word, boundaries


def part_boundaries(word: str, parts: Sequence[str]) -> list[int]:
    """Return where each of *parts* but the first begins in *word*, [] if they do not fit."""
    boundaries: list[int] = []
    start = 0
    for number, (part, following) in enumerate(pairwise(parts), 1):
        # A modifier may lose its last letter, and gain others.
        certain = part if word.startswith(part, start) else part[: max(2, len(part) - 1)]
        needed = following if number == len(parts) - 1 else following[: max(2, len(following) - 1)]
        for at in range(start + len(certain), len(word)):
            elided = word[at - 1] == word[at - 2] and f"{word[at - 1]}{word[at:]}"
            if word.startswith(needed, at) or (elided and elided.startswith(needed)):
                break
        else:
            return []
        if not word.startswith(certain, start):
            return []
        boundaries.append(at)
        start = at
    return boundaries


def cuts(model: CompoundModel, word: str) -> set[int]:
    """Return the boundaries that *model* finds inside *word*."""
    return {leaf.start for leaf in model.split(word)} - {0}


def spell(word: str, boundaries: set[int]) -> str:
    """Return *word* with a bar at each of *boundaries*."""
    return "".join("|" * (at in boundaries) + letter for at, letter in enumerate(word))


def main() -> None:
    """Print the figures of both lists."""
    parser = argparse.ArgumentParser(description="Score the splitter on gold compounds.")
    parser.add_argument("directory", type=Path, nargs="?", default=_GOLD)
    parser.add_argument("--errors", action="store_true", help="show the errors of half 0")
    options = parser.parse_args()
    model = default_model().compounds
    for name, scorer in (("hand", score_hand), ("wikidata", score_wikidata)):
        path = options.directory / f"compounds-{name}.tsv"
        lines = path.read_text(encoding="utf-8").splitlines()
        start = time.process_time()
        score = scorer(model, lines)
        spent = time.process_time() - start
        for half, counts in score.counts.items():
            print(f"{name} half {half}: {_render(counts)}")
        print(f"{name} both  : {_render(sum(score.counts.values(), Counter()))} ({spent:.2f} s)")
        if options.errors:
            print("\n".join(f"  {error}" for error in sorted(score.errors)))


def _render(counts: Counter[str]) -> str:
    words, simplex = counts["words"], counts["simplex"]
    if "right" in counts:
        share = counts["right"] / words
        return f"{words} words, right {share:.3f}, broken {counts['broken']} of {simplex} simplex"
    exact, covered = counts["exact"] / words, counts["covered"] / words
    return f"{words} compounds, exact {exact:.3f}, covered {covered:.3f}"


if __name__ == "__main__":
    main()
