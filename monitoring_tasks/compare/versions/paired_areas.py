"""Two versions' areas under the ROC curve on the same rows, within their days."""

from dataclasses import dataclass

import numpy as np

from monitoring_tasks.compare.versions.paired_rows import PairedDays, PairedRows
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.pooled_areas import auc_weight
from monitoring_tasks.statistics.ranks import average_ranks


def paired_areas(rows: PairedRows) -> PairedDays | None:
    """Return both areas within days; None when no day has rows of both classes."""
    every = [
        _ranked(rows.champion[of_day], rows.candidate[of_day], rows.labels[of_day])
        for of_day in rows.by_day
    ]
    days = [day for day in every if day is not None]
    if not days:
        return None
    weights = np.array(
        [auc_weight(len(day.of_positives), len(day.of_negatives)) for day in days]
    )
    weights /= weights.sum()
    # A day with one row of a class has no variance of its own: that of all rows.
    positives = _variance(np.concatenate([day.of_positives for day in days]))
    negatives = _variance(np.concatenate([day.of_negatives for day in days]))
    variances = np.array(
        [
            _variance(day.of_positives, positives) / len(day.of_positives)
            + _variance(day.of_negatives, negatives) / len(day.of_negatives)
            for day in days
        ]
    )
    areas = np.array([day.areas for day in days])
    values = weights @ areas
    return PairedDays(
        values=(float(values[0]), float(values[1])),
        sampling=float(np.sqrt(np.sum(weights**2 * variances))),
        differences=areas[:, 1] - areas[:, 0],
        weights=weights,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _RankedDay:
    """Two versions' rankings of one day.

    Attributes:
        areas: The champion's area and the candidate's.
        of_positives: By how much more of the negatives the candidate ranks each
            positive rightly against, shape (m,).
        of_negatives: Likewise of each negative, shape (n,).
    """

    areas: tuple[float, float]
    of_positives: Floats
    of_negatives: Floats


def _ranked(champion: Floats, candidate: Floats, labels: Floats) -> _RankedDay | None:
    """Return DeLong's structural components of a day; None without both classes."""
    positive = labels == 1
    m, n = int(positive.sum()), int((~positive).sum())
    if not m or not n:
        return None
    areas: list[float] = []
    by_positive: list[Floats] = []
    by_negative: list[Floats] = []
    for scores in (champion, candidate):
        # By ranks (Sun, Xu 2014, IEEE Signal Processing Letters 21, 1389-1393): ties
        # count half.
        together = average_ranks(scores)
        ranks_positive = together[positive]
        ranks_negative = together[~positive]
        v10 = (ranks_positive - average_ranks(scores[positive])) / n
        v01 = 1.0 - (ranks_negative - average_ranks(scores[~positive])) / m
        areas.append(float(v10.mean()))
        by_positive.append(v10)
        by_negative.append(v01)
    return _RankedDay(
        areas=(areas[0], areas[1]),
        of_positives=by_positive[1] - by_positive[0],
        of_negatives=by_negative[1] - by_negative[0],
    )


def _variance(values: Floats, unknown: float = 0.0) -> float:
    """Return the sample variance; `unknown` of a single value."""
    return float(values.var(ddof=1)) if len(values) > 1 else unknown
