"""
What is in the lists of the Riksdag's open data?

A ``dokumentlista`` is a page of search results: each entry becomes a document of what
little text it has, a summary or just the title, with all metadata. It does not take the
place of the paper itself, whose id it names in the column dok_id. Lists of archives, votes
and members hold no documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.facts import document
from searchkit.corpus.formats.riksdag_speech import read_speech
from searchkit.corpus.formats.riksdag_status import facts_of
from searchkit.corpus.formats.riksdag_values import Record, field, flat, listed, person
from searchkit.errors import DocumentFormatError

_WITHOUT_TEXTS = {
    "datasetlista": ("archives to download", "dataset", "fetch those you need"),
    "voteringlista": ("votes", "votering", "fetch 'bet' or 'anforande' for texts"),
    "votering": ("votes", "votering", "fetch 'bet' or 'anforande' for texts"),
    "personlista": ("members", "person", "fetch 'mot' or 'anforande' for their texts"),
    "utskottsforslag": ("decision points", "utskottsforslag", "fetch the 'dokumentstatus'"),
}
"""Root to what it holds, the name of its items, and what to do."""

_WRITTEN = ("titel", "undertitel", "notisrubrik", "notis", "summary")


def read_list(chunk: Chunk, listing: Record) -> Iterator[Outcome]:
    """
    Yield a document an entry of a ``dokumentlista``.

    Raises:
        DocumentFormatError: it has no entries.
    """
    entries = listed(listing, "dokument")
    if not entries:
        reason = "is an empty 'dokumentlista': the search behind it found nothing"
        raise DocumentFormatError(reason, path=chunk.path)
    for place, entry in enumerate(entries, 1):
        try:
            yield from _entry(chunk, entry, place)
        except DocumentFormatError as error:
            reason = f"entry {place} of the list {error.reason}"
            yield DocumentFormatError(reason, path=chunk.path)


def read_speeches(chunk: Chunk, listing: Record) -> Iterator[Outcome]:
    """
    Yield a document a speech of an ``anforandelista``.

    Raises:
        DocumentFormatError: it holds no speech with a text.
    """
    speeches = listed(listing, "anforande")
    with_text = [speech for speech in speeches if field(speech, "anforandetext")]
    if not with_text:
        reason = (
            f"is a list of {len(speeches)} speeches without their texts, and holds no "
            "documents; fetch the archives 'anforande'"
        )
        raise DocumentFormatError(reason, path=chunk.path)
    for speech in with_text:
        yield from read_speech(chunk, speech)
    if len(with_text) < len(speeches):
        reason = f"{len(speeches) - len(with_text)} of its {len(speeches)} speeches have no text"
        yield DocumentFormatError(reason, path=chunk.path)


def why_no_texts(record: Mapping[str, object]) -> str | None:
    """Return what a record of the open data holds instead of documents, or None."""
    for root, (what, item, advice) in _WITHOUT_TEXTS.items():
        if root in record:
            count = len(listed(record[root], item)) or len(listed(record, item))
            return f"holds {what} ({count} in '{root}'), not documents; {advice}"
    return None


def _entry(chunk: Chunk, entry: Record, place: int) -> Iterator[Outcome]:
    entry = {**entry, **{name: _lines(field(entry, name)) for name in _WRITTEN}}
    facts = facts_of(entry, "dokumentlista")
    found = field(entry, "dok_id", "id")
    facts.tell("dok_id", found.upper(), "dokumentlista.dok_id")
    facts.tell("series", field(entry, "dokumentnamn"), "dokumentlista.dokumentnamn")
    people = listed(entry.get("dokintressent"), "intressent")
    facts.tell_all(
        "people",
        [person(field(item, "namn"), field(item, "partibet")) for item in people],
        "dokintressent.namn",
    )
    parties = [field(item, "partibet").strip("-").upper() for item in people]
    facts.tell_all("party", parties, "dokintressent.partibet")
    files = listed(entry.get("filbilaga"), "fil")
    facts.tell_all("attachments", [field(file, "url") for file in files], "filbilaga.url")
    key = f"{chunk.relative}#{found.upper() or place}"
    text = _text(entry) or facts.values.get("title", "")
    yield from document(chunk, facts, text, key=key, alone=False)


def _text(entry: Record) -> str:
    """Return heading and notice, or what of them there is."""
    heading = " ".join(field(entry, "notisrubrik", "titel").split())
    body = max((flat(field(entry, name)).text for name in ("summary", "notis")), key=len)
    return "\n\n".join(part for part in (heading, body) if part)


def _lines(written: str) -> str:
    """Turn line breaks and tabs that were written as backslash and letter into real ones."""
    return written.replace("\\r", "").replace("\\n", "\n").replace("\\t", "\t")
