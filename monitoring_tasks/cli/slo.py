"""Objectives over many days: `slo status`, `slo export`, `slo import`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    HomeOption,
    JsonOption,
    ModelArgument,
    OptionalDay,
    models,
)
from monitoring_tasks.cli.output import (
    ExitCode,
    console,
    print_json,
    print_table,
    print_text,
    reported,
    styled,
)

group = typer.Typer(
    name="slo",
    help="Objectives over many days: how they stand; to and from OpenSLO.",
    no_args_is_help=True,
)


def status(
    model: Annotated[
        str | None,
        typer.Argument(help="One model; all if left out.", autocompletion=models),
    ] = None,
    *,
    day: OptionalDay = None,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate", help="Exit 1 when a budget is exhausted, for release pipelines."
        ),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show what is left of every error budget, and whether promotions should wait.

    Daywatch only says so; `--gate` lets a pipeline that promotes versions obey.

    Example: daywatch slo status flight_delay --gate
    """
    with reported(home):
        from monitoring_tasks.operations.views.slos import slos_of_models
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            views = slos_of_models(workspace, model, day=day, is_complete=gate)
    if as_json:
        print_json(views)
    else:
        for view in views:
            _print(view)
    # Printed first: the log of a pipeline says why it stopped.
    if gate and any(view["freezes_promotions"] for view in views):
        raise typer.Exit(ExitCode.FAULT)


def _print(view: dict[str, Any]) -> None:
    rows = [
        [
            slo["name"],
            styled(slo["state"]),
            str(slo["good_days"]),
            str(slo["bad_days"]),
            str(slo["not_valid_days"]),
            f"{slo['remaining_days']:.1f}\nof {slo['budget_days']:.1f}",
            _times(slo["burn_rate"]),
            _times(slo["recent_burn_rate"]),
        ]
        for slo in view["slos"]
    ]
    columns = (
        "slo", "state", "good\ndays", "bad", "not\nvalid", "days left", "burn",
        "recent\nburn",
    )  # fmt: skip
    print_table(f"{view['model']}, days up to {view['day']}", columns, rows)
    for slo in view["slos"]:
        console.print(f"{slo['name']}: {slo['reason']}")
        if slo["note"]:
            console.print(f"  note: {slo['note']}")


def _times(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1f}"


def export(
    model: ModelArgument, *, as_json: JsonOption = False, home: HomeOption = None
) -> None:
    """Print the contract's objectives over many days as OpenSLO v1 documents.

    Example: daywatch slo export flight_delay > slos.yaml
    """
    with reported(home):
        import yaml

        from monitoring_tasks.operations.openslo import export_slos
        from monitoring_tasks.settings import load_settings

        documents = export_slos(load_settings(home), model)
    if as_json:
        print_json(documents)
    else:
        text = yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True)
        print_text(text)


def import_file(
    path: Annotated[Path, typer.Argument(help="OpenSLO v1 documents in YAML.")],
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Print OpenSLO v1 documents as the block to put into a contract.

    Refuses what a contract cannot hold, with file and key. Changes no contract.

    Example: daywatch slo import slos.yaml
    """
    with reported(home):
        import yaml

        from monitoring_tasks.operations.openslo import import_slos

        service, slos = import_slos(path)
    block = {"slos": slos}
    if as_json:
        print_json(block)
        return
    print_text(f"# for the contract of {service}")
    print_text(yaml.safe_dump(block, sort_keys=False, allow_unicode=True))


COMMANDS = (status, export, import_file)
