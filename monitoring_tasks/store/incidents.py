"""Incidents and what happened to them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import (
    Incident,
    IncidentState,
    require_transition,
)
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.errors import IllegalTransitionError
from monitoring_tasks.store.episodes import write_day
from monitoring_tasks.store.fleet import FLEET_LOCK, close_parent, merge_and_page
from monitoring_tasks.store.incident_writes import (
    active_of,
    add_event,
    events_of,
    find,
    save,
)
from monitoring_tasks.store.incidents_reader import IncidentsReader, overrides_of
from monitoring_tasks.store.overrides import (
    RECLASSIFIED,
    amended,
    override_of,
)

HELD_BY_NOTHING = Terms()


class Incidents(IncidentsReader):
    """Reports and moves incidents; each call is one transaction."""

    def report(
        self,
        shown: Incident,
        *,
        text: str,
        detail: dict[str, Any],
        terms: Terms = HELD_BY_NOTHING,
    ) -> Incident:
        """Open an incident, or add a day to the active one of the same cause.

        Reporting the same day again changes nothing, even after it was closed. The
        severity may rise, never fall; the first bad day stays the first. Where a person
        reclassified the episode, its days go to that incident, and only a severity
        graver than the one known then raises it. One that ended lately is opened again;
        one that flaps is one, whatever its cause; one that began with others' becomes a
        part of the fleet's.

        Args:
            shown: The incident as the day alone shows it.
            text: What was seen, for the time line.
            detail: The evidence, JSON only.
            terms: What may hold a page back.

        Returns:
            The incident as it stands now.
        """
        with self._database.transaction() as connection:
            return self._reported(connection, shown, terms, text=text, detail=detail)

    def rehearse(self, shown: Incident, *, terms: Terms) -> Incident:
        """Return what `report` would make of an incident; nothing is kept.

        Args:
            shown: The incident as the day alone shows it.
            terms: What may hold a page back.
        """
        with self._database.transaction() as connection:
            # By the same code as `report`, so that it cannot promise anything else.
            trial = connection.begin_nested()
            now = self._reported(connection, shown, terms, text="", detail={})
            trial.rollback()
            return now

    def _reported(
        self,
        connection: sa.Connection,
        shown: Incident,
        terms: Terms,
        *,
        text: str,
        detail: dict[str, Any],
    ) -> Incident:
        # Merging looks at every model: two reports at once would miss each other.
        self._database.lock(connection, FLEET_LOCK)
        # Before it is placed: a person's cause decides which incident it belongs to.
        shown = self._amended(connection, shown)
        now = write_day(connection, shown, terms, text=text, detail=detail)
        return merge_and_page(connection, now, terms, at=shown.opened_at)

    def move(
        self,
        incident: str,
        state: IncidentState,
        *,
        at: datetime,
        actor: str,
        text: str,
        day: date | None = None,
    ) -> Incident:
        """Take an incident to another state; being there already changes nothing.

        Args:
            incident: Its id.
            state: Where to.
            at: When it is said.
            actor: Who says so.
            text: Why.
            day: The day that says so; None for its last bad day.

        Raises:
            IllegalTransitionError: If the state machine does not allow it, or it would
                re-open beside another active one of the same cause.
            LookupError: If there is no such incident.
        """
        with self._database.transaction() as connection:
            self._database.lock(connection, FLEET_LOCK)
            before = self._of_id(connection, incident)
            if before.state is state:
                return before
            require_transition(before.state, state)
            self._require_alone(connection, before)
            is_over = state is IncidentState.RESOLVED
            ended = (day or before.last_day) if is_over else None
            moved = replace(before, state=state, resolved_day=ended)
            save(connection, moved)
            count = len(events_of(connection, incident))
            add_event(
                connection,
                moved,
                f"{count:04d}-{state}",
                at=at,
                text=text,
                actor=actor,
            )
            close_parent(connection, moved, at=at)
            return moved

    def reclassify(
        self,
        incident: str,
        *,
        cause: Cause | None,
        severity: Severity | None,
        at: datetime,
        actor: str,
        text: str,
    ) -> Incident:
        """Let a person's cause and severity stand; Daywatch's own stay in the event.

        Saying the same again changes nothing.

        Args:
            incident: Its id.
            cause: The cause that is right; None leaves it.
            severity: The severity that is right, lower ones included; None leaves it.
            at: When it was said.
            actor: Who said it.
            text: Why.

        Raises:
            LookupError: If there is no such incident.
            IllegalTransitionError: If another incident is active for that cause.
        """
        with self._database.transaction() as connection:
            before = self._of_id(connection, incident)
            events = events_of(connection, incident)
            earlier = override_of(before, events)
            detail = amended(before, earlier, cause=cause, severity=severity)
            now = replace(
                before,
                cause=Cause(detail["cause"]),
                severity=Severity(detail["severity"]),
            )
            same = (now, actor, text)
            if earlier is not None and same == (before, earlier.actor, earlier.reason):
                return before
            if now.is_active:
                self._require_alone(connection, now)
            save(connection, now)
            number = sum(e["event"].startswith(RECLASSIFIED) for e in events)
            name = f"{RECLASSIFIED}{number:03d}"
            add_event(
                connection, now, name, at=at, text=text, detail=detail, actor=actor
            )
            return now

    def note(self, incident: Incident, event: str, *, at: datetime, text: str) -> None:
        """Write a line on the incident's time line, once per `event`.

        Args:
            incident: The incident.
            event: Names the line; one that is there already stays as it is.
            at: When.
            text: The line.
        """
        with self._database.transaction() as connection:
            add_event(connection, incident, event, at=at, text=text)

    def _amended(self, connection: sa.Connection, shown: Incident) -> Incident:
        """Put what a person made of the episode in the place of what was seen."""
        for override in overrides_of(connection, shown.model):
            if override.speaks_of(shown.cause, shown.last_day):
                severity = override.severity_for(shown.severity)
                return replace(shown, cause=override.cause, severity=severity)
        return shown

    def _of_id(self, connection: sa.Connection, incident: str) -> Incident:
        stored = find(connection, incident)
        if stored is None:
            msg = f"there is no incident '{incident}'"
            raise LookupError(msg)
        return stored

    def _require_alone(self, connection: sa.Connection, incident: Incident) -> None:
        active = active_of(connection, incident.model, incident.cause)
        if active is not None and active.id != incident.id:
            msg = f"{incident.id} has to wait: {active.id} is active for the same cause"
            raise IllegalTransitionError(msg)
