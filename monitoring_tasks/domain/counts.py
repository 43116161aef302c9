"""What is counted of a day: columns, scores and labels, service. Counts add up.

Every distance, metric and estimate is arithmetic on these counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

FINE_BINS = 10_000
SCORE_BINS = 10_000
MAX_CATEGORIES = 500
"""Values of a column that are counted by name; the rows of all others are one count."""
LARGEST = 1e60
"""A number beyond this in size is no measurement and counts as no value: its fourth
power, which the spread of an error is taken from, would overflow with a few more."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoricalCounts:
    """A categorical column: rows by category, unseen categories included.

    Attributes:
        rows: All rows, nulls included.
        nulls: Rows without a category.
        counts: Rows by category: those of the reference, and the most common others
            up to `MAX_CATEGORIES`.
        other: Rows in all other categories.
        other_categories: How many others there are; at least so many where days were
            added up, for two days may have the same ones.
    """

    rows: int = 0
    nulls: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    other: int = 0
    other_categories: int = field(default=0, metadata={"merge": max})

    @property
    def valid(self) -> int:
        """Rows with a category."""
        return self.rows - self.nulls


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

    @property
    def is_unlabelled(self) -> bool:
        """Whether there are rows and none of them has a label."""
        return bool(self.cells) and all(label < 0 for _, _, label in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class MulticlassOutcome:
    """Predicted class against label; the label is None where it is not known.

    Rows without a predicted class are left out.
    """

    cells: Mapping[tuple[str, str | None], int] = field(default_factory=dict)

    @property
    def is_unlabelled(self) -> bool:
        """Whether there are rows and none of them has a label."""
        return bool(self.cells) and all(label is None for _, label in self.cells)


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

    @property
    def is_unlabelled(self) -> bool:
        """Whether there are rows and none of them has a label."""
        return bool(self.rows) and not self.labelled


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


LATENCY_GROWTH = 1.02
"""Each latency bin is 2 % wider than the one before: quantiles are within 1 %."""
Record = TypeVar("Record", bound=ColumnCounts | Outcome | ServiceCounts)


def add_up(records: Sequence[Record]) -> Record:
    """Add records of one class, at least one: field by field, mappings by key."""
    first = records[0]
    # Field by field two kinds might add up, into something that is neither.
    for other in records:
        if type(other) is not type(first):
            msg = f"cannot merge {type(first).__name__} with {type(other).__name__}"
            raise ValueError(msg)
    summed = {
        part.name: part.metadata.get("merge", _sum)(
            [getattr(record, part.name) for record in records]
        )
        for part in fields(first)
    }
    return type(first)(**summed)


def _sum(values: Sequence[Any]) -> Any:  # noqa: ANN401 (numbers or mappings)
    if not isinstance(values[0], Mapping):
        return sum(values)
    if hasattr(values[0], "added_to"):  # one that is kept as arrays
        return values[0].added_to(values[1:])
    summed = dict(values[0])
    so_far = summed.get
    for other in values[1:]:
        for key, count in other.items():
            summed[key] = so_far(key, 0) + count
    return summed
