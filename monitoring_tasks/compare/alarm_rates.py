"""How often limits alarm while nothing is wrong, in numbers a year."""

from dataclasses import dataclass
from typing import Final

from monitoring_tasks.compare.simulated_codes import Flags

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

    The interval is that of the drawing alone.

    Attributes:
        value: Mean over the drawn years, >= 0.
        lower: Lower end of its interval, >= 0.
        upper: Upper end of its interval.
        quiet: Share of the years without any, 0..1.
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
        total: Of the day's verdict.
        objectives: Of each objective by itself, in the order given.
        horizons: Of the breaches of each of its horizons by themselves, by days,
            shortest first; last the losses it adds up (`ADDED_UP`).
    """

    total: Rates
    objectives: tuple[Rates, ...]
    horizons: tuple[dict[int, Rates], ...]


def rate_of(events: Flags) -> Rate:
    """Return how often events happen a year; events of shape (runs, days)."""
    # The drawn days need not be a whole year.
    years = events.sum(axis=1) * YEAR / events.shape[1]
    mean = float(years.mean())
    error = float(years.std(ddof=1)) / len(years) ** 0.5
    return Rate(
        value=mean,
        lower=max(mean - CERTAIN * error, 0.0),
        upper=mean + CERTAIN * error,
        quiet=float((years == 0).mean()),
    )
