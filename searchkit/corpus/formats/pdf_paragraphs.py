"""
Which lines of a PDF document are one paragraph, and what is its text?

A paragraph ends where the distance to the next row is wider than elsewhere, where the
type changes, where a row stops short after a full stop, and where the next one is
indented or begins with a bullet or a number; it goes on over a column or a page if its
last sentence does, past the footnotes. A word cut at a line end is put together again,
with its hyphen if that belongs to it: the document's other words decide, then what
follows ("in- och utförsel", "EU-rätten").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from searchkit.corpus.formats.pdf_columns import CELL_BREAK, Block
from searchkit.corpus.formats.pdf_lines import HYPHENS, Line

_ROWS_MAX = 400
"""Of a paragraph; more is text of which nothing tells where paragraphs end."""
_NOTE_SIZE = 0.94
"""Of the body's; letters of footnotes are smaller."""
_LEADING_EM = 1.2
"""Distance of lines where a document has too few to tell."""
_OTHER_SIZE = 0.06
"""Share by which sizes of type differ."""
_IMPRINT_CHARS = 40
_IMPRINT_GAP_EM = 1.3
_IMPRINT_LEADING = 1.1
"""Lines of an imprint are this much apart, in multiples of size and of the usual distance."""
_TERMINAL = re.compile(r"[.:;!?…][\"”’»)\]]*\d{0,2}$")
_LEADERS = re.compile(r"\s*(?:\.\s?){4,}\s*|\s*…{2,}\s*")
_CONTENTS = re.compile(r".*(?:\.\s?){4,}\s*\d{0,4}$|.*…\s*\d{1,4}$", re.DOTALL)
_BULLET = re.compile(r"[•▪●○◦·■□►➢✓–—-]\s+")
_NUMBERED = re.compile(
    r"(?:\d{1,3}[.)]|[a-zåäö]\)|\((?:\d{1,2}|[a-zivx]{1,4})\)|\d{1,3} ?[a-z]? ?§|"
    r"\d{1,2} ?[a-z]? kap\.|(?:\d{1,2}\.)+\d{1,2}\.?)(?=\s)"
)
_SUSPENDED = re.compile(r"(?:och|eller|samt|respektive|resp\.|men|till|som|and|or|und)\b")
_FIRST_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST_PART = re.compile(r"[^\W_]+(?:-[^\W_]+)*$")
_TAIL_CHARS = 200
"""Of a line, in which its last word or its dots are looked for."""


@dataclass(slots=True)
class Paragraph:
    """Rows that belong together."""

    rows: list[Line]
    pages: list[tuple[int, int]] = field(default_factory=list)
    """Index of a row with which a page begins, and the page from 0."""
    label: str | None = None
    """What it says as a heading; None: it is none."""
    text: str = ""

    @property
    def size(self) -> float:
        """Size of its largest letters, in points."""
        return max(row.size for row in self.rows)


@dataclass(frozen=True, slots=True)
class Body:
    """What is usual in a document."""

    size: float
    bold: bool
    italic: bool
    leading: float
    """Distance of lines, in multiples of their size."""


def body_of(blocks: Sequence[Sequence[Block]]) -> Body:
    """Return what is usual in the columns of a document's pages."""
    sizes: Counter[tuple[float, bool, bool]] = Counter()
    gaps: Counter[float] = Counter()
    for block in (block for page in blocks for block in page):
        above: Line | None = None
        for row in block.rows:
            sizes[round(row.size * 2) / 2, row.bold, row.italic] += len(row.text)
            if above and abs(above.size - row.size) < 0.5:
                gap = (row.y - above.y) / row.size
                if 0.9 < gap < 2.2:
                    gaps[round(gap, 2)] += len(row.text)
            above = row
    if not sizes:
        return Body(10.0, False, False, _LEADING_EM)
    by_size: Counter[float] = Counter()
    for (size, _, _), count in sizes.items():
        by_size[size] += count
    size = by_size.most_common(1)[0][0]
    total = by_size[size]
    bold = sum(count for key, count in sizes.items() if key[0] == size and key[1])
    italic = sum(count for key, count in sizes.items() if key[0] == size and key[2])
    leading = gaps.most_common(1)[0][0] if gaps else _LEADING_EM
    return Body(size, bold > 0.5 * total, italic > 0.5 * total, leading)


