"""Incidents and what happened to them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.domain.rollbacks import DAYWATCH
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.store.episodes import write_day
from monitoring_tasks.store.fleet import FLEET_LOCK, merge_and_page
from monitoring_tasks.store.handled_incidents import HandledIncidents
from monitoring_tasks.store.incident_writes import add_event, find, insert
from monitoring_tasks.store.incidents_reader import overrides_of

HELD_BY_NOTHING = Terms()


class Incidents(HandledIncidents):
    """Reports and moves incidents; each call is one transaction.

    Whatever a transaction changes, the messages that tell of it are written with it.
    """

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
        entry = Entry(at=shown.opened_at, actor=DAYWATCH, text=text)
        with self._changing(entry) as connection:
            return self._reported(connection, shown, terms, text=text, detail=detail)

    def rehearse(self, shown: Incident, *, terms: Terms) -> Incident:
        """Return what `report` would make of an incident; nothing is kept.

        Args:
            shown: The incident as the day alone shows it.
            terms: What may hold a page back.
        """
        with self._database.transaction() as connection:
            self._database.lock(connection, FLEET_LOCK)
            # By the same code as `report`, so that it cannot promise anything else.
            trial = connection.begin_nested()
            now = self._reported(connection, shown, terms, text="", detail={})
            trial.rollback()
            return now

    def propose(self, candidate: Incident, *, text: str) -> Incident:
        """Write down a bad day that has not lasted; once per id.

        Args:
            candidate: In the state `candidate`.
            text: What was seen, for the time line.
        """
        entry = Entry(at=candidate.opened_at, actor=DAYWATCH, text=text)
        with self._changing(entry) as connection:
            stored = find(connection, candidate.id)
            if stored is not None:
                return stored
            insert(connection, candidate)
            at = candidate.opened_at
            add_event(connection, candidate, "opened", at=at, text=text)
            return candidate

    def _reported(
        self,
        connection: sa.Connection,
        shown: Incident,
        terms: Terms,
        *,
        text: str,
        detail: dict[str, Any],
    ) -> Incident:
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
            IllegalTransitionError: If the state machine does not allow it, only a
                person may do it, or it would re-open beside another active one of the
                same cause.
            LookupError: If there is no such incident.
        """
        entry = Entry(at=at, actor=actor, text=text)
        with self._changing(entry) as connection:
            before = self._of_id(connection, incident)
            if before.state is state:
                return before
            return self._take_to(connection, before, state, entry, day=day)

    def note(self, incident: Incident, event: str, *, at: datetime, text: str) -> None:
        """Write a line on the incident's time line, once per `event`.

        Args:
            incident: The incident.
            event: Names the line; one that is there already stays as it is.
            at: When.
            text: The line.
        """
        with self._database.transaction() as connection:
            # In the order of all other writers: two that wait for each other never end.
            self._database.lock(connection, FLEET_LOCK)
            add_event(connection, incident, event, at=at, text=text)

    def _amended(self, connection: sa.Connection, shown: Incident) -> Incident:
        """Put what a person made of the episode in the place of what was seen."""
        for override in overrides_of(connection, shown.model):
            if override.speaks_of(shown.cause, shown.last_day):
                severity = override.severity_for(shown.severity)
                return replace(shown, cause=override.cause, severity=severity)
        return shown
