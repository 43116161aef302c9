"""Two versions on the same rows: the paired difference and its interval.

Rows of several days are compared within their days: an AUC over days of unlike base
rates, or unlike scores, also ranks one day's rows against another's.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from monitoring_tasks.compare.versions.paired_areas import paired_areas
from monitoring_tasks.compare.versions.paired_losses import paired_losses
from monitoring_tasks.compare.versions.paired_rows import PairedRows
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.statistics.arrays import Floats

MIN_PER_CLASS = 10
"""Fewer rows of a class than this make no interval worth acting on."""
NOTHING_RANKED = "no day has labels of both classes"


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
    paired = paired_areas(rows) if metric == "roc_auc" else paired_losses(rows, metric)
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
