"""Losses of a score: the metrics of a binary model that are the mean of one a row."""

from collections.abc import Callable, Mapping

import numpy as np

from monitoring_tasks.statistics.arrays import Floats

SMALLEST_PROBABILITY = float(np.finfo(np.float64).eps)
"""Scores are kept this far from 0 and 1 in the log loss, as scikit-learn does."""


def log_losses(score: Floats, truth: Floats) -> Floats:
    """Return -log of the probability given to what came true, each >= 0.

    Args:
        score: Probability of the positive class, 0..1; shape (n,).
        truth: 1 or 0; shape (n,).
    """
    right = np.where(truth == 1, score, 1 - score)
    losses: Floats = -np.log(np.clip(right, SMALLEST_PROBABILITY, 1.0))
    return losses


def squared_errors(score: Floats, truth: Floats) -> Floats:
    """Return the squared distance of score and truth, 0..1.

    Args:
        score: Probability of the positive class, 0..1; shape (n,).
        truth: 1 or 0; shape (n,).
    """
    squares: Floats = (score - truth) ** 2
    return squares


SCORE_LOSSES: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "log_loss": log_losses,
    "brier": squared_errors,
}
"""Metric -> the loss of one row, from score and truth, that it is the mean of."""
