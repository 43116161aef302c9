"""What one check promises: the change it tells, how soon, and its false alarms."""

from collections.abc import Callable
from dataclasses import dataclass

from monitoring_tasks.operations.promises.told_days import POWER, ToldDays, smallest

WITHIN_DAYS = (7, 28)
Chance = Callable[[float], float]
"""From the size of a change to the probability that one day with it is past a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTest:
    """One number of a day, held against its limit.

    Attributes:
        family: What it is one of: `drift of inputs`, `releases`, ...
        check: What it asks.
        about: The column, relation or label it asks about; empty for the batch.
        unit: What a size is of.
        chance: From a size to the probability that a day is past the limit.
        largest: The largest size there is, or that is tried.
        false_alarm: Probability that a healthy day is past it, at most.
        correlation: Of consecutive days, 0..1.
        gross: From a size to the probability that a day is gross, which is told without
            a second day; None where nothing is.
    """

    family: str
    check: str
    about: str
    unit: str
    chance: Chance
    largest: float
    false_alarm: float
    correlation: float = 0.0
    gross: Chance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPromise:
    """What a check promises. Sizes are None where no change is told so often.

    Attributes:
        family: What it is one of.
        check: What it asks.
        about: The column, relation or label it asks about; empty for the batch.
        unit: What a size is of.
        on_the_day: Smallest size that is past the limit on a day in 4 of 5 cases.
        within_7_days: Smallest size that is told within seven days in 4 of 5.
        within_28_days: The same within 28 days.
        at_once: Smallest size that is gross in 4 of 5 cases, and told on the very day.
        false_days: Healthy days a year past the limit, at most.
        false_alarms: Times a year that healthy days are told of, at most.
        basis: How it was worked out: `formula` or `simulation`.
    """

    family: str
    check: str
    about: str
    unit: str
    on_the_day: float | None
    within_7_days: float | None
    within_28_days: float | None
    at_once: float | None
    false_days: float
    false_alarms: float
    basis: str


def promise_of(test: DayTest, told: ToldDays, *, basis: str) -> FamilyPromise:
    """Return what a check promises, told by the rule of persistence.

    A gross change needs no second day.

    Args:
        test: The check.
        told: When days past a limit are told of.
        basis: How its chances are known: `formula` or `simulation`.
    """
    sizes = [smallest(test.chance, POWER, largest=test.largest)]
    sizes += [
        smallest(
            test.chance,
            told.needed(days, correlation=test.correlation),
            largest=test.largest,
        )
        for days in WITHIN_DAYS
    ]
    at_once = None
    if test.gross is not None:
        at_once = smallest(test.gross, POWER, largest=test.largest)
    if at_once is not None:
        sizes = [at_once if size is None else min(size, at_once) for size in sizes]
    return FamilyPromise(
        family=test.family,
        check=test.check,
        about=test.about,
        unit=test.unit,
        on_the_day=sizes[0],
        within_7_days=sizes[1],
        within_28_days=sizes[2],
        at_once=at_once,
        false_days=told.days_a_year(test.false_alarm),
        false_alarms=told.alarms_a_year(test.false_alarm, test.correlation),
        basis=basis,
    )
