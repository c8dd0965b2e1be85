"""
How is the index brought in step with the corpus?

One process walks the corpus and hands out the files that are not as the index
remembers them; worker processes read and encode what is new in them; what comes
back, in the order of the corpus, goes into one new segment, and what is gone from
the corpus is deleted. Nothing is current until it is committed::

    walk ─▶ ledger ─▶ plan ─▶ (intake ─▶ encode) ─▶ segment ─▶ commit
            what is    chunks   workers
            remembered

:mod:`.run` is this pipeline, :mod:`.ledger` what it knows of the corpus, :mod:`.intake`
what is new in a chunk, :mod:`.workers` who does it, :mod:`.isolation` what happens to
a file that takes its reader down.
"""

from __future__ import annotations

from searchkit.reindexing.report import Progress, Progressed, ReindexReport
from searchkit.reindexing.run import reindex

__all__ = ["Progress", "Progressed", "ReindexReport", "reindex"]
