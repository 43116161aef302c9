"""What the watch over releases promises, before there is one. Pure."""

import math
from datetime import date, timedelta
from functools import partial

from monitoring_tasks.compare.versions.mean_gain import mean_gain
from monitoring_tasks.compare.versions.release_judgement import is_worse_by
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.releases import PairedDay
from monitoring_tasks.operations.promises.family_promise import (
    WITHIN_DAYS,
    FamilyPromise,
)
from monitoring_tasks.operations.promises.told_days import POWER, drawn, smallest
from monitoring_tasks.statistics.arrays import Floats

RELEASES = "releases"
RUNS, HALVINGS = 150, 10
FIRST_DAY = date(2013, 9, 2)
"""Of the drawn days; which one says nothing."""


def release_promise(
    reference: ReferenceProfile, contract: Contract
) -> FamilyPromise | str:
    """Return which loss of a release is told in a week and in four.

    Simulated, by the rule of the day (`mean_gain`) at the last look alone: the looks
    before it add a little. Nobody knows yet how alike two versions err on the same
    rows: they are taken to err apart, so that a gain is as noisy as two numbers of
    different rows. Versions that are alike are told apart sooner.

    Args:
        reference: Of the version that serves: how noisy the metric is on a day.
        contract: The metric, the margin and the rule.

    Returns:
        The promise; or why there is none.
    """
    policy, metric = contract.policy, contract.comparison_metric
    noise = reference.noise.get(f"realized/{metric}//all")
    if policy.versions.when == "breach" or policy.versions.candidates == 0:
        return "releases are not compared (`policy.versions.when`, `candidates`)"
    if noise is None or not noise.sampling:
        return f"the reference does not know how {metric} moves from day to day"
    fewer = max(noise.rows / policy.versions.release.rows, 1.0)
    error = math.sqrt(2 * fewer) * noise.sampling
    sizes = [
        smallest(
            partial(_chance, error=error, days=days, contract=contract),
            POWER,
            largest=10 * error + policy.versions.margin,
            halvings=HALVINGS,
        )
        for days in WITHIN_DAYS
    ]
    return FamilyPromise(
        family=RELEASES,
        check=f"{metric} lost against the version before",
        about="",
        unit=metric,
        on_the_day=None,
        within_7_days=sizes[0],
        within_28_days=sizes[1],
        at_once=None,
        false_days=0.0,
        false_alarms=policy.versions.release.false_alarm,
        basis="simulation",
    )


def _chance(gain: float, *, error: float, days: int, contract: Contract) -> float:
    """Return in which share of drawn releases the last look calls them worse."""
    strays = drawn(RUNS, days, 0.0)
    told = [_is_told(gain + error * stray, error, contract) for stray in strays]
    return sum(told) / RUNS


def _is_told(gains: Floats, error: float, contract: Contract) -> bool:
    policy = contract.policy
    days = [
        PairedDay(
            day=FIRST_DAY + timedelta(days=number),
            champion=0.0,
            candidate=float(gain),
            gain=float(gain),
            error=error,
            rows=1,
        )
        for number, gain in enumerate(gains)
    ]
    interval = mean_gain(days, policy.versions.release, watch_days=policy.onset_days)
    if interval is None:
        return False
    return is_worse_by(interval.gain, interval.lower, policy.versions.margin)
