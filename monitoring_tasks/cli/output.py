"""What every command shares: options, JSON, errors and exit codes."""

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any
from unicodedata import bidirectional, category

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.errors import MarkupError
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from monitoring_tasks.errors import MonitoringError, TransientError


class SafeConsole(Console):
    """A console whose texts can neither steer the terminal nor end a command.

    Names, reasons and versions come from data, the registry and people: control
    characters are printed as what they are, and text that is not valid markup is
    printed as it stands.
    """

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 (Rich's own options)
        """Return the text as Rich draws it, without control characters of its own."""
        shown = visible(text)
        try:
            return super().render_str(shown, **options)
        except MarkupError:
            return super().render_str(shown, **{**options, "markup": False})


def visible(text: str) -> str:
    r"""Return a text with every control character written out, line breaks aside.

    Control characters (C0, DEL, C1) start escape sequences; others turn the direction
    of what follows. Joiners stay: names in many scripts need them.

    >>> visible("a" + chr(27) + "[2Jb")
    'a\\x1b[2Jb'
    """
    return "".join(
        repr(char)[1:-1] if _is_control(char) and char not in "\n\t" else char
        for char in text
    )


def _is_control(char: str) -> bool:
    return category(char) in CONTROLS or bidirectional(char) in TURNS


CONTROLS = frozenset({"Cc", "Zl", "Zp"})
"""Unicode categories that a terminal acts on rather than shows."""
TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Bidirectional classes of characters that turn the text after them."""
console = SafeConsole()
errors = SafeConsole(stderr=True)


class ExitCode(IntEnum):
    """What a command's exit code means."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    NEEDS_A_PERSON = 3
    REFUSED = 4
    TRY_AGAIN = 75


STYLES = {
    "ok": "green",
    "warn": "yellow",
    "breach": "bold red",
    "no_data": "bold magenta",
    "error": "bold red",
    "inconclusive": "cyan",
    "immature": "cyan",
    "excluded": "dim",
    "met": "green",
    "at_risk": "yellow",
    "exhausted": "bold red",
    "insufficient": "cyan",
}


def models() -> list[str]:
    """List the models of the workspace, for tab completion."""
    from monitoring_tasks.contracts import contract_files  # noqa: PLC0415 (start-up)
    from monitoring_tasks.settings import load_settings  # noqa: PLC0415

    try:
        return [p.parent.name for p in contract_files(load_settings().expectations)]
    except MonitoringError:
        return []  # completion must not shout into the command line


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        envvar="DAYWATCH_HOME",
        help="Workspace folder (default: ./.daywatch).",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ModelArgument = Annotated[
    str, typer.Argument(help="Registered model name.", autocompletion=models)
]

RollbackArgument = Annotated[
    str, typer.Argument(help="Its id, from `daywatch rollbacks`.")
]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="Why, ten characters or more; kept for ever.")
]
ByOption = Annotated[
    str | None, typer.Option("--by", help="Who says so (default: the login name).")
]


def parse_day(text: str) -> date:
    """Read an ISO day.

    Raises:
        typer.BadParameter: If it is not one.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"'{text}' is not a day; write it as 2013-09-02"
        raise typer.BadParameter(msg) from error


DayOption = Annotated[
    date, typer.Option(parser=parse_day, metavar="DAY", help="Calendar day, ISO.")
]


@contextmanager
def reported(home: Path | None) -> Iterator[None]:
    """Turn errors into one clear line and the right exit code."""
    if home is not None:
        os.environ["DAYWATCH_HOME"] = str(home.resolve())
    try:
        yield
    except TransientError as error:
        errors.print(f"[bold yellow]try again:[/] {escaped(error)}", highlight=False)
        raise typer.Exit(ExitCode.TRY_AGAIN) from error
    except (MonitoringError, LookupError) as error:
        errors.print(f"[bold red]error:[/] {escaped(error)}", highlight=False)
        raise typer.Exit(ExitCode.FAULT) from error


def escaped(value: object) -> str:
    """Give text that Rich prints as it stands, square brackets included."""
    return escape(str(value))


def print_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    """Print JSON on standard output, unstyled, days as ISO text."""
    typer.echo(json.dumps(value, indent=2, default=str, ensure_ascii=False))


def styled(verdict: str | None) -> str:
    """Give a verdict with its colour; the word itself carries the meaning."""
    word = verdict or "-"
    return f"[{STYLES.get(word, 'default')}]{word}[/]"


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    whole: Collection[str] = (),
) -> None:
    """Print a table; cells may hold Rich markup; columns in `whole` never wrap."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1))
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in whole)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def number(value: float | None) -> str:
    """Give a number with three decimals, a dash where there is none."""
    return "-" if value is None else f"{value:.3f}"


def interval(found: Mapping[str, Any] | None) -> str:
    """Give a value with its interval under it, narrow enough for 80 columns."""
    if not found or found["value"] is None:
        return "-"
    if found["lower"] is None:
        return number(found["value"])
    return f"{found['value']:.3f}\n{found['lower']:.2f}..{found['upper']:.2f}"
