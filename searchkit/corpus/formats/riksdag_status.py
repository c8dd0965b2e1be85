"""
How does a ``dokumentstatus`` of the Riksdag's open data become a document?

``dokument`` holds its metadata and its text as HTML (statutes also as plain text); around
it stand the people, what it proposes, the committee's proposals, a notice in plain
language, attachments and the debate. What is proposed and noticed mostly stands in the
HTML already; what does not is added below it under headings of its own. The speeches of
the debate are documents of their own, as they are in the Riksdag's dumps of speeches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.markup import Flat, MarkupError
from searchkit.corpus.formats.riksdag_body import EMPTY, read_body
from searchkit.corpus.formats.riksdag_speech import debate
from searchkit.corpus.formats.riksdag_values import (
    COMMITTEES,
    Record,
    address,
    authors,
    field,
    flat,
    is_byline,
    is_party,
    joined,
    listed,
    organ,
    person,
    repaired,
    scalar,
)
from searchkit.corpus.formats.statute import numbered_sections, statute_sections
from searchkit.corpus.formats.text import title_of as title_of_line
from searchkit.errors import DocumentFormatError
from searchkit.model import Section

_AUTHORS = ("undertecknare", "fragestallare", "frågeställare", "inlämnare")
_ANSWERING = ("besvarare", "besvaradav", "stalldtill")
_TASKS = {
    "dossiernummer": "case",
    "diarienummer": "dnr",
    "dnr": "dnr",
    "inlamnatav": "sender",
    "avsändare": "sender",
    "motkat": "category",
    "motgrund": "occasion",
    "tilldelat": "assigned",
    "rdbeslut": "decision",
    "andrattillochmed": "amended",
    "utfardad": "issued",
    "upphavd": "repealed",
    "ikraft": "in_force",
}
"""Codes of ``dokuppgift`` that are metadata, to columns."""

_SERIES = ("sou", "ds", "dir", "komm", "rir", "rfr", "prot", "prop", "skr")
"""Kinds whose subtitle belongs to the title."""

_NO_WORKING_DAYS = ("01-01", "12-31")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_COMPARED_CHARS = 80


def read_status(chunk: Chunk, status: Record, *, alone: bool = True) -> Iterator[Outcome]:
    """
    Yield the document of one ``dokumentstatus``, then the speeches of its debate.

    Raises:
        DocumentFormatError: it holds no document, or one without any text.
    """
    paper = status.get("dokument")
    if type(paper) is list:
        paper = next((item for item in paper if type(item) is dict), None)
    if type(paper) is not dict or not field(paper, "dok_id", "titel", "html", "text"):
        reason = "is a 'dokumentstatus' without its 'dokument'; fetch it again"
        raise DocumentFormatError(reason, path=chunk.path)
    key = field(paper, "dok_id").upper()
    speeches = list(debate(chunk, status, key))
    from_text = Facts()
    try:
        main = _main_text(paper, from_text)
    except MarkupError as error:
        reason = f"the HTML of {key} {error}; the paper is kept without it"
        yield DocumentFormatError(reason, path=chunk.path)
        main = EMPTY
    main = _with_additions(main, status)
    facts = _all_facts(paper, status, from_text)
    facts.tell("title", title_of_line(main.text.partition("\n")[0]), "first line")
    # Some papers are only attachments: better found by their title than not at all.
    text = main.text or facts.values.get("title", "")
    alone = alone and not speeches
    yield from document(
        chunk, facts, text, key=key, sections=main.sections, pages=main.pages, alone=alone
    )
    yield from speeches


def _all_facts(paper: Record, status: Record, from_text: Facts) -> Facts:
    """Return what ``dokument`` tells, then what stands around it, then what its text says."""
    facts = facts_of(paper)
    _tell_people(facts, paper, status)
    _tell_tasks(facts, status)
    attachments = listed(status.get("dokbilaga"), "bilaga")
    facts.tell_all("attachments", [field(a, "fil_url") for a in attachments], "dokbilaga.fil_url")
    for column in ("title", "organ", "people", "party"):
        if said := from_text.values.get(column):
            facts.tell(column, said, f"html: {from_text.sources[column]}")
    return facts


def facts_of(paper: Record, where: str = "dokument") -> Facts:
    """Return what a ``dokument`` tells of itself, in a status or in a list."""
    facts = Facts()

    def tell(column: str, *names: str) -> None:
        facts.tell(column, repaired(field(paper, *names)), f"{where}.{names[0]}")

    kind, below = field(paper, "doktyp", "typ"), field(paper, "subtyp")
    commission = below.lower() in ("com", "kom")
    facts.tell("type", below if commission else kind, f"{where}.doktyp")
    facts.tell("title", title_of(paper, kind), f"{where}.titel")
    _tell_date(facts, paper, where)
    number = number_of(paper, below if kind == "eu-dokument" else kind)
    facts.tell("number", number, f"{where}.beteckning")
    session = field(paper, "rm")
    if "/" in session:
        facts.tell("rm", session, f"{where}.rm")
    body = field(paper, "organ")
    if is_party(body):
        facts.tell("party", body.upper(), f"{where}.organ")
    elif body:
        facts.tell("organ", organ(body), f"{where}.organ")
        if body.lower() in COMMITTEES:
            facts.tell("committee", body, f"{where}.organ")
        elif body.startswith(organ(body)):
            facts.tell("unit", body[len(organ(body)) :], f"{where}.organ")
    if below and below not in (kind, "sfst"):
        tell("subtype", "subtyp")
    facts.tell("addressee", organ(field(paper, "mottagare")), f"{where}.mottagare")
    if kind.lower() == "sfs":
        tell("amended", "subtitel", "undertitel")
    facts.tell("url", address(field(paper, "dokument_url_html")), f"{where}.dokument_url_html")
    tell("language", "lang")
    return facts


def _tell_date(facts: Facts, paper: Record, where: str) -> None:
    """Tell the date; the first or last day of a year is no working day, but stands for a year."""
    for name in ("datum", "publicerad"):
        written = field(paper, name)
        if written < "1500":  # "0001-01-01" and its like stand for none.
            continue
        if written[5:10] in _NO_WORKING_DAYS:
            facts.suggest("date", written, f"{where}.{name}")
            return
        facts.tell("date", written, f"{where}.{name}")


def title_of(paper: Record, kind: str) -> str:
    """Return the title, with the subtitle if that is a part of it, not a byline."""
    title = repaired(field(paper, "titel"))
    below = repaired(field(paper, "subtitel", "undertitel"))
    if title.startswith("[") and "saknas" in title:
        title = ""
    if title and below and kind in _SERIES and not is_byline(below) and below not in title:
        return f"{title} – {below}"
    return title


def number_of(paper: Record, kind: str) -> str:
    """
    Return the number as it is officially written.

    >>> number_of({"rm": "2014/15", "beteckning": "NU7"}, "bet")
    '2014/15:NU7'
    >>> number_of({"rm": "1998", "beteckning": "1998:808"}, "sfs")
    '1998:808'
    >>> number_of({"rm": "2020", "beteckning": "447"}, "COM")
    'COM(2020) 447'
    >>> number_of({"rm": "2015", "beteckning": "RiR 2015:12"}, "rir")
    '2015:12'
    """
    session, number = field(paper, "rm"), field(paper, "beteckning", "nummer")
    series, _, rest = number.partition(" ")
    if series.lower().rstrip(".") in _SERIES and rest[:1].isdecimal():
        number = rest
    if number in ("", "0") or ":" in number or not session:
        return "" if number == "0" else number
    if kind.lower() in ("com", "kom", "sec", "sek", "swd", "join"):
        return number if "(" in number else f"{kind.upper()}({session}) {number}"
    return f"{session}:{number}"


def _main_text(paper: Record, facts: Facts) -> Flat:
    markup = scalar(paper.get("html"))
    if "SFS nr" in markup[:400]:
        # Above its first rule a statute repeats its metadata.
        head, rule, body = markup.partition("<hr")
        markup = rule + body if rule and len(head) < 5_000 else markup
    main = read_body(markup, facts) if markup else EMPTY
    if not main.text:
        main = flat(scalar(paper.get("text")))
    if not main.text:
        return main
    if field(paper, "doktyp", "typ").lower() == "sfs":
        return Flat(main.text, statute_sections(main.text) or main.sections, main.pages)
    sections = main.sections or [
        section for section in numbered_sections(main.text) if " saml. " not in section.label
    ]  # Below every sixteenth page stands what the sheet is: "2 Riksdagen 1987/88. 1 saml."
    return Flat(main.text, tuple(sections), main.pages)


def _with_additions(main: Flat, status: Record) -> Flat:
    """Add what stands around the text and not in it, under headings."""
    groups = [(heading, lines) for heading, lines in _additions(status) if lines]
    if not groups:
        return main
    stands = _Stands(main.text)
    pieces, length, sections = [main.text], len(main.text), list(main.sections)
    for heading, lines in groups:
        missing = list(dict.fromkeys(line for line, said in lines if said not in stands))
        if 2 * len(missing) > len(lines):  # A few that differ were worded anew by the Riksdag.
            start = length + 2 if length else 0
            sections.append(Section(start, heading))
            addition = "\n\n".join((heading, *missing))
            pieces.append(addition)
            length = start + len(addition)
    return Flat("\n\n".join(filter(None, pieces)), tuple(sections), main.pages)


class _Stands:
    """Tells what stands in a text, however it is broken into lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._unspaced = "".join(text.split())
        self._letters: str | None = None

    def __contains__(self, said: str) -> bool:
        # Letters alone take ten times as long, and few papers need that.
        if "".join(said.split())[:_COMPARED_CHARS] in self._unspaced:
            return True
        if self._letters is None:
            self._letters = _NOT_LETTERS.sub("", self._text)
        return _NOT_LETTERS.sub("", said)[:_COMPARED_CHARS] in self._letters


