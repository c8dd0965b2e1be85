"""In which language is a text said to be written?"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from searchkit.corpus.language import language_of, with_language
from searchkit.model import Document

SWEDISH = (
    "Regeringen föreslår att riksdagen antar förslaget till lag om ändring i miljöbalken. "
    "Utskottet anser att frågan bör beredas vidare och att myndigheten ska få ett uppdrag."
)
ENGLISH = (
    "The Government proposes that the Riksdag adopt the bill amending the Environmental Code. "
    "The committee considers that the matter should be investigated further by the agency."
)
FOREIGN = {
    "en": ENGLISH,
    "no": "Regjeringen foreslår at Stortinget vedtar forslaget til lov om endringer i "
    "naturmangfoldloven. Komiteen mener at saken bør utredes videre før den blir behandlet.",
    "da": "Regeringen foreslår, at Folketinget vedtager lovforslaget om ændring af "
    "miljøbeskyttelsesloven. Udvalget mener, at sagen bør undersøges nærmere af styrelsen.",
    "fi": "Hallitus ehdottaa, että eduskunta hyväksyy lakiehdotuksen ympäristönsuojelulain "
    "muuttamisesta. Valiokunta katsoo, että asiaa on selvitettävä vielä tarkemmin.",
    "de": "Die Bundesregierung schlägt vor, dass der Bundestag das Gesetz zur Änderung des "
    "Umweltgesetzbuches annimmt. Der Ausschuss hält weitere Prüfungen für nötig.",
    "fr": "Le gouvernement propose que le parlement adopte la loi modifiant le code de "
    "l'environnement. La commission estime que la question doit être étudiée davantage.",
    "pl": "Rząd proponuje, aby parlament przyjął ustawę o zmianie kodeksu ochrony środowiska. "
    "Komisja uważa, że sprawę należy jeszcze dokładniej zbadać przed głosowaniem.",
    "se": "Ráđđehus evttoha ahte riikkabeaivvit dohkkehit lága rievdadusa. Lávdegoddi oaivvilda "
    "ahte ášši galgá guorahallat vel dárkileappot ovdal go dat mearriduvvo.",
}
NOT_FOREIGN = {
    "of 1756": "Wi Gustaf med Guds nåde göre witterligt, at såsom Wi i nåder funnit godt at "
    "förordna om huru med afgifter af tackjärn hållas bör, så hafwe Wi ock warit betänkte.",
    "in capitals": SWEDISH.upper(),
    "a list of references": "prop. 2015/16:100, bet. 2015/16:FiU20, rskr. 2015/16:318 " * 4,
    "names": "Anna Svensson (M), Karl Persson (S), Ulla Nilsson (C), Lars Berg (V), Ida Lind (L)",
    "numbers": "12 345 67 890 1 234 5 678 34 56 78 90 11 12 13 14 15 16 " * 4,
    "too short to tell": "Summary in English",
    "half Swedish": f"{SWEDISH} {ENGLISH}",
    "quoting": f"{SWEDISH} {SWEDISH} I rapporten står: ”{ENGLISH}” {SWEDISH}",
    "without å, ä, ö": "Utskottet avstyrker motionen. Kommittén anser inte att det behovs en "
    "ny lag, och hanvisar till att utredningen redan arbetar med saken enligt direktivet.",
    "blank": " \n ",
}


def documented(text: str, **fields: str) -> Document:
    return Document("d", text, fields={"path": "a.txt", **fields})


@pytest.mark.parametrize("language", FOREIGN)
@pytest.mark.parametrize("times", [1, 40])
def test_foreign_texts(language: str, times: int) -> None:
    """A text in another language, be it short or long, has that language's code."""
    assert language_of(FOREIGN[language] * times) == language


@pytest.mark.parametrize("text", NOT_FOREIGN.values(), ids=NOT_FOREIGN)
@pytest.mark.parametrize("times", [1, 40])
def test_what_is_not_surely_foreign(text: str, times: int) -> None:
    """What is Swedish, in part Swedish, or in no language is not called foreign."""
    assert language_of(" ".join([text] * times)) in ("sv", None)


def test_swedish_is_told_without_the_library() -> None:
    """A Swedish text is told by its letters and words: what knows all languages stays unloaded."""
    code = (
        "import sys\nfrom searchkit.corpus.language import language_of\n"
        f"print(language_of({SWEDISH!r}), language_of({SWEDISH.upper()!r}[:300].lower()))\n"
        "print('py3langid' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == ["sv", "sv", "False"]


def test_most_of_the_text_decides() -> None:
    """A foreign report stays one under a short Swedish heading."""
    assert language_of(f"Rapporten på engelska: för kännedom\n\n{ENGLISH * 30}") == "en"


def test_a_foreign_document_gets_its_language() -> None:
    """The column ``language`` says which, and ``provenance`` that the text told it."""
    found = with_language(documented(ENGLISH, provenance="title: html title"))

    assert found.fields == {
        "path": "a.txt",
        "language": "en",
        "provenance": "title: html title; language: text",
    }
    assert (found.id, found.text) == ("d", ENGLISH)


def test_a_document_without_provenance_gets_one() -> None:
    """Where nothing said where metadata comes from, this is said of the language."""
    assert with_language(documented(ENGLISH)).fields["provenance"] == "language: text"


@pytest.mark.parametrize("document", [
    documented(SWEDISH), documented("Se bilaga 1"), documented(ENGLISH, language="sv"),
    documented(SWEDISH, language="en"),
])  # fmt: skip
def test_other_documents_stay_as_they_are(document: Document) -> None:
    """Neither a Swedish document nor what its source says of the language is changed."""
    assert with_language(document) is document


def test_the_source_saves_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the source tells the language, the text is not looked at."""

    def fail(*_: Any) -> None:
        raise AssertionError("looked at the text")

    monkeypatch.setattr("searchkit.corpus.language.language_of", fail)

    assert with_language(documented(ENGLISH, language="en")).fields["language"] == "en"
