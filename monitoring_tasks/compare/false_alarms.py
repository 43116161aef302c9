"""What a contract's limits promise: how often they cry wolf.

Counted on drawn days (`simulated_days`) that the day's own rules judge
(`simulated_verdicts`). Pure: the same seed gives the same numbers.
"""

from collections.abc import Sequence

import numpy as np

from monitoring_tasks.compare.alarm_rates import (
    ADDED_UP,
    YEAR,
    Alarms,
    Rates,
    Size,
    rate_of,
)
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.simulated_codes import BREACH, Codes
from monitoring_tasks.compare.simulated_days import draw_days
from monitoring_tasks.compare.simulated_judgement import judge_drawn_days, warm_up_days
from monitoring_tasks.compare.simulated_pages import (
    ObjectiveVerdicts,
    confirm,
    day_codes,
    openings,
)
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy


def false_alarms(
    monitored: Sequence[MonitoredMetric],
    policy: Policy,
    *,
    labels_known: bool,
    seed: int,
    size: Size,
) -> Alarms:
    """Count the alarms of years in which nothing is wrong.

    Each objective's days are drawn by themselves, after days that fill every pool. A
    page is a breach that persistence confirms while no earlier one is still open: one
    is over after `recovery_days` good days.

    When it lies: as `draw_days`; and objectives that fall together by chance are
    drawn apart, which counts such days more often than they come.

    Args:
        monitored: The objectives, in the order of the contract.
        policy: The rules.
        labels_known: Whether labels are there when a day is first judged, so that an
            estimate is left aside where its realized number tells.
        seed: Where chance starts.
        size: How many years.
    """
    verdicts = _healthy(monitored, policy, seed=seed, size=size)
    days = day_codes(monitored, verdicts, labels_known=labels_known)
    return Alarms(
        total=_rates(days, policy),
        objectives=tuple(_rates(verdict.codes, policy) for verdict in verdicts),
        horizons=tuple(
            {
                name: _rates(verdict.alone(part), policy)
                for name, part in zip(
                    _names(number.objective, policy), verdict.parts, strict=False
                )
            }
            for number, verdict in zip(monitored, verdicts, strict=True)
        ),
    )


def _names(objective: Objective, policy: Policy) -> list[int]:
    """Name the parts of a verdict: the days of each horizon, then `ADDED_UP`."""
    return [*(h.days for h in objective.horizons_in(policy)), ADDED_UP]


def false_alarms_of_days(
    monitored: Sequence[MonitoredMetric],
    policy: Policy,
    *,
    labels_known: bool,
    seed: int,
    size: Size,
) -> Rates:
    """Count the alarms of the whole alone, as `false_alarms` does; quicker.

    Args:
        monitored: The objectives of the contract.
        policy: The rules.
        labels_known: Whether the labels of a day are there when it is judged.
        seed: Where chance starts.
        size: How many years.
    """
    verdicts = _healthy(monitored, policy, seed=seed, size=size)
    return _rates(day_codes(monitored, verdicts, labels_known=labels_known), policy)


def _healthy(
    monitored: Sequence[MonitoredMetric], policy: Policy, *, seed: int, size: Size
) -> list[ObjectiveVerdicts]:
    """Draw years in which nothing is wrong, and judge them."""
    rng = np.random.default_rng(seed)
    days = warm_up_days(policy) + YEAR
    values = [
        draw_days(metric, runs=size.runs, days=days, rng=rng) for metric in monitored
    ]
    return judge_drawn_days(monitored, values, policy)


def _rates(codes: Codes, policy: Policy) -> Rates:
    """Count what happens once every pool is full."""
    confirmed = confirm(codes, policy)
    opened = openings(confirmed, codes, policy.recovery_days)
    kinds = (codes == BREACH, confirmed, opened)
    # Only days with full pools and full rules behind them count.
    counted = [rate_of(events[:, warm_up_days(policy) :]) for events in kinds]
    return Rates(breaches=counted[0], confirmed=counted[1], pages=counted[2])
