"""
How does a TEI file become documents?

TEI is what research projects keep parliamentary material in: one file an interpellation,
or one a sitting, with a speech in each ``<u>`` or ``<sp>``. Of a sitting each speech is a
document of its own, with its speaker, the debate's title, the sitting's date and the number
of its minutes ("2019/20:3"), by which a speech is cited; anything else is one document. A
speech that is cut in several, linked by ``prev``, is one. What stands between speeches (the
stenographer's notes, decisions) belongs to none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, TypeAlias

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.designations import riksmote_of
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.tei_people import Person, person_of, persons_of, speaker_of
from searchkit.corpus.formats.tei_text import ID, LANGUAGE, Prose, child, descendants, local, words
from searchkit.corpus.metadata import iso_date
from searchkit.errors import DocumentFormatError

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPEECHES = ("u", "sp")
_IN_ID = re.compile(r"(ipq|prot)-(\d{4})(\d{2,4})--0*(\d+)")
_QUESTION = re.compile(r"Interpellation[ ](\d{4}/\d{2,4}:\d+)\b")
_ABOUT = re.compile(r"(?:.*?\btill[ ].+?)?[ ]om[ ](.+)")
_PARAGRAPH_SIGN = re.compile(r"^§[ ]?\d+[ ]?[a-z]?[ .]*")
_CORPUS_MARK = re.compile(r"[ ]*\[ParlaMint[^\]]*\]$")
_LINKS = ("dokument_url_html", "dokument_url_text", "dokument_url_pdf")


def read_tei(root: _Element, chunk: Chunk) -> Iterator[Outcome]:
    """
    Yield the documents of a TEI file.

    Args:
        root: of the file: ``TEI``, ``TEI.2`` or ``teiCorpus``, in a namespace or in none.
        chunk: which file it is.

    Raises:
        DocumentFormatError: it holds a header or a list of persons, and no text.
    """
    if local(root) == "teiCorpus":
        parts = [e for e in root if local(e) in ("TEI", "TEI.2")]
        if not parts:
            files = sum(1 for _ in descendants(root, "include"))
            reason = f"is the header of a TEI corpus: it names {files} files and holds no text"
            raise DocumentFormatError(reason, path=chunk.path)
        persons = persons_of(root)
        for number, part in enumerate(parts, 1):
            yield from _read_one(part, chunk, persons, part.get(ID) or f"{chunk.relative}#{number}")
        return
    yield from _read_one(root, chunk, persons_of(root), root.get(ID))


def _read_one(
    root: _Element, chunk: Chunk, persons: dict[str, Person], key: str | None
) -> Iterator[Outcome]:
    text = child(root, "text")
    if text is None:
        raise DocumentFormatError(_without_text(root), path=chunk.path)
    _number_pages(text)
    if next(descendants(text, *_SPEECHES), None) is not None:
        yield from _speeches(root, text, chunk, persons, key)
        return
    facts = _facts(root)
    _tell_question(facts, root, persons)
    prose = Prose()
    prose.add(text)
    prose.flush()
    yield from document(
        chunk,
        facts,
        prose.text(),
        key=key,
        sections=prose.sections,
        pages=prose.pages,
        alone=key is None or "#" not in key,
    )


def _without_text(root: _Element) -> str:
    people = sum(1 for _ in descendants(root, "person"))
    if local(root) == "listPerson" or people:
        return f"is a TEI list of {people} persons and holds no text; the texts refer to it"
    return "is TEI without a text: it holds a header or a list only"


def _facts(root: _Element) -> Facts:
    """Tell what the header of a file says of all that the file holds."""
    facts = Facts()
    header = child(root, "teiHeader")
    if header is None:
        return facts
    statement = next(descendants(header, "titleStmt"), None)
    titles = [e for e in statement if local(e) == "title"] if statement is not None else []
    # Corpora give every title in two languages, the main one before the sub.
    titles.sort(key=lambda e: (e.get(LANGUAGE, "sv") != "sv", e.get("type", "main") != "main"))
    title = words(titles[0]) if titles else ""
    facts.tell("title", _CORPUS_MARK.sub("", title), "titleStmt title")
    for name in ("setting", "correspAction", "docDate", "bibl", "publicationStmt"):
        within = root if name == "docDate" else header
        facts.tell("date", _when(within, name), f"{name} date")
    language = next(descendants(header, "language"), None)
    written = root.get(LANGUAGE) or (language.get("ident") if language is not None else None)
    facts.tell("language", (written or "")[:2] or None, "xml:lang")
    references = [(e.get("type"), words(e)) for e in descendants(header, "ref")]
    for link in _LINKS:
        facts.tell("url", next((url for of, url in references if of == link), None), "ref")
    for identifier in descendants(header, "idno"):
        if identifier.get("type") == "rdwebb":
            facts.tell("dok_id", words(identifier).upper(), "idno rdwebb")
    return facts


def _when(root: _Element, name: str) -> str | None:
    """Return the date that elements of this name hold; of letters, that of the sending."""
    for element in descendants(root, name):
        if name == "correspAction" and element.get("type") != "sent":
            continue
        for date in (element, *descendants(element, "date")):
            written = date.get("when") or date.get("from") or words(date)
            if local(date) in ("date", "docDate") and iso_date(written):
                return written
    return None


def _tell_question(facts: Facts, root: _Element, persons: dict[str, Person]) -> None:
    """Tell of an interpellation what its header and its heading say."""
    match = _IN_ID.fullmatch(root.get(ID) or "")
    heading = next((e for e in descendants(root, "div") if e.get("type") == "ipqTitle"), None)
    bibl = next((words(child(e, "title")) for e in descendants(root, "bibl")), "")
    title = facts.values.get("title", "")
    written = next((m for t in (title, bibl, words(heading)) if (m := _QUESTION.match(t))), None)
    if not written and not (match and match[1] == "ipq"):
        return
    facts.tell("type", "interpellation", "TEI")
    if match:
        facts.tell("number", _riksmote(match) + f":{match[4]}", "xml:id")
    facts.tell("number", written[1] if written else None, "title")
    if _QUESTION.match(title) and (about := _ABOUT.fullmatch(bibl)):
        facts.values["title"], facts.sources["title"] = about[1].strip(), "bibl title"
    statement = next(descendants(root, "titleStmt"), None)
    author = person_of(words(child(statement, "author")))
    sent = _party_to(root, "sent", persons)
    if author and sent and not author.party and sent.name == author.name:
        author = sent
    facts.tell("people", str(author or sent or ""), "author")
    facts.tell(
        "party", (author.party if author else None) or (sent.party if sent else None), "author"
    )
    facts.tell("addressee", str(_party_to(root, "received", persons) or ""), "correspAction")


def _party_to(root: _Element, kind: str, persons: dict[str, Person]) -> Person | None:
    actions = (e for e in descendants(root, "correspAction") if e.get("type") == kind)
    action = next(actions, None)
    return persons.get((action.get("corresp") or "").lstrip("#")) if action is not None else None


def _riksmote(match: re.Match[str]) -> str:
    return f"{match[2]}/{match[3]}"


def _speeches(
    root: _Element, text: _Element, chunk: Chunk, persons: dict[str, Person], key: str | None
) -> Iterator[Outcome]:
    """Yield a document for each speech."""
    sitting = _facts(root)
    sitting.tell("type", "anförande", "TEI")
    match = _IN_ID.search(root.get(ID) or "")
    if match and match[1] == "prot" and (riksmote := riksmote_of(_riksmote(match))):
        sitting.tell("rm", riksmote, "xml:id")
        sitting.tell("number", f"{riksmote}:{match[4]}", "xml:id")
    for number, (parts, announced, page, heading) in enumerate(_gathered(text), 1):
        prose = Prose(page=page, notes=False)
        for part in parts:
            prose.add(part)
        prose.flush()
        if not prose.text():
            continue  # nothing but a note on what happened in the chamber
        facts = deepcopy(sitting)
        speaker = speaker_of(parts[0], announced, persons)
        facts.tell("people", str(speaker or ""), "speaker")
        facts.tell("party", speaker.party if speaker else None, "speaker")
        facts.tell("debate", _PARAGRAPH_SIGN.sub("", heading), "head")
        if title := facts.values.get("debate") or facts.values.get("title"):
            said = f" – anförande av {speaker}" if speaker else ""
            facts.values["title"] = f"{title}{said}"
            facts.sources["title"] = "head" if heading else facts.sources["title"]
        own = parts[0].get(ID) or f"{key or chunk.relative}#{number}"
        yield from document(chunk, facts, prose.text(), key=own, pages=prose.pages, alone=False)


_Gathered: TypeAlias = tuple[list["_Element"], str, str | None, str]


def _gathered(text: _Element) -> Iterator[_Gathered]:
    """Yield speeches: the parts each is cut in, the line above it, its page and heading."""
    parts: list[_Element] = []
    heard = heading = ""
    page: str | None = None
    head: tuple[str, str | None, str] = ("", None, "")
    for element in text.iter():
        name = local(element)
        if name == "pb":
            page = element.get("n") or page
        elif name == "head":
            heading = words(element)
        elif name == "note" and element.get("type") == "speaker":
            heard = words(element)
        elif name in _SPEECHES:
            if parts and not _goes_on(parts[-1], element):
                yield parts, *head
                parts = []
            if not parts:
                head, heard = (heard, page, heading), ""
            parts.append(element)
    if parts:
        yield parts, *head


def _number_pages(text: _Element) -> None:
    """Number the pages of a scan, if the file gives their pictures only."""
    pages = list(descendants(text, "pb"))
    if not any(page.get("n") for page in pages):
        for number, page in enumerate(pages, 1):
            page.set("n", str(number))


def _goes_on(before: _Element, after: _Element) -> bool:
    following = (before.get("next") or "").lstrip("#")
    return bool(after.get("prev")) and following in ("", after.get(ID) or "")
