"""What two versions gave for the same rows, and by how much they differ by day."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from monitoring_tasks.statistics.arrays import Codes, Floats

FEWEST_DAYS = 5
"""From so many days on, what days differ by beyond their rows is part of the error."""


@dataclass(frozen=True, slots=True)
class PairedRows:
    """What two versions gave for the same rows, in the same order.

    Attributes:
        champion: Scores (roc_auc, brier) or predictions of the live version;
            shape (n,).
        candidate: The same of the candidate, shape (n,).
        labels: The truth; 0 or 1 for binary metrics; no missing values; shape (n,).
        day_of_row: Which day each row is of, as any whole number, shape (n,); None
            takes all rows for one day's.
    """

    champion: Floats
    candidate: Floats
    labels: Floats
    day_of_row: Codes | None = None

    @property
    def by_day(self) -> list[Codes]:
        """Where the rows of each day are."""
        if self.day_of_row is None:
            return [np.arange(len(self.labels))]
        _, codes, counts = np.unique(
            self.day_of_row, return_inverse=True, return_counts=True
        )
        order = np.argsort(codes, kind="stable")
        return np.split(order, np.cumsum(counts)[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDays:
    """Two versions on the same rows, as a whole and day by day.

    Attributes:
        values: The champion's value and the candidate's.
        sampling: Standard error of their difference from sampling rows.
        differences: Candidate less champion on each day, shape (n_days,).
        weights: What each day counts for, shape (n_days,); adds up to 1.
    """

    values: tuple[float, float]
    sampling: float
    differences: Floats
    weights: Floats

    def half_width(self, confidence: float) -> float:
        """Return half the interval of the difference."""
        level, count = 0.5 + confidence / 2, len(self.weights)
        half = float(ndtri(level)) * self.sampling
        if count < FEWEST_DAYS:
            return half
        mean = np.sum(self.weights * self.differences)
        squares = (self.weights * (self.differences - mean)) ** 2
        between = float(np.sqrt(squares.sum() * count / (count - 1)))
        return max(half, float(stdtrit(count - 1, level)) * between)
