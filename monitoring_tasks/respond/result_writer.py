"""Writes down what a day says of earlier moves and incidents, in an order that holds.

The incident is told first: what is told twice is told once, while a state and a line
of the journal are for good. A step that is stopped in between ends the same when it is
run again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.rollbacks import DAYWATCH, Rollback, RollbackState
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import IllegalTransitionError
from monitoring_tasks.respond.autonomy_record import (
    DEMOTED,
    autonomy_line,
    is_demoted_for,
)
from monitoring_tasks.respond.candidates import settle_candidates
from monitoring_tasks.respond.forward_proposals import (
    FORWARD,
    last_move,
    proposal_line,
    versions_to_propose,
)
from monitoring_tasks.respond.incident_report import candidate_of
from monitoring_tasks.respond.ports import AuditJournal, IncidentLog, RollbackLog
from monitoring_tasks.respond.recovery.follow_up import FollowUp
from monitoring_tasks.respond.recovery.verification import Bake
from monitoring_tasks.respond.sentences import forward


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
        try:
            for state in update.states:
                self.incidents.move(
                    incident.id,
                    state,
                    at=self.now,
                    actor=DAYWATCH,
                    text=update.text,
                    day=self.day,
                )
        except IllegalTransitionError as error:
            # A person was quicker, and what they said stands.
            text = f"left as it is: {error}"
            self.incidents.note(incident, f"late-{self.day}", at=self.now, text=text)

    def write_candidate(self, candidate: Incident, text: str) -> None:
        """Keep a bad day that has not lasted, unless it belongs to an active incident.

        Args:
            candidate: What the day would open if it had lasted.
            text: What was seen, for its time line.
        """
        if not self.incidents.active(candidate.model):
            self.incidents.propose(candidate_of(candidate), text=text)

    def settle_candidates(self, model: str, *, window_days: int) -> None:
        """Write down which earlier bad days lasted, and which passed.

        Args:
            model: Registered model name.
            window_days: A bad day that lies further back counts for nothing any more.
        """
        incidents = self.incidents.find(model, with_candidates=True)
        for settled in settle_candidates(
            incidents, day=self.day, window_days=window_days
        ):
            entry = Entry(at=self.now, actor=DAYWATCH, text=settled.text)
            candidate = settled.candidate.id
            if settled.into is None:
                self.incidents.take_to(candidate, IncidentState.DISMISSED, entry)
            else:
                self.incidents.merge(candidate, settled.into, entry)

    def propose_forward(self, evaluation: Evaluation, contract: Contract) -> None:
        """Propose to move on from the version put back, once it is surely outdone.

        A rollback is never followed by a move of Daywatch's own forward.

        Args:
            evaluation: The day.
            contract: The model's.
        """
        rollback = last_move(self.rollbacks.find(evaluation.model))
        if rollback is None or evaluation.version != rollback.to_version:
            return
        lines = self.journal.lines_in(FORWARD, model=evaluation.model)
        comparisons = evaluation.comparisons
        for better in versions_to_propose(rollback, comparisons, lines, contract):
            self.write_proposal(rollback, better)

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
