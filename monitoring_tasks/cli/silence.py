"""Silences: `silence add`, `silence list`, `silence end`."""

import getpass
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.output import (
    HomeOption,
    JsonOption,
    ModelArgument,
    console,
    models,
    parse_day,
    print_json,
    print_table,
    reported,
)
from monitoring_tasks.domain.decisions import Cause, Severity

group = typer.Typer(
    name="silence",
    help="Who is not to be paged about what, until when; verdicts stay as they are.",
    no_args_is_help=True,
)
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept for ever.")]
ByOption = Annotated[
    str | None, typer.Option("--by", help="Who says so (default: the login name).")
]


def add_silence(  # noqa: PLR0913 (a command's options)
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
        raise typer.BadParameter("say how long: --until DAY or --days N")
    with reported(home):
        from monitoring_tasks.domain.silences import Silence
        from monitoring_tasks.store.silences import silence_id
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            contract = workspace.contract(model)
            starts = workspace.now(model).replace(microsecond=0)
            wish = Silence(
                id="",
                model=model,
                cause=cause,
                segment=segment,
                severity_at_most=severity_at_most,
                starts_at=starts,
                ends_at=_end(starts, until, days, timezone=contract.timezone),
                actor=by or getpass.getuser(),
                reason=reason.strip(),
            )
            about = (cause, segment, severity_at_most, wish.ends_at, wish.actor, reason)
            found = workspace.silences.add(
                replace(wish, id=silence_id(model, starts, *about)),
                longest_days=contract.policy.alarms.longest_silence_days,
            )
    if as_json:
        print_json(asdict(found))
    else:
        until_text = f"{found.ends_at:%Y-%m-%d %H:%M} UTC"
        console.print(f"{found.id} is quiet until {until_text}")


def _end(
    starts: datetime, until: date | None, days: int | None, *, timezone: str
) -> datetime:
    from monitoring_tasks.domain.windows import window_of

    if until is not None:
        return window_of(until, timezone).end
    return starts + timedelta(days=days or 0)


def list_silences(
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
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            silences = workspace.silences.find(model)
            now = workspace.clock.now()
            found = [
                asdict(one)
                | {
                    "state": _state(one, now),
                    "events": workspace.silences.events(one.id),
                }
                for one in silences
            ]
    if as_json:
        print_json(found)
        return
    rows = [
        [
            one["id"],
            one["state"],
            ", ".join(filter(None, [one["model"], one["cause"], one["segment"]])),
            one["severity_at_most"],
            f"{one['ends_at']:%Y-%m-%d %H:%M}",
            f"{one['actor']}: {one['reason']}",
        ]
        for one in found
    ]
    columns = ("id", "state", "about", "at most", "until (UTC)", "who and why")
    print_table("silences", columns, rows, whole=columns[:1])


def _state(silence: Any, now: datetime) -> str:  # noqa: ANN401 (Silence)
    if silence.ended_at is not None:
        return "ended"
    return "acts" if silence.acts_at(now) else "over"


def end_silence(
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
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            known = {one.id: one for one in workspace.silences.find()}
            if silence not in known:
                msg = f"there is no silence '{silence}'"
                raise LookupError(msg)
            ended = workspace.silences.end(
                silence,
                at=workspace.now(known[silence].model),
                actor=by or getpass.getuser(),
                reason=reason.strip(),
            )
    if as_json:
        print_json(asdict(ended))
    else:
        console.print(f"{ended.id} ended {ended.ended_at:%Y-%m-%d %H:%M} UTC")


COMMANDS = (add_silence, list_silences, end_silence)
