"""On what terms a day's incident is reported, and what is said of it then."""

from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.contract.sources import upstream_of
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import ADVISORY, VALID, Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import Terms, valid_since
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.workspace.workspace import Workspace


def terms_of(space: Workspace, unit: Unit, decision: Decision) -> Terms:
    """Read what may hold a page back, as known at the instant of judging.

    The record of a rollback is never silenced.
    """
    contract = space.contract(unit.model)
    is_silenceable = decision.rollback_to is None
    silences = space.silences.acting(unit.model, unit.as_of) if is_silenceable else []
    segments = frozenset(
        finding.measurement.segment
        for finding in (space.results.findings(unit) if silences else ())
        if finding.verdict is Verdict.BREACH
        and finding.measurement.kind not in ADVISORY
    )
    return Terms(
        tier=contract.tier,
        silences=tuple(silences),
        segments=segments,
        common_models=_common_models(space, contract),
        reopen_from=_reopen_from(space, unit),
        pages_a_week=space.settings.pages_a_week,
    )


def with_marks(seen: Incident, contract: Contract, decision: Decision) -> Incident:
    """Say of an incident what it comes from and whether it flaps.

    A day on which the monitor itself failed has no upstream to blame: that never
    disappears among others' trouble.
    """
    upstreams = {
        upstream_of(contract.sources.predictions),
        upstream_of(contract.sources.labels),
        *(f"declared:{name}" for name in contract.policy.alarms.upstreams),
    }
    return replace(
        seen,
        upstreams=() if decision.verdict is Verdict.ERROR else tuple(sorted(upstreams)),
        is_flapping=is_flapping(decision),
    )


def is_flapping(decision: Decision) -> bool:
    """Whether the day was said to flap."""
    return "flapping" in decision.evidence


def why_no_page(incident: Incident) -> str:
    """Say what holds a page back, to be added to what was done; empty if nothing."""
    if incident.silenced_by:
        return f"; no page: {incident.silenced_by}"
    if incident.merged_into:
        return f"; part of {incident.merged_into}"
    return ""


def _common_models(space: Workspace, contract: Contract) -> int:
    policy = contract.policy.severity
    if policy.common_share is None:
        return policy.common_models
    count = len(list(contract_files(space.settings.expectations)))
    return min(policy.common_models, max(2, ceil(policy.common_share * count)))


def _reopen_from(space: Workspace, unit: Unit) -> date | None:
    """Read the days before, if there is anything to open again."""
    policy = space.contract(unit.model).policy
    incidents = space.incidents.find(unit.model)
    if not any(one.state is IncidentState.RESOLVED for one in incidents):
        return None
    memory = max(policy.look_back_days, timedelta(weeks=5).days)
    valid = [
        past.day
        for past in space.results.history(unit, memory)
        if past.performance in VALID
    ]
    return valid_since(valid, count=policy.alarms.reopen_days)
