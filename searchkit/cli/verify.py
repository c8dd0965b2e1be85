"""``searchkit verify``: check the index against its checksums."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

import searchkit
from searchkit.cli.machine import print_json
from searchkit.cli.options import index_option, json_option
from searchkit.cli.stats import print_figures


@click.command("verify")
@index_option
@json_option
def command(*, index_path: Path, as_json: bool) -> int:
    """
    Check every byte of the index against its checksums.

    Prints what was checked. The exit status is 0 if the index is sound, 2 if
    it is damaged; the message names the file.
    """
    report = dataclasses.asdict(searchkit.verify(index_path))
    if as_json:
        print_json(report)
    else:
        print_figures({**report, "verdict": "sound"})
    return 0
