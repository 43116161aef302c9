"""The step `respond`: from a decision to incidents and guarded rollbacks."""

from dataclasses import dataclass, replace
from datetime import datetime

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.decisions import (
    FIRST_GUESS,
    FROM_LABELS,
    Action,
    Decision,
)
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.label_delay import UNKNOWN_DELAY, LabelDelay
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.domain.rollbacks import DONE
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.respond.candidates import is_candidate
from monitoring_tasks.respond.day_warnings import warning_of
from monitoring_tasks.respond.guard_facts_reader import read_evidence
from monitoring_tasks.respond.incident_report import (
    incident_of,
    why_no_page,
)
from monitoring_tasks.respond.page_terms import (
    may_reopen,
    page_terms,
    reopening_memory_days,
    segments_in_breach,
)
from monitoring_tasks.respond.plan import Plan, Step, is_recent, make_plan
from monitoring_tasks.respond.recovery.step import (
    follow_incidents,
    verify_rollbacks,
)
from monitoring_tasks.respond.result_writer import ResultWriter
from monitoring_tasks.respond.rollback_requests import RollbackRequest
from monitoring_tasks.respond.rollbacks import (
    execute,
    note_alias,
    requested_rollback,
    update_incident,
)
from monitoring_tasks.respond.root_cause.freezing import freeze_pack
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.root_cause_reader import pack_source


def respond_to_day(day: Day) -> None:
    """Do what was decided about a day, once, and write down what was done.

    Raises:
        LookupError: If it was not decided.
    """
    day.record.save_action(act(day))


def act(day: Day) -> Action:
    """Do what a day's decision asks for, as far as mode, age and contract allow.

    Returns:
        What was done, or would have been; nothing is written beside the day yet.

    Raises:
        LookupError: If the day was not decided.
    """
    decision = day.evaluation.decision
    if decision is None:
        msg = f"{day.unit.key} was not decided; run its `decide` step first"
        raise LookupError(msg)
    now = day.workspace.clock.now(about=day.unit.as_of)
    return _Response(day=day, decision=decision, now=now).act()


