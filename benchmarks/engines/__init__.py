"""
Which engines are measured?

One module an engine, each with one :class:`~benchmarks.engines.contract.Engine`
named ``ENGINE``. A module imports its third-party package at the top, so an
engine that is not installed shows itself as an :class:`ImportError` in
:func:`load`, and the benchmark reports it as skipped.
"""

from __future__ import annotations

import importlib

from benchmarks.engines.contract import Engine

MODULES = {
    "searchkit": "searchkit_",
    "searchkit-known": "searchkit_known",
    "tantivy": "tantivy_",
    "whoosh": "whoosh_",
    "fts5": "fts5",
    "bm25s": "bm25s_",
}


def load(name: str) -> Engine:
    """
    Import one engine.

    Raises:
        ImportError: the engine's package is not installed, or not complete.
        KeyError: no engine has this name.
    """
    module = importlib.import_module(f"benchmarks.engines.{MODULES[name]}")
    engine = module.ENGINE
    assert isinstance(engine, Engine)
    return engine
