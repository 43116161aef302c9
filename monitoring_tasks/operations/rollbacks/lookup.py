"""One rollback: found by its id, and as plain JSON."""

from dataclasses import asdict
from typing import Any

from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.respond.sentences import outcome
from monitoring_tasks.workspace.workspace import Workspace


def find_rollback(workspace: Workspace, rollback_id: str) -> Rollback:
    """Return a rollback as it stands now.

    Args:
        workspace: Where it lies.
        rollback_id: Its id.

    Raises:
        LookupError: If there is no such rollback.
    """
    rollback = workspace.rollbacks.get(rollback_id)
    if rollback is None:
        msg = f"there is no rollback '{rollback_id}'; `daywatch rollbacks` lists them"
        raise LookupError(msg)
    return rollback


def outcome_of(rollback: Rollback) -> dict[str, Any]:
    """Return what came of a rollback, with one sentence on where it stands."""
    return {
        "rollback": rollback.id,
        "state": rollback.state.value,
        "text": outcome(rollback),
        "guards": [asdict(guard) for guard in rollback.guards],
    }


def summary(rollback: Rollback) -> dict[str, Any]:
    """Return the fields of a rollback without its guards, and where it stands."""
    fields = {n: value for n, value in asdict(rollback).items() if n != "guards"}
    return fields | {"text": outcome(rollback), "asked": rollback.is_manual}
