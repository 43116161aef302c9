"""From a decision to the outside world: incidents and guarded rollbacks."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitoring_tasks.domain.decisions import (
    FROM_LABELS,
    Action,
    Cause,
    Decision,
    Severity,
)
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.label_delay import UNKNOWN_DELAY
from monitoring_tasks.domain.rollbacks import DONE
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.respond.alias_sightings import note_alias
from monitoring_tasks.respond.follow_up import follow_up, is_silent, telling_days
from monitoring_tasks.respond.forward_proposals import propose_forward
from monitoring_tasks.respond.incident_updates import tell
from monitoring_tasks.respond.page_terms import (
    is_flapping,
    terms_of,
    why_no_page,
    with_marks,
)
from monitoring_tasks.respond.plan import Step, make_plan
from monitoring_tasks.respond.rollbacks import roll_back
from monitoring_tasks.respond.verifying import verify_rollbacks
from monitoring_tasks.workspace.label_delay import label_delay
from monitoring_tasks.workspace.workspace import Workspace

QUIET = frozenset({Verdict.OK, Verdict.INCONCLUSIVE, Verdict.IMMATURE})
"""Performance that says nothing against the version that served the day."""


def respond_to_day(space: Workspace, unit: Unit) -> None:
    """Do what was decided about a day, once, and write down what was done."""
    space.results.save_action(unit, act(space, unit, _decision_of(space, unit)))


def _decision_of(space: Workspace, unit: Unit) -> Decision:
    decision = space.results.evaluation(unit).decision
    if decision is None:
        msg = f"{unit.key} was not decided; run its `decide` step first"
        raise LookupError(msg)
    return decision


def act(space: Workspace, unit: Unit, decision: Decision) -> Action:
    """Do what the decision asks for, as far as mode, age and contract allow."""
    contract = space.contract(unit.model)
    now = space.clock.now(about=unit.as_of)
    if unit.mode is Mode.LIVE:
        note_alias(space, unit.model, at=now, must_answer=False)
        verify_rollbacks(space, unit, decision, now=now)
        propose_forward(space, unit, now=now)
    delay = UNKNOWN_DELAY
    if decision.evidence.get(FROM_LABELS):
        delay = label_delay(space, unit.model, as_of=unit.as_of)
    plan = make_plan(decision, unit, contract, now=now, delay=delay)
    if plan.step is Step.NOTHING:
        return _after_quiet_day(space, unit, decision, now=now)
    if plan.step is Step.RECORD:
        kind = "would_rollback" if decision.rollback_to else "would_open_incident"
        seen = _seen(space, unit, decision, now=now)
        terms = terms_of(space, unit, decision)
        would = space.incidents.rehearse(seen, terms=terms)
        return Action(kind=kind, text=plan.text + why_no_page(would))
    incident = _report(space, unit, decision, now=now)
    text = plan.text + why_no_page(incident)
    kind = "incident"
    shared = _shared(space, incident) if decision.rollback_to else None
    if shared is not None:
        kind, text = "refused", f"rollback held back: {shared.title} ({shared.id})"
    if plan.step is not Step.ROLL_BACK or shared is not None:
        space.incidents.note(incident, f"response-{unit.day}", at=now, text=text)
        return Action(kind=kind, text=text, incident=incident.id)
    return _roll_back(space, unit, decision, incident, now=now)


def _report(
    space: Workspace, unit: Unit, decision: Decision, *, now: datetime
) -> Incident:
    return space.incidents.report(
        _seen(space, unit, decision, now=now),
        text="; ".join(decision.reasons),
        detail={"evaluation": unit.key, "evidence": dict(decision.evidence)},
        terms=terms_of(space, unit, decision),
    )


def _seen(
    space: Workspace, unit: Unit, decision: Decision, *, now: datetime
) -> Incident:
    row = space.results.evaluation(unit)
    cause = decision.cause or Cause.UNDETERMINED
    onset = decision.evidence.get("onset") or unit.day.isoformat()
    seen = Incident(
        id=f"{unit.model}-{cause}-{unit.day}",
        model=unit.model,
        cause=cause,
        state=IncidentState.OPEN,
        severity=decision.severity or Severity.P3,
        version=row.version or "",
        onset_day=type(unit.day).fromisoformat(onset),
        last_day=unit.day,
        title=f"{unit.model}: {decision.reasons[0]}"[:200],
        opened_at=now,
    )
    return with_marks(seen, space.contract(unit.model), decision)


def _shared(space: Workspace, incident: Incident) -> Incident | None:
    """Give the common cause that holds a rollback back; a done one is not undone."""
    is_done = any(
        known.incident == incident.id and known.state in DONE
        for known in space.rollbacks.find(incident.model)
    )
    return None if is_done else space.incidents.parent(incident)


def _roll_back(
    space: Workspace,
    unit: Unit,
    decision: Decision,
    incident: Incident,
    *,
    now: datetime,
) -> Action:
    done = roll_back(space, unit, decision, incident.id, now=now)
    return tell(space, done, now=now)


def _after_quiet_day(
    space: Workspace, unit: Unit, decision: Decision, *, now: datetime
) -> Action:
    """Let days without trouble speak for incidents that are still active."""
    none = Action(kind="none", text="no action needed")
    if unit.mode is not Mode.LIVE or decision.performance not in QUIET:
        return none
    contract = space.contract(unit.model)
    first = unit.day - timedelta(days=contract.policy.look_back_days)
    history = space.results.history(unit, (unit.day - first).days)
    row = space.results.evaluation(unit)
    version, checks = str(row.version), row.checks
    findings = space.results.findings(unit)
    texts = []
    for incident in space.incidents.find(unit.model):
        if not incident.is_active:
            texts += space.incidents.texts(incident.id, f"good-{unit.day}")
            continue
        by_labels = _is_told_by_labels(space, incident)
        if is_silent(incident.cause, findings, checks, is_told_by_labels=by_labels):
            continue
        step = follow_up(
            incident,
            day=unit.day,
            version=version,
            performance=decision.performance,
            history=telling_days(
                incident.cause,
                history,
                label_coverage=contract.policy.label_coverage,
                is_told_by_labels=by_labels,
            ),
            recovery_days=contract.policy.recovery_days,
            is_flapping=is_flapping(decision),
        )
        if step is None:
            continue
        space.incidents.note(incident, f"good-{unit.day}", at=now, text=step.text)
        for state in step.states:
            incident = space.incidents.move(  # noqa: PLW2901 (the same incident, moved)
                incident.id,
                state,
                at=now,
                actor="daywatch",
                text=step.text,
                day=unit.day,
            )
        texts.append(step.text)
    if not texts:
        return none
    return replace(none, kind="verified", text="; ".join(texts))


def _is_told_by_labels(space: Workspace, incident: Incident) -> bool:
    """Whether labels said on one of its days what an incident is about."""
    return any(
        (event["detail"].get("evidence") or {}).get(FROM_LABELS)
        for event in space.incidents.events(incident.id)
    )
