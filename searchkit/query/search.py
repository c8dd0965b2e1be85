"""
What answers a question?

:class:`Index` is the face of an open index. ``search`` reads like the picture::

    text ─▶ parse ─▶ evaluate ─▶ top-k ─▶ rerank ─▶ passages ─▶ hits
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self, overload

from whoosh import query as whoosh_query

from searchkit.analysis import Analyzer
from searchkit.errors import CorruptIndexError, DocumentNotFoundError, UsageError
from searchkit.index import LiveSegment, Snapshot
from searchkit.index.sources import Sources, read_sources
from searchkit.model import Document, Passage
from searchkit.query import language
from searchkit.query.evaluate import Evaluation
from searchkit.query.passages import passages_of_hits
from searchkit.query.rank import Ranked, count, rank
from searchkit.query.rerank import DEPTH, neighbours, rerank
from searchkit.query.stats import IndexStats, index_stats
from searchkit.query.suggest import with_dots
from searchkit.query.vocabulary import IndexVocabulary


class Hit:
    """
    One document of a result. Metadata is read when it is asked for.

    Attributes:
        rank: from 1.
        score: comparable within one query only.
        passages: best first.
    """

    __slots__ = ("_doc_id", "_live", "passages", "rank", "score")

    def __init__(
        self,
        live: LiveSegment,
        doc_id: int,
        rank: int,
        score: float,
        passages: tuple[Passage, ...],
    ) -> None:
        self._live = live
        self._doc_id = doc_id
        self.rank = rank
        self.score = score
        self.passages = passages

    def __repr__(self) -> str:
        return f"Hit(rank={self.rank}, id={self.id!r}, score={self.score:.4f})"

    @property
    def id(self) -> str:
        """The user's stable key of the document."""
        return self._live.segment.key(self._doc_id)

    @property
    def title(self) -> str | None:
        """The document's title."""
        return self.field("title")

    @property
    def type(self) -> str | None:
        """The document's type, such as "prop" or "pressmeddelande"."""
        return self.field("type")

    @property
    def date(self) -> str | None:
        """ISO date, possibly shortened."""
        return self.field("date")

    @property
    def path(self) -> str | None:
        """Path of its file relative to the corpus."""
        return self.field("path")

    @property
    def url(self) -> str | None:
        """Where it was published."""
        return self.field("url")

    def field(self, name: str) -> str | None:
        """Return any metadata column's value."""
        return self._live.segment.value(name, self._doc_id)


class Results(Sequence[Hit]):
    """
    The hits of one search, best first.

    Attributes:
        query: as typed.
        tree: as read.
        took_ms: wall time of the search.
    """

    def __init__(
        self,
        query: str,
        tree: whoosh_query.Query,
        hits: Sequence[Hit],
        evaluation: Evaluation,
        vocabulary: IndexVocabulary,
        took_ms: float,
    ) -> None:
        self.query = query
        self.tree = tree
        self.took_ms = took_ms
        self._hits = hits
        self._evaluation = evaluation
        self._vocabulary = vocabulary

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return self._hits[index]

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._hits)

    @cached_property
    def total(self) -> int:
        """Documents that match, in all; counted when first asked for."""
        with _damage_reported(self._evaluation.snapshot.directory):
            return count(self.tree, self._evaluation)

    @cached_property
    def suggestion(self) -> str | None:
        """
        The query with å, ä and ö where that is how the index knows its words, or None.

        Offered only for words that stand nowhere in the index: "hallbar" for hållbar.
        """
        with _damage_reported(self._evaluation.snapshot.directory):
            return with_dots(self.query, self._vocabulary, self._evaluation.snapshot)

    @cached_property
    def relaxed(self) -> bool:
        """Whether no document holds all the words of the free text, so that fewer had to do."""
        strict = _strict(self.tree)
        if strict is None or not self._hits:
            return False
        with _damage_reported(self._evaluation.snapshot.directory):
            return not len(rank(strict, self._evaluation, 1).docs)


