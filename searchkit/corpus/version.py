"""Would a file be read today as it was read before?"""

from __future__ import annotations

import hashlib

from searchkit.corpus.limits import Limits
from searchkit.corpus.registry import extensions

#: Raised whenever readers make other documents of the same bytes: all is read again.
READERS_VERSION = 3


def how_files_are_read(limits: Limits) -> str:
    """Return what tells one way of reading a corpus from others: readers and limits."""
    facts = repr((READERS_VERSION, sorted(extensions()), limits))
    return hashlib.blake2b(facts.encode(), digest_size=8).hexdigest()