def words_of(pages: Sequence[Sequence[Line]]) -> set[str]:
    """Return the words of a document that are not cut, in lower case."""
    words: set[str] = set()
    for page in pages:
        for line in page:
            found = _FIRST_WORD.findall(line.text.lower())
            if found and line.text[-1] in HYPHENS:
                found.pop()
            words.update(found)
    return words


def paragraphs_of(pages: Sequence[Sequence[Block]], body: Body) -> Iterator[Paragraph]:
    """
    Yield the paragraphs of a document, without their texts.

    Args:
        pages: the columns of each page, in the order of reading.
        body: what is usual in the document.
    """
    current: Paragraph | None = None
    for number, blocks in enumerate(pages):
        texts, notes = _split_notes(blocks, body)
        new_page = True
        for row, begins in _beginnings(texts, body, cover=number == 0):
            if current is None or len(current.rows) >= _ROWS_MAX or begins(current):
                if current:
                    yield current
                current = Paragraph([])
            if new_page:
                current.pages.append((len(current.rows), number))
                new_page = False
            current.rows.append(row)
        if not notes:
            continue
        # One that began on this page and goes on to the next has the page's notes before it.
        if current and (current.pages or not _goes_on_page(current, pages[number + 1 :][:1])):
            yield current
            current = None
        for paragraph in paragraphs_of([[Block(notes)]], body):
            paragraph.pages.clear()
            yield paragraph
    if current:
        yield current


def _beginnings(
    blocks: Sequence[Block], body: Body, *, cover: bool
) -> Iterator[tuple[Line, Callable[[Paragraph], bool]]]:
    """Yield each row with what tells whether a paragraph begins with it, after another one."""
    for block in blocks:
        margins = _margins(block)
        above: Line | None = None
        for row in block.rows:
            if above is None:
                yield row, partial(_begins_block, row)
            elif cover and _is_imprint(above, row, body):
                yield row, lambda current: True
            else:
                yield row, partial(_begins, above=above, row=row, margins=margins, body=body)
            above = row


def _begins_block(row: Line, current: Paragraph) -> bool:
    return not _goes_on(current.rows[-1], row)


def _goes_on_page(current: Paragraph, following: Sequence[Sequence[Block]]) -> bool:
    rows = [block.rows[0] for blocks in following for block in blocks[:1]]
    return bool(rows) and _goes_on(current.rows[-1], rows[0])


def _split_notes(blocks: Sequence[Block], body: Body) -> tuple[list[Block], list[Line]]:
    """Return the blocks of a page without the footnotes that end it, and these."""
    if not blocks:
        return [], []
    rows = blocks[-1].rows
    end = len(rows)
    while end and rows[end - 1].size < _NOTE_SIZE * body.size:
        end -= 1
    if not end:
        return list(blocks), []
    return [*blocks[:-1], Block(rows[:end])], rows[end:]


