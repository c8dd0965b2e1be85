"""Which text do these bytes hold?"""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.corpus.encoding import NotTextError, decode

SWEDISH = (
    "Regeringen föreslår att producentansvaret för textil utökas. Återbruk är billigare än "
    "återvinning – det visar utredningen ”Från värdekedja till värdecykel”. Östersjön påverkas.\n"
)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=50))
def test_utf8_is_itself(text):
    """UTF-8 is decoded as it is, whatever it says."""
    text = text.removeprefix("\ufeff")

    assert decode(("å" + text).encode()) == "å" + text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_mark_decides(mark, encoding):
    """A byte order mark names the encoding and is no part of the text."""
    assert decode(mark + SWEDISH.encode(encoding)) == SWEDISH


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark(encoding):
    """UTF-16 is known by where its zero bytes stand."""
    assert decode(SWEDISH.encode(encoding)) == SWEDISH


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850", "latin-1", "cp865"])
def test_old_swedish_code_pages(encoding):
    """Swedish in an old 8-bit code page keeps its letters."""
    text = (
        SWEDISH
        if encoding in ("cp1252", "mac_roman")
        else SWEDISH.translate({ord("–"): "-", ord("”"): '"'})
    )

    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize(
    "text", ["Skolan på landsbygden", "Ett råd för hälsan", "ÅTGÄRDER MOT BROTT", "Läge för mål"]
)
def test_a_few_words_suffice(encoding, text):
    """A handful of letters is enough to tell the code pages apart."""
    assert decode(text.encode(encoding)) == text


def test_quotation_marks_alone_are_cp1252():
    """English with curly quotation marks and dashes is cp1252."""
    text = "The Commission’s proposal – “a circular economy” – was adopted…"

    assert decode(text.encode("cp1252")) == text


def test_undefined_byte_does_not_spoil_cp1252():
    """A byte that cp1252 leaves undefined costs itself alone."""
    assert decode(SWEDISH.encode("cp1252") + b"\x81") == SWEDISH + "\ufffd"


def test_stray_bytes_in_utf8():
    """A cp1252 stretch in a UTF-8 file is decoded as cp1252, the rest as UTF-8."""
    content = SWEDISH.encode() * 5 + "på nästa sida".encode("cp1252") + SWEDISH.encode()

    assert decode(content) == SWEDISH * 5 + "på nästa sida" + SWEDISH


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Word"),
        (b"{\\rtf1\\ansi Hej}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"Hej\x00d\xe5", "NUL"),
        (bytes(range(1, 32)) * 10, "control"),
    ],
)
def test_not_text(content, what):
    """Bytes that are no text are refused by what they are."""
    with pytest.raises(NotTextError, match=what):
        decode(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(content):
    """Whatever the bytes, the result can be encoded as UTF-8, or there is none."""
    try:
        text = decode(content)
    except NotTextError:
        return
    assert text.encode("utf-8").decode("utf-8") == text


def test_long_line_without_blanks_is_linear():
    """A megabyte without a blank, such as an embedded picture, costs no more than its length."""
    content = "på ".encode("cp1252") + b"QUJD" * 250_000

    assert decode(content).startswith("på QUJD")
