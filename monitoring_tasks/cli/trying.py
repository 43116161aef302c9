"""The command that goes from a contract to a first verdict: `try`."""

import os
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitoring_tasks.cli.judging import print_day
from monitoring_tasks.cli.output import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    ModelArgument,
    console,
    print_json,
    reported,
    require_order,
    styled,
)
from monitoring_tasks.cli.terminal import assembled, joined
from monitoring_tasks.domain.evaluations import Evaluation

if TYPE_CHECKING:
    from rich.text import Text

    from monitoring_tasks.operations.onboarding.first_days import FirstDays
    from monitoring_tasks.operations.onboarding.first_reference import FirstReference
    from monitoring_tasks.workspace.workspace import Workspace


def try_command(
    model: ModelArgument,
    *,
    days: Annotated[
        int | None,
        typer.Option(min=2, help="The newest N days; 90 if nothing is said."),
    ] = None,
    first: FirstOption = None,
    last: LastOption = None,
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
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.cli.progress import day_bar
        from monitoring_tasks.operations.backfilling import backfill
        from monitoring_tasks.operations.onboarding.first_days import (
            USUAL_DAYS,
            plan_days,
        )
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            plan = plan_days(
                workspace, model, first=first, last=last, most=days or USUAL_DAYS
            )
            if not as_json:
                if plan.reference:
                    print_reference(plan.reference)
                console.print(plan.sentence, soft_wrap=True)
            total = (plan.last - plan.first).days + 1
            with day_bar("judging", total, hidden=as_json) as advance:
                summary = backfill(
                    model,
                    plan.first.isoformat(),
                    plan.last.isoformat(),
                    workspace=workspace,
                    progress=advance,
                    processes=os.cpu_count() or 1,
                    with_labels=True,
                )
            tried = _newest_labelled(workspace, model, plan)
    if as_json:
        print_json(summary | _as_plain(plan, tried))
        return
    span = f"{plan.first} to {plan.last}"
    _print_tried(f"{model} {span}, as known now: ", summary["verdicts"], tried)
    if show and sys.stdout.isatty():
        typer.launch(tried.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What is shown of days that were tried.

    Attributes:
        row: The newest day that has its labels; the newest of all where none has.
        is_labelled: Whether it has its labels.
        later: Verdicts of the days after it.
        page: Its page.
    """

    row: Evaluation
    is_labelled: bool
    later: dict[str, int]
    page: str


def _print_tried(span: str, verdicts: dict[str, int], tried: Tried) -> None:
    from monitoring_tasks.store.records import evaluation_row

    console.print(assembled(span, _counted(verdicts)))
    if tried.is_labelled:
        console.print("newest day with its labels:")
    else:
        console.print("newest day, no labels:")
    print_day(evaluation_row(tried.row))
    if tried.later:
        console.print(assembled("days after it: ", _counted(tried.later)))
    console.print(f"page: {tried.page}", soft_wrap=True)


def _counted(verdicts: dict[str, int]) -> "Text":
    return joined(", ", [assembled(f"{n} ", styled(v)) for v, n in verdicts.items()])


def _as_plain(plan: "FirstDays", tried: Tried) -> dict[str, Any]:
    made, row = plan.reference, tried.row
    return {
        "reference": made.sentence if made else None,
        "warnings": list(made.warnings) if made else [],
        "labelled_day": row.day,
        "is_labelled": tried.is_labelled,
        "later": tried.later,
        "verdict": row.verdict,
        "data_verdict": row.data_verdict,
        "reasons": row.reasons,
        "page": tried.page,
    }


def print_reference(made: "FirstReference") -> None:
    """Print what a reference was made of, and what it cannot do."""
    console.print(made.sentence, soft_wrap=True)
    for warning in made.warnings:
        text = assembled("  ", (f"warn: {warning}", "yellow"))
        console.print(text, soft_wrap=True)


def _newest_labelled(workspace: "Workspace", model: str, plan: "FirstDays") -> Tried:
    """Return the newest day that has its labels, else the newest, and its page."""
    from monitoring_tasks.daily import learn_and_report
    from monitoring_tasks.workspace.day import Day

    rows = workspace.results.current(model, plan.first, plan.last)
    needed = workspace.contract(model).policy.label_coverage
    labelled = [
        row for row in rows if row.labelled and row.labelled >= needed * (row.rows or 1)
    ]
    row = (labelled or rows)[-1]
    return Tried(
        row=row,
        is_labelled=bool(labelled),
        later=dict(Counter(str(o.verdict) for o in rows if o.day > row.day)),
        page=str(learn_and_report(Day(workspace, row.unit))),
    )


COMMANDS = (try_command,)
