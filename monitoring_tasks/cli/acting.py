"""The command that moves an alias back: `rollback`."""

import getpass
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.guard_table import print_guards
from monitoring_tasks.cli.options import HomeOption, JsonOption, ModelArgument
from monitoring_tasks.cli.output import ExitCode, console, print_json, reported

MOVED = frozenset({"applied", "verifying"})


def rollback(
    model: ModelArgument,
    to: Annotated[str, typer.Option("--to", help="Version to put back.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the journal.")],
    *,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Skip the guards that may be skipped; the journal names each.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every guard, change nothing.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Move the alias back to a version, through the guards Daywatch itself obeys.

    With --force the guards on evidence and on pace are skipped; those on the registry,
    the target and the freshness of the decision never are.

    Examples: daywatch rollback flight_delay --to 2 --dry-run --reason "v3 looks wrong"
              daywatch rollback flight_delay --to 2 --reason "v3 mixes up its inputs"
    """
    with reported(home):
        from monitoring_tasks.operations import approvals

        outcome = approvals.request_rollback(
            model,
            to=to,
            reason=reason,
            actor=getpass.getuser(),
            force=force,
            dry_run=dry_run,
        )
    if as_json:
        print_json(outcome)
    else:
        _print(outcome)
    if not (outcome["would_move"] if dry_run else outcome["state"] in MOVED):
        raise typer.Exit(ExitCode.REFUSED)


def _print(outcome: dict[str, Any]) -> None:
    print_guards(outcome["guards"], skipped=outcome["skipped"])
    console.print(f"{outcome['state']}: {outcome['text']}")


COMMANDS = (rollback,)
