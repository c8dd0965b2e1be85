"""
Where does each word stand?

All tokens of a segment lie on one line and are numbered; a term is the
ascending list of places where it stands; documents, fields, passages, pages and
sections are intervals of the line. Everything is a memory-mapped NumPy array.
"""

from searchkit.index.segment import Segment
from searchkit.index.snapshot import LiveSegment, Snapshot
from searchkit.index.writer import IndexWriter

__all__ = ["IndexWriter", "LiveSegment", "Segment", "Snapshot"]
