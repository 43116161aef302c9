"""What the statements answer: the shape of one row of each, under plain names."""

from datetime import date
from typing import Literal, TypedDict

Key = tuple[date, str]
"""Day and segment: what every row is about."""
Moment = Literal["e", "e2", "e4", "abs", "y", "y2", "sq_log", "sq_log2"]
"""A sum over the labelled rows of a regression; see `RegressionOutcome.sums`."""


class OfSegment(TypedDict):
    """A row about a day and segment."""

    day: date
    segment: str


class OfColumn(OfSegment):
    """A row about a column as well."""

    column: str


class SegmentSize(OfSegment):
    """Rows of a segment: all, labelled and failed; `of` so many of its dimension."""

    n: int
    labelled: int
    failed: int
    of: int


class BinSums(OfColumn):
    """Sums of a continuous column; `valid` rows of `n` have a value."""

    n: int
    valid: int
    below: int
    above: int
    below_distance: float
    above_distance: float
    total: float
    squares: float


class BinCell(OfColumn):
    """Rows of a coarse and fine bin; `fine` is -1 where it is not counted."""

    coarse: int
    fine: int
    n: int


class CategoryCell(OfColumn):
    """Rows of a category; null is none, or `is_other`: several put together."""

    category: str | None
    is_other: bool
    n: int
    categories: int


class BinaryCell(OfSegment):
    """Rows by score bin, predicted class and label; -1 is what is not known."""

    bin: int
    predicted: int
    label: int
    n: int
    scores: float


class MulticlassCell(OfSegment):
    """Rows by predicted class and label."""

    predicted: str | None
    label: str | None
    n: int


class RegressionSums(OfSegment):
    """Sums of errors and labels over the `labelled` rows of `n`; `logs` have RMSLE."""

    n: int
    labelled: int
    logs: int
    e: float
    e2: float
    e4: float
    abs: float
    y: float
    y2: float
    sq_log: float
    sq_log2: float


class NamedSegment(TypedDict):
    """A segment that is counted by name."""

    segment: str


class NamedCategory(TypedDict):
    """A category of a column that is counted by name."""

    column: str
    category: str
