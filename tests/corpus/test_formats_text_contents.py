"""Where are the headings of a text that is nothing but lines?"""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from searchkit.corpus.formats.text_contents import _rising, headings_by_contents

CONTENTS = "Vägplan\n\nInnehåll\n1 Inledning ..... 3\n2 Skogens vägar\t4\n3 Slut\n\n"


def labels(text: str) -> list[str]:
    return [section.label for section in headings_by_contents(text)]


def test_entries_found_again():
    """What stands in the table of contents and again on its own line is a heading."""
    text = CONTENTS + "Inledning\nHär börjar det.\n\n2  Skogens vägar\nMer.\n3 Slut\nSlut nu.\n"

    found = headings_by_contents(text)

    assert [section.label for section in found] == ["1 Inledning", "2 Skogens vägar", "3 Slut"]
    assert [text[section.start :].partition("\n")[0] for section in found] == [
        "Inledning",
        "2  Skogens vägar",
        "3 Slut",
    ]


def test_words_torn_apart():
    """A heading is found even where its words are torn apart or its case differs."""
    text = CONTENTS + "INLEDNING\nText.\nSkogens väg ar\nText.\nSlut\n"

    assert labels(text) == ["1 Inledning", "2 Skogens vägar", "3 Slut"]


def test_lines_out_of_order():
    """A line that reads as an entry but stands out of order is none."""
    text = CONTENTS + "Inledning\nText.\nSlut\nText.\nSkogens vägar\nText.\nSlut\nText.\n"

    sections = headings_by_contents(text)

    assert [section.label for section in sections] == ["1 Inledning", "2 Skogens vägar", "3 Slut"]
    assert sections[2].start == text.rindex("Slut\n")


def test_table_that_is_not_trusted():
    """A table most of whose entries are not found again gives no headings."""
    entries = "".join(f"Avsnitt {chr(97 + i) * 3}\n" for i in range(9))

    assert labels(f"Innehåll\n{entries}Avsnitt aaa\nText.\nAvsnitt bbb\nText.\nAvsnitt ccc\n") == []


def test_paragraph_below_the_table():
    """The table ends where a paragraph of broken lines begins, headed or not."""
    text = CONTENTS + "Vi vill\natt vägarna\ngår fram,\natt vägarna\ngår hem.\n"

    found = labels(text + "Inledning\nText.\nSkogens vägar\nText.\nSlut\n")

    assert found == ["1 Inledning", "2 Skogens vägar", "3 Slut"]


def test_no_table():
    """Without a table of contents near the beginning there are no headings."""
    assert labels("Inledning\nText.\nSlut\n") == []
    assert labels("x\n" * 100 + CONTENTS + "Inledning\nSkogens vägar\nSlut\n") == []


@given(st.lists(st.integers(0, 9), max_size=12))
def test_rising(values):
    """The indices kept rise, so do their values, and no longer choice is possible."""
    kept = _rising(values)

    assert kept == sorted(set(kept))
    assert all(values[a] < values[b] for a, b in pairwise(kept))
    best = [0] * len(values)
    for i, value in enumerate(values):
        best[i] = 1 + max((best[j] for j in range(i) if values[j] < value), default=0)
    assert len(kept) == max(best, default=0)
