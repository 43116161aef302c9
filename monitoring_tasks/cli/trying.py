"""The command that goes from a contract to a first verdict: `try`."""

import sys
from collections import Counter
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
    from monitoring_tasks.wiring.workspace import Workspace


def try_command(
    model: ModelArgument,
    *,
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
    """Judge the days that are there, with the labels that came, and show the page.

    Where the version that serves has no reference, one is made of the first days that
    have rows and labels; those days are not judged. Touches nothing outside but that.

    Example: daywatch try churn
    """
    with reported(home):
        from monitoring_tasks import daily  # noqa: PLC0415 (heavy)
        from monitoring_tasks.cli.progress import day_bar  # noqa: PLC0415
        from monitoring_tasks.wiring.onboarding.first_days import (  # noqa: PLC0415
            plan_days,
        )
        from monitoring_tasks.wiring.onboarding.first_reference import (  # noqa: PLC0415
            unit_now,
        )
        from monitoring_tasks.wiring.workspace import open_workspace  # noqa: PLC0415

        with open_workspace(home) as space:
            plan = plan_days(space, model, first=first, last=last)
            if plan.reference is not None and not as_json:
                console.print(plan.reference.sentence, soft_wrap=True)
                for warning in plan.reference.warnings:
                    text = assembled("  ", (f"warn: {warning}", "yellow"))
                    console.print(text, soft_wrap=True)
            verdicts: Counter[str] = Counter()
            with day_bar("judging", len(plan.days), hidden=as_json) as advance:
                for day in plan.days:
                    judged = daily.run_day(space, unit_now(space, model, day))
                    verdicts[str(judged["verdict"])] += 1
                    advance(day)
            row, page = _newest_labelled(space, model, plan.days)
    reference = plan.reference.sentence if plan.reference else None
    if as_json:
        print_json(
            {
                "model": model,
                "from": plan.days[0],
                "to": plan.days[-1],
                "verdicts": dict(verdicts),
                "reference": reference,
                "warnings": list(plan.reference.warnings) if plan.reference else [],
                "labelled_day": row["day"],
                "verdict": row["verdict"],
                "data_verdict": row["data_verdict"],
                "reasons": row["reasons"],
                "page": str(page),
            }
        )
        return
    counts = [assembled(f"{n} ", styled(v)) for v, n in verdicts.items()]
    counted = joined(", ", counts)
    span = f"{plan.days[0]} to {plan.days[-1]}"
    console.print(assembled(f"{model} {span}, as known now: ", counted))
    print_day(row)
    console.print(f"page: {page}", soft_wrap=True)
    if show and sys.stdout.isatty():
        typer.launch(str(page))


def _newest_labelled(
    space: "Workspace", model: str, days: list[date]
) -> tuple[dict[str, Any], Any]:
    """Return the newest day that has its labels, else the newest, and its page."""
    from monitoring_tasks.domain.evaluations import Unit  # noqa: PLC0415
    from monitoring_tasks.wiring.reporting import report_unit  # noqa: PLC0415

    rows = space.results.current(model, days[0], days[-1])
    needed = space.contract(model).policy.label_coverage
    labelled = [r for r in rows if (r["labelled"] or 0) >= needed * (r["rows"] or 1)]
    row = (labelled or rows)[-1]
    return row, report_unit(space, Unit.from_key(row["key"]))


COMMANDS = (try_command,)
