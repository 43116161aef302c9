"""How far scores are from the shares that come true."""

import math

import numpy as np

from monitoring_tasks.domain.counts import SCORE_BINS
from monitoring_tasks.estimate.cells import Cells
from monitoring_tasks.estimate.metric_value import MetricValue, undefined
from monitoring_tasks.statistics.intervals import clipped, normal

CALIBRATION_BINS = 10


def calibration_error(cells: Cells, *, confidence: float) -> MetricValue:
    """Return the expected calibration error over ten equal-width bins of the score.

    The mean gap of mean score and positive share, weighted by rows. On few rows it
    is above 0 even for perfect scores. Its interval takes the sign of each bin's gap
    as known and each positive share as binomial.

    Args:
        cells: Cells whose label is known.
        confidence: Level of the interval, 0..1.

    References:
        Guo et al. (2017), ICML, 1321-1330, equation 3.
    """
    total = cells.total
    if not total:
        return undefined(0, "no row is labelled")
    # Both are whole numbers, so that no score falls into a neighbour by rounding.
    group = cells.score_bin * CALIBRATION_BINS // SCORE_BINS
    rows, positive, scores = (
        np.bincount(group, weights=weights, minlength=CALIBRATION_BINS)
        for weights in (
            cells.rows,
            cells.rows * cells.truth,
            cells.rows * cells.score,
        )
    )
    error = float(np.sum(np.abs(scores - positive)) / total)
    # A bin without rows adds nothing; its share is taken as 0 to avoid 0 / 0.
    shares = np.divide(positive, rows, out=np.zeros_like(positive), where=rows > 0)
    spread = math.sqrt(float(np.sum(rows * shares * (1 - shares)))) / total
    around = clipped(normal(error, spread, confidence=confidence), 0.0, 1.0)
    return MetricValue(value=error, interval=around, rows=int(total))
