"""Rollbacks: one row each, moved on step by step, every step in the journal."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.list_pages import ListPage
from monitoring_tasks.domain.rollbacks import (
    OPEN,
    Rollback,
    RollbackState,
    require_step,
)
from monitoring_tasks.errors import LeaseLostError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.rollback_rows import line_of, rollback_from, row_of
from monitoring_tasks.store.schema import RollbackRow

S = RollbackState
Settle = Callable[[Rollback], tuple[Rollback, str]]
"""Returns how a question that is still open ends, and why."""


class Rollbacks:
    """At most one open rollback of an alias; a row and its journal line go together."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def propose(self, rollback: Rollback, evidence: Mapping[str, Any]) -> Rollback:
        """Write a request down, with what it rests on; once per id.

        Args:
            rollback: The request, `proposed`.
            evidence: What it rests on, JSON only.

        Raises:
            LeaseLostError: If another rollback of the alias is open.
        """
        with self._database.transaction() as connection:
            current = self._find(connection, rollback.id)
            # Asked before, by a run that was stopped: it carries on from there.
            if current is not None:
                return current
            values = row_of(rollback) | {"evidence": dict(evidence)}
            try:
                connection.execute(sa.insert(RollbackRow).values(**values))
            # The index on open rollbacks lets one of two processes through.
            except sa.exc.IntegrityError as error:
                msg = (
                    f"another rollback of alias '{rollback.alias}' of "
                    f"{rollback.model} was begun by another process; nothing was done"
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

        Args:
            rollback_id: The rollback that is asked about.
            approve: Whether the version shall be put back.
            actor: Who answers.
            at: When; an answer that comes too late lets it expire.
            text: Why, for the journal.

        Raises:
            LookupError: If there is no such rollback.
        """

        def settle(asked: Rollback) -> tuple[Rollback, str]:
            if asked.proposed_at <= at < asked.expires_at:
                state = S.APPROVED if approve else S.REJECTED
                return replace(asked, state=state, approver=actor), text
            # An answer that came too late is told, and is nobody's approval.
            return replace(
                asked, state=S.EXPIRED
            ), f"answered too late by {actor}: {text}"

        return self._settle(rollback_id, settle, at=at)

    def expire(self, rollback_id: str, *, at: datetime, text: str) -> Rollback:
        """End a question that nobody has answered, in one transaction.

        Args:
            rollback_id: The rollback that is asked about; one that was answered first
                stays as it is.
            at: When.
            text: Why, for the journal.

        Raises:
            LookupError: If there is no such rollback.
        """
        return self._settle(
            rollback_id, lambda asked: (replace(asked, state=S.EXPIRED), text), at=at
        )

    def _settle(self, rollback_id: str, settle: Settle, *, at: datetime) -> Rollback:
        with self._database.transaction() as connection:
            current = self._find(connection, rollback_id)
            if current is None:
                msg = f"there is no rollback '{rollback_id}'"
                raise LookupError(msg)
            if current.state is not S.AWAITING_APPROVAL:
                return current
            settled, text = settle(current)
            self._write(connection, current, settled)
            self._journal.add(connection, line_of(settled, at, text))
            return settled

    def get(self, rollback_id: str) -> Rollback | None:
        """Return a rollback as it stands now; None if there is no such one."""
        with self._database.transaction() as connection:
            return self._find(connection, rollback_id)

    def evidence(self, rollback_id: str) -> dict[str, Any]:
        """Return what a rollback rests on, as it was written down when it was asked."""
        query = sa.select(RollbackRow.evidence).where(RollbackRow.id == rollback_id)
        with self._database.transaction() as connection:
            return dict(connection.scalar(query) or {})

    def find(
        self, model: str | None = None, *, page: ListPage | None = None
    ) -> list[Rollback]:
        """Return the rollbacks of a model, or of all, oldest first.

        Args:
            model: Registered model name; None for all.
            page: Which of them, the first page having the newest; None for all.
        """
        row = RollbackRow
        newest = (row.proposed_at.desc(), row.id.desc())
        query = sa.select(table_of(row)).order_by(*newest)
        if model is not None:
            query = query.where(row.model == model)
        if page is not None:
            query = query.limit(page.rows).offset(page.offset)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return [rollback_from(stored) for stored in reversed(rows)]

    def around(self, model: str, since: datetime) -> list[Rollback]:
        """Return those of a model, and of others that are open or lately moved.

        Args:
            model: Registered model name, all of whose rollbacks are returned.
            since: Of other models, what was asked for or carried out from then on.
        """
        row = RollbackRow
        query = sa.select(table_of(row)).where(
            sa.or_(
                row.model == model,
                row.state.in_([state.value for state in OPEN]),
                row.proposed_at >= since,
                row.applied_at >= since,
            )
        )
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        # Not by the database: to keep an order it walks through all there ever were.
        around = [rollback_from(stored) for stored in rows]
        return sorted(around, key=lambda rollback: (rollback.proposed_at, rollback.id))

    def open_of(self, model: str, alias: str) -> Rollback | None:
        """Return the rollback of an alias that is under way; None without one.

        Args:
            model: Registered model name.
            alias: The alias.
        """
        for rollback in self.unfinished(model, alias):
            if rollback.is_open:
                return rollback
        return None

    def unfinished(self, model: str, alias: str) -> list[Rollback]:
        """Return the rollbacks of an alias Daywatch has yet to do something about.

        The one that is open, if any, and those that moved the alias and were stopped
        before others were told.

        Args:
            model: Registered model name.
            alias: The alias.
        """
        waiting = OPEN | {S.APPLIED}
        of_model = self.find(model)
        return [r for r in of_model if r.alias == alias and r.state in waiting]

    def _find(self, connection: sa.Connection, rollback_id: str) -> Rollback | None:
        row = RollbackRow
        query = sa.select(table_of(row)).where(row.id == rollback_id)
        # On SQLite the transaction has the whole file to itself.
        if self._database.is_postgres:
            query = query.with_for_update()
        stored = connection.execute(query).mappings().first()
        return None if stored is None else rollback_from(stored)

    def _write(
        self, connection: sa.Connection, before: Rollback, after: Rollback
    ) -> None:
        row = RollbackRow
        done = connection.execute(
            sa.update(row)
            .where(
                row.id == before.id,
                # As it was read; else somebody has moved it on since.
                row.state == before.state.value,
                row.fence <= after.fence,
            )
            .values(**row_of(after))
        )
        if done.rowcount != 1:
            msg = (
                f"rollback {before.id} was taken on by another process; nothing was "
                "done"
            )
            raise LeaseLostError(msg)
