"""Looking at rollbacks: `rollbacks`, and `show` for a single one."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.guard_table import print_guards
from monitoring_tasks.cli.journal import print_lines
from monitoring_tasks.cli.output import (
    HomeOption,
    JsonOption,
    console,
    models,
    print_json,
    print_table,
    reported,
)
from monitoring_tasks.domain.comparisons import Comparison, GroupGain

ROLLBACK = re.compile(r"rollback-[0-9a-f]{12}")
"""What the id of a rollback looks like."""


def rollbacks(
    model: Annotated[
        str | None,
        typer.Argument(help="One model; all if left out.", autocompletion=models),
    ] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List rollbacks, oldest first: who wanted what, and where it stands.

    Example: daywatch rollbacks flight_delay
    """
    with reported(home):
        from monitoring_tasks.operations.rollbacks.lookup import summary
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            if model is not None:
                workspace.contract(model)  # a model nobody knows is named as such
            found = [summary(one) for one in workspace.rollbacks.find(model)]
    if as_json:
        print_json(found)
        return
    if not found:
        console.print("no rollbacks")
        return
    rows = [
        [
            one["id"],
            one["model"],
            f"{one['from_version']} to {one['to_version']}",
            f"{one['proposed_at']:%Y-%m-%d %H:%M}",
            one["actor"],
            one["state"],
        ]
        for one in found
    ]
    columns = ("id", "model", "versions", "asked (UTC)", "by", "state")
    print_table("rollbacks", columns, rows, whole=columns[:1])


def show_rollback(rollback: str, *, as_json: bool, home: Path | None) -> None:
    """Print all that is known of one rollback, and what a person can do."""
    with reported(home):
        from monitoring_tasks.operations.rollbacks.details import rollback_details
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            told = rollback_details(workspace, rollback)
    if as_json:
        print_json(told)
    else:
        _print(told)


def _print(told: dict[str, Any]) -> None:
    for line in (*_head(told), *_comparison(told["evidence"]["comparison"])):
        console.print(line)
    print_guards(told["guards"], skipped=told["skipped"])
    print_lines([_with_instant(line) for line in told["journal"]])
    for line in (*_after(told), "what to do now:"):
        console.print(line)
    for step in told["next_steps"]:
        console.print(f"  {step}", soft_wrap=True)


def _head(told: dict[str, Any]) -> list[str]:
    day = told["evidence"]["evaluation"]["day"]
    lines = [
        f"{told['id']}: {told['state']}, autonomy {told['mode']}",
        (
            f"{told['model']}: alias '{told['alias']}' from version "
            f"{told['from_version']} to {told['to_version']}"
        ),
        (
            f"asked by {told['actor']} on {_minute(told['proposed_at'])}, expires "
            f"{_minute(told['expires_at'])}"
        ),
        f"why: {told['reason']}",
        (
            f"rests on {day} as known then, evidence {told['evidence_digest'][:12]}; "
            f"incident {told['incident'] or 'none'}"
        ),
    ]
    if told["approver"]:
        lines.append(f"answered by {told['approver']}")
    return lines


def _comparison(plain: dict[str, Any] | None) -> list[str]:
    """Say what the target was measured to gain, on which days, for which groups."""
    found = Comparison.from_json(plain) if plain else None
    if found is None or found.gain is None:
        return [
            f"the target was not measured: {(found.reason if found else '') or '-'}"
        ]
    lines = [
        (
            f"{found.metric} on the same {found.rows} rows: live "
            f"{found.champion:.4f}, target {found.candidate:.4f}, gain {_gain(found)}"
        ),
        f"days: {', '.join(map(str, found.days))}",
    ]
    lines += [
        f"  {group.column} = {group.value}: gain {_gain(group)}, {group.rows} rows"
        for group in found.groups
    ]
    return lines


def _gain(found: Comparison | GroupGain) -> str:
    return f"{found.gain:+.4f} ({found.lower:+.4f} to {found.upper:+.4f})"


def _after(told: dict[str, Any]) -> list[str]:
    lines = [f"after the move: {text}" for text in told["bake"]]
    plan = told["repair"]
    if plan is not None:
        done = sum(day["repaired"] for day in plan["days"])
        lines.append(
            f"repair: {done} of {len(plan['days'])} published days scored again, "
            f"{plan['rows']} rows in all"
        )
    return lines


def _minute(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


def _with_instant(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"at": datetime.fromisoformat(line["at"])}


COMMANDS = (rollbacks,)
