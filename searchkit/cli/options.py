"""
What the commands' options share: names, and where a value comes from.

A flag wins over ``SEARCHKIT_<NAME>`` in the environment, which wins over
``<name>`` in ``[tool.searchkit]`` of ``./pyproject.toml``, which wins over
the value built in. The file is opened only when it is its turn.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from searchkit.errors import UsageError

SETTINGS_FILE = Path("pyproject.toml")


def setting(name: str, built_in: str | None) -> Callable[[], str | None]:
    """
    Return a function that reads the setting *name*, for an option's ``default=``.

    The function raises `UsageError` if the file is not TOML or the value not
    a text or a number.
    """

    def read() -> str | None:
        value = _project_settings().get(name)
        if value is None:
            return built_in
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise UsageError(
                f"'{SETTINGS_FILE}': {name} in [tool.searchkit] must be a text or a number, "
                f"not {value!r}"
            )
        return str(value)

    return read


def _project_settings() -> dict[str, Any]:
    try:
        with SETTINGS_FILE.open("rb") as file:
            settings = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"'{SETTINGS_FILE}' is not valid TOML: {error}") from error
    tool = settings.get("tool")
    own = tool.get("searchkit") if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else {}


index_option = click.option(
    "--index",
    "index_path",
    type=click.Path(path_type=Path),
    envvar="SEARCHKIT_INDEX",
    default=setting("index", "index"),
    metavar="DIR",
    help="Directory of the index (default: index).",
)

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    envvar="SEARCHKIT_COLOR",
    default=setting("color", "auto"),
    help="When to use colours (default: auto).",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

_FORMS = {
    "--json": "Print one JSON object.",
    "--jsonl": "Print one JSON object a hit.",
    "--csv": "Print a header and a row a hit.",
    "--explain-query": "Print how the query is read, and stop.",
}


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """
    Add the flags that choose the form of the output, of which one may be given.

    The command gets it as ``form``, without its dashes; without any it gets
    no such argument.
    """
    for flag, text in reversed(_FORMS.items()):
        name = f"form_{flag.strip('-').replace('-', '_')}"
        add = click.option(
            flag, name, is_flag=True, expose_value=False, callback=_choose_form, help=text
        )
        command = add(command)
    return command


def _choose_form(ctx: click.Context, param: click.Parameter, given: bool) -> None:
    if not given:
        return
    form = param.opts[0].strip("-")
    other = ctx.params.setdefault("form", form)
    if other != form:
        raise click.UsageError(f"--{other} and --{form} exclude each other.", ctx)
