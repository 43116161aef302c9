"""The smallest loss a model's volume and days let anyone see."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scipy.special import ndtri

from monitoring_tasks.compare.baseline import expect
from monitoring_tasks.compare.thresholds import critical_loss, noise_of
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile

POWER = 0.8
"""A loss is called visible that is found on four days in five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detectable:
    """What can be seen of an objective.

    Attributes:
        status: `warn` where the promised loss is too small to be seen at all.
        text: The loss that shows over each horizon.
    """

    status: Literal["ok", "warn"]
    text: str


def detectable(
    objective: Objective, reference: ReferenceProfile, policy: Policy
) -> Detectable | None:
    """Return which loss of an objective's metric shows; None where nothing tells.

    Args:
        objective: What is promised.
        reference: Whose days say how the metric moves while nothing is wrong.
        policy: Its horizons say over how many days, and at which rate of false alarms.
    """
    metric = metric_of(objective.source, objective.metric)
    noises = {
        horizon: noise
        for horizon in policy.horizons
        if (noise := _noise_over(horizon, objective, reference, policy)) is not None
    }
    losses = {
        horizon.days: smallest_loss(metric, noise, horizon, day=reference.last_day)
        for horizon, noise in noises.items()
    }
    if not losses:
        return None
    shown = ", ".join(f"{loss:.2g} over {days} d" for days, loss in losses.items())
    text = f"{objective.source} {objective.metric}: a loss is visible from {shown}"
    promised, best = objective.max_drop, min(losses.values())
    if promised is not None and best > promised:
        text += (
            f"; max_drop {promised:g} cannot be seen at this volume: allow "
            f"{best:.2g}, add a longer horizon or log a longer reference (it has "
            f"{min(noise.days for noise in noises.values())} days)"
        )
        return Detectable(status="warn", text=text)
    return Detectable(status="ok", text=text)


def _noise_over(
    horizon: Horizon,
    objective: Objective,
    reference: ReferenceProfile,
    policy: Policy,
) -> DailyNoise | None:
    """Return what a number over a horizon is held against; None where nothing is."""
    number = Measurement(
        kind=Kind(objective.source),
        metric=objective.metric,
        version=reference.version,
        column=objective.column,
        segment=objective.segment,
        value=None,
        rows=0,
        horizon=horizon.days,
    )
    return noise_of(number, reference, policy)


def smallest_loss(
    metric: Metric, noise: DailyNoise, horizon: Horizon, *, day: date
) -> float:
    """Return the loss over a horizon that is past its limit four times in five.

    The limit is the one days are judged by, at the rows of a usual day: what chance
    passes with the horizon's `false_alarm`, as well as the reference's days can tell.

    Args:
        metric: Says on how many sides it gets worse.
        noise: How the metric moves from day to day, in its own unit.
        horizon: Days that are pooled, and how often a healthy number may pass.
        day: Any day; which one makes no difference to a loss.
    """
    sampling = noise.sampling / math.sqrt(horizon.days)
    expected = expect(noise, day=day, horizon=horizon.days, sampling=sampling)
    beyond = float(ndtri(POWER)) * expected.error
    return critical_loss(metric, expected, horizon.false_alarm) + beyond
