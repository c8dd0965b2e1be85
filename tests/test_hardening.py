"""What is damaged, hostile or in motion is reported with its path and reason; the run goes on."""

from __future__ import annotations

import ctypes
import faulthandler
import gzip
import io
import os
import re
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest

import searchkit
from searchkit.corpus import Chunk, Limits, Reader, content_of, register, registry
from searchkit.model import Document

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import kill_test, made_files, mutation_test, resume_test  # noqa: E402

Put = Callable[[str, bytes | str], Path]
forking = pytest.mark.skipif(
    os.name == "nt", reason="a reader registered here is unknown to workers that are not forked"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder for a corpus, with one sound file."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "sund.txt").write_text("En sund fil om klimatmål.", encoding="utf-8")
    return folder


@pytest.fixture
def put(corpus: Path) -> Put:
    """Write a file of the corpus."""

    def write(name: str, content: bytes | str) -> Path:
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def reported(corpus: Path, *, limits: Limits | None = None) -> dict[str, str]:
    """
    Reindex; return what was reported, as the reasons by path.

    The sound file must be found afterwards.
    """
    index = corpus.parent / "index"
    report = searchkit.reindex(corpus, index, limits=limits, processes=2)
    with searchkit.open(index) as opened:
        assert [hit.id for hit in opened.search("sund klimatmål")][:1] == ["sund.txt"]
    return {error.path.relative_to(corpus).as_posix(): error.reason for error in report.skipped}


def ids_in(index: Path) -> set[str]:
    """Return the ids of the documents that an index holds."""
    return set(kill_test.digests_in(index))


def test_a_truncated_pdf(corpus: Path, put: Put) -> None:
    """A PDF file without its end is read as far as it goes, or reported as truncated."""
    content = made_files.made(".pdf", 1)
    put("kort.pdf", content[:200])

    assert "truncated" in reported(corpus)["kort.pdf"]


def test_a_zip_bomb(corpus: Path, put: Put) -> None:
    """A member that grows beyond all measure is reported with its path in the archive."""
    put("bomb.zip", made_files.zipped({"stor.txt": bytes(60 << 20), "liten.txt": "Text om vatten"}))

    found = reported(corpus)
    assert list(found) == ["bomb.zip/stor.txt"]
    assert "as a zip bomb does" in found["bomb.zip/stor.txt"]
    assert "bomb.zip/liten.txt" in ids_in(corpus.parent / "index")


def test_names_that_lead_out_of_an_archive(corpus: Path, put: Put) -> None:
    """A member called ../x is reported, written nowhere, and the others are read."""
    put("ut.zip", made_files.zipped({"../ute.txt": "Text utanför", "inne.txt": "Text inuti"}))

    found = reported(corpus)
    assert list(found) == ["ut.zip/../ute.txt"]
    assert not (corpus.parent / "ute.txt").exists()
    assert "ut.zip/inne.txt" in ids_in(corpus.parent / "index")


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_one_line_beyond_the_limit(corpus: Path, put: Put, suffix: str) -> None:
    """A line that is too long is reported with its number; what stands before it is read."""
    content = b'{"id": "x", "text": "Text om skog"}\n{"id": "y", "text": "' + b"a" * 9_000_000
    put("rad.jsonl" + suffix, gzip.compress(content) if suffix else content)
    index = corpus.parent / "index"
    report = searchkit.reindex(corpus, index, limits=Limits(line_bytes=1 << 20))

    [error] = report.skipped
    assert (error.path.name, error.line) == ("rad.jsonl" + suffix, 2)
    assert "larger than 1 MB" in error.reason
    assert ids_in(index) == {"sund.txt", "x"}


def test_a_line_of_500_mb_takes_no_memory(corpus: Path, put: Put) -> None:
    """Of an uncompressed file with one line of 500 MB only a limit's worth is looked at."""
    path = put("rad.jsonl", "")
    with path.open("r+b") as sparse:
        sparse.write(b'{"id": "x", "text": "')
        sparse.truncate(500 << 20)
    began = time.monotonic()

    assert "NUL bytes" in reported(corpus)["rad.jsonl"] or "larger" in reported(corpus)["rad.jsonl"]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("latin.txt", "Åtgärder för en grönare miljö över hela länet".encode("latin-1")),
        ("sexton.txt", "Åtgärder för en grönare miljö över hela länet".encode("utf-16")),
    ],
)
def test_another_encoding_is_read(corpus: Path, put: Put, name: str, content: bytes) -> None:
    """Prose in another encoding than UTF-8 is read, not garbled."""
    put(name, content)
    assert reported(corpus) == {}

    with searchkit.open(corpus.parent / "index") as opened:
        assert [hit.id for hit in opened.search("åtgärder länet")] == [name]


