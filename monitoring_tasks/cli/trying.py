"""The command that goes from a contract to a first verdict: `try`."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitoring_tasks.cli.judging import print_day
from monitoring_tasks.cli.options import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    ModelArgument,
    require_order,
)
from monitoring_tasks.cli.output import console, print_json, reported, styled
from monitoring_tasks.cli.terminal import assembled, joined

if TYPE_CHECKING:
    from rich.text import Text

    from monitoring_tasks.operations.onboarding.first_days import FirstDays
    from monitoring_tasks.operations.onboarding.logged_reference import FirstReference
    from monitoring_tasks.operations.onboarding.tried_days import TriedDays
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
        msg = "--days and --from both set the first day; use one of them"
        raise typer.BadParameter(msg)
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.operations.onboarding.first_days import (
            USUAL_DAYS,
            plan_days,
        )
        from monitoring_tasks.operations.onboarding.tried_days import newest_labelled
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            plan = plan_days(
                workspace, model, first=first, last=last, most=days or USUAL_DAYS
            )
            if not as_json:
                if plan.reference:
                    print_reference(plan.reference)
                console.print(plan.sentence, soft_wrap=True)
            summary = _judge(workspace, model, plan, hidden=as_json)
            tried = newest_labelled(workspace, model, plan)
    if as_json:
        print_json(summary | _as_plain(plan, tried))
        return
    span = f"{plan.first} to {plan.last}"
    _print_tried(f"{model} {span}, as known now: ", summary["verdicts"], tried)
    # A script or a scheduler has no browser to look at.
    if show and sys.stdout.isatty():
        typer.launch(tried.page)


def _judge(
    workspace: "Workspace", model: str, plan: "FirstDays", *, hidden: bool
) -> dict[str, Any]:
    from monitoring_tasks.cli.progress import day_bar
    from monitoring_tasks.operations.backfilling import backfill

    days = (plan.last - plan.first).days + 1
    with day_bar("judging", days, hidden=hidden) as advance:
        return backfill(
            model,
            plan.first.isoformat(),
            plan.last.isoformat(),
            workspace=workspace,
            progress=advance,
            processes=os.cpu_count() or 1,
            with_labels=True,
        )


def _print_tried(span: str, verdicts: dict[str, int], tried: "TriedDays") -> None:
    from monitoring_tasks.store.records import evaluation_row

    console.print(assembled(span, _counted(verdicts)))
    if tried.is_labelled:
        console.print("newest day with its labels:")
    else:
        console.print("newest day, no labels:")
    print_day(evaluation_row(tried.evaluation))
    if tried.later:
        console.print(assembled("days after it: ", _counted(tried.later)))
    console.print(f"page: {tried.page}", soft_wrap=True)


def _counted(verdicts: dict[str, int]) -> "Text":
    return joined(", ", [assembled(f"{n} ", styled(v)) for v, n in verdicts.items()])


def _as_plain(plan: "FirstDays", tried: "TriedDays") -> dict[str, Any]:
    made, evaluation = plan.reference, tried.evaluation
    return {
        "reference": made.sentence if made else None,
        "warnings": list(made.warnings) if made else [],
        "labelled_day": evaluation.day,
        "is_labelled": tried.is_labelled,
        "later": tried.later,
        "verdict": evaluation.verdict,
        "data_verdict": evaluation.data_verdict,
        "reasons": evaluation.reasons,
        "page": tried.page,
    }


def print_reference(made: "FirstReference") -> None:
    """Print what a reference was made of, and what it cannot do."""
    console.print(made.sentence, soft_wrap=True)
    for warning in made.warnings:
        text = assembled("  ", (f"warn: {warning}", "yellow"))
        console.print(text, soft_wrap=True)


COMMANDS = (try_command,)
