"""A table's columns as arrays: numbers, and codes of categories."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.rows.column_arrays import filled, one_array
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.validate.summary.column_values import is_countable, is_number

MOST_ROWS = 50_000
"""Rows that are asked of a batch, and of a reference."""
SEED = 31
RANKS = 101
"""Quantiles a rank is taken among."""


@dataclass(frozen=True, slots=True)
class Categories:
    """A column of categories.

    Attributes:
        codes: Of every row the place of its category in `texts`; -1 for a null. Shape
            (n_rows,).
        texts: The categories, each once.
    """

    codes: Codes
    texts: tuple[str, ...]

    def looked_up(self, values: Mapping[str, float]) -> Floats:
        """Return what stands for every row's category; NaN where nothing does."""
        found = [values.get(text, np.nan) for text in self.texts]
        # A null picks the last entry.
        return np.array([*found, np.nan])[self.codes]


@dataclass(frozen=True, slots=True)
class RelatedColumns:
    """The columns of a table that can be computed with.

    Attributes:
        numbers: Column -> its values, NaN where there is none. Shape (n_rows,).
        categories: Column -> its categories.
    """

    numbers: Mapping[str, Floats] = field(default_factory=dict)
    categories: Mapping[str, Categories] = field(default_factory=dict)

    def only(self, names: Collection[str]) -> "RelatedColumns":
        """Return some of the columns."""
        return RelatedColumns(
            numbers={n: v for n, v in self.numbers.items() if n in names},
            categories={n: c for n, c in self.categories.items() if n in names},
        )

    def taken(self, chosen: NDArray[np.bool_]) -> "RelatedColumns":
        """Return the columns of some rows.

        Args:
            chosen: Which ones, shape (n_rows,).
        """
        return RelatedColumns(
            numbers={n: values[chosen] for n, values in self.numbers.items()},
            categories={
                n: Categories(column.codes[chosen], column.texts)
                for n, column in self.categories.items()
            },
        )


def sampled_rows(table: pa.Table, most: int = MOST_ROWS) -> pa.Table:
    """Return at most so many rows of a table in their order, the same on every run."""
    if table.num_rows <= most:
        return table
    chosen = np.random.default_rng(SEED).choice(table.num_rows, most, replace=False)
    return table.take(pa.array(np.sort(chosen)))


def related_columns(
    table: pa.Table, *, numbers: Iterable[str], categories: Iterable[str]
) -> RelatedColumns:
    """Return columns as arrays; those absent, twice there or of another type are left.

    Args:
        table: The rows. Not modified.
        numbers: Columns of numbers.
        categories: Columns of categories.
    """
    names = table.column_names
    numeric = {n: table.column(n) for n in numbers if names.count(n) == 1}
    named = {n: table.column(n) for n in categories if names.count(n) == 1}
    return RelatedColumns(
        numbers={n: _numbers(c) for n, c in numeric.items() if holds_numbers(c)},
        categories={
            n: categories_of(c) for n, c in named.items() if holds_categories(c)
        },
    )


def quantile_knots(values: Floats) -> tuple[float, ...]:
    """Return the quantiles a number's rank is taken among; none where it is constant.

    Args:
        values: Numbers, NaN where there is none.
    """
    present = values[~np.isnan(values)]
    if not len(present):
        return ()
    knots = np.unique(np.quantile(present, np.linspace(0, 1, RANKS)))
    return tuple(map(float, knots)) if len(knots) > 1 else ()


def ranked(values: Floats, knots: tuple[float, ...]) -> Floats:
    """Return the rank of every value among quantiles, 0..1; the values without any.

    What lies beyond the ends goes on in a straight line, one span of them at most.
    """
    if not knots:
        return values
    ends, span = (knots[0], knots[-1]), knots[-1] - knots[0]
    ranks = np.interp(values, knots, np.linspace(0, 1, len(knots)))
    beyond = np.clip(values - np.clip(values, *ends), -span, span) / span
    return np.asarray(ranks + beyond, dtype=np.float64)


def holds_numbers(column: pa.ChunkedArray) -> bool:
    """Whether a column holds numbers."""
    return is_number(column) or bool(pa.types.is_decimal(column.type))


def holds_categories(column: pa.ChunkedArray) -> bool:
    """Whether a column holds values that can be counted."""
    kind = column.type
    values = kind.value_type if pa.types.is_dictionary(kind) else kind
    return is_countable(pa.chunked_array([], values))


def _numbers(column: pa.ChunkedArray) -> Floats:
    values = pc.fill_null(column.cast(pa.float64(), safe=False), np.nan).to_numpy()
    is_measured = np.abs(values) <= LARGEST
    return np.asarray(np.where(is_measured, values, np.nan), dtype=np.float64)


def categories_of(column: pa.ChunkedArray) -> Categories:
    """Return a column that `holds_categories` as codes and texts."""
    if pa.types.is_float16(column.type):
        # Arrow cannot put halves into a dictionary.
        column = column.cast(pa.float64())
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    merged = one_array(column.unify_dictionaries())
    codes = filled(merged.indices.cast(pa.int64()), -1).to_numpy()
    texts = merged.dictionary.cast(pa.string()).to_pylist()
    return Categories(codes, tuple("" if text is None else text for text in texts))
