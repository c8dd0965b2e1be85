"""``searchkit open``: which file or address is opened, by which program."""

from __future__ import annotations

import io
import sys
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_fakes import FakeIndex
from click.testing import Result

import searchkit
from searchkit.cli import open as open_module
from searchkit.cli.place import extracted, place_of
from searchkit.errors import DocumentFormatError
from searchkit.index.sources import Sources
from searchkit.model import Document, Section

Run = Callable[..., Result]
URL = "https://example.org/prop-1"
PAGES = (Section(0, "iii"), Section(1, "1"), Section(2, "1"))
TEXT = "Motion om tåg\n\nTågen ska gå i tid."


@pytest.fixture
def document(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the index hold one document with these fields, of that corpus."""

    def hold(*, pages: tuple[Section, ...] = PAGES, **fields: str) -> None:
        held = Document("D1", "abc", fields=fields, pages=pages)
        sources = Sources(str(corpus), "", {})
        FakeIndex(document_shown=held, sources=sources).install(monkeypatch)

    return hold


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the programs of the platform are asked to show; there is one for everything."""
    calls: list[tuple[object, ...]] = []

    def show(*args: object) -> bool:
        calls.append(args)
        return True

    for name in ("show_file", "show_web_page", "show_pdf_page"):
        monkeypatch.setattr(open_module, name, show)
    return calls


@pytest.fixture
def nothing_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a display and without programs."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


def put(corpus: Path, name: str, content: bytes = b"") -> Path:
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_file_is_opened(
    corpus: Path, document: Callable[..., None], run: Run, opened: list[tuple[object, ...]]
) -> None:
    """A document is opened as its file in the corpus, even if it has an address."""
    path = put(corpus, "mapp/prop.pdf")
    document(path="mapp/prop.pdf", url=URL)

    result = run("open", "D1")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert opened == [(path,)]


def test_pdf_is_opened_at_the_page(
    corpus: Path, document: Callable[..., None], run: Run, opened: list[tuple[object, ...]]
) -> None:
    """A printed page number leads to the place of that page in the file."""
    path = put(corpus, "prop.pdf")
    document(path="prop.pdf")

    result = run("open", "D1", "--page", "1")

    assert opened == [(path, 2)]
    assert result.stderr == "note: 2 pages are numbered '1'; this is the first\n"


def test_other_files_have_no_pages(
    corpus: Path, document: Callable[..., None], run: Run, opened: list[tuple[object, ...]]
) -> None:
    """A format that cannot be opened at a page is opened, and the page's place told."""
    path = put(corpus, "prop.docx")
    document(path="prop.docx")

    result = run("open", "D1", "--page", "iii")

    assert opened == [(path,)]
    assert result.stderr == ("note: opened at its beginning; that page is number 1 of the file\n")


def test_unknown_page(
    corpus: Path, document: Callable[..., None], run: Run, opened: list[tuple[object, ...]]
) -> None:
    """A page that the document does not have ends in 2, and nothing is opened."""
    put(corpus, "prop.pdf")
    document(path="prop.pdf")

    assert run("open", "D1", "--page", "9").exit_code == 2
    assert opened == []


@pytest.mark.parametrize(
    ("path", "there"),
    [("dump.jsonl.xz", True), ("lista.csv", True), ("gone.pdf", False), ("", False)],
)
def test_web_page_is_opened(
    path: str, there: bool, corpus: Path, document: Callable[..., None], run: Run,
    opened: list[tuple[object, ...]],
) -> None:  # fmt: skip
    """Where a file is for programs, is gone or never was, the address is opened."""
    if there:
        put(corpus, path)
    document(url=URL, **({"path": path} if path else {}))

    assert run("open", "D1").exit_code == 0
    assert opened == [(URL,)]


def test_data_without_an_address(
    corpus: Path, document: Callable[..., None], run: Run, opened: list[tuple[object, ...]]
) -> None:
    """A file for programs is opened if there is no better."""
    path = put(corpus, "dump.jsonl")
    document(path="dump.jsonl")

    run("open", "D1")

    assert opened == [(path,)]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a/\x1b", "http://[", "x"],
)
def test_only_web_addresses_are_opened(
    url: str, document: Callable[..., None], run: Run, opened: list[tuple[object, ...]]
) -> None:
    """An address that leads anywhere but to the web is not opened."""
    document(url=url)

    assert run("open", "D1").exit_code == 2
    assert opened == []


@pytest.mark.parametrize("path", ["../secret.txt", "a/../../secret.txt", "program.sh", "a.txt/b"])
def test_index_cannot_choose_what_is_opened(
    path: str, corpus: Path, document: Callable[..., None], run: Run,
    opened: list[tuple[object, ...]],
) -> None:  # fmt: skip
    """A path out of the corpus, to a file that is no document, or below one, is not opened."""
    put(corpus.parent, "secret.txt", b"hemligt")
    put(corpus, "program.sh", b"#!/bin/sh")
    put(corpus, "a.txt", b"text")
    document(path=path)

    assert run("open", "D1").exit_code == 2
    assert opened == []


def test_file_that_is_gone(corpus: Path, document: Callable[..., None], run: Run) -> None:
    """If there is neither file nor address, it is told what is missing and where."""
    document(path="prop.pdf")

    result = run("open", "D1")

    assert result.exit_code == 2
    assert result.stderr == (
        f"error: 'D1' is 'prop.pdf', but there is no such file in '{corpus}' any more; "
        "bring it up to date with `searchkit reindex`\n"
    )


