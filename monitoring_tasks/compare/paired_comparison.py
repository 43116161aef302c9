"""Two versions on the same rows: the paired difference and its interval."""

from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.statistics.ranks import average_ranks

Floats = npt.NDArray[np.float64]
MIN_PER_CLASS = 10
"""Fewer rows of a class than this make no interval worth acting on."""


def compare_paired(
    champion: Floats,
    candidate: Floats,
    labels: Floats,
    *,
    version: str,
    metric: str,
    confidence: float,
    days: tuple[date, ...],
) -> Comparison:
    """Measure how much better a candidate is than the champion, row by row.

    Args:
        champion: Scores (roc_auc, brier) or predictions of the live version;
            shape (n,).
        candidate: The same of the candidate, same rows, same order; shape (n,).
        labels: The truth; 0 or 1 for binary metrics; no missing values.
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
    rows = len(labels)
    without_value = Comparison(version=version, metric=metric, rows=rows, days=days)
    if not (np.isfinite(champion).all() and np.isfinite(candidate).all()):
        return replace(without_value, reason="a version gave some rows no finite score")
    if metric == "roc_auc":
        positives = int(labels.sum())
        if min(positives, rows - positives) < MIN_PER_CLASS:
            why = f"{positives} positive and {rows - positives} negative labels"
            return replace(without_value, reason=f"too few of a class: {why}")
        values, error = _delong(champion, candidate, labels)
    elif rows < MIN_PER_CLASS:
        return replace(without_value, reason=f"{rows} labelled rows are too few")
    else:
        values, error = _paired_losses(champion, candidate, labels, metric)
    gain = -loss(metric_of(Kind.REALIZED, metric).better, values[1], values[0])
    reach = float(ndtri(0.5 + confidence / 2)) * error
    return replace(
        without_value,
        champion=values[0],
        candidate=values[1],
        gain=gain,
        lower=gain - reach,
        upper=gain + reach,
    )


def _delong(
    champion: Floats, candidate: Floats, labels: Floats
) -> tuple[tuple[float, float], float]:
    """Return both areas and the standard error of their difference."""
    positive = labels == 1
    m, n = int(positive.sum()), int((~positive).sum())
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
    difference_positive = by_positive[1] - by_positive[0]
    difference_negative = by_negative[1] - by_negative[0]
    variance = difference_positive.var(ddof=1) / m + difference_negative.var(ddof=1) / n
    return (areas[0], areas[1]), float(np.sqrt(variance))


def _paired_losses(
    champion: Floats, candidate: Floats, labels: Floats, metric: str
) -> tuple[tuple[float, float], float]:
    """Return both values and the standard error of their difference."""
    losses = [_row_losses(scores, labels, metric) for scores in (champion, candidate)]
    means = [float(loss.mean()) for loss in losses]
    if metric == "rmse":
        roots = [float(np.sqrt(mean)) for mean in means]
        # Delta method: a change of the mean square moves its root by 1 / (2 root).
        slopes = [0.5 / root if root > 0 else 0.0 for root in roots]
        difference = losses[1] * slopes[1] - losses[0] * slopes[0]
        values = (roots[0], roots[1])
    else:
        difference = losses[1] - losses[0]
        values = (means[0], means[1])
    return values, float(difference.std(ddof=1) / np.sqrt(len(labels)))


def _row_losses(scores: Floats, labels: Floats, metric: str) -> Floats:
    if metric == "accuracy":
        return np.asarray(scores == labels, dtype=np.float64)
    if metric == "mae":
        return np.abs(scores - labels)
    return (scores - labels) ** 2
