"""
What of an RTF file has to be kept before a library turns it into text?

striprtf turns RTF into text, code pages and escapes included, but passes over notes, text
boxes, headings and pages. So its input is prepared: words that carry structure are replaced
by control characters, which reach its output; notes are moved to the end, boxes behind
their paragraph; what was deleted or hidden, pictures and unknown groups are taken out. One
pass over the tokens, whose grammar is three lines long; groups are a stack, not recursion.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from searchkit.corpus.formats.prose import BREAK, TOP, note_mark

HEADING, CELL, ROW, LINE, NOTE = "\x01", "\x02", "\x03", "\x04", "\x05"
"""Marks: the paragraph is a heading; a cell, row or line ends; here stands a note's text."""

GROUPS_MAX = 10_000
"""In one another; Word reaches some 20."""
_FONT_TOKENS_MAX = 20_000
_HEADING_NAME = re.compile(r"(?:heading|rubrik) ?[1-9]\b", re.IGNORECASE)

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?"
    r"|(\\'[0-9a-fA-F]{2})"
    r"|\\([^a-zA-Z])"
    r"|([{}])"
    r"|([^\\{}]+)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\r\n]+")
_HIGH = re.compile(r"[^\x00-\x7f]")

_MARKS = {
    "page": LINE + BREAK,
    "line": LINE,
    "lbr": LINE,
    "softpage": BREAK,
    "cell": CELL,
    "nestcell": " ",
}
_LETTERS = {
    *("tab", "emdash", "endash", "emspace", "enspace", "qmspace", "bullet", "lquote", "rquote"),
    *("ldblquote", "rdblquote"),
}
_CAPTURED = {"title", "author", "company", "subject"}
_DATES = {"creatim", "revtim"}
_LEFT_OUT = {
    *("colortbl", "pict", "object", "objdata", "header", "headerl", "headerr", "headerf", "footer"),
    *("footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "xe", "tc"),
    *("fldinst", "datafield", "info", "listtable", "listoverridetable", "revtbl", "rsidtbl"),
    *("generator", "template", "operator", "shp", "shprslt", "do", "annotation", "atnid"),
    *("bkmkstart", "bkmkend", "themedata", "datastore", "latentstyles", "filetbl", "nonshppict"),
    *("keywords", "doccomm", "comment", "hlinkbase", "category", "manager", "private", "rxe"),
    *("ftncn", "aftncn", "ftnseparator", "formfield", "nonesttables", "upr_"),
}
_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}


@dataclass(slots=True)
class _State:
    """What holds until the end of the group."""

    left_out: bool = False
    unseen: bool = False
    heading: bool = False
    in_table: bool = False
    destination: str = ""


@dataclass(slots=True)
class Prepared:
    """RTF that striprtf reads, and what it would not tell."""

    body: str = ""
    encoding: str = "cp1252"
    info: dict[str, str] = field(default_factory=dict)
    """RTF of title, author …; dates in ISO 8601."""
    is_whole: bool = False
    """Every group that was opened was closed."""


def prepare(source: str) -> Prepared:
    """
    Prepare RTF, one character a byte, for striprtf.

    Raises:
        RecursionError: its groups are nested too deeply.
    """
    return _Preparation().run(source)


