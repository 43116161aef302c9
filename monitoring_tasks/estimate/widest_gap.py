"""How far apart groups lie: bounds of the largest of many differences.

Knows nothing of models and days: numbers of groups and their replicates alone.

"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.estimate.group_metrics import PSEUDO_ROWS
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import (
    normal_quantile,
)


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


def logarithms(shares: Drawn, rows: Sequence[float]) -> Drawn:
    """Take logarithms, whose gap is a ratio; a share drawn as 0 counts as half a hit.

    Args:
        shares: Of groups of `Share`.
        rows: Rows of each group.
    """
    # A logarithm of 0 is none, and would take the standard error with it.
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
    # Of R replicates the (R + 1) p-th order statistic, as Davison and Hinkley have it.
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
    # Around each group's own mean: under the bootstrap no two groups differ in truth.
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
