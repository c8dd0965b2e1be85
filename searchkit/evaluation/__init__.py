"""
Is it any good?

Questions whose answers people have chosen are put to an index, and its ranked
answers are measured; two sets of answers are compared query by query::

    queries, qrels ─▶ index.search ─▶ run ─▶ measures ─▶ comparison
"""

from searchkit.evaluation.files import read_qrels, read_queries, read_run, write_run
from searchkit.evaluation.measures import (
    DEPTH,
    MEASURES,
    Evaluation,
    Qrels,
    Run,
    Searcher,
    evaluate,
    judge,
    judged,
)
from searchkit.evaluation.significance import Comparison, compare, randomisation_p

__all__ = [
    "DEPTH",
    "MEASURES",
    "Comparison",
    "Evaluation",
    "Qrels",
    "Run",
    "Searcher",
    "compare",
    "evaluate",
    "judge",
    "judged",
    "randomisation_p",
    "read_qrels",
    "read_queries",
    "read_run",
    "write_run",
]
