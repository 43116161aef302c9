"""Drawn days of all objectives judged together, as a day judges them."""

from collections.abc import Sequence

from monitoring_tasks.compare.change_detector import Floats
from monitoring_tasks.compare.loss_sequences import is_added_up, series_of
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.simulated_control import control_groups
from monitoring_tasks.compare.simulated_pages import ObjectiveVerdicts
from monitoring_tasks.compare.simulated_sequences import judge_sequence
from monitoring_tasks.compare.simulated_verdicts import judge_horizons
from monitoring_tasks.contract.policy import Policy


def judge_drawn_days(
    monitored: Sequence[MonitoredMetric], values: Sequence[Floats], policy: Policy
) -> list[ObjectiveVerdicts]:
    """Judge every objective: over its horizons, and its losses added up.

    Args:
        monitored: The objectives; false discoveries are controlled among all of them.
        values: Drawn days of each, in the same order; each of shape (runs, days).
        policy: The rules.
    """
    judged = {
        index: judge_horizons(metric, values[index], policy)
        for index, metric in enumerate(monitored)
    }
    controlled = control_groups(judged, policy.false_discovery_rate)
    detectors = detectors_of(monitored)
    return [
        ObjectiveVerdicts(
            horizons=tuple(controlled[index]),
            added=judge_sequence(metric, values[index], policy, detectors=detectors),
        )
        for index, metric in enumerate(monitored)
    ]


def detectors_of(monitored: Sequence[MonitoredMetric]) -> int:
    """Return how many detectors share the promised run length; at least one."""
    return series_of([m.objective for m in monitored if is_added_up(m.objective)])


def warm_up_days(policy: Policy) -> int:
    """Return whole weeks of healthy days that fill every pool and both rules.

    Twice the longest: the first of the days that count then has full pools behind it.
    """
    longest = max(policy.horizons[-1].days, policy.slow_persistence.of_days, 28)
    return -(-longest // 7) * 14
