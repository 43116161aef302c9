"""`daywatch trace`: where a prediction comes from."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    OptionalDay,
    models,
    require_order,
)
from monitoring_tasks.cli.output import (
    console,
    print_json,
    print_table,
    reported,
    styled,
)
from monitoring_tasks.cli.terminal import assembled

SHORT = 12


def trace(  # noqa: PLR0913 (a command's options)
    prediction_id: Annotated[str, typer.Argument(help="Its value in `columns.id`.")],
    *,
    model: Annotated[
        str | None,
        typer.Option(help="One model; all if left out.", autocompletion=models),
    ] = None,
    day: OptionalDay = None,
    first: FirstOption = None,
    last: LastOption = None,
    row: Annotated[
        bool, typer.Option("--row", help="Print the row itself as well.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Follow a prediction to its batch, evaluations, version, run, commit, incidents.

    The frozen batches are searched, the newest day first; nothing is written.

    Example: daywatch trace 4711 --model flight_delay --day 2013-09-03
    """
    if day and (first or last):
        raise typer.BadParameter("give --day, or --from and --to, not both")
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.operations.tracing import trace_prediction
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            traced = trace_prediction(
                workspace,
                prediction_id,
                model=model,
                first=day or first,
                last=day or last,
                with_row=row,
            )
    if as_json:
        print_json(traced)
    else:
        _print_trace(traced)


def _print_trace(traced: Mapping[str, Any]) -> None:
    batch, made_by = traced["batch"], traced["made_by"]
    console.print(
        assembled(
            (traced["prediction"], "bold"), f" of {traced['model']}, {traced['day']}"
        )
    )
    console.print(
        f"- batch of {batch['rows']:,} rows, digest {batch['digest'][:SHORT]}, read as "
        f"of {batch['read_as_of']:%Y-%m-%d %H:%M}: {batch['query']}"
    )
    console.print(f"  {batch['path']}", soft_wrap=True)
    if batch["rows_with_this_id"] > 1:
        console.print(f"- {batch['rows_with_this_id']} rows have this id")
    for other in traced["other_batches"]:
        console.print(
            f"- also in a batch read as of {other['read_as_of']:%Y-%m-%d %H:%M}, "
            f"digest {other['digest'][:SHORT]}"
        )
    console.print(f"- scored by version {traced['version'] or 'unknown'}")
    _print_training(made_by)
    _print_evaluations(traced["evaluations"])
    for incident in traced["incidents"]:
        about = " and ".join(incident["about"])
        console.print(
            f"- incident of the same {about}: {incident['id']} {incident['severity']} "
            f"{incident['state']}"
        )
    if not traced["incidents"]:
        console.print("- no incident of its day or version")
    for values in traced.get("row", ()):
        for name, value in values.items():
            console.print(f"  {name}: {value}")


def _print_training(made_by: Mapping[str, Any]) -> None:
    run, data = made_by["run"], made_by["training_data"]
    if made_by["git_commit"]:
        console.print(f"- commit {made_by['git_commit']}")
    if run:
        console.print(f"- MLflow run {run['id']} ({run['name']})")
    if data["trained_until"]:
        since = data["trained_from"] or "?"
        console.print(f"- trained on {since} to {data['trained_until']}")
    for dataset in data["datasets"]:
        console.print(
            f"- data set {dataset['name']} ({dataset['context'] or 'no context'}), "
            f"digest {dataset['digest']}"
        )
    for text in made_by["missing"]:
        console.print(f"- not told: {text}")


def _print_evaluations(evaluations: list[Mapping[str, Any]]) -> None:
    rows = [
        [
            f"{line['as_of']:%Y-%m-%d %H:%M}",
            line["mode"],
            styled(line["data"]),
            styled(line["verdict"]),
            line["cause"] or "-",
        ]
        for line in evaluations
    ]
    if rows:
        columns = ("known at", "mode", "data", "verdict", "cause")
        print_table("evaluations of its batch", columns, rows)


COMMANDS = (trace,)
