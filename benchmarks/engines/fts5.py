"""SQLite FTS5: the engine that everyone already has. It knows no Swedish endings."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from benchmarks.engines.contract import LIMIT, Engine, Query, in_words, read_records

FILE = "fts5.sqlite"
# remove_diacritics 0: å, ä and ö are letters of their own.
CREATE = (
    "CREATE VIRTUAL TABLE documents USING fts5("
    "id UNINDEXED, title, text, tokenize = 'unicode61 remove_diacritics 0')"
)
BARE = "SELECT id, rank FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT ?"
# Column 2 is the text; 24 tokens are about the 150 characters of tantivy's snippets.
WITH_PASSAGES = (
    "SELECT id, title, snippet(documents, 2, '<b>', '</b>', '…', 24) "
    "FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT ?"
)


def _require_fts5() -> None:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(CREATE)
    except sqlite3.OperationalError as error:
        raise ImportError(f"this SQLite has no FTS5: {error}") from error
    finally:
        connection.close()


class Fts5Session:
    """An open SQLite database with the documents in one FTS5 table."""

    def __init__(self, directory: Path) -> None:
        self._connection = sqlite3.connect(directory / FILE)

    def write(self, query: Query) -> str | None:
        return in_words(query)

    def search(self, text: str) -> int:
        return len(self._connection.execute(BARE, (text, LIMIT)).fetchall())

    def search_with_passages(self, text: str) -> tuple[int, int]:
        rows = self._connection.execute(WITH_PASSAGES, (text, LIMIT)).fetchall()
        return len(rows), sum("<b>" in snippet for _id, _title, snippet in rows)

    def close(self) -> None:
        self._connection.close()


def build(corpus: Path, directory: Path) -> None:
    connection = sqlite3.connect(directory / FILE)
    with connection:
        connection.execute(CREATE)
        connection.executemany("INSERT INTO documents VALUES (?, ?, ?)", read_records(corpus))
    connection.close()


_require_fts5()
ENGINE = Engine(
    name="fts5",
    version=sqlite3.sqlite_version,
    settings="title and text indexed and stored; unicode61, not stemmed; 1 transaction",
    build=build,
    open=Fts5Session,
)