def _margins(block: Block) -> tuple[float, float]:
    """Return where most full rows of a column begin, and where they end."""
    lefts = Counter(round(row.x0) for row in block.rows for _ in range(len(row.text) // 10 + 1))
    frequent = [x for x, count in lefts.items() if count >= 0.15 * sum(lefts.values())]
    rights = sorted(row.x1 for row in block.rows)
    return float(min(frequent or lefts)), rights[int(0.9 * (len(rights) - 1))]


def _goes_on(last: Line, row: Line) -> bool:
    """Tell whether the sentence of *last* goes on in *row*, on another column or page."""
    alike = abs(last.size - row.size) < 0.05 * last.size and last.bold == row.bold
    if not alike or CELL_BREAK in last.text or CELL_BREAK in row.text or is_contents(last.text):
        return False
    if _cut(last.text):
        return True
    return not _TERMINAL.search(last.text) and row.text[:1].islower() and last.text[-1:] != "_"


def _begins(
    current: Paragraph, above: Line, row: Line, margins: tuple[float, float], body: Body
) -> bool:
    """Tell whether a new paragraph begins with *row*, which stands below *above*."""
    size = max(above.size, row.size)
    if row.y - above.y > 1.3 * body.leading * size or row.y < above.y:
        return True
    if abs(above.size - row.size) > _OTHER_SIZE * size and not _is_mark(above, row):
        return True
    if CELL_BREAK in above.text or CELL_BREAK in row.text or is_contents(above.text):
        return True
    if above.bold != row.bold and (above.bold or not _ends_early(row, margins)):
        # A heading may end in plain type: "… om kustvatten; (SJVFS 2009:44)".
        return not row.text[:1].islower() or _ends_early(above, margins)
    return _starts_item(above, row, margins) or _is_set_off(current, above, row, margins)


def _is_imprint(above: Line, row: Line, body: Body) -> bool:
    """Tell whether two lines of a first page are apart: "Rapport 2031:4" and its date below."""
    return (
        row.y - above.y
        > max(_IMPRINT_GAP_EM, _IMPRINT_LEADING * body.leading) * max(above.size, row.size)
        and max(len(above.text), len(row.text)) < _IMPRINT_CHARS
        and max(above.size, row.size) < (1 + 2 * _OTHER_SIZE) * body.size
        and not row.text[:1].islower()
        and above.text[-1:] not in (*HYPHENS, ",", ":")
        and not above.text.endswith(" nr")
    )


def _is_mark(above: Line, row: Line) -> bool:
    """Tell whether one of the rows is small only because a footnote mark begins it."""
    return above.text[:3].strip().isdigit() and above.size < row.size


def _starts_item(above: Line, row: Line, margins: tuple[float, float]) -> bool:
    if _BULLET.match(row.text):
        return True
    if not _NUMBERED.match(row.text):
        return False
    ended = _TERMINAL.search(above.text) or above.text.endswith((",", " och", " eller", " samt"))
    return bool(ended) or _ends_early(above, margins)


def _is_set_off(current: Paragraph, above: Line, row: Line, margins: tuple[float, float]) -> bool:
    """Tell whether indentation or a short row above shows that a paragraph ended."""
    left, right = margins
    ended = _TERMINAL.search(above.text) is not None
    early = _ends_early(above, margins)
    indent = row.x0 - above.x0
    if _cut(above.text):
        return False
    listed = _BULLET.match(current.rows[0].text) or _NUMBERED.match(current.rows[0].text)
    if indent > 0.6 * row.size:
        ended = ended or above.text.endswith(",")
        return ended and not (listed and len(current.rows) == 1 and not early)
    starts = not row.text[:1].islower()
    if ended and early and starts:
        return True
    if listed and len(current.rows) == 1 and ended and starts and row.x0 > left + 0.6 * row.size:
        return True
    if indent < -0.6 * row.size and len(current.rows) > 1 and ended and starts:
        return True
    far = above.x1 < left + 0.55 * (right - left)
    return far and starts and not above.bold and above.x0 - left < 4 * row.size


def _ends_early(row: Line, margins: tuple[float, float]) -> bool:
    left, right = margins
    return row.x1 < right - 0.12 * (right - left)


def is_contents(text: str) -> bool:
    """Tell whether a line is an entry of a table of contents."""
    return _CONTENTS.match(text[-_TAIL_CHARS:]) is not None


def _cut(text: str) -> bool:
    return len(text) > 1 and text[-1] in HYPHENS and text[-2].isalnum()


def text_of(rows: Sequence[Line], words: set[str]) -> str:
    """Return rows as one text; *words* are those of the document, in lower case."""
    text = ""
    for row in rows:
        text = join_lines(text, row.text, words)
    text = _BULLET.sub("- ", text, count=1) if _BULLET.match(text) else text
    return _LEADERS.sub(" … ", text).replace("\u00ad", "").strip()


def join_lines(text: str, more: str, words: set[str]) -> str:
    """
    Return two lines of a paragraph as one, a word cut between them put together.

    >>> join_lines("in-", "och utförsel", set()), join_lines("kommu-", "nerna", set())
    ('in- och utförsel', 'kommunerna')
    """
    if not text:
        return more
    if not _cut(text):
        return f"{text} {more}"
    stem, hyphen = text[:-1], text[-1]
    if hyphen == "\u00ad":
        return stem + more
    if _SUSPENDED.match(more):
        return f"{stem}- {more}"
    head, tail = _LAST_PART.search(stem[-_TAIL_CHARS:]), _FIRST_WORD.match(more)
    if not head or not tail:
        return f"{stem}-{more}" if more[:1].isalnum() else f"{stem}- {more}"
    whole = (head[0] + tail[0]).lower()
    if whole.isalpha() and whole in words:
        return stem + more
    hyphenated = f"{head[0]}-{tail[0]}".lower() in words
    if hyphenated or not tail[0][0].islower() or _keeps_hyphen(head[0]):
        return f"{stem}-{more}"
    return stem + more


def _keeps_hyphen(head: str) -> bool:
    """Tell whether a compound that begins so is written with a hyphen: "EU-rätten"."""
    last = head.rsplit("-", 1)[-1]
    return last[-1].isdigit() or last[-1].isupper() or last in ("e", "icke")
