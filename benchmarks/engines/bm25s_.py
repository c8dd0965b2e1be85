"""
bm25s: precomputed BM25 scores in sparse arrays, NumPy like ourselves.

It knows bags of words only: no AND, no phrase, no stored text, no passages. A
query of several words is an OR.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bm25s  # type: ignore[import-untyped]
from bm25s.tokenization import Tokenizer  # type: ignore[import-untyped]
from snowballstemmer.swedish_stemmer import SwedishStemmer

from benchmarks.engines.contract import LIMIT, Engine, Query, read_records

IDS = "ids.json"


def _tokenizer() -> Any:
    stem = SwedishStemmer().stemWord
    return Tokenizer(lower=True, splitter=r"\w+", stopwords=None, stemmer=stem)


class Bm25sSession:
    """An open bm25s index with its ids and its vocabulary."""

    def __init__(self, directory: Path) -> None:
        self._ids: list[str] = json.loads((directory / IDS).read_text(encoding="utf-8"))
        self._retriever = bm25s.BM25.load(str(directory), show_progress=False)
        self._tokenizer = _tokenizer()
        self._tokenizer.load_vocab(str(directory))

    def write(self, query: Query) -> str | None:
        return None if query.kind in ("and2", "phrase2") else " ".join(query.words)

    def search(self, text: str) -> int:
        tokens = self._tokenizer.tokenize([text], update_vocab="never", show_progress=False)
        k = min(LIMIT, len(self._ids))
        places, scores = self._retriever.retrieve(tokens, k=k, show_progress=False)
        hits = 0
        for place, score in zip(places[0].tolist(), scores[0].tolist(), strict=True):
            _ = self._ids[place]
            hits += score > 0.0
        return hits

    def search_with_passages(self, text: str) -> tuple[int, int]:
        raise NotImplementedError("bm25s keeps no text")

    def close(self) -> None:
        del self._retriever, self._tokenizer


def build(corpus: Path, directory: Path) -> None:
    ids: list[str] = []
    texts: list[str] = []
    for record in read_records(corpus):
        ids.append(record.id)
        texts.append(f"{record.title}\n{record.text}")
    tokenizer = _tokenizer()
    tokens = tokenizer.tokenize(texts, return_as="tuple", show_progress=False)
    retriever = bm25s.BM25()
    retriever.index(tokens, show_progress=False)
    retriever.save(str(directory), show_progress=False)
    tokenizer.save_vocab(str(directory))
    (directory / IDS).write_text(json.dumps(ids), encoding="utf-8")


ENGINE = Engine(
    name="bm25s",
    version=bm25s.__version__,
    settings="title and text as one field, nothing stored but ids; Snowball; NumPy backend",
    build=build,
    open=Bm25sSession,
    passages=False,
)
