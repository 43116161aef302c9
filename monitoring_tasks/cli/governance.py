"""Governance: inventory, plans, changes, bundles, records; no legal advice."""

import typer

from monitoring_tasks.cli import governance_bundles, governance_records

group = typer.Typer(
    name="governance",
    help="Records for whoever answers for a model. Reminders, no legal advice.",
    no_args_is_help=True,
)
group.add_typer(governance_bundles.group)
group.add_typer(governance_records.group)
COMMANDS = (
    (governance_bundles.group, governance_bundles.COMMANDS),
    (governance_records.group, governance_records.COMMANDS),
)
