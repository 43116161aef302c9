"""What a single day proves, so that nobody has to wait for a second. Pure.

A second day is waited for because a day may be odd once. What is far past all that is
allowed, and as improbable as all the bad days that would confirm less, is not odd.
"""

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.decide.losses import allowed_loss, loss_of
from monitoring_tasks.decide.scope import is_below_chance
from monitoring_tasks.domain.findings import ADVISORY, Finding, Kind


def is_beyond_chance(finding: Finding, contract: Contract) -> bool:
    """Whether chance brings a number like it as seldom as days that confirm one.

    Args:
        finding: A number past its limit.
        contract: Says how many bad days confirm, and how often a healthy number may
            cross its limit.

    Returns:
        False where nothing tells what chance brings.
    """
    p_value, false_alarm = finding.p_value, _false_alarm(finding, contract.policy)
    if p_value is None or false_alarm is None:
        return False
    return p_value <= false_alarm**contract.policy.persistence.bad_days


def _false_alarm(finding: Finding, policy: Policy) -> float | None:
    """Return how often a healthy number may cross its limit, by the policy.

    The limit itself may lie farther off than that, where more is allowed than chance
    brings: it is crossed less often then, and proves no less.
    """
    number, limit = finding.measurement, finding.limit
    if number.kind is Kind.DRIFT:
        return policy.drift.false_alarm
    if number.kind in ADVISORY:
        return limit.false_alarm if limit else None
    horizons = (h for h in policy.horizons if h.days == number.horizon)
    return next((horizon.false_alarm for horizon in horizons), None)


def is_loss_beyond_doubt(finding: Finding, contract: Contract) -> bool:
    """Whether a broken promise need not be seen on a second day.

    Its loss is `policy.warnings.far` times the one that is allowed, or scores rank
    worse than random ones; and that is beyond chance. Another limit that is stated as
    a number says nothing of how far is far: for that there are hard limits.

    Args:
        finding: A promised number in breach.
        contract: States the allowed loss, and what is far.
    """
    if not is_beyond_chance(finding, contract):
        return False
    allowed, value = allowed_loss(finding, contract), finding.measurement.value
    if allowed is None or value is None:
        return is_below_chance(finding)
    is_far = loss_of(finding, value) >= contract.policy.warnings.far * allowed
    return is_far or is_below_chance(finding)
