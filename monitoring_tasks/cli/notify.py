"""Whom Daywatch tells, and what it heard there: `notify list`, `test`, `heard`."""

import getpass
from dataclasses import asdict
from typing import Annotated

import typer

from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption
from monitoring_tasks.cli.output import (
    ExitCode,
    console,
    print_json,
    print_table,
    reported,
)

group = typer.Typer(
    name="notify",
    help="The channels by which people are told: mail, chat, pagers, tickets.",
    no_args_is_help=True,
)


def channels() -> list[str]:
    """List the channels of the workspace, for tab completion."""
    from monitoring_tasks.errors import MonitoringError
    from monitoring_tasks.settings import load_settings

    try:
        return sorted(load_settings().channels)
    except MonitoringError:
        return []  # completion must not shout into the command line


def test(
    channel: Annotated[
        str, typer.Argument(help="Name of the channel.", autocompletion=channels)
    ],
    *,
    by: ByOption = None,  # noqa: PT028 (a command)
    as_json: JsonOption = False,  # noqa: PT028 (a command)
    home: HomeOption = None,  # noqa: PT028 (a command)
) -> None:
    """Send a message through a channel that says that it is a test.

    Ends with 1 if the channel refuses it, with 75 if it did not answer.

    Example: daywatch notify test slack
    """
    with reported(home):
        from monitoring_tasks.operations.channels import send_test
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            receipt = send_test(workspace, channel, actor=by or getpass.getuser())
    if as_json:
        print_json({"channel": channel, "receipt": receipt})
        return
    console.print(f"{channel}: sent")
    for name, value in receipt.items():
        console.print(f"  {name}: {value}", soft_wrap=True)


def list_all(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the channels and whether their connections are known; no secret is shown.

    Ends with 1 if a channel cannot be used.

    Example: daywatch notify list
    """
    with reported(home):
        from monitoring_tasks.operations.channels import list_channels
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            views = list_channels(workspace)
    if as_json:
        print_json([asdict(view) for view in views])
    elif not views:
        console.print("no channels: nobody is told; see `channels` in daywatch.yaml")
    else:
        rows = [
            [view.name, view.kind, view.source or "-", view.problem or "ready"]
            for view in views
        ]
        columns = ("channel", "kind", "secret from", "state")
        print_table("channels", columns, rows, unbroken=columns[:1])
    if any(view.problem for view in views):
        raise typer.Exit(ExitCode.FAULT)


def heard(
    *,
    incident: Annotated[
        str | None, typer.Option("--incident", help="Only about this incident.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="The newest so many.")
    ] = 50,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List what people did in channels: what came of it, or why it was ignored.

    Example: daywatch notify heard --incident flight_delay-model-2013-09-02
    """
    with reported(home):
        from monitoring_tasks.operations.views.heard import heard_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            listed = heard_view(workspace, incident=incident, limit=limit)
    if as_json:
        print_json(listed)
        return
    if not listed:
        console.print("nothing was heard")
        return
    rows = [
        [
            f"{event['heard_at']:%Y-%m-%d %H:%M}",
            event["channel"],
            event["who"],
            event["what"],
            event["incident"] or "-",
            event["outcome"],
            event["why"] or event["text"] or "-",
        ]
        for event in listed
    ]
    columns = ("heard (UTC)", "in", "who", "did", "about", "outcome", "why or text")
    print_table("heard from channels", columns, rows, unbroken=columns[:1])


COMMANDS = (test, list_all, heard)
