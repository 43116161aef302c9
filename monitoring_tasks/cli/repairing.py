"""The command that fixes what a withdrawn version left behind: `repair`."""

import getpass
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    ByOption,
    HomeOption,
    JsonOption,
    RollbackArgument,
)
from monitoring_tasks.cli.output import console, print_json, print_table, reported


def repair(
    rollback: RollbackArgument,
    *,
    plan: Annotated[
        bool, typer.Option("--plan", help="List the days, change nothing.")
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Score again what the withdrawn version published, into new partitions.

    What was published stays as it is. Each day gets a new revision beside it, with what
    changed; a day that is done is not done again. Who reads the predictions is listed,
    to be told.

    Example: daywatch repair rollback-1a2b3c4d5e6f --plan
    """
    with reported(home):
        from monitoring_tasks.cli.progress import day_bar
        from monitoring_tasks.operations import approvals

        actor = by or getpass.getuser()
        # Asked first: a wrong id fails at once, and the bar needs the number of days.
        repair_plan = approvals.plan_repair(rollback)
        if not plan:
            days = len(repair_plan["days"])
            with day_bar("scoring again", days, hidden=as_json) as advance:
                repair_plan = approvals.repair_days(
                    rollback, actor=actor, progress=advance
                )
    if as_json:
        print_json(repair_plan)
    else:
        _print(repair_plan)


def _print(repair_plan: dict[str, Any]) -> None:
    done = {day["day"]: day for day in repair_plan.get("repaired", [])}
    rows = [_row(day, done.get(day["day"])) for day in repair_plan["days"]]
    title = (
        f"{repair_plan['model']}: version {repair_plan['withdrawn']} withdrawn, "
        f"{repair_plan['put_back']} put back"
    )
    columns = ("day", "rows", "scored again", "changed", "new partition")
    print_table(title, columns, rows, unbroken=columns[:4])
    readers = ", ".join(repair_plan["consumers"]) or "none named in the contract"
    console.print(f"consumers to inform: {readers}")


def _row(day: dict[str, Any], done: dict[str, Any] | None) -> list[str]:
    if done is None:
        state = "done before" if day["repaired"] else "-"
        return [day["day"], str(day["rows"]), state, "-", "-"]
    return [
        day["day"],
        str(day["rows"]),
        str(done["rescored"]),
        str(done["changed"]),
        done["path"],
    ]


COMMANDS = (repair,)
