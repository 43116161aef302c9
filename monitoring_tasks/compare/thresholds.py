"""Where a number may lie: limits from the contract and from the reference."""

import math
from dataclasses import replace
from datetime import date
from math import inf, isfinite
from statistics import NormalDist

from monitoring_tasks.compare.baseline import Expected, expect
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind, Limit, Measurement
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile

DOMAIN_CLASSIFIER = "domain_classifier_auroc"
UNBOUNDED = frozenset({"reconstruction_error", "wasserstein", DOMAIN_CLASSIFIER})
"""Distances in units of their own, which no common smallest distance fits."""


def noise_of(
    measurement: Measurement, reference: ReferenceProfile | None, policy: Policy
) -> DailyNoise | None:
    """Find how a number moves from day to day on its version's reference.

    An estimate is held against the realized values of the reference: it claims to
    be one of them. Only what is never realized is held against its own estimates.
    None when the reference has too few days: `min_reference_days`, or for a number
    over several days `min_pooled_reference_days`, since how consecutive days hang
    together takes longer to learn.

    Args:
        measurement: The number.
        reference: Its version's; None when it has none.
        policy: How many reference days are enough.
    """
    # The estimate of a reference day is a little too good: its estimator saw all days.
    if measurement.kind is Kind.ESTIMATED:
        realized = replace(measurement, kind=Kind.REALIZED)
        if (noise := own_noise(realized, reference, policy)) is not None:
            return noise
    return own_noise(measurement, reference, policy)


def own_noise(
    measurement: Measurement, reference: ReferenceProfile | None, policy: Policy
) -> DailyNoise | None:
    """Find how exactly this number moved on the reference; an estimate as estimates do.

    Args:
        measurement: The number.
        reference: Its version's; None when it has none.
        policy: How many reference days are enough.
    """
    if reference is None:
        return None
    about = f"{measurement.metric}/{measurement.column}/{measurement.segment}"
    noise = reference.noise.get(f"{measurement.kind}/{about}")
    fewest = policy.min_reference_days
    if measurement.horizon > 1:
        fewest = max(fewest, policy.min_pooled_reference_days)
    return noise if noise and noise.days >= fewest else None


def promised_limit(objective: Objective) -> Limit | None:
    """Return the limit the contract states; None when it states none."""
    if objective.min is None and objective.max is None:
        return None
    return Limit(low=objective.min, high=objective.max, origin="contract")


def learnt_limit(objective: Objective, expected: Expected, horizon: Horizon) -> Limit:
    """Return the limit that a loss may not pass, at the number's own rows.

    A loss has to be larger than `max_drop` and larger than what chance brings with
    the horizon's `false_alarm`: significance and size together.

    Args:
        objective: States the allowed loss.
        expected: What the number would be, had nothing changed.
        horizon: How often chance alone may pass the limit.

    Raises:
        ValueError: If the objective does not speak of a loss.
    """
    if objective.max_drop is None:
        msg = f"the objective on {objective.metric} allows any loss"
        raise ValueError(msg)
    metric = metric_of(objective.source, objective.metric)
    critical = critical_loss(metric, expected, horizon.false_alarm)
    # Significance and size together: decision 11.
    lost = max(objective.max_drop, critical)
    low, high = span_of_loss(metric, expected.mean, lost)
    return Limit(
        low=low,
        high=high,
        origin=(
            f"expected {expected.mean:.3f}; a loss of {objective.max_drop:g} is "
            f"allowed, and chance alone brings {critical:.3f} on 1 day in "
            f"{1 / horizon.false_alarm:.0f}"
        ),
        reference=expected.mean,
        false_alarm=p_value_of_loss(metric, expected, lost),
    )


def critical_loss(metric: Metric, expected: Expected, false_alarm: float) -> float:
    """Return the loss that chance alone passes with this probability.

    What gets worse on two sides may pass on either, with half of it each.

    Args:
        metric: Says on how many sides it gets worse.
        expected: What the number would be, had nothing changed.
        false_alarm: The probability, in (0, 1).
    """
    return expected.critical_distance(false_alarm / len(metric.better.worse_signs))


