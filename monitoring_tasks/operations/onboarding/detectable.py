"""The smallest loss a model's volume and days let anyone see."""

import math
from dataclasses import dataclass
from typing import Literal

from scipy.special import ndtri

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
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
    key = f"{objective.source}/{objective.metric}/{objective.column}"
    noise = reference.noise.get(f"{key}/{objective.segment}")
    if noise is None or noise.days < policy.min_reference_days:
        return None
    losses = {
        horizon.days: smallest_loss(noise, horizon.days, horizon.false_alarm)
        for horizon in policy.horizons
    }
    shown = ", ".join(f"{loss:.2g} over {days} d" for days, loss in losses.items())
    text = f"{objective.source} {objective.metric}: a loss is visible from {shown}"
    promised, best = objective.max_drop, min(losses.values())
    if promised is not None and best > promised:
        text += (
            f"; max_drop {promised:g} cannot be seen at this volume: allow {best:.2g} "
            "or add a longer horizon"
        )
        return Detectable(status="warn", text=text)
    return Detectable(status="ok", text=text)


def smallest_loss(noise: DailyNoise, days: int, false_alarm: float) -> float:
    """Return the loss that a mean over so many days shows four times in five.

    `(z(1 - false_alarm) + z(0.8)) * sqrt((spread^2 + sampling^2) / days)`, days taken
    as independent.

    Args:
        noise: How the metric moves from day to day, in its own unit.
        days: Days that are pooled, >= 1.
        false_alarm: Share of healthy days on which the limit may be crossed, in (0, 1).
    """
    quantiles = ndtri(1 - false_alarm) + ndtri(POWER)
    return float(quantiles * math.hypot(noise.spread, noise.sampling) / math.sqrt(days))
