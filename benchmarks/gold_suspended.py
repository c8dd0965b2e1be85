"""
Are suspended compounds found, and restored to the right word?

``tests/gold/suspended.tsv`` names hyphens in real documents, drawn at random, and
the word that each half stands for (or that it is no half at all). The documents
are read from the corpus in ``../shared/data``; at each labelled place the finder's
answer is compared with the label. Two figures:

- *recall*: labelled halves restored to the right word;
- *precision*: restored words that are right, of all restored at labelled places.

Usage: ``python benchmarks/gold_suspended.py [--corpus bench.jsonl.xz] [--errors]``
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from searchkit.analysis import suspended  # noqa: E402
from searchkit.analysis.alphabet import lower  # noqa: E402
from searchkit.analysis.normalise import normalise  # noqa: E402
from searchkit.analysis.tokenize import tokenize  # noqa: E402
from searchkit.analysis.words import WordModel, default_model  # noqa: E402
from searchkit.analysis.wordtable import WordTable  # noqa: E402

GOLD = ROOT / "tests" / "gold" / "suspended.tsv"
CORPUS = ROOT.parent / "shared" / "data" / "bench.jsonl.xz"


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled hyphen: where its half stands, and which words are right for it."""

    document: str
    start: int
    end: int
    words: frozenset[str]
    """Empty where there is no suspended compound."""


def read_gold(path: Path = GOLD) -> list[Label]:
    """Read the labels."""
    labels = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        document, start, end, words = line.split("\t")
        right = frozenset() if words == "-" else frozenset(words.split("/"))
        labels.append(Label(document, int(start), int(end), right))
    return labels


def read_texts(path: Path, wanted: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield id and text of the *wanted* documents of a JSONL file, packed or not."""
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as lines:
        for line in lines:
            record = json.loads(line)
            if record["id"] in wanted:
                yield record["id"], record["text"]


def restored_words(model: WordModel, text: str) -> dict[tuple[int, int], set[str]]:
    """Return the words that halves stand for, by start and end of the half in *text*."""
    normal = normalise(text)
    tokens = tokenize(normal.text)
    table = WordTable()
    ids = table.ids(tokens.hashes, lambda t: lower(normal.text[tokens.starts[t] : tokens.ends[t]]))
    found: dict[tuple[int, int], set[str]] = {}
    for half, _, spelling in suspended.find(normal.text, tokens, ids, table.words):
        whole = suspended.restore(model.compounds, model.dictionary_lemma, spelling)
        if whole is not None:
            start = normal.original_starts(tokens.starts[np.array([half])])
            end = normal.original_ends(tokens.ends[np.array([half])])
            found.setdefault((int(start[0]), int(end[0])), set()).add(whole.word)
    return found


def main() -> None:
    """Print recall and precision, and what went wrong if asked."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"no corpus at '{options.corpus}': name one with --corpus")
    labels = read_gold()
    texts = dict(read_texts(options.corpus, frozenset(label.document for label in labels)))
    model = default_model()
    halves = sum(bool(label.words) for label in labels)
    right = answers = 0
    for label in labels:
        found = restored_words(model, texts[label.document]).get((label.start, label.end), set())
        right += bool(found & label.words)
        answers += len(found)
        if options.errors and found != label.words and not found & label.words:
            print(f"{label.document}:{label.start} {sorted(label.words)} got {sorted(found)}")
    print(f"{len(labels)} places, {halves} suspended compounds")
    print(f"recall {right / halves:.3f} ({right}/{halves})")
    print(f"precision {right / answers:.3f} ({right}/{answers})")


if __name__ == "__main__":
    main()
