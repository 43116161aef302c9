"""Incidents and what happened to them, read back."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.chains import BEFORE_FIRST, first_break
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.incident_context import Override
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.timeline import TimelineEvent
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.incident_rows import incident_from
from monitoring_tasks.store.incident_tables import IncidentEventRow, IncidentRow
from monitoring_tasks.store.incident_writes import events_of, find
from monitoring_tasks.store.overrides import events_by_incident, override_of


class IncidentsReader:
    """At most one active incident per model and cause; its events are append-only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def texts(self, incident: str, event: str) -> list[str]:
        """Return what was written under an event: one text, or none.

        Args:
            incident: Id of the incident.
            event: Name of the event.
        """
        return [e["text"] for e in self.events(incident) if e["event"] == event]

    def get(self, incident: str) -> Incident | None:
        """Return an incident as it stands now; None when there is none."""
        with self._database.transaction() as connection:
            return find(connection, incident)

    def active(self, model: str) -> list[Incident]:
        """List the incidents of a model that still need somebody."""
        return [incident for incident in self.find(model) if incident.is_active]

    def find(
        self,
        model: str | None = None,
        *,
        states: Collection[IncidentState] = (),
        with_candidates: bool = False,
    ) -> list[Incident]:
        """List incidents, newest first.

        Args:
            model: Registered model name; None for all.
            states: Only those that stand there; none given for any.
            with_candidates: Whether bad days count of which nobody knew if they last.
        """
        query = sa.select(table_of(IncidentRow)).order_by(
            IncidentRow.onset_day.desc(), IncidentRow.id
        )
        if model is not None:
            query = query.where(IncidentRow.model == model)
        if states:
            query = query.where(IncidentRow.state.in_([s.value for s in states]))
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings()
            incidents = [incident_from(dict(row)) for row in rows]
        return [i for i in incidents if with_candidates or not i.was_candidate]

    def events(self, incident: str) -> list[dict[str, Any]]:
        """List what happened to an incident, in order."""
        with self._database.transaction() as connection:
            return events_of(connection, incident)

    def timeline(self) -> list[TimelineEvent]:
        """List the events of all incidents, in the order of their chain."""
        query = sa.select(table_of(IncidentEventRow)).order_by(IncidentEventRow.number)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings()
            return [TimelineEvent(**row) for row in rows]

    def last_event(self) -> str:
        """Return number and digest of the last event of the chain, for an anchor."""
        row = IncidentEventRow
        query = sa.select(row.number, row.digest).order_by(row.number.desc()).limit(1)
        with self._database.transaction() as connection:
            last = connection.execute(query).first()
        return f"{last.number} {last.digest}" if last else f"0 {BEFORE_FIRST}"

    def has_event(self, head: str) -> bool:
        """Whether an event is there as it was anchored: by number and digest."""
        number, _, digest = head.partition(" ")
        row = IncidentEventRow
        query = sa.select(row.digest).where(row.number == int(number))
        with self._database.transaction() as connection:
            return connection.scalar(query) == digest

    def latest_changed(self) -> Incident | None:
        """Return the incident the last event is about; None where there are none."""
        row = IncidentEventRow
        query = sa.select(row.incident).order_by(row.number.desc()).limit(1)
        with self._database.transaction() as connection:
            latest = connection.scalar(query)
            return None if latest is None else find(connection, latest)

    def verify(self) -> str | None:
        """Return where the chain of the time lines breaks; None when it holds."""
        return first_break(self.timeline())

    def parent(self, incident: Incident) -> Incident | None:
        """Return the active common cause an incident is a part of, if it is one."""
        if incident.merged_into is None:
            return None
        with self._database.transaction() as connection:
            parent = find(connection, incident.merged_into)
        if parent is None or not parent.is_active:
            return None
        # It may also have been merged into a digest of the day.
        return parent if parent.cause is Cause.COMMON_CAUSE else None

    def overrides(self, model: str) -> list[Override]:
        """List what people made of a model's incidents."""
        with self._database.transaction() as connection:
            return overrides_of(connection, model)


def overrides_of(connection: sa.Connection, model: str) -> list[Override]:
    """List what people made of a model's incidents, within a transaction.

    Args:
        connection: Of the transaction.
        model: Registered model name.
    """
    query = sa.select(table_of(IncidentRow)).where(IncidentRow.model == model)
    rows = connection.execute(query).mappings()
    incidents = [incident_from(dict(row)) for row in rows]
    events = events_by_incident(connection, incidents)
    overrides = [override_of(i, events[i.id]) for i in incidents]
    return [override for override in overrides if override is not None]