def test_document_from_nowhere(document: Callable[..., None], run: Run) -> None:
    """A document that somebody's program put into the index has nothing to be opened."""
    document()

    assert run("open", "D1").stderr == "error: 'D1' came from no file, and has no address\n"


def test_index_that_remembers_no_corpus(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without notes of its corpus an index cannot say where a file is."""
    FakeIndex(document_shown=Document("D1", "abc", fields={"path": "a.txt"})).install(monkeypatch)

    result = run("open", "D1")

    assert result.exit_code == 2
    assert "the index does not tell where its corpus is" in result.stderr


def test_print(
    corpus: Path, document: Callable[..., None], run: Run, opened: list[tuple[object, ...]]
) -> None:
    """--print prints the path, with a page the address of that page, and opens nothing."""
    path = put(corpus, "prop 1.pdf")
    document(path="prop 1.pdf")

    assert run("open", "D1", "--print").stdout == f"{path}\n"
    assert run("open", "D1", "--print", "--page", "iii").stdout == f"{path.as_uri()}#page=1\n"
    assert opened == []


def test_print_of_an_address(document: Callable[..., None], run: Run) -> None:
    """--print prints the address where that would be opened."""
    document(url=URL)

    assert run("open", "D1", "--print").stdout == f"{URL}\n"


@pytest.mark.parametrize("args", [(), ("--page", "1")], ids=str)
def test_without_a_display(
    args: tuple[str, ...], corpus: Path, document: Callable[..., None], run: Run,
    nothing_opens: None,
) -> None:  # fmt: skip
    """Where nothing can be opened, what would be is printed, and the status is 2."""
    put(corpus, "prop.pdf")
    document(path="prop.pdf")

    result = run("open", "D1", *args)

    assert result.exit_code == 2
    assert result.stdout == run("open", "D1", "--print", *args).stdout
    assert result.stderr.splitlines()[-1] == (
        "error: there is no display, or no program, to open it with"
    )


def test_web_page_without_a_display(
    document: Callable[..., None], run: Run, nothing_opens: None
) -> None:
    """No browser takes over a terminal."""
    document(url=URL)

    result = run("open", "D1")

    assert (result.exit_code, result.stdout) == (2, f"{URL}\n")


def zipped(corpus: Path) -> Path:
    path = corpus / "arkiv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mapp/motion.txt", TEXT)
        archive.writestr("mapp/annan.txt", "Annat.")
    return path


def test_member_of_an_archive(
    corpus: Path, run: Run, opened: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    """A member of an archive is written to a temporary file of its name, which is opened."""
    archive, index = zipped(corpus), tmp_path / "index"
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    searchkit.reindex(corpus, index, processes=1)

    result = run("open", "arkiv.zip/mapp/motion.txt", "--index", str(index))

    [(path,)] = opened
    assert isinstance(path, Path)
    assert (path.name, path.read_text(encoding="utf-8")) == ("motion.txt", TEXT)
    assert path.is_relative_to(tmp_path)
    assert result.stderr == (
        f"note: {archive}/mapp/motion.txt is in an archive; opened as {path}\n"
    )


def test_member_is_printed_below_its_archive(corpus: Path, run: Run, tmp_path: Path) -> None:
    """--print tells which archive and which member; nothing is written."""
    archive, index = zipped(corpus), tmp_path / "index"
    searchkit.reindex(archive, index, processes=1)

    result = run("open", "arkiv.zip/mapp/motion.txt", "--index", str(index), "--print")

    assert result.stdout == f"{archive}/mapp/motion.txt\n"


def test_member_of_a_nested_archive(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in an archive within a compressed archive comes out as it went in."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("motion.txt", TEXT)
    with tarfile.open(corpus / "a.tgz", "w:gz") as tar:
        info = tarfile.TarInfo("mapp/b.zip")
        info.size = len(inner.getvalue())
        tar.addfile(info, io.BytesIO(inner.getvalue()))
    place = place_of(corpus, "a.tgz/mapp/b.zip/motion.txt")

    assert place is not None
    assert extracted(place).read_text(encoding="utf-8") == TEXT


def test_member_that_is_gone(corpus: Path) -> None:
    """A member that its archive no longer has is told with its place."""
    zipped(corpus)
    place = place_of(corpus, "arkiv.zip/mapp/borta.txt")

    assert place is not None
    with pytest.raises(DocumentFormatError, match=r"borta\.txt: is no longer in its archive"):
        extracted(place)


def test_name_that_the_disk_spells_otherwise(corpus: Path) -> None:
    """A file whose name is decomposed on the disk is found by the composed one of its id."""
    name = "mål/å.txt"
    path = put(corpus, unicodedata.normalize("NFD", name), b"text")

    place = place_of(corpus, name)

    assert place is not None
    assert place.path.samefile(path)


def test_corpus_of_one_file(corpus: Path) -> None:
    """The corpus may be the file itself, whose path is then its name."""
    path = put(corpus, "dump.jsonl")

    place = place_of(path, "dump.jsonl")

    assert place is not None
    assert place.path == path
    assert place_of(path, "other.jsonl") is None
