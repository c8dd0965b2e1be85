"""Does markup become the text that a reader sees, whatever it is made of?"""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.corpus.formats.markup import MarkupError, flatten, found, parse_html, text_of


def text(markup: str | bytes) -> str:
    return flatten(parse_html(markup)).text


def test_blocks_are_paragraphs():
    """A blank line stands between blocks, however deep they are nested."""
    assert text("<p>Ett<div><div><p>Två</div></div><section>Tre</section>") == "Ett\n\nTvå\n\nTre"


def test_blanks_are_evened_out():
    """White space of any kind is one blank, also across inline elements."""
    assert text("<p> Ett&nbsp;\n och <b> två</b> </p>") == "Ett och två"


def test_inline_elements_do_not_divide_words():
    """Bold letters, NOBR and indices stay in their word."""
    assert (
        text("<p>lands<b>ting</b> <NOBR>5–7</NOBR> CO<sub>2</sub> km<sup>2</sup>")
        == "landsting 5–7 CO2 km2"
    )


def test_footnote_number_does_not_grow_onto_the_word():
    """The raised number behind a word is a word of its own."""
    assert text("<p>lagen<sup>3</sup> gäller") == "lagen 3 gäller"


def test_line_breaks():
    """One <br> ends a line, two end a paragraph."""
    assert text("<p>ett<br>två<br><br/>tre") == "ett\ntvå\n\ntre"


def test_list_items():
    """Every item of a list, of a list in it too, has a line with a hyphen."""
    assert (
        text("<p>Före<ul><li>ett<ul><li>inre</ul><li><p>två</p></ul>Efter")
        == "Före\n\n- ett\n- inre\n- två\n\nEfter"
    )


def test_items_of_numbered_lists():
    """Items of a numbered list have their numbers, from where the list or an item says."""
    assert text("<ol><li>ett<ul><li>inre</ul><li>två</ol>") == "1. ett\n- inre\n2. två"
    assert text("<ol start=4><li>fyra<li value=7>sju<li>åtta</ol>") == "4. fyra\n7. sju\n8. åtta"
    assert text("<ol start=x><li>ett<li value=''>två</ol>") == "1. ett\n2. två"


def test_items_that_are_numbered_in_their_text():
    """An item whose text begins with a number needs no other."""
    assert text("<ol><li>1) Riksdagen<li>b. beslutar</ol>") == "1) Riksdagen\nb. beslutar"


def test_table_rows():
    """Cells of a row stand in one line, divided by bars; empty cells leave no trace."""
    assert (
        text("<table><tr><th>År<th>Antal<tr><td>2021<td><td><p>fem</p><p>elever</p></table>")
        == "År | Antal\n2021 | fem elever"
    )


def test_layout_tables_keep_paragraphs():
    """A table that holds headings or tables is the layout of a page, not a table."""
    flat = flatten(
        parse_html(
            "<table><tr><td><a>Start</a><td><h1>Rubrik</h1><p>Ett</p><p>Två</p>"
            "<table><tr><td>a<td>b</table></table>"
        )
    )
    assert flat.text == "Start\n\nRubrik\n\nEtt\n\nTvå\n\na | b"
    assert [(s.start, s.label) for s in flat.sections] == [(7, "Rubrik")]


def test_preformatted_lines():
    """In <pre> line ends count, and blank lines end paragraphs."""
    assert text("<pre>1 §  Första\n  raden\n\n2 § Andra</pre>") == "1 § Första\nraden\n\n2 § Andra"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x()</script>",
        "<style>p {}</style>",
        "<noscript>slå på</noscript>",
        "<template><p>mall</p></template>",
        "<!-- anm -->",
        "<p hidden>dold</p>",
        "<span aria-hidden=true>dold</span>",
        "<nav>Meny</nav>",
        "<div role=navigation>Meny</div>",
        "<form><label>Sök</label><input><button>OK</button></form>",
        "<select><option>a</select>",
        "<svg><text>bild</text></svg>",
    ],
)
def test_what_nobody_reads_is_left_out(hidden):
    """Scripts, styles, comments, menus, forms and hidden elements leave no text."""
    assert (
        text(f"<div>Text före {hidden} och efter.</div>").replace("\n\n", " ")
        == "Text före och efter."
    )


def test_form_around_a_page_is_read():
    """A form that holds the page itself, as ASP.NET makes it, is no form to fill in."""
    assert text("<form id=aspnetForm><input><h1>Rubrik</h1><p>Text</form>") == "Rubrik\n\nText"


def test_sections_lie_at_headings():
    """Every heading is a section that begins where its line begins."""
    flat = flatten(parse_html("<h1>Ett <i>första</i></h1><p>a<ul><li><h3>Två<br>rader</h3></ul>"))

    assert [section.label for section in flat.sections] == ["Ett första", "Två rader"]
    for section in flat.sections:
        assert flat.text[section.start :].startswith(section.label[:3])
        assert section.start == 0 or flat.text[section.start - 1] == "\n"