class Index:
    """
    An index open for searching: one generation, whatever a writer does meanwhile.

    Args:
        path: directory of the index.

    Raises:
        IndexNotFoundError, IndexFormatError, AnalyzerMismatchError,
        CorruptIndexError: it cannot be opened; each says what to do.
    """

    def __init__(self, path: str | Path = "index") -> None:
        self.path = Path(path)
        snapshot = Snapshot(self.path)
        self._snapshot: Snapshot | None = snapshot
        self._vocabulary = IndexVocabulary(snapshot)
        columns = (name for s in snapshot.segments for name in s.segment.columns)
        self._fields = tuple(dict.fromkeys([*language.FIELDS, *columns]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self.snapshot.document_count

    def close(self) -> None:
        """Let go of the index; results already found stay usable, and keep it mapped."""
        self._snapshot = None

    @property
    def analyzer(self) -> Analyzer:
        """The analyser that the index was built with."""
        return self._vocabulary

    @property
    def snapshot(self) -> Snapshot:
        """The generation that this index reads."""
        if self._snapshot is None:
            raise UsageError(f"the index '{self.path}' has been closed; open it again")
        return self._snapshot

    @cached_property
    def sources(self) -> Sources | None:
        """What the index remembers of its corpus, without its files; None: nothing."""
        name = self.snapshot.manifest.sources
        return None if name is None else read_sources(self.path / name, files=False)

    def parse(self, query: str) -> whoosh_query.Query:
        """
        Return how *query* is read, as a Whoosh query tree.

        Raises:
            QuerySyntaxError: it cannot be read; points at the place.
        """
        with _damage_reported(self.path):
            return language.parse(query, self._vocabulary, fields=self._fields)

    def explain_query(self, query: str) -> str:
        """Return how *query* is read, on one line for people."""
        return language.explain(self.parse(query))

    def search(
        self,
        query: str | whoosh_query.Query,
        *,
        limit: int = 10,
        passages: int = 3,
        offset: int = 0,
    ) -> Results:
        """
        Find the documents that answer *query*, best first.

        Args:
            query: as typed (see :mod:`searchkit.query.language`), or a tree.
            limit: most hits to return.
            passages: most passages a hit; 0 for bare hits.
            offset: hits to skip, for the next page.

        Raises:
            QuerySyntaxError: the query cannot be read; points at the place.
            UsageError: a number is negative.
            CorruptIndexError: the index turns out to be damaged.
        """
        if min(limit, passages, offset) < 0:
            raise UsageError("limit, passages and offset must not be negative")
        began = time.perf_counter()
        snapshot = self.snapshot
        tree = self.parse(query) if isinstance(query, str) else query
        evaluation = Evaluation(snapshot)
        with _damage_reported(self.path):
            ranked = self._ranked(tree, evaluation, limit + offset)
            docs, scores = ranked.docs[offset:].tolist(), ranked.scores[offset:].tolist()
            shown = passages_of_hits(tree, evaluation, docs, passages)
        hits = [
            Hit(*snapshot.locate(doc), rank=n, score=score, passages=own)
            for n, (doc, score, own) in enumerate(zip(docs, scores, shown, strict=True), offset + 1)
        ]
        took_ms = (time.perf_counter() - began) * 1000
        text = query if isinstance(query, str) else str(query)
        return Results(text, tree, hits, evaluation, self._vocabulary, took_ms)

    def _ranked(self, tree: whoosh_query.Query, evaluation: Evaluation, most: int) -> Ranked:
        """Return the *most* best documents."""
        pairs = neighbours(tree)
        if not pairs:
            return rank(tree, evaluation, most)
        ranked = rerank(pairs, evaluation, rank(tree, evaluation, max(most, DEPTH + 1)))
        return Ranked(ranked.docs[:most], ranked.scores[:most])

    def document(self, key: str) -> Document:
        """
        Return the whole document with the id *key*.

        Raises:
            DocumentNotFoundError: there is none.
        """
        found = self.snapshot.find(key)
        if found is None:
            raise DocumentNotFoundError(key)
        live, doc_id = found
        with _damage_reported(self.path):
            return live.segment.document(doc_id)

    def stats(self) -> IndexStats:
        """Return the counts and sizes of the index."""
        return index_stats(self.snapshot)


@contextmanager
def _damage_reported(path: Path) -> Iterator[None]:
    """Turn what NumPy says of bounds that do not hold into the one error for damage."""
    try:
        yield
    except IndexError as error:
        raise CorruptIndexError(path, f"a bound does not hold ({error})") from error


def _strict(tree: whoosh_query.Query) -> whoosh_query.Query | None:
    """Return *tree* with all words of its free text required; None if it has no free text."""
    if isinstance(tree, language.FreeText):
        return whoosh_query.And(
            [clause for clause in tree.subqueries if not isinstance(clause, language.Hint)]
        )
    if isinstance(tree, whoosh_query.And):
        stricter = [(_strict(clause), clause) for clause in tree.subqueries]
        if any(strict is not None for strict, _ in stricter):
            return whoosh_query.And([c if s is None else s for s, c in stricter])
    if isinstance(tree, whoosh_query.AndNot):
        strict = _strict(tree.a)
        return None if strict is None else whoosh_query.AndNot(strict, tree.b)
    return None
