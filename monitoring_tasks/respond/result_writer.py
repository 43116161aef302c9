"""Writes down what a day says of earlier moves and incidents, in an order that holds.

The incident is told first: what is told twice is told once, while a state and a line
of the journal are for good. A step that is stopped in between ends the same when it is
run again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.rollbacks import DAYWATCH, Rollback, RollbackState
from monitoring_tasks.respond.autonomy_record import (
    DEMOTED,
    autonomy_line,
    is_demoted_for,
)
from monitoring_tasks.respond.follow_up import FollowUp
from monitoring_tasks.respond.forward_proposals import proposal_line
from monitoring_tasks.respond.ports import AuditJournal, IncidentLog, RollbackLog
from monitoring_tasks.respond.sentences import forward
from monitoring_tasks.respond.verification import Bake


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultWriter:
    """Where the results of one day go.

    Attributes:
        incidents: Incidents and their events.
        rollbacks: Rollbacks and where they stand.
        journal: The journal of alias moves.
        day: The day that speaks.
        now: The present instant.
    """

    incidents: IncidentLog
    rollbacks: RollbackLog
    journal: AuditJournal
    day: date
    now: datetime

    def write_bake(self, rollback: Rollback, result: Bake) -> None:
        """Write down what the day says of a rollback that is being verified.

        Args:
            rollback: The rollback, `verifying`.
            result: What the day says of it.

        Raises:
            LookupError: If its incident is gone from the store.
        """
        if rollback.incident is not None:
            self._note_bake(rollback.incident, rollback, result)
        if result.state is RollbackState.REGRESSED:
            # Before the state: one that has ended is not looked at again.
            self._demote(rollback, result.text)
        if result.state is not None:
            self.rollbacks.advance(
                rollback, result.state, at=self.now, text=result.text
            )

    def write_follow_up(self, incident: Incident, update: FollowUp) -> None:
        """Write down what a day without trouble does to an active incident.

        Args:
            incident: The incident.
            update: A line for its time line, and the states to go through.
        """
        event = f"good-{self.day}"
        self.incidents.note(incident, event, at=self.now, text=update.text)
        for state in update.states:
            self.incidents.move(
                incident.id,
                state,
                at=self.now,
                actor=DAYWATCH,
                text=update.text,
                day=self.day,
            )

    def write_proposal(self, rollback: Rollback, better: Comparison) -> None:
        """Tell incident and journal of a version that outdoes the one put back.

        Args:
            rollback: The move whose target serves now.
            better: The version, on the day's rows.
        """
        text = forward(rollback, better, day=self.day)
        incident = self.incidents.get(rollback.incident) if rollback.incident else None
        if incident is not None:
            event = f"forward-{better.version}"
            self.incidents.note(incident, event, at=self.now, text=text)
        self.journal.append(
            proposal_line(rollback, better.version, at=self.now, text=text)
        )

    def _note_bake(self, incident_id: str, rollback: Rollback, result: Bake) -> None:
        incident = self.incidents.get(incident_id)
        if incident is None:
            msg = f"incident {incident_id} of {rollback.id} is gone from the store"
            raise LookupError(msg)
        self.incidents.note(incident, f"bake-{self.day}", at=self.now, text=result.text)
        is_worse = result.state is RollbackState.REGRESSED
        if is_worse and incident.state is IncidentState.MONITORING:
            self.incidents.move(
                incident.id,
                IncidentState.OPEN,
                at=self.now,
                actor=DAYWATCH,
                text=result.text,
            )

    def _demote(self, rollback: Rollback, text: str) -> None:
        """Take autonomy away after a rollback that did harm; once per rollback."""
        lines = self.journal.lines_in(DEMOTED, model=rollback.model)
        if is_demoted_for(rollback, lines):
            return
        self.journal.append(
            autonomy_line(
                rollback.model,
                DEMOTED,
                key=rollback.id,
                at=self.now,
                text=text,
                actor=DAYWATCH,
            )
        )
