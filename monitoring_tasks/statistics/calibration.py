"""Scores as probabilities."""

import numpy as np

from monitoring_tasks.domain.reference import Calibrator
from monitoring_tasks.statistics.arrays import Floats


def calibrate(scores: Floats, calibrator: Calibrator) -> Floats:
    """Turn scores into probabilities; beyond the knots the nearest one holds.

    Args:
        scores: Of rows, shape (n_rows,). Not modified.
        calibrator: Knots of a piecewise linear map; without any, scores are
            probabilities already.
    """
    if not calibrator.scores:
        return scores
    # Beyond its ends `np.interp` keeps the last value, as the isotonic fit does
    # (`out_of_bounds="clip"`).
    return np.interp(scores, calibrator.scores, calibrator.probabilities)
