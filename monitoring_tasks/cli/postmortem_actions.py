"""What is to be done after an incident: `postmortem action add`, `list`, `done`."""

import getpass
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.incident_moves import IncidentArgument, TextOption
from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption, parse_day
from monitoring_tasks.cli.output import (
    ExitCode,
    console,
    print_fault,
    print_json,
    print_table,
    reported,
)
from monitoring_tasks.domain.incident_actions import ActionItem, ActionType

group = typer.Typer(
    name="action",
    help="What is to be done after an incident: by whom, until when.",
    no_args_is_help=True,
)
ActionArgument = Annotated[
    str, typer.Argument(help="Its id, or the number at the end of it.")
]
OwnerOption = Annotated[str | None, typer.Option("--owner", help="Who does it.")]
DueOption = Annotated[
    date | None,
    typer.Option("--due", parser=parse_day, metavar="DAY", help="Until when, ISO."),
]


def add(  # noqa: PLR0913 (a command's options)
    incident: IncidentArgument,
    text: Annotated[str, typer.Argument(help="What is to be done.")],
    action: Annotated[ActionType, typer.Option("--type", help="What it changes.")],
    *,
    owner: OwnerOption = None,
    due: DueOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write down what is to be done; where a Jira channel is declared, make its issue.

    Example: daywatch postmortem action add flight_delay-model-2013-09-02
             "compare on the last week before a release" --type prevent --owner kim
             --due 2013-09-30
    """
    with reported(home):
        from monitoring_tasks.operations.incidents import said_now
        from monitoring_tasks.operations.postmortem.actions import add_action
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            entry = said_now(workspace, text, actor=by or getpass.getuser())
            made = add_action(
                workspace, incident, action, entry, owner=owner or "", due=due
            )
    _print_changed(made.action, made.fault, as_json=as_json)


def list_actions(
    incident: Annotated[
        str | None, typer.Argument(help="Id of the incident; all if left out.")
    ] = None,
    *,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only what is still to be done.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List action items, open ones first and by the day they are due.

    Example: daywatch postmortem action list --open
    """
    with reported(home):
        from monitoring_tasks.operations.postmortem.actions import list_actions
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            items = list_actions(workspace, incident, only_open=only_open)
    if as_json:
        print_json([asdict(item) for item in items])
        return
    rows = [
        [
            item.id,
            item.type.value,
            item.text,
            item.owner or "-",
            str(item.due or "-"),
            item.ticket or "-",
            "open" if item.is_open else "verified" if item.verified_at else "done",
        ]
        for item in items
    ]
    columns = ("action item", "type", "what", "owner", "due", "ticket", "state")
    print_table("Action items", columns, rows)


def plan(
    incident: IncidentArgument,
    action: ActionArgument,
    *,
    owner: OwnerOption = None,
    due: DueOption = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say who does an action item, until when, or both.

    Example: daywatch postmortem action plan flight_delay-model-2013-09-02 1
             --owner kim --due 2013-09-30
    """
    with reported(home):
        from monitoring_tasks.operations.incidents import said_now
        from monitoring_tasks.operations.postmortem.actions import plan_action
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            entry = said_now(workspace, "", actor=by or getpass.getuser())
            made = plan_action(workspace, incident, action, entry, owner=owner, due=due)
    _print_changed(made.action, made.fault, as_json=as_json)


def done(
    incident: IncidentArgument,
    action: ActionArgument,
    *,
    note: TextOption = "",
    verified: Annotated[
        bool, typer.Option("--verified", help="Somebody saw that it works.")
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say that an action item is done; later, that somebody saw that it works.

    Example: daywatch postmortem action done flight_delay-model-2013-09-02 1
             --note "in the release pipeline since Tuesday"
    """
    with reported(home):
        from monitoring_tasks.operations.incidents import said_now
        from monitoring_tasks.operations.postmortem.actions import finish_action
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            entry = said_now(workspace, note, actor=by or getpass.getuser())
            made = finish_action(
                workspace, incident, action, entry, is_verified=verified
            )
    _print_changed(made.action, made.fault, as_json=as_json)


def sync(
    incident: Annotated[
        str | None, typer.Argument(help="Id of the incident; all if left out.")
    ] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Make the Jira issues of open action items that have none yet.

    Example: daywatch postmortem action sync
    """
    with reported(home):
        from monitoring_tasks.operations.postmortem.actions import sync_actions
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            synced = sync_actions(workspace, incident)
    if as_json:
        print_json(asdict(synced))
    else:
        for action, ticket in synced.tickets.items():
            console.print(f"{action}: {ticket}")
        for action, fault in synced.faults.items():
            print_fault("try again:", f"{action}: {fault}", style="bold yellow")
        if not synced.tickets and not synced.faults:
            console.print("every open action item has its issue")
    if synced.faults:
        raise typer.Exit(ExitCode.TRY_AGAIN)


def _print_changed(action: ActionItem, fault: str, *, as_json: bool) -> None:
    if as_json:
        shown: dict[str, Any] = asdict(action) | {"fault": fault}
        print_json(shown)
        return
    planned = f"{action.owner or 'nobody'}, due {action.due or 'on no day'}"
    state = "open" if action.is_open else "done"
    ticket = f", {action.ticket}" if action.ticket else ""
    console.print(f"{action.id} is {state} ({planned}{ticket}): {action.text}")
    if fault:
        print_fault("no issue yet:", fault, style="bold yellow")


for command in (add, list_actions, plan, done, sync):
    group.command(command.__name__.split("_")[0])(command)
