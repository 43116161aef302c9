"""The command that goes from a contract to a first verdict: `try`."""

import os
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitoring_tasks.cli.judging import print_day
from monitoring_tasks.cli.output import (
    HomeOption,
    JsonOption,
    ModelArgument,
    console,
    parse_day,
    print_json,
    reported,
    styled,
)
from monitoring_tasks.cli.terminal import assembled, joined

if TYPE_CHECKING:
    from monitoring_tasks.wiring.onboarding.first_days import FirstDays
    from monitoring_tasks.wiring.onboarding.first_reference import FirstReference
    from monitoring_tasks.wiring.workspace import Workspace


def try_command(
    model: ModelArgument,
    *,
    days: Annotated[
        int | None,
        typer.Option(min=2, help="The newest N days; 90 if nothing is said."),
    ] = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=parse_day, metavar="DAY", help="First day."),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=parse_day, metavar="DAY", help="Last day."),
    ] = None,
    show: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = True,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Judge the newest days with the labels that came, and show the page.

    Where the version that serves has no reference, one is made of the days before
    them, or of their first third; those days are not judged. Touches nothing outside
    but that.

    Examples: daywatch try churn
              daywatch try churn --days 30 --to 2026-10-31
    """
    if days is not None and first is not None:
        msg = "--days and --from both say where to begin; type one of them"
        raise typer.BadParameter(msg)
    with reported(home):
        from monitoring_tasks import daily  # noqa: PLC0415 (heavy)
        from monitoring_tasks.cli.progress import day_bar  # noqa: PLC0415
        from monitoring_tasks.wiring.onboarding.first_days import (  # noqa: PLC0415
            USUAL_DAYS,
            plan_days,
        )
        from monitoring_tasks.wiring.workspace import open_workspace  # noqa: PLC0415

        with open_workspace(home) as space:
            plan = plan_days(
                space, model, first=first, last=last, most=days or USUAL_DAYS
            )
            if not as_json:
                if plan.reference:
                    print_reference(plan.reference)
                console.print(plan.sentence, soft_wrap=True)
            total = (plan.last - plan.first).days + 1
            with day_bar("judging", total, hidden=as_json) as advance:
                summary = daily.backfill(
                    model,
                    plan.first.isoformat(),
                    plan.last.isoformat(),
                    space=space,
                    progress=advance,
                    processes=os.cpu_count() or 1,
                    with_labels=True,
                )
            row, page, is_labelled = _newest_labelled(space, model, plan)
    if as_json:
        print_json(summary | _as_plain(plan, row, page, is_labelled=is_labelled))
        return
    counts = [assembled(f"{n} ", styled(v)) for v, n in summary["verdicts"].items()]
    span = f"{plan.first} to {plan.last}"
    console.print(assembled(f"{model} {span}, as known now: ", joined(", ", counts)))
    about = "newest day with its labels:" if is_labelled else "newest day, no labels:"
    console.print(about)
    print_day(row)
    console.print(f"page: {page}", soft_wrap=True)
    if show and sys.stdout.isatty():
        typer.launch(page)


def _as_plain(
    plan: "FirstDays", row: dict[str, Any], page: str, *, is_labelled: bool
) -> dict[str, Any]:
    made = plan.reference
    return {
        "reference": made.sentence if made else None,
        "warnings": list(made.warnings) if made else [],
        "labelled_day": row["day"],
        "is_labelled": is_labelled,
        "verdict": row["verdict"],
        "data_verdict": row["data_verdict"],
        "reasons": row["reasons"],
        "page": page,
    }


def print_reference(made: "FirstReference") -> None:
    """Print what a reference was made of, and what it cannot do."""
    console.print(made.sentence, soft_wrap=True)
    for warning in made.warnings:
        text = assembled("  ", (f"warn: {warning}", "yellow"))
        console.print(text, soft_wrap=True)


def _newest_labelled(
    space: "Workspace", model: str, plan: "FirstDays"
) -> tuple[dict[str, Any], str, bool]:
    """Return the newest day that has its labels, else the newest, its page, which."""
    from monitoring_tasks.domain.evaluations import Unit  # noqa: PLC0415
    from monitoring_tasks.wiring.reporting import report_unit  # noqa: PLC0415

    rows = space.results.current(model, plan.first, plan.last)
    needed = space.contract(model).policy.label_coverage
    labelled = [
        row
        for row in rows
        if row["labelled"] and row["labelled"] >= needed * (row["rows"] or 1)
    ]
    row = (labelled or rows)[-1]
    page = report_unit(space, Unit.from_key(row["key"]))
    return row, str(page), bool(labelled)


COMMANDS = (try_command,)
