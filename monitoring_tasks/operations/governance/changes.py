"""What changed in a contract and its suites, and from when on it was in force."""

from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.domain.contract_versions import ContractChange, contract_changes
from monitoring_tasks.domain.json_values import plain_json
from monitoring_tasks.workspace.workspace import Workspace


def changes_view(
    workspace: Workspace,
    model: str,
    *,
    first: date | None = None,
    last: date | None = None,
) -> dict[str, Any]:
    """Return the versions of a model's contract and what changed between them.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        first: Only what was first in force on this day or later; None for all.
        last: Only what was first in force on this day or earlier; None for all.

    Returns:
        `model`; `first_seen_at`, before which nothing is on record, None where no live
        day was judged yet; `changes`, oldest first, with old and new values by key.
    """
    versions = workspace.contract_versions.of_model(model)
    changes = [
        _change(change)
        for change in contract_changes(versions)
        if (first is None or change.after.day >= first)
        and (last is None or change.after.day <= last)
    ]
    view: dict[str, Any] = plain_json(
        {
            "model": model,
            "first_seen_at": versions[0].seen_at.isoformat() if versions else None,
            "digest": versions[-1].digest if versions else None,
            "changes": changes,
        }
    )
    return view


def _change(change: ContractChange) -> dict[str, Any]:
    return {
        "model": change.after.model,
        "in_force_from": change.after.seen_at.isoformat(),
        "first_day": change.after.day,
        "daywatch": [change.before.daywatch, change.after.daywatch],
        "digests": [change.before.digest, change.after.digest],
        "changes": [asdict(key) for key in change.changes],
    }
