"""All that is known of one rollback, put together for whoever asks."""

from dataclasses import asdict
from typing import Any

from monitoring_tasks.domain.journal import plain_json
from monitoring_tasks.domain.rollbacks import (
    DAYWATCH,
    DONE,
    Rollback,
    RollbackState,
    skipped,
)
from monitoring_tasks.operations.rollbacks.approval import find
from monitoring_tasks.operations.rollbacks.repairing import plan_repair
from monitoring_tasks.respond.next_steps import next_steps
from monitoring_tasks.respond.sentences import outcome
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
BAKED = (S.VERIFIED.value, S.REGRESSED.value)


def rollback_details(space: Workspace, rollback_id: str) -> dict[str, Any]:
    """Give one rollback whole, as plain JSON.

    Returns:
        The rollback's own fields; `text` and `next_steps` in sentences; `evidence` as
        it was decided on; `journal`, its lines; `bake`, what later days said;
        `repair`, the days the withdrawn version had published; `skipped` guards.

    Raises:
        LookupError: If there is no such rollback.
    """
    known = find(space, rollback_id)
    lines = [
        line for line in space.journal.lines(known.model) if line["key"] == known.id
    ]
    evidence = space.rollbacks.evidence(known.id)
    moved = known.state in DONE
    told: dict[str, Any] = plain_json(
        summary(known)
        | {
            "guards": [asdict(guard) for guard in known.guards],
            "skipped": skipped(known.guards) if known.is_forced else [],
            "evidence": evidence,
            "journal": lines,
            "bake": _bake(space, known, lines),
            "repair": plan_repair(space, known.id) if moved else None,
            "next_steps": next_steps(known),
        }
    )
    return told


def summary(known: Rollback) -> dict[str, Any]:
    """Give the fields of a rollback without its guards, and where it stands."""
    fields = {name: value for name, value in asdict(known).items() if name != "guards"}
    return fields | {"text": outcome(known), "asked": known.actor != DAYWATCH}


def _bake(space: Workspace, known: Rollback, lines: list[dict[str, Any]]) -> list[str]:
    """List what the days after the move said of it, oldest first."""
    incident = known.incident
    events = space.incidents.events(incident) if incident else []
    said = [one["text"] for one in events if one["event"].startswith("bake-")]
    ended = [line["reason"] for line in lines if line["state"] in BAKED]
    return [*said, *(text for text in ended if text not in said)]
