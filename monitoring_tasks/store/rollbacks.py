"""Rollbacks: one row each, moved on step by step, every step in the journal."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.rollbacks import (
    OPEN,
    Guard,
    Rollback,
    RollbackState,
    require_step,
    skipped,
)
from monitoring_tasks.errors import LeaseLostError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.schema import RollbackRow, table_of

S = RollbackState


class Rollbacks:
    """At most one open rollback of an alias; a row and its journal line go together."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def propose(self, rollback: Rollback, evidence: Mapping[str, Any]) -> Rollback:
        """Write a rollback down, with what it rests on; once per id.

        Raises:
            LeaseLostError: If another rollback of the alias is open.
        """
        with self._database.transaction() as connection:
            known = self._find(connection, rollback.id)
            if known is not None:
                return known
            values = _values(rollback) | {"evidence": dict(evidence)}
            try:
                connection.execute(sa.insert(RollbackRow).values(**values))
            except sa.exc.IntegrityError as error:
                msg = (
                    f"another rollback of alias '{rollback.alias}' of "
                    f"{rollback.model} was begun by another process; nothing is done"
                )
                raise LeaseLostError(msg) from error
            self._journal.add(connection, line_of(rollback, rollback.proposed_at))
            return rollback

    def advance(
        self,
        rollback: Rollback,
        state: RollbackState,
        *,
        at: datetime,
        text: str = "",
        **parts: Any,  # noqa: ANN401 (fields of Rollback)
    ) -> Rollback:
        """Take a rollback a step on, from the state it was read in.

        Args:
            rollback: As it was read.
            state: Where to.
            at: When.
            text: What happened, for the journal; the rollback's own reason otherwise.
            parts: Other fields that change, e.g. `guards`, `fence`, `applied_at`.

        Raises:
            IllegalTransitionError: If the state machine does not allow it.
            LeaseLostError: If somebody else has taken it on in the meantime, or holds
                a later lease.
        """
        require_step(rollback.state, state)
        moved = replace(rollback, state=state, **parts)
        with self._database.transaction() as connection:
            self._write(connection, rollback, moved)
            self._journal.add(connection, line_of(moved, at, text))
        return moved

    def answer(
        self, rollback_id: str, *, approve: bool, actor: str, at: datetime, text: str
    ) -> Rollback:
        """Take a person's answer, or let the question expire, in one transaction.

        Whoever comes first settles it: a late click, a timeout and a second answer
        change nothing and get what was settled.

        Raises:
            LookupError: If there is no such rollback.
        """
        with self._database.transaction() as connection:
            known = self._find(connection, rollback_id)
            if known is None:
                msg = f"there is no rollback '{rollback_id}'"
                raise LookupError(msg)
            if known.state is not S.AWAITING_APPROVAL:
                return known
            state = S.APPROVED if approve else S.REJECTED
            moved = replace(known, state=state, approver=actor)
            if not known.proposed_at <= at < known.expires_at:
                # An answer that came too late is told, and is nobody's approval.
                text = f"answered too late by {actor}: {text}"
                moved = replace(known, state=S.EXPIRED)
            self._write(connection, known, moved)
            self._journal.add(connection, line_of(moved, at, text))
            return moved

    def get(self, rollback_id: str) -> Rollback | None:
        """Give a rollback as it stands now."""
        with self._database.transaction() as connection:
            return self._find(connection, rollback_id)

    def evidence(self, rollback_id: str) -> dict[str, Any]:
        """Give what a rollback rests on, as it was written down when it was asked."""
        query = sa.select(RollbackRow.evidence).where(RollbackRow.id == rollback_id)
        with self._database.transaction() as connection:
            return dict(connection.scalar(query) or {})

    def find(self, model: str | None = None) -> list[Rollback]:
        """List rollbacks, oldest first."""
        row = RollbackRow
        query = sa.select(table_of(row)).order_by(row.proposed_at, row.id)
        if model is not None:
            query = query.where(row.model == model)
        with self._database.transaction() as connection:
            found = connection.execute(query).mappings().all()
        return [_read(one) for one in found]

    def open_of(self, model: str, alias: str) -> Rollback | None:
        """Give the rollback of an alias that is under way."""
        for one in self.unfinished(model, alias):
            if one.is_open:
                return one
        return None

    def unfinished(self, model: str, alias: str) -> list[Rollback]:
        """List the rollbacks of an alias Daywatch has yet to do something about.

        The one that is open, if any, and those that moved the alias and were stopped
        before others were told.
        """
        waiting = OPEN | {S.APPLIED}
        found = self.find(model)
        return [one for one in found if one.alias == alias and one.state in waiting]

    def _find(self, connection: sa.Connection, rollback_id: str) -> Rollback | None:
        row = RollbackRow
        query = sa.select(table_of(row)).where(row.id == rollback_id)
        if self._database.is_postgres:
            query = query.with_for_update()
        found = connection.execute(query).mappings().first()
        return None if found is None else _read(found)

    def _write(
        self, connection: sa.Connection, before: Rollback, after: Rollback
    ) -> None:
        row = RollbackRow
        done = connection.execute(
            sa.update(row)
            .where(
                row.id == before.id,
                row.state == before.state.value,
                row.fence <= after.fence,
            )
            .values(**_values(after))
        )
        if done.rowcount != 1:
            msg = (
                f"rollback {before.id} was taken on by another process; nothing is done"
            )
            raise LeaseLostError(msg)


def line_of(rollback: Rollback, at: datetime, text: str = "") -> Line:
    """Give the journal line of the state a rollback is in now."""
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
    """Say loudly that a person skips guards, and which."""
    return {"forced": True, "skipped": skipped(rollback.guards)}


def _values(rollback: Rollback) -> dict[str, Any]:
    return asdict(rollback) | {
        "state": rollback.state.value,
        "is_open": rollback.is_open,
        "mode": rollback.mode.value,
        "guards": [asdict(guard) for guard in rollback.guards],
    }


def _read(row: Mapping[Any, Any]) -> Rollback:
    values = {name: row[name] for name in Rollback.__dataclass_fields__}
    return Rollback(
        **values
        | {
            "state": RollbackState(values["state"]),
            "mode": ResponseMode(values["mode"]),
            "guards": tuple(Guard(**guard) for guard in values["guards"]),
        }
    )
