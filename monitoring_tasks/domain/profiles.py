"""What is kept of a day: counts, never rows.

Profiles of one reference merge by addition: a week is seven days added, a small
day is pooled with its neighbours. Every distance, metric and estimate is
arithmetic on these counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import reduce
from typing import Any, Self, cast

from monitoring_tasks.domain.likeness import Norms

FINE_BINS = 10_000
SCORE_BINS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """Equal-width bins over a reference column; edges as `numpy.linspace` makes them.

    Attributes:
        low: First edge.
        high: Last edge; the last bin includes it.
        coarse: Number of bins for distances on few bins (Doane's rule).
        fine: Number of bins for distances on the distribution function.
    """

    low: float
    high: float
    coarse: int
    fine: int = FINE_BINS


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuousCounts:
    """A continuous column, counted on a reference's bins.

    Attributes:
        rows: All rows, nulls included.
        nulls: Rows without a finite value.
        below: Rows under the first edge.
        above: Rows over the last edge.
        below_distance: Sum of (first edge - value) over the rows below.
        above_distance: Sum of (value - last edge) over the rows above.
        total: Sum of all finite values.
        squares: Sum of their squares.
        coarse: Rows by coarse bin, sparse.
        fine: Rows by fine bin, sparse; empty for segments.
    """

    rows: int = 0
    nulls: int = 0
    below: int = 0
    above: int = 0
    below_distance: float = 0.0
    above_distance: float = 0.0
    total: float = 0.0
    squares: float = 0.0
    coarse: Mapping[int, int] = field(default_factory=dict)
    fine: Mapping[int, int] = field(default_factory=dict)

    @property
    def valid(self) -> int:
        """Rows with a finite value."""
        return self.rows - self.nulls

    def __add__(self, other: Self) -> Self:
        """Pool two sets of counts made on the same bins."""
        return cast("Self", _add(self, other))


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoricalCounts:
    """A categorical column: rows by category, unseen categories included."""

    rows: int = 0
    nulls: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def valid(self) -> int:
        """Rows with a category."""
        return self.rows - self.nulls

    def __add__(self, other: Self) -> Self:
        """Pool two sets of counts."""
        return cast("Self", _add(self, other))


ColumnCounts = ContinuousCounts | CategoricalCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryOutcome:
    """Scores of a binary model by bin, predicted class and label.

    Attributes:
        cells: (score bin, predicted class, label) -> rows. The label is -1 where
            it is not known. Bin `i` covers [i, i+1) / SCORE_BINS; 1.0 is in the last.
        score_sums: (score bin, predicted class, label) -> sum of the scores, so that
            anything linear in the score within a bin is exact.
        invalid: Rows whose score is null, not a number or outside 0..1.
    """

    cells: Mapping[tuple[int, int, int], int] = field(default_factory=dict)
    score_sums: Mapping[tuple[int, int, int], float] = field(default_factory=dict)
    invalid: int = 0

    def __add__(self, other: Self) -> Self:
        """Pool two days."""
        return cast("Self", _add(self, other))


@dataclass(frozen=True, slots=True, kw_only=True)
class MulticlassOutcome:
    """Predicted class against label; the label is None where it is not known.

    Rows without a predicted class are left out.
    """

    cells: Mapping[tuple[str, str | None], int] = field(default_factory=dict)

    def __add__(self, other: Self) -> Self:
        """Pool two days."""
        return cast("Self", _add(self, other))


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionOutcome:
    """Moments of the error (prediction - label) over the labelled rows.

    `sums` holds the sums of: `e`, `e2`, `e4`, `abs`, `y`, `y2`; and of `sq_log`
    (squared difference of log1p) and `sq_log2` over the `logs` rows where both
    are > -1.
    """

    rows: int = 0
    labelled: int = 0
    sums: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Self) -> Self:
        """Pool two days."""
        return cast("Self", _add(self, other))


Outcome = BinaryOutcome | MulticlassOutcome | RegressionOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCounts:
    """How the scoring job behaved: latency by log bin, errors.

    Attributes:
        latency: floor(log(seconds) / log(LATENCY_GROWTH)) -> rows.
        errors: Rows flagged as failed.
        rows: All rows.
    """

    rows: int = 0
    latency: Mapping[int, int] = field(default_factory=dict)
    errors: int = 0

    def __add__(self, other: Self) -> Self:
        """Pool two days."""
        return cast("Self", _add(self, other))


LATENCY_GROWTH = 1.02
"""Each latency bin is 2 % wider than the one before: quantiles are within 1 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayProfile:
    """Everything kept of one model version on one day in one segment.

    Attributes:
        model: Registered model name.
        day: The model's own calendar day (the first one, when days are pooled).
        version: The version the rows were scored with.
        segment: `all`, or `column=value`.
        rows: Rows of predictions.
        labelled: Rows whose label is known.
        columns: Counts by column; the score is one of them.
        outcome: Scores and labels.
        service: Latency and errors; None when not logged.
    """

    model: str
    day: date
    version: str
    segment: str
    rows: int
    labelled: int
    outcome: Outcome
    columns: Mapping[str, ColumnCounts] = field(default_factory=dict)
    service: ServiceCounts | None = None

    @property
    def label_coverage(self) -> float:
        """Share of rows whose label is known, 0..1."""
        return self.labelled / self.rows if self.rows else 0.0


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
        correlation: Of consecutive days, beyond sampling error, 0..0.9.
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
        calibrator: Score to probability, learnt on the reference.
        sampling: metric -> (standard deviation of one row, share of rows that
            count), from which the sampling error at any n follows.
        noise: `kind/metric/column/segment` -> how it moves from day to day.
        metrics: Metrics on the whole reference.
        norms: What its days have in common; None if it was built without them.
    """

    model: str
    version: str
    first_day: date
    last_day: date
    trained_until: date
    profile: DayProfile
    bins: Mapping[str, Bins] = field(default_factory=dict)
    calibrator: Calibrator = field(default_factory=Calibrator)
    sampling: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    noise: Mapping[str, DailyNoise] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    norms: Norms | None = None


def merge(profiles: list[DayProfile]) -> DayProfile:
    """Pool days of one version and segment; associative and commutative in counts.

    Raises:
        ValueError: If the list is empty or mixes versions, segments or kinds.
    """
    if not profiles:
        msg = "there is nothing to merge"
        raise ValueError(msg)
    if len({(p.model, p.version, p.segment) for p in profiles}) > 1:
        msg = "only days of one model, version and segment can be merged"
        raise ValueError(msg)
    return reduce(_add_days, profiles)


def _add_days(left: DayProfile, right: DayProfile) -> DayProfile:
    columns = {
        name: _add(left.columns[name], right.columns[name])
        if name in left.columns and name in right.columns
        else left.columns.get(name) or right.columns[name]
        for name in {**left.columns, **right.columns}
    }
    service = (
        _add(left.service, right.service)
        if left.service and right.service
        else left.service or right.service
    )
    return DayProfile(
        model=left.model,
        day=min(left.day, right.day),
        version=left.version,
        segment=left.segment,
        rows=left.rows + right.rows,
        labelled=left.labelled + right.labelled,
        outcome=_add(left.outcome, right.outcome),
        columns=columns,
        service=service,
    )


def _add(left: Any, right: Any) -> Any:  # noqa: ANN401 (any of the records above)
    """Add two records of one class, field by field; mappings by key."""
    if type(left) is not type(right):
        msg = f"cannot merge {type(left).__name__} with {type(right).__name__}"
        raise ValueError(msg)
    summed = {
        part.name: _sum(getattr(left, part.name), getattr(right, part.name))
        for part in fields(left)
    }
    return type(left)(**summed)


def _sum(left: Any, right: Any) -> Any:  # noqa: ANN401 (number or mapping)
    if not isinstance(left, Mapping):
        return left + right
    summed = dict(left)
    for key, count in right.items():
        summed[key] = summed.get(key, 0) + count
    return summed
