"""A reindex opens only the files that are not as it remembers them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from reindexing_world import LONG_AGO_S, Put, ids_in, lines

import searchkit
from searchkit.index import Snapshot


def test_files_as_before_are_not_opened(
    corpus: Path, index: Path, put: Put, opened: list[str]
) -> None:
    """A file of the same size and time is not read; the others are."""
    put("a.txt", "Avfall")
    put("b.txt", "Klimat")
    searchkit.reindex(corpus, index)
    opened.clear()
    put("b.txt", "Energi")
    report = searchkit.reindex(corpus, index)

    assert opened == ["b.txt"]
    assert (report.unchanged, report.replaced, report.unchanged_files) == (1, 1, 1)


def test_nothing_changed_commits_nothing(corpus: Path, index: Path, put: Put) -> None:
    """When all is as before, the generation stays, and the counts are told all the same."""
    put("a.txt", "Avfall")
    first = searchkit.reindex(corpus, index)
    generation = Snapshot(index).manifest.generation
    report = searchkit.reindex(corpus, index)

    assert Snapshot(index).manifest.generation == generation
    assert (report.documents, report.unchanged, report.tokens) == (1, 1, first.tokens)


def test_another_time_but_the_same_bytes_is_unchanged(
    corpus: Path, index: Path, put: Put, opened: list[str]
) -> None:
    """A file that was only touched is read, found the same, and not opened the next time."""
    path = put("a.txt", "Avfall")
    searchkit.reindex(corpus, index)
    os.utime(path, (LONG_AGO_S + 99, LONG_AGO_S + 99))
    opened.clear()
    report = searchkit.reindex(corpus, index)
    searchkit.reindex(corpus, index)

    assert opened == ["a.txt"]
    assert (report.unchanged, report.replaced) == (1, 0)


def test_a_file_changed_just_now_is_read_again(
    corpus: Path, index: Path, put: Put, opened: list[str]
) -> None:
    """A time within a tick of the reading is not relied on: the file may change within it."""
    path = put("a.txt", "Avfall")
    os.utime(path)
    searchkit.reindex(corpus, index)
    searchkit.reindex(corpus, index)

    assert opened == ["a.txt", "a.txt"]


def test_reread_opens_every_file(corpus: Path, index: Path, put: Put, opened: list[str]) -> None:
    """What changed without another size or time is found with reread."""
    put("a.txt", "Avfall", at=LONG_AGO_S)
    searchkit.reindex(corpus, index)
    put("a.txt", "Klimat", at=LONG_AGO_S)
    opened.clear()
    assert searchkit.reindex(corpus, index).replaced == 0
    assert opened == []

    assert searchkit.reindex(corpus, index, reread=True).replaced == 1


def test_what_is_wrong_is_told_without_reading(
    corpus: Path, index: Path, put: Put, opened: list[str]
) -> None:
    """A bad line of a dump is reported every time, though the dump is read once."""
    put("dump.jsonl", lines({"id": "1", "text": "Avfall"}) + "{\n")
    first = searchkit.reindex(corpus, index)
    second = searchkit.reindex(corpus, index)

    assert opened == ["dump.jsonl"]
    assert [str(error) for error in first.skipped] == [str(error) for error in second.skipped]
    assert len(first.skipped) == 1


def test_a_passing_trouble_is_tried_again(
    corpus: Path, index: Path, put: Put, opened: list[str]
) -> None:
    """A file that could not be opened is tried every time, though size and time are the same."""
    path = put("a.txt", "Avfall")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert len(searchkit.reindex(corpus, index).skipped) == 1
    path.chmod(0o644)
    os.utime(path, (LONG_AGO_S, LONG_AGO_S))

    assert searchkit.reindex(corpus, index).added == 1


def test_what_is_gone_is_deleted_though_nothing_is_read(
    corpus: Path, index: Path, put: Put, opened: list[str]
) -> None:
    """A file that is gone takes its documents along; the others are not opened."""
    put("a.txt", "Avfall")
    put("b.txt", "Klimat")
    searchkit.reindex(corpus, index)
    opened.clear()
    (corpus / "a.txt").unlink()

    assert searchkit.reindex(corpus, index).deleted == 1
    assert ids_in(index) == ["b.txt"]
    assert opened == []


def test_changes_by_a_library_are_undone(corpus: Path, index: Path, put: Put) -> None:
    """What a writer deletes by hand is in the corpus still, and comes back."""
    put("a.txt", "Avfall")
    searchkit.reindex(corpus, index)
    with searchkit.IndexWriter(index) as writer:
        writer.delete("a.txt")
        writer.commit()

    assert searchkit.reindex(corpus, index).added == 1


def test_another_corpus_is_not_taken_for_the_first(
    corpus: Path, index: Path, put: Put, tmp_path: Path
) -> None:
    """Notes of one folder say nothing of files of the same name in another."""
    put("a.txt", "Avfall", at=LONG_AGO_S)
    searchkit.reindex(corpus, index)
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("Klimat")
    os.utime(other / "a.txt", (LONG_AGO_S, LONG_AGO_S))

    assert searchkit.reindex(other, index).replaced == 1


def test_damaged_notes_cost_only_time(
    corpus: Path, index: Path, put: Put, opened: list[str]
) -> None:
    """With its notes damaged, a reindex reads everything and finds it unchanged."""
    put("a.txt", "Avfall")
    searchkit.reindex(corpus, index)
    [notes] = index.glob("sources-*.json")
    content = bytearray(notes.read_bytes())
    content[-5] ^= 1
    notes.write_bytes(content)
    opened.clear()
    with pytest.raises(searchkit.SearchkitError, match="sources-"):
        searchkit.verify(index)
    report = searchkit.reindex(corpus, index)

    assert (opened, report.unchanged) == (["a.txt"], 1)
    searchkit.verify(index)


def test_a_dry_run_changes_nothing(corpus: Path, index: Path, put: Put) -> None:
    """A dry run reports what a run then does, and leaves no trace."""
    put("a.txt", "Avfall")
    put("b.txt", "Klimat")
    put("c.txt", "Energi")
    report = searchkit.reindex(corpus, index, dry_run=True)
    assert (report.added, report.documents, report.dry_run) == (3, 3, True)
    assert not index.exists()
    searchkit.reindex(corpus, index)
    put("b.txt", "Vatten")
    (corpus / "c.txt").unlink()
    put("d.txt", "Skog")
    before = {path: path.read_bytes() for path in index.iterdir()}
    dry = searchkit.reindex(corpus, index, dry_run=True)
    assert {path: path.read_bytes() for path in index.iterdir()} == before
    wet = searchkit.reindex(corpus, index)

    for report in (dry, wet):
        told = (report.added, report.replaced, report.deleted, report.unchanged, report.documents)
        assert told == (1, 1, 1, 1, 3)


def test_files_with_the_same_bytes_are_one(corpus: Path, index: Path, put: Put) -> None:
    """Of files with the same bytes the last is kept, the others are told, in any order of runs."""
    put("a.txt", "Avfall")
    put("c.txt", "Avfall")
    first = searchkit.reindex(corpus, index)
    assert (ids_in(index), first.duplicates) == (["c.txt"], (("a.txt", "c.txt"),))
    put("b.txt", "Avfall")
    put("d.txt", "Avfall")
    second = searchkit.reindex(corpus, index)
    third = searchkit.reindex(corpus, index)

    assert ids_in(index) == ["d.txt"]
    expected = (("a.txt", "d.txt"), ("b.txt", "d.txt"), ("c.txt", "d.txt"))
    assert second.duplicates == third.duplicates == expected


def test_a_duplicate_is_read_once_the_kept_one_is_gone(corpus: Path, index: Path, put: Put) -> None:
    """When the file that was kept changes or goes, another with those bytes takes its place."""
    for name in "abc":
        put(f"{name}.txt", "Avfall")
    searchkit.reindex(corpus, index)
    (corpus / "c.txt").unlink()
    searchkit.reindex(corpus, index)
    assert ids_in(index) == ["b.txt"]
    put("b.txt", "Klimat")
    report = searchkit.reindex(corpus, index)

    assert ids_in(index) == ["a.txt", "b.txt"]
    assert report.duplicates == ()


def test_a_touched_file_of_several_documents_loses_none(
    corpus: Path, index: Path, put: Put
) -> None:
    """A file in which an id occurs twice keeps all its documents when it is read again."""
    rows = "id,text\n1,Avfall\n2,Klimat\n1,Energi\n3,Vatten\n"
    path = put("svar.csv", rows)
    first = searchkit.reindex(corpus, index)
    assert (ids_in(index), len(first.skipped)) == (["1", "2", "3"], 1)
    for moment in (50, 60):
        os.utime(path, (LONG_AGO_S + moment, LONG_AGO_S + moment))
        report = searchkit.reindex(corpus, index)

        assert ids_in(index) == ["1", "2", "3"]
        assert (report.deleted, len(report.skipped)) == (0, 1)
        with searchkit.open(index) as opened_index:
            assert opened_index.document("1").text == "Energi"


def test_a_superseded_document_comes_back(
    corpus: Path, index: Path, put: Put, opened: list[str]
) -> None:
    """What gave way to another file's document with its id is read again when that is gone."""
    put("a.jsonl", lines({"id": "1", "text": "Avfall"}, {"id": "2", "text": "Klimat"}))
    put("b.jsonl", lines({"id": "1", "text": "Energi"}))
    put("c.jsonl", lines({"id": "3", "text": "Vatten"}))
    first = searchkit.reindex(corpus, index)
    opened.clear()
    again = searchkit.reindex(corpus, index)
    assert opened == []
    assert [str(e) for e in first.skipped] == [str(e) for e in again.skipped]
    assert "b.jsonl" in first.skipped[0].reason
    assert first.skipped[0].path.name == "a.jsonl"
    (corpus / "b.jsonl").unlink()
    report = searchkit.reindex(corpus, index)

    assert (ids_in(index), report.skipped) == (["1", "2", "3"], ())
    assert opened == ["a.jsonl"]
    with searchkit.open(index) as opened_index:
        assert opened_index.document("1").text == "Avfall"


def test_the_last_of_an_id_is_kept_though_its_file_is_not_opened(
    corpus: Path, index: Path, put: Put
) -> None:
    """A document that comes later in the corpus stays when files before it bring its id."""
    put("d.jsonl", lines({"id": "1", "text": "Vatten"}))
    searchkit.reindex(corpus, index)
    for name in ("a", "b", "c"):
        put(f"{name}.jsonl", lines({"id": "1", "text": f"Avfall {name}"}))
    for _ in range(2):
        report = searchkit.reindex(corpus, index)
        with searchkit.open(index) as opened_index:
            assert opened_index.document("1").text == "Vatten"
        assert len(report.skipped) == 3
        assert report.documents == 1
