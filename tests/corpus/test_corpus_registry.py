"""Which reader takes which file?"""

from __future__ import annotations

import importlib.metadata

import pytest

from searchkit import corpus
from searchkit.corpus import Chunk, Reader, read, register, registry
from searchkit.errors import DocumentFormatError
from searchkit.model import Document


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    """Let each test register without leaving traces."""
    monkeypatch.setattr(registry, "_by_name", dict(registry._by_name))
    monkeypatch.setattr(registry, "_by_extension", dict(registry._by_extension))
    registry._load_entry_points.cache_clear()
    yield
    registry._load_entry_points.cache_clear()


class EntryPoint:
    """Stands for an installed package's entry point."""

    name = "other"

    def __init__(self, reader: object) -> None:
        self.reader = reader

    def load(self) -> object:
        if isinstance(self.reader, Exception):
            raise self.reader
        return self.reader


def installed(monkeypatch: pytest.MonkeyPatch, *readers: object) -> list[str]:
    asked = []

    def entry_points(*, group: str) -> list[EntryPoint]:
        asked.append(group)
        return [EntryPoint(reader) for reader in readers]

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    return asked


def one_document(chunk):
    yield Document(id=chunk.relative, text="x")


def failing(chunk):
    yield Document(id="1", text="x")
    raise ZeroDivisionError("noll")


def refusing(chunk):
    raise DocumentFormatError("is wrong", path=chunk.path, line=3)


def unable(chunk):
    raise PermissionError(13, "Permission denied")


def chunk_for(reader: str, tmp_path) -> Chunk:
    return Chunk(reader, tmp_path / "a.x", "a.x", None, 1, 1)


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("a.txt", "text"),
        ("A.TXT", "text"),
        ("a.text", "text"),
        ("a.md", "markdown"),
        ("a.markdown", "markdown"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("prop. 2015.16.md", "markdown"),
        ("a.jsonl.xz", "jsonl"),
        ("a.jsonl.GZ", "jsonl"),
        ("a.txt.bz2", "text"),
        ("mot-2018-2021.json.zip", "zip"),
        ("a.tar", "tar"),
        ("a.tar.gz", "tar"),
        ("a.tgz", "tar"),
    ],
)
def test_extension_names_the_reader(name, reader):
    """The extension decides, in any case, also below that of a compression."""
    assert registry.reader_for(name).name == reader


@pytest.mark.parametrize("name", ["a", "txt", "a.xyz", "a.xz", "a.txt.7z"])
def test_unknown_extension(name):
    """Without a known extension there is no reader."""
    assert registry.reader_for(name) is None


def test_longest_extension_wins():
    """Of two extensions that fit, the longer one names the reader."""
    register(Reader("zip", (".zip",), one_document))
    register(Reader("dump", (".json.zip",), one_document))

    assert registry.reader_for("bet.json.zip").name == "dump"
    assert registry.reader_for("bet.zip").name == "zip"


def test_registered_reader_is_used(put, read_all):
    """A registered reader reads the files of its extensions."""
    register(Reader("x", (".x",), one_document))
    put("a.x", "")

    [document], [] = read_all()

    assert document.id == "a.x"


def test_later_registration_wins():
    """A reader may take an extension over from another."""
    register(Reader("mine", (".txt",), one_document))

    assert registry.reader_for("a.txt").name == "mine"
    assert registry.reader_for("a.text").name == "text"


@pytest.mark.parametrize("extension", ["txt", ".TXT"])
def test_malformed_extension(extension):
    """An extension that could never fit is refused."""
    with pytest.raises(ValueError, match="extension"):
        register(Reader("x", (extension,), one_document))


def test_entry_points_are_loaded_for_unknown_extensions_only(monkeypatch):
    """Other packages are asked once, and only when nobody knows an extension."""
    asked = installed(monkeypatch, Reader("x", (".x", ".txt"), one_document))

    assert registry.reader_for("a.txt").name == "text"
    assert asked == []
    assert registry.reader_for("a.x").name == "x"
    assert registry.reader_for("a.y") is None
    assert registry.reader_for("a.txt").name == "text"
    assert asked == ["searchkit.readers"]


def test_worker_finds_reader_of_entry_point(monkeypatch, tmp_path):
    """A process that has planned nothing finds the reader of another package by name."""
    installed(monkeypatch, Reader("x", (".x",), one_document))

    assert [document.id for document in read(chunk_for("x", tmp_path))] == ["a.x"]


@pytest.mark.parametrize("broken", [ImportError("nej"), "no reader"])
def test_broken_entry_point(broken, monkeypatch, caplog):
    """A package whose reader cannot be loaded is warned of, and stops no other."""
    installed(monkeypatch, broken, Reader("x", (".x",), one_document))

    assert registry.reader_for("a.x").name == "x"
    assert "'other' cannot be loaded" in caplog.text


@pytest.mark.parametrize(
    ("function", "document_count", "reason"),
    [
        (failing, 1, "'x' failed: ZeroDivisionError: noll"),
        (refusing, 0, "is wrong"),
        (unable, 0, "cannot be read: Permission denied"),
    ],
)
def test_reader_that_raises(function, document_count, reason, tmp_path):
    """Whatever a reader raises becomes an error of its file, after its documents."""
    register(Reader("x", (".x",), function))

    *documents, error = read(chunk_for("x", tmp_path))

    assert len(documents) == document_count
    assert isinstance(error, DocumentFormatError)
    assert reason in error.reason
    assert error.path == tmp_path / "a.x"


def test_unknown_reader(tmp_path):
    """A chunk whose reader this process does not have is an error of its file."""
    [error] = read(chunk_for("nej", tmp_path))

    assert "'nej'" in error.reason


def test_public_names():
    """What the room offers is this, and all of it exists."""
    assert sorted(corpus.__all__) == [
        "Chunk",
        "Limits",
        "READERS_VERSION",
        "Reader",
        "SourceFile",
        "chunks_of",
        "content_of",
        "extensions",
        "files_of",
        "first_line_of",
        "how_files_are_read",
        "is_line_based",
        "plan",
        "read",
        "register",
        "size_of",
        "with_language",
    ]
    assert all(hasattr(corpus, name) for name in corpus.__all__)
