"""What a person says of an incident: `incident ack`, `resolve`, `merge` and others."""

import getpass
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitoring_tasks.cli.options import (
    ByOption,
    HomeOption,
    JsonOption,
    ReasonOption,
)
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.domain.incidents import Incident, IncidentState

if TYPE_CHECKING:
    from monitoring_tasks.domain.timeline import Entry
    from monitoring_tasks.workspace.workspace import Workspace

IncidentArgument = Annotated[
    str, typer.Argument(help="Its id, from `daywatch incident list`.")
]
RevisionOption = Annotated[
    int | None,
    typer.Option(
        "--revision",
        min=1,
        help="Only if nobody changed it since, as `incident show` numbers it.",
    ),
]
TextOption = Annotated[str, typer.Option("--note", help="A word for the time line.")]


def carry_out(
    change: Callable[["Workspace", "Entry"], Incident],
    text: str,
    *,
    by: str | None,
    as_json: bool,
    home: Path | None,
) -> None:
    """Do what a person says of an incident, and print how it stands then."""
    with reported(home):
        from monitoring_tasks.operations.incidents import said_now
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            entry = said_now(workspace, text, actor=by or getpass.getuser())
            changed = change(workspace, entry)
    if as_json:
        print_json(asdict(changed))
    else:
        console.print(_line(changed))


def _line(incident: Incident) -> str:
    line = f"{incident.id} is {incident.state} ({incident.severity}, {incident.cause})"
    people = {
        "commander": incident.commander,
        "scribe": incident.scribe,
        "works on it": incident.assignee,
    }
    named = ", ".join(f"{role}: {name}" for role, name in people.items() if name)
    return f"{line}; {named}" if named else line


def ack(
    incident: IncidentArgument,
    *,
    note: TextOption = "",
    revision: RevisionOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Take an incident on; its escalation stops.

    Example: daywatch incident ack flight_delay-model-2013-09-02
    """

    def change(workspace: "Workspace", entry: "Entry") -> Incident:
        from monitoring_tasks.operations.incidents import acknowledge_incident

        return acknowledge_incident(workspace, incident, entry, expected=revision)

    carry_out(change, note or "taken on", by=by, as_json=as_json, home=home)


def assign(  # noqa: PLR0913 (a command's options)
    incident: IncidentArgument,
    *,
    to: Annotated[str | None, typer.Option("--to", help="Who works on it.")] = None,
    commander: Annotated[
        str | None, typer.Option("--commander", help="Who leads the response.")
    ] = None,
    scribe: Annotated[
        str | None, typer.Option("--scribe", help="Who keeps the time line.")
    ] = None,
    note: TextOption = "",
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Name who works on an incident, who leads, who writes.

    Example: daywatch incident assign flight_delay-model-2013-09-02 --to kim
             --commander lee
    """

    def change(workspace: "Workspace", entry: "Entry") -> Incident:
        from monitoring_tasks.operations.incidents import assign_incident

        return assign_incident(
            workspace, incident, entry, assignee=to, commander=commander, scribe=scribe
        )

    carry_out(change, note, by=by, as_json=as_json, home=home)


def note(
    incident: IncidentArgument,
    text: Annotated[str, typer.Argument(help="What there is to say.")],
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write a line on an incident's time line.

    Example: daywatch incident note flight_delay-model-2013-09-02 "asked the feed team"
    """

    def change(workspace: "Workspace", entry: "Entry") -> Incident:
        from monitoring_tasks.operations.incidents import note_incident

        return note_incident(workspace, incident, entry)

    carry_out(change, text, by=by, as_json=as_json, home=home)


def merge(
    incident: IncidentArgument,
    into: Annotated[str, typer.Option("--into", help="Id of the one that stays.")],
    reason: ReasonOption,
    *,
    revision: RevisionOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Make an incident a part of another one; its further days go there.

    Example: daywatch incident merge churn-segment-2026-03-02
             --into churn-data-2026-03-01 --reason "the same broken feed"
    """

    def change(workspace: "Workspace", entry: "Entry") -> Incident:
        from monitoring_tasks.operations.incidents import merge_incidents

        return merge_incidents(workspace, incident, into, entry, expected=revision)

    carry_out(change, reason, by=by, as_json=as_json, home=home)


def resolve(
    incident: IncidentArgument,
    reason: ReasonOption,
    *,
    revision: RevisionOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say that the trouble is over; what comes back within days opens it again.

    Example: daywatch incident resolve flight_delay-model-2013-09-02
             --reason "version 3 withdrawn, three good days"
    """
    _move(incident, IncidentState.RESOLVED, reason, revision, by, as_json, home)


def false_positive(
    incident: IncidentArgument,
    reason: ReasonOption,
    *,
    revision: RevisionOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say that the alarm was wrong; it counts against the alarms' precision.

    Example: daywatch incident false-positive churn-data-2026-03-01
             --reason "the feed was late by agreement"
    """
    _move(incident, IncidentState.FALSE_POSITIVE, reason, revision, by, as_json, home)


def reopen(
    incident: IncidentArgument,
    reason: ReasonOption,
    *,
    revision: RevisionOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Open an incident that was resolved, merged or called false after all.

    Example: daywatch incident reopen flight_delay-model-2013-09-02
             --reason "the batch of the afternoon is broken as well"
    """
    _move(incident, IncidentState.OPEN, reason, revision, by, as_json, home)


def _move(  # noqa: PLR0917 (the options of three commands, handed on)
    incident: str,
    state: IncidentState,
    reason: str,
    revision: int | None,
    by: str | None,
    as_json: bool,  # noqa: FBT001 (as above)
    home: Path | None,
) -> None:
    def change(workspace: "Workspace", entry: "Entry") -> Incident:
        from monitoring_tasks.operations.incidents import move_incident

        return move_incident(workspace, incident, state, entry, expected=revision)

    carry_out(change, reason, by=by, as_json=as_json, home=home)


COMMANDS = (
    ack,
    assign,
    note,
    merge,
    resolve,
    false_positive,
    reopen,
)