def _additions(status: Record) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield heading and paragraphs: each as it would be added, and what to look for."""
    tasks = {field(task, "kod"): task for task in _tasks(status)}
    notice = flat(
        field(tasks.get("notis", {}), "text") or field(tasks.get("utsknotis", {}), "text")
    )
    if notice.text:
        yield "Beslut i korthet", [(notice.text, notice.text)]
    proposals = []
    for item in listed(status.get("dokforslag"), "forslag"):
        said = " ".join(
            part for name in ("lydelse", "lydelse2") if (part := flat(field(item, name)).text)
        )
        number = field(item, "nummer")
        if said:
            proposals.append((f"{number}. {said}" if number not in ("", "0") else said, said))
    yield "Förslag till riksdagsbeslut", proposals
    points = []
    for item in listed(status.get("dokutskottsforslag"), "utskottsforslag"):
        said = "\n".join(
            part for name in ("forslag", "forslag_del2") if (part := flat(field(item, name)).text)
        )
        if said:
            head = f"{field(item, 'punkt')}. {field(item, 'rubrik')}".strip(". ")
            points.append((f"{head}\n{said}", said))
    yield "Utskottets förslag till riksdagsbeslut", points
    others = []
    for item in listed(status.get("dokmotforslag"), "motforslag"):
        if said := flat(field(item, "forslag")).text:
            parties = field(item, "partier").replace('"', "").replace(",", ", ")
            head = f"Reservation {field(item, 'nummer')} ({parties}): {field(item, 'rubrik')}"
            others.append((f"{head}\n{said}", said))
    yield "Reservationer", others


def _tell_people(facts: Facts, paper: Record, status: Record) -> None:
    """Tell who signed it, their parties, and who answers."""
    signed: list[str] = []
    answering: list[str] = []
    other: list[str] = []
    parties: list[str] = []
    for item in listed(status.get("dokintressent"), "intressent"):
        role = field(item, "roll").lower()
        found = person(repaired(field(item, "namn")), field(item, "partibet"))
        if role in _ANSWERING:
            answering.append(found)
        else:
            (signed if role in _AUTHORS else other).append(found)
            parties.append(field(item, "partibet").strip("-").upper())
    source = "dokintressent.namn"
    if not signed and not other:
        signed = authors(repaired(field(paper, "subtitel")))
        parties = [found.rpartition("(")[2].rstrip(")") for found in signed if "(" in found]
        source = "dokument.subtitel"
    facts.tell_all("people", [*signed, *other], source)
    facts.tell_all("party", parties, source.replace("namn", "partibet"))
    facts.tell_all("respondent", answering, "dokintressent.namn")


def _tasks(status: Record) -> list[Record]:
    tasks = listed(status.get("dokuppgift"), "uppgift")
    return tasks or listed(status.get("dokumentuppgift"), "uppgift")


def _tell_tasks(facts: Facts, status: Record) -> None:
    for task in _tasks(status):
        code = field(task, "kod")
        if column := _TASKS.get(code.lower()):
            said = joined(flat(field(task, "text")).text.split("\n"))
            facts.tell(column, said, f"dokuppgift.{code}")
