"""The append-only journal of alias moves, each line chained to the one before it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from monitoring_tasks.domain.chains import BEFORE_FIRST, first_break
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.journal import OUTSIDE, STANDS, JournalLine, Line, chained
from monitoring_tasks.domain.json_values import plain_json
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import News
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.journal_heads import JournalHeads
from monitoring_tasks.store.outbox import Outbox
from monitoring_tasks.store.schema import JournalRow

JOURNAL_LOCK = 0x6A6F75726E616C  # "journal", as a Postgres advisory lock


MOVES = frozenset({RollbackState.APPLIED.value, OUTSIDE})
"""Lines that say that an alias was moved, by Daywatch or by somebody else."""


class Journal:
    """Who moved which alias from where to where, when, why, under which guards."""

    def __init__(
        self,
        database: Database,
        heads: JournalHeads | None = None,
        *,
        outbox: Outbox | None = None,
    ) -> None:
        """Remember the store.

        Args:
            database: The store.
            heads: Where the digest of each line is kept besides; None for nowhere.
            outbox: Where moves of aliases are told; None for nowhere.
        """
        self._database = database
        self._heads = heads
        self._outbox = outbox

    def append(self, line: Line) -> None:
        """Write a line, in a transaction of its own; lines are never changed."""
        with self._database.transaction() as connection:
            self.add(connection, line)

    def add(self, connection: sa.Connection, line: Line) -> None:
        """Write a line as a part of what else the transaction writes.

        Args:
            connection: Of the transaction.
            line: What happened.
        """
        # Two lines at once would both follow the same one, and break the chain.
        self._database.lock(connection, JOURNAL_LOCK)
        row = JournalRow
        last = connection.execute(
            sa.select(row.number, row.digest).order_by(row.number.desc()).limit(1)
        ).first()
        number, previous = (last.number, last.digest) if last else (0, BEFORE_FIRST)
        written = chained(line, number + 1, previous)
        connection.execute(sa.insert(row).values(**written.to_json()))
        if self._outbox is not None and line.state in MOVES:
            self._outbox.add(connection, _news_of(written))
        if self._heads is not None:
            keep = partial(self._heads.keep, written.number, written.digest)
            self._database.after_commit(connection, keep)

    def lines(
        self, model: str | None = None, *, limit: int | None = None
    ) -> list[JournalLine]:
        """Return the lines of a model, or of all, oldest first.

        Args:
            model: Registered model name; None for all.
            limit: The newest so many; None for all.
        """
        row = JournalRow
        query = sa.select(table_of(row)).order_by(row.number.desc()).limit(limit)
        if model is not None:
            query = query.where(row.model == model)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return [JournalLine(**stored) for stored in reversed(rows)]

    def lines_of(self, key: str) -> list[JournalLine]:
        """Return the lines of one rollback, hold or other thing, oldest first.

        Args:
            key: Its id.
        """
        row = JournalRow
        query = sa.select(table_of(row)).where(row.key == key).order_by(row.number)
        with self._database.transaction() as connection:
            return [JournalLine(**row) for row in connection.execute(query).mappings()]

    def lines_in(self, *states: str, model: str | None = None) -> list[JournalLine]:
        """Return the lines that say one of these things happened, oldest first.

        Args:
            *states: What happened, e.g. `applied`.
            model: Registered model name; None for all.
        """
        row = JournalRow
        query = sa.select(table_of(row)).where(row.state.in_(states))
        if model is not None:
            query = query.where(row.model == model)
        with self._database.transaction() as connection:
            rows = connection.execute(query.order_by(row.number)).mappings()
            return [JournalLine(**row) for row in rows]

    def last_applied(self, model: str, alias: str) -> JournalLine | None:
        """Return the latest move of an alias that was carried out; None without one.

        Args:
            model: Registered model name.
            alias: The alias.
        """
        return self._last(model, alias, (RollbackState.APPLIED.value,))

    def last_stand(
        self, model: str, alias: str, *, at: datetime | None = None
    ) -> JournalLine | None:
        """Return the latest line that says where an alias stood; None without one.

        Args:
            model: Registered model name.
            alias: The alias.
            at: Up to when; None for now.
        """
        return self._last(model, alias, STANDS, at)

    def verify(self) -> str | None:
        """Return where the chain of digests breaks; None when every line holds."""
        return first_break(self.lines())

    def cut_lines(self) -> list[int]:
        """Return the numbers of the lines that are gone while their digest is kept."""
        if self._heads is None:
            return []
        return self._heads.missing(line.digest for line in self.lines())

    def head(self) -> str:
        """Return the digest of the last line, to be kept where others can see it."""
        row = JournalRow
        query = sa.select(row.digest).order_by(row.number.desc()).limit(1)
        with self._database.transaction() as connection:
            return connection.scalar(query) or BEFORE_FIRST

    def last_line(self) -> str:
        """Return number and digest of the last line, for an anchor."""
        row = JournalRow
        query = sa.select(row.number, row.digest).order_by(row.number.desc()).limit(1)
        with self._database.transaction() as connection:
            last = connection.execute(query).first()
        return f"{last.number} {last.digest}" if last else f"0 {BEFORE_FIRST}"

    def has_line(self, head: str) -> bool:
        """Whether a line is there as it was anchored: by number and digest."""
        number, _, digest = head.partition(" ")
        row = JournalRow
        query = sa.select(row.digest).where(row.number == int(number))
        with self._database.transaction() as connection:
            return connection.scalar(query) == digest

    def _last(
        self,
        model: str,
        alias: str,
        states: Sequence[str],
        at: datetime | None = None,
    ) -> JournalLine | None:
        row = JournalRow
        query = (
            sa.select(table_of(row))
            .where(row.model == model, row.alias == alias, row.state.in_(states))
            .order_by(row.number.desc())
            .limit(1)
        )
        if at is not None:
            query = query.where(row.at <= at)
        with self._database.transaction() as connection:
            line = connection.execute(query).mappings().first()
        return None if line is None else JournalLine(**line)


def _news_of(line: JournalLine) -> News:
    return News(
        occasion=Occasion.ALIAS_MOVED,
        subject=plain_json(line.to_json()),
        model=line.model,
        severity=Severity.P3,
        at=line.at,
        key=f"journal:{line.digest}",
    )
