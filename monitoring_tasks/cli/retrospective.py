"""Retrospectives: `retrospective weekly`, `retrospective quarterly`."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitoring_tasks.cli.options import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    models,
    require_order,
)
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.learn.retrospective.content import Period

if TYPE_CHECKING:
    from monitoring_tasks.operations.retrospective.writing import Written
    from monitoring_tasks.workspace.workspace import Workspace

group = typer.Typer(
    name="retrospective",
    help="How good alarms, answers, estimates and promises were; what is still open.",
    no_args_is_help=True,
)
ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="One model; all if left out.", autocompletion=models),
]
FolderOption = Annotated[
    Path | None,
    typer.Option("--out", help="Folder of the page (default: retrospectives/)."),
]
ProposalsOption = Annotated[
    bool,
    typer.Option("--proposals", help="Search for better limits as well; slow."),
]
TellOption = Annotated[
    bool, typer.Option("--tell", help="Tell the channels that take retrospectives.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    model: str | None
    first: date | None
    last: date | None
    folder: Path | None
    proposals: bool
    tells: bool


def weekly(  # noqa: PLR0913 (a command's options)
    *,
    model: ModelOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    out: FolderOption = None,
    proposals: ProposalsOption = False,
    tell: TellOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write the retrospective of the last whole week, Monday to Sunday.

    Examples: daywatch retrospective weekly
              daywatch retrospective weekly --from 2013-09-01 --to 2013-09-05 --json
    """
    asked = _Asked(
        model=model,
        first=first,
        last=last,
        folder=out,
        proposals=proposals,
        tells=tell,
    )
    _write(Period.WEEKLY, asked, as_json=as_json, home=home)


def quarterly(  # noqa: PLR0913 (a command's options)
    *,
    model: ModelOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    out: FolderOption = None,
    proposals: ProposalsOption = False,
    tell: TellOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write the retrospective of the last whole quarter.

    Example: daywatch retrospective quarterly --model flight_delay --proposals
    """
    asked = _Asked(
        model=model,
        first=first,
        last=last,
        folder=out,
        proposals=proposals,
        tells=tell,
    )
    _write(Period.QUARTERLY, asked, as_json=as_json, home=home)


def _write(period: Period, asked: _Asked, *, as_json: bool, home: Path | None) -> None:
    require_order(asked.first, asked.last)
    with reported(home):
        from monitoring_tasks.learn.retrospective.rendering import as_plain
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            written = _written(workspace, period, asked, hidden=as_json)
    if as_json:
        plain = as_plain(written.retrospective)
        print_json({"page": written.page, "messages": written.messages, **plain})
        return
    for line in written.retrospective.lines():
        console.print(line)
    for action in written.retrospective.overdue:
        console.print(f"overdue since {action.due}: {action.id}: {action.text}")
    told = f"; told to {len(written.messages)} channels" if asked.tells else ""
    console.print(f"page: {written.page}{told}", soft_wrap=True)


def _written(
    workspace: "Workspace", period: Period, asked: _Asked, *, hidden: bool
) -> "Written":
    from monitoring_tasks.cli.progress import step_bar
    from monitoring_tasks.operations.retrospective.writing import (
        all_models,
        search_proposals,
        span_of,
        write_retrospective,
    )

    names = [asked.model] if asked.model else all_models(workspace)
    proposals = None
    if asked.proposals:
        with step_bar("trying limits", None, hidden=hidden) as advance:
            proposals = search_proposals(workspace, names, progress=advance)
    return write_retrospective(
        workspace,
        period,
        span=span_of(workspace, period, asked.first, asked.last),
        models=names,
        folder=asked.folder,
        proposals=proposals,
        tells=asked.tells,
    )


COMMANDS = (weekly, quarterly)
