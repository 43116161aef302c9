"""Messages on their way: `outbox list`, `send`, `retry`, `drop`."""

import getpass
from typing import Annotated

import typer

from monitoring_tasks.cli.options import (
    ByOption,
    HomeOption,
    JsonOption,
    ReasonOption,
)
from monitoring_tasks.cli.output import (
    ExitCode,
    console,
    print_json,
    print_table,
    reported,
)

group = typer.Typer(
    name="outbox",
    help="Messages that were written and not sent yet, or given up.",
    no_args_is_help=True,
)
ID = 12
"""So much of an id is shown; it is enough to name it."""


def list_messages(
    *,
    sent: Annotated[
        bool, typer.Option("--all", help="Those that were sent as well.")
    ] = False,
    incident: Annotated[
        str | None, typer.Option("--incident", help="Only about this incident.")
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List messages that wait or were given up, oldest first, with why.

    Example: daywatch outbox list --all --incident flight_delay-model-2013-09-02
    """
    with reported(home):
        from monitoring_tasks.domain.outbox import MessageState
        from monitoring_tasks.operations.messages.outbox import outbox_view
        from monitoring_tasks.workspace.workspace import open_workspace

        states = tuple(MessageState) if sent else ()
        with open_workspace(home) as workspace:
            listed = outbox_view(workspace, *states, incident=incident)
    if as_json:
        print_json(listed)
        return
    if not listed:
        console.print("nothing waits")
        return
    rows = [
        [
            message["id"][:ID],
            message["channel"],
            f"{message['severity']} {message['occasion']}",
            message["about"],
            message["state"],
            f"{message['created_at']:%Y-%m-%d %H:%M}",
            message["fault"] or message["headline"] or "",
        ]
        for message in listed
    ]
    columns = ("id", "to", "what", "about", "state", "since (UTC)", "fault or text")
    print_table("outbox", columns, rows, unbroken=columns[:1])


def send_messages(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Make one round now: escalate, send what is due, sign of life; as the DAG does.

    Example: daywatch outbox send
    """
    with reported(home):
        from monitoring_tasks.operations.messages.rounds import round_of
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            done = round_of(workspace)
    if as_json:
        print_json(done)
    else:
        console.print(
            f"sent {len(done['sent'])}, told by others {len(done['covered'])}, tried "
            f"again later {len(done['delayed'])}, given up {len(done['dead'])}"
        )
        for fault in (*done["delayed"].values(), *done["dead"].values()):
            console.print(f"  {fault}")
        for name, fault in done["faults"].items():
            console.print(f"  {name} failed: {fault}")
    if done["delayed"]:
        raise typer.Exit(ExitCode.TRY_AGAIN)
    if done["dead"] or done["faults"]:
        raise typer.Exit(ExitCode.FAULT)


def retry_messages(
    messages: Annotated[
        list[str] | None,
        typer.Argument(help="Ids or their beginnings; all that were given up if none."),
    ] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Let messages be tried again that were given up; the next round sends them.

    Example: daywatch outbox retry 3f2a91c07b1e
    """
    with reported(home):
        from monitoring_tasks.operations.messages.outbox import retry_messages as retry
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            ids = retry(workspace, messages or [])
    if as_json:
        print_json(ids)
    else:
        console.print(f"{len(ids)} wait for the next round: `daywatch outbox send`")


def drop_message(
    message: Annotated[str, typer.Argument(help="Its id, or the beginning of it.")],
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give a message up for good; it stays in the list.

    Example: daywatch outbox drop 3f2a91c07b1e --reason "the channel is gone for good"
    """
    with reported(home):
        from monitoring_tasks.operations.messages.outbox import drop_message as drop
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            dropped = drop(
                workspace, message, reason=reason, actor=by or getpass.getuser()
            )
    if as_json:
        print_json({"id": dropped})
    else:
        console.print(f"{dropped[:ID]} is dropped")


COMMANDS = (list_messages, send_messages, retry_messages, drop_message)
