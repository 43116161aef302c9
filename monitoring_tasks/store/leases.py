"""Leases: who works on what until when, each with a token that only grows."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitoring_tasks.clock import SYSTEM_CLOCK, Clock
from monitoring_tasks.errors import LeaseHeldError, LeaseLostError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import FenceRow, LeaseRow


class Leases:
    """At most one holder of a name at a time.

    Time is the wall clock here: a lease is about processes, not about days. A holder
    that slept past its lease is found out by its token: the next one's is greater.
    """

    def __init__(self, database: Database, clock: Clock = SYSTEM_CLOCK) -> None:
        self._database = database
        self._clock = clock

    @contextmanager
    def hold(self, name: str, *, holder: str, seconds: float = 120) -> Iterator[int]:
        """Hold a lease while the block runs; yields its fencing token.

        An expired one may be taken over, and one whose process on this machine has
        died, so that a killed step can be started again at once. Holders are named
        `host:process id:...`.

        Args:
            name: What is held: a day or an alias.
            holder: Who holds it.
            seconds: How long, at most.

        Raises:
            LeaseHeldError: If another holder has it.
        """
        token = self._take(name, holder, seconds)
        try:
            yield token
        finally:
            with self._database.transaction() as connection:
                connection.execute(
                    # By holder too: one that ran out may be another's by now.
                    sa.delete(LeaseRow).where(
                        LeaseRow.name == name, LeaseRow.holder == holder
                    )
                )

    def require(self, name: str, token: int) -> None:
        """Refuse to go on when the lease has passed to somebody else.

        Args:
            name: What is held.
            token: The fencing token `hold` gave out.

        Raises:
            LeaseLostError: If a later token was given out.
        """
        query = sa.select(FenceRow.token).where(FenceRow.name == name)
        with self._database.transaction() as connection:
            latest = connection.scalar(query)
        if latest != token:
            msg = (
                f"the lease on '{name}' has passed to another process; nothing was done"
            )
            raise LeaseLostError(msg)

    def _take(self, name: str, holder: str, seconds: float) -> int:
        now = self._clock.now()
        expires = now + timedelta(seconds=seconds)
        with self._database.transaction() as connection:
            self._make_room(connection, name, now)
            try:
                # The primary key decides between two that find the lease free.
                connection.execute(
                    sa.insert(LeaseRow).values(
                        name=name, holder=holder, expires_at=expires
                    )
                )
            except sa.exc.IntegrityError as error:
                msg = f"'{name}' was taken by another process this instant; try again"
                raise LeaseHeldError(msg) from error
            return self._next_token(connection, name)

    def _make_room(self, connection: sa.Connection, name: str, now: datetime) -> None:
        connection.execute(
            sa.delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.expires_at < now)
        )
        held = connection.execute(
            sa.select(LeaseRow.holder, LeaseRow.expires_at).where(LeaseRow.name == name)
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

    def _next_token(self, connection: sa.Connection, name: str) -> int:
        """Count on; whoever holds the lease is alone with its row."""
        query = sa.select(FenceRow.token).where(FenceRow.name == name)
        token = (connection.scalar(query) or 0) + 1
        self._database.upsert(connection, FenceRow, [{"name": name, "token": token}])
        return token


def _has_died(holder: str) -> bool:
    """Whether the holder was a process of this machine that is no more."""
    host, _, process = holder.partition(":")
    number = process.partition(":")[0]
    # Of processes of another machine nothing can be known from here.
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)  # signal 0 only asks whether the process exists
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # alive, and somebody else's
    return False
