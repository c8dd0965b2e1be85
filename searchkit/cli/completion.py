"""``searchkit completion``: print a shell's completion script."""

from __future__ import annotations

import sys

import click

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """
    Print the completion script of SHELL.

    \b
    eval "$(searchkit completion bash)"      # in ~/.bashrc
    eval "$(searchkit completion zsh)"       # in ~/.zshrc
    searchkit completion fish > ~/.config/fish/completions/searchkit.fish
    """
    from click.shell_completion import get_completion_class

    from searchkit.cli.app import COMPLETE_VARIABLE, PROGRAM, main

    script = get_completion_class(shell)
    if script is None:
        raise click.UsageError(f"this version of click cannot complete for {shell}")
    sys.stdout.write(script(main, {}, PROGRAM, COMPLETE_VARIABLE).source() + "\n")
    return 0
