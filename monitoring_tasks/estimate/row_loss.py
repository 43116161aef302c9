"""What each labelled row cost the model: the loss whose mean says how well it does."""

import numpy as np
import pandas as pd

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.rows.encoding import numbers, texts
from monitoring_tasks.statistics.arrays import Floats

SUREST = 0.001
"""Scores are kept this far from 0 and 1, so that one row costs at most 6.9."""
METRICS = {
    Problem.BINARY: "log_loss",
    Problem.MULTICLASS: "error_rate",
    Problem.REGRESSION: "mae",
}
"""What the mean of the row losses is called."""


def row_loss(rows: pd.DataFrame, contract: Contract) -> Floats:
    """Return the loss of each row; NaN where label, score or prediction is unusable.

    Binary: -log of the probability given to what came true. Multiclass: 1 for a wrong
    class, 0 for the right one. Regression: absolute error, in units of the label.

    Args:
        rows: Rows with the contract's score or prediction, and label. Not modified.
        contract: Names the columns and the problem.

    Returns:
        Shape (n_rows,), each >= 0 or NaN.
    """
    columns = contract.columns
    if contract.problem is Problem.MULTICLASS:
        predicted, label = texts(rows[columns.prediction]), texts(rows[columns.label])
        wrong = predicted.ne(label).to_numpy(dtype=np.float64)
        is_usable = (predicted.notna() & label.notna()).to_numpy(dtype=bool)
        return np.where(is_usable, wrong, np.nan)
    truth = numbers(rows[columns.label])
    if contract.problem is Problem.REGRESSION:
        return np.asarray(np.abs(numbers(rows[columns.prediction]) - truth))
    score = numbers(rows[str(columns.score)])
    # Without a floor a single sure and wrong row would outweigh a whole segment.
    probability = np.where(truth == 1, score, 1 - score)
    usable = np.isin(truth, (0, 1)) & (score >= 0) & (score <= 1)
    return np.where(usable, -np.log(np.clip(probability, SUREST, 1 - SUREST)), np.nan)
