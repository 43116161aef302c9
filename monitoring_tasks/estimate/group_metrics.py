"""What a group's counts say, and how far apart groups lie.

Knows nothing of models and days; `fairness` chooses and names the numbers.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.reference import Calibrator
from monitoring_tasks.estimate.cells import Cells, cells_of
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.calibration import calibrate
from monitoring_tasks.statistics.intervals import (
    Interval,
    clipped,
    normal,
    wilson,
)

PSEUDO_ROWS = 1.0
"""Hits and misses added to every share where groups are compared, so that 30 hits of 30
are not taken as sure: Agresti, Caffo (2000), The American Statistician 54, 280-288."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of rows; `hits` and `rows` are counted or expected, `rows` may be 0."""

    hits: float
    rows: float

    @property
    def value(self) -> float:
        """The share, 0..1; needs a row."""
        return self.hits / self.rows

    @property
    def centre(self) -> float:
        """The share where differences of groups are centred."""
        return (self.hits + PSEUDO_ROWS) / (self.rows + 2 * PSEUDO_ROWS)

    def interval(self, confidence: float) -> Interval:
        """Return Wilson's interval; needs a row."""
        return wilson(self.hits, self.rows, confidence=confidence)

    def draws(self, replicates: int, generator: np.random.Generator) -> Floats:
        """Draw the rows again, their number fixed (binomial bootstrap).

        Args:
            replicates: How many draws.
            generator: Where chance comes from.

        Returns:
            The share in each draw, shape (replicates,).
        """
        # Draws need whole rows; expected ones (CBPE) are none.
        rows = round(self.rows + 2 * PSEUDO_ROWS)
        return generator.binomial(rows, self.centre, size=replicates) / rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """Positives beyond what the scores say, a row: the mean of label - score."""

    value: float
    error: float
    rows: float

    @property
    def centre(self) -> float:
        """The mean itself."""
        return self.value

    def interval(self, confidence: float) -> Interval:
        """Return the normal interval, within -1..1."""
        return clipped(normal(self.value, self.error, confidence=confidence), -1, 1)

    def draws(self, replicates: int, generator: np.random.Generator) -> Floats:
        """Draw the mean again; that of many rows is as good as normal.

        Args:
            replicates: How many draws.
            generator: Where chance comes from.

        Returns:
            The mean in each draw, shape (replicates,).
        """
        return generator.normal(self.value, self.error, size=replicates)


Quantity = Share | Surplus


def quantities(
    outcome: BinaryOutcome, calibrator: Calibrator | None
) -> dict[str, Quantity]:
    """Read a group's numbers from its counts.

    Rows without a predicted class or a valid score are left out. `selection_rate` is
    about all rows; `tpr`, `fpr`, `precision`, `base_rate` and `calibration` about those
    with a label. With a calibrator also `estimated_tpr`, `estimated_fpr` and
    `estimated_precision`: no label read, each row counts as positive with its
    calibrated probability (CBPE), which is right as far as the calibrator is right
    *in this group*.

    Args:
        outcome: The group's counts.
        calibrator: The version's; None leaves the estimates out.

    Returns:
        By metric; a share may be of no row at all.
    """
    decided = cells_of(outcome).decided
    labelled = decided.labelled
    truth = _table(labelled, np.where(labelled.label == 1, labelled.rows, 0.0))
    rows = decided.total
    chosen = float(decided.rows[decided.predicted == 1].sum())
    by_metric: dict[str, Quantity] = {
        "selection_rate": Share(hits=chosen, rows=rows),
        **_shares(truth),
        "base_rate": Share(hits=float(truth[:, 1].sum()), rows=labelled.total),
        "calibration": _surplus(labelled),
    }
    if calibrator is not None:
        # All rows, labelled or not: an estimate must not change as labels come.
        promised = decided.rows * calibrate(decided.score, calibrator)
        estimated = _shares(_table(decided, promised))
        by_metric |= {f"estimated_{name}": share for name, share in estimated.items()}
    return by_metric


def _table(cells: Cells, positives: Floats) -> Floats:
    """Sum positive and negative rows by decision: shape (2, 2), [decision, label]."""
    by_label = (cells.rows - positives, positives)
    return np.array(
        [
            [float(rows[cells.predicted == decision].sum()) for rows in by_label]
            for decision in (0, 1)
        ]
    )


def _shares(table: Floats) -> Mapping[str, Share]:
    hits = float(table[1, 1])
    return {
        "tpr": Share(hits=hits, rows=float(table[:, 1].sum())),
        "fpr": Share(hits=float(table[1, 0]), rows=float(table[:, 0].sum())),
        "precision": Share(hits=hits, rows=float(table[1].sum())),
    }


def _surplus(cells: Cells) -> Surplus:
    """Average label - score over labelled rows.

    A row of each label at the mean score enters the error alone (`PSEUDO_ROWS`), so
    that a group of one label is not taken as sure.
    """
    rows, off = cells.total, cells.label - cells.score
    if rows == 0:
        return Surplus(value=0.0, error=0.0, rows=0.0)
    mean = float(np.sum(cells.rows * off)) / rows
    score = float(np.sum(cells.rows * cells.score)) / rows
    squares = float(np.sum(cells.rows * (off - mean) ** 2))
    squares += PSEUDO_ROWS * ((1 - score) ** 2 + score**2)
    error = math.sqrt(squares / (rows + 2 * PSEUDO_ROWS) / rows)
    return Surplus(value=mean, error=error, rows=rows)
