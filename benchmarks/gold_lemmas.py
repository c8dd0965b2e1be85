"""
Do the forms of a word meet on one term, and only they?

Three measures, printed as a table:

- the content words of two UD treebanks' dev parts (``lemmas-ud.tsv``): a gold class is
  a lemma with its part of speech, so noun and verb of one spelling are two. Precision
  and recall are those of each token's companions, weighted by how often they occur
  there;
- compounds of the dictionary, all forms of which are hidden from it: recall of their
  forms, and the share of whole families;
- compounds of real texts that the dictionary does not know: two words belong together
  if they are the same letters before forms of one dictionary lemma.

    python benchmarks/gold_lemmas.py [--shared DIR] [--errors N]
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from searchkit.analysis import WordModel  # noqa: E402
from searchkit.analysis.dictionary import unpacked  # noqa: E402

_HIDDEN_LEMMAS = 3000
_SHORTEST_HEAD = 4
_SHORTEST_PREFIX = 3
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Score:
    """How well terms reproduce gold classes; precision and recall are weighted by tokens."""

    words: int
    precision: float
    recall: float
    whole: float
    """Share of the gold classes of two or more words that have one term."""

    @property
    def f(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def score(
    gold: Mapping[str, set[Hashable]], term: Callable[[str], str], counts: Mapping[str, int]
) -> Score:
    """
    Compare the terms of words with their gold classes.

    A word's companions are the words that share a gold class (or a term) with it,
    itself included; each weighs its count and one, as it does itself in the mean.
    """
    of_class: dict[Hashable, set[str]] = defaultdict(set)
    of_term: dict[str, set[str]] = defaultdict(set)
    terms = {word: term(word) for word in gold}
    for word, classes in gold.items():
        of_term[terms[word]].add(word)
        for one in classes:
            of_class[one].add(word)

    def weight(words: Iterable[str]) -> int:
        return sum(counts.get(word, 0) + 1 for word in words)

    total = precision = recall = 0.0
    for word, classes in gold.items():
        wanted = set().union(*(of_class[one] for one in classes))
        found = of_term[terms[word]]
        both, own = weight(wanted & found), weight([word])
        total += own
        precision += own * both / weight(found)
        recall += own * both / weight(wanted)
    several = [words for words in of_class.values() if len(words) > 1]
    whole = sum(len({terms[word] for word in words}) == 1 for words in several)
    return Score(len(gold), precision / total, recall / total, whole / max(1, len(several)))


def read_treebank(path: Path) -> tuple[dict[str, set[Hashable]], Counter[str]]:
    """Read form, lemma, part of speech and count of each line."""
    gold: dict[str, set[Hashable]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            form, lemma, kind, count = line.split("\t")
            gold[form.lower()].add((lemma.lower(), kind))
            counts[form.lower()] += int(count)
    return dict(gold), counts


class _Hiding:
    """A dictionary without some of its forms."""

    def __init__(self, whole: Mapping[str, str], hidden: set[str]) -> None:
        self._whole = whole
        self._hidden = hidden

    def get(self, key: str) -> str | None:
        return None if key in self._hidden else self._whole.get(key)


def hide_compounds(model: WordModel, seed: int) -> tuple[WordModel, dict[str, set[Hashable]]]:
    """Return a model that lacks some of the dictionary's compounds, and their families."""
    dictionary = unpacked()
    families: dict[str, set[str]] = defaultdict(set)
    for form in dictionary:
        lemma = dictionary[form]
        if form.isalpha() and form.islower() and lemma.islower():
            families[lemma].add(form)
    compounds = sorted(
        lemma
        for lemma, forms in families.items()
        if len(forms) > 2 and len(model.compounds.split(lemma)) > 1
    )
    chosen = random.Random(seed).sample(compounds, _HIDDEN_LEMMAS)
    gold: dict[str, set[Hashable]] = {}
    for lemma in chosen:
        for form in families[lemma]:
            # The dictionary's odd entries are no gold: a form must look like its lemma's.
            if form[:_SHORTEST_HEAD] == lemma[:_SHORTEST_HEAD] and model.term(form) == model.term(
                lemma
            ):
                gold[form] = {lemma}
    hidden = {form for lemma in chosen for form in families[lemma]}
    blind = WordModel()
    blind._dictionary = _Hiding(dictionary, hidden)
    return blind, gold


def unknown_compounds(
    model: WordModel, counts: Mapping[str, int]
) -> tuple[dict[str, set[Hashable]], Counter[str]]:
    """Return the unknown words of a vocabulary that are one prefix before forms of one lemma."""
    classes: dict[Hashable, set[str]] = defaultdict(set)
    for word in counts:
        if len(word) < 8 or model.lemmas.of(word) is not None:
            continue
        for start in range(_SHORTEST_PREFIX, len(word) - _SHORTEST_HEAD + 1):
            lemma = model.lemmas.of(word[start:])
            if lemma is not None:
                classes[word[:start], lemma].add(word)
                break
    gold: dict[str, set[Hashable]] = {
        word: {one} for one, words in classes.items() if len(words) > 1 for word in words
    }
    return gold, Counter({word: counts[word] for word in gold})


def vocabulary(path: Path) -> Counter[str]:
    """Count the lower-case words of the texts of a JSONL file."""
    counts: Counter[str] = Counter()
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            counts.update(w for w in _WORDS.findall(json.loads(line)["text"]) if w.islower())
    return counts


def errors(gold: Mapping[str, set[Hashable]], term: Callable[[str], str], limit: int) -> list[str]:
    """Return some gold classes that have several terms."""
    members: dict[Hashable, set[str]] = defaultdict(set)
    for word, classes in gold.items():
        for one in classes:
            members[one].add(word)
    split = [words for words in members.values() if len({term(word) for word in words}) > 1]
    return [" ".join(f"{w}>{term(w)}" for w in sorted(words)) for words in split[:limit]]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--errors", type=int, default=0, help="show so many split classes")
    options = parser.parse_args()
    data = options.shared / "data"
    if not data.is_dir():
        sys.exit(f"no such folder: {data}; the gold words are not part of the project")
    model = WordModel()
    blind, hidden = hide_compounds(model, seed=1)
    texts = vocabulary(data / "bench-10k.jsonl.xz")
    rows = {
        "treebanks": (model, *read_treebank(data / "swedish" / "lemmas-ud.tsv")),
        "hidden compounds": (blind, hidden, Counter()),
        "unknown compounds": (model, *unknown_compounds(model, texts)),
    }
    print("| set | words | P | R | F | whole |\n|---|---|---|---|---|---|")
    for name, (one, gold, counts) in rows.items():
        s = score(gold, one.term, counts)
        print(
            f"| {name} | {s.words} | {s.precision:.3f} | {s.recall:.3f} | {s.f:.3f} "
            f"| {s.whole:.3f} |"
        )
        for line in errors(gold, one.term, options.errors):
            print("   ", line)


if __name__ == "__main__":
    main()
