"""Which directories are opened as an index, and which are refused."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from index_worlds import TINY, TinyModel, by_id, commit, contents, some_documents

from searchkit.errors import (
    AnalyzerMismatchError,
    CorruptIndexError,
    IndexFormatError,
    IndexNotFoundError,
    SearchkitError,
)
from searchkit.index import IndexWriter, Snapshot
from searchkit.index import snapshot as snapshot_module
from searchkit.index.manifest import MANIFEST_NAME, Manifest, SegmentEntry, read_manifest
from searchkit.index.manifest import write_manifest as write


class OtherModel(TinyModel):
    """A model with another fingerprint."""

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        """Identify the model."""
        return "other"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of two segments, one with a deleted document."""
    commit(tmp_path, some_documents(5))
    commit(tmp_path, some_documents(7)[5:], ["d0"])
    return tmp_path


def change(index: Path, changed: Callable[[dict[str, Any]], Any]) -> None:
    """Change a manifest's content, its checksum included."""
    path = index / MANIFEST_NAME
    content = json.loads(path.read_text())
    del content["crc32"]
    changed(content)
    content["crc32"] = zlib.crc32(json.dumps(content, sort_keys=True).encode())
    path.write_text(json.dumps(content))


def test_a_snapshot_numbers_all_documents(index: Path) -> None:
    """Snapshot-wide ids go on from segment to segment and lead back to each document."""
    snapshot = Snapshot(index, model=TINY)
    found = [snapshot.locate(doc_id) for doc_id in range(7)]

    assert [live.segment.key(doc_id) for live, doc_id in found] == [f"d{n}" for n in range(7)]
    with pytest.raises(IndexError):
        snapshot.locate(7)


def test_a_word_is_looked_up_in_all_segments(index: Path) -> None:
    """The term of a word that the index holds is the one it was indexed with."""
    snapshot = Snapshot(index, model=TINY)

    assert snapshot.term_of("ekonomin") == "eko"
    assert snapshot.term_of("finnsinte") is None


def test_no_index(tmp_path: Path) -> None:
    """A folder without manifest, a missing folder and a file are no index."""
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "none", tmp_path / "file"):
        with pytest.raises(IndexNotFoundError, match="reindex"):
            Snapshot(path, model=TINY)


@pytest.mark.parametrize(
    "content", [b"{}", b'{"magic": "other"}', b"[]", b"1", b"null", b'"searchkit-index"']
)
def test_foreign_manifests(tmp_path: Path, content: bytes) -> None:
    """Another program's manifest.json is refused as such."""
    (tmp_path / MANIFEST_NAME).write_bytes(content)
    with pytest.raises(IndexFormatError, match="expected a manifest"):
        Snapshot(tmp_path, model=TINY)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 5000])
def test_manifests_that_are_not_json(tmp_path: Path, content: bytes) -> None:
    """A manifest that is not JSON is damaged."""
    (tmp_path / MANIFEST_NAME).write_bytes(content)
    with pytest.raises(CorruptIndexError):
        Snapshot(tmp_path, model=TINY)


@pytest.mark.parametrize("version", [0, 1, 3, "2", None])
def test_other_versions_are_refused(index: Path, version: Any) -> None:
    """An index of another format version is refused with the remedy."""
    change(index, lambda content: content.update(format=version))
    with pytest.raises(IndexFormatError, match="from-scratch"):
        Snapshot(index, model=TINY)


@pytest.mark.parametrize(
    "name",
    [
        "../segment-1-0.skx",
        "/etc/segment-1-0.skx",
        "x/../segment-1-0.skx",
        "segment-1-0.skx/../segment-1-0.skx",
        "segment-1-0.skx\0",
        "segment-1-0.skx\n",
        "SEGMENT-1-0.skx",
        "manifest.json",
        "",
        1,
        ["segment-1-0.skx"],
    ],
)
@pytest.mark.parametrize("where", ["file", "tombstones"])
def test_file_names_cannot_lead_elsewhere(index: Path, name: Any, where: str) -> None:
    """A manifest that names anything but files of its own folder is refused."""
    change(index, lambda content: content["segments"][0].update({where: name}))
    with pytest.raises(CorruptIndexError, match="malformed"):
        Snapshot(index, model=TINY)


