"""The end of an incident: `incident review`, `incident close`."""

import getpass
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitoring_tasks.cli.incident_moves import IncidentArgument
from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption, ReasonOption
from monitoring_tasks.cli.output import ExitCode, console, print_json, reported
from monitoring_tasks.cli.terminal import assembled

if TYPE_CHECKING:
    from monitoring_tasks.operations.closing import Moved


def review(
    incident: IncidentArgument,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say that an incident was reviewed: its post-mortem says `status: reviewed`.

    The text that was reviewed is remembered by its digest. Exits with 4 and says what
    lacks where something does.

    Example: daywatch incident review flight_delay-model-2013-09-02
             --reason "read together on Monday"
    """
    _move(incident, reason, by=by, as_json=as_json, home=home, closes=False)


def close(
    incident: IncidentArgument,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Close an incident for good, once nothing lacks.

    A P0, a P1, and whatever moved an alias is reviewed first and leaves a test; every
    action item has an owner and a day; no legal hold and no regulatory clock runs.
    Exits with 4 and says what lacks where something does.

    Example: daywatch incident close flight_delay-data-2013-09-05
             --reason "the producer delivers miles again"
    """
    _move(incident, reason, by=by, as_json=as_json, home=home, closes=True)


def _move(
    incident: str,
    reason: str,
    *,
    by: str | None,
    as_json: bool,
    home: Path | None,
    closes: bool,
) -> None:
    with reported(home):
        from monitoring_tasks.operations.closing import close_incident, review_incident
        from monitoring_tasks.operations.incidents import said_now
        from monitoring_tasks.workspace.workspace import open_workspace

        move = close_incident if closes else review_incident
        with open_workspace(home) as workspace:
            entry = said_now(workspace, reason, actor=by or getpass.getuser())
            moved = move(workspace, incident, entry)
    if as_json:
        lacks = [asdict(lack) for lack in moved.lacks]
        print_json({"incident": asdict(moved.incident), "lacks": lacks})
    else:
        _print(moved, "closed" if closes else "reviewed")
    if moved.lacks:
        raise typer.Exit(ExitCode.REFUSED)


def _print(moved: "Moved", word: str) -> None:
    incident = moved.incident
    if not moved.lacks:
        console.print(f"{incident.id} is {incident.state}")
        return
    console.print(f"{incident.id} stays {incident.state}; to be {word} it lacks:")
    for lack in moved.lacks:
        console.print(assembled("  ", (lack.text, "yellow")), soft_wrap=True)
        console.print(f"    {lack.command}", soft_wrap=True)


COMMANDS = (review, close)
