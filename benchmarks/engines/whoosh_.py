"""Stock Whoosh with its own Swedish chain: what a pure Python engine costs without arrays."""

from __future__ import annotations

from pathlib import Path

import whoosh
from whoosh import analysis, fields, index, qparser

from benchmarks.engines.contract import LIMIT, Engine, Query, in_words, read_records


def _schema() -> fields.Schema:
    swedish = (
        analysis.RegexTokenizer() | analysis.LowercaseFilter() | analysis.StemFilter(lang="sv")
    )
    return fields.Schema(
        id=fields.ID(stored=True),
        title=fields.TEXT(stored=True, analyzer=swedish),
        text=fields.TEXT(stored=True, analyzer=swedish),
    )


class WhooshSession:
    """An open Whoosh index with one searcher."""

    def __init__(self, directory: Path) -> None:
        self._index = index.open_dir(str(directory))
        self._searcher = self._index.searcher()
        self._parser = qparser.MultifieldParser(["title", "text"], self._index.schema)

    def write(self, query: Query) -> str | None:
        return in_words(query)

    def search(self, text: str) -> int:
        hits = 0
        for hit in self._searcher.search(self._parser.parse(text), limit=LIMIT):
            _ = hit.docnum, hit.score
            hits += 1
        return hits

    def search_with_passages(self, text: str) -> tuple[int, int]:
        hits = marked = 0
        for hit in self._searcher.search(self._parser.parse(text), limit=LIMIT):
            _ = hit["id"], hit["title"]
            hits += 1
            marked += bool(hit.highlights("text", top=1))
        return hits, marked

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


def build(corpus: Path, directory: Path) -> None:
    writer = index.create_in(str(directory), _schema()).writer(limitmb=256)
    for record in read_records(corpus):
        writer.add_document(id=record.id, title=record.title, text=record.text)
    writer.commit()


ENGINE = Engine(
    name="whoosh",
    version=whoosh.versionstring(),
    settings="title and text indexed and stored; RegexTokenizer, LowercaseFilter, "
    'StemFilter(lang="sv"); 1 process, limitmb 256; highlights() with its defaults',
    build=build,
    open=WhooshSession,
)
