"""All that is rollback of one rollback, put together for whoever asks."""

from dataclasses import asdict
from typing import Any

from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.json_values import plain_json
from monitoring_tasks.domain.rollbacks import DONE, Rollback, RollbackState, skipped
from monitoring_tasks.operations.rollbacks.lookup import find_rollback, summary
from monitoring_tasks.operations.rollbacks.repair import plan_repair
from monitoring_tasks.respond.next_steps import next_steps
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
BAKED = (S.VERIFIED.value, S.REGRESSED.value)


def rollback_details(workspace: Workspace, rollback_id: str) -> dict[str, Any]:
    """Return all that is known of one rollback, as plain JSON.

    Args:
        workspace: Where it lies.
        rollback_id: Its id.

    Returns:
        The rollback's own fields; `text` and `next_steps` in sentences; `evidence` as
        it was decided on; `journal`, its lines; `bake`, what later days said;
        `repair`, the days the withdrawn version had published; `skipped` guards.

    Raises:
        LookupError: If there is no such rollback.
    """
    rollback = find_rollback(workspace, rollback_id)
    lines = workspace.journal.lines_of(rollback.id)
    evidence = workspace.rollbacks.evidence(rollback.id)
    moved = rollback.state in DONE
    details: dict[str, Any] = plain_json(
        summary(rollback)
        | {
            "guards": [asdict(guard) for guard in rollback.guards],
            "skipped": skipped(rollback.guards) if rollback.is_forced else [],
            "evidence": evidence,
            "journal": [line.to_json() for line in lines],
            "bake": _bake(workspace, rollback, lines),
            "repair": plan_repair(workspace, rollback.id) if moved else None,
            "next_steps": next_steps(rollback),
        }
    )
    return details


def _bake(
    workspace: Workspace, rollback: Rollback, lines: list[JournalLine]
) -> list[str]:
    """Return what the days after the move said of it, oldest first."""
    incident = rollback.incident
    events = workspace.incidents.events(incident) if incident else []
    noted = [event["text"] for event in events if event["event"].startswith("bake-")]
    ended = [line.reason for line in lines if line.state in BAKED]
    # The line that ended the bake may be noted on the incident as well.
    return [*noted, *(text for text in ended if text not in noted)]
