"""Which format does this content have, whatever its file is called?"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile

import pytest

from searchkit.corpus import Reader, read, register, registry
from searchkit.corpus.chunk import Chunk
from searchkit.corpus.sniff import HEAD_BYTES, TAIL_BYTES, sniff
from searchkit.model import Document

PROSE = (
    "Regeringen föreslår att riksdagen antar förslaget till lag om ändring i miljöbalken. "
    "Ändringen innebär att kommunerna får ett större ansvar för avfallet, och att den som "
    "driver en anläggning ska anmäla den till länsstyrelsen senast vid årets slut.\n"
)


def zipped(*names: str, mimetype: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, random.Random(name).randbytes(9000))
    return buffer.getvalue()


def tarred(**options: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", **options) as archive:
        info = tarfile.TarInfo("a.txt")
        archive.addfile(info)
    return buffer.getvalue()


SURE = {
    "pdf": (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", ".pdf"),
    "pdf-after-blanks": (b"\xef\xbb\xbf\r\n%PDF-1.4\n", ".pdf"),
    "rtf": (b"{\\rtf1\\ansi Hej}", ".rtf"),
    "ole": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".doc"),
    "docx": (zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"), ".docx"),
    "xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
    "odt": (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"), ".odt"),
    "odt-late": (zipped("content.xml", "META-INF/manifest.xml"), ".odt"),
    "ods": (zipped("a", mimetype="application/vnd.oasis.opendocument.spreadsheet"), ".ods"),
    "epub": (zipped("OEBPS/a.xhtml", mimetype="application/epub+zip"), ".epub"),
    "zip": (zipped("word.txt", "a.json"), ".zip"),
    "empty-zip": (b"PK\x05\x06" + b"\0" * 18, ".zip"),
    "tar": (tarred(), ".tar"),
    "tar-v7": (tarred(format=tarfile.USTAR_FORMAT).replace(b"ustar\x0000", b"\0" * 8), None),
    "gz": (gzip.compress(b"x"), ".gz"),
    "xz": (lzma.compress(b"x"), ".xz"),
    "bz2": (bz2.compress(b"x"), ".bz2"),
    "html": (b"\n<!DOCTYPE html>\n<html><body>", ".html"),
    "html-upper": (b"<HTML><HEAD>", ".html"),
    "html-comment": (b"<!-- saved from -->\n<html lang='sv'>", ".html"),
    "xhtml": (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C'>\n<html>", ".html"),
    "html-utf16": ("<html><body>å".encode("utf-16"), ".html"),
    "xml": ("<?xml version='1.0'?><dokumentstatus>å".encode(), ".xml"),
    "tei": (b"<?xml version='1.0'?><?xml-model href='x'?><TEI xmlns='x'>", ".xml"),
    "fodt": (b"<?xml version='1.0'?><office:document xmlns:office='x'>", ".fodt"),
    "json": (b'{\n  "dokumentstatus": {', ".json"),
    "json-list": (b'[{"url": "/x"}]', ".json"),
    "jsonl": (b'{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n', ".jsonl"),
}


@pytest.mark.parametrize("name", SURE)
def test_clear_content(name):
    """Signatures, first elements and brackets tell a format for sure."""
    content, extension = SURE[name]
    found = sniff(content)

    assert (found.extension, found.sure) == (extension, True) if extension else found is None


@pytest.mark.parametrize("name", ["docx", "odt", "odt-late", "epub", "zip", "xlsx"])
def test_two_ends_are_enough(name):
    """The first and the last bytes of a package tell as much as all of it."""
    content, extension = SURE[name]

    assert sniff(content[:HEAD_BYTES], content[-TAIL_BYTES:]).extension == extension


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"<p>Hej</p>", ".html"),
        (b"<div class='x'>Hej", ".html"),
        (b"<dokument><titel>", ".xml"),
        (PROSE.encode(), ".txt"),
        (PROSE.encode("cp1252"), ".txt"),
    ],
)
def test_guesses(content, extension):
    """What other formats begin with as well is a guess only."""
    found = sniff(content)

    assert (found.extension, found.sure) == (extension, False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Hej\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
        b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4,
        b"\x7fELF" + b"\0" * 500,
        b"BZh is no compression",
        b"[Sammanfattning]\nText.",
        b"{{mall}} text",
        b"<svg xmlns='x'>",
        b"PK is short for Peter Karlsson",
        b"a,b,c\n1,2,3\n" * 50,
        b"def f(x):\n    return {x: [1, 2]}\n\n" * 20,
        random.Random(3).randbytes(5000),
        b"\0" * 5000,
    ],
)
def test_nothing_is_found_in(content):
    """Pictures, programs, tables, scraps and noise are of no format that is read."""
    assert sniff(content) is None


def test_any_bytes():
    """Whatever the bytes, sniffing gives an answer and raises nothing."""
    generator = random.Random(4)
    contents = [content for content, _ in SURE.values()]
    for _ in range(2000):
        changed = bytearray(generator.choice(contents)[: generator.randrange(1, 6000)])
        for _ in range(generator.randrange(8)):
            changed[generator.randrange(len(changed))] = generator.randrange(256)

        found = sniff(bytes(changed))

        assert found is None or found.extension.startswith(".")


def named(name):
    def read_as(chunk):
        yield Document(id=chunk.relative, text=name, type=name)

    return read_as


@pytest.fixture
def readers(monkeypatch):
    """Stand-ins for the readers of all formats, which tell who was asked."""
    monkeypatch.setattr(registry, "_by_name", dict(registry._by_name))
    monkeypatch.setattr(registry, "_by_extension", dict(registry._by_extension))
    for name in ("pdf", "docx", "odt", "epub", "rtf", "doc", "html", "xml", "json", "csv", "fodt"):
        register(Reader(name, ("." + name,), named(name)))
    for name, extension in (("text", ".txt"), ("markdown", ".md"), ("lines", ".jsonl")):
        register(Reader(name, (extension,), named(extension[1:]), line_based=name == "lines"))


CONTENTS = {
    name: SURE[name][0]
    for name in ("pdf", "rtf", "docx", "odt", "epub", "html", "xml", "json", "fodt")
} | {"doc": SURE["ole"][0], "jsonl": SURE["jsonl"][0]}


@pytest.mark.parametrize("called", [*CONTENTS, "txt", "md", "csv"])
@pytest.mark.parametrize("kind", CONTENTS)
def test_swapped_extension(kind, called, put, read_all, readers):
    """A file that is called one format and is clearly another is read as what it is."""
    put(f"a.{called}", CONTENTS[kind])

    [document], [] = read_all()

    # One object a line, or one object: both can be right.
    expected = called if {kind, called} == {"json", "jsonl"} and called == "jsonl" else kind
    assert document.type == ("json" if (kind, called) == ("json", "jsonl") else expected)


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize("name", ["utan ändelse", "a.unknown", "prop. 2015.16 nr 5"])
def test_unknown_extension(kind, name, put, read_all, readers):
    """A file without a known extension is read if its content is clear."""
    put(name, CONTENTS[kind])

    [document], [] = read_all()

    assert document.type == kind


def test_prose_without_extension(put, read_all, readers):
    """Prose is read where there is no extension; with an unknown one it may be anything."""
    put("LÄSMIG", PROSE)
    put("prop. 2015.16 nr 5", PROSE)
    put("a.conf", PROSE)

    documents, [error] = read_all()

    assert [document.type for document in documents] == ["txt", "txt"]
    assert error.path.name == "a.conf"


@pytest.mark.parametrize("name", ["bild.png", "bild", "program.exe"])
def test_pictures_and_programs_are_reported(name, put, read_all, readers):
    """What is of no format that is read is reported as before."""
    put(name, b"\x89PNG\r\n\x1a\n" + b"\0" * 500)

    [], [error] = read_all()

    assert "files that are read end in" in error.reason


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
@pytest.mark.parametrize("name", ["a.json", "a", "a.jsonl", "a.json.gz"])
def test_compressed_content(pack, name, put, read_all, readers):
    """Compressed data is decompressed, whatever the name says of it."""
    put(name, pack(CONTENTS["json"]))

    documents, errors = read_all()

    assert [document.type for document in documents] == ["json"]
    assert errors == []


@pytest.mark.parametrize("called", ["txt", "md"])
@pytest.mark.parametrize("content", [b"<p>Hej</p>\n", b"<dokument>x\n", PROSE.encode()])
def test_a_guess_does_not_overrule_a_name(called, content, put, read_all, readers):
    """What may well be Markdown or text stays that."""
    put(f"a.{called}", content)

    [document], [] = read_all()

    assert document.type == called


@pytest.mark.parametrize(
    ("content", "kind"), [(b"<p>Hej</p>\n", "html"), (PROSE.encode(), "txt"), (b"x", "pdf")]
)
def test_a_guess_goes_before_a_signature_that_is_missing(content, kind, put, read_all, readers):
    """Text called .pdf is read as text, if it is clearly text; otherwise as what it is called."""
    put("a.pdf", content)

    [document], [] = read_all()

    assert document.type == kind


def test_swapped_extension_in_an_archive(put, read_all, readers):
    """Members of archives are looked at as files are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", CONTENTS["pdf"])
        archive.writestr("b", CONTENTS["html"])
        archive.writestr("c.jsonl", CONTENTS["rtf"])
        archive.writestr("d.docx", CONTENTS["docx"])
        archive.writestr("e.zip", CONTENTS["odt"])
    put("a.zip", buffer.getvalue())
    with tarfile.open(fileobj=(packed := io.BytesIO()), mode="w:gz") as archive:
        info = tarfile.TarInfo("b")
        info.size = 50_000
        archive.addfile(info, io.BytesIO(CONTENTS["html"].ljust(50_000)))
    put("b.tgz", packed.getvalue())

    documents, errors = read_all()

    assert errors == []
    assert [document.type for document in documents] == [
        *("pdf", "html", "rtf", "docx", "odt"),
        "html",
    ]


def test_readers_of_other_formats_are_not_questioned(tmp_path, readers):
    """A reader of a format that is packed as ZIP, or holds JSON, keeps its files."""
    register(Reader("geo", (".kmz",), named("geo")))
    for content in (SURE["zip"][0], SURE["json"][0]):
        [document] = read(Chunk("geo", tmp_path / "a.kmz", "a.kmz", content, 1, len(content)))

        assert document.type == "geo"


def test_damaged_package_stays_with_its_reader(tmp_path, readers):
    """A package that lost what tells it from an archive is not read as an archive."""
    content = zipped("x.xml", "y.xml")

    [document] = read(Chunk("docx", tmp_path / "a.docx", "a.docx", content, 1, len(content)))

    assert document.type == "docx"


def test_truncated_docx_is_a_docx():
    """A DOCX file that was cut off, and so lost its list of parts, is one still."""
    assert sniff(SURE["docx"][0][:6000]).extension == ".docx"
