"""How does an old Word file (.doc) become a document?"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from office_files import chunk_of, fault, labels, one, package, pages

from searchkit.corpus.formats.doc import read_doc
from searchkit.model import Document

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "docx-doc"
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
WIDE_MIN = 4096
"""Smaller streams would lie in a stream of their own."""


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file; streams are filled up to a size that makes them simple."""
    fat: list[int] = [FAT]
    body = b""
    entries = [entry("Root Entry", 5, END, 0, child=1)]
    fat += [END] * 0
    directory_sectors = (len(streams) + 4) // 4
    fat += [*range(2, 1 + directory_sectors), END]
    for number, (name, content) in enumerate(streams.items(), 1):
        content = content.ljust(WIDE_MIN, b"\0")
        content += bytes(-len(content) % SECTOR)
        first, count = len(fat), len(content) // SECTOR
        fat += [*range(first + 1, first + count), END]
        following = number + 1 if number < len(streams) else FREE
        entries.append(entry(name, 2, first, len(content), right=following))
        body += content
    directory = b"".join(entries).ljust(directory_sectors * SECTOR, b"\0")
    assert len(fat) <= SECTOR // 4
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, WIDE_MIN, END, 0, END, 0),
    )
    header += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    table = struct.pack(f"<{SECTOR // 4}I", *fat, *[FREE] * (SECTOR // 4 - len(fat)))
    return header + table + directory + body


def entry(
    name: str, kind: int, first: int, size: int, *, right: int = FREE, child: int = FREE
) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xIQQIII",
        *(raw, len(raw), kind, 1, FREE, right, child, 0, 0, 0, first, size, 0),
    )


def doc(
    text: str,
    *,
    notes: str = "",
    styles: Sequence[tuple[int, bool]] = (),
    wide: bool = False,
    flags: int = 0x0200,
    version: int = 0xC1,
    **more: bytes,
) -> bytes:
    """Return a Word file of two pieces; *styles* has style and end of row of each paragraph."""
    everything = text + notes
    encoded = [
        part.encode("utf-16-le") if i or wide else part.encode("cp1252")
        for i, part in enumerate((everything[:3], everything[3:]))
    ]
    places = [1024, 1024 + len(encoded[0])]
    marks = [places[0] if wide else places[0] << 1 | 1 << 30, places[1]]
    pieces = struct.pack("<3I", 0, min(3, len(everything)), len(everything))
    pieces += b"".join(struct.pack("<HIH", 0, mark, 0) for mark in marks)
    clx = b"\x01\x02\x00ab\x02" + struct.pack("<I", len(pieces)) + pieces
    papx = struct.pack("<3I", 0, 1 << 20, 1)
    fib = bytearray(1024)
    struct.pack_into("<HH", fib, 0, 0xA5EC, version)
    struct.pack_into("<H", fib, 0x0A, flags)
    struct.pack_into("<2I", fib, 0x4C, len(text), len(notes))
    struct.pack_into("<II", fib, 0x9A + 8 * 33, 0, len(clx))
    struct.pack_into("<II", fib, 0x9A + 8 * 13, len(clx), len(papx))
    page = paragraph_page(text, places, 2 if wide else 1, styles)
    fib[512:1024] = page
    parts = {"WordDocument": bytes(fib) + b"".join(encoded), "1Table": clx + papx}
    return ole(parts | {name.replace("_", "\x05", 1): content for name, content in more.items()})


def paragraph_page(
    text: str, places: list[int], width: int, styles: Sequence[tuple[int, bool]]
) -> bytes:
    """Return 512 bytes that tell of each paragraph its style, and whether it ends a row."""
    page = bytearray(SECTOR)
    starts = [0] + [i + 1 for i, letter in enumerate(text) if letter in "\r\x07"]
    at = [places[0] + width * i if i < 3 else places[1] + 2 * (i - 3) for i in starts]
    count = len(styles)
    struct.pack_into(f"<{count + 1}I", page, 0, *at[:count], 1 << 20)
    for i, (style, ends_row) in enumerate(styles):
        where = 500 - 10 * i
        page[4 * (count + 1) + 13 * i] = where // 2
        properties = struct.pack("<H", style) + (b"\x17\x24\x01" if ends_row else b"")
        page[where] = (len(properties) + 1) // 2 + 1
        page[where + 1 : where + 1 + len(properties)] = properties
    page[-1] = count
    return bytes(page)


def summary(title: str, *, page_count: int = 1) -> bytes:
    """Return the stream with title and number of pages, as a Mac writes it."""
    raw = title.encode("mac_roman") + b"\0"
    values = [
        (1, struct.pack("<Ih2x", 2, 10_000)),
        (2, struct.pack("<II", 30, len(raw)) + raw + bytes(-len(raw) % 4)),
        (13, struct.pack("<IQ", 64, (152_000 * 86_400 + 5) * 10_000_000)),
        (14, struct.pack("<Ii", 3, page_count)),
    ]
    offset = 8 + 8 * len(values)
    index = body = b""
    for number, value in values:
        index += struct.pack("<II", number, offset + len(body))
        body += value
    return bytes(44) + struct.pack("<III", 48, offset + len(body), len(values)) + index + body


def read(text: str, **options: object) -> Document:
    return one(read_doc, doc(text, **options), "brev.doc")  # type: ignore[arg-type]


@pytest.mark.parametrize("wide", [False, True])
def test_pieces(wide: bool):
    """Pieces of 8-bit and of 16-bit characters make one text."""
    assert read("Åsö är “grön” – ж\rTvå\r", wide=wide).text == "Åsö är “grön” – ж\n\nTvå"


def test_headings():
    """The built-in heading styles make sections."""
    document = read(
        "Plan\rSkäl\rText\rMål\rMer\r",
        styles=[(1, False), (1, False), (0, False), (2, False), (0, False)],
    )
    assert labels(document) == ["Skäl", "Mål"]


def test_table():
    """Cells end with a mark; the mark that ends a row is known by its property."""
    ends = [(0, False), *[(0, False), (0, False), (0, True)] * 2, (0, False)]
    document = read("Före\rÅr\x07Kr\x07\x072016\x07\x07\x07Efter\r", styles=ends)
    assert document.text == "Före\n\nÅr | Kr\n2016\n\nEfter"


def test_fields():
    """Of a field its result is text, not its code."""
    assert read('Se \x13 HYPERLINK "x" \x14sidan\x15 nu\r').text == "Se sidan nu"


def test_signs():
    """Line ends, hyphens and signs that stand for pictures are what they seem."""
    assert read("Ett\x0btvå\x1etre\x01\x08 \r").text == "Ett\ntvå-tre"


def test_notes():
    """Notes stand at the end."""
    document = read("Ord\x02 går\rSlut\r", notes="\x02 Se SOU 2015:1.\r\x02\r")
    assert document.text.startswith("Ord[1] går\n\nSlut\n\n[1] Se SOU 2015:1.")


def test_pages():
    """Page breaks count if they are as many as Word counted."""
    text = "Ett\r\x0cTvå\r"
    two, three = (ole_with_summary(text, summary("x", page_count=count)) for count in (2, 3))
    assert pages(one(read_doc, two, "a.doc")) == {"1": "Ett", "2": "Två"}
    assert pages(one(read_doc, three, "a.doc")) == {}


def ole_with_summary(text: str, properties: bytes) -> bytes:
    return doc(text, _SummaryInformation=properties)


def test_properties():
    """Title and date come from the properties, in their code page, if they can be believed."""
    content = ole_with_summary("Hej\rOm ån i dalen\r", summary("Om ån i dalen"))
    document = one(read_doc, content, "a.doc")

    assert (document.title, document.date) == ("Om ån i dalen", "2017-03-01")


def test_damaged_properties():
    """Properties that claim to be billions are passed over at once."""
    damaged = bytearray(summary("Om ån"))
    struct.pack_into("<I", damaged, 52, 0xFFFFFFFF)
    struct.pack_into("<I", damaged, 48 + 40 + 8, 0x1003)
    assert one(read_doc, ole_with_summary("Texten\r", bytes(damaged)), "a.doc").text == "Texten"


def test_other_formats_under_its_name():
    """RTF and a newer Word file that are called .doc are read as what they are."""
    assert one(read_doc, rb"{\rtf1\ansi Hej d\'e5}", "a.doc").text == "Hej då"
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>Hej</w:t></w:r></w:p></w:body></w:document>"
    )
    assert one(read_doc, package({"word/document.xml": body}), "a.doc").text == "Hej"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Hej", "is not a Word file"),
        (b"<html><p>Hej", "rename it to .html"),
        (doc("Hej\r", version=0x65), "is of Word 6 or 95"),
        (doc("Hej\r", flags=0x0300), "is encrypted"),
        (doc("Hej\r", flags=0), "it has no part '0Table'"),
        (doc(""), "is empty"),
        (ole({"EncryptedPackage": b"x"}), "is encrypted"),
        (ole({"Workbook": b"x"}), "is an old Excel file"),
        (ole({"Other": b"x"}), "without a Word document"),
        (ole({"WordDocument": b"x"}), "is of Word 6 or 95"),
        (doc("Hej\r")[:3000], "truncated"),
        (doc("Hej\r")[:700], "truncated"),
        (
            doc("Hej\r").replace(b"\x01\x02\x00ab\x02", b"\x01\x02\x00ab\x03"),
            "no list of the pieces",
        ),
        (
            doc("Hej då\r").replace(struct.pack("<3I", 0, 3, 7), struct.pack("<3I", 0, 3, 1 << 30)),
            "the pieces of its text overlap",
        ),
    ],
)
def test_faults(content: bytes, reason: str):
    """What is wrong with a file is told."""
    assert reason in fault(read_doc, content, "a.doc")


def test_genuine_judgment():
    """A genuine judgment has its text, and title, date, type, number and court from its table."""
    path = SAMPLES / "dv_downloaded_HDO_O_2668-07.doc"
    if not path.exists():
        pytest.skip("no samples here")
    (document,) = read_doc(chunk_of(path.read_bytes(), path.name))

    assert isinstance(document, Document)
    assert (document.title or "").startswith("Fråga om tidigare brottslighet utgjort skäl")
    assert (document.date, document.type) == ("2007-10-05", "beslut")
    assert (document.fields["number"], document.fields["organ"]) == (
        "Ö 2668-07",
        "Högsta domstolen",
    )
    assert document.text.endswith("Sökord: | Rättegångsombud; Avvisning; Redbarhet")
