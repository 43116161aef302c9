"""What a group's counts say, and how far apart groups lie.

Knows nothing of models and days; `fairness` chooses and names the numbers.
"""

import math
from collections.abc import Mapping, Sequence
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
    normal_quantile,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One number of the groups compared, where its differences are taken.

    Attributes:
        centres: The number of each group, shape (n_groups,).
        draws: The same in each replicate, shape (n_groups, n_replicates); groups are
            independent.
    """

    centres: Floats
    draws: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Bounds of the largest difference between two groups.

    Attributes:
        lower: Lower end of its interval, >= 0.
        upper: Upper end.
        alike: The largest difference to be expected if the groups were alike.
    """

    lower: float
    upper: float
    alike: float


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
        promised = decided.rows * calibrate(decided.score, calibrator)
        estimated = _shares(_table(decided, promised))
        by_metric |= {f"estimated_{name}": share for name, share in estimated.items()}
    return by_metric


def logarithms(shares: Drawn, rows: Sequence[float]) -> Drawn:
    """Take logarithms, whose gap is a ratio; a share drawn as 0 counts as half a hit.

    Args:
        shares: Of groups of `Share`.
        rows: Rows of each group.
    """
    half = 0.5 / (np.array(rows)[:, None] + 2 * PSEUDO_ROWS)
    drawn = np.log(np.maximum(shares.draws, half))
    return Drawn(centres=np.log(shares.centres), draws=drawn)


def widest_gap(numbers: Sequence[Drawn], *, confidence: float) -> Gap:
    """Bound the largest difference between two groups, over one or several numbers.

    The largest difference seen is biased upwards, for the pair is chosen after looking:
    groups that are alike still differ by `alike`. So the lower end is the largest of
    the lower ends of *all* pairs, made to hold together: difference less c standard
    errors, where c is the quantile at `confidence`, over the replicates, of the largest
    studentized deviation of any pair. What holds for all pairs holds for the one truly
    farthest apart, whichever it is: the interval begins above the true gap with
    probability 1 - confidence at most, reached where all groups are alike, and about
    half of that where two stand clearly apart. The upper end needs no such care: the
    largest of the single upper ends (z) is at least that of the true pair. For two
    groups c is about z, which makes it the usual interval of a difference, cut at 0.

    Args:
        numbers: Of two groups or more, each. Several numbers make one gap: the largest.
        confidence: Level of the interval, 0..1. Replicates should be well above
            20 / (1 - confidence).

    References:
        Tukey (1953), The Problem of Multiple Comparisons (all pairs at once).
        Hothorn, Bretz, Westfall (2008), Biometrical Journal 50, 346-363 (largest t).
        Davison, Hinkley (1997), Bootstrap Methods, ch. 2 (the order statistic).
        Hall, Miller (2009), Annals of Statistics 37, 3929-3959 (why percentiles of a
        bootstrapped extreme fail where groups tie).
    """
    z = normal_quantile(confidence)
    parts = [_pairs(number) for number in numbers]
    farthest = np.sort(np.max([worst for _, _, worst, _ in parts], axis=0))
    rank = math.ceil(confidence * (len(farthest) + 1))
    c = float(farthest[min(rank, len(farthest)) - 1])
    ranges = np.max([spanned for _, _, _, spanned in parts], axis=0)
    return Gap(
        lower=max(0.0, *(float(np.max(d - c * e)) for d, e, _, _ in parts)),
        upper=max(float(np.max(d + z * e)) for d, e, _, _ in parts),
        alike=float(ranges.mean()),
    )


def _pairs(number: Drawn) -> tuple[Floats, Floats, Floats, Floats]:
    """Return gap and error of each pair; by replicate, farthest pair and range."""
    off = number.draws - number.draws.mean(axis=1, keepdims=True)
    deviations = off.std(axis=1, ddof=1)
    errors = np.hypot(deviations[:, None], deviations)
    apart = np.abs(number.centres[:, None] - number.centres)
    worst = np.zeros(off.shape[1])
    for group in range(1, len(off)):  # one group at a time: pairs can be many
        others = np.abs(off[:group] - off[group]) / errors[:group, [group]]
        worst = np.maximum(worst, others.max(axis=0))
    pairs = np.triu_indices(len(off), k=1)
    return apart[pairs], errors[pairs], worst, np.ptp(off, axis=0)


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
