"""Leases and the append-only journal of alias moves."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.rollbacks import Guard, Move, MoveState
from monitoring_tasks.errors import LeaseHeldError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import JournalRow, LeaseRow, table_of


class Journal:
    """Who moved which alias from where to where, when, why, under which guards."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self, move: Move, state: MoveState, *, at: datetime, guards: list[Guard]
    ) -> None:
        """Write one step of a move; lines are never changed."""
        row = asdict(move) | {
            "state": state.value,
            "at": at,
            "guards": [asdict(guard) for guard in guards],
        }
        with self._database.transaction() as connection:
            connection.execute(sa.insert(JournalRow).values(**row))

    def state_of(self, key: str) -> MoveState | None:
        """Give the latest step of a move; None when it was never begun."""
        row = JournalRow
        query = sa.select(row.state).where(row.key == key).order_by(row.number.desc())
        with self._database.transaction() as connection:
            found = connection.scalars(query).first()
        return None if found is None else MoveState(found)

    def guards_of(self, key: str) -> list[Guard]:
        """Give the guards of the latest step of a move; none when never begun."""
        row = JournalRow
        query = sa.select(row.guards).where(row.key == key).order_by(row.number.desc())
        with self._database.transaction() as connection:
            found = connection.scalars(query).first()
        return [Guard(**guard) for guard in found or []]

    def lines(self, model: str) -> list[dict[str, Any]]:
        """List every step of every move of a model's aliases, oldest first."""
        row = JournalRow
        query = sa.select(table_of(row)).where(row.model == model).order_by(row.number)
        with self._database.transaction() as connection:
            return [dict(found) for found in connection.execute(query).mappings()]

    def last_applied(self, model: str, alias: str) -> dict[str, Any] | None:
        """Give the latest move that was carried out."""
        done = [
            line
            for line in self.lines(model)
            if line["alias"] == alias and line["state"] == MoveState.APPLIED
        ]
        return done[-1] if done else None

    @contextmanager
    def lease(self, name: str, *, holder: str, seconds: float = 120) -> Iterator[None]:
        """Hold a lease while the block runs.

        An expired one may be taken over, and one whose process on this machine has
        died, so that a killed step can be started again at once. Holders are named
        `host:process id:...`.

        Time is the wall clock here: a lease is about processes, not about days.

        Raises:
            LeaseHeldError: If another holder has it.
        """
        self._take(name, holder, seconds)
        try:
            yield
        finally:
            with self._database.transaction() as connection:
                connection.execute(
                    sa.delete(LeaseRow).where(
                        LeaseRow.name == name, LeaseRow.holder == holder
                    )
                )

    def _take(self, name: str, holder: str, seconds: float) -> None:
        now = datetime.now(tz=UTC)  # noqa: TID251 (leases live in real time)
        expires = now + timedelta(seconds=seconds)
        with self._database.transaction() as connection:
            connection.execute(
                sa.delete(LeaseRow).where(
                    LeaseRow.name == name, LeaseRow.expires_at < now
                )
            )
            held = connection.execute(
                sa.select(LeaseRow.holder, LeaseRow.expires_at).where(
                    LeaseRow.name == name
                )
            ).first()
            if held is not None and _has_died(held.holder):
                # Of the dead alone: another process may have been quicker.
                connection.execute(
                    sa.delete(LeaseRow).where(
                        LeaseRow.name == name, LeaseRow.holder == held.holder
                    )
                )
            elif held is not None:
                msg = (
                    f"'{name}' is being worked on by {held.holder} "
                    f"until {held.expires_at:%Y-%m-%d %H:%M:%S} UTC; try again then"
                )
                raise LeaseHeldError(msg)
            try:
                connection.execute(
                    sa.insert(LeaseRow).values(
                        name=name, holder=holder, expires_at=expires
                    )
                )
            except sa.exc.IntegrityError as error:
                msg = f"'{name}' was taken by another process this instant; try again"
                raise LeaseHeldError(msg) from error


def _has_died(holder: str) -> bool:
    """Whether the holder was a process of this machine that is no more."""
    host, _, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # alive, and somebody else's
    return False
