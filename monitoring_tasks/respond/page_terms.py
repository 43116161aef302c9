"""On what terms a day's incident is reported: what may hold its page back. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.decisions import FIRST_GUESS, Decision, PastDay
from monitoring_tasks.domain.findings import ADVISORY, VALID, Finding, Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import Terms, valid_since
from monitoring_tasks.domain.silences import Silence

LEAST_MEMORY_DAYS = timedelta(weeks=5).days
"""So far back good days are looked for at least."""


def page_terms(
    contract: Contract,
    *,
    silences: Sequence[Silence],
    findings: Sequence[Finding],
    fleet_models: int,
    history: Sequence[PastDay] | None,
    pages_a_week: int | None,
) -> Terms:
    """Return on what terms a day's incident is reported.

    Args:
        contract: The model's.
        silences: Those that act at the instant of judging.
        findings: The judged numbers of the day; asked only where there are silences.
        fleet_models: How many models the fleet has.
        history: The days before, oldest first, `reopening_memory_days` of them; None
            where there is nothing to open again.
        pages_a_week: Pages of the whole fleet in seven days; None for any number.
    """
    return Terms(
        tier=contract.tier,
        silences=tuple(silences),
        segments=segments_in_breach(findings),
        common_models=_common_models(contract, fleet_models),
        reopen_from=_reopen_from(contract, history),
        pages_a_week=pages_a_week,
    )


def may_reopen(decision: Decision, incidents: Sequence[Incident]) -> bool:
    """Whether there is anything that a day may open again.

    Args:
        decision: What the day means. A first guess is no relapse of what was confirmed.
        incidents: All incidents of its model.
    """
    is_guess = bool(decision.evidence.get(FIRST_GUESS))
    ended = any(incident.state is IncidentState.RESOLVED for incident in incidents)
    return ended and not is_guess


def reopening_memory_days(contract: Contract) -> int:
    """Return how many days back the days that close an incident for good may lie."""
    return max(contract.policy.look_back_days, LEAST_MEMORY_DAYS)


def segments_in_breach(findings: Sequence[Finding]) -> frozenset[str]:
    """Return the segments whose judged numbers are in breach; `all` is the batch."""
    return frozenset(
        finding.measurement.segment
        for finding in findings
        if finding.verdict is Verdict.BREACH
        and finding.measurement.kind not in ADVISORY
    )


def _common_models(contract: Contract, fleet_models: int) -> int:
    """Return how many models in trouble together have one cause, >= 2."""
    policy = contract.policy.severity
    if policy.common_share is None:
        return policy.common_models
    share = ceil(policy.common_share * fleet_models)
    return min(policy.common_models, max(2, share))


def _reopen_from(contract: Contract, history: Sequence[PastDay] | None) -> date | None:
    if history is None:
        return None
    valid = [past.day for past in history if past.performance in VALID]
    return valid_since(valid, count=contract.policy.alarms.reopen_days)
