"""
In which order are the lines of a page read?

Rows from top to bottom, except where a gutter divides them: a run of rows in which no
line crosses one x while lines stand on both sides of it, again and again. Such a run is
read as two columns, the left one first, if both are prose ("Nuvarande lydelse",
"Föreslagen lydelse"; agency regulations), or if the right one is a note in the margin
whose lines do not stand on the rows of the left one ("SFS 1999:175, utkom från
trycket …"). Otherwise it is a table, and its rows are kept together, cells separated by
" | ".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from searchkit.corpus.formats.pdf_lines import Line

CELL_BREAK = " | "
_CELL_GAP_EM = 1.8
"""Justified lines have spaces of up to 1.5 em."""
_PROSE_LINES_MIN = 5
_PROSE_CHARS_MIN = 14
_NOTE_LINES_MAX = 12
_DEPTH_MAX = 4
_LINES_MAX = 3_000
"""On one page; beyond it no columns are looked for."""
_CELLS_MAX = 60
"""Of a row, with which the next one is compared."""
_MARKER = re.compile(r"(?:[\d.]+|\d+ ?[a-z]?\.?|[•–—▪●○*·-]|[A-Za-z]\)|\d+ ?§|§)")


@dataclass(slots=True)
class Block:
    """Rows of one column, from top to bottom."""

    rows: list[Line]


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """
    Return the lines of a page as columns in the order of reading, lines of a row joined.

    Cost: O(n log n) for n lines without columns, a few times that with them.
    """
    blocks: list[Block] = []
    _divide(sorted(lines, key=lambda line: (line.y, line.x0)), blocks, 0)
    return blocks


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines, sorted by y, as rows: what stands on one baseline, left to right."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and _on_row(line, rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.x0)
    return rows


def _on_row(line: Line, row: Sequence[Line]) -> bool:
    row = row[-_CELLS_MAX:]
    base = max(row, key=lambda other: other.size)
    distance = abs(line.y - base.y)
    if distance > 0.45 * max(line.size, base.size):
        return False
    # A superscript stands beside, not above or below.
    slack = 0.15 * base.size
    return all(line.x0 > other.x1 - slack or line.x1 < other.x0 + slack for other in row)


def joined_rows(lines: Sequence[Line]) -> list[Line]:
    """
    Return the lines, sorted by y, as rows, each one line.

    A wide gap separates cells only if another row has one that ends, or begins, at the
    same x, or if its row has several: justified lines have wide gaps, too.
    """
    rows = rows_of(lines)
    edges: Counter[tuple[str, int]] = Counter()
    for row in rows:
        edges.update({key for a, b in pairwise(row) if _is_wide(a, b) for key in _edges(a, b)})
    joined_lines: list[Line] = []
    for i, row in enumerate(rows):
        several = sum(_is_wide(a, b) for a, b in pairwise(row)) > 1
        tabular = (several or _is_aligned(row, edges)) and not any(
            _is_justified(row, rows[j][0]) for j in (i - 1, i + 1) if 0 <= j < len(rows)
        )
        joined_lines.append(joined(row, tabular))
    return joined_lines


def _is_justified(row: Sequence[Line], other: Line) -> bool:
    """Tell whether a row is spread out evenly to the width of the *other*, a line beside it."""
    gaps = [b.x0 - a.x1 for a, b in pairwise(row)]
    return (
        bool(gaps)
        and max(gaps) - min(gaps) < 0.3 * row[0].size
        and abs(row[-1].x1 - other.x1) < 2
        and " " in other.text
        and sum(" " in line.text for line in row) <= 1
    )


def _edges(left: Line, right: Line) -> set[tuple[str, int]]:
    """Return where the cell after a gap begins and ends, give or take a point."""
    return {(side, round(x) + d) for side, x in (("b", right.x0), ("e", right.x1)) for d in (0, 1)}


def _is_aligned(row: Sequence[Line], edges: Counter[tuple[str, int]]) -> bool:
    return any(edges[key] > 1 for a, b in pairwise(row) if _is_wide(a, b) for key in _edges(a, b))


def _is_wide(left: Line, right: Line) -> bool:
    return right.x0 - left.x1 > _CELL_GAP_EM * max(left.size, right.size)


def joined(row: Sequence[Line], tabular: bool = True) -> Line:
    """Return a row as one line, its cells kept apart if it is *tabular*."""
    if len(row) == 1:
        return row[0]
    first = row[0]
    base = max(row, key=lambda line: (round(line.size, 1), len(line.text)))
    text, end = first.text, first
    for line in row[1:]:
        wide = tabular and _is_wide(end, line)
        # "5.2" and what it is the number of.
        wide = wide and not (end is first and _MARKER.fullmatch(first.text))
        text += (CELL_BREAK if wide and not _leads(end.text, line.text) else " ") + line.text
        end = line
    return Line(
        text=text,
        x0=first.x0,
        x1=end.x1,
        y=base.y,
        size=base.size,
        bold=all(line.bold for line in row),
        italic=all(line.italic for line in row),
    )


def _leads(left: str, right: str) -> bool:
    return left.endswith("..") or right.startswith("..")


def _divide(lines: list[Line], blocks: list[Block], depth: int) -> None:
    """Append the columns of *lines*, sorted by y, to *blocks*."""
    found = _run_of_columns(lines) if depth < _DEPTH_MAX and len(lines) <= _LINES_MAX else None
    if found is None:
        if lines:
            blocks.append(Block(joined_rows(lines)))
        return
    start, end, gutter = found
    run = lines[start:end]
    left = [line for line in run if line.x0 < gutter]
    right = [line for line in run if line.x0 >= gutter]
    if _is_prose(rows_of(left)) and _is_prose(rows_of(right)):
        for part in (lines[:start], left, right, lines[end:]):
            _divide(part, blocks, depth + 1)
        return
    # A note goes before what it stands beside, which may go on below it.
    start = _beginning_of_text(lines, start, left[0])
    above, beside = lines[:start], [line for line in lines[start:end] if line.x0 < gutter]
    for part in (above, right, beside + lines[end:]):
        _divide(part, blocks, depth + 1)


def _beginning_of_text(lines: Sequence[Line], start: int, first: Line) -> int:
    """Return where the lines begin that *first*, at or after *start*, goes on."""
    while start:
        above = lines[start - 1]
        alike = abs(above.size - first.size) < 0.5 and above.bold == first.bold
        if not alike or abs(above.x0 - first.x0) > 2 or first.y - above.y > 1.5 * first.size:
            break
        first = above
        start -= 1
    return start


def _run_of_columns(lines: list[Line]) -> tuple[int, int, float] | None:
    """Return the run of lines that are two columns, and the x between them, or None."""
    best: tuple[int, int, float] | None = None
    for gutter in _gutters(lines):
        for start, end in _runs(lines, gutter):
            longer = best is None or end - start > best[1] - best[0]
            if longer and _are_columns(lines[start:end], gutter):
                best = (start, end, gutter)
    return best


def _gutters(lines: Sequence[Line]) -> list[float]:
    """Return where lines often begin to the right of others, the most frequent first."""
    counts: dict[int, int] = {}
    heights = [line.y for line in lines]
    for i, line in enumerate(lines):
        first = bisect_left(heights, line.y - 2 * line.size)
        for j in range(first, min(len(lines), i + 12)):
            other = lines[j]
            if other.x1 < line.x0 - 0.5 * line.size and abs(other.y - line.y) < 2 * line.size:
                key = round(line.x0)
                counts[key] = counts.get(key, 0) + 1
                break
    spread = {x: sum(counts.get(x + d, 0) for d in (-2, -1, 0, 1, 2)) for x in counts}
    often = sorted((x for x in spread if spread[x] >= 2), key=lambda x: (-spread[x], x))
    chosen: list[int] = []
    for x in often:
        if all(abs(x - other) > 4 for other in chosen):
            chosen.append(x)
        if len(chosen) == 6:
            break
    return [x - 3.0 for x in chosen]


def _runs(lines: Sequence[Line], gutter: float) -> list[tuple[int, int]]:
    """Return the runs of lines none of which crosses *gutter*, from the first right one on."""
    runs: list[tuple[int, int]] = []
    start = 0
    for i in range(len(lines) + 1):
        crossed = i == len(lines) or (lines[i].x0 < gutter < lines[i].x1)
        if not crossed:
            continue
        right = [j for j in range(start, i) if lines[j].x0 >= gutter]
        if len(right) >= 2:
            first, last = right[0], right[-1]
            top, bottom = lines[first], lines[last]
            while first > start and lines[first - 1].y > top.y - 1.2 * top.size:
                first -= 1
            while last + 1 < i and lines[last + 1].y < bottom.y + 0.9 * bottom.size:
                last += 1
            runs.append((first, last + 1))
        start = i + 1
    return runs


def _are_columns(run: Sequence[Line], gutter: float) -> bool:
    left = [line for line in run if line.x0 < gutter]
    right = [line for line in run if line.x0 >= gutter]
    if not left or len(right) < 2:
        return False
    left_rows, right_rows = rows_of(left), rows_of(right)
    if len(right_rows) < 2:
        return False
    if _is_prose(left_rows) and _is_prose(right_rows):
        return True
    return _is_note(left_rows, right_rows)


def _is_prose(rows: Sequence[Sequence[Line]]) -> bool:
    """Tell whether the rows of a column fill it as prose does, and are no cells."""
    if len(rows) < _PROSE_LINES_MIN:
        return False
    lines = [joined(row) for row in rows]
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    full = sum(line.x1 - line.x0 > 0.75 * width for line in lines)
    chars = sorted(len(line.text) for line in lines)
    # Longer parts may be columns of their own.
    cells = sum(min(map(len, line.text.split(CELL_BREAK))) < _PROSE_CHARS_MIN for line in lines)
    return (
        full >= 0.5 * len(lines)
        and chars[len(chars) // 2] >= _PROSE_CHARS_MIN
        and cells < 0.4 * len(lines)
    )


def _is_note(left: Sequence[Sequence[Line]], right: Sequence[Sequence[Line]]) -> bool:
    """Tell whether the right rows are a note of their own: closed up, and off the left rows."""
    if len(right) > _NOTE_LINES_MAX or any(len(row) > 1 for row in right):
        return False
    if sum(len(row) > 1 for row in left) > 0.3 * len(left):
        return False
    # The numbers of headings stand to the left of them, and are no text of their own.
    if max(len(line.text) for row in left for line in row) < _PROSE_CHARS_MIN:
        return False
    lines = [row[0] for row in right]
    if any(b.y - a.y > 2.2 * max(a.size, b.size) for a, b in pairwise(lines)):
        return False
    heights = sorted(line.y for row in left for line in row)
    off = sum(
        all(abs(y - line.y) > 1.0 for y in heights[max(0, i - 1) : i + 1])
        for line in lines
        for i in [bisect_left(heights, line.y)]
    )
    return off >= 1
