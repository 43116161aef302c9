"""Incidents and what happened to them, read back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.chains import BEFORE_FIRST, first_break
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.incident_context import Override
from monitoring_tasks.domain.incidents import ACTIVE, Incident, IncidentState
from monitoring_tasks.domain.list_pages import ListPage
from monitoring_tasks.domain.timeline import TimelineEvent
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.incident_rows import incident_from, place_of
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
        row = IncidentRow
        return self._list(row.model == model, row.is_active.is_(True))

    def find(
        self,
        model: str | None = None,
        *,
        states: Collection[IncidentState] = (),
        with_candidates: bool = False,
        page: ListPage | None = None,
    ) -> list[Incident]:
        """List incidents, newest first.

        Args:
            model: Registered model name; None for all.
            states: Only those that stand there; none given for any.
            with_candidates: Whether bad days count of which nobody knew if they last.
            page: Which of them; None for all.
        """
        row = IncidentRow
        conditions = [] if model is None else [row.model == model]
        if states:
            conditions.append(row.state.in_([state.value for state in states]))
        return self._list(*conditions, with_candidates=with_candidates, page=page)

    def parts(self, incident: str, *, with_candidates: bool = False) -> list[Incident]:
        """List the incidents another one speaks for, newest first.

        Args:
            incident: Id of the other one.
            with_candidates: As for `find`.
        """
        is_part = IncidentRow.merged_into == incident
        return self._list(is_part, with_candidates=with_candidates)

    def budgeted(self, since: datetime) -> list[Incident]:
        """Return those about which somebody was paged lately, and the active ones.

        In no order: to keep one, an index is walked that has all there ever were.

        Args:
            since: When a page is no longer lately; aware.
        """
        row = IncidentRow
        is_active = row.state.in_([state.value for state in ACTIVE])
        query = sa.select(table_of(row)).where(
            sa.or_(row.paged_at > since, is_active), row.id != self._candidate_id()
        )
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings()
            return [incident_from(dict(stored)) for stored in rows]

    def named(self, incidents: Collection[str]) -> list[Incident]:
        """List incidents by their ids, newest first; those that are not there are not.

        Args:
            incidents: Their ids, a few hundred at most.
        """
        return self._list(IncidentRow.id.in_(list(incidents)))

    def _list(
        self,
        *conditions: sa.ColumnElement[bool],
        with_candidates: bool = False,
        page: ListPage | None = None,
    ) -> list[Incident]:
        row = IncidentRow
        query = sa.select(table_of(row)).where(*conditions)
        if not with_candidates:
            query = query.where(row.id != self._candidate_id())
        query = query.order_by(row.onset_day.desc(), row.id)
        if page is not None:
            query = query.limit(page.rows).offset(page.offset)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings()
            return [incident_from(dict(stored)) for stored in rows]

    def _candidate_id(self) -> sa.ColumnElement[str]:
        """Return the id a row has as a candidate; see `Incident.was_candidate`."""
        row = IncidentRow
        day: sa.ColumnElement[str] = sa.cast(row.last_day, sa.Text())
        if self._database.is_postgres:  # there a cast would follow the session's style
            day = sa.func.to_char(row.last_day, "YYYY-MM-DD")
        return row.model + "-candidate-" + day

    def events_of(self, incidents: Collection[str]) -> dict[str, list[dict[str, Any]]]:
        """List what happened to some incidents, each in order, in one query.

        Args:
            incidents: Their ids, a few hundred at most.
        """
        row = IncidentEventRow
        query = sa.select(table_of(row)).where(row.incident.in_(list(incidents)))
        events: dict[str, list[dict[str, Any]]] = {name: [] for name in incidents}
        with self._database.transaction() as connection:
            for stored in connection.execute(query).mappings():
                events[stored["incident"]].append(dict(stored))
        return {name: sorted(own, key=place_of) for name, own in events.items()}

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
