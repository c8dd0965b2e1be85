"""The analysis as an ordinary Whoosh analyser, in a stock Whoosh index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from analysis_texts import texts
from hypothesis import given
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import QueryParser

from searchkit.analysis import Analyzer
from searchkit.analysis.whoosh_face import SwedishAnalyzer

TEXT_OF = {
    "a": "Den cirkulära ekonomins mål är hållbar produktion.",
    "b": "Länderna föreslår ha\u030allbara mål för närings- och klimatpolitiken.",
    "c": "Försvaret köper varor.",
}


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A stock Whoosh index on disk, written with our analyser and opened anew."""
    folder: Path = tmp_path_factory.mktemp("whoosh")
    schema = Schema(key=ID(stored=True), text=TEXT(SwedishAnalyzer(), stored=True, chars=True))
    writer = create_in(folder, schema).writer()
    for key, text in TEXT_OF.items():
        writer.add_document(key=key, text=text)
    writer.commit()
    return open_dir(folder)


def keys_of(stock: Any, query: str) -> set[str]:
    """Return the documents that Whoosh finds."""
    with stock.searcher() as searcher:
        parsed = QueryParser("text", stock.schema).parse(query)
        return {hit["key"] for hit in searcher.search(parsed)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ekonomi", {"a"}),
        ("hållbart", {"a", "b"}),
        ("målen", {"a", "b"}),
        ("land", {"b"}),
        ('"hållbara målet"', {"b"}),
        ('"cirkulär ekonomi"', {"a"}),
        ("vara", set()),
    ],
)
def test_stock_whoosh_finds_other_forms(stock: Any, query: str, expected: set[str]) -> None:
    """A stock Whoosh index with our analyser finds a word by its other forms."""
    assert keys_of(stock, query) == expected


def test_stock_whoosh_highlights_the_text_as_written(stock: Any) -> None:
    """Whoosh's highlighter marks the original spelling, whatever its encoding."""
    with stock.searcher() as searcher:
        results = searcher.search(QueryParser("text", stock.schema).parse("hållbarhet OR hållbart"))
        marked = {hit["key"]: hit.highlights("text") for hit in results}

    assert ">hållbar</b> produktion" in marked["a"]
    assert ">ha\u030allbara</b>" in marked["b"]


@given(texts)
def test_whoosh_tokens_are_the_analysers(text: str) -> None:
    """Terms, positions and offsets are those that ``Analyzer`` gives."""
    found = [
        (t.text, t.pos, t.startchar, t.endchar, t.original)
        for t in SwedishAnalyzer()(
            text, positions=True, chars=True, keeporiginal=True, start_pos=3, start_char=10
        )
    ]

    assert found == [
        (t.term, number, t.start + 10, t.end + 10, t.text)
        for number, t in enumerate(Analyzer().analyze(text), 3)
    ]


@given(texts)
def test_surface_face_gives_the_words(text: str) -> None:
    """With *surface*, the words themselves are yielded."""
    assert [t.text for t in SwedishAnalyzer(surface=True)(text)] == Analyzer().words(text)