def read_page_terms(day: Day, decision: Decision) -> Terms:
    """Return what may hold a page back, as known at the instant of judging.

    Args:
        day: The day.
        decision: What it means. The record of a rollback is never silenced.
    """
    workspace, contract = day.workspace, day.contract
    acting = workspace.silences.acting(day.model, day.unit.as_of)
    silences = acting if decision.rollback_to is None else []
    history = None
    if may_reopen(decision, workspace.incidents.find(day.model)):
        history = day.past.history(reopening_memory_days(contract))
    return page_terms(
        contract,
        silences=silences,
        findings=day.findings if silences else (),
        fleet_models=len(list(contract_files(workspace.settings.expectations))),
        history=history,
        pages_a_week=workspace.settings.pages_a_week,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Response:
    """What a decided day does to the outside world.

    Attributes:
        day: The day.
        decision: What it means.
        now: The present instant.
    """

    day: Day
    decision: Decision
    now: datetime

    def act(self) -> Action:
        """Let the day speak for earlier moves, then do what it asks for itself."""
        if self.day.unit.mode is Mode.LIVE:
            # First: what somebody has moved on is not verified any more.
            note_alias(
                self.day.workspace, self.day.model, at=self.now, must_answer=False
            )
            verify_rollbacks(self.day, self._writer)
            self._writer.propose_forward(self.day.evaluation, self.day.contract)
        plan = self._plan()
        if plan.step is Step.NOTHING:
            return self._after_quiet_day()
        if plan.step is Step.RECORD:
            return self._record_only(plan)
        return self._report(plan)

    def _plan(self) -> Plan:
        delay: LabelDelay = UNKNOWN_DELAY
        if self.decision.evidence.get(FROM_LABELS):
            delay = self.day.label_delay
        return make_plan(
            self.decision, self.day.unit, self.day.contract, now=self.now, delay=delay
        )

    def _record_only(self, plan: Plan) -> Action:
        """Say what would be done, and whether it would page."""
        would = self.day.workspace.incidents.rehearse(
            self._incident(), terms=read_page_terms(self.day, self.decision)
        )
        is_rollback = self.decision.rollback_to is not None
        kind = "would_rollback" if is_rollback else "would_open_incident"
        return Action(kind=kind, text=plan.text + why_no_page(would))

    def _report(self, plan: Plan) -> Action:
        """Report the incident; roll back where the plan goes so far."""
        incidents = self.day.workspace.incidents
        incident = incidents.report(
            self._incident(),
            text="; ".join(self.decision.reasons),
            detail={
                "evaluation": self.day.unit.key,
                "evidence": dict(self.decision.evidence),
            },
            terms=read_page_terms(self.day, self.decision),
        )
        self._settle_candidates()
        # Before anything is changed: what is so now explains what broke.
        freeze_pack(
            incident,
            pack_source(self.day, incident),
            now=self.now,
            is_guess=bool(self.decision.evidence.get(FIRST_GUESS)),
        )
        kind, text = "incident", plan.text + why_no_page(incident)
        # Many models at once have a cause that no version of one of them explains.
        shared = self._common_cause(incident) if self.decision.rollback_to else None
        if shared is not None:
            kind, text = "refused", f"rollback held back: {shared.title} ({shared.id})"
        if plan.step is not Step.ROLL_BACK or shared is not None:
            incidents.note(incident, f"response-{self.day.day}", at=self.now, text=text)
            return Action(kind=kind, text=text, incident=incident.id)
        return self._roll_back(incident)

    def _roll_back(self, incident: Incident) -> Action:
        """Take the rollback the decision asks for as far as guards and level let it."""
        target = str(self.decision.rollback_to)
        comparisons = {c.version: c for c in self.day.evaluation.comparisons}
        evidence = read_evidence(self.day, comparisons.get(target))
        request = RollbackRequest(
            to=target, reason=self.decision.reasons[0], incident=incident.id
        )
        rollback = requested_rollback(self.day, request, evidence, now=self.now)
        rollback = execute(self.day.workspace, rollback, evidence, now=self.now)
        return update_incident(self.day.workspace, rollback, now=self.now)

    def _incident(self) -> Incident:
        return incident_of(
            self.day.evaluation,
            self.decision,
            self.day.contract,
            segments=segments_in_breach(self.day.findings),
            now=self.now,
        )

    def _settle_candidates(self) -> None:
        rule = self.day.contract.policy.slow_persistence
        self._writer.settle_candidates(self.day.model, window_days=rule.of_days)

    def _common_cause(self, incident: Incident) -> Incident | None:
        """Return the common cause that holds a rollback back.

        A rollback that was done is not undone: it goes on as it began.
        """
        workspace = self.day.workspace
        is_done = any(
            rollback.incident == incident.id and rollback.state in DONE
            for rollback in workspace.rollbacks.find(incident.model)
        )
        return None if is_done else workspace.incidents.parent(incident)

    def _after_quiet_day(self) -> Action:
        """Let days without trouble speak for incidents that are still active."""
        none = Action(kind="none", text="no action needed")
        if self.day.unit.mode is not Mode.LIVE:
            return none
        self._settle_candidates()
        if is_recent(self.day.day, self.day.contract, now=self.now):
            self._note_quiet_day()
        texts = follow_incidents(self.day, self.decision, self._writer)
        return replace(none, kind="verified", text="; ".join(texts)) if texts else none

    def _note_quiet_day(self) -> None:
        if is_candidate(self.decision):
            reason = self.decision.reasons[0]
            self._writer.write_candidate(self._incident(), reason)
        warning = warning_of(self.day.evaluation, self.decision, now=self.now)
        if warning is not None:
            self.day.workspace.outbox.tell(warning)

    @property
    def _writer(self) -> ResultWriter:
        workspace = self.day.workspace
        return ResultWriter(
            incidents=workspace.incidents,
            rollbacks=workspace.rollbacks,
            journal=workspace.journal,
            day=self.day.day,
            now=self.now,
        )
