"""
The command ``searchkit``: a group whose commands are imported when they are used.

`main` is the console script and, being a click group, what tests invoke.
Unlike click's own, it never expands wildcards in arguments (``prefix*`` is a
query), ends quietly when its pipe is closed, and leaves every exit code to
`failures`.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

import searchkit
from searchkit.cli.failures import guarded
from searchkit.cli.terminal import decoded, use_utf8

PROGRAM = "searchkit"
COMPLETE_VARIABLE = "_SEARCHKIT_COMPLETE"

COMMANDS = {
    "search": "Search the index: ranked documents with the passages that answer.",
    "reindex": "Bring the index in step with a corpus.",
    "download": "Fetch documents from public sources.",
    "analyze": "Show how a text is analysed: its terms and compound parts.",
    "show": "Print one document of the index, or a page or section of it.",
    "open": "Open a document in the program made for it.",
    "duplicates": "List documents that say nearly the same.",
    "stats": "Count what the index holds.",
    "verify": "Check every byte of the index against its checksums.",
    "evaluate": "Measure the index on questions whose answers are known.",
    "completion": "Print the completion script of a shell.",
}


class App(click.Group):
    """A group that knows its commands by name and imports each only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of the command, or return None if there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"searchkit.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; suggest one for a word that is none."""
        name = args[0]
        if name in COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        close = get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean '{close[0]}'?" if close else "to search, write `searchkit search …`"
        raise click.UsageError(f"no command '{name}'; {hint}", ctx)

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> Any:
        """
        Run one command line and leave the process.

        Args:
            args: the arguments without the program's name; default ``sys.argv[1:]``.

        Raises:
            SystemExit: always. 0 done (or hits), 1 no hits, 2 an error, 130 Ctrl-C.
        """
        use_utf8()
        if not sys.warnoptions:
            # Whoosh 2.7.4 is compiled with SyntaxWarnings that mean nothing to a reader.
            warnings.simplefilter("ignore")
        arguments = [decoded(arg) for arg in (sys.argv[1:] if args is None else args)]
        sys.exit(guarded(lambda: self._run(arguments)))

    def _run(self, arguments: list[str]) -> int:
        instruction = os.environ.get(COMPLETE_VARIABLE)
        if instruction:
            from click.shell_completion import shell_complete

            return shell_complete(self, {}, PROGRAM, COMPLETE_VARIABLE, instruction)
        with self.make_context(PROGRAM, arguments) as ctx:
            code: int | None = self.invoke(ctx)
            return code or 0


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    click.echo(f"{PROGRAM} {searchkit.__version__}")
    ctx.exit()


@click.group(
    cls=App,
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 done (search: hits), 1 search without hits, 2 error, 130 interrupted.",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version and exit.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """
    Search Swedish policy documents.

    \b
    searchkit reindex corpus/               build the index
    searchkit search hållbar produktion     ask it
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)
