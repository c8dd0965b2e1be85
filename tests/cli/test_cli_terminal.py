"""What a terminal may be sent."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.cli.terminal import colored, decoded, one_line, painted, pieces, visible

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(st.text(st.sampled_from("aå \n\t\x1b\x85\x9b\u202e"), max_size=30))
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return text, list(zip(edges[::2], edges[1::2], strict=False))


@given(marked_texts())
def test_pieces_join_to_the_one_line(marked: tuple[str, list[tuple[int, int]]]) -> None:
    """The pieces of a passage, joined, are the passage on one line."""
    text, marks = marked

    assert "".join(piece for piece, _ in pieces(text, marks)) == one_line(text)


@given(marked_texts())
def test_pieces_keep_what_is_marked(marked: tuple[str, list[tuple[int, int]]]) -> None:
    """Every visible character that was marked stays marked, and no other becomes so."""
    text, marks = marked
    wanted = "".join("".join(text[start:end].split()) for start, end in marks)

    got = "".join(piece for piece, is_marked in pieces(text, marks) if is_marked)

    assert "".join(got.split()) == CONTROL.sub("\ufffd", wanted)


@given(st.text())
def test_one_line_holds_no_control_character(text: str) -> None:
    """What is shown on one line can neither break it nor move the terminal."""
    assert not CONTROL.search(one_line(text))


@pytest.mark.parametrize("bad", ["\x1b[31m", "\x9b31m", "\x07", "\x08", "\r", "\u202e"])
def test_visible_replaces_control_characters(bad: str) -> None:
    """Each control character of a text becomes one replacement character."""
    assert visible(f"a{bad}b") == f"a\ufffd{bad[1:]}b"


def test_visible_keeps_lines_and_tabs() -> None:
    """The lines and columns of a text are its own."""
    assert visible("a\tb\r\nc\n") == "a\tb\nc\n"


def test_painted_colours_only_marks() -> None:
    """Colour stands around what is marked, and nowhere else."""
    cut = [("en ", False), ("hållbar", True), (" väg", False)]

    assert painted(cut, color=True) == "en \x1b[1;33mhållbar\x1b[0m väg"
    assert painted(cut, color=False) == "en hållbar väg"


@pytest.mark.parametrize(
    ("choice", "environment", "expected"),
    [
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("never", {}, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
    ],
)
def test_colour_on_a_terminal(
    choice: str, environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the flag decides, then NO_COLOR if it is not empty, then TERM=dumb."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert colored(choice, Terminal()) is expected


def test_no_colour_in_a_pipe_unless_asked() -> None:
    """What is no terminal gets colours only with --color always."""
    assert [colored(choice, io.StringIO()) for choice in ("auto", "never", "always")] == [
        False,
        False,
        True,
    ]


def test_argument_that_the_locale_garbled_is_read_as_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that Python could not decode are UTF-8 if they can be."""
    monkeypatch.setattr("os.fsencode", lambda text: text.encode("ascii", "surrogateescape"))

    assert decoded("h\udcc3\udca5llbar") == "hållbar"
    assert decoded("h\udcc3llbar") == "h\udcc3llbar"
