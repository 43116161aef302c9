"""Two versions' mean losses on the same rows."""

import numpy as np

from monitoring_tasks.compare.versions.paired_rows import PairedDays, PairedRows
from monitoring_tasks.statistics.arrays import Floats


def paired_losses(rows: PairedRows, metric: str) -> PairedDays:
    """Return both values of a metric that is a mean over rows, or its root.

    Args:
        rows: What both versions gave, and the labels. Not modified.
        metric: `accuracy`, `brier`, `mae` or `rmse`.
    """
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
    return PairedDays(
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
