"""A column in memory as standard expectations are counted on it."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.engine_checks.cells import Cells
from monitoring_tasks.validate.engine_checks.counting import (
    Column,
    Kind,
    NotCountedError,
)
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.rules import lies_between


@dataclass(frozen=True)
class TableColumn(Column):
    """A column without dictionary and decimals; see `Column`.

    Attributes:
        array: Its values, null where there is none; not-a-number is null.
    """

    array: pa.ChunkedArray

    @property
    def type(self) -> pa.DataType:
        """The type of the values."""
        return self.array.type

    @property
    def values(self) -> Cells:
        """One value per row."""
        return Cells(self.array)

    @property
    def comparable(self) -> Cells:
        """The values: one of 32 bits is compared as the double it is."""
        return self.values

    @property
    def doubles(self) -> Cells:
        """The numbers as doubles."""
        return Cells(self.array.cast(pa.float64(), safe=False))

    @property
    def lengths(self) -> Cells:
        """How many characters each text has."""
        return Cells(pc.utf8_length(self.array))

    @property
    def is_there(self) -> Cells:
        """True on rows with a value."""
        return Cells(self.array.is_valid())

    @cached_property
    def present(self) -> pa.ChunkedArray:
        """The values that are there."""
        return self.array.drop_null() if self.array.null_count else self.array

    @cached_property
    def numbers(self) -> pa.ChunkedArray:
        """The numbers that are there, as floats: sums of whole ones wrap round."""
        return self.present.cast(pa.float64(), safe=False)

    @cached_property
    def ends(self) -> dict[str, Any]:
        """The smallest and the largest value; None and None where there is none."""
        return dict(pc.min_max(self.present).as_py())

    def is_in(self, wanted: list[Any]) -> Cells:
        """Return true on values of a set."""
        values = with_one_zero(self.array)
        # A single is no value of a set of doubles, unless it is one of both.
        if self.kind is Kind.SINGLE:
            values = values.cast(pa.float64())
        return Cells(pc.is_in(values, value_set=pa.array(wanted, values.type)))

    def is_within(self, kwargs: Kwargs) -> bool:
        """Whether the smallest and the largest value lie between two bounds."""
        ends = [end for end in self.ends.values() if end is not None]
        return all(lies_between(end, kwargs) for end in ends)

    def contains(self, pattern: str) -> Cells:
        """Return true on texts a regular expression is found in."""
        texts = self.array.to_pandas()
        # pandas knows where Arrow reads an expression as Python does, and where not.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # groups are no mistake
            found = texts.str.contains(pattern)
        return Cells(pa.chunked_array([pa.array(found, pa.bool_())]))

    def has_z_scores_below(self, limit: float, *, double_sided: bool) -> Cells:
        """Return true on numbers fewer than so many deviations from the mean."""
        deviation = pc.stddev(self.numbers, ddof=1)
        if not deviation.as_py():
            return self.is_there
        apart = pc.subtract(self.doubles.array, pc.mean(self.numbers))
        scores = pc.divide(apart, deviation)
        if double_sided:
            scores, limit = pc.abs(scores), abs(limit)
        return Cells(pc.or_(pc.less(scores, limit), pc.is_nan(scores)))

    def statistic(self, name: str) -> Any:  # noqa: ANN401 (a number or an instant)
        """Return a statistic of the values that are there."""
        return STATISTICS[name](self)

    def quantiles(self, percent: Sequence[float]) -> list[Any]:
        """Return the quantiles, each a value that occurs."""
        if not len(self.present):
            raise NotCountedError
        values = np.percentile(self.present.to_numpy(), percent, method="nearest")
        return list(values.tolist())

    @property
    def floats(self) -> Floats:
        """The numbers that are there, for numpy."""
        floats: Floats = self.numbers.to_numpy()
        return floats


def _most_common(column: TableColumn) -> list[Any]:
    pairs = with_one_zero(column.present).value_counts()
    counts = pairs.field("counts")
    top = pairs.field("values").filter(pc.equal(counts, pc.max(counts)))
    return sorted(top.to_pylist())


STATISTICS: Mapping[str, Callable[[TableColumn], Any]] = MappingProxyType(
    {
        "min": lambda column: column.ends["min"],
        "max": lambda column: column.ends["max"],
        "present": lambda column: len(column.present),
        "beyond": lambda _: 0,
        "mean": lambda column: pc.mean(column.numbers).as_py(),
        "total": lambda column: pc.sum(column.numbers).as_py(),
        "sizes": lambda column: float(np.abs(column.floats).sum()),
        "deviation": lambda column: pc.stddev(column.numbers, ddof=1).as_py(),
        "median": lambda column: (
            float(np.median(column.floats)) if len(column.floats) else None
        ),
        "most_common": _most_common,
    }
)
"""Each of the values that are there; see `Column.statistic`."""


def with_one_zero(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values with one zero only: hashes tell -0.0 from 0.0."""
    return pc.add(values, 0) if pa.types.is_floating(values.type) else values


def plain_column(column: pa.ChunkedArray, *, as_text: bool) -> pa.ChunkedArray:
    """Return a column without dictionary and decimals.

    Args:
        column: The column. Not modified.
        as_text: Whether its values become text.
    """
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if as_text:
        return column.cast(pa.string())
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64())
    return column


def without_nan(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column in which not-a-number is null."""
    if not pa.types.is_floating(column.type):
        return column
    is_half = pa.types.is_float16(column.type)
    nan = pc.is_nan(column.cast(pa.float32()) if is_half else column)
    # Most columns have none: they are not copied.
    if not pc.any(nan).as_py():
        return column
    return pc.if_else(nan, pa.scalar(None, column.type), column)
