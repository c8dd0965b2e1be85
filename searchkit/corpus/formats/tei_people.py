"""
Who speaks in a TEI file?

A speech names its speaker by a reference to a list of persons in the header, or only in
the line that the stenographer writes above it: "Anf. 12 ANNA SVENSSON (M) replik:".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searchkit.corpus.formats.tei_text import ID, child, descendants, local, words

if TYPE_CHECKING:
    from lxml.etree import _Element

_PARTY = re.compile(r"[ ]*\(([A-Za-zÅÄÖåäö]{1,5}|-)\)")
_ANNOUNCED = re.compile(
    r"^(?:Anf(?:örande)?\.?[ ]?(?:nr[ ])?\d+\.?[ ]*)|[ ]*(?:,?[ ]?replik)?[ ]*:?[ ]*$"
)
_PARTY_REFERENCE = re.compile(r"#?(?:party|parliamentaryGroup)?[._]?([A-ZÅÄÖ][A-Za-z]{0,4})")


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a document's metadata names them."""

    name: str
    party: str | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.party})" if self.party else self.name


def person_of(written: str) -> Person | None:
    """
    Return the person that a name with a party stands for.

    >>> str(person_of("Ernkrans, Matilda (s)")), str(person_of("Anf. 7 ULLA HOFFMANN (v) replik:"))
    ('Matilda Ernkrans (S)', 'Ulla Hoffmann (V)')
    """
    name = _ANNOUNCED.sub("", " ".join(written.split()))
    match = _PARTY.search(name)
    party = match[1].upper() if match and match[1] != "-" else None
    name = _PARTY.sub("", name).strip(" :,")
    last, comma, first = name.partition(", ")
    if comma and len(first.split()) <= 3:
        name = f"{first} {last}"
    name = " ".join(
        part.title() if part.isupper() and len(part) > 1 else part for part in name.split()
    )
    return Person(name, party) if name else None


def persons_of(root: _Element) -> dict[str, Person]:
    """Return the persons that a file lists, by their ids."""
    found: dict[str, Person] = {}
    for element in descendants(root, "person"):
        if person := _listed(element):
            keys = [element.get(ID), *(words(i) for i in element if local(i) == "idno")]
            found.update((key, person) for key in keys if key)
    return found


def speaker_of(speech: _Element, announced: str, persons: dict[str, Person]) -> Person | None:
    """Return who makes a speech: by reference, or else as announced in the line above it."""
    key = (speech.get("who") or speech.get("corresp") or "").split()
    key = key[0].lstrip("#") if key else ""
    if key in persons:
        return persons[key]
    label = words(child(speech, "speaker")) or announced
    if label and (person := person_of(label)):
        return person
    # Corpora without their list of persons name them in the reference: "#PålJonson".
    spelled = re.sub(r"(?<=[a-zåäöé])(?=[A-ZÅÄÖ])", " ", key)
    return Person(spelled) if " " in spelled else None


def _listed(element: _Element) -> Person | None:
    names = [e for e in element if local(e) == "persName"]
    # Of several names the one that is still borne goes first.
    names.sort(key=lambda e: e.get("to") is not None)
    if not names:
        return None
    parts = [words(e) for kind in ("forename", "surname") for e in descendants(names[0], kind)]
    person = person_of(" ".join(parts) or words(names[0]))
    return Person(person.name, person.party or _party_of(element)) if person else None


def _party_of(element: _Element) -> str | None:
    for e in descendants(element, "state", "affiliation"):
        if local(e) == "state" and e.get("type") == "partyAffiliation":
            written = words(child(e, "desc"))
            if written:
                return written.upper() if len(written) <= 5 else written
        elif local(e) == "affiliation" and "party" in (e.get("ref") or "").lower():
            match = _PARTY_REFERENCE.fullmatch(e.get("ref") or "")
            return match[1].upper() if match else None
    return None
