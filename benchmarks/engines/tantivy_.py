"""tantivy through tantivy-py: the fastest native peer, two threads, its Swedish stemmer."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import tantivy

from benchmarks.engines.contract import LIMIT, Engine, Query, in_words, read_records

HEAP_BYTES = 256_000_000
THREADS = 2
FIELDS = ["title", "text"]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", stored=True, tokenizer_name="swedish")
    builder.add_text_field("text", stored=True, tokenizer_name="swedish")
    return builder.build()


def _register(index: tantivy.Index) -> None:
    # tantivy's own "default" chain (40 characters is its limit) with the Swedish stemmer.
    analyzer = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(40))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer("swedish"))
        .build()
    )
    index.register_tokenizer("swedish", analyzer)


class TantivySession:
    """An open tantivy index with one searcher."""

    def __init__(self, directory: Path) -> None:
        self._index = tantivy.Index.open(str(directory))
        _register(self._index)
        self._index.reload()
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def write(self, query: Query) -> str | None:
        return in_words(query)

    def search(self, text: str) -> int:
        query = self._index.parse_query(text, FIELDS)
        hits = 0
        for score, address in self._searcher.search(query, limit=LIMIT, count=False).hits:
            _ = score, address
            hits += 1
        return hits

    def search_with_passages(self, text: str) -> tuple[int, int]:
        query = self._index.parse_query(text, FIELDS)
        found = self._searcher.search(query, limit=LIMIT, count=False).hits
        snippets = tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "text")
        hits = marked = 0
        for _score, address in found:
            document = self._searcher.doc(address)
            _ = document.get_first("id"), document.get_first("title")
            hits += 1
            marked += "<b>" in snippets.snippet_from_doc(document).to_html()
        return hits, marked

    def close(self) -> None:
        del self._searcher, self._index


def build(corpus: Path, directory: Path) -> None:
    index = tantivy.Index(_schema(), path=str(directory))
    _register(index)
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=THREADS)
    for record in read_records(corpus):
        writer.add_document(tantivy.Document(id=record.id, title=record.title, text=record.text))
    writer.commit()
    writer.wait_merging_threads()


ENGINE = Engine(
    name="tantivy",
    version=metadata.version("tantivy"),
    settings="title and text indexed and stored; simple, lowercase, Swedish stemmer; "
    "2 threads, heap 256 MB; hits are not counted, as ours are not unless asked for",
    build=build,
    open=TantivySession,
)
