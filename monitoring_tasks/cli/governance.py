"""Governance: inventory, plans, changes, controls, export; no legal advice."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from monitoring_tasks.cli import governance_bundles, governance_records
from monitoring_tasks.cli.options import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    ModelArgument,
    require_order,
)
from monitoring_tasks.cli.output import (
    console,
    print_json,
    print_table,
    print_text,
    reported,
    styled,
)

group = typer.Typer(
    name="governance",
    help="Records for whoever answers for a model. Reminders, no legal advice.",
    no_args_is_help=True,
)
group.add_typer(governance_bundles.group)
group.add_typer(governance_records.group)


def inventory(
    *,
    html: Annotated[
        bool, typer.Option("--html", help="Print a page that opens anywhere.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List every model: purpose, owners, tier, class, live version, verdict, incidents.

    Examples: daywatch governance inventory
              daywatch governance inventory --html > inventory.html
    """
    if html and as_json:
        raise typer.BadParameter("say --html or --json, not both")
    with reported(home):
        from monitoring_tasks.operations.governance import inventory as rows_of
        from monitoring_tasks.operations.governance.pages import render
        from monitoring_tasks.operations.governance.quotes import DISCLAIMER
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            rows = rows_of.inventory(workspace)
    if as_json:
        print_json(rows)
    elif html:
        print_text(render("inventory", models=rows, disclaimer=DISCLAIMER))
    else:
        _print_inventory(rows)


def _print_inventory(rows: list[dict[str, Any]]) -> None:
    columns = (
        "model",
        "tier",
        "purpose",
        "class",
        "role",
        "version",
        "verdict",
        "open",
    )
    cells = [
        [
            row["model"],
            str(row["tier"]),
            row["intended_purpose"] or "not said",
            row["risk_class"],
            row["organisation_role"] or "not said",
            row["live_version"] or "-",
            styled(row["last_verdict"]),
            str(len(row["open_incidents"])),
        ]
        for row in rows
    ]
    print_table("model inventory; no legal advice", columns, cells)


def plan(
    model: ModelArgument, *, as_json: JsonOption = False, home: HomeOption = None
) -> None:
    """Print the monitoring plan of a model as Markdown, rendered from its contract.

    Example: daywatch governance plan flight_delay > plan.md
    """
    with reported(home):
        from monitoring_tasks.operations.governance.plans import monitoring_plan
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            rendered = monitoring_plan(workspace, model)
    if as_json:
        print_json(asdict(rendered))
    else:
        print_text(rendered.text)


def changes(
    model: ModelArgument,
    first: FirstOption = None,
    last: LastOption = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say key by key what changed in contract and suites, and from when on.

    Example: daywatch governance changes flight_delay --from 2026-01-01
    """
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.operations.governance.changes import changes_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            workspace.contract(model)  # a model nobody knows is named as such
            view = changes_view(workspace, model, first=first, last=last)
    if as_json:
        print_json(view)
        return
    since = view["first_seen_at"]
    if since is None:
        console.print("nothing is on record: no live day has been judged yet")
        return
    console.print(f"on record since {since}")
    rows = [
        [
            change["in_force_from"],
            key["key"],
            _value(key["before"]),
            _value(key["after"]),
        ]
        for change in view["changes"]
        for key in change["changes"]
    ]
    print_table("changes", ("in force from", "key", "before", "after"), rows)


def _value(value: Any) -> str:  # noqa: ANN401 (any JSON)
    """Return a value as JSON, so that an empty text is seen; `(absent)` as it is."""
    from monitoring_tasks.domain.contract_versions import ABSENT

    return ABSENT if value == ABSENT else json.dumps(value, ensure_ascii=False)


def controls(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List duties, the records that serve them, and what Daywatch does not cover.

    Example: daywatch governance controls
    """
    with reported(home):
        from monitoring_tasks.operations.governance.controls import control_map

        listed = control_map()
    if as_json:
        print_json([asdict(control) for control in listed])
        return
    rows = [
        [
            f"{control.framework}, {control.clause}",
            "\n".join(control.commands) or "-",
            control.not_covered,
        ]
        for control in listed
    ]
    title = "controls: our reading, no legal advice and no claim of conformity"
    print_table(title, ("duty", "commands", "not covered"), rows)


def export(
    out: Annotated[Path, typer.Option("--out", help="Folder, new or empty.")],
    first: FirstOption = None,
    last: LastOption = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write all of it as JSON and one page, with a manifest of digests.

    Example: daywatch governance export --out audit/ --from 2026-01-01 --to 2026-06-30
    """
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.operations.governance.exporting import export_governance
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            bundle = export_governance(workspace, out, first=first, last=last)
    if as_json:
        files = len(bundle.files)
        print_json({"out": out, "digest": bundle.digest, "files": files})
        return
    console.print(f"{out / 'index.html'}: open it in a browser", soft_wrap=True)
    console.print(f"{len(bundle.files)} files; digest {bundle.digest}", soft_wrap=True)


OWN: dict[str, Callable[..., None]] = {
    "inventory": inventory,
    "plan": plan,
    "changes": changes,
    "controls": controls,
    "export": export,
}
COMMANDS = (
    (group, OWN),
    (governance_bundles.group, governance_bundles.COMMANDS),
    (governance_records.group, governance_records.COMMANDS),
)
