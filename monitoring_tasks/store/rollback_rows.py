"""Rollbacks to and from rows, those of an incident, and the journal lines of them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.rollbacks import (
    Guard,
    Rollback,
    RollbackState,
    skipped,
)
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.schema import RollbackRow


def line_of(rollback: Rollback, at: datetime, text: str = "") -> Line:
    """Return the journal line of the state a rollback is in now.

    Args:
        rollback: The rollback.
        at: When it came into that state.
        text: What happened; the rollback's own reason when empty.
    """
    return Line(
        key=rollback.id,
        state=rollback.state.value,
        at=at,
        model=rollback.model,
        alias=rollback.alias,
        from_version=rollback.from_version,
        to_version=rollback.to_version,
        reason=text or rollback.reason,
        actor=rollback.approver or rollback.actor,
        incident=rollback.incident,
        guards=[asdict(guard) for guard in rollback.guards],
        evidence_digest=rollback.evidence_digest,
        fence=rollback.fence,
        detail=_forced(rollback) if rollback.is_forced else {},
    )


def _forced(rollback: Rollback) -> dict[str, Any]:
    """Return that a person skips guards, and which: it must not be overlooked."""
    return {"forced": True, "skipped": skipped(rollback.guards)}


def row_of(rollback: Rollback) -> dict[str, Any]:
    """Write a rollback as a row, but for its evidence."""
    return asdict(rollback) | {
        "state": rollback.state.value,
        "is_open": rollback.is_open,
        "mode": rollback.mode.value,
        "guards": [asdict(guard) for guard in rollback.guards],
    }


def rollback_from(row: Mapping[Any, Any]) -> Rollback:
    """Read a rollback back; what else the row holds is left out."""
    values = {name: row[name] for name in Rollback.__dataclass_fields__}
    return Rollback(
        **values
        | {
            "state": RollbackState(values["state"]),
            "mode": ResponseMode(values["mode"]),
            "guards": tuple(Guard(**guard) for guard in values["guards"]),
        }
    )


def rollbacks_of(connection: sa.Connection, incident: str) -> list[Rollback]:
    """Load the rollbacks that belong to an incident, oldest first.

    Args:
        connection: Of a transaction.
        incident: Its id.
    """
    row = RollbackRow
    query = sa.select(table_of(row)).where(row.incident == incident)
    rows = connection.execute(query.order_by(row.proposed_at, row.id)).mappings()
    return [rollback_from(stored) for stored in rows]
