"""What a contract's limits find: how long a lasting drop goes unnoticed.

Counted on drawn days (`simulated_days`) that the day's own rules judge
(`simulated_verdicts`). Pure: the same seed gives the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.compare.alarm_rates import Size
from monitoring_tasks.compare.change_detector import Floats
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.simulated_codes import BREACH, Flags
from monitoring_tasks.compare.simulated_days import draw_days
from monitoring_tasks.compare.simulated_judgement import detectors_of, warm_up_days
from monitoring_tasks.compare.simulated_pages import ObjectiveVerdicts, confirm
from monitoring_tasks.compare.simulated_sequences import judge_sequence
from monitoring_tasks.compare.simulated_verdicts import judge_horizons
from monitoring_tasks.contract.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionPower:
    """When a lasting drop is found, by size.

    Attributes:
        drops: The sizes, growing; shape (n,).
        breach_days: Days to the first breach, 1 on the onset; inf for not found.
            Shape (n, runs).
        page_days: The same for the first confirmed breach.
    """

    drops: Floats
    breach_days: Floats
    page_days: Floats

    def smallest(self, within: int, *, power: float, paged: bool) -> float | None:
        """Return the smallest drop found within so many days with this probability.

        Straight lines between the sizes tried; None when none of them is found.

        Args:
            within: Days since the onset, >= 1.
            power: Share of the onsets, 0..1.
            paged: Whether the first page counts instead of the first breach.
        """
        days = self.page_days if paged else self.breach_days
        # A larger drop is never found less often; where the draws say so it is chance.
        shares = np.maximum.accumulate((days <= within).mean(axis=1))
        if shares[-1] < power:
            return None
        if shares[0] >= power:
            return float(self.drops[0])
        return float(np.interp(power, shares, self.drops))


def find_drops(
    monitored: Sequence[MonitoredMetric],
    index: int,
    policy: Policy,
    *,
    drops: Sequence[float],
    seed: int,
    size: Size,
) -> DetectionPower:
    """Let an objective's number fall for good and see when its limits find it.

    Only this objective tells; the same chance befalls every size.

    Args:
        monitored: The objectives; how many detectors share a promise follows from all.
        index: The one that falls.
        policy: The rules.
        drops: Sizes, > 0, in units of the metric; growing.
        seed: Where chance starts.
        size: How many onsets.
    """
    metric, rng = monitored[index], np.random.default_rng(seed)
    skipped, runs = warm_up_days(policy), size.runs_a_drop
    days = skipped + size.reach_days
    healthy = draw_days(metric, runs=runs, days=days, rng=rng)
    falls = np.zeros((len(drops), 1, days))
    falls[:, 0, skipped:] = np.array(drops)[:, None]
    values = (healthy + metric.worse * falls).reshape(-1, days)
    added = judge_sequence(metric, values, policy, detectors=detectors_of(monitored))
    judged = judge_horizons(metric, values, policy)
    codes = ObjectiveVerdicts(
        horizons=tuple(judged_horizon.codes for judged_horizon in judged), added=added
    ).codes
    breach, page = codes == BREACH, confirm(codes, policy)
    return DetectionPower(
        drops=np.array(drops),
        breach_days=_first(breach[:, skipped:]).reshape(len(drops), runs),
        page_days=_first(page[:, skipped:]).reshape(len(drops), runs),
    )


def _first(events: Flags) -> Floats:
    """Return the number of the first day with an event, counted from 1; else inf."""
    return np.where(events.any(axis=1), events.argmax(axis=1) + 1.0, np.inf)
