"""Where a number may lie: limits from the contract and from the reference."""

from monitoring_tasks.domain.findings import Limit, Measurement
from monitoring_tasks.domain.policies import DriftPolicy, Objective
from monitoring_tasks.domain.profiles import DailyNoise, ReferenceProfile

LOWER_IS_BETTER = frozenset(
    {
        "log_loss",
        "brier",
        "calibration_error",
        "mae",
        "mse",
        "rmse",
        "rmsle",
        "error_ratio",
        "fpr",
        "demographic_parity_gap",
        "equal_opportunity_gap",
        "latency_p50_seconds",
        "latency_p95_seconds",
        "latency_p99_seconds",
    }
)
UNBOUNDED = frozenset({"reconstruction_error", "wasserstein"})
"""Distances in units of their own, which no common smallest distance fits."""
MIN_REFERENCE_DAYS = 7
"""Fewer reference days say nothing about how a number moves from day to day."""


def noise_of(
    measurement: Measurement, reference: ReferenceProfile | None
) -> DailyNoise | None:
    """Find how a number moves from day to day on its version's reference.

    An estimate is held against the realized values of the reference: it claims to
    be one of them.
    """
    if reference is None:
        return None
    kind = "realized" if measurement.kind == "estimated" else measurement.kind.value
    key = f"{kind}/{measurement.metric}/{measurement.column}/{measurement.segment}"
    noise = reference.noise.get(key)
    return noise if noise and noise.days >= MIN_REFERENCE_DAYS else None


def objective_limit(
    objective: Objective, measurement: Measurement, reference: ReferenceProfile | None
) -> Limit:
    """Turn an objective into a limit for one number.

    The static `min` and `max` stand as they are. `max_drop` starts at the mean of
    the reference's days and leaves room for one of their spreads; the tighter of the
    two sides is not taken: a static limit, where given, is the promise, and the drop
    only tightens it.
    """
    noise = noise_of(measurement, reference)
    low, high = objective.min, objective.max
    origin = "contract"
    if objective.max_drop is not None and noise is not None:
        room = objective.max_drop + noise.spread
        origin = (
            f"reference {noise.mean:.3f} over {noise.days} days, drop "
            f"{objective.max_drop:g} and daily spread {noise.spread:.3f}"
        )
        if objective.metric in LOWER_IS_BETTER:
            learnt = noise.mean + room
            high = learnt if high is None else min(high, learnt)
        else:
            learnt = noise.mean - room
            low = learnt if low is None else max(low, learnt)
        if (low, high) == (objective.min, objective.max):
            origin = "contract"
    return Limit(
        low=low, high=high, origin=origin, reference=noise.mean if noise else None
    )


def drift_limit(
    policy: DriftPolicy, measurement: Measurement, reference: ReferenceProfile | None
) -> Limit:
    """Give the distance from which a column counts as drifted.

    Never below `min_distance`; above it, the mean of the held-out distances of the
    reference's own days plus `spreads` of their daily spread. Advisory: drift alone
    warns and never breaches.
    """
    noise = noise_of(measurement, reference)
    if measurement.metric in UNBOUNDED:
        return _learnt_limit(policy, noise)
    if noise is None:
        return Limit(high=policy.min_distance, origin="policy", advisory=True)
    learnt = noise.mean + policy.spreads * noise.spread
    if learnt <= policy.min_distance:
        return Limit(
            high=policy.min_distance,
            origin="policy",
            reference=noise.mean,
            advisory=True,
        )
    return _learnt_limit(policy, noise)


def _learnt_limit(policy: DriftPolicy, noise: DailyNoise | None) -> Limit:
    """Give the limit the reference's days teach; no limit without them."""
    if noise is None:
        return Limit(origin="the reference has too few days", advisory=True)
    return Limit(
        high=noise.mean + policy.spreads * noise.spread,
        origin=f"reference {noise.mean:.3f} + {policy.spreads:g} daily spreads",
        reference=noise.mean,
        advisory=True,
    )
