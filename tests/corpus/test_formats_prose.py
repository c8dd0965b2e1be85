"""Do the paragraphs of a word processor's file become one text with sections?"""

from __future__ import annotations

from searchkit.corpus.formats.prose import Paragraph, Prose, note_mark
from searchkit.model import Section


def prose_of(*paragraphs: Paragraph) -> Prose:
    """Return a text to whose notes, each saying "Se SOU 2015:1.", *paragraphs* refer."""
    prose = Prose()
    for paragraph in paragraphs:
        prose.add(paragraph)
    for note in list(prose.notes):
        prose.add_note(note, "Se SOU 2015:1.")
    return prose


def test_notes_are_a_section():
    """Where there are sections, the notes do not belong to the last one, but are one."""
    heading = Paragraph("Slutsats", heading=True)
    prose = prose_of(heading, Paragraph(f"Ord{note_mark('a')} och{note_mark('b')}"))

    assert prose.text == ("Slutsats\n\nOrd[1] och[2]\n\n[1] Se SOU 2015:1.\n[2] Se SOU 2015:1.")
    assert prose.sections == [Section(0, "Slutsats"), Section(25, "Noter")]


def test_notes_without_sections():
    """Where there are no sections, notes make none."""
    assert prose_of(Paragraph(f"Ord{note_mark('a')}")).sections == []
