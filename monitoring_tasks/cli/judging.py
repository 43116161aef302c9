"""Commands that judge days: `run` and `backfill`."""

import os
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    DayOption,
    FirstDay,
    HomeOption,
    JsonOption,
    LastDay,
    ModelArgument,
    require_order,
)
from monitoring_tasks.cli.output import ExitCode, console, print_json, reported, styled
from monitoring_tasks.cli.terminal import assembled, joined

NEEDS_A_PERSON = frozenset({"breach", "no_data", "error"})


def run(
    model: ModelArgument,
    day: DayOption,
    *,
    live: Annotated[
        bool, typer.Option("--live/--dry-run", help="Act on it, or only say so.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Judge one day, without Airflow. A dry run unless --live is given.

    Example: daywatch run flight_delay --day 2013-09-02
    """
    with reported(home):
        from monitoring_tasks.operations.judging import judge_one_day
        from monitoring_tasks.operations.views.days import evaluation_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            evaluation = judge_one_day(workspace, model, day, live=live)
            view = evaluation_view(workspace, evaluation)
    if as_json:
        print_json(view)
    else:
        print_day(view)
    action = evaluation.action
    is_incident = action is not None and action.needs_person
    if is_incident or evaluation.verdict in NEEDS_A_PERSON:
        raise typer.Exit(ExitCode.NEEDS_A_PERSON)


def print_day(view: dict[str, Any]) -> None:
    """Print an evaluation for a person: verdict, reasons, action."""
    severity = f" {view['severity']}" if view["severity"] else ""
    cause = f", cause {view['cause']}" if view["cause"] else ""
    console.print(
        assembled(
            f"{view['model']} {view['day']} ({view['mode']}): ",
            styled(view["verdict"]),
            f"{severity}{cause}",
        )
    )
    for reason in view["reasons"] or []:
        console.print(f"  - {reason}")
    if decided := view.get("decided_by"):
        console.print(f"  performance goes by {decided_title(decided)}")
    for line in knowledge_lines(view):
        console.print(f"  {line}")
    action = view["action"] or {}
    console.print(f"  action: {action.get('text', '-')}")


def decided_title(decided: dict[str, Any]) -> str:
    """Return the number that decided a day, with its horizon even if it is one day."""
    over = "" if decided["horizon"] > 1 else " over 1 day"
    return f"{decided['kind']} {decided['title']}{over}"


def knowledge_lines(view: dict[str, Any]) -> list[str]:
    """Return as known when a day was judged, and the last verdict by labels."""
    revision, last = view.get("revision"), view.get("last_labelled")
    lines = []
    if revision and revision["as_known"] == "later":
        share = "no labels"
        if revision["labels"]:
            share = f"labels of {revision['labels']:.0%} of its rows"
        lines.append(
            f"revision: as known on {view['as_of']:%Y-%m-%d %H:%M} UTC, "
            f"{revision['days_after']} days after its schedule, with {share}"
        )
    # A day that has its own labels says so itself.
    if last and last["day"] != view["day"]:
        lines.append(last["sentence"])
    return lines


def backfill(
    model: ModelArgument,
    first: FirstDay,
    last: LastDay,
    *,
    with_labels: Annotated[
        bool,
        typer.Option(
            "--with-labels", help="As known now, with all labels that came since."
        ),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Judge a range of days as they were known then; touches nothing outside.

    With --with-labels as they are known now, in a revision of each day beside that
    one.

    Examples: daywatch backfill flight_delay --from 2013-03-01 --to 2013-08-31
              daywatch backfill flight_delay --from 2013-03-01 --to 2013-08-31
              --with-labels
    """
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.cli.progress import day_bar
        from monitoring_tasks.operations import backfilling
        from monitoring_tasks.operations.kept_verdicts import kept_sentence
        from monitoring_tasks.workspace.workspace import open_workspace

        with (
            open_workspace(home) as workspace,
            day_bar("judging", (last - first).days + 1, hidden=as_json) as advance,
        ):
            summary = backfilling.backfill(
                model,
                first.isoformat(),
                last.isoformat(),
                workspace=workspace,
                progress=advance,
                processes=os.cpu_count() or 1,
                with_labels=with_labels,
            )
    if as_json:
        print_json(summary)
        return
    counts = summary["verdicts"].items()
    counted = joined(", ", [assembled(f"{n} ", styled(v)) for v, n in counts])
    lead = f"{model} {first} to {last}, as known {summary['as_known']}: "
    console.print(assembled(lead, counted or "no day judged"))
    if summary["skipped"]:
        console.print(kept_sentence(len(summary["skipped"])))
    if summary["verdicts"].get("immature") and not with_labels:
        console.print(
            "Immature days lacked their labels then: `daywatch backfill ... "
            "--with-labels` or `daywatch settle` judge them with those that came since"
        )


COMMANDS = (run, backfill)
