"""What a typical number is held against, on each weekday."""

import math
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from monitoring_tasks.compare.baseline import WEEK, Expected, expect
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.contract.horizons import Horizon

Floats = npt.NDArray[np.float64]
MONDAY = date(2024, 1, 1)
"""Any Monday: drawn days begin on one."""


def expected_by_weekday(
    monitored: MonitoredMetric, horizon: Horizon
) -> tuple[Expected, Floats] | None:
    """Return what a typical number is held against, and its mean on each weekday.

    Args:
        monitored: The number, and how it moves on the reference.
        horizon: Days pooled in it.

    Returns:
        What a Monday is held against, and the means from Monday on, shape (7,); None
        where the reference teaches nothing over this horizon.
    """
    noise = monitored.baselines.get(horizon.days)
    if noise is None:
        return None
    sampling = monitored.sampling / math.sqrt(horizon.days)
    # A whole week is worked out once: drawn days are many and repeat it.
    week = [
        expect(
            noise,
            day=MONDAY + timedelta(days=offset),
            horizon=horizon.days,
            sampling=sampling,
        )
        for offset in range(WEEK)
    ]
    return week[0], np.array([expected.mean for expected in week])
