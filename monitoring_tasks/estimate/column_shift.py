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
        place: MetricValue of the cell each row is in; shape (n_rows,).
        today: Rows of the day by cell; shape (n_cells,).
    """

    place: NDArray[np.int64]
    today: Floats

    @property
    def unlike(self) -> float:
        """Share of the day's rows in cells the reference's rows have none of, 0..1."""
        present = np.bincount(self.place, minlength=len(self.today)) > 0
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
        found = np.bincount(self.place, weights=kept, minlength=len(self.today))
        counts: Floats = found.astype(np.float64)
        rows, total = float(kept.sum()), float(self.today.sum())
        ratio = np.zeros_like(counts)
        if not rows or not total:
            return ratio[self.place]
        np.divide(self.today * rows / total, counts, out=ratio, where=counts > 0)
        mean = float(np.sum(ratio * counts)) / rows
        capped: Floats = np.minimum(ratio, math.sqrt(rows) * mean)
        return capped[self.place] * kept


def effective_rows(weights: Floats) -> float:
    """Say how many rows of equal weight would say as much: (sum w)^2 / sum w^2.

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
    inside = np.searchsorted(edges, x, side="right") - 1
    place = np.clip(inside, 0, bins.coarse - 1)
    place[x < bins.low] = below
    place[x > bins.high] = above
    place[np.isnan(x)] = absent
    today = np.zeros(bins.coarse + 3)
    for number, rows in part.coarse.items():
        today[number] = rows
    today[[below, above, absent]] = part.below, part.above, part.nulls
    return Shift(place=place.astype(np.int64), today=today)


def _of_categories(values: "pd.Series[Any]", part: CategoricalCounts) -> Shift:
    """Assign each category a cell; all others are one, if the day has rows of them."""
    found = categories(values)
    names = sorted({*part.counts} if part.other else {*part.counts, *found.dropna()})
    place = pd.Categorical(found, categories=names).codes.astype(np.int64)
    other, absent = len(names), len(names) + 1
    place[place < 0] = other
    place[found.isna().to_numpy()] = absent
    known = [part.counts.get(name, 0) for name in names]
    today = np.array([*known, part.other, part.nulls], dtype=np.float64)
    return Shift(place=place, today=today)
