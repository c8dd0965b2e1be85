"""What does ``searchkit.near_duplicates`` tell of an index?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import searchkit
from searchkit.duplicates import Duplicate, near_duplicates
from searchkit.errors import IndexNotFoundError, UsageError

ANSWER = (
    "Jag avser att noga följa frågan om järnvägens underhåll. Regeringen har gett Trafikverket "
    "i uppdrag att redovisa hur eftersläpningen ska tas igen och vad det kostar till år 2030. "
) * 2
RECORDS = [
    {"id": "H611", "title": "Svar på fråga 11", "date": "2019-03-02", "type": "fr", "text": ANSWER},
    {"id": "H612", "title": "Svar på fråga 12", "date": "2019-03-01", "text": ANSWER.upper()},
    {"id": "H613", "text": ANSWER.replace("noga", "gärna", 1)},
    {"id": "H614", "text": "Frågan gäller de digitala läromedlen i skolan och vem som betalar."},
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of four answers, three of which are nearly the same."""
    folder = tmp_path_factory.mktemp("duplicates")
    lines = "".join(json.dumps(record) + "\n" for record in RECORDS)
    (folder / "corpus").mkdir()
    (folder / "corpus" / "svar.jsonl").write_text(lines, encoding="utf-8")
    searchkit.reindex(folder / "corpus", folder / "index", processes=1)
    return folder / "index"


def test_groups_tell_what_is_known_of_each_document(index: Path) -> None:
    """A group has the oldest first, and of each its id, title, date, type, path, similarity."""
    [group] = near_duplicates(index, threshold=0.8)

    assert group[:2] == (
        Duplicate("H612", "Svar på fråga 12", "2019-03-01", None, "svar.jsonl", 1.0),
        Duplicate("H611", "Svar på fråga 11", "2019-03-02", "fr", "svar.jsonl", 1.0),
    )
    assert group[2].id == "H613"
    assert 0.8 <= group[2].similarity < 1


def test_the_threshold_decides(index: Path) -> None:
    """At 1 only documents with the same words are left."""
    assert [[d.id for d in group] for group in near_duplicates(index, threshold=1)] == [
        ["H612", "H611"]
    ]


def test_faults_are_told(index: Path, tmp_path: Path) -> None:
    """A threshold out of range and a directory without an index are errors of the library."""
    with pytest.raises(UsageError, match=r"from 0\.5 to 1"):
        near_duplicates(index, threshold=0.3)
    with pytest.raises(IndexNotFoundError):
        near_duplicates(tmp_path)
