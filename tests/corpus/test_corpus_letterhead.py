"""What does a text say of itself?"""

from __future__ import annotations

import pytest

from searchkit.corpus.designations import Designation
from searchkit.corpus.letterhead import letterhead

PARAGRAPH = (
    "Utredningen har haft i uppdrag att se över hur skogens vägar sköts, vem som betalar och vad "
    "som händer när en väg inte längre behövs. Förslagen bygger på tidigare arbeten, bland annat "
    "prop. 2001/02:34 och SOU 2000:12, och på samtal med dem som bor längs vägarna i dag."
)


def told(text: str, expected: str | None = None, **known: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in letterhead(
        text, known, expected=Designation(expected, None) if expected else None
    ):
        found.setdefault(name, value)
    return found


@pytest.mark.parametrize(
    ("head", "kind", "number"),
    [
        ("Regeringens proposition 2009/10:21", "prop", "2009/10:21"),
        ("Regeringens proposition\n1999/2000:17", "prop", "1999/2000:17"),
        ("Prop. 2009/10:21\nSkogens vägar", "prop", "2009/10:21"),
        ("Regeringens skrivelse\n2018/19:4", "skr", "2018/19:4"),
        ("Kommittédirektiv\nSkogens vägar\nDir.\n2016:15", "dir", "2016:15"),
        ("Kommittédirektiv\n\nDir. 2016:15", "dir", "2016:15"),
        ("SOU 2016:34\nSkogens vägar", "sou", "2016:34"),
        ("Skogens vägar\nDs 2009:12", "ds", "2009:12"),
        ("Betänkande 2014/15:NU7", "bet", "2014/15:NU7"),
        ("Finansutskottets betänkande\n2018/19:FiU19", "bet", "2018/19:FiU19"),
        (
            "Sammansatta utrikes- och försvarsutskottets utlåtande\n2018/19:UFöU1",
            "bet",
            "2018/19:UFöU1",
        ),
        ("Arbetsmarknadsutskottets yttrande\n2018/19:AU1y", "yttrande", "2018/19:AU1y"),
        ("Motion till riksdagen\n2010/11:A245\nav Eva Berg (S)", "mot", "2010/11:A245"),
        ("Motion 2010/11:245 av Eva Berg (S)", "mot", "2010/11:245"),
        ("Interpellation 2014/15:566 Skogens vägar", "interpellation", "2014/15:566"),
        ("den 16 maj\nInterpellation 2002/03:12 av Eva Berg (s)", "interpellation", "2002/03:12"),
        ("Skriftlig fråga 2019/20:8 av Eva Berg (S)", "fråga", "2019/20:8"),
        ("Svar på fråga 1997/98:29 om vägar", "svar", "1997/98:29"),
        ("Riksdagens protokoll\n2009/10:91", "protokoll", "2009/10:91"),
        ("Regeringskansliet\nFaktapromemoria 2020/21:FPM14", "faktapromemoria", "2020/21:FPM14"),
        ("Svensk författningssamling\nSFS 1999:175", "sfs", "1999:175"),
        ("SFS nr: 1976:114", "sfs", "1976:114"),
        ("Förordning (2015:7) om vägar", "sfs", "2015:7"),
        ("Skogsverkets författningssamling\nISSN 1\nSKVFS 2009:44", "föreskrift", "SKVFS 2009:44"),
        ("HSLF-FS 2016:40\nUtkom från trycket", "föreskrift", "HSLF-FS 2016:40"),
        ("HÖGSTA DOMSTOLENS\nDOM Mål nr\nmeddelad i Stockholm T 17-08", "dom", "T 17-08"),
        ("| Prop. 2009/10:21 | |\nSkogens vägar", "prop", "2009/10:21"),
        ("# Regeringens proposition 2009/10:21", "prop", "2009/10:21"),
    ],
)
def test_heading(head, kind, number):
    """The heading of a document tells its type and its number."""
    found = told(f"{head}\n\n{PARAGRAPH}\n")

    assert (found.get("type"), found.get("number")) == (kind, number)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Lagrådsremiss\nSkogens vägar", "lagrådsremiss"),
        ("Pressmeddelande\nNya vägar", "pressmeddelande"),
        ("Regeringsbeslut I:4\nN2013/20/TE", "regeringsbeslut"),
        ("Vägverkets\nförfattningssamling\nUtgivare: Eva Berg", "föreskrift"),
    ],
)
def test_type_without_number(head, kind):
    """A heading that names only the kind tells the type."""
    found = told(f"{head}\n\n{PARAGRAPH}\n")

    assert found["type"] == kind
    assert "number" not in found


