"""The reference's rows weighted until one column is spread as it was on a day."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring_tasks.domain.counts import (
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)
from monitoring_tasks.rows.encoding import categories, numbers
from monitoring_tasks.statistics.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One column of the reference's rows, beside its spread on a day.

    A cell is a coarse bin, a category, all values below or above the bins, or no value.

    Attributes:
        cell_of: Number of the cell each row is in; shape (n_rows,).
        today: Rows of the day by cell; shape (n_cells,).
    """

    cell_of: NDArray[np.int64]
    today: Floats

    @property
    def unlike(self) -> float:
        """Share of the day's rows in cells the reference's rows have none of, 0..1."""
        present = np.bincount(self.cell_of, minlength=len(self.today)) > 0
        total = float(self.today.sum())
        return float(self.today[~present].sum()) / total if total else 1.0

    def weights(self, kept: Floats) -> Floats:
        """Weight rows by how much more common their cell is on the day.

        Share of the day over share of the rows, each cell by itself
        (post-stratification). No weight is larger than sqrt(rows) times the mean one:
        truncated importance weights err a little and vary far less.

        Args:
            kept: 1 for a row that takes part, 0 for one left out; shape (n_rows,).

        Returns:
            Shape (n_rows,); all 0 where no row is in a cell of the day.

        References:
            Holt and Smith (1979), JRSS A 142, 33-46; Ionides (2008), Journal of
            Computational and Graphical Statistics 17, 295-311.
        """
        counts: Floats = np.bincount(
            self.cell_of, weights=kept, minlength=len(self.today)
        ).astype(np.float64)
        rows, total = float(kept.sum()), float(self.today.sum())
        ratio = np.zeros_like(counts)
        if not rows or not total:
            return ratio[self.cell_of]
        np.divide(self.today * rows / total, counts, out=ratio, where=counts > 0)
        mean = float(np.sum(ratio * counts)) / rows
        # Without a cap a few rows of a rare cell would carry the whole metric.
        capped: Floats = np.minimum(ratio, math.sqrt(rows) * mean)
        return capped[self.cell_of] * kept


def effective_rows(weights: Floats) -> float:
    """Return as many rows of equal weight as say as much: (sum w)^2 / sum w^2.

    References:
        Kish (1965), Survey Sampling, section 11.7.
    """
    squares = float(np.sum(weights**2))
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def shift_of(
    values: "pd.Series[Any]", part: ColumnCounts, bins: Bins | None
) -> Shift | str:
    """Place a column of the reference's rows beside its counts on a day.

    Args:
        values: The column, any dtype; what is not finite is no value. Not modified.
        part: Its counts on the day, on the bins of the reference.
        bins: Those bins, for a continuous column.

    Returns:
        The shift, or in words why there is none.
    """
    if not part.rows:
        return "the day has no rows"
    if isinstance(part, CategoricalCounts):
        return _of_categories(values, part)
    if bins is None:
        return "the reference has no bins for it"
    return _of_bins(values, part, bins)


def _of_bins(values: "pd.Series[Any]", part: ContinuousCounts, bins: Bins) -> Shift:
    """Bin as `counting` does: the last bin has its upper edge, no value is a cell."""
    below, above, absent = range(bins.coarse, bins.coarse + 3)
    x = numbers(values)
    edges = np.linspace(bins.low, bins.high, bins.coarse + 1)
    # As `numpy.histogram` does: a value on an edge belongs to the bin above it.
    inside = np.searchsorted(edges, x, side="right") - 1
    cell_of = np.clip(inside, 0, bins.coarse - 1)
    cell_of[x < bins.low] = below
    cell_of[x > bins.high] = above
    cell_of[np.isnan(x)] = absent
    today = np.zeros(bins.coarse + 3)
    for number, rows in part.coarse.items():
        today[number] = rows
    today[[below, above, absent]] = part.below, part.above, part.nulls
    return Shift(cell_of=cell_of.astype(np.int64), today=today)


def _of_categories(values: "pd.Series[Any]", part: CategoricalCounts) -> Shift:
    """Assign each category a cell; all others are one, if the day has rows of them."""
    present = categories(values)
    # Where the day has unnamed rows, what it does not name may be among them.
    names = {*part.counts} if part.other else {*part.counts, *present.dropna()}
    ordered = sorted(names)
    cell_of = pd.Categorical(present, categories=ordered).codes.astype(np.int64)
    other, absent = len(ordered), len(ordered) + 1
    cell_of[cell_of < 0] = other
    cell_of[present.isna().to_numpy()] = absent
    named = [part.counts.get(name, 0) for name in ordered]
    today = np.array([*named, part.other, part.nulls], dtype=np.float64)
    return Shift(cell_of=cell_of, today=today)
