"""How does a dump of one JSON object a line become documents?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.corpus import Chunk, read
from searchkit.errors import DocumentFormatError
from searchkit.model import Document


def outcomes(content: str | bytes, first_line: int = 1) -> list[Document | DocumentFormatError]:
    payload = content.encode() if isinstance(content, str) else content
    chunk = Chunk("jsonl", Path("c/d/a.jsonl"), "d/a.jsonl", payload, first_line, len(payload))
    return list(read(chunk))


def test_columns():
    """Known keys fill the columns, other strings and numbers the fields."""
    record = {
        "id": "HD01",
        "title": "Havet",
        "date": "2024-11-14",
        "doctype": "bet",
        "text": "Text.",
        "organ": "MJU",
        "rm": 2024,
        "vikt": 1.5,
        "språk": "sv",
        "ämnen": ["hav", "fisk"],
        "öppen": True,
        "inget": None,
        "mer": {"a": 1},
        "path": "annan",
    }

    assert outcomes(json.dumps(record)) == [
        Document(
            id="HD01",
            text="Text.",
            title="Havet",
            date="2024-11-14",
            type="bet",
            fields={
                "path": "d/a.jsonl",
                "organ": "MJU",
                "rm": "2024",
                "vikt": "1.5",
                "language": "sv",
                "ämnen": "hav; fisk",
            },
        )
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"type": "bet", "doctype": "x"}, ("bet", None, None)),
        ({"type": "", "doctype": "bet"}, ("bet", None, None)),
        ({"typ": "bet", "titel": "Havet", "datum": "2024"}, ("bet", "Havet", "2024")),
        ({"date": 2024}, (None, None, "2024")),
        ({"date": "", "title": "", "type": None}, (None, None, None)),
        ({"date": "2019-09-20 00:00:00"}, (None, None, "2019-09-20")),
    ],
)
def test_type_title_date(more, expected):
    """Type, title and date may go by other names, be a number, or be absent."""
    [document] = outcomes(json.dumps({"id": 1, "text": "x", **more}))

    assert (document.type, document.title, document.date) == expected


@given(
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda t: not t.isspace())),
    st.booleans(),
)
def test_texts_come_back_whole(texts, ascii_only):
    """Any text, line separators of Unicode included, comes back as it was."""
    lines = (json.dumps({"id": "a", "text": text}, ensure_ascii=ascii_only) for text in texts)

    assert [document.text for document in outcomes("\n".join(lines))] == texts


def test_number_as_id():
    """A number as id becomes its digits."""
    assert [document.id for document in outcomes('{"id": 17, "text": "x"}')] == ["17"]


def test_blank_lines_and_mark():
    """A byte order mark, blank lines and carriage returns are nothing."""
    content = '\ufeff{"id": 1, "text": "x"}\r\n\r\n  \n{"id": 2, "text": "y"}'

    assert [document.id for document in outcomes(content)] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 1, "text": "x"', "broken JSON in column 22"),
        ('{"id": 1, "text": "x"} x', "broken JSON in column 24"),
        ("[1]", "is a list, not a JSON object"),
        ('"x"', "is a string, not a JSON object"),
        ('{"text": "x"}', 'has no "id"'),
        ('{"id": null, "text": "x"}', 'has no "id"'),
        ('{"id": "", "text": "x"}', '"id" is empty'),
        ('{"id": true, "text": "x"}', '"id" is true or false, not a string'),
        ('{"id": 1}', 'has no "text"'),
        ('{"id": 1, "text": 5}', '"text" is a number, not a string'),
        ('{"id": 1, "text": ["x"]}', '"text" is a list, not a string'),
        ('{"id": 1, "text": " \\n"}', '"text" is empty'),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": 1, "text": "x", "n": ' + "9" * 5000 + "}", "broken JSON"),
        (b'{"id": 1, "text": "p\xe5"}', "is not UTF-8 at byte 21"),
        (b'{"id": 1, "text": "\xed\xa0\x80"}', "is not UTF-8"),
    ],
)
def test_line_that_is_no_document(line, reason):
    """A line that is no document is one error with its number; its neighbours are read."""
    encoded = line.encode() if isinstance(line, str) else line
    neighbour = b'{"id": "n", "text": "x"}'

    before, error, after = outcomes(b"\n".join((neighbour, encoded, neighbour)), first_line=11)

    assert before == after
    assert before.id == "n"
    assert error.line == 12
    assert reason in error.reason


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"date": "2015/16"}, "'2015/16' is not a date"),
        ({"date": ["2015"]}, '"date" is a list'),
        ({"title": {"sv": "x"}}, '"title" is an object'),
        ({"type": True}, '"type" is true or false'),
    ],
)
def test_wrong_metadata_costs_only_itself(more, reason):
    """A metadata value that is wrong is left out and reported; the document is kept."""
    document, error = outcomes(json.dumps({"id": 1, "text": "x", **more}))

    assert (document.id, document.date, document.title, document.type) == ("1", None, None, None)
    assert error.line == 1
    assert reason in error.reason


def test_lone_surrogates_are_replaced():
    """Half an escaped pair, wherever it stands, becomes a replacement character."""
    line = r'{"id": "\uDC00", "text": "a\ud800b\ud83d\ude00", "k\ud800": ["\ud800"]}'

    [document] = outcomes(line)

    assert (document.id, document.text) == ("\ufffd", "a\ufffdb😀")
    assert document.fields == {"path": "d/a.jsonl", "k\ufffd": "\ufffd"}


def test_escaped_backslash_before_u():
    """A backslash that is itself escaped begins no surrogate."""
    [document] = outcomes(r'{"id": 1, "text": "C:\\ud800"}')

    assert document.text == r"C:\ud800"
