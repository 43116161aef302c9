"""How the row-level estimates move from day to day while nothing is wrong."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from monitoring_tasks.domain.contract import Contract, Problem
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DailyNoise
from monitoring_tasks.estimate.noise import noise_of
from monitoring_tasks.estimate.rowwise import (
    LOSSES,
    MULTICLASS,
    RECONSTRUCTION,
    Fitted,
    fit_loss,
    fit_multiclass,
    fit_reconstruction,
)

NUMBERS: Mapping[Problem, tuple[Kind, tuple[str, ...]]] = {
    Problem.BINARY: (Kind.DRIFT, RECONSTRUCTION),
    Problem.REGRESSION: (Kind.ESTIMATED, LOSSES),
    Problem.MULTICLASS: (Kind.ESTIMATED, MULTICLASS),
}
"""What the row-level estimator of each problem measures."""


def fit_estimator(rows: pd.DataFrame, contract: Contract) -> Fitted:
    """Fit the row-level estimator of the contract's problem on reference rows.

    Binary: reconstruction error (CBPE needs no rows). Regression: DLE. Multiclass:
    CBPE.

    Raises:
        EstimationError: If the rows do not suffice.
    """
    fit = {
        Problem.BINARY: fit_reconstruction,
        Problem.REGRESSION: fit_loss,
        Problem.MULTICLASS: fit_multiclass,
    }[contract.problem]
    return fit(rows, contract.columns)


def unmeasured(contract: Contract, version: str, *, reason: str) -> list[Measurement]:
    """Give the numbers of `fit_estimator` without a value, for they have a reason."""
    kind, metrics = NUMBERS[contract.problem]
    return [
        Measurement(kind=kind, metric=metric, version=version, reason=reason)
        for metric in metrics
    ]


def row_noise(
    rows: pd.DataFrame, days: Sequence[date], contract: Contract, version: str
) -> dict[str, DailyNoise]:
    """Give mean and spread between days of the row-level estimates.

    Every other day is measured by an estimator fitted on the days between, so that no
    day is measured by what it taught. Fewer than four days teach nothing: {}.

    Args:
        rows: Reference rows, or a sample, with the contract's columns. Not modified.
        days: The day of each row, in the order of the rows.
        contract: Names the columns and the confidence.
        version: The version that scored the rows.

    Returns:
        Keys as in `noise.noise_key`; they go beside those of the reference's counts.
    """
    known, place = np.unique(np.array(days, dtype="datetime64[D]"), return_inverse=True)
    if len(known) < 4:  # noqa: PLR2004 (two days to fit on, two to measure, both ways)
        return {}
    confidence = contract.policy.confidence
    numbers = []
    for half in (0, 1):
        fitted = fit_estimator(rows[place % 2 != half], contract)
        for number in range(half, len(known), 2):
            measured = fitted.measure(
                rows[place == number], version=version, confidence=confidence
            )
            numbers += [(known[number].item(), m) for m in measured]
    return noise_of(numbers, confidence)
