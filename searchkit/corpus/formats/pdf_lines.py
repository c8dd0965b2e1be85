"""
What stands where on a page of a PDF file?

PDFium gives the characters of a page in the order in which they were drawn, and the box
of each. Asking for every box would cost more than all the rest, so only the first and
the last character of a word are asked for, and the font where a line begins, where the
height changes and where the line ends. Words on one baseline with less than an em
between them are a :class:`Line`; tables, columns and margins thus come as several
lines on one height.

Coordinates are points (1/72 inch), x to the right, y downwards from any origin. A page
whose text runs upwards (a table laid on its side) is turned first.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

HYPHENS = "-\u00ad\u2010\u2011"
"""What a cut word may end in."""

CHARS_PER_PAGE_MAX = 200_000
"""More than any readable page holds; what follows is left out."""

_WORD = re.compile("[^\\s\ufffe\x02]+[\ufffe\x02]?|[\ufffe\x02]")
_BOLD = re.compile("bold|black|heavy|semibold|demi", re.IGNORECASE)
_ITALIC = re.compile("italic|oblique|kursiv", re.IGNORECASE)
_FORCE_BOLD, _ITALIC_FLAG = 1 << 18, 1 << 6
_BOLD_WEIGHT = 600
_GLUE_EM = 0.12
"""A narrower gap that has no space of its own is one inside a word."""
_COLUMN_GAP_EM = 1.0
"""A wider gap between words may be one between columns."""

_REPLACED: dict[int, str | None] = str.maketrans(
    {
        "\ufffe": "-",
        "\x02": "-",
        "\uf0b7": "•",
        "\uf0a7": "•",
        "\uf0d8": "•",
        "\uf076": "•",
        "\uf06e": "•",
        "\uf02d": "–",
        "\u200b": None,
        "\ufeff": None,
        "\x00": None,
    }
)
# Only Latin ligatures: NFKC as a whole would turn "m²" into "m2".
_REPLACED.update({code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)})
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAC_ORDER = "".join(map(chr, range(32, 127))) + bytes(range(128, 256)).decode("mac_roman")
"""Letters in the order in which TrueType fonts mostly number them, from glyph 3 on."""

_Box: TypeAlias = tuple[float, float, float]


@dataclass(slots=True)
class Line:
    """Words on one baseline, side by side."""

    text: str
    x0: float
    x1: float
    y: float
    """Of the baseline."""
    size: float
    """Height of the font, in points."""
    bold: bool
    """From its first word to its last."""
    italic: bool
    """From its first word to its last."""


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    bold: bool
    italic: bool
    quarter: int
    """Direction of writing in quarter turns, anticlockwise from left to right."""


def lines_of(text_page: Any) -> list[Line]:
    """
    Return the lines of a page in the order in which they were drawn.

    Args:
        text_page: handle of PDFium's type ``FPDF_TEXTPAGE``.

    Cost: about 5 µs a word.
    """
    return list(_PageReader(text_page).lines())


class _PageReader:
    """Asks PDFium about one page; holds the buffers that its functions write to."""

    def __init__(self, text_page: Any) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self._page = text_page
        self._count = min(int(raw.FPDFText_CountChars(text_page)), CHARS_PER_PAGE_MAX)
        self._rect = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._name = ctypes.create_string_buffer(200)
        self._flags = ctypes.c_int()
        self._text = self._characters()
        self._quarter = self._direction()

    def lines(self) -> Iterator[Line]:
        line: Line | None = None
        last = height = 0.0
        last_index = 0
        style = _Style(0.0, False, False, 0)
        turned = 0
        for match in _WORD.finditer(self._text):
            start, end = match.span()
            if start < turned:
                continue
            x0, _, tall = self._box(start)
            x1 = self._box(end - 1)[1]
            x, y = self._origin(start)
            same = line is not None and abs(y - line.y) < 0.2 * line.size
            if (
                line
                and same
                and abs(tall - height) < 0.01 * tall + 0.01
                and (-0.3 * line.size < x0 - last < _COLUMN_GAP_EM * line.size)
            ):
                # A letter drawn apart from its word is no word of its own.
                glued = x - last < _GLUE_EM * line.size and self._is_glued(start)
                line.text += match[0] if glued else " " + match[0]
                line.x1 = max(line.x1, x1)
            else:
                if line:
                    yield self._finished(line, style, last_index)
                style = self._style(start)
                if style.quarter != self._quarter:
                    line, turned = None, self._line_end(start)
                    yield self._sideways(start, turned, style)
                    continue
                line = Line(match[0], x0, max(x0, x1), y, style.size, style.bold, style.italic)
                height = tall
            last, last_index = x1, end - 1
        if line:
            yield self._finished(line, style, last_index)

    def _characters(self) -> str:
        """Return the text, one character for each of PDFium's."""
        raw, count = self._raw, self._count
        if count <= 0:
            return ""
        units = (ctypes.c_ushort * (2 * count + 2))()
        written = raw.FPDFText_GetText(self._page, 0, count, units)
        used = memoryview(units).cast("B")[: 2 * max(0, written - 1)]
        text = bytes(used).decode("utf-16-le", "replace")
        return text if len(text) == count else self._one_by_one()

    def _one_by_one(self) -> str:
        """Return the text with the characters that PDFium leaves out of it: controls."""
        raw, page = self._raw, self._page
        codes = [int(raw.FPDFText_GetUnicode(page, i)) for i in range(self._count)]
        chars = [chr(code) if code < 0x110000 else "\ufffd" for code in codes]
        unknown = [i for i in range(self._count) if raw.FPDFText_HasUnicodeMapError(page, i) == 1]
        if are_glyph_numbers("".join(chars[i] for i in unknown)):
            for i in unknown:
                chars[i] = letter_of_glyph(chars[i])
        return "".join(chars)

    def _direction(self) -> int:
        """Return the direction in which most of a sample of the page's words run."""
        words = list(_WORD.finditer(self._text))
        sample = words[:: len(words) // 16 + 1]
        turns = Counter(self._style(word.start()).quarter for word in sample)
        return turns.most_common(1)[0][0] if turns else 0

    def _box(self, index: int) -> _Box:
        """Return left, right and height of a character."""
        rect = self._rect
        self._raw.FPDFText_GetLooseCharBox(self._page, index, rect)
        if self._quarter == 0:
            return rect.left, rect.right, rect.top - rect.bottom
        if self._quarter == 1:
            return rect.bottom, rect.top, rect.right - rect.left
        if self._quarter == 2:
            return -rect.right, -rect.left, rect.top - rect.bottom
        return -rect.top, -rect.bottom, rect.right - rect.left

    def _origin(self, index: int) -> tuple[float, float]:
        """Return where a character's baseline begins; slanted ones reach to its left."""
        self._raw.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        x, y = self._x.value, self._y.value
        return ((x, -y), (y, x), (-x, y), (-y, -x))[self._quarter]

    def _style(self, index: int) -> _Style:
        raw, matrix = self._raw, self._matrix
        matrix.a, matrix.b, matrix.c, matrix.d = 1.0, 0.0, 0.0, 1.0
        raw.FPDFText_GetMatrix(self._page, index, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        size = abs(raw.FPDFText_GetFontSize(self._page, index) * scale)
        self._flags.value = 0
        self._name.value = b""
        raw.FPDFText_GetFontInfo(self._page, index, self._name, 200, self._flags)
        name, flags = self._name.value.decode("latin-1"), self._flags.value
        heavy = raw.FPDFText_GetFontWeight(self._page, index) >= _BOLD_WEIGHT
        if abs(matrix.a) >= abs(matrix.b):
            quarter = 0 if matrix.a >= 0 else 2
        else:
            quarter = 1 if matrix.b > 0 else 3
        return _Style(
            size=size if 0.1 < size < 1000 else 10.0,
            bold=heavy or bool(flags & _FORCE_BOLD) or _BOLD.search(name) is not None,
            italic=bool(flags & _ITALIC_FLAG) or _ITALIC.search(name) is not None,
            quarter=quarter,
        )

    def _finished(self, line: Line, style: _Style, last_index: int) -> Line:
        line.text = clean(line.text)
        if style.bold or style.italic:
            end = self._style(last_index)
            line.bold, line.italic = style.bold and end.bold, style.italic and end.italic
        return line

    def _is_glued(self, start: int) -> bool:
        """Tell whether the blank before the word at *start* is PDFium's own guess."""
        if not (self._text[start].islower() and self._text[start - 2 : start - 1].isalpha()):
            return False
        return bool(self._raw.FPDFText_IsGenerated(self._page, start - 1) == 1)

    def _line_end(self, start: int) -> int:
        end = self._text.find("\n", start)
        return len(self._text) if end < 0 else end

    def _sideways(self, start: int, end: int, style: _Style) -> Line:
        """Return a line that runs in another direction than the page, as if it did not."""
        x0, x1, _ = self._box(start)
        text = clean(" ".join(self._text[start:end].split()))
        return Line(text, x0, x1, self._origin(start)[1], style.size, False, False)


def clean(text: str) -> str:
    """Return *text* with hyphens, bullets and ligatures as they are usually written."""
    if text.isascii() and "\x02" not in text and "\x00" not in text:
        return text
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.translate(_REPLACED)


def letter_of_glyph(char: str) -> str:
    """Return the letter of the glyph whose number stands in place of a letter."""
    number = ord(char) - 3
    return _MAC_ORDER[number] if 0 <= number < len(_MAC_ORDER) else char


def are_glyph_numbers(chars: str) -> bool:
    """
    Tell whether characters that a font does not explain are the numbers of its glyphs.

    Old programs embedded fonts so; a blank is glyph 3.

    >>> are_glyph_numbers("5HJHULQJHQV\\x03SURSRVLWLRQ"), are_glyph_numbers("Regeringen\\x03")
    (True, False)
    """
    letters = "".join(map(letter_of_glyph, chars))
    return "\x03" in chars and sum(map(str.islower, letters)) > 0.5 * len(letters)
