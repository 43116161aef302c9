"""From a decision to the outside world: incidents and guarded rollbacks."""

import os
import socket
import threading
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from monitoring_tasks.domain.evaluations import (
    Action,
    Cause,
    Comparison,
    Decision,
    Mode,
    Severity,
    Unit,
)
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.rollbacks import Guard, Move, MoveState
from monitoring_tasks.errors import AliasMovedError, VersionMissingError
from monitoring_tasks.respond.follow_up import follow_up
from monitoring_tasks.respond.guards import Evidence, TargetFacts, check_guards
from monitoring_tasks.respond.plan import Step, make_plan
from monitoring_tasks.respond.rollback import Mover, Outcome
from monitoring_tasks.wiring.alarms import (
    is_flapping,
    terms_of,
    why_no_page,
    with_marks,
)
from monitoring_tasks.wiring.workspace import Workspace

QUIET = frozenset({Verdict.OK, Verdict.INCONCLUSIVE, Verdict.IMMATURE})
"""Performance that says nothing against the version that served the day."""


def act(space: Workspace, unit: Unit, decision: Decision) -> Action:
    """Do what the decision asks for, as far as mode, age and contract allow."""
    contract = space.contract(unit.model)
    now = space.settings.now(unit.as_of)
    plan = make_plan(decision, unit, contract, now=now)
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
    kind = "proposed" if plan.step is Step.PROPOSE else "incident"
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
        version=row["version"] or "",
        onset_day=type(unit.day).fromisoformat(onset),
        last_day=unit.day,
        title=f"{unit.model}: {decision.reasons[0]}"[:200],
        opened_at=now,
    )
    return with_marks(seen, space.contract(unit.model), decision)


def _shared(space: Workspace, incident: Incident) -> Incident | None:
    """Give the common cause that holds a rollback back; a done one is not undone."""
    is_done = any(
        line["incident"] == incident.id and line["state"] == MoveState.APPLIED
        for line in space.journal.lines(incident.model)
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
    contract = space.contract(unit.model)
    live = str(space.results.evaluation(unit)["version"])
    wish = Move(
        key=f"{incident.id}/{unit.day}/{live}->{decision.rollback_to}",
        model=unit.model,
        alias=contract.alias,
        from_version=live,
        to_version=str(decision.rollback_to),
        reason=decision.reasons[0],
        actor="daywatch",
        incident=incident.id,
    )
    tried = {c.version: c for c in space.results.comparisons(unit)}
    outcome = move_alias(
        space,
        wish,
        decision=decision,
        comparison=tried.get(wish.to_version),
        now=now,
    )
    done = outcome.state is MoveState.APPLIED
    if done and incident.is_active and incident.state is not IncidentState.MONITORING:
        for state in (IncidentState.MITIGATING, IncidentState.MONITORING):
            space.incidents.move(
                incident.id, state, at=now, actor="daywatch", text=outcome.text
            )
    elif not done:
        space.incidents.note(
            incident, f"{outcome.state}-{unit.day}", at=now, text=outcome.text
        )
    kind = "rollback" if done else "refused"
    return Action(kind=kind, text=outcome.text, incident=incident.id)


def move_alias(
    space: Workspace,
    wish: Move,
    *,
    decision: Decision,
    comparison: Comparison | None,
    now: datetime,
    overrule: bool = False,
) -> Outcome:
    """Move an alias through every guard; the same way for Daywatch and for people."""
    mover = Mover(
        registry=space.registry,
        journal=space.journal,
        holder=process_name(),
    )

    def check() -> list[Guard]:
        evidence = gather_evidence(
            space, wish, decision=decision, comparison=comparison, now=now
        )
        return check_guards(evidence, wish.to_version)

    try:
        return mover.move(wish, check, now=now, overrule=overrule)
    except AliasMovedError as error:
        return Outcome(state=MoveState.SUPERSEDED, text=str(error), guards=[])


def gather_evidence(
    space: Workspace,
    wish: Move,
    *,
    decision: Decision,
    comparison: Comparison | None,
    now: datetime,
) -> Evidence:
    """Ask the registry, now, for all that the guards look at."""
    registry = space.registry
    live = registry.version(wish.model, wish.from_version)
    return Evidence(
        contract=space.contract(wish.model),
        judged_version=wish.from_version,
        alias_version=registry.alias_version(wish.model, wish.alias),
        live_signature=live.signature_digest,
        target=_target(space, wish, comparison),
        confirmed=decision.confirmed,
        cause=decision.cause.value if decision.cause else None,
        comparison=comparison,
        last_move=space.journal.last_applied(wish.model, wish.alias),
        now=now,
    )


def _target(space: Workspace, wish: Move, comparison: Comparison | None) -> TargetFacts:
    try:
        found = space.registry.version(wish.model, wish.to_version)
    except VersionMissingError as error:
        return TargetFacts(exists=False, load_reason=str(error))
    scored = comparison is not None and comparison.gain is not None
    reason = comparison.reason if comparison else "it was not tried on these rows"
    return TargetFacts(
        exists=True,
        is_ready=found.status == "READY",
        signature=found.signature_digest,
        loaded=scored,
        load_reason=reason,
    )


def _after_quiet_day(
    space: Workspace, unit: Unit, decision: Decision, *, now: datetime
) -> Action:
    """Let days without trouble speak for incidents that are still active."""
    none = Action(kind="none", text="nobody needs to act")
    if unit.mode is not Mode.LIVE or decision.performance not in QUIET:
        return none
    contract = space.contract(unit.model)
    first = unit.day - timedelta(days=contract.policy.look_back_days)
    history = space.results.history(unit, (unit.day - first).days)
    version = str(space.results.evaluation(unit)["version"])
    texts = []
    for incident in space.incidents.find(unit.model):
        if not incident.is_active:
            texts += space.incidents.texts(incident.id, f"good-{unit.day}")
            continue
        step = follow_up(
            incident,
            day=unit.day,
            version=version,
            performance=decision.performance,
            history=history,
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


def process_name() -> str:
    """Name this process, as the holder of leases."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def as_dict(outcome: Outcome) -> dict[str, object]:
    """Give the outcome of a move as plain JSON."""
    return {
        "state": outcome.state.value,
        "text": outcome.text,
        "guards": [asdict(guard) for guard in outcome.guards],
    }
