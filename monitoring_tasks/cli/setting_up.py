"""Commands that set things up: `propose-suite`, `reference`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    FirstDay,
    HomeOption,
    JsonOption,
    LastDay,
    ModelArgument,
    parse_day,
)
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.cli.terminal import assembled

if TYPE_CHECKING:
    from monitoring_tasks.domain.reference import ReferenceProfile
    from monitoring_tasks.validate.reference_review import ReferenceReview


def propose_suite(
    model: ModelArgument,
    first: FirstDay,
    last: LastDay,
    *,
    write: Annotated[
        bool,
        typer.Option("--write", help="Write predictions.json beside the contract."),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Draft a Great Expectations suite from good days; prints it unless --write.

    Example: daywatch propose-suite flight_delay --from 2013-03-01 --to 2013-04-30
    """
    with reported(home):
        from monitoring_tasks.operations.suites import draft_suite, write_drafted
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            drafted = draft_suite(workspace, model, first=first, last=last)
        if write:
            write_drafted(drafted)
    if write and not as_json:
        console.print(f"wrote {drafted.path}", soft_wrap=True)
        return
    print_json(drafted.suite)


def reference(
    model: ModelArgument,
    rows: Annotated[
        Path, typer.Option("--rows", help="Parquet or CSV: labelled, held-out rows.")
    ],
    version: Annotated[str, typer.Option("--version", help="Registered version.")],
    trained_until: Annotated[
        date, typer.Option(parser=parse_day, metavar="DAY", help="Last training day.")
    ],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over the reference that is there.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Build a version's reference profile and log it beside the version in MLflow.

    Says what the rows can teach and what they cannot. A reference that is there stays
    unless --replace is typed.

    Example: daywatch reference churn --version 7 --rows oof.parquet
             --trained-until 2026-10-31
    """
    with reported(home):
        from monitoring_tasks.extract.reference_files import read_rows
        from monitoring_tasks.operations.references import log_reference
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            made, review = log_reference(
                workspace,
                model,
                version,
                read_rows(rows, workspace.contract(model).columns),
                trained_until=trained_until,
                replace_logged=replace,
            )
    if as_json:
        print_json({"model": model} | _as_plain(made, review))
    else:
        _print(made, review)


def _as_plain(made: "ReferenceProfile", review: "ReferenceReview") -> dict[str, Any]:
    return {
        "version": made.version,
        "rows": made.profile.rows,
        "first_day": made.first_day,
        "last_day": made.last_day,
        "metrics": dict(made.metrics),
        "days": review.days,
        "rows_a_day": review.rows_a_day,
        "baseline_days": review.baseline_days,
        "labelled": review.labelled,
        "warnings": list(review.warnings),
    }


def _print(made: "ReferenceProfile", review: "ReferenceReview") -> None:
    console.print(
        f"reference of version {made.version}: {review.rows} rows, {review.labelled} "
        f"with a label, on {review.days} days ({made.first_day} to {made.last_day}), "
        f"{review.rows_a_day} on a median day",
        soft_wrap=True,
    )
    for warning in review.warnings:
        console.print(assembled("  ", (f"warn: {warning}", "yellow")), soft_wrap=True)


COMMANDS = (propose_suite, reference)
