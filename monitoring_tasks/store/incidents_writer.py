"""What all changes of incidents have in common: a transaction that tells of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import sqlalchemy as sa

from monitoring_tasks.domain.incident_guards import (
    require_actor_may,
    require_no_move,
    require_revision,
)
from monitoring_tasks.domain.incidents import (
    ACTIVE,
    Incident,
    IncidentState,
    moved_to,
    require_transition,
)
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import IllegalTransitionError
from monitoring_tasks.store.announcing import announce
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.fleet import FLEET_LOCK, close_parent
from monitoring_tasks.store.incident_writes import (
    active_of,
    add_event,
    events_of,
    find,
    save,
)
from monitoring_tasks.store.incidents_reader import IncidentsReader
from monitoring_tasks.store.outbox import Outbox
from monitoring_tasks.store.rollback_rows import rollbacks_of


class IncidentsWriter(IncidentsReader):
    """Changes incidents; the messages that tell of a change are written with it."""

    def __init__(self, database: Database, outbox: Outbox | None = None) -> None:
        """Remember the store.

        Args:
            database: The store.
            outbox: Where messages are written; None for nowhere.
        """
        super().__init__(database)
        self._outbox = outbox or Outbox(database)

    @contextmanager
    def _changing(self, entry: Entry) -> Iterator[sa.Connection]:
        """Run a block that changes incidents; tell of all that it changed."""
        with self._database.transaction() as connection:
            # Merging looks at every model: two reports at once would miss each other.
            self._database.lock(connection, FLEET_LOCK)
            yield connection
            announce(connection, self._outbox, entry)

    def _take_to(
        self,
        connection: sa.Connection,
        before: Incident,
        state: IncidentState,
        entry: Entry,
        *,
        day: date | None = None,
        expected: int | None = None,
    ) -> Incident:
        require_revision(before, expected)
        # First: what is being moved says more than what the table lacks.
        self._require_no_move(connection, before, state, entry)
        require_transition(before.state, state)
        require_actor_may(before, state, entry.actor)
        if state in ACTIVE:
            self._require_alone(connection, before)
        moved = moved_to(before, state, at=entry.at, day=day)
        self._save_moved(connection, moved, entry)
        close_parent(connection, moved, at=entry.at)
        return moved

    def _save_moved(
        self, connection: sa.Connection, moved: Incident, entry: Entry
    ) -> None:
        save(connection, moved)
        self._add_numbered(connection, moved, moved.state.value, entry)

    def _add_numbered(
        self, connection: sa.Connection, incident: Incident, name: str, entry: Entry
    ) -> str:
        """Write an event that may happen more than once; its number is in its name."""
        event = f"{len(events_of(connection, incident.id)):04d}-{name}"
        add_event(
            connection,
            incident,
            event,
            at=entry.at,
            text=entry.text,
            actor=entry.actor,
        )
        return event

    def _of_id(self, connection: sa.Connection, incident: str) -> Incident:
        stored = find(connection, incident)
        if stored is None:
            msg = f"there is no incident '{incident}'"
            raise LookupError(msg)
        return stored

    def _require_no_move(
        self,
        connection: sa.Connection,
        before: Incident,
        state: IncidentState,
        entry: Entry,
    ) -> None:
        rollbacks = rollbacks_of(connection, before.id)
        require_no_move(before, state, entry.actor, rollbacks, now=entry.at)

    def _require_alone(self, connection: sa.Connection, incident: Incident) -> None:
        active = active_of(connection, incident.model, incident.cause)
        if active is not None and active.id != incident.id:
            msg = f"{incident.id} has to wait: {active.id} is active for the same cause"
            raise IllegalTransitionError(msg)
