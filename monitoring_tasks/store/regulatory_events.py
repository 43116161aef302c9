"""The append-only record of what people said of incidents under the EU AI Act."""

from functools import partial

import sqlalchemy as sa

from monitoring_tasks.domain.chains import BEFORE_FIRST, first_break
from monitoring_tasks.domain.regulatory_events import (
    ChainedEvent,
    EventKind,
    RegulatoryEvent,
    chained,
)
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.journal_heads import JournalHeads
from monitoring_tasks.store.schema import RegulatoryEventRow

RECORD_LOCK = 0x7265636F7264  # "record", as a Postgres advisory lock
HEADS_FILE = "regulatory.heads"
Row = RegulatoryEventRow


class RegulatoryEvents:
    """One chain over the records of all incidents; nothing is changed or removed."""

    def __init__(self, database: Database, heads: JournalHeads | None = None) -> None:
        """Remember the store.

        Args:
            database: The store.
            heads: Where the digest of each event is kept besides; None for nowhere.
        """
        self._database = database
        self._heads = heads

    def append(self, event: RegulatoryEvent) -> ChainedEvent:
        """Write an event, chained to the last one; events are never changed."""
        with self._database.transaction() as connection:
            # Two at once would both follow the same one, and break the chain.
            self._database.lock(connection, RECORD_LOCK)
            last = connection.execute(
                sa.select(Row.number, Row.digest).order_by(Row.number.desc()).limit(1)
            ).first()
            number, previous = (last.number, last.digest) if last else (0, BEFORE_FIRST)
            written = chained(event, number + 1, previous)
            connection.execute(sa.insert(Row).values(**_row_of(written)))
            if self._heads is not None:
                keep = partial(self._heads.keep, written.number, written.digest)
                self._database.after_commit(connection, keep)
        return written

    def events(self, incident: str | None = None) -> list[ChainedEvent]:
        """List the events of an incident, or of all, oldest first."""
        query = sa.select(table_of(Row)).order_by(Row.number)
        if incident is not None:
            query = query.where(Row.incident == incident)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings()
            return [
                ChainedEvent(**dict(row) | {"kind": EventKind(row["kind"])})
                for row in rows
            ]

    def verify(self) -> str | None:
        """Return where the chain breaks or was cut short; None when it holds."""
        events = self.events()
        if broken := first_break(events):
            return broken
        cut = self._heads.missing(e.digest for e in events) if self._heads else []
        if cut:
            numbers = ", ".join(str(number) for number in cut)
            return f"events {numbers} of the workspace's {HEADS_FILE} are gone"
        return None


def _row_of(event: ChainedEvent) -> dict[str, object]:
    fields = {name: getattr(event, name) for name in ChainedEvent.__dataclass_fields__}
    return fields | {"kind": event.kind.value, "detail": dict(event.detail)}
