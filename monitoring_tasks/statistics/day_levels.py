"""A number of one day beside what was expected of it, and a share on the log odds."""

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLevel:
    """A number of one day.

    Attributes:
        day: The day.
        value: The number.
        error: Its standard error from sampling; 0 where nobody knows it.
        rows: Rows behind it.
        said: What was expected of it, in its unit; the same on all days where nothing
            was.
    """

    day: date
    value: float
    error: float
    rows: int
    said: float = 0.0


def share_level(
    day: date, share: float, rows: int, *, usual: float, beside: float = 0.5
) -> DayLevel:
    """Return a share on the log odds, on which days are spread more evenly.

    Half a row is added to either side, so that a share of 0 or 1 is as far off as so
    many rows can tell (Haldane 1956, Annals of Human Genetics 20, 309-311).

    Args:
        day: The day.
        share: Of its rows, 0..1.
        rows: How many rows it is a share of, at least one.
        usual: The share by which it errs: that of a share of 0 or 1 would be endless.
        beside: The share that was expected of these rows.
    """
    smooth = (share * rows + 0.5) / (rows + 1)
    least = 0.5 / (rows + 1)
    likely = min(max(usual, least), 1 - least)
    return DayLevel(
        day=day,
        value=log_odds(smooth),
        error=1 / math.sqrt((rows + 1) * likely * (1 - likely)),
        rows=rows,
        said=log_odds(min(max(beside, least), 1 - least)),
    )


def log_odds(share: float) -> float:
    """Return the logarithm of the odds of a share between 0 and 1."""
    return math.log(share / (1 - share))


def share_of(level: float) -> float:
    """Return the share whose log odds are given."""
    return 1 / (1 + math.exp(-level))