def test_empty_headings_are_no_sections():
    """A heading without text is nothing."""
    assert flatten(parse_html("<h2> </h2><p>a</p><h2><img></h2>")).sections == ()


def test_pages_begin_at_text():
    """A page starts at its first text; one without text of its own is none."""
    flat = flatten(
        parse_html("<div id=p1>ett</div><div id=p2></div><div id=p3><p>tre</div>"),
        page_of=lambda node: (node.get("id") or "").removeprefix("p") or None,
    )
    assert [(page.start, page.label) for page in flat.pages] == [(0, "1"), (5, "3")]


def test_pages_in_a_table_row_keep_their_place():
    """A page that begins inside a table's row begins at the same word of the text."""
    flat = flatten(
        parse_html("<table><tr><td>ett<td><p id=p2>två</p><p>tre</p></table>"),
        page_of=lambda node: (node.get("id") or "").removeprefix("p") or None,
    )
    assert flat.text[flat.pages[0].start :].startswith("två")


def test_without():
    """Elements that are found by a path are left out, what follows them is not."""
    root = parse_html("<div>a <b class=x>b</b> c</div>")
    assert flatten(root, without=found(root, "//*[@class='x']", "//i")).text == "a c"


def test_dot_leaders_are_left_out():
    """The dots of a table of contents are no text."""
    assert text("<table><tr><td>Bakgrund ........... <td>7</table>") == "Bakgrund | 7"


def test_text_of_one_line():
    """The text of an element, or of none, is one line."""
    assert text_of(parse_html("<p>a</p><p>b</p>")) == "a b"
    assert text_of(None) == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850"])
def test_encodings(encoding):
    """Pages that declare nothing are decoded all the same."""
    assert text("<p>Åtgärder för sjön</p>".encode(encoding)) == "Åtgärder för sjön"


def test_declared_encoding():
    """What a page declares decides where its bytes do not."""
    assert text(b'<meta http-equiv=x content="text/html; charset=iso-8859-2"><p>\xb1') == "ą"


def test_wrongly_declared_utf8():
    """Bytes that are UTF-8 are read as such, whatever the page declares."""
    assert text("<meta charset=iso-8859-1><p>å".encode()) == "å"


def test_stray_nul():
    """A single NUL byte, as damage leaves it, does not cost the page."""
    assert text(b"<p>Sko\0lan" + b" a" * 1000).startswith("Skolan a")


def test_xml_declaration():
    """XHTML with an XML declaration is read, entities and empty elements included."""
    markup = '<?xml version="1.0" encoding="utf-8"?><html><head><title/></head><body>'
    assert text(f"{markup}<p>a&nbsp;b<a id='x'/></p><p>c</p></body></html>") == "a b\n\nc"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<!-- -->", "is empty"),
        (b"%PDF-1.4 <p>a", "is not HTML"),
        (b"\0\1\2\3" * 50, "is not HTML"),
        (b"<div>" * 5000 + b"a", "nested"),
    ],
)
def test_what_cannot_be_read(content, reason):
    """Empty, binary and far too deeply nested input is refused with the reason."""
    with pytest.raises(MarkupError, match=reason):
        text(content)


@pytest.mark.parametrize(
    "piece", ["<table><tr><td>", "<ul><li>a", "<form><p>a", "a<br>", "<tr><td>b", "<h1>a</h1>"]
)
def test_time_is_linear(piece):
    """A hundred thousand of anything take a moment, or are refused at once."""
    started = time.monotonic()
    for count in (600, 100_000):
        with contextlib.suppress(MarkupError):
            text(piece * count)
    assert time.monotonic() - started < 5


def test_huge_style_sheet():
    """Megabytes of style sheet neither hide the text nor stop the parser."""
    style = "p { margin: 0 } " * 700_000
    assert text(f"<style>{style}</style><p>Text</p>") == "Text"


_TAGS = (
    "p",
    "div",
    "br",
    "li",
    "ul",
    "table",
    "tr",
    "td",
    "h1",
    "h2",
    "pre",
    "span",
    "sup",
    "form",
)
_PIECES = st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS])


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES | st.text("aå \n\t<>&;\xa0", max_size=4), max_size=40))
def test_any_markup(pieces):
    """Whatever the markup: no blanks at the edges, at most one blank line, ascending sections."""
    try:
        flat = flatten(parse_html("".join(pieces)), page_of=lambda node: "1")
    except MarkupError:
        return
    assert flat.text == flat.text.strip()
    assert "\n\n\n" not in flat.text
    assert "  " not in flat.text
    for part in (flat.sections, flat.pages):
        starts = [section.start for section in part]
        assert sorted(starts) == starts
        assert all(0 <= start < len(flat.text) for start in starts)
