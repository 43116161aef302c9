"""How far Daywatch may go by itself: `autonomy`, `review`, `restore`."""

import getpass
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    ByOption,
    HomeOption,
    JsonOption,
    ModelArgument,
    ReasonOption,
    RollbackArgument,
)
from monitoring_tasks.cli.output import console, print_json, reported


def autonomy(
    model: ModelArgument, *, as_json: JsonOption = False, home: HomeOption = None
) -> None:
    """Show how far Daywatch may go for a model, why, and the record that earned it.

    Example: daywatch autonomy flight_delay --json
    """
    with reported(home):
        from monitoring_tasks.operations.autonomy import autonomy_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            view = autonomy_view(workspace, model)
    if as_json:
        print_json(view)
        return
    for line in _lines(view):
        console.print(line)


def _lines(view: dict[str, Any]) -> list[str]:
    regret = view["regret"]
    missed = "not known" if regret is None else f"{regret:+.4f} a day, on average"
    return [
        f"{view['model']}: {view['mode']} ({view['why']})",
        f"the contract allows: {view['contract']}",
        (
            f"decisions: {view['right']} right, {view['wrong']} wrong, "
            f"{view['unanswered']} not reviewed yet"
        ),
        f"lost by not acting: {missed}",
        f"proposal: {view['proposal'] or 'none'}",
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
        raise typer.BadParameter("give either --right or --wrong")
    with reported(home):
        from monitoring_tasks.operations.autonomy import review_rollback
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            view = review_rollback(
                workspace,
                rollback,
                right=right,
                reason=reason,
                actor=by or getpass.getuser(),
            )
    _print(view, as_json=as_json)


def restore(
    model: ModelArgument,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Restore the autonomy that a model lost by a rollback that did harm.

    Example: daywatch restore flight_delay --reason "v2 retrained, shadow days are good"
    """
    with reported(home):
        from monitoring_tasks.operations.autonomy import restore_autonomy
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            view = restore_autonomy(
                workspace, model, reason=reason, actor=by or getpass.getuser()
            )
    _print(view, as_json=as_json)


def _print(view: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(view)
        return
    for line in _lines(view):
        console.print(line)


COMMANDS = (autonomy, review, restore)
