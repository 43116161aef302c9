"""Two versions on the same rows: the paired difference and its interval.

Rows of several days are compared within their days: an AUC over days of unlike base
rates, or unlike scores, also ranks one day's rows against another's.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy.special import ndtri, stdtrit

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.statistics.pooled_areas import auc_weight
from monitoring_tasks.statistics.ranks import average_ranks

MIN_PER_CLASS = 10
"""Fewer rows of a class than this make no interval worth acting on."""
NOTHING_RANKED = "no day has labels of both classes"
FEWEST_DAYS = 5
"""From so many days on, what days differ by beyond their rows is part of the error."""


@dataclass(frozen=True, slots=True)
class PairedRows:
    """What two versions gave for the same rows, in the same order.

    Attributes:
        champion: Scores (roc_auc, brier) or predictions of the live version;
            shape (n,).
        candidate: The same of the candidate, shape (n,).
        labels: The truth; 0 or 1 for binary metrics; no missing values; shape (n,).
        day_of_row: Which day each row is of, as any whole number, shape (n,); None
            takes all rows for one day's.
    """

    champion: Floats
    candidate: Floats
    labels: Floats
    day_of_row: Codes | None = None

    @property
    def by_day(self) -> list[Codes]:
        """Where the rows of each day are."""
        if self.day_of_row is None:
            return [np.arange(len(self.labels))]
        _, codes, counts = np.unique(
            self.day_of_row, return_inverse=True, return_counts=True
        )
        order = np.argsort(codes, kind="stable")
        return np.split(order, np.cumsum(counts)[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _PairedDays:
    """Two versions on the same rows, as a whole and day by day.

    Attributes:
        values: The champion's value and the candidate's.
        sampling: Standard error of their difference from sampling rows.
        differences: Candidate less champion on each day, shape (n_days,).
        weights: What each day counts for, shape (n_days,); adds up to 1.
    """

    values: tuple[float, float]
    sampling: float
    differences: Floats
    weights: Floats

    def half_width(self, confidence: float) -> float:
        """Return half the interval of the difference."""
        level, count = 0.5 + confidence / 2, len(self.weights)
        half = float(ndtri(level)) * self.sampling
        if count < FEWEST_DAYS:
            return half
        mean = np.sum(self.weights * self.differences)
        squares = (self.weights * (self.differences - mean)) ** 2
        between = float(np.sqrt(squares.sum() * count / (count - 1)))
        return max(half, float(stdtrit(count - 1, level)) * between)


def compare_paired(
    rows: PairedRows,
    *,
    version: str,
    metric: str,
    confidence: float,
    days: tuple[date, ...],
) -> Comparison:
    """Measure how much better a candidate is than the champion, row by row.

    Areas are compared within each day, and the days' differences averaged, a day of m
    positive and n negative rows counting m n / (m + n); what is a mean over rows stays
    one. The interval is that of sampling rows, or that of days that differ (Student's
    t, from `FEWEST_DAYS` days on), whichever is wider. Weights depend on labels alone:
    every candidate on the same rows is measured by the same ruler.

    Args:
        rows: What both gave, and the labels. Not modified.
        version: The candidate.
        metric: `roc_auc`, `accuracy`, `brier`, `mae` or `rmse`.
        confidence: Level of the two-sided interval, 0..1.
        days: The days the rows come from.

    Returns:
        The gain with its interval; positive means the candidate is better,
        whatever the metric. No value, and a reason, when the rows cannot carry one.

    References:
        DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, for roc_auc. The other
        metrics are means of row losses, so their difference has a paired standard
        error; rmse by the delta method.
    """
    why = _too_few(rows.labels, metric)
    # Days of one class rank nothing: their rows are none that could carry an interval.
    rows = _of_ranked_days(rows) if metric == "roc_auc" else rows
    count = len(rows.labels)
    without_value = Comparison(version=version, metric=metric, rows=count, days=days)
    why = why or (_too_few(rows.labels, metric) if count else NOTHING_RANKED)
    if why:
        return replace(without_value, reason=why)
    if not (np.isfinite(rows.champion).all() and np.isfinite(rows.candidate).all()):
        return replace(without_value, reason="a version gave some rows no finite score")
    paired = (
        _paired_areas(rows) if metric == "roc_auc" else _paired_losses(rows, metric)
    )
    if paired is None:
        return replace(without_value, reason=NOTHING_RANKED)
    gain = -loss(metric_of(Kind.REALIZED, metric).better, *reversed(paired.values))
    half = paired.half_width(confidence)
    return replace(
        without_value,
        champion=paired.values[0],
        candidate=paired.values[1],
        gain=gain,
        lower=gain - half,
        upper=gain + half,
    )


def _of_ranked_days(rows: PairedRows) -> PairedRows:
    """Return the rows of the days that have rows of both classes."""
    ranked = [
        of_day for of_day in rows.by_day if len(np.unique(rows.labels[of_day])) > 1
    ]
    kept = np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *ranked]))
    return PairedRows(
        champion=rows.champion[kept],
        candidate=rows.candidate[kept],
        labels=rows.labels[kept],
        day_of_row=None if rows.day_of_row is None else rows.day_of_row[kept],
    )


def _too_few(labels: Floats, metric: str) -> str:
    """Say that there are too few rows, or too few of a class; empty if enough."""
    rows = len(labels)
    if metric != "roc_auc":
        return f"{rows} labelled rows are too few" if rows < MIN_PER_CLASS else ""
    positives = int(labels.sum())
    if min(positives, rows - positives) >= MIN_PER_CLASS:
        return ""
    why = f"{positives} positive and {rows - positives} negative labels"
    return f"too few of a class: {why}"


def _paired_areas(rows: PairedRows) -> _PairedDays | None:
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
    return _PairedDays(
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


def _paired_losses(rows: PairedRows, metric: str) -> _PairedDays:
    """Return both values of a metric that is a mean over rows, or its root."""
    labels, days = rows.labels, rows.by_day
    losses = [
        _row_losses(scores, labels, metric)
        for scores in (rows.champion, rows.candidate)
    ]
    values = [float(loss.mean()) for loss in losses]
    slopes = [1.0, 1.0]
    if metric == "rmse":
        values = [float(np.sqrt(mean)) for mean in values]
        # Delta method: a change of the mean square moves its root by 1 / (2 root).
        slopes = [0.5 / root if root > 0 else 0.0 for root in values]
    difference = losses[1] * slopes[1] - losses[0] * slopes[0]
    return _PairedDays(
        values=(values[0], values[1]),
        sampling=float(difference.std(ddof=1) / np.sqrt(len(labels))),
        differences=np.array([difference[of_day].mean() for of_day in days]),
        weights=np.array([len(of_day) for of_day in days]) / len(labels),
    )


def _row_losses(scores: Floats, labels: Floats, metric: str) -> Floats:
    if metric == "accuracy":
        return np.asarray(scores == labels, dtype=np.float64)
    if metric == "mae":
        return np.abs(scores - labels)
    return (scores - labels) ** 2
