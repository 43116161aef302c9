"""What a contract's limits promise: how often they cry wolf, and what they find.

Everything is counted on drawn days (`simulated_days`) that the day's own rules judge
(`simulated_verdicts`). Pure: the same seed gives the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitoring_tasks.compare.change_detector import Floats
from monitoring_tasks.compare.loss_sequences import is_added_up, series_of
from monitoring_tasks.compare.simulated_control import control_groups
from monitoring_tasks.compare.simulated_days import Watched, draw_days
from monitoring_tasks.compare.simulated_pages import (
    Told,
    confirm,
    day_codes,
    openings,
)
from monitoring_tasks.compare.simulated_verdicts import (
    BREACH,
    Codes,
    Flags,
    judge_horizons,
    judge_sequence,
)
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy

YEAR: Final = 365
ADDED_UP: Final = 0
"""In the place of a horizon's days: losses added up without end."""
CERTAIN: Final = 1.96
"""Half width of a 95 % interval, in standard errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is drawn; more is slower and surer.

    Attributes:
        runs: Years drawn for rates.
        runs_a_drop: Onsets drawn for each size of drop.
        drops: Sizes of drop that are tried.
        reach_days: Days after which a drop counts as not found.
    """

    runs: int = 600
    runs_a_drop: int = 150
    drops: int = 20
    reach_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Events per model-year while nothing is wrong, with a 95 % interval.

    The interval is that of the drawing alone. `quiet` is the share of years without
    any.
    """

    value: float
    lower: float
    upper: float
    quiet: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What limits do while nothing is wrong.

    Attributes:
        breaches: Days in breach.
        confirmed: Days on which persistence confirms a breach: false alarm days.
        pages: Those of them on which none was open: somebody is called.
    """

    breaches: Rate
    confirmed: Rate
    pages: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """False alarms of a contract.

    Attributes:
        whole: Of the day's verdict.
        objectives: Of each objective by itself, in the order given.
        horizons: Of the breaches of each of its horizons by themselves, by days,
            shortest first; last the losses it adds up (`ADDED_UP`).
    """

    whole: Rates
    objectives: tuple[Rates, ...]
    horizons: tuple[dict[int, Rates], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
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
        """Give the smallest drop found within so many days with this probability.

        Straight lines between the sizes tried; None when none of them is found.
        """
        days = self.page_days if paged else self.breach_days
        shares = np.maximum.accumulate((days <= within).mean(axis=1))
        if shares[-1] < power:
            return None
        if shares[0] >= power:
            return float(self.drops[0])
        return float(np.interp(power, shares, self.drops))


def false_alarms(
    watched: Sequence[Watched],
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
        watched: The objectives, in the order of the contract.
        policy: The rules.
        labels_known: Whether labels are there when a day is first judged, so that an
            estimate is left aside where its realized number tells.
        seed: Where chance starts.
        size: How many years.
    """
    told = _healthy(watched, policy, seed=seed, size=size)
    days = day_codes(watched, told, labels_known=labels_known)
    return Alarms(
        whole=_rates(days, policy),
        objectives=tuple(_rates(one.codes, policy) for one in told),
        horizons=tuple(
            {
                name: _rates(one.alone(part), policy)
                for name, part in zip(
                    _names(number.objective, policy), one.parts, strict=False
                )
            }
            for number, one in zip(watched, told, strict=True)
        ),
    )


def _names(objective: Objective, policy: Policy) -> list[int]:
    """Name the parts of a verdict: the days of each horizon, then `ADDED_UP`."""
    return [*(h.days for h in objective.horizons_in(policy)), ADDED_UP]


def false_alarms_of_days(
    watched: Sequence[Watched],
    policy: Policy,
    *,
    labels_known: bool,
    seed: int,
    size: Size,
) -> Rates:
    """Count the alarms of the whole alone, as `false_alarms` does; quicker."""
    told = _healthy(watched, policy, seed=seed, size=size)
    return _rates(day_codes(watched, told, labels_known=labels_known), policy)


def _healthy(
    watched: Sequence[Watched], policy: Policy, *, seed: int, size: Size
) -> list[Told]:
    """Draw years in which nothing is wrong, and judge them."""
    rng = np.random.default_rng(seed)
    days = _warm_up(policy) + YEAR
    values = [draw_days(one, runs=size.runs, days=days, rng=rng) for one in watched]
    return _judge(watched, values, policy)


def _rates(codes: Codes, policy: Policy) -> Rates:
    """Count what happens once every pool is full."""
    confirmed = confirm(codes, policy)
    opened = openings(confirmed, codes, policy.recovery_days)
    kinds = (codes == BREACH, confirmed, opened)
    counted = [_rate(events[:, _warm_up(policy) :]) for events in kinds]
    return Rates(breaches=counted[0], confirmed=counted[1], pages=counted[2])


def find_drops(
    watched: Sequence[Watched],
    which: int,
    policy: Policy,
    *,
    drops: Sequence[float],
    seed: int,
    size: Size,
) -> Found:
    """Let an objective's number fall for good and see when its limits find it.

    Only this objective tells; the same chance befalls every size.

    Args:
        watched: The objectives; how many detectors share a promise follows from all.
        which: The one that falls.
        policy: The rules.
        drops: Sizes, > 0, in units of the metric; growing.
        seed: Where chance starts.
        size: How many onsets.
    """
    one, rng = watched[which], np.random.default_rng(seed)
    skipped, runs = _warm_up(policy), size.runs_a_drop
    days = skipped + size.reach_days
    healthy = draw_days(one, runs=runs, days=days, rng=rng)
    falls = np.zeros((len(drops), 1, days))
    falls[:, 0, skipped:] = np.array(drops)[:, None]
    values = (healthy + one.worse * falls).reshape(-1, days)
    added = judge_sequence(one, values, policy, detectors=_detectors(watched))
    judged = judge_horizons(one, values, policy)
    told = Told(horizons=tuple(found.codes for found in judged), added=added).codes
    breach, page = told == BREACH, confirm(told, policy)
    return Found(
        drops=np.array(drops),
        breach_days=_first(breach[:, skipped:]).reshape(len(drops), runs),
        page_days=_first(page[:, skipped:]).reshape(len(drops), runs),
    )


def _warm_up(policy: Policy) -> int:
    """Give whole weeks of healthy days that fill every pool and both rules."""
    longest = max(policy.horizons[-1].days, policy.slow_persistence.of_days, 28)
    return -(-longest // 7) * 14


def _detectors(watched: Sequence[Watched]) -> int:
    return series_of([w.objective for w in watched if is_added_up(w.objective)])


def _judge(
    watched: Sequence[Watched], values: Sequence[Floats], policy: Policy
) -> list[Told]:
    """Judge every objective: over its horizons, and its losses added up."""
    judged = {
        place: judge_horizons(one, values[place], policy)
        for place, one in enumerate(watched)
    }
    controlled = control_groups(judged, policy.false_discovery_rate)
    detectors = _detectors(watched)
    return [
        Told(
            horizons=tuple(controlled[place]),
            added=judge_sequence(one, values[place], policy, detectors=detectors),
        )
        for place, one in enumerate(watched)
    ]


def _first(events: Flags) -> Floats:
    """Give the number of the first day with an event, counted from 1; else inf."""
    return np.where(events.any(axis=1), events.argmax(axis=1) + 1.0, np.inf)


def _rate(events: Flags) -> Rate:
    years = events.sum(axis=1) * YEAR / events.shape[1]
    mean = float(years.mean())
    error = float(years.std(ddof=1)) / len(years) ** 0.5
    return Rate(
        value=mean,
        lower=max(mean - CERTAIN * error, 0.0),
        upper=mean + CERTAIN * error,
        quiet=float((years == 0).mean()),
    )
