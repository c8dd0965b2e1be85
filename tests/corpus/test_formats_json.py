"""Does a JSON file give the documents it holds, and say what else it is?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.formats import json_file
from searchkit.corpus.formats.json_file import READER, read_json
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

FERRY = {"id": "a", "text": "Färjan går.", "titel": "Färjor", "datum": "2024-05-03"}


def read(content: bytes) -> list[Document | DocumentFormatError]:
    chunk = Chunk("json", Path("/corpus/f.json"), "f.json", content, 1, len(content))
    try:
        return list(read_json(chunk))
    except DocumentFormatError as error:
        return [error]


def ids(content: bytes) -> list[str]:
    return [outcome.id for outcome in read(content) if isinstance(outcome, Document)]


def reasons(content: bytes) -> list[str]:
    return [o.reason for o in read(content) if isinstance(o, DocumentFormatError)]


def test_reader():
    """The reader takes .json files."""
    assert READER.extensions == (".json",)


def test_object_with_text():
    """An object with a text is a document, with columns by alias as in JSONL."""
    (document,) = read(json.dumps(FERRY).encode())

    assert isinstance(document, Document)
    assert (document.id, document.text, document.title, document.date) == (
        *("a", "Färjan går.", "Färjor", "2024-05-03"),
    )
    assert document.fields["path"] == "f.json"


@pytest.mark.parametrize(
    "written",
    [
        '[{"id": "a", "text": "x"}, {"id": "b", "text": "y"}]',
        '{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n',
        '{"total": 2, "documents": [{"id": "a", "text": "x"}, {"id": "b", "text": "y"}]}',
    ],
)
def test_several_objects(written):
    """Objects may stand in a list, one after the other, or in a list inside an object."""
    assert ids(written.encode()) == ["a", "b"]


def test_ids_of_objects_without_one():
    """An object without an id is known by its file, and by its place in it."""
    assert ids(b'{"text": "x"}') == ["f.json"]
    assert ids(b'[{"text": "x"}, {"text": "y"}]') == ["f.json#1", "f.json#2"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding):
    """A byte order mark, UTF-16 and old code pages are understood."""
    content = json.dumps(FERRY, ensure_ascii=False).encode(encoding)

    (document,) = read(content)

    assert isinstance(document, Document)
    assert document.text == "Färjan går."


def test_values_beyond_the_standard():
    """NaN, a doubled key and a line end inside a string do not cost the document."""
    (document,) = read(b'{"id": "a", "text": "x\ny", "z": NaN, "z": 1}')

    assert isinstance(document, Document)
    assert document.text == "x\ny"


def test_lone_surrogate():
    """Half a character, which no file can hold, is replaced."""
    (document,) = read(b'{"text": "f\\ud800r"}')

    assert isinstance(document, Document)
    assert document.text == "f\ufffdr"


def test_truncated_list():
    """What stands before the end of a truncated list is read, and the rest reported."""
    content = b'[{"id": "a", "text": "x"}, {"id": "b", "text": "y'

    assert ids(content) == ["a"]
    assert "truncated" in reasons(content)[0]


def test_broken_list():
    """What stands before a damage is read, and the damage reported with its place."""
    content = b'[{"id": "a", "text": "x"},\n {id: "b"}]'

    assert ids(content) == ["a"]
    assert reasons(content)[0].startswith("is broken JSON in line 2, column 3")


def test_one_bad_item():
    """An item that cannot be read costs only itself."""
    content = b'[{"id": "a", "text": " "}, {"id": "b", "text": "y"}]'

    assert ids(content) == ["b"]
    assert reasons(content) == ['item 1 "text" is empty']


def test_strangers_among_documents():
    """Items that are no documents are counted, with what the first one is."""
    content = b'[{"id": "a", "text": "x"}, {"lat": 1, "lon": 2}, 3]'

    assert ids(content) == ["a"]
    assert reasons(content)[0].startswith("holds 2 items besides")
    assert 'an object with "lat", "lon"' in reasons(content)[0]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"[]", "a list of nothing"),
        (b"null", "holds no documents that are known"),
        (b'{"name": "searchkit"}', 'an object with "name"'),
        (b"[[1, 2]]", "a list"),
        (b"%PDF-1.4", "is a PDF file"),
        (b"{" * 100_000, "is broken JSON"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"text": "' + b"x" * 1000, "truncated"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_holds_no_documents(content, what):
    """What holds no documents is reported with what it is."""
    (reason,) = reasons(content)

    assert what in reason


def test_too_many_values(monkeypatch):
    """An object of too many values is not parsed: in memory it would be far larger."""
    monkeypatch.setattr(json_file, "PARTS_MAX", 10)

    assert "split it" in reasons(b'{"a": [' + b"{}," * 20 + b"{}]}")[0]


def test_endless_data(monkeypatch):
    """A long list that holds no documents is given up."""
    monkeypatch.setattr(json_file, "STRANGERS_MAX", 3)

    assert len(reasons(b"[1, 2, 3, 4, broken")) == 1
    assert "holds no documents" in reasons(b"[1, 2, 3, 4, broken")[0]


def test_wrong_column_keeps_the_document():
    """A column of the wrong kind is reported, and the document is kept."""
    content = b'{"id": "a", "text": "x", "title": {}}'

    assert ids(content) == ["a"]
    assert '"title" is an object' in reasons(content)[0]
