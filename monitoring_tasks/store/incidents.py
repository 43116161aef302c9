"""Incidents and what happened to them."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.evaluations import Cause, Severity
from monitoring_tasks.domain.incidents import (
    Incident,
    IncidentState,
    graver,
    require_transition,
)
from monitoring_tasks.errors import IllegalTransitionError, LeaseHeldError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import IncidentEventRow, IncidentRow, table_of


class Incidents:
    """At most one active incident per model and cause; its events are append-only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, seen: Incident, *, text: str, detail: dict[str, Any]) -> Incident:
        """Open an incident, or add a day to the active one of the same cause.

        Reporting the same day again changes nothing, even after it was closed. The
        severity may rise, never fall; the first bad day stays the first.

        Returns:
            The incident as it stands now.
        """
        with self._database.transaction() as connection:
            active = self._active(connection, seen.model, seen.cause)
            if active is None:
                again = self._closed(connection, seen)
                if again is not None:
                    return again
                self._insert(connection, seen)
                self._add(
                    connection,
                    seen,
                    "opened",
                    at=seen.opened_at,
                    text=text,
                    detail=detail,
                )
                return seen
            now = replace(
                active,
                severity=graver(active.severity, seen.severity),
                onset_day=min(active.onset_day, seen.onset_day),
                last_day=max(active.last_day, seen.last_day),
            )
            self._save(connection, now)
            if seen.id != active.id or seen.last_day > active.last_day:
                self._add(
                    connection,
                    now,
                    f"seen-{seen.last_day}",
                    at=seen.opened_at,
                    text=text,
                    detail=detail,
                )
            return now

    def move(
        self,
        incident: str,
        state: IncidentState,
        *,
        at: datetime,
        actor: str,
        text: str,
    ) -> Incident:
        """Take an incident to another state; being there already changes nothing.

        Raises:
            IllegalTransitionError: If the state machine does not allow it, or it would
                re-open beside another active one of the same cause.
            LookupError: If there is no such incident.
        """
        with self._database.transaction() as connection:
            found = self._find(connection, incident)
            if found is None:
                msg = f"there is no incident '{incident}'"
                raise LookupError(msg)
            if found.state is state:
                return found
            require_transition(found.state, state)
            self._require_alone(connection, found)
            moved = replace(found, state=state)
            self._save(connection, moved)
            count = len(self._events(connection, incident))
            self._add(
                connection,
                moved,
                f"{count:04d}-{state}",
                at=at,
                text=text,
                actor=actor,
            )
            return moved

    def note(self, incident: Incident, event: str, *, at: datetime, text: str) -> None:
        """Write a line on the incident's time line, once per `event`."""
        with self._database.transaction() as connection:
            self._add(connection, incident, event, at=at, text=text)

    def texts(self, incident: str, event: str) -> list[str]:
        """Give what was written under an event: one text, or none."""
        return [e["text"] for e in self.events(incident) if e["event"] == event]

    def active(self, model: str) -> list[Incident]:
        """List the incidents of a model that still need somebody."""
        return [found for found in self.find(model) if found.is_active]

    def find(self, model: str | None = None) -> list[Incident]:
        """List incidents, newest first."""
        query = sa.select(table_of(IncidentRow)).order_by(
            IncidentRow.onset_day.desc(), IncidentRow.id
        )
        if model is not None:
            query = query.where(IncidentRow.model == model)
        with self._database.transaction() as connection:
            return [_incident(dict(r)) for r in connection.execute(query).mappings()]

    def events(self, incident: str) -> list[dict[str, Any]]:
        """List what happened to an incident, in order."""
        with self._database.transaction() as connection:
            return self._events(connection, incident)

    def _events(self, connection: sa.Connection, incident: str) -> list[dict[str, Any]]:
        row = IncidentEventRow
        query = sa.select(table_of(row)).where(row.incident == incident)
        found = [dict(event) for event in connection.execute(query).mappings()]
        return sorted(found, key=_place)

    def _active(
        self, connection: sa.Connection, model: str, cause: Cause
    ) -> Incident | None:
        row = IncidentRow
        query = sa.select(table_of(row)).where(
            row.model == model, row.cause == cause.value, row.is_active.is_(True)
        )
        # Postgres: whoever reads it to change it keeps others waiting until then.
        found = connection.execute(query.with_for_update()).mappings().first()
        return _incident(dict(found)) if found else None

    def _closed(self, connection: sa.Connection, seen: Incident) -> Incident | None:
        """Find the closed incident that a day already belongs to."""
        row = IncidentRow
        query = sa.select(table_of(row)).where(
            row.model == seen.model,
            row.cause == seen.cause.value,
            sa.or_(
                row.id == seen.id,
                sa.and_(row.onset_day <= seen.last_day, row.last_day >= seen.last_day),
            ),
        )
        found = connection.execute(query).mappings().first()
        return _incident(dict(found)) if found else None

    def _find(self, connection: sa.Connection, incident: str) -> Incident | None:
        query = sa.select(table_of(IncidentRow)).where(IncidentRow.id == incident)
        found = connection.execute(query.with_for_update()).mappings().first()
        return _incident(dict(found)) if found else None

    def _require_alone(self, connection: sa.Connection, found: Incident) -> None:
        active = self._active(connection, found.model, found.cause)
        if active is not None and active.id != found.id:
            msg = f"{found.id} cannot re-open: {active.id} is active for the same cause"
            raise IllegalTransitionError(msg)

    def _insert(self, connection: sa.Connection, incident: Incident) -> None:
        try:
            connection.execute(sa.insert(IncidentRow).values(**_row(incident)))
        except sa.exc.IntegrityError as error:
            msg = f"'{incident.id}' is being opened by another process; try again"
            raise LeaseHeldError(msg) from error

    def _save(self, connection: sa.Connection, incident: Incident) -> None:
        row = _row(incident)
        connection.execute(
            sa.update(IncidentRow).where(IncidentRow.id == incident.id).values(**row)
        )

    def _add(
        self,
        connection: sa.Connection,
        incident: Incident,
        event: str,
        *,
        at: datetime,
        text: str,
        detail: dict[str, Any] | None = None,
        actor: str = "daywatch",
    ) -> None:
        known = sa.select(IncidentEventRow.event).where(
            IncidentEventRow.incident == incident.id, IncidentEventRow.event == event
        )
        if connection.execute(known).first() is not None:
            return
        row = {
            "incident": incident.id,
            "event": event,
            "at": at,
            "actor": actor,
            "kind": incident.state.value,
            "text": text,
            "detail": detail or {},
        }
        connection.execute(sa.insert(IncidentEventRow).values(**row))


def _place(event: dict[str, Any]) -> tuple[datetime, int, str]:
    """Order the events of one instant: what was seen, what was said, what was done."""
    name = str(event["event"])
    step = 3 if name[0].isdigit() else 2
    if name == "opened" or name.startswith("seen-"):
        step = 0 if name == "opened" else 1
    return event["at"], step, name


def _row(incident: Incident) -> dict[str, Any]:
    return asdict(incident) | {
        "cause": incident.cause.value,
        "state": incident.state.value,
        "severity": incident.severity.value,
        "is_active": incident.is_active,
    }


def _incident(row: dict[str, Any]) -> Incident:
    del row["is_active"]
    return Incident(
        **row
        | {
            "cause": Cause(row["cause"]),
            "state": IncidentState(row["state"]),
            "severity": Severity(row["severity"]),
        }
    )
