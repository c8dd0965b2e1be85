"""A damaged index gives the right answer or an error of ours: never a wrong one, never another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import searchkit
from searchkit import Document, IndexWriter, Section
from searchkit.errors import CorruptIndexError, SearchkitError
from searchkit.index import format as format_module

QUERIES = [
    "ekonomi",
    "hållbar produktion",
    '"cirkulär ekonomi"',
    "mål NEAR/3 klimat",
    "prod*",
    "*mål",
    "titel:strategi",
    "typ:prop datum:2016..2020",
    "=ekonomin",
    "klimt~",
]


def documents() -> list[Document]:
    """Return a few documents with everything that a document can have."""
    text = "Den cirkulära ekonomins mål är hållbar produktion.\n\nKlimatmål och klimat. "
    return [
        Document(
            "prop-1", text * 8, title="Strategi för cirkulär ekonomi", date="2016-04-12",
            type="prop", fields={"organ": "Miljödepartementet"},
            sections=[Section(0, "Inledning"), Section(400, "Mål")], pages=[Section(0, "1")],
        ),
        Document("mot-2", "Ekonomin växer; målen nås.", date="2019", type="mot"),
        Document("skr-3", "Produktionen ökar. Klimatet."),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one segment with a tombstone file."""
    folder = tmp_path_factory.mktemp("whole")
    with IndexWriter(folder) as writer:
        for document in documents():
            writer.put(document)
        for number in range(3):
            writer.put(Document(f"more-{number}", "Mål och medel."))
        writer.commit()
        writer.delete("skr-3")
        writer.commit()
    assert {"segment-1-0.skx", "tombstones-2-0.skx"} <= {path.name for path in folder.iterdir()}
    return folder


@pytest.fixture
def index(whole: Path, tmp_path: Path) -> Path:
    """A copy of that index, to be damaged."""
    return shutil.copytree(whole, tmp_path / "index")


def answers(index: Path) -> list[Any]:
    """Ask an index everything: what it finds and shows, and what it holds."""
    found: list[Any] = []
    with searchkit.open(index) as opened:
        for query in QUERIES:
            results = opened.search(query)
            found.append((results.total, results.relaxed))
            found += [
                (hit.id, hit.score, hit.title, hit.type, hit.date, hit.path, hit.passages)
                for hit in results
            ]
        found += [opened.document(key) for key in ("prop-1", "mot-2", "more-2")]
        found.append((len(opened), opened.stats().types, opened.stats().tokens))
    return found


def flips(path: Path, step: int, first: int = 0) -> Iterator[int]:
    """Change one byte after the other of a file, every *step*-th, and put it back each time."""
    raw = path.read_bytes()
    with open(path, "r+b", buffering=0) as file:
        for at in range(first, len(raw), step):
            file.seek(at)
            file.write(bytes([raw[at] ^ (1 << at % 8)]))
            yield at
            file.seek(at)
            file.write(raw[at : at + 1])


@pytest.mark.parametrize("name", ["segment-1-0.skx", "tombstones-2-0.skx", "manifest.json"])
def test_every_changed_byte_is_noticed(index: Path, name: str) -> None:
    """With any one bit changed, an index is refused, or all its answers are right."""
    right = answers(index)
    noticed = 0
    for at in flips(index / name, 1):
        try:
            assert answers(index) == right, at
        except SearchkitError:
            noticed += 1

    assert noticed >= 0.95 * (index / name).stat().st_size
    assert answers(index) == right


@pytest.mark.parametrize("name", ["segment-1-0.skx", "tombstones-2-0.skx", "manifest.json"])
def test_every_truncation_is_noticed(index: Path, name: str) -> None:
    """Cut off after any byte, or gone on with others, an index is refused."""
    raw = (index / name).read_bytes()
    damaged = [raw[:length] for length in range(len(raw))]
    damaged += [raw + more for more in (b"\0", raw, b"x" * 64)]
    for content in damaged:
        (index / name).write_bytes(content)
        with pytest.raises(SearchkitError):
            answers(index)


def test_verify_notices_what_opening_does_not(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file too large to be checked on opening, ``verify`` finds every changed byte."""
    monkeypatch.setattr(format_module, "CHECKED_ON_OPEN_BYTES", 0)
    assert searchkit.verify(index).documents == 5
    for at in flips(index / "segment-1-0.skx", 7):
        with pytest.raises(SearchkitError):
            raise AssertionError(searchkit.verify(index), at)


@pytest.mark.parametrize("name", ["segment-1-0.skx", "tombstones-2-0.skx"])
def test_damage_that_is_not_looked_for_does_no_harm(
    index: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Where checksums are not looked at, a damaged index still answers, or raises our error."""
    monkeypatch.setattr(format_module, "CHECKED_ON_OPEN_BYTES", 0)
    answered = 0
    for _ in flips(index / name, 9, 3):
        try:
            answers(index)
            answered += 1
        except SearchkitError:
            pass

    assert answered


def test_damaged_text_is_noticed_when_it_is_read(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text blocks carry checksums of their own: damage shows at the latest when one is shown."""
    monkeypatch.setattr(format_module, "CHECKED_ON_OPEN_BYTES", 0)
    path = index / "segment-1-0.skx"
    raw = bytearray(path.read_bytes())
    raw[64 + 40] ^= 1  # the text's blocks come first in the file
    path.write_bytes(raw)
    with searchkit.open(index) as opened, pytest.raises(CorruptIndexError, match="text block"):
        opened.document("prop-1")
