"""The command that acts: `rollback`."""

import getpass
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


COMMANDS = (rollback,)
