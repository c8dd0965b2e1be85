"""Which metadata does a Markdown file begin with?"""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.corpus.formats import front_matter
from searchkit.corpus.formats.front_matter import FrontMatterError, split_front_matter


def value_of(written: str) -> str | None:
    values, _ = split_front_matter(f"---\nkey: {written}\nlast: x\n---\n")
    assert values["last"][0] == "x"
    return values["key"][0] if "key" in values else None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Grön el", "Grön el"),
        ("prop. 2015/16:100", "prop. 2015/16:100"),
        ("Hav: ett svar", "Hav: ett svar"),
        ("https://example.org/#topp", "https://example.org/#topp"),
        ("Grön el  # utkast", "Grön el"),
        ('"Hav: # ett"', "Hav: # ett"),
        ('"Hav"  # utkast', "Hav"),
        (r'"sa \"hej\" \\ \u00e5\xe4"', r'sa "hej" \ åä'),
        (r'"\ud83d\ude00 \ud83d"', "😀 \ufffd"),
        ("'sa ''hej'''", "sa 'hej'"),
        ("C:\\mapp\\", "C:\\mapp\\"),
        ("lång rad\n  som går vidare", "lång rad som går vidare"),
        ("'lång rad\n  som går vidare'", "lång rad som går vidare"),
        ('"lång\\\n  \\ rad"', "lång rad"),
        (">-\n  en\n  två", "en två"),
        ("|\n  en\n  två", "en\ntvå"),
        ("\n  - en\n  - 'två: 2'", "en; två: 2"),
        ("\n- en\n- två", "en; två"),
        ("[en, 'två, 2', \"tre\"]", "en; två, 2; tre"),
        ("[]", None),
        ("", None),
        ("null", None),
        ("~", None),
        ("{a: b}", None),
        ("\n  - a: b\n    c: d", None),
        ("\n  a: b", None),
    ],
)
def test_values(written, expected):
    """Scalars and lists of scalars are read as YAML means them; the rest is passed over."""
    assert value_of(written) == expected


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1))
def test_single_quotes_hold_anything(text):
    """A value in single quotes, with its own doubled, comes back whole."""
    quoted = "'" + text.replace("'", "''") + "'"

    assert (value_of(quoted) or "") == text.strip()


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("Rubrik", "title"),
        ("rubrik ", "title"),
        ('"rubrik"', "title"),
        ("'rubrik' ", "title"),
        ("utfardad_datum", "date"),
        ("doctype", "type"),
        ("Egen nyckel", None),
    ],
)
def test_keys(written, column):
    """Keys are names that are understood, or kept in lower case."""
    values, _ = split_front_matter(f"---\n{written}: x\n---\n")

    assert values == {column or written.lower(): ("x", 2)}


@pytest.mark.parametrize("closing", ["---", "...", "---  "])
def test_end(closing):
    """The front matter ends with the line that closes it."""
    text = f"---\na: b\n{closing}\nText\n"

    _, end = split_front_matter(text)

    assert text[end:] == "Text\n"


@pytest.mark.parametrize("text", ["Hej\n", "", "---\n\nHej\n---\n", "----\na: b\n---\n", "---"])
def test_no_front_matter(text):
    """Without a mark on the first line, and a line right below it, there is none."""
    assert split_front_matter(text) == ({}, 0)


def test_dash_without_blank_is_no_item():
    """A line that begins with a dash, but not with a dash and a blank, goes on with the value."""
    values, _ = split_front_matter("---\na:\n  -b\n---\n")

    assert values == {"a": ("-b", 2)}


def test_comments_and_blank_lines():
    """Comments and blank lines between pairs say nothing."""
    values, _ = split_front_matter("---\n# hej\na: b\n\nc: d\n---\n")

    assert values == {"a": ("b", 3), "c": ("d", 5)}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\na: b\n", 1),
        ("---\na: b\nbara text\n---\n", 3),
        ("---\n  indragen\n---\n", 2),
        ('---\na: b\nc: "hej\n---\n', 3),
        ("---\na: 'b' c\n---\n", 2),
        ("---\na: b\nc: [d, e\n---\n", 3),
        ("---\na:b\n---\n", 2),
    ],
)
def test_broken(text, line):
    """Front matter that is not understood is an error with its line."""
    with pytest.raises(FrontMatterError) as caught:
        split_front_matter(text)

    assert caught.value.line == line


@given(st.text(st.sampled_from("-a:\"'[]{}\\,#>| \n."), max_size=40))
def test_any_text_is_read_or_refused(text):
    """Whatever stands there, the answer is values and an end, or an error with a line."""
    text = "---\n" + text
    refused_at, end = 1, 0
    try:
        _, end = split_front_matter(text)
    except FrontMatterError as error:
        refused_at = error.line

    assert 1 <= refused_at <= text.count("\n") + 1
    assert 0 <= end <= len(text)


def test_examples():
    """The examples in the docstrings hold."""
    assert doctest.testmod(front_matter).failed == 0
    assert doctest.testmod(front_matter).attempted > 0
