"""Which drops a contract's limits find, and in how many days."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from monitoring_tasks.compare.alarm_rates import Size
from monitoring_tasks.compare.detection_power import DetectionPower, find_drops
from monitoring_tasks.compare.limit_basis import LimitBasis
from monitoring_tasks.compare.limit_checks import seed_of
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.contract.policy import Policy

POWER = 0.8
"""With what probability the smallest drop is found: the convention of Cohen (1988)."""
WITHIN_DAYS = (1, 7, 28)


def detection_power(
    monitored: Sequence[MonitoredMetric], index: int, policy: Policy, *, seed: int
) -> DetectionPower:
    """Try drops from a tenth of a healthy day's error to eight of them.

    Args:
        monitored: All metrics that are judged; the others stay healthy.
        index: Which of them drops.
        policy: What the days are judged by.
        seed: Where chance starts.
    """
    noise, size = monitored[index].noise, Size()
    # A metric that never moves still needs drops above 0 to try.
    day = (noise.spread**2 + monitored[index].sampling ** 2) ** 0.5 or 1e-6
    drops = np.geomspace(day / 10, 8 * day, size.drops)
    return find_drops(
        monitored, index, policy, drops=list(drops), seed=seed + index, size=size
    )


def smallest_drops(power: DetectionPower) -> list[dict[str, Any]]:
    """Return the smallest drop found within a day, a week and four weeks."""
    return [
        {
            "within_days": days,
            "breach": power.smallest(days, power=POWER, paged=False),
            "page": power.smallest(days, power=POWER, paged=True),
        }
        for days in WITHIN_DAYS
    ]


def days_to_find(
    basis: LimitBasis, index: int, drop: float | None
) -> dict[str, Any] | None:
    """Return in how many days a given drop pages; None where none is given.

    Args:
        basis: What the limits are held against.
        index: Which of its metrics drops.
        drop: How far, in the unit of the metric; None for the objective's `max_drop`.

    Returns:
        Its `size`; days to a page in half and in nine tenths of the cases, None where
        it takes more than `reach_days`; `found_within_28_days`, a share, 0..1.
    """
    wanted = drop or basis.monitored[index].objective.max_drop
    if wanted is None:
        return None
    # One drop instead of many, but its slowest tenth is read off: more runs.
    size = replace(Size(), runs_a_drop=600)
    power = find_drops(
        basis.monitored,
        index,
        basis.contract.policy,
        drops=[wanted],
        seed=seed_of(basis) + index,
        size=size,
    )
    # Runs that never paged are infinite, and come last.
    days = np.sort(power.page_days[0])
    middle, late = (float(days[int(share * (len(days) - 1))]) for share in (0.5, 0.9))
    return {
        "size": wanted,
        "median_days": middle if np.isfinite(middle) else None,
        "ninety_percent_days": late if np.isfinite(late) else None,
        "found_within_28_days": float((days <= WITHIN_DAYS[-1]).mean()),
        "reach_days": size.reach_days,
    }
