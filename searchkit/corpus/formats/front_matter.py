"""
Which metadata does a Markdown file begin with?

Front matter is YAML between ``---`` lines. People write simple pairs in it and
programs little more, so a small subset is read: plain and quoted scalars, also
folded over indented lines, block scalars (``>``, ``|``) and lists of scalars,
which are joined by "; ". Nested structures are passed over. Anything else is an
error that names its line: metadata that is silently wrong is worse than none.

    FrontMatter := "---" Line* ("---" | "...")
    Line        := Blank | "#" Comment | Key ": " Value | Indented | "- " Item
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searchkit.corpus.metadata import ALIASES

_OPENING = re.compile(r"---[ \t]*\n(?=[^\n]*\S)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_PAIR = re.compile(
    r"""(?:"([^"]+)"[ \t]*|'([^']+)'[ \t]*|([^\s:"'#&*!|>%@`\[\]{},-][^:"'#]*)):(?:[ \t]+(.*))?"""
)
_NESTED = re.compile(r"""(?:[\w-]+|"[^"]*"|'[^']*'):(?:\s|$)""")
_BLOCK = re.compile(r"[>|][+-]?\d?[+-]?(?:\s+#.*)?")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_QUOTED = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')\s*(?:\s#.*)?""")
_FLOW_ITEM = re.compile(
    r"""\s*("(?:[^"\\]|\\.)*"(?=\s*(?:,|$))|'(?:[^']|'')*'(?=\s*(?:,|$))|[^,]+)\s*(?:,|$)"""
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "", "_": "\xa0", "N": "\n"}


class FrontMatterError(ValueError):
    """The front matter is broken at *line*, counted from 1 in the file."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def split_front_matter(text: str) -> tuple[dict[str, tuple[str, int]], int]:
    """
    Return the front matter of *text* and the code-point offset where it ends.

    As in pandoc, a ``---`` line opens front matter only if the line after it is
    not blank; otherwise it is a rule, and nothing and 0 are returned.

    Returns:
        Column (an alias becomes its column, other keys are in lower case) to
        (value, line of the key); the offset of the line after the closing one.

    Raises:
        FrontMatterError: it is not closed, or a line is not understood.

    >>> split_front_matter("---\\ntitel: Grön el\\n---\\nHej")
    ({'title': ('Grön el', 2)}, 23)
    """
    opening = _OPENING.match(text)
    if not opening:
        return {}, 0
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        raise FrontMatterError("the front matter is not closed by a line '---'", 1)
    values: dict[str, tuple[str, int]] = {}
    for line, key, parts in _entries(text[opening.end() : closing.start()].split("\n")):
        try:
            value = _value(parts)
        except ValueError as error:
            raise FrontMatterError(f"the front matter is broken: {error}", line) from error
        if value:
            values[ALIASES.get(key.lower(), key.lower())] = (value, line)
    return values, closing.end()


def _entries(lines: Sequence[str]) -> Iterator[tuple[int, str, list[str]]]:
    """Yield line number, key, and the value's parts: on the key's line, and below it."""
    entry: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(lines, 2):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        if entry and (line[0] in " \t" or content == "-" or content.startswith("- ")):
            entry[2].append(content)
        elif match := _PAIR.fullmatch(line.rstrip()):
            if entry:
                yield entry
            key = match[1] or match[2] or match[3]
            entry = (number, key.strip(), [(match[4] or "").strip()])
        else:
            reason = "the front matter is broken: this line is not 'key: value'"
            raise FrontMatterError(reason, number)
    if entry:
        yield entry


def _value(parts: Sequence[str]) -> str | None:
    """Return a value as one string, or None if it has a structure that is passed over."""
    head, *below = parts
    if _BLOCK.fullmatch(head):
        return ("\n" if head[0] == "|" else " ").join(below)
    head = _COMMENT.sub("", head) if head.startswith("#") else head
    if not head and below:
        if below[0] == "-" or below[0].startswith("- "):
            return _list(_items(below))
        if _NESTED.match(below[0]):
            return None
    folded = _fold([head, *below])
    if folded.startswith("["):
        inside = _COMMENT.sub("", folded) if not folded.endswith("]") else folded
        if not inside.endswith("]"):
            raise ValueError("the list is not closed by ']'")
        return _list(_FLOW_ITEM.findall(inside[1:-1]))
    return None if folded.startswith("{") else _scalar(folded)


def _items(lines: Sequence[str]) -> list[str]:
    items: list[list[str]] = []
    for line in lines:
        if line == "-" or line.startswith("- "):
            items.append([line[2:].strip()])
        else:
            items[-1].append(line)
    return [_fold(item) for item in items]


def _list(items: Sequence[str]) -> str | None:
    if any(_NESTED.match(item.strip()) for item in items):
        return None
    return "; ".join(filter(None, map(_scalar, items)))


def _fold(parts: Sequence[str]) -> str:
    """Join the lines of a scalar by spaces, but without one after a backslash in quotes."""
    if parts[0].startswith('"'):
        *most, last = parts
        joined = (part[:-1] if part.endswith("\\") else f"{part} " for part in most)
        return "".join((*joined, last))
    return " ".join(parts).strip()


def _scalar(written: str) -> str:
    written = written.strip()
    if written[:1] in ("'", '"'):
        match = _QUOTED.fullmatch(written)
        if not match:
            raise ValueError("a quotation mark is not closed, or text follows the closing one")
        if match[1] is None:
            return match[2].replace("''", "'").strip()
        # Escaped surrogates become the characters that they stand for in pairs.
        text = _ESCAPE.sub(_unescape, match[1]).encode("utf-16-le", "surrogatepass")
        return text.decode("utf-16-le", "replace").strip()
    plain = _COMMENT.sub("", written).strip()
    return "" if plain in ("~", "null", "Null", "NULL") else plain


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])