class _Preparation:
    def __init__(self) -> None:
        self._prepared = Prepared()
        self._states = [_State()]
        self._outs: list[list[str]] = [[]]
        self._captures: list[tuple[int, str]] = []
        self._boxes: list[str] = []
        self._notes: list[str] = []
        self._headings: set[int] = set()
        self._style: int | None = None
        self._style_name: list[str] = []
        self._font_tokens = 0
        self._section_began = False
        self._date: dict[str, int] = {}

    def run(self, source: str) -> Prepared:
        position = 0
        while match := _TOKEN.match(source, position):
            position = match.end()
            word, number, hexed, sign, brace, text = match.groups()
            if brace == "{":
                self._open()
            elif brace:
                if len(self._states) == 2:
                    self._prepared.is_whole = True
                    break
                self._close()
            elif word:
                if word == "bin":
                    position += max(0, int(number or 0))
                else:
                    self._word(word, None if number is None else int(number))
            elif sign:
                self._sign(sign)
            else:
                self._text(hexed or text)
        while len(self._states) > 2:
            self._close()
        self._flush_boxes()
        notes = "".join(f"\\par {NOTE}{body}" for body in self._notes)
        self._prepared.body = "".join((*self._outs[0], notes, "}"))
        return self._prepared

    def _emit(self, piece: str) -> None:
        self._outs[-1].append(piece)

    def _set(self, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self._states[-1], name, value)

    def _open(self) -> None:
        if len(self._states) > GROUPS_MAX:
            raise RecursionError
        above = self._states[-1]
        self._states.append(_State(above.left_out, above.unseen, above.heading, above.in_table))
        self._emit("{")

    def _close(self) -> None:
        state = self._states.pop()
        self._emit("}")
        if self._captures and self._captures[-1][0] > len(self._states):
            kind = self._captures.pop()[1]
            self._keep(kind, "".join(self._outs.pop()))
            # Its first brace stands in the output below.
            self._emit("}")
        if state.destination in _DATES and {"yr", "mo", "dy"} <= self._date.keys():
            date = f"{self._date['yr']:04}-{self._date['mo']:02}-{self._date['dy']:02}"
            self._prepared.info[state.destination] = date
        name = "".join(self._style_name).strip()
        if state.destination == "style" and self._style is not None and _HEADING_NAME.match(name):
            self._headings.add(self._style)

    def _keep(self, kind: str, captured: str) -> None:
        captured = "{" + captured
        if kind == "footnote":
            self._notes.append(captured)
            self._emit(f"\\sk {note_mark(str(len(self._notes)))}")
        elif kind == "shptxt":
            self._boxes.append(captured)
        else:
            self._prepared.info.setdefault(kind, captured)

    def _word(self, word: str, number: int | None) -> None:
        state = self._states[-1]
        if word in ("footnote", "shptxt") or (word in _CAPTURED and not state.destination):
            inside = any(s.destination == "info" for s in self._states[-3:])
            if word not in _CAPTURED or inside:
                self._capture(word)
                return
        if word in _DATES:
            self._date = {}
        if word in _DATES or word in ("fonttbl", "stylesheet"):
            self._set(destination=word, left_out=state.left_out or word != "fonttbl")
            self._emit(f"\\{word} " if word == "fonttbl" else "")
        elif word in _LEFT_OUT:
            self._set(destination=word, left_out=True)
        elif word in ("yr", "mo", "dy"):
            self._date[word] = number or 0
        elif word in _CODE_PAGES or word == "ansicpg":
            self._code_page(word, number)
        elif word == "s" and number is not None:
            self._style_of_paragraph(number)
        elif not state.left_out:
            self._visible_word(word, number)

    def _capture(self, word: str) -> None:
        self._captures.append((len(self._states), word))
        self._outs.append([])
        self._set(left_out=False, destination=word, in_table=False, heading=False)

    def _visible_word(self, word: str, number: int | None) -> None:
        state = self._states[-1]
        if word in ("par", "sect", "row", "nestrow"):
            self._end_paragraph(word)
        elif word in _MARKS:
            self._emit(f"\\sk {_MARKS[word]}")
        elif word == "pard":
            self._set(heading=False, in_table=False)
        elif word == "intbl":
            self._set(in_table=True)
        elif word == "outlinelevel":
            self._set(heading=number is not None and 0 <= number < 9)
        elif word in ("v", "deleted"):
            self._set(unseen=number != 0)
        elif word == "plain":
            self._set(unseen=False)
        elif word == "pagebb":
            self._emit(f"\\sk {TOP}")
        elif word in ("sbknone", "sbkcol"):
            self._section_began = False
        elif word == "u" and number is not None:
            self._emit(f"\\u{number % 65_536} " if not state.unseen else "\\sk ")
        elif word == "uc" and number is not None and 0 <= number <= 8:
            self._emit(f"\\uc{number} ")
        elif word in ("f", "deff", "fcharset") and number is not None:
            self._emit(f"\\{word}{number} ")
        elif word in _LETTERS and not state.unseen:
            self._emit(f"\\{word} ")
        else:
            self._emit("\\sk ")

    def _end_paragraph(self, word: str) -> None:
        state = self._states[-1]
        if word == "row":
            self._emit(f"\\sk {ROW}\\par ")
        elif word == "nestrow" or state.in_table or self._captures:
            self._emit(f"\\sk {LINE}")
        else:
            self._emit(f"\\sk {HEADING}\\par " if state.heading else "\\par ")
        if not self._captures and not state.in_table:
            self._flush_boxes()
        self._section_began = self._section_began or word == "sect"

    def _flush_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._emit(f"{box}\\par ")

    def _style_of_paragraph(self, number: int) -> None:
        if any(state.destination == "stylesheet" for state in self._states[-2:]):
            self._style, self._style_name = number, []
            self._set(destination="style")
        elif not self._states[-1].left_out:
            self._set(heading=number in self._headings)

    def _code_page(self, word: str, number: int | None) -> None:
        name = _CODE_PAGES.get(word) or f"cp{number}"
        name = "mac_roman" if number == 10_000 else name
        try:
            codecs.lookup(name)
        except LookupError:
            return
        self._prepared.encoding = name

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._set(left_out=True)
        elif sign in "\r\n":
            self._word("par", None)
        elif sign in "{}\\~-_" and not self._is_unseen():
            self._emit("\\sk -" if sign == "_" else f"\\{sign}")

    def _text(self, text: str) -> None:
        if self._states[-1].destination == "style":
            self._style_name.append(text)
        if self._is_unseen():
            return
        if any(state.destination == "fonttbl" for state in self._states[-2:]):
            self._font_tokens += 1
            if self._font_tokens > _FONT_TOKENS_MAX:
                return
        text = _CONTROL.sub("", text)
        if self._section_began and text.strip() and not self._captures:
            self._section_began = False
            self._emit(f"\\sk {TOP}")
        self._emit(_HIGH.sub(_escaped, text))

    def _is_unseen(self) -> bool:
        return self._states[-1].left_out or self._states[-1].unseen


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\'{code:02x}"
    units = match.group().encode("utf-16-le")
    pairs = (int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2))
    return "{\\uc0" + "".join(f"\\u{unit} " for unit in pairs) + "}"
