"""What people do with incidents, beside what days do to them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incident_guards import require_mergeable, require_revision
from monitoring_tasks.domain.incidents import (
    Incident,
    IncidentState,
    require_transition,
)
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.store.announcing import announce_note
from monitoring_tasks.store.incident_writes import add_event, events_of, save
from monitoring_tasks.store.incidents_writer import IncidentsWriter
from monitoring_tasks.store.overrides import RECLASSIFIED, amended, override_of


class HandledIncidents(IncidentsWriter):
    """Takes a person's word on incidents; each call is one transaction."""

    def take_to(
        self,
        incident: str,
        state: IncidentState,
        entry: Entry,
        *,
        expected: int | None = None,
    ) -> Incident:
        """Take an incident to another state; being there already changes nothing.

        Args:
            incident: Its id.
            state: Where to.
            entry: Who says so, when and why.
            expected: The revision at which it was read; None for whichever it has.

        Raises:
            IllegalTransitionError: If the state machine does not allow it, it was
                changed since `expected`, only a person may do it, or it would re-open
                beside another active one of the same cause.
            LookupError: If there is no such incident.
        """
        with self._changing(entry) as connection:
            before = self._of_id(connection, incident)
            if before.state is state:
                return before
            return self._take_to(connection, before, state, entry, expected=expected)

    def merge(
        self,
        incident: str,
        into: str,
        entry: Entry,
        *,
        expected: int | None = None,
    ) -> Incident:
        """Make an incident a part of another one, which speaks for it from then on.

        Args:
            incident: Its id.
            into: Id of the other.
            entry: Who says so, when and why.
            expected: The revision at which it was read; None for whichever it has.

        Raises:
            IllegalTransitionError: If one of them is over, or they are the same.
            LookupError: If there is no such incident.
        """
        with self._changing(entry) as connection:
            before = self._of_id(connection, incident)
            target = self._of_id(connection, into)
            is_done = before.state is IncidentState.MERGED
            if is_done and before.merged_into == into:
                return before
            require_revision(before, expected)
            self._require_no_move(connection, before, IncidentState.MERGED, entry)
            require_transition(before.state, IncidentState.MERGED)
            require_mergeable(before, target)
            moved = replace(before, state=IncidentState.MERGED, merged_into=into)
            why = replace(entry, text=f"merged into {into}: {entry.text}")
            self._save_moved(connection, moved, why)
            add_event(
                connection,
                target,
                f"joined-{before.id}",
                at=entry.at,
                text=f"part: {before.title}",
                actor=entry.actor,
            )
            return moved

    def amend(
        self,
        incident: str,
        change: Mapping[str, Any],
        entry: Entry,
        *,
        expected: int | None = None,
    ) -> Incident:
        """Change what is said beside an incident's state: roles, escalation.

        Saying the same again changes nothing.

        Args:
            incident: Its id.
            change: Fields of `Incident` and their new values.
            entry: Who says so, when and why.
            expected: The revision at which it was read; None for whichever it has.

        Raises:
            IllegalTransitionError: If it was changed since `expected`.
            LookupError: If there is no such incident.
        """
        with self._changing(entry) as connection:
            before = self._of_id(connection, incident)
            after = replace(before, **change)
            if after == before:
                return before
            require_revision(before, expected)
            save(connection, after)
            self._add_numbered(connection, after, "amended", entry)
            return after

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
        entry = Entry(at=at, actor=actor, text=text)
        with self._changing(entry) as connection:
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

    def comment(self, incident: str, entry: Entry, *, event: str = "") -> Incident:
        """Write what a person has to say on the time line, and tell the others.

        Args:
            incident: Its id.
            entry: Who says what, and when.
            event: Names the line, for what may be heard twice; numbered if left out.

        Raises:
            LookupError: If there is no such incident.
        """
        with self._changing(entry) as connection:
            now = self._of_id(connection, incident)
            name = event or f"{len(events_of(connection, incident)):04d}-note"
            add_event(
                connection, now, name, at=entry.at, text=entry.text, actor=entry.actor
            )
            announce_note(connection, self._outbox, now, name=name, entry=entry)
            return now
