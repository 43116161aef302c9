"""A loss against the version's own reference, held against the one that is allowed."""

from dataclasses import replace
from math import isfinite

from monitoring_tasks.compare.baseline import Expected
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.interval_rule import finding_of, why_not_judged
from monitoring_tasks.compare.revised_verdict import revised
from monitoring_tasks.compare.thresholds import (
    critical_loss,
    expected_value,
    learnt_limit,
    noise_of,
    p_value_of_loss,
    span_of_loss,
)
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Finding, Limit, Measurement, Verdict
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reasons import ReasonCode

LARGEST_NOISE_RATIO = 2.0
"""Where chance alone moves a number by more than so many allowed losses, a number
within its limit does not say that all is well."""
TOO_FEW_DAYS = "the reference has too few days to learn a limit from"
ENDLESS = "its interval has no end, so that nothing can be told from chance"


def judge_loss(
    objective: Objective, number: Measurement, horizon: Horizon, context: DayContext
) -> Finding:
    """Hold the loss against the version's own reference against what is allowed.

    `breach`: larger than allowed and than chance brings. `inconclusive`: larger than
    allowed, yet within chance; or so few rows that even twice the allowed loss would
    be; or an interval without an end. Else `ok`.

    Args:
        objective: States the allowed loss, `max_drop`.
        number: The number, over the days of the horizon.
        horizon: How often chance alone may pass its limit.
        context: The day, its contract, and the references of its versions.
    """
    policy = context.contract.policy
    limit, expected = _loss_limit(objective, number, horizon, context)
    unjudged = why_not_judged(
        number, limit, min_rows=policy.min_rows, noun=objective.metric
    )
    if unjudged is not None or expected is None:
        verdict, why, code = unjudged or (Verdict.INCONCLUSIVE, "", ReasonCode.NO_LIMIT)
        if code is ReasonCode.NO_LIMIT:
            code = _why_no_limit(limit)
        return finding_of(number, verdict, why, limit, code=code)
    metric = metric_of(objective.source, objective.metric)
    value = expected.mean if number.value is None else number.value
    lost = loss(metric.better, value, expected.mean)
    allowed = objective.max_drop or 0.0
    critical = critical_loss(metric, expected, horizon.false_alarm)
    loss_code: ReasonCode | None = None
    verdict, why = Verdict.OK, f"a loss of {lost:.3f} is within the allowed {allowed:g}"
    if lost < 0:
        why = f"{-lost:.3f} better than the expected {expected.mean:.3f}"
    if lost > max(allowed, critical):
        verdict = Verdict.BREACH
        why = f"a loss of {lost:.3f} ({limit.origin})"
    elif lost > allowed:
        verdict = Verdict.INCONCLUSIVE
        why = f"a loss of {lost:.3f}, but chance alone brings up to {critical:.3f}"
        loss_code = ReasonCode.WITHIN_CHANCE
    # Such a day looks the same whether the model lost the allowed amount twice or not.
    elif critical > LARGEST_NOISE_RATIO * allowed:
        verdict = Verdict.INCONCLUSIVE
        why = f"only a loss beyond {critical:.3f} could be told apart from chance"
        loss_code = ReasonCode.UNDETECTABLE_LOSS
    why = f"{number.value:.3f}: {why}"
    finding = finding_of(number, verdict, why, limit, code=loss_code)
    return replace(finding, p_value=p_value_of_loss(metric, expected, lost))


def _why_no_limit(limit: Limit) -> ReasonCode:
    """Return why nothing was learnt from the reference, from the limit's own words."""
    is_endless = limit.origin == ENDLESS
    return (
        ReasonCode.ENDLESS_INTERVAL if is_endless else ReasonCode.TOO_FEW_REFERENCE_DAYS
    )


def _loss_limit(
    objective: Objective, number: Measurement, horizon: Horizon, context: DayContext
) -> tuple[Limit, Expected | None]:
    """Return the learnt limit and what it was learnt from; without sides if nothing."""
    policy = context.contract.policy
    noise = noise_of(number, context.references.get(number.version), policy)
    if noise is None:
        return Limit(origin=TOO_FEW_DAYS), None
    expected = expected_value(
        number, noise, day=context.day, confidence=policy.confidence
    )
    if not isfinite(expected.error):
        return Limit(origin=ENDLESS), None
    return learnt_limit(objective, expected, horizon), expected


def still_bad(finding: Finding, shorter: Measurement, objective: Objective) -> Finding:
    """Take back a breach over several days that the latest of them do not show.

    Args:
        finding: Over the longer horizon.
        shorter: The same number over the next shorter horizon.
        objective: What both are held against.

    Returns:
        The finding as it is, or as a `warn` where the latest days lie within the
        limits.
    """
    limit, latest = finding.limit, shorter.value
    if finding.verdict is not Verdict.BREACH or limit is None:
        return finding
    if latest is None or not isfinite(latest):
        return finding
    low, high = limit.low, limit.high
    # A learnt limit holds the chance of its own horizon; the shorter number has
    # another, so it is held against the allowed loss alone.
    if limit.reference is not None and limit.false_alarm is not None:
        metric = metric_of(objective.source, objective.metric)
        low, high = span_of_loss(metric, limit.reference, objective.max_drop or 0.0)
    is_past = (low is not None and latest < low) or (high is not None and latest > high)
    if is_past:
        return finding
    why = f"the latest {_days(shorter.horizon)} is within its limits"
    return revised(finding, Verdict.WARN, why, ReasonCode.LATEST_DAYS_RECOVERED)


def _days(horizon: int) -> str:
    return "day" if horizon == 1 else f"{horizon} days"
