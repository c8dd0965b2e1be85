"""
How does a speech of the Riksdag's open data become a document?

Speeches stand one a file in the dumps (``anforande``), in lists (``anforandelista``), and
in the ``debatt`` of the paper that was debated; the names of the fields differ. A speech
carries the number of the records (protokoll) that it is printed in.
"""

from __future__ import annotations

from collections.abc import Iterator

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.riksdag_values import Record, address, field, flat, listed, person


def read_speech(chunk: Chunk, speech: Record, *, alone: bool = False) -> Iterator[Outcome]:
    """
    Yield the document of one ``anforande``, as the dumps have it.

    Raises:
        DocumentFormatError: it has no text, as in lists that only point at speeches.
    """
    facts = _facts(speech, "anforande")
    heading = field(speech, "underrubrik", "avsnittsrubrik")
    facts.tell("title", _title(speech, heading), "anforande.avsnittsrubrik")
    facts.tell("date", field(speech, "dok_datum"), "anforande.dok_datum")
    session, number = field(speech, "dok_rm"), field(speech, "dok_nummer")
    facts.tell("rm", session, "anforande.dok_rm")
    if session and number:
        facts.tell("number", f"{session}:{number}", "anforande.dok_nummer")
    facts.tell("debate", field(speech, "kammaraktivitet"), "anforande.kammaraktivitet")
    facts.tell("about", field(speech, "rel_dok_id").upper(), "anforande.rel_dok_id")
    facts.tell("records", field(speech, "dok_id").upper(), "anforande.dok_id")
    facts.tell(
        "url", address(field(speech, "anforande_url_html", "protokoll_url_www")), "anforande.url"
    )
    key = field(speech, "anforande_id").upper()
    if not key and field(speech, "dok_id"):
        key = f"{field(speech, 'dok_id').upper()}-{field(speech, 'anforande_nummer')}"
    main = flat(field(speech, "anforandetext"))
    yield from document(chunk, facts, main.text, key=key or None, alone=alone)


def debate(chunk: Chunk, status: Record, paper: str) -> Iterator[Outcome]:
    """Yield the speeches, those with a text, of the debate on the paper with the id *paper*."""
    for place, speech in enumerate(listed(status.get("debatt"), "anforande"), 1):
        main = flat(field(speech, "anf_text"))
        if not main.text:
            continue  # A pointer into a film.
        facts = _facts(speech, "debatt.anforande")
        heading = field(speech, "debatt_titel") or field(_paper(status), "titel")
        facts.tell("title", _title(speech, heading), "debatt.debatt_titel")
        facts.tell("date", field(speech, "anf_datum", "datumtid"), "debatt.anf_datum")
        printed = field(speech, "anf_beteckning").rpartition("-")[0]
        facts.tell("number", printed, "debatt.anf_beteckning")
        facts.tell("rm", field(speech, "anf_rm"), "debatt.anf_rm")
        facts.tell("debate", field(speech, "debatt_typ"), "debatt.debatt_typ")
        facts.tell("about", paper, "dokument.dok_id")
        key = field(speech, "anf_id").upper()
        if not key:
            key = f"{paper}-{field(speech, 'anf_nummer') or place}"
        yield from document(chunk, facts, main.text, key=key, alone=False)


def _facts(speech: Record, where: str) -> Facts:
    facts = Facts()
    facts.tell("type", "anförande", where)
    party = field(speech, "parti").strip("-").upper()
    facts.tell("people", person(field(speech, "talare", "talare_kort"), party), f"{where}.talare")
    facts.tell("party", party, f"{where}.parti")
    facts.tell("speech", field(speech, "anforande_nummer", "anf_nummer"), f"{where}.nummer")
    return facts


def _title(speech: Record, heading: str) -> str:
    speaker = field(speech, "talare", "talare_kort")
    return f"{heading} – anförande av {speaker}" if heading else f"Anförande av {speaker}"


def _paper(status: Record) -> Record:
    paper = status.get("dokument")
    return paper if type(paper) is dict else {}
