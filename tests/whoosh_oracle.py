"""
What does a stock Whoosh index find?

The same documents, indexed by Whoosh itself with our analyser on its fields.
`content` is the title and, far behind it, the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import fields, query
from whoosh.analysis import IDAnalyzer, Token, Tokenizer
from whoosh.filedb.filestore import RamStorage

from searchkit.analysis.whoosh_face import SwedishAnalyzer
from searchkit.model import Document

_BORDER = "\x1e"
# As far behind as in our own reader, so that positions can be compared.
_BODY_POSITION = 1 << 20
_COLUMNS = ("type", "organ")


class TitleAndText(Tokenizer):  # type: ignore[misc]
    """Analyse a title and a text that a border stands between."""

    def __init__(self, *, surface: bool) -> None:
        self._analyzer = SwedishAnalyzer(surface=surface)

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        title, _, text = value.partition(_BORDER)
        options.pop("start_pos", None)
        yield from self._analyzer(title, **options)
        yield from self._analyzer(text, start_pos=_BODY_POSITION, **options)


def stock_searcher(documents: Iterable[Document]) -> Any:
    """Return Whoosh's searcher over Whoosh's own index, in memory, of *documents*."""
    columns = {name: fields.ID(analyzer=IDAnalyzer(lowercase=True)) for name in _COLUMNS}
    schema = fields.Schema(
        id=fields.ID(stored=True),
        content=fields.TEXT(analyzer=TitleAndText(surface=False)),
        exact=fields.TEXT(analyzer=TitleAndText(surface=True)),
        title=fields.TEXT(analyzer=SwedishAnalyzer()),
        title_exact=fields.TEXT(analyzer=SwedishAnalyzer(surface=True)),
        date=fields.NUMERIC(int, 32),
        **columns,
    )
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for document in documents:
        both = f"{document.title or ''}{_BORDER}{document.text}"
        title = document.title or ""
        values = {"type": document.type, "organ": document.fields.get("organ")}
        number = int((document.date or "").replace("-", "").ljust(8, "0")) or None
        writer.add_document(
            id=document.id,
            content=both,
            exact=both,
            title=title,
            title_exact=title,
            **{name: value for name, value in values.items() if value is not None},
            **({} if number is None else {"date": number}),
        )
    writer.commit()
    return index.searcher()


def found(searcher: Any, tree: Any) -> set[str]:
    """Return the ids of all live documents that Whoosh finds."""
    hits = searcher.search(tree, limit=None)
    # Whoosh's matcher for Not lets a deleted document pass right behind an excluded one.
    return {hit["id"] for hit in hits if not searcher.reader().is_deleted(hit.docnum)}


def without_and_not(tree: Any) -> Any:
    """
    Write every AndNot of a tree as an And with a Not, which means the same.

    Whoosh's matcher for AndNot lets the first document pass unchecked if an
    excluded one stands before it.
    """
    if isinstance(tree, query.AndNot):
        return query.And([without_and_not(tree.a), query.Not(without_and_not(tree.b))])
    return tree if tree.is_leaf() else tree.apply(without_and_not)
