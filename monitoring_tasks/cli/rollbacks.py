"""Looking at rollbacks: `rollbacks`, and `show` for a single one."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.guard_table import print_guards
from monitoring_tasks.cli.journal import print_lines
from monitoring_tasks.cli.options import (
    LISTED,
    HomeOption,
    JsonOption,
    LimitOption,
    PageOption,
    models,
    page_of,
)
from monitoring_tasks.cli.output import (
    console,
    print_json,
    print_more,
    print_table,
    reported,
)
from monitoring_tasks.domain.comparisons import Comparison, GroupGain
from monitoring_tasks.domain.journal import JournalLine

ROLLBACK = re.compile(r"rollback-[0-9a-f]{12}")
"""What the id of a rollback looks like."""


def rollbacks(
    model: Annotated[
        str | None,
        typer.Argument(help="One model; all if left out.", autocompletion=models),
    ] = None,
    *,
    limit: LimitOption = LISTED,
    page: PageOption = 1,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List rollbacks, oldest first: who wanted what, and where it stands.

    The newest fifty; --page 2 has those before them.

    Example: daywatch rollbacks flight_delay
    """
    wanted = page_of(limit, page)
    with reported(home):
        from monitoring_tasks.operations.rollbacks.lookup import summary
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            if model is not None:
                workspace.contract(
                    model
                )  # an unknown model is an error, not an empty list
            entries = workspace.rollbacks.find(model, page=wanted)
            listed = [summary(entry) for entry in entries]
    if limit and len(listed) == limit:
        print_more(page)
    if as_json:
        print_json(listed)
        return
    if not listed:
        console.print("no rollbacks")
        return
    rows = [
        [
            entry["id"],
            entry["model"],
            f"{entry['from_version']} to {entry['to_version']}",
            f"{entry['proposed_at']:%Y-%m-%d %H:%M}",
            entry["actor"],
            entry["state"],
        ]
        for entry in listed
    ]
    columns = ("id", "model", "versions", "asked (UTC)", "by", "state")
    print_table("rollbacks", columns, rows, unbroken=columns[:1])


def show_rollback(rollback: str, *, as_json: bool, home: Path | None) -> None:
    """Print all that is known of one rollback, and what a person can do.

    Args:
        rollback: Its id.
        as_json: Print JSON instead.
        home: Folder of the workspace; None for the default one.
    """
    with reported(home):
        from monitoring_tasks.operations.rollbacks.details import rollback_details
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            details = rollback_details(workspace, rollback)
    if as_json:
        print_json(details)
    else:
        _print(details)


def _print(details: dict[str, Any]) -> None:
    for line in (*_head(details), *_comparison(details["evidence"]["comparison"])):
        console.print(line)
    print_guards(details["guards"], skipped=details["skipped"])
    print_lines([JournalLine.from_json(line) for line in details["journal"]])
    for line in (*_after(details), "what to do now:"):
        console.print(line)
    for step in details["next_steps"]:
        console.print(f"  {step}", soft_wrap=True)


def _head(details: dict[str, Any]) -> list[str]:
    day = details["evidence"]["evaluation"]["day"]
    lines = [
        f"{details['id']}: {details['state']}, autonomy {details['mode']}",
        (
            f"{details['model']}: alias '{details['alias']}' from version "
            f"{details['from_version']} to {details['to_version']}"
        ),
        (
            f"asked by {details['actor']} on {_minute(details['proposed_at'])}, "
            f"expires {_minute(details['expires_at'])}"
        ),
        f"why: {details['reason']}",
        (
            f"rests on {day} as known then, evidence "
            f"{details['evidence_digest'][:12]}; "
            f"incident {details['incident'] or 'none'}"
        ),
    ]
    if details["approver"]:
        lines.append(f"answered by {details['approver']}")
    return lines


def _comparison(plain: dict[str, Any] | None) -> list[str]:
    """Return what the target was measured to gain, on which days, for which groups."""
    comparison = Comparison.from_json(plain) if plain else None
    if comparison is None or comparison.gain is None:
        why = (comparison.reason if comparison else "") or "-"
        return [f"the target was not measured: {why}"]
    lines = [
        (
            f"{comparison.metric} on the same {comparison.rows} rows: live "
            f"{comparison.champion:.4f}, target {comparison.candidate:.4f}, gain "
            f"{_gain(comparison)}"
        ),
        f"days: {', '.join(map(str, comparison.days))}",
    ]
    lines += [
        f"  {group.column} = {group.value}: gain {_gain(group)}, {group.rows} rows"
        for group in comparison.groups
    ]
    return lines


def _gain(measured: Comparison | GroupGain) -> str:
    return f"{measured.gain:+.4f} ({measured.lower:+.4f} to {measured.upper:+.4f})"


def _after(details: dict[str, Any]) -> list[str]:
    lines = [f"after the move: {text}" for text in details["bake"]]
    plan = details["repair"]
    if plan is not None:
        done = sum(day["repaired"] for day in plan["days"])
        lines.append(
            f"repair: {done} of {len(plan['days'])} published days scored again, "
            f"{plan['rows']} rows in all"
        )
    return lines


def _minute(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


COMMANDS = (rollbacks,)
