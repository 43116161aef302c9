"""Arguments and options that several commands take."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitoring_tasks.errors import MonitoringError

if TYPE_CHECKING:
    from monitoring_tasks.domain.list_pages import ListPage


def models() -> list[str]:
    """List the models of the workspace, for tab completion."""
    from monitoring_tasks.contract.files import contract_files
    from monitoring_tasks.settings import load_settings

    try:
        return [p.parent.name for p in contract_files(load_settings().expectations)]
    except MonitoringError:
        return []  # completion must not shout into the command line


DEFAULT_HOME = Path(".daywatch")
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


OptionalDay = Annotated[
    date | None,
    typer.Option(
        parser=parse_day, metavar="DAY", help="Day, ISO; the last if left out."
    ),
]
DayOption = Annotated[
    date, typer.Option(parser=parse_day, metavar="DAY", help="Calendar day, ISO.")
]
FROM = typer.Option("--from", parser=parse_day, metavar="DAY", help="First day, ISO.")
TO = typer.Option("--to", parser=parse_day, metavar="DAY", help="Last day, included.")
FirstDay = Annotated[date, FROM]
LastDay = Annotated[date, TO]
FirstOption = Annotated[date | None, FROM]
LastOption = Annotated[date | None, TO]


LISTED = 50
"""So many are listed if nothing else is said: the newest."""
LimitOption = Annotated[
    int, typer.Option("--limit", min=0, help="How many; 0 for all there are.")
]
PageOption = Annotated[
    int, typer.Option("--page", min=1, help="Which page of so many; 1 has the newest.")
]


def page_of(limit: int, number: int) -> "ListPage | None":
    """Return the page of a list that was typed; None for all of it.

    Args:
        limit: How many are on a page; 0 for all there are.
        number: Which page, from 1.

    Raises:
        typer.BadParameter: If all is wanted, and a later page of it.
    """
    from monitoring_tasks.domain.list_pages import ListPage

    if not limit and number > 1:
        msg = "--limit 0 has all on page 1"
        raise typer.BadParameter(msg)
    return ListPage(rows=limit, number=number) if limit else None


def require_order(first: date | None, last: date | None) -> None:
    """Refuse a range that ends before it begins.

    Args:
        first: First day that was typed; None where none was.
        last: Last day that was typed; None where none was.

    Raises:
        typer.BadParameter: If it does.
    """
    if first and last and last < first:
        msg = f"--to {last} lies before --from {first}"
        raise typer.BadParameter(msg)
