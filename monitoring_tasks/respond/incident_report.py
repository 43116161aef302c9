"""What a bad day is reported as, and what is said of it. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.sources import upstream_of
from monitoring_tasks.domain.decisions import (
    BLAMED,
    FIRST_GUESS,
    Cause,
    Decision,
    Severity,
)
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState, candidate_id

LONGEST_TITLE = 200


def incident_of(
    evaluation: Evaluation,
    decision: Decision,
    contract: Contract,
    *,
    segments: Iterable[str] = (),
    now: datetime,
) -> Incident:
    """Return the incident a day would open; the store joins it to one of before.

    Args:
        evaluation: The day.
        decision: What it means.
        contract: What is expected of the model.
        segments: Segments whose numbers are in breach.
        now: When it is opened.
    """
    cause = decision.cause or Cause.UNDETERMINED
    onset = decision.evidence.get("onset") or evaluation.day.isoformat()
    return Incident(
        id=f"{evaluation.model}-{cause}-{evaluation.day}",
        model=evaluation.model,
        cause=cause,
        state=IncidentState.OPEN,
        severity=decision.severity or Severity.P3,
        version=decision.evidence.get(BLAMED) or evaluation.version or "",
        onset_day=date.fromisoformat(onset),
        last_day=evaluation.day,
        title=f"{evaluation.model}: {decision.reasons[0]}"[:LONGEST_TITLE],
        opened_at=now,
        upstreams=_upstreams(decision, contract),
        is_flapping=is_flapping(decision),
        segments=tuple(sorted(segments)),
        commander=contract.roles.commander,
        scribe=contract.roles.scribe,
    )


def candidate_of(incident: Incident) -> Incident:
    """Return a bad day that has not lasted, as it is kept: nobody is told of it.

    Args:
        incident: What the day would open if it had lasted.
    """
    return replace(
        incident,
        id=candidate_id(incident.model, incident.last_day),
        state=IncidentState.CANDIDATE,
        severity=Severity.P3,
    )


def is_flapping(decision: Decision) -> bool:
    """Whether the day was said to flap."""
    return "flapping" in decision.evidence


def why_no_page(incident: Incident) -> str:
    """Return what holds a page back, to be added to what was done; empty if nothing."""
    if incident.silenced_by:
        return f"; no page: {incident.silenced_by}"
    if incident.merged_into:
        return f"; part of {incident.merged_into}"
    return ""


def _upstreams(decision: Decision, contract: Contract) -> tuple[str, ...]:
    """Return what the trouble may come from.

    A day on which the monitor itself failed has no upstream to blame: that never
    disappears among others' trouble. Nor has a first guess: what it has in common with
    others is asked once it is confirmed.
    """
    if decision.verdict is Verdict.ERROR or decision.evidence.get(FIRST_GUESS):
        return ()
    upstreams = {
        upstream_of(contract.sources.predictions),
        upstream_of(contract.sources.labels),
        *(f"declared:{name}" for name in contract.policy.alarms.upstreams),
    }
    return tuple(sorted(upstreams))
