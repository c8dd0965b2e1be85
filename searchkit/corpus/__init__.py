"""
Where do documents come from?

A corpus is a folder or a file. ``plan`` walks it in sorted order and cuts it
into chunks, units of work of about the same size: one file of prose, or a
block of whole lines of a JSONL dump. ``read`` turns one chunk into documents;
it needs nothing but the chunk, so chunks may be read in any process, in any
order. ``registry`` says which reader takes which file.

Invariants:

- ``plan`` is deterministic: the same tree gives the same chunks.
- The chunks' ``disk_bytes`` add up to ``size_of`` when every file can be read
  (a compressed file's last few bytes may be missing).
- What is wrong with one file or one line is *yielded* as a
  ``DocumentFormatError``; the documents around it are delivered all the same.
- Every document has a text that is not blank and can be encoded as UTF-8, and
  ``fields["path"]``, the path of its file relative to the corpus.
"""

from __future__ import annotations

from searchkit.corpus.blocks import content_of, first_line_of
from searchkit.corpus.chunk import Chunk, Reader
from searchkit.corpus.language import with_language
from searchkit.corpus.limits import Limits
from searchkit.corpus.plan import chunks_of, plan, size_of
from searchkit.corpus.registry import extensions, is_line_based, read, register
from searchkit.corpus.version import READERS_VERSION, how_files_are_read
from searchkit.corpus.walk import SourceFile, files_of

__all__ = [
    "READERS_VERSION",
    "Chunk",
    "Limits",
    "Reader",
    "SourceFile",
    "chunks_of",
    "content_of",
    "extensions",
    "files_of",
    "first_line_of",
    "how_files_are_read",
    "is_line_based",
    "plan",
    "read",
    "register",
    "size_of",
    "with_language",
]
