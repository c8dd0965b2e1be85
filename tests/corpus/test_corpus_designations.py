"""Which number does a document bear in its series?"""

from __future__ import annotations

import doctest

import pytest

from searchkit.corpus import designations
from searchkit.corpus.designations import of_name, of_title, riksmote_of, written_number


@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [
        ("prop.-200910121.md", "prop", "2009/10:121"),
        ("prop.-1999200017.md", "prop", "1999/2000:17"),
        ("a/prop-2015-16-100.pdf", "prop", "2015/16:100"),
        ("Prop 2015_16 100.pdf", "prop", "2015/16:100"),
        ("sou-201634.md", "sou", "2016:34"),
        ("ds-200912.md", "ds", "2009:12"),
        ("dir.-2010112.md", "dir", "2010:112"),
        ("dir-2009_71.pdf", "dir", "2009:71"),
        ("2016_15_dir.-201615-dataskydd.pdf", "dir", "2016:15"),
        ("sfs-1960-663.md", "sfs", "1960:663"),
        ("SFS-1999_175.pdf", "sfs", "1999:175"),
        ("VervaFS-2007_1AR.pdf", "föreskrift", "VervaFS 2007:1AR"),
        ("HSLF-FS 2016-40.pdf", "föreskrift", "HSLF-FS 2016:40"),
        ("rinfo__AMSFS-2007_28.pdf", "föreskrift", "AMSFS 2007:28"),
        ("ipq-200102--0378.xml", "interpellation", "2001/02:378"),
        ("bet-2018-19-FiU19.html", "bet", "2018/19:FiU19"),
        ("sou-2016.pdf", "sou", None),
        ("motion.txt", "mot", None),
        ("remissvar-skogens-vagar.pdf", "remissvar", None),
        ("uppdrag-att-se-over-vagar.md", "regeringsuppdrag", None),
    ],
)
def test_file_name(name, kind, number):
    """A file's name that begins with a series tells type and number, however it is spelled."""
    found = of_name(name, {})

    assert found is not None
    assert (found.kind, found.number) == (kind, number)


@pytest.mark.parametrize(
    "name",
    [
        "skogens-vagar.pdf",
        "svar-pa-sou-201634.pdf",
        "prop.-200911121.md",
        "mot-strommen.txt",
        "2016-04-12.txt",
        "prop.md",
        "ds-3.pdf",
        "lag.txt",
    ],
)
def test_other_file_names(name):
    """A name without a series, or with a number of no sense, tells nothing."""
    assert of_name(name, {}) is None


def test_file_name_of_another_type():
    """A name does not contradict the type that is known."""
    assert of_name("prop.-200910121.md", {"type": "skr"}) is None


@pytest.mark.parametrize(
    ("title", "known", "kind", "number"),
    [
        ("Prop. 2017/18:86 Ny väglag", {}, "prop", "2017/18:86"),
        ("SOU 2013:75", {}, "sou", "2013:75"),
        ("Motion 2019/20:3 av Eva Berg (S): Vägar", {}, "mot", "2019/20:3"),
        ("Betänkande 2019/20:CU1: Vägar", {}, "bet", "2019/20:CU1"),
        ("Skrivelse 2018/19:148: Vägar", {}, "skr", "2018/19:148"),
        ("Väglag (2009:600)", {}, "sfs", "2009:600"),
        ("Lag (1982:329) om ändring i väglagen (1971:948)", {}, "sfs", "1982:329"),
        ("Skogens vägar, Ds 2009:12", {"type": "ds"}, "ds", "2009:12"),
        ("Skogens vägar (SOU 2013:75)", {"type": "sou"}, "sou", "2013:75"),
        ("Remiss av SOU 2021:36 Skogens vägar", {}, "remiss", None),
        ("Remiss SOU 2021:36 Skogens vägar", {}, "remiss", None),
        ("Uppdrag att se över skogens vägar", {}, "regeringsuppdrag", None),
        ("Tilläggsdirektiv till Vägutredningen", {}, "dir", None),
    ],
)
def test_title(title, known, kind, number):
    """A title tells what it begins with; what it ends with only of the type that is known."""
    found = of_title(title, known)

    assert found is not None
    assert (found.kind, found.number) == (kind, number)


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("Skogens vägar, SOU 2013:75", {}),
        ("Skogens vägar, SOU 2013:75", {"type": "remiss"}),
        ("SOU 2013:75 Skogens vägar", {"type": "remiss"}),
        ("med anledning av prop. 2017/18:86 Ny väglag", {}),
        ("med anledning av prop. 2017/18:86", {"type": "mot"}),
        ("Väglagen (2009:600) i korthet", {}),
        ("Uppdragsutbildning", {}),
        ("Dsungariet 2009:12", {}),
    ],
)
def test_other_titles(title, known):
    """A title that is about another document tells nothing."""
    assert of_title(title, known) is None


@pytest.mark.parametrize("number", ["2015/17:1", "2016:15", "2015/16", "15/16:1", "", "a/b:1"])
def test_no_riksmote(number):
    """Two years that follow each other are a riksmöte, and nothing else is."""
    assert riksmote_of(number) == ("2015/16" if number == "2015/16" else None)


def test_examples():
    """The examples in the docstrings hold."""
    assert doctest.testmod(designations).failed == 0
    assert doctest.testmod(designations).attempted > 0


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1904:48 s.1", "1904:48 s. 1"),
        ("1904:48s1", "1904:48 s. 1"),
        ("1909:bih. 29 s.1", "1909:bih. 29 s. 1"),
        ("Ö2668-07", "Ö 2668-07"),
        ("T 3592-13", "T 3592-13"),
        ("2015/16:FiU19", "2015/16:FiU19"),
        ("AMSFS 2007:28", "AMSFS 2007:28"),
    ],
)
def test_blanks_in_numbers(written, number):
    """A number has one spelling, however its source sets blanks in it."""
    assert written_number(written) == number


def test_title_of_an_agreement():
    """A title tells an agreement by its first words, not by the word alone."""
    assert of_title("Överenskommelse mellan Sverige och Norge om renbete", {}).kind == (
        "överenskommelse"
    )
    assert of_title("Överenskommelsens följder", {}) is None
