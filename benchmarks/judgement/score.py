"""Counting what was right, with intervals. Pure.

Rates: exact Poisson intervals (Garwood 1936, Biometrika 28, 437-442). Shares: exact
binomial ones (Clopper and Pearson 1934, Biometrika 26, 404-413). Quantiles of days to
detect: percentile bootstrap over cases, a case that was not found counting as never.
They say what chance would do if days, or cases, were independent; cases share days and
faults, so the truth is wider.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy import stats

from benchmarks.judgement.answers import Answer
from benchmarks.judgement.cases import Case

DAYS_OF_YEAR = 365
QUIET_DAYS = 3
"""An alarm within so many days of the last one is the same page."""
CONFIDENCE = 0.95
ROLLBACK = "rollback"
DRAWS = 2_000
NEVER = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A number between two others; `of` is what it was counted in."""

    value: float
    lower: float
    upper: float
    count: float = 0
    of: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rule made of a case.

    Attributes:
        days_to_find: Faulty day of the first alarm, counted from 1; None for none.
        is_in_time: Whether that was soon enough; of a silent case, whether all was
            quiet.
        is_cause_right: Whether the first alarm named a right cause; None if it was not
            found or the tool names none.
        is_action_right: Whether what was asked for was right; None likewise.
        rolled_back: Whether a rollback was asked for on any day.
    """

    days_to_find: int | None
    is_in_time: bool
    is_cause_right: bool | None = None
    is_action_right: bool | None = None
    rolled_back: bool = False


def yearly(events: int, days: int) -> Interval:
    """Return events per model-year with their exact Poisson interval; `days` > 0."""
    tail = (1 - CONFIDENCE) / 2
    lower = stats.chi2.ppf(tail, 2 * events) / 2 if events else 0.0
    upper = stats.chi2.ppf(1 - tail, 2 * (events + 1)) / 2
    years = days / DAYS_OF_YEAR
    return Interval(
        value=events / years,
        lower=float(lower) / years,
        upper=float(upper) / years,
        count=events,
        of=days,
    )


def share(hits: int, tries: int) -> Interval:
    """Return a share with its exact binomial interval; of no try nothing is known."""
    if tries == 0:
        return Interval(value=math.nan, lower=0.0, upper=1.0)
    tail = (1 - CONFIDENCE) / 2
    lower = stats.beta.ppf(tail, hits, tries - hits + 1) if hits else 0.0
    upper = stats.beta.ppf(1 - tail, hits + 1, tries - hits) if hits < tries else 1.0
    return Interval(
        value=hits / tries,
        lower=float(lower),
        upper=float(upper),
        count=hits,
        of=tries,
    )


def quantile(
    days_to_find: Sequence[int | None], level: float, *, seed: int = 0
) -> Interval:
    """Return the smallest day by which at least `level` of the cases were found.

    `math.inf` where that many never were.
    """
    if not days_to_find:
        return Interval(value=math.nan, lower=0.0, upper=NEVER)
    days = np.array([NEVER if day is None else float(day) for day in days_to_find])
    random = np.random.default_rng(seed)
    drawn = random.choice(days, (DRAWS, len(days)))
    found = np.sort(_quantiles(drawn, level))
    tail = round(DRAWS * (1 - CONFIDENCE) / 2)
    return Interval(
        value=float(_quantiles(days[None, :], level)[0]),
        lower=float(found[tail]),
        upper=float(found[-1 - tail]),
        count=int(np.isfinite(days).sum()),
        of=len(days),
    )


def _quantiles(rows: np.ndarray, level: float) -> np.ndarray:
    place = max(0, math.ceil(level * rows.shape[1] - 1e-9) - 1)
    return np.sort(rows, axis=1)[:, place]


def pages(alarms: Mapping[date, bool], counted: set[date]) -> int:
    """Count alarms that begin on counted days; one within `QUIET_DAYS` is no new one.

    Args:
        alarms: Every day that was looked at.
        counted: The days on which an alarm is a false one.
    """
    begun = 0
    for day, is_alarm in alarms.items():
        before = [day - timedelta(days=back) for back in range(1, QUIET_DAYS + 1)]
        if is_alarm and day in counted:
            begun += not any(alarms.get(past) for past in before)
    return begun


def outcome(case: Case, answers: Sequence[Answer], rule: str) -> Outcome:
    """Hold the answers about a case against the truth."""
    truth = case.truth
    faulty = [answer for answer in answers if answer.day in case.days]
    loud = [answer for answer in faulty if answer.alerts[rule]]
    rolled_back = any(answer.remedy == ROLLBACK for answer in faulty)
    if truth.is_silent:
        names_remedies = any(answer.remedy for answer in faulty)
        return Outcome(
            days_to_find=None,
            is_in_time=not loud,
            is_action_right=not loud if names_remedies else None,
            rolled_back=rolled_back,
        )
    if not loud:
        return Outcome(days_to_find=None, is_in_time=False, rolled_back=rolled_back)
    found = (loud[0].day - case.onset).days + 1
    names_causes = bool(loud[0].remedy)
    may_roll_back = bool(case.release)
    action = rolled_back if truth.needs_rollback else may_roll_back or not rolled_back
    return Outcome(
        days_to_find=found,
        is_in_time=loud[0].day in case.decisive,
        is_cause_right=loud[0].cause in truth.causes if names_causes else None,
        is_action_right=action if names_causes else None,
        rolled_back=rolled_back,
    )
