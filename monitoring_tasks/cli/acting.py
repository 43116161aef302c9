"""The command that acts: `rollback`."""

import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.output import (
    ExitCode,
    HomeOption,
    JsonOption,
    ModelArgument,
    console,
    escaped,
    print_json,
    print_table,
    reported,
)


def rollback(
    model: ModelArgument,
    to: Annotated[str, typer.Option("--to", help="Version to put back.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the journal.")],
    *,
    overrule: Annotated[
        bool,
        typer.Option(
            "--overrule",
            help="Overrule the guards on evidence; those on the registry always hold.",
        ),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Move the alias back to a version, through the guards Daywatch itself obeys.

    Example: daywatch rollback flight_delay --to 2 --reason "v3 mixes up its inputs"
    """
    with reported(home):
        from monitoring_tasks import daily  # noqa: PLC0415 (heavy)

        outcome = daily.roll_back(
            model, to=to, reason=reason, actor=getpass.getuser(), overrule=overrule
        )
    if as_json:
        print_json(outcome)
    else:
        _print(outcome)
    if outcome["state"] != "applied":
        raise typer.Exit(ExitCode.REFUSED)


class Ending(StrEnum):
    """What a person may say of an incident."""

    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    FALSE_POSITIVE = "false_positive"


def resolve(
    incident: Annotated[str, typer.Argument(help="Its id, from `daywatch incidents`.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; on its time line.")],
    *,
    ending: Annotated[
        Ending, typer.Option("--as", help="What became of it.")
    ] = Ending.RESOLVED,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Acknowledge or close an incident, with a reason.

    Example: daywatch resolve flight_delay-model-2013-09-03 --reason "v3 withdrawn"
    """
    with reported(home):
        from monitoring_tasks.domain.incidents import IncidentState  # noqa: PLC0415
        from monitoring_tasks.wiring.workspace import open_workspace  # noqa: PLC0415

        with open_workspace(home) as space:
            moved = space.incidents.move(
                incident,
                IncidentState(ending),
                at=datetime.now(tz=UTC),  # noqa: TID251 (a person says so now)
                actor=getpass.getuser(),
                text=reason,
            )
    if as_json:
        print_json(asdict(moved))
    else:
        console.print(f"{moved.id} is {moved.state}", highlight=False)


def _print(outcome: dict[str, Any]) -> None:
    rows = [
        [
            guard["name"],
            "[green]held[/]" if guard["passed"] else "[bold red]did not hold[/]",
            escaped(guard["seen"]),
            escaped(guard["needed"]),
        ]
        for guard in outcome["guards"]
    ]
    print_table("guards", ("guard", "result", "seen", "needed"), rows)
    console.print(f"{outcome['state']}: {escaped(outcome['text'])}", highlight=False)


COMMANDS = (rollback, resolve)
