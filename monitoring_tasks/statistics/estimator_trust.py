"""Were the estimates right, and may the next one be believed? Pure.

Which number means what is not known here: estimated and realized are held against
each other day by day, per version, segment and metric.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist, StatisticsError, correlation, fmean

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.trust import TrustPolicy
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.trust import EstimatorTrust, TrustKey, TrustVerdict
from monitoring_tasks.statistics.daily_errors import DailyErrors, summarize
from monitoring_tasks.statistics.estimate_pairs import Pair, half_of


def estimator_trust(
    key: TrustKey,
    pairs: Sequence[Pair],
    policy: TrustPolicy,
    *,
    max_bias: float | None,
    confidence: float,
) -> EstimatorTrust:
    """Judge how right estimates were, and whether they may trigger anything.

    `untested` with fewer than `policy.min_days` days, or intervals on fewer: neither
    trust nor distrust is earned. `demoted` when less than `policy.coverage` of the
    days lay within what chance allows (`Pair.allowed`), or when the bias is both
    clear (its interval leaves 0 out; `daily_errors.summarize`) and larger than
    `max_bias`. Else `trusted`: not refuted, which with few days is not much.

    `reach` is the quantile x sqrt(spread^2 + standard error of the bias^2); spread^2 is
    what is left of the errors' variance without the mean sampling variance, 0 at
    least (method of moments).

    When it lies: errors of the past say nothing about a change of what the inputs
    mean tomorrow. A right estimator of independent rows is demoted by its coverage on
    3 % of all occasions over 14 days, hardly ever over 60, by its bias on at most
    1 - confidence; one of clustered rows more often, its intervals being too narrow.

    Args:
        key: What the pairs are about.
        pairs: One a day, oldest first. Not modified.
        policy: The rule.
        max_bias: Smallest bias that matters, > 0; None does not judge its size.
        confidence: Level of all intervals, 0..1.
    """
    errors = summarize(
        [p.day for p in pairs], [p.error for p in pairs], confidence=confidence
    )
    allowed = [(abs(p.error), p.allowed) for p in pairs]
    hits = [size <= most for size, most in allowed if most is not None]
    version, segment, metric = key
    trust = EstimatorTrust(
        version=version,
        segment=segment,
        metric=metric,
        verdict=TrustVerdict.UNTESTED,
        reason="",
        days=errors.days,
        bias=errors.mean,
        lower=errors.lower,
        upper=errors.upper,
        mean_absolute_error=errors.mean_absolute,
        interval_days=len(hits),
        coverage=fmean(hits) if hits else None,
        correlation=_correlation(pairs),
        reach=_reach(errors, [most for _, most in allowed], confidence),
    )
    verdict, reason = _judge(trust, policy, max_bias)
    return replace(trust, verdict=verdict, reason=reason)


def largest_bias(
    key: TrustKey, objectives: Sequence[Objective], policy: TrustPolicy
) -> float | None:
    """Return the smallest bias that matters for a number; None when nobody said so.

    The policy's, else the smallest `max_drop` of an objective on the estimated or
    realized number.

    Args:
        key: Version, segment and metric of the number.
        objectives: Those of the contract.
        policy: When an estimate may be trusted.
    """
    if policy.max_bias is not None:
        return policy.max_bias
    _, segment, metric = key
    drops = [
        o.max_drop
        for o in objectives
        if (o.metric, o.segment) == (metric, segment)
        and o.source in {Kind.ESTIMATED, Kind.REALIZED}
        and o.max_drop is not None
    ]
    return min(drops, default=None)


def recalibrated(estimate: Measurement, trust: EstimatorTrust) -> Measurement:
    """Take the bias off an estimate and widen its interval by what it has missed.

    Value less bias; each half of the interval becomes sqrt(half^2 + reach^2), so that
    it holds the realized number as often as it says (measured: .95 or more at .95 with
    14 days or more, errors beyond sampling or not). Kept within the metric's range.

    Assumes that errors go on as they were.

    Args:
        estimate: The estimate of a day.
        trust: How right the estimates of the same number were before.

    Returns:
        The estimate anew; without a value while it is untested, or where the estimate
        has no value or no interval.

    Raises:
        ValueError: If the two are about different numbers.
    """
    about = (estimate.version, estimate.segment, estimate.metric)
    if about != (trust.version, trust.segment, trust.metric):
        msg = f"an estimate of {about} cannot be held against {trust.metric}"
        raise ValueError(msg)
    empty = replace(estimate, value=None, lower=None, upper=None)
    if estimate.value is None:
        return estimate
    if trust.verdict is TrustVerdict.UNTESTED:
        return replace(empty, reason=f"untested: {trust.reason}")
    if trust.bias is None or trust.reach is None:
        return replace(empty, reason="too little is known about its errors")
    below, above = half_of(estimate, -1), half_of(estimate, 1)
    if below is None or above is None:
        return replace(empty, reason="the estimate has no interval")
    # An estimate of a proportion, corrected, is still one.
    within = metric_of(Kind.REALIZED, estimate.metric).within
    value = within(estimate.value - trust.bias)
    note = f"corrected for a bias of {trust.bias:+.3f} over {trust.days} days"
    return replace(
        estimate,
        value=value,
        lower=within(value - math.hypot(below, trust.reach)),
        upper=within(value + math.hypot(above, trust.reach)),
        reason="; ".join(part for part in (estimate.reason, note) if part),
    )


def _correlation(pairs: Sequence[Pair]) -> float | None:
    estimated = [p.estimated.value or 0.0 for p in pairs]
    realized = [p.realized.value or 0.0 for p in pairs]
    try:
        return correlation(estimated, realized)
    except StatisticsError:  # fewer than two days, or one side is constant
        return None


def _reach(
    errors: DailyErrors, allowed: Sequence[float | None], confidence: float
) -> float | None:
    halves = [most for most in allowed if most is not None]
    if errors.deviation is None or errors.standard_error is None or not halves:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    sampling = fmean((half / z) ** 2 for half in halves)
    # Chance alone parts the two by the sampling variance; only the surplus widens.
    spread = max(errors.deviation**2 - sampling, 0.0)
    return (errors.quantile or 0.0) * math.sqrt(spread + errors.standard_error**2)


def _judge(
    trust: EstimatorTrust, policy: TrustPolicy, max_bias: float | None
) -> tuple[TrustVerdict, str]:
    few = min(trust.days, trust.interval_days)
    if few < policy.min_days or trust.coverage is None or trust.bias is None:
        counted = "mature days" + ("" if few == trust.days else " with an interval")
        why = f"{few} {counted} are fewer than the {policy.min_days} needed"
        return TrustVerdict.UNTESTED, why
    lower, upper = trust.lower or 0.0, trust.upper or 0.0
    held = (
        f"its interval held the realized value on {trust.coverage:.0%} of "
        f"{trust.interval_days} mature days"
    )
    bias = f"its bias is {trust.bias:+.3f} [{lower:+.3f}, {upper:+.3f}]"
    if trust.coverage < policy.coverage:
        return TrustVerdict.DEMOTED, f"{held}, {policy.coverage:.0%} are needed; {bias}"
    # A bias is clear when its interval leaves 0 out, and matters beyond `max_bias`.
    is_clear = lower > 0 or upper < 0
    if max_bias is not None and is_clear and abs(trust.bias) > max_bias:
        return TrustVerdict.DEMOTED, f"{bias}, at most {max_bias:g} is allowed; {held}"
    note = "" if max_bias is not None else "; the contract sets no limit on the bias"
    return TrustVerdict.TRUSTED, f"{held}; {bias}{note}"
