"""Kill switches and legal holds: `hold place`, `hold release`, `hold list`."""

import getpass
from dataclasses import asdict
from typing import Annotated

import typer

from monitoring_tasks.cli.options import (
    ByOption,
    HomeOption,
    JsonOption,
    ReasonOption,
    models,
)
from monitoring_tasks.cli.output import console, print_json, print_table, reported
from monitoring_tasks.domain.holds import ALL_MODELS, HoldKind

group = typer.Typer(
    name="hold",
    help="Stop alias moves: a kill switch, or a legal hold that asks for a person.",
    no_args_is_help=True,
)
OptionalModel = Annotated[
    str | None,
    typer.Argument(help="Registered model name.", autocompletion=models),
]
AllOption = Annotated[bool, typer.Option("--all", help="Every model, also later ones.")]


def place(
    reason: ReasonOption,
    model: OptionalModel = None,
    *,
    everything: AllOption = False,
    kind: Annotated[
        HoldKind,
        typer.Option(
            "--kind",
            help="kill_switch: nothing moves. legal_hold: a person must approve.",
        ),
    ] = HoldKind.KILL_SWITCH,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Hold back the alias moves of one model, or of all, until the hold is released.

    Rollbacks under way are stopped as well, up to the moment of the write.

    Examples: daywatch hold place --all --reason "registry migration tonight"
              daywatch hold place flight_delay --kind legal_hold --reason "case 4711"
    """
    if (model is None) is not everything:
        raise typer.BadParameter("name one MODEL, or use --all")
    with reported(home):
        from monitoring_tasks.operations.holds import place_hold
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            placed = place_hold(
                workspace, model, kind, reason=reason, actor=by or getpass.getuser()
            )
    if as_json:
        print_json(asdict(placed))
        return
    about = "all models" if placed.model == ALL_MODELS else placed.model
    console.print(f"{placed.id}: {placed.kind} on {about}")


def release(
    hold: Annotated[str, typer.Argument(help="Its id, from `daywatch hold list`.")],
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Release a hold; what it held back is not done by itself.

    Example: daywatch hold release hold-1a2b3c4d --reason "the migration is done"
    """
    with reported(home):
        from monitoring_tasks.operations.holds import release_hold
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            released = release_hold(
                workspace, hold, reason=reason, actor=by or getpass.getuser()
            )
    if as_json:
        print_json(asdict(released))
    else:
        console.print(f"{released.id} is released")


def list_all(
    model: OptionalModel = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List the active holds; for one model, those on all models as well.

    Example: daywatch hold list flight_delay
    """
    with reported(home):
        from monitoring_tasks.operations.holds import active_holds
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            holds = active_holds(workspace, model)
    if as_json:
        print_json([asdict(hold) for hold in holds])
        return
    if not holds:
        console.print("no holds: only guards limit alias moves")
        return
    rows = [
        [
            hold.id,
            hold.kind.value,
            "all" if hold.model == ALL_MODELS else hold.model,
            f"{hold.at:%Y-%m-%d %H:%M}",
            f"{hold.actor}: {hold.reason}",
        ]
        for hold in holds
    ]
    columns = ("id", "kind", "about", "since (UTC)", "who and why")
    print_table("holds", columns, rows, unbroken=columns[:1])


COMMANDS = (place, release, list_all)
