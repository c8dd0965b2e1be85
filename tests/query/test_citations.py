"""A passage is referred to as official print does."""

from __future__ import annotations

import pytest

from searchkit.query.citations import cite


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (("prop", "2015/16:100", "Titel", "42", "5.2 Skälen"),
         "prop. 2015/16:100 s. 42, avsnitt 5.2"),
        (("sou", "2016:34", None, "7", None), "SOU 2016:34 s. 7"),
        (("Prop", "2015/16:1", None, None, "3. Bakgrund"), "prop. 2015/16:1, avsnitt 3"),
        (("sfs", "1998:808", "Miljöbalk", None, "2 kap. 3 §"), "SFS 1998:808, 2 kap. 3 §"),
        (("föreskrift", "AMSFS 2007:28", None, "2", None), "AMSFS 2007:28 s. 2"),
        (("rapport", None, "Cirkulär ekonomi", "12", "Bakgrund"),
         "Cirkulär ekonomi, s. 12, avsnitt Bakgrund"),
        ((None, None, "Titel", None, "2016 års mål"), "Titel, avsnitt 2016 års mål"),
        ((None, None, None, "3", None), "s. 3"),
        ((None, None, None, None, None), None),
    ],
)  # fmt: skip
def test_citations(facts: tuple[str | None, ...], expected: str | None) -> None:
    """Series and number, then the page, then the section by its number; else the title."""
    assert cite(*facts) == expected