def test_bytes_of_no_encoding_are_reported(corpus: Path, put: Put) -> None:
    """What is no text in any encoding is reported."""
    put("brus.txt", bytes(range(256)) * 8)

    assert "not text" in reported(corpus)["brus.txt"]


def test_links_that_go_round(corpus: Path, put: Put) -> None:
    """A folder that links to itself is read once, and a link to nothing is reported."""
    put("a/text.txt", "Text om vindkraft")
    try:
        (corpus / "a" / "runt").symlink_to(corpus, target_is_directory=True)
        (corpus / "a" / "sig.txt").symlink_to(corpus / "a" / "sig.txt")
        (corpus / "inget.txt").symlink_to(corpus / "finns-inte.txt")
    except OSError:
        pytest.skip("this system has no symbolic links")

    found = reported(corpus)
    assert sorted(found) == ["a/sig.txt", "inget.txt"]
    assert all(reason.startswith("cannot be read: ") for reason in found.values())
    assert ids_in(corpus.parent / "index") == {"sund.txt", "a/text.txt"}


def test_what_may_not_be_read(corpus: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without permission is reported, and tried again when it may be read."""
    path = put("hemlig.txt", "Text om hemligheter")
    path.chmod(0)
    if os.access(path, os.R_OK):
        # The superuser may read everything; so the system is made to refuse.
        whole = Path.open

        def refused(self: Path, *args: str, **options: int) -> io.IOBase:
            if self.name == path.name:
                raise PermissionError(13, "Permission denied")
            return whole(self, *args, **options)  # type: ignore[no-any-return, call-overload]

        monkeypatch.setattr(Path, "open", refused)
    assert reported(corpus) == {"hemlig.txt": "cannot be read: Permission denied"}

    monkeypatch.undo()
    path.chmod(0o644)
    assert reported(corpus) == {}
    assert "hemlig.txt" in ids_in(corpus.parent / "index")


def test_a_file_that_changes_while_it_is_read(
    corpus: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is written to after the folder was listed is reported, and read the next time."""
    path = put("rör.txt", "Text om vatten")
    listed = searchkit.reindexing.run.files_of

    def then_changed(folder: Path) -> Iterator[object]:
        found = list(listed(folder))
        path.write_text("Text om vatten och avlopp")
        return iter(found)

    monkeypatch.setattr("searchkit.reindexing.run.files_of", then_changed)
    assert "changed while it was read" in reported(corpus)["rör.txt"]

    monkeypatch.undo()
    assert reported(corpus) == {}
    assert "rör.txt" in ids_in(corpus.parent / "index")


@pytest.mark.parametrize(
    "name",
    ["två ord.txt", "rad\nbrytning.txt", "tabb\t.txt", "-n.txt", "%00.txt", "🌲.txt", "é.txt"],
)
def test_odd_names(corpus: Path, put: Put, name: str) -> None:
    """A file is read whatever characters its name has."""
    try:
        put(name, "Text om torv")
    except OSError:
        pytest.skip("this system has no such names")
    assert reported(corpus) == {}

    assert len(ids_in(corpus.parent / "index")) == 2


def test_a_name_that_is_no_text(corpus: Path) -> None:
    """A name in another encoding than UTF-8 is read as one in that encoding."""
    try:
        (corpus / os.fsdecode("översikt.txt".encode("latin-1"))).write_text("Text om torv")
    except OSError:
        pytest.skip("this system has no such names")

    assert reported(corpus) == {}
    assert "översikt.txt" in ids_in(corpus.parent / "index")


def test_an_encrypted_member(corpus: Path, put: Put) -> None:
    """A member that needs a password is reported; the others are read."""
    content = bytearray(made_files.zipped({"låst.txt": "Text som är låst", "öppen.txt": "Öppen"}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo("låst.txt").header_offset
    for at in (start + 6, content.index(b"PK\x01\x02") + 8):
        content[at] |= 1
    put("arkiv.zip", bytes(content))

    found = reported(corpus)
    assert list(found) == ["arkiv.zip/låst.txt"]
    assert "encrypted" in found["arkiv.zip/låst.txt"] or "password" in found["arkiv.zip/låst.txt"]


def _greedy(chunk: Chunk) -> Iterator[Document]:
    """Do what the file says: as a faulty library would, in C, in Python, or with memory."""
    content = content_of(chunk).decode()
    if content.startswith("count"):
        # For ever, without letting go of the interpreter's lock or looking for signals.
        sum(repeat(1))
    elif content.startswith("regex"):
        re.match(r"(a+)+$", "a" * 60 + "b")
    elif content.startswith("sleep"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        ctypes.PyDLL(None).sleep(60)
    elif content.startswith("loop"):
        while True:
            pass
    elif content.startswith("eat"):
        held = []
        while True:
            held.append(bytes(1 << 24))
    elif content.startswith("crash"):
        faulthandler.disable()
        ctypes.string_at(0)
    yield Document(chunk.relative, content, fields={"path": chunk.relative})


@pytest.fixture
def greedy() -> Iterator[None]:
    """Have files .greedy read by a reader that does what they say."""
    tables = (registry._by_name, registry._by_extension)
    before = [dict(table) for table in tables]
    register(Reader("greedy", (".greedy",), _greedy))
    yield
    for table, contents in zip(tables, before, strict=True):
        table.clear()
        table.update(contents)


@forking
@pytest.mark.usefixtures("greedy")
@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("count", "was not read within 1.5 s"),
        ("regex", "took more than 0.5 s to read"),
        ("sleep", "was not read within 1.5 s"),
        ("loop", "took more than 0.5 s to read"),
        ("crash", "crashed (SIGSEGV) the process that read it"),
    ],
)
def test_a_reader_that_does_not_come_back(corpus: Path, put: Put, what: str, reason: str) -> None:
    """Held up in C, with or without the lock, in Python, or crashed: only that file is left out."""
    for number in range(20):
        put(f"{number:02}.greedy", what if number == 10 else f"Text {number}")
    began = time.monotonic()
    found = reported(corpus, limits=Limits(seconds=0.5))

    assert list(found) == ["10.greedy"]
    assert found["10.greedy"].startswith(reason)
    assert time.monotonic() - began < 10
    assert len(ids_in(corpus.parent / "index")) == 20


@pytest.mark.usefixtures("greedy")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is not bounded there")
def test_a_reader_that_eats_memory(corpus: Path, put: Put) -> None:
    """A file whose reader allocates without end is reported, and the machine lives on."""
    for number in range(5):
        put(f"{number:02}.greedy", "eat" if number == 2 else f"Text {number}")
    found = reported(corpus, limits=Limits(memory_bytes=200 << 20))

    assert list(found) == ["02.greedy"]
    assert found["02.greedy"].startswith("takes more memory")
    assert len(ids_in(corpus.parent / "index")) == 5


def test_damaged_files_of_every_format(tmp_path: Path) -> None:
    """Damaged at random, files crash and hang nothing, and each is read or reported."""
    outcome = mutation_test.run(tmp_path, count=120, seed=3, samples=None, apart=False)

    assert outcome.failures == []
    assert outcome.documents > 20
    assert outcome.skipped > 50


@pytest.mark.skipif(os.name == "nt", reason="there are no process groups to kill")
def test_a_killed_reindex_goes_on_where_it_was(tmp_path: Path) -> None:
    """Killed and run again, a reindex of several formats ends as one that nobody disturbed."""
    summary = resume_test.run(tmp_path, kills=2, seed=1, files=16, samples=None)

    assert summary.failures == []
    assert summary.kills >= 2
