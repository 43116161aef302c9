"""How far Daywatch may go by itself: `autonomy`, `review`, `restore`."""

import getpass
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.output import (
    ByOption,
    HomeOption,
    JsonOption,
    ModelArgument,
    ReasonOption,
    RollbackArgument,
    console,
    print_json,
    reported,
)


def autonomy(
    model: ModelArgument, *, as_json: JsonOption = False, home: HomeOption = None
) -> None:
    """Show how far Daywatch may go for a model, why, and the record that earned it.

    Example: daywatch autonomy flight_delay --json
    """
    with reported(home):
        from monitoring_tasks.respond.autonomy_record import describe
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            told = describe(workspace, model)
    if as_json:
        print_json(told)
        return
    for line in _lines(told):
        console.print(line)


def _lines(told: dict[str, Any]) -> list[str]:
    regret = told["regret"]
    missed = "not known" if regret is None else f"{regret:+.4f} a day, on average"
    return [
        f"{told['model']}: {told['mode']} ({told['why']})",
        f"the contract allows: {told['contract']}",
        (
            f"decisions: {told['right']} right, {told['wrong']} wrong, "
            f"{told['unanswered']} not reviewed yet"
        ),
        f"lost by not acting: {missed}",
        f"proposal: {told['proposal'] or 'none'}",
    ]


def review(
    rollback: RollbackArgument,
    reason: ReasonOption,
    *,
    right: Annotated[
        bool | None, typer.Option("--right/--wrong", help="Whether it was right.")
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say whether a decision that asked nobody was right; it counts for autonomy.

    Example: daywatch review rollback-1a2b3c4d5e6f --right --reason "v2 did better"
    """
    if right is None:
        raise typer.BadParameter("say which: --right or --wrong")
    with reported(home):
        from monitoring_tasks.operations.rollbacks.approval import find
        from monitoring_tasks.operations.rollbacks.manual import require_reason
        from monitoring_tasks.respond import autonomy_record as record
        from monitoring_tasks.workspace.workspace import open_workspace

        require_reason(reason)
        with open_workspace(home) as workspace:
            model = find(workspace, rollback).model
            record.review(
                workspace,
                rollback,
                right=right,
                at=workspace.clock.now(),
                actor=by or getpass.getuser(),
                reason=reason.strip(),
            )
            told = record.describe(workspace, model)
    _print(told, as_json=as_json)


def restore(
    model: ModelArgument,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give a model the autonomy back that a rollback that did harm had taken.

    Example: daywatch restore flight_delay --reason "v2 retrained, shadow days are good"
    """
    with reported(home):
        from monitoring_tasks.operations.rollbacks.manual import require_reason
        from monitoring_tasks.respond import autonomy_record as record
        from monitoring_tasks.workspace.workspace import open_workspace

        require_reason(reason)
        with open_workspace(home) as workspace:
            workspace.contract(model)  # a model nobody knows is named as such
            record.restore(
                workspace,
                model,
                at=workspace.clock.now(),
                actor=by or getpass.getuser(),
                reason=reason.strip(),
            )
            told = record.describe(workspace, model)
    _print(told, as_json=as_json)


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    for line in _lines(told):
        console.print(line)


COMMANDS = (autonomy, review, restore)
