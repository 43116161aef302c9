"""Commands that answer a rollback that waits for a person: `approve`, `reject`."""

import getpass
from pathlib import Path
from typing import Any

import typer

from monitoring_tasks.cli.guard_table import print_guards
from monitoring_tasks.cli.options import (
    ByOption,
    HomeOption,
    JsonOption,
    ReasonOption,
    RollbackArgument,
)
from monitoring_tasks.cli.output import ExitCode, console, print_json, reported


def approve(
    rollback: RollbackArgument,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Approve a rollback that waits for a person, and carry it out.

    The guards are checked again first; one that no longer holds stops it. The first
    answer counts; a later one changes nothing and exits with 4. After a crash the same
    command carries on.

    Example: daywatch approve rollback-1a2b3c4d5e6f --reason "the report shows it"
    """
    outcome = _answer(rollback, reason, approve=True, by=by, home=home)
    _print(outcome, as_json=as_json)
    if not (outcome["counted"] and outcome["moved"]):
        raise typer.Exit(ExitCode.REFUSED)


def reject(
    rollback: RollbackArgument,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Reject a rollback that waits for a person; nothing is moved.

    The first answer counts; a later one changes nothing and exits with 4.

    Example: daywatch reject rollback-1a2b3c4d5e6f --reason "the weather feed is late"
    """
    outcome = _answer(rollback, reason, approve=False, by=by, home=home)
    _print(outcome, as_json=as_json)
    if not outcome["counted"]:
        raise typer.Exit(ExitCode.REFUSED)


def _answer(
    rollback: str, reason: str, *, approve: bool, by: str | None, home: Path | None
) -> dict[str, Any]:
    with reported(home):
        from monitoring_tasks.operations import approvals

        return approvals.answer(
            rollback, approve=approve, actor=by or getpass.getuser(), reason=reason
        )


def _print(outcome: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(outcome)
        return
    if outcome["counted"] and not outcome["moved"] and outcome["guards"]:
        print_guards(outcome["guards"])
    console.print(f"{outcome['state']}: {outcome['text']}")


COMMANDS = (approve, reject)