@pytest.mark.parametrize(
    "text",
    [
        PARAGRAPH,
        "Skogens vägar\n\nI prop. 2009/10:21 föreslås nya regler för vägar.",
        "Proposition 2009/10:21 innehåller förslag om vägar.\n\nMer om detta.",
        "Prop. 2009/10:21 och skr. 2009/10:3 behandlas här\n\nMer om detta.",
        f"Nyheter\n\n{PARAGRAPH}\n\nSOU 2016:34\n\nMer.",
        "Totalt 9 motioner\n\nMotion 2016/17:3 av Eva Berg (S)\n\nMotion 2016/17:4 av Ulf Dal (M)",
        "Regeringens proposition 2009/12:21",
        "SOU 2009/10:21",
        "Lagen (2015:7) om vägar gäller inte här",
    ],
)
def test_citation(text):
    """A designation in a sentence, in a list, below a paragraph or of no sense tells nothing."""
    found = told(text)

    assert "number" not in found


def test_running_head():
    """A designation that stands alone on several lines is the document's own."""
    text = f"Vägar\n\n{PARAGRAPH}\n\nSOU 2016:34\n\n{PARAGRAPH}\n\nSOU 2016:34\n"

    assert told(text)["number"] == "2016:34"


def test_two_running_heads():
    """Of two designations that stand alone below the text's beginning, none is taken."""
    text = f"Vägar\n\n{PARAGRAPH}\n\nSOU 2016:34\n\nSOU 2016:35\n\nSOU 2016:34\n"

    assert "number" not in told(text)


def test_known_type_chooses():
    """A type that is known decides which designation is the document's own."""
    text = f"Motion till riksdagen\n2010/11:5\nav Eva Berg (S)\n\n{PARAGRAPH}\n\nSkr. 2009/10:3\n"

    assert told(text, type="mot")["number"] == "2010/11:5"
    assert told(text, type="skr")["number"] == "2009/10:3"
    assert "number" not in told(text, type="artikel")


def test_known_number_chooses():
    """A number that is known is not contradicted."""
    text = "Prop. 2009/10:21\nSkr. 2009/10:3\n"

    assert told(text, number="2009/10:3")["type"] == "skr"
    assert "type" not in told(text, number="2009/10:99")


def test_expected_type():
    """A type that is only expected gives way to a heading, if its documents have numbers."""
    text = f"Regeringens skrivelse 2018/19:4\n\n{PARAGRAPH}"

    assert told(text, expected="prop")["type"] == "skr"
    assert "type" not in told(text, expected="artikel")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Kommittédirektiv\nBeslut vid regeringssammanträde den 25 februari 2016", "2016-02-25"),
        ("SFS 1999:175\nUtkom den 13 april 1999\nutfärdad den 25 mars 1999.", "1999-03-25"),
        ("SFS nr: 1976:114\nUtfärdad: 1976-01-22", "1976-01-22"),
        (
            "SKVFS 2009:4\nUtkom från trycket\nden 15 juni 2009\nbeslutade den 11 juni 2009",
            "2009-06-11",
        ),
        ("SKVFS 2009:4\nUtkom från trycket\nden 15 juni 2009", "2009-06-15"),
        ("Regeringens proposition 2013/14:9\nVägar\nStockholm den 3 april 2014", "2014-04-03"),
        ("Remissvar\nUmeå 2014-04-03", "2014-04-03"),
        ("Remissvar\n2009-05-28\nDnr 4", "2009-05-28"),
        ("Rapport\nDatum: 28 maj 2009", "2009-05-28"),
        ("Rapport\nDatum\n2009-05-28", "2009-05-28"),
        ("SOU 2016:34\nTill statsrådet\nStockholm i april 2016", "2016-04"),
        ("Interpellation 2002/03:12 av Eva Berg (s)\nden 16 januari", "2003-01-16"),
        ("Interpellation 2002/03:12 av Eva Berg (s)\nden 16 oktober", "2002-10-16"),
        ("DOM\nmeddelad i Umeå den 4 november 2009\nMål nr T 17-08", "2009-11-04"),
        (
            f"Betänkande 2018/19:FiU1\n\n{PARAGRAPH}\n\nStockholm den 11 juni 2019\n\nEva Berg",
            "2019-06-11",
        ),
    ],
)
def test_date(text, date):
    """Each kind of document is dated by its own wording, or by a date that stands alone."""
    assert told(text)["date"] == date


@pytest.mark.parametrize(
    "text",
    [
        "Remissen\nSvaren ska ha kommit in senast den\n15 juni 2017.",
        "Vägar\n\nDen 3 april 2014 beslutade regeringen om vägar.",
        "SKVFS 2009:4\nRegeringen beslutade den 14 december 2006 om vägar.",
        "Remissvar\nUmeå 2914-04-03",
        "Remissvar\nUmeå den 31 februari 2014",
    ],
)
def test_other_dates(text):
    """A date in a sentence, of another decision, far ahead or that does not exist is not taken."""
    assert "date" not in told(text)


