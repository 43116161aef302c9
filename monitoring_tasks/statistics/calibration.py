"""Scores as probabilities."""

import numpy as np

from monitoring_tasks.domain.reference import Calibrator
from monitoring_tasks.statistics.arrays import Floats


def calibrate(scores: Floats, calibrator: Calibrator) -> Floats:
    """Turn scores into probabilities; beyond the knots the nearest one holds."""
    if not calibrator.scores:
        return scores
    return np.interp(scores, calibrator.scores, calibrator.probabilities)