@pytest.mark.parametrize(
    "changed",
    [
        lambda c: c.pop("segments"),
        lambda c: c.pop("generation"),
        lambda c: c.pop("analyzer"),
        lambda c: c.pop("created"),
        lambda c: c.update(segments=1),
        lambda c: c.update(segments=[1]),
        lambda c: c.update(segments=[{}]),
        lambda c: c["segments"][0].update(more=1),
        lambda c: c["segments"][0].update(bytes=1),
        lambda c: c.update(generation="1"),
        lambda c: c.update(generation=-1),
        lambda c: c.update(generation=True),
        lambda c: c.update(analyzer=1),
    ],
)
def test_malformed_manifests(index: Path, changed: Callable[[dict[str, Any]], Any]) -> None:
    """A manifest in which something is missing or of the wrong type is refused as damaged."""
    change(index, changed)
    with pytest.raises(CorruptIndexError):
        Snapshot(index, model=TINY)


def test_a_manifest_with_a_wrong_checksum(index: Path) -> None:
    """A manifest that was edited by hand is refused."""
    path = index / MANIFEST_NAME
    path.write_text(path.read_text().replace('"generation": 2', '"generation": 3'))
    with pytest.raises(CorruptIndexError, match="checksum"):
        Snapshot(index, model=TINY)


def test_manifests_come_back(tmp_path: Path) -> None:
    """A manifest is read as it was written."""
    entries = (
        SegmentEntry("segment-1-0.skx", 5),
        SegmentEntry("segment-2-1.skx", 6, "tombstones-3-1.skx"),
    )
    manifest = Manifest(3, "sv-ö", entries, "2024-01-01T00:00:00+00:00")
    write(tmp_path, manifest)

    assert read_manifest(tmp_path) == manifest
    assert manifest.files() == {"segment-1-0.skx", "segment-2-1.skx", "tombstones-3-1.skx"}


@pytest.mark.parametrize("name", ["segment-1-0.skx", "segment-2-0.skx", "tombstones-2-0.skx"])
def test_a_missing_file_is_named(index: Path, name: str) -> None:
    """If a file that the manifest names is gone, the message names it."""
    (index / name).unlink()
    with pytest.raises(CorruptIndexError, match=name):
        Snapshot(index, model=TINY)


def test_tombstones_of_another_segment_are_refused(index: Path) -> None:
    """Tombstones that name documents or terms that their segment does not have are refused."""
    commit(index, [], ["d6"])
    change(index, lambda c: c["segments"][1].update(tombstones="tombstones-2-0.skx"))
    commit(index / "large", some_documents(500, pieces=20))
    commit(index / "large", [], [f"d{n}" for n in range(100, 200)])
    (index / "tombstones-2-0.skx").write_bytes(
        (index / "large" / "tombstones-2-0.skx").read_bytes()
    )
    with pytest.raises(CorruptIndexError, match="does not belong"):
        Snapshot(index, model=TINY)


def test_another_analyser_is_refused(index: Path) -> None:
    """An index written with another analyser is not opened, to read or to go on writing."""
    for opening in (Snapshot, IndexWriter):
        with pytest.raises(AnalyzerMismatchError, match="from-scratch") as caught:
            opening(index, model=OtherModel())
        assert (caught.value.expected, caught.value.got) == ("analyser other", "analyser tiny")


def test_a_rebuild_may_use_another_analyser(index: Path) -> None:
    """From scratch, an index can be written with another analyser."""
    with IndexWriter(index, model=OtherModel(), from_scratch=True) as writer:
        writer.put(some_documents(1)[0])
        writer.commit()

    assert contents(Snapshot(index, model=OtherModel())) == by_id(some_documents(1))


@pytest.mark.parametrize("name", [MANIFEST_NAME, "segment-1-0.skx", "tombstones-2-0.skx"])
@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"[" * 3000])
def test_a_rebuild_never_reads_what_is_there(index: Path, name: str, content: bytes) -> None:
    """From scratch, whatever is damaged is replaced."""
    (index / name).write_bytes(content)
    with pytest.raises(SearchkitError):
        Snapshot(index, model=TINY)
    commit(index, some_documents(1), from_scratch=True)

    assert contents(Snapshot(index, model=TINY)) == by_id(some_documents(1))


def test_a_reader_that_meets_a_commit_tries_again(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a commit removes files between reading the manifest and opening them, the next is read."""
    opening = snapshot_module.open_segments
    late = [some_documents(1), some_documents(2)]

    def interrupted(*arguments: Any) -> Any:
        if late:
            with monkeypatch.context() as patch:
                patch.setattr(snapshot_module, "open_segments", opening)
                commit(index, late.pop(), from_scratch=True)
        return opening(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(snapshot_module, "open_segments", interrupted)
        snapshot = Snapshot(index, model=TINY)

    assert contents(snapshot) == by_id(some_documents(1))