def test_report_of_an_agency():
    """An agency's report is known by its number on a line of its own, and by who made it."""
    told_of = told(f"Skogsverket\nVägar i skogen\nRapport 2024:23\n2024-10-22\n{PARAGRAPH}")
    audit = told(f"RIKSREVISIONEN\nRiR 2024:3\nVägar i skogen\n{PARAGRAPH}")

    expected = {"type": "rapport", "number": "2024:23", "organ": "Skogsverket"}
    assert expected.items() <= told_of.items()
    assert told_of["date"] == "2024-10-22"
    assert (audit["number"], audit["organ"]) == ("RiR 2024:3", "Riksrevisionen")


@pytest.mark.parametrize(
    "text",
    [
        f"Vägar i skogen\nRapport 2024:23\n{PARAGRAPH}",
        f"Skogsverket\nSe Rapport 2024:23\n{PARAGRAPH}",
        f"Skogsverket\nRapport 2024:23\nRapport 2023:1\n{PARAGRAPH}",
        f"{PARAGRAPH}\nSkogsverket\nRapport 2024:23",
    ],
)
def test_no_report(text):
    """A report without an agency, with two numbers, or in the text, is not the document."""
    assert "number" not in told(text)


def test_report_of_two_agencies():
    """Of two agencies on a cover neither is the one that made the report."""
    found = told(f"Skogsverket\nVägverket\nRapport 2024:23\n{PARAGRAPH}")

    assert (found["number"], found.get("organ")) == ("2024:23", None)


def test_no_agency_without_a_report():
    """An agency's name on other papers may be whom they are addressed to."""
    assert "organ" not in told(f"Skogsverket\nVägar i skogen\n{PARAGRAPH}")


@pytest.mark.parametrize(
    ("text", "organ"),
    [
        (f"Dir. 2016:15\n{PARAGRAPH}\n\n(Justitiedepartementet)", "Justitiedepartementet"),
        (
            "Regeringens proposition 2013/14:9\nEva Berg (Finansdepartementet)",
            "Finansdepartementet",
        ),
        ("Finansutskottets betänkande\n2018/19:FiU1", "Finansutskottet"),
        ("SKOGSVERKETS FÖRFATTNINGSSAMLING\nSKVFS 2009:4", "Skogsverket"),
        ("Verket för\nvägars författningssamling\nVVFS 2009:4", "Verket för vägar"),
        ("SFS nr: 1976:114\nDepartement/myndighet: Civildepartementet", "Civildepartementet"),
        ("HÖGSTA DOMSTOLENS\nDOM\nMål nr T 17-08", "Högsta domstolen"),
    ],
)
def test_organ(text, organ):
    """Who made a document stands at a fixed place of its head or its end."""
    assert told(text)["organ"] == organ


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Kommittédirektiv\nSkogens vägar och\nvatten\nDir.\n2016:15\n"
            "Beslut vid regeringssammanträde",
            "Skogens vägar och vatten",
        ),
        (
            "Regeringens proposition 2013/14:9\nSkogens vägar Prop.\noch vatten 2013/14:9\n"
            "Regeringen överlämnar denna proposition",
            "Skogens vägar och vatten",
        ),
        (
            "Finansutskottets betänkande\n2018/19:FiU1\nSkogens vägar\nSammanfattning",
            "Skogens vägar",
        ),
        (
            "Motion till riksdagen\n2010/11:5\nav Eva Berg m.fl. (S)\nSkogens vägar\nFörslag till",
            "Skogens vägar",
        ),
        (
            "SFS 1999:175\nUtkom från trycket\nden 3 maj 1999\n"
            "Vägförordning;\nutfärdad den 2 mars 1999.",
            "Vägförordning",
        ),
        ("Interpellation 2002/03:12 av Eva Berg (s) till Ulf Dal om vägar", "vägar"),
        ("Interpellation 2014/15:56 Skogens vägar", "Skogens vägar"),
    ],
)
def test_title(text, title):
    """Where a kind of document gives its title a fixed place, that is the title."""
    assert told(text)["title"] == title


def test_no_title_without_its_end():
    """A title whose end cannot be told is left open."""
    assert "title" not in told("Regeringens proposition 2013/14:9\n" + "Vägar\n" * 12)


def test_people():
    """A motion names who put it forward, with the party in capitals."""
    found = told("Motion till riksdagen\n1998/99:K5\nav Eva Berg m.fl. (s)\nVägar\n")

    assert (found["people"], found["party"]) == ("Eva Berg (S)", "S")


def test_dnr():
    """A record number on a line of its own is told."""
    assert told("Regeringsbeslut\nDnr N2013/2075/TE\nUppdrag")["dnr"] == "N2013/2075/TE"


def test_long_text_is_not_read_whole():
    """Only the beginning and the end of a text are looked at."""
    text = "x" * 5_000 + "\nSOU 2016:34\nSOU 2016:34\n" + "x" * 5_000

    assert told(text) == {}
