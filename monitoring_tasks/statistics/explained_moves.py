"""How far a daily number goes with what was expected of it, learnt from days."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.day_levels import DayLevel

DOUBT = 0.25
"""Standard deviation of the slope before a day has shown it: a model that has not seen
such a move follows it by more or by less than all of it (a convention)."""
ROUNDS = 3
"""The slope needs the spread of the days around it, and the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """By how much a number moves where what was expected of it moves by 1.

    Attributes:
        value: 1 where the number does what is expected, and no day says more.
        error: Its standard error.
        middle: Mean of what was expected on the days.
    """

    value: float
    error: float
    middle: float

    def rest_of(self, days: Sequence[DayLevel]) -> Floats:
        """Return the numbers less how far they go with what was expected of them.

        Args:
            days: Shape (n_days,); as expected on the mean day, they are as they were.
        """
        said = np.array([d.said for d in days])
        return np.array([d.value for d in days]) - self.value * (said - self.middle)


def slope_on_expected(days: Sequence[DayLevel], *, correlation: float) -> Slope:
    """Return the slope of a number on what was expected of it.

    Normal regression whose slope is 1, `DOUBT` aside, before it is seen: days on which
    what is expected never moved say nothing of how the number will follow, and a move
    they have not seen is as uncertain as it is large.

    Args:
        days: At least two.
        correlation: Of consecutive days: so many fewer of them are independent.

    References:
        Cox (1958), Biometrika 45, 562-565 (the slope of calibration).
        Hoerl, Kennard (1970), Technometrics 12, 55-67 (shrunken regression).
    """
    said = np.array([d.said for d in days])
    apart = said - said.mean()
    beyond = np.array([d.value for d in days]) - said
    beyond -= beyond.mean()
    repeated = (1 + correlation) / (1 - correlation)
    more, precision = 0.0, 1 / DOUBT**2
    for _ in range(ROUNDS):
        around = float(np.sum((beyond - more * apart) ** 2)) / (len(days) - 1)
        # Days exactly on a line know the slope exactly.
        weight = 1 / max(around * repeated, 1e-12)
        precision = 1 / DOUBT**2 + weight * float(apart @ apart)
        more = weight * float(apart @ beyond) / precision
    return Slope(
        value=1 + more, error=float(precision**-0.5), middle=float(said.mean())
    )
