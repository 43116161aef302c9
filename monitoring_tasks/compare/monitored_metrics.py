"""The numbers a contract speaks of, as they are while nothing is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import NormalDist, fmean, median

from monitoring_tasks.compare.thresholds import noise_of, own_noise
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile

FEWEST_POOLS = 14
"""Fewer days over a horizon do not say how a pool differs from the mean of its days."""
RECENT_DAYS = 60
"""Judged days that tell how many rows a typical day has."""
DailyNumbers = Mapping[int, Mapping[date, Measurement]]
"""Days of the horizon -> day -> the number of an objective; only what has a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoredMetric:
    """A number an objective is about, as it is while nothing is wrong.

    Attributes:
        objective: What is promised of it.
        noise: How it moves from day to day; of an estimate, how the estimate does.
        baselines: What it is held against, by the days of the horizon; None where the
            reference has too few days for that horizon.
        sampling: Its standard error on a typical day, >= 0.
        rows: Rows of a typical day.
        shifts: By how much the number over so many days lies above the mean of its
            days: counts that are added up give other numbers than days averaged.
    """

    objective: Objective
    noise: DailyNoise
    baselines: Mapping[int, DailyNoise | None]
    sampling: float
    rows: float
    shifts: Mapping[int, float] = field(default_factory=dict)

    @property
    def worse(self) -> int:
        """The sign of a loss: 1 where larger is worse, else -1.

        Of what is better nearer zero, the side its mean lies on.
        """
        if self.metric.better is Better.NEARER_ZERO:
            return -1 if self.noise.mean < 0 else 1
        return self.metric.better.worse_signs[0]

    @property
    def metric(self) -> Metric:
        """What is known of its metric."""
        return metric_of(self.objective.source, self.objective.metric)

    @property
    def is_estimate(self) -> bool:
        """Whether it is known before labels."""
        return Kind(self.objective.source) is Kind.ESTIMATED

    @property
    def metric_and_segment(self) -> tuple[str, str]:
        """What an estimate and the realized number it speaks of have in common."""
        return (self.objective.metric, self.objective.segment)


def monitored_metric(
    objective: Objective,
    reference: ReferenceProfile,
    contract: Contract,
    numbers: DailyNumbers,
) -> MonitoredMetric | None:
    """Return the number of an objective as reference and judged days show it.

    Args:
        objective: Says which number.
        reference: Of the version that served last.
        contract: Its policy says which horizons are judged, and from how many
            reference days noise is learnt.
        numbers: The objective's number on judged days of that version; without any, a
            typical day is one of the reference's.

    Returns:
        None where the reference has too few days of it.
    """
    # An estimate is judged by the realized values, but drawn days move as estimates do.
    of_a_day = objective.number_of(reference.version)
    noise = own_noise(of_a_day, reference, contract.policy)
    if noise is None:
        return None
    daily = numbers.get(1, {})
    recent = [daily[day] for day in sorted(daily)][-RECENT_DAYS:]
    return MonitoredMetric(
        objective=objective,
        noise=noise,
        baselines={
            horizon.days: noise_of(
                objective.number_of(reference.version, horizon=horizon.days),
                reference,
                contract.policy,
            )
            for horizon in contract.policy.horizons
        },
        sampling=_sampling_error(recent, contract.policy.confidence, noise),
        rows=median(number.rows for number in recent) if recent else noise.rows,
        shifts=_pool_shifts(numbers),
    )


def _sampling_error(
    recent: Sequence[Measurement], confidence: float, noise: DailyNoise
) -> float:
    """Return the standard error of a typical day, from the width of its interval."""
    # Back from the interval to the standard error it was made from.
    width = 2 * NormalDist().inv_cdf((1 + confidence) / 2)
    errors = [
        (number.upper - number.lower) / width
        for number in recent
        if number.upper is not None and number.lower is not None
    ]
    return median(errors) if errors else noise.sampling


def _pool_shifts(numbers: DailyNumbers) -> dict[int, float]:
    """Return by how much pools lay above the mean of their days, by horizon.

    Counts that are added up weigh days by their rows, and a ratio of sums is no mean of
    ratios; drawn days are averaged and need the difference.
    """
    daily = numbers.get(1, {})
    shifts = {}
    for horizon, pools in numbers.items():
        if horizon == 1 or len(pools) < FEWEST_POOLS:
            continue
        differences = []
        for last, pool in pools.items():
            first = last - timedelta(days=horizon - 1)
            values = [
                number.value
                for day, number in daily.items()
                if first <= day <= last and number.value is not None
            ]
            if values and pool.value is not None:
                differences.append(pool.value - fmean(values))
        if len(differences) >= FEWEST_POOLS:
            shifts[horizon] = fmean(differences)
    return shifts
