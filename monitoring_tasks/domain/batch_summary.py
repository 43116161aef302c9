"""What a day's rows look like, in a few numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

FINER = ("finer0", "finer1", "finer2")
"""Kinds of shares: of values with more than 0, 1 and 2 decimals."""


class Grain(NamedTuple):
    """How many decimals the values of a column have.

    Attributes:
        asked: Finite values that were looked at, at least one.
        present: Those other than 0.
        distinct: Different ones of these.
        finer: By `FINER`, how many have more decimals.
        finer_middles: Median of these; 0 where there is none.
        coarser_middles: Median of the others; 0 where there is none.
    """

    asked: int
    present: int
    distinct: int
    finer: tuple[int, ...]
    finer_middles: tuple[float, ...]
    coarser_middles: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSummary:
    """What a day's rows look like.

    Attributes:
        day: The calendar day.
        rows: How many rows.
        nulls: Column -> share of rows without a value; not-a-number is none.
        common: Column -> share of the most common value among the values.
        value: Column -> that value, as text.
        quantiles: Continuous column -> its 5, 25, 50, 75 and 95 % quantiles.
        distributions: Continuous column -> its smallest value, more quantiles (finer
            at the ends), its largest value; see `validate.distributions.GRID`.
        grain: Column of numbers that is no score -> how many decimals its values have.
        categories: Categorical column -> category -> rows; the most common ones, and
            those that were asked for.
        other: Categorical column -> rows in all other categories; where there are any.
        unlike: `kind/column` -> rows that are unlike what their reference has ever
            seen, and the rows that were asked; see
            `validate/corruption/unlike_rows.py`.
        sketch: Smallest hashes of the rows' inputs, in order; see
            `validate/summary/row_identity.py`.
        hours: Timestamp, and calendar columns that count hours -> rows by hour.
        segments: `column=value` -> what the rows of a declared segment or protected
            group look like, some of them where they are many; without parts of its own.
    """

    day: date
    rows: int
    nulls: Mapping[str, float] = field(default_factory=dict)
    common: Mapping[str, float] = field(default_factory=dict)
    value: Mapping[str, str] = field(default_factory=dict)
    quantiles: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    distributions: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    grain: Mapping[str, Grain] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    other: Mapping[str, int] = field(default_factory=dict)
    hours: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    segments: Mapping[str, "BatchSummary"] = field(default_factory=dict)
    unlike: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    sketch: tuple[int, ...] = ()
