"""A binary outcome as arrays, ready for arithmetic."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.domain.counts import SCORE_BINS, BinaryOutcome
from monitoring_tasks.statistics.arrays import Floats, sums_by
from monitoring_tasks.statistics.cell_counts import CellCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The non-empty cells of a binary outcome; arrays of one shape, (n_cells,).

    Attributes:
        score_bin: Number of the score bin, from 0.
        predicted: Predicted class: 0, 1, or -1 where it is not known.
        label: 0, 1, or -1 where it is not known.
        rows: Rows of the cell.
        score: Their mean score, 0..1.
    """

    score_bin: NDArray[np.int64]
    predicted: NDArray[np.int64]
    label: NDArray[np.int64]
    rows: Floats
    score: Floats

    @property
    def total(self) -> float:
        """All rows with a valid score."""
        return float(self.rows.sum())

    @property
    def labelled(self) -> "Cells":
        """Only the cells whose label is known."""
        return self._where(self.label >= 0)

    @property
    def decided(self) -> "Cells":
        """Only the cells whose predicted class is known."""
        return self._where(self.predicted >= 0)

    @property
    def truth(self) -> Floats:
        """1 where the label is 1, else 0; by cell."""
        return np.where(self.label == 1, 1.0, 0.0)

    def by_bin(self, weights: Floats) -> Floats:
        """Sum a weight per cell over each score bin, lowest first."""
        return sums_by(self.score_bin, weights, SCORE_BINS)

    def _where(self, mask: NDArray[np.bool_]) -> "Cells":
        return Cells(
            score_bin=self.score_bin[mask],
            predicted=self.predicted[mask],
            label=self.label[mask],
            rows=self.rows[mask],
            score=self.score[mask],
        )


def cells_of(outcome: BinaryOutcome) -> Cells:
    """Turn the counts into arrays; cells without a row are left out."""
    counted, sums_of = CellCounts.of(outcome.cells), CellCounts.of(outcome.score_sums)
    # Both are counted together and have the same cells, but for what others made.
    if not np.array_equal(counted.cells, sums_of.cells):
        sums_of = CellCounts.of({c: outcome.score_sums[c] for c in outcome.cells})
    is_held = counted.counted > 0
    keys, every, sums = counted.cells, counted.counted, sums_of.counted
    # Nearly always, and nothing need be copied then.
    if not is_held.all():
        keys, every, sums = keys[is_held], every[is_held], sums[is_held]
    rows = every.astype(np.float64)
    return Cells(
        score_bin=keys[:, 0],
        predicted=keys[:, 1],
        label=keys[:, 2],
        rows=rows,
        score=sums / rows,
    )
