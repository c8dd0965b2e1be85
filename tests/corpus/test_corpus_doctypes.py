"""What kind of document is it?"""

from __future__ import annotations

import doctest

import pytest

from searchkit.corpus import doctypes
from searchkit.corpus.doctypes import is_known, kind_of


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("prop", "prop"),
        ("Propositioner", "prop"),
        ("Skriftlig fråga", "fråga"),
        ("skriftliga-fragor", "fråga"),
        ("KOMMITTÉDIREKTIV", "dir"),
        ("kommittedirektiv", "dir"),
        ("Statens offentliga utredningar", "sou"),
        ("Svensk författningssamling", "sfs"),
        ("Lagrådsremisser", "lagrådsremiss"),
        ("Betänkande", "bet"),
        ("Press release", "pressmeddelande"),
        ("Report", "rapport"),
        ("Årsbok  för  skogen", "årsbok för skogen"),
    ],
)
def test_kind_of(written, kind):
    """Every spelling has one name, with or without accents; what is not known stays."""
    assert kind_of(written) == kind


def test_kinds_are_names_of_themselves():
    """The one name of a kind is among its spellings."""
    for kind in ("prop", "förordningsmotiv", "föreskrift", "svar", "interpellation"):
        assert kind_of(kind) == kind
        assert is_known(kind)
    assert not is_known("årsbok")


def test_examples():
    """The examples in the docstrings hold."""
    assert doctest.testmod(doctypes).failed == 0
    assert doctest.testmod(doctypes).attempted > 0
