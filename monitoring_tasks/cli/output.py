"""What every command shares: options, JSON, errors and exit codes."""

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from monitoring_tasks.cli.tables import Cell, as_records, fitted_table
from monitoring_tasks.cli.terminal import SafeConsole, assembled, is_control, visible
from monitoring_tasks.disk import in_words
from monitoring_tasks.errors import MonitoringError, TransientError

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


@contextmanager
def reported(home: Path | None) -> Iterator[None]:
    """Turn errors into one clear line and the right exit code.

    Args:
        home: Folder of the workspace, kept in `DAYWATCH_HOME`; None for the default.
    """
    if home is not None:
        # Workspaces that are opened further in, also by other processes, find it there.
        os.environ["DAYWATCH_HOME"] = str(home.resolve())
    try:
        yield
    except TransientError as error:
        print_fault("try again:", error, style="bold yellow")
        raise typer.Exit(ExitCode.TRY_AGAIN) from error
    # A LookupError names an id that somebody typed and that is not there.
    except (MonitoringError, LookupError) as error:
        print_fault("error:", error)
        raise typer.Exit(ExitCode.FAULT) from error
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise  # whoever read the output has gone: Typer ends quietly
        print_fault("error:", in_words(error))
        raise typer.Exit(ExitCode.FAULT) from error


def print_fault(word: str, error: object, *, style: str = "bold red") -> None:
    """Print what went wrong on standard error.

    Args:
        word: Says what kind of fault it is, such as `error:`.
        error: What went wrong.
        style: How the word is printed, in Rich's terms.
    """
    errors.print(assembled((word, style), f" {error}"))


def print_more(page: int) -> None:
    """Say on standard error that a full page may not be the last one.

    Args:
        page: The page that is printed.
    """
    errors.print(f"page {page}; --page {page + 1} has earlier ones, --limit 0 all")


def print_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    """Print JSON on standard output, unstyled, days as ISO text.

    Control characters are escaped the way JSON writes them, so the value is the same.
    """
    text = json.dumps(value, indent=2, default=str, ensure_ascii=False)
    typer.echo(
        "".join(
            f"\\u{ord(char):04x}" if is_control(char) and char != "\n" else char
            for char in text
        )
    )


def print_text(text: str) -> None:
    """Print a text for other programs on standard output, unstyled and unwrapped."""
    typer.echo(visible(text), nl=not text.endswith("\n"))


def styled(verdict: str | None) -> Text:
    """Return a verdict in its colour; the word itself carries the meaning."""
    word = verdict or "-"
    return assembled((word, STYLES.get(word, "")))


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    unbroken: Collection[str] = (),
) -> None:
    """Print a table; where it does not fit the terminal, one line per cell instead.

    Args:
        title: Stands above the table.
        columns: Heads of the columns.
        rows: A cell a column.
        unbroken: Columns that never wrap; in no column a word is broken.
    """
    console.print(assembled((title, "italic")))
    table = fitted_table(columns, rows, room=console.width, unbroken=unbroken)
    if table is not None:
        console.print(table)
        return
    for line in as_records(columns, rows):
        console.print(line)


def number(value: float | None, decimals: int = 3) -> str:
    """Return a number in digits a reader can use, a dash where there is none.

    Args:
        value: The number.
        decimals: Decimals of an ordinary number; large ones have none, tiny ones two
            digits.

    >>> [number(value) for value in (None, 0.7512, -15.1, 12345.6, 0.00012, 0.0)]
    ['-', '0.751', '-15.100', '12,346', '0.00012', '0.000']
    """
    if value is None:
        return "-"
    size = abs(value)
    if size >= 1000:  # noqa: PLR2004 (decimals no one reads)
        return f"{value:,.0f}"
    if 0 < size < 0.1**decimals:
        return f"{value:.2g}"
    return f"{value:.{decimals}f}"


def interval(measured: Mapping[str, Any] | None) -> str:
    """Return a value with its interval under it, narrow enough for 80 columns."""
    if not measured or measured["value"] is None:
        return "-"
    if measured["lower"] is None:
        return number(measured["value"])
    ends = f"{number(measured['lower'], 2)}..{number(measured['upper'], 2)}"
    return f"{number(measured['value'])}\n{ends}"
