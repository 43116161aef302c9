"""What a version's reference taught: all that later days are held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.counts import Bins, ColumnCounts
from monitoring_tasks.domain.profiles import DayProfile

MOST_CORRELATED = 0.9
"""A reference of weeks cannot tell a stronger correlation of days from a trend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrator:
    """A monotone map from score to probability: straight lines between knots.

    Without knots the score is its own probability.
    """

    scores: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyNoise:
    """How a metric moves from day to day on the reference.

    Attributes:
        mean: Mean over the reference days.
        spread: Standard deviation between days beyond sampling error, >= 0.
        days: Number of reference days behind it.
        sampling: Root mean square of the days' own standard errors, >= 0.
        correlation: Of consecutive days, beyond sampling error,
            0..`MOST_CORRELATED`.
        weekdays: What to add to the mean for each weekday, Monday first; empty where
            the weekdays do not differ or are too few to tell.
        rows: Mean rows of a reference day; 0 when unknown.
    """

    mean: float
    spread: float
    days: int
    sampling: float = 0.0
    correlation: float = 0.0
    weekdays: tuple[float, ...] = ()
    rows: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceProfile:
    """What a model version looked like when it was registered.

    Attributes:
        model: Registered model name.
        version: The version it belongs to.
        first_day: First day of the reference window.
        last_day: Last day of the reference window.
        trained_until: Last day whose rows the version was trained on.
        bins: Bins by continuous column.
        profile: The reference's own counts, on those bins.
        segments: Segment -> its counts by column, on the same bins; empty if it was
            built without them.
        calibrator: Score to probability, learnt on the reference.
        sampling: metric -> (standard deviation of one row, share of rows that
            count), from which the sampling error at any n follows.
        noise: `kind/metric/column/segment` -> how it moves from day to day.
        metrics: Metrics on the whole reference.
        baseline: What its days have in common; None if it was built without them.
    """

    model: str
    version: str
    first_day: date
    last_day: date
    trained_until: date
    profile: DayProfile
    bins: Mapping[str, Bins] = field(default_factory=dict)
    segments: Mapping[str, Mapping[str, ColumnCounts]] = field(default_factory=dict)
    calibrator: Calibrator = field(default_factory=Calibrator)
    sampling: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    noise: Mapping[str, DailyNoise] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    baseline: BatchBaseline | None = None

    @property
    def is_unlabelled(self) -> bool:
        """Whether nothing is known of the version's errors: no row has a label."""
        return self.profile.outcome.is_unlabelled
