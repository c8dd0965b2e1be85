"""Are two texts that stand side by side in a table read one after the other?"""

from __future__ import annotations

from searchkit.corpus.formats.html_columns import uncolumned
from searchkit.corpus.formats.markup import flatten, parse_html


def read(rows: list[str]) -> tuple[bool, str]:
    """Tell whether the table of *rows* was taken apart, and what it says."""
    root = parse_html("<table><tr>" + "<tr>".join(rows) + "</table><p>efter")
    done = uncolumned(next(root.iter("table")))
    return done, flatten(root).text


LAW = [
    "<td>5 §<td><td>5 §<td>",
    "<td colspan=2>Kommunen får driva bad-<td colspan=2>Kommunen ska driva bad-",
    "<td>platser<td>där behov finns<td colspan=2>platser och isbanor där behov",
    "<td colspan=2>enligt en plan.<td colspan=2>finns enligt en plan.",
]


def test_present_and_proposed_wording():
    """The wording of the law as it is comes first, then that which is proposed, words whole."""
    done, text = read(LAW)

    assert done
    assert text == (
        "5 § Kommunen får driva badplatser där behov finns enligt en plan.\n\n"
        "5 § Kommunen ska driva badplatser och isbanor där behov finns enligt en plan.\n\nefter"
    )


def test_points_are_paragraphs():
    """Numbered points begin paragraphs of their own on either side."""
    rows = [*LAW, "<td colspan=2>2. en bastu som är öppen<td colspan=2>2. en bastu som är stängd"]
    _, text = read(rows)

    assert "\n\n2. en bastu som är öppen\n\n5 § Kommunen ska" in text


def test_table_of_figures():
    """A table with names and figures stays a table."""
    done, text = read(["<td>År<td>Antal bad"] + [f"<td>Kommun {n}<td>{n}" for n in range(6)])

    assert not done
    assert "Kommun 3 | 3" in text


def test_table_of_terms():
    """A table of terms and explanations, whose cells are whole sentences, stays a table."""
    rows = [f"<td>Begrepp nummer {n}<td>Det som lagen avser med begreppet {n}." for n in range(6)]

    assert not read(rows)[0]


def test_cell_over_both_sides():
    """Where a line runs over both sides there are no two texts."""
    assert not read([*LAW, "<td colspan=4>gemensam rad som går över båda sidorna"])[0]


def test_heading_over_both_sides():
    """A heading in the middle of a long comparison stands between what it divides."""
    done, text = read([*LAW[1:], "<td><td colspan=2>6 §<td>", *LAW[1:]])

    assert done
    assert text.count("Kommunen ska driva badplatser") == 2
    assert "enligt en plan.\n\n6 §\n\nKommunen får" in text
