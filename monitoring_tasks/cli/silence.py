"""Silences: `silence add`, `silence list`, `silence end`."""

import getpass
from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated

import typer

from monitoring_tasks.cli.options import (
    ByOption,
    HomeOption,
    JsonOption,
    ModelArgument,
    models,
    parse_day,
)
from monitoring_tasks.cli.output import console, print_json, print_table, reported
from monitoring_tasks.domain.decisions import Cause, Severity

group = typer.Typer(
    name="silence",
    help="Who is not to be paged about what, until when; verdicts stay as they are.",
    no_args_is_help=True,
)
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept for ever.")]


def add(  # noqa: PLR0913 (a command's options)
    model: ModelArgument,
    reason: ReasonOption,
    *,
    cause: Annotated[
        Cause | None, typer.Option("--cause", help="Only incidents of this cause.")
    ] = None,
    segment: Annotated[
        str | None,
        typer.Option("--segment", help="Only if nothing else is broken: column=value."),
    ] = None,
    severity_at_most: Annotated[
        Severity, typer.Option(help="Graver incidents page all the same; never P0.")
    ] = Severity.P2,
    until: Annotated[
        date | None,
        typer.Option(parser=parse_day, metavar="DAY", help="Last day of it, ISO."),
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="Or: for so many days.")
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Keep pagers quiet about a model for a while; incidents are recorded all the same.

    Days judged while it lasts fall under it, fourteen days at the most. No P0 and no
    rollback is ever silenced.

    Example: daywatch silence add flight_delay --cause data --days 3
             --reason "the weather feed moves to a new provider"
    """
    if (until is None) == (days is None):
        raise typer.BadParameter("give either --until DAY or --days N")
    with reported(home):
        from monitoring_tasks.operations.silences import SilenceScope, add_silence
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            silence = add_silence(
                workspace,
                model,
                SilenceScope(
                    cause=cause, segment=segment, severity_at_most=severity_at_most
                ),
                until=until or timedelta(days=days or 0),
                reason=reason,
                actor=by or getpass.getuser(),
            )
    if as_json:
        print_json(asdict(silence))
    else:
        until_text = f"{silence.ends_at:%Y-%m-%d %H:%M} UTC"
        console.print(f"{silence.id} silences pages until {until_text}")


def list_all(
    model: Annotated[
        str | None,
        typer.Argument(help="One model; all if left out.", autocompletion=models),
    ] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List silences, newest first, those that are over as well.

    Example: daywatch silence list flight_delay
    """
    with reported(home):
        from monitoring_tasks.operations.silences import silences_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            silences = silences_view(workspace, model)
    if as_json:
        print_json(silences)
        return
    rows = [
        [
            silence["id"],
            silence["state"],
            ", ".join(
                filter(None, [silence["model"], silence["cause"], silence["segment"]])
            ),
            silence["severity_at_most"],
            f"{silence['ends_at']:%Y-%m-%d %H:%M}",
            f"{silence['actor']}: {silence['reason']}",
        ]
        for silence in silences
    ]
    columns = ("id", "state", "about", "at most", "until (UTC)", "who and why")
    print_table("silences", columns, rows, unbroken=columns[:1])


def end(
    silence: Annotated[
        str, typer.Argument(help="Its id, from `daywatch silence list`.")
    ],
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """End a silence early; days judged before stay as they were.

    Example: daywatch silence end silence-2013-09-05-1a2b3c4d --reason "all is done"
    """
    with reported(home):
        from monitoring_tasks.operations.silences import end_silence
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            ended = end_silence(
                workspace, silence, reason=reason, actor=by or getpass.getuser()
            )
    if as_json:
        print_json(asdict(ended))
    else:
        console.print(f"{ended.id} ended {ended.ended_at:%Y-%m-%d %H:%M} UTC")


COMMANDS = (add, list_all, end)