def p_value_of_loss(metric: Metric, expected: Expected, lost: float) -> float:
    """Return the probability of at least this loss while nothing changed.

    Args:
        metric: Says on how many sides it gets worse.
        expected: What the number would be, had nothing changed.
        lost: The loss, in units of the metric; positive is worse.
    """
    return min(len(metric.better.worse_signs) * expected.p_value(lost), 1.0)


def span_of_loss(
    metric: Metric, mean: float, lost: float
) -> tuple[float | None, float | None]:
    """Return the smallest and largest value that a loss still reaches.

    Kept within what the metric can be; None on a side on which it gets better.

    Args:
        metric: Its range, and on which sides it gets worse.
        mean: What is expected.
        lost: The loss, in units of the metric, >= 0.
    """
    if metric.better is Better.NEARER_ZERO:
        edge = abs(mean) + lost
        return metric.within(-edge), metric.within(edge)
    (sign,) = metric.better.worse_signs
    edge = metric.within(mean + sign * lost)
    return (edge, None) if sign < 0 else (None, edge)


def expected_value(
    measurement: Measurement, noise: DailyNoise, *, day: date, confidence: float
) -> Expected:
    """Say what the number would be, had nothing changed since the reference.

    Where its interval has no end nobody knows how far off it may be: the error is
    infinite, and no loss is told from chance.

    Args:
        measurement: The number; its interval gives its sampling error.
        noise: How it moved on the reference.
        day: The day being judged.
        confidence: Level of the interval, 0..1.
    """
    sampling = sampling_error(measurement, confidence)
    return expect(noise, day=day, horizon=measurement.horizon, sampling=sampling)


def expected_as_usual(
    measurement: Measurement, noise: DailyNoise, *, day: date, confidence: float
) -> Expected:
    """Say the same with no smaller sampling error than a usual day of as many rows.

    Where a number lies at an end of its range, all rows of one class or ranked without
    a fault, its own interval is hardly one, and says nothing of how far chance goes.

    Args:
        measurement: The number; its interval gives its own sampling error.
        noise: How it moved on the reference.
        day: The day being judged.
        confidence: Level of the interval, 0..1.
    """
    rows, horizon = measurement.rows, measurement.horizon
    usual = noise.sampling * math.sqrt(noise.rows / rows) if rows else 0.0
    sampling = max(sampling_error(measurement, confidence), usual)
    return expect(noise, day=day, horizon=horizon, sampling=sampling)


def sampling_error(measurement: Measurement, confidence: float) -> float:
    """Return the standard error an interval was made of; infinite where it has no end.

    Args:
        measurement: The number; 0 where it has no interval.
        confidence: Level of the interval, 0..1.
    """
    lower, upper = measurement.lower, measurement.upper
    if lower is None or upper is None:
        return 0.0
    width = 2 * NormalDist().inv_cdf((1 + confidence) / 2)
    return (upper - lower) / width if isfinite(upper - lower) else inf


def drift_limit(policy: Policy, metric: str, expected: Expected | None) -> Limit:
    """Return the distance from which a column counts as drifted.

    Never below `min_distance`; above it, what the reference's own held-out days pass
    with `false_alarm`. Advisory: drift alone warns and never breaches.

    Args:
        policy: Says which distance never warns, and how often chance may.
        metric: The distance.
        expected: What it is while nothing changed (`expect_distance`); None when the
            reference has too few days to say so.
    """
    smallest = 0.0 if metric in UNBOUNDED else policy.drift.min_distance
    if expected is None:
        if metric in UNBOUNDED:
            return Limit(origin="the reference has too few days", advisory=True)
        return Limit(high=smallest, origin="policy", advisory=True)
    edge = max(
        expected.mean + expected.critical_distance(policy.drift.false_alarm), smallest
    )
    # The limit is shown to people: it has to be a value the distance can take.
    edge = metric_of(Kind.DRIFT, metric).within(edge)
    return Limit(
        high=edge,
        origin=f"expected {expected.mean:.3f}, at most once in "
        f"{1 / policy.drift.false_alarm:.0f} days past the limit by chance",
        reference=expected.mean,
        advisory=True,
        false_alarm=expected.p_value(edge - expected.mean),
    )
