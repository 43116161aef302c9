"""How the row-level estimates move from day to day while nothing is wrong."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.estimate.noise import noise_of
from monitoring_tasks.estimate.row_estimators import fit_estimators
from monitoring_tasks.estimate.row_segments import measure_rows

if TYPE_CHECKING:
    from monitoring_tasks.domain.findings import Measurement


def row_noise(
    rows: pd.DataFrame, days: Sequence[date], contract: Contract, version: str
) -> dict[str, DailyNoise]:
    """Return mean and spread between days of the row-level estimates.

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
    # Every other day, not halves: a season would part the first days from the last.
    dates = np.array(days, dtype="datetime64[D]")
    distinct, day_of = np.unique(dates, return_inverse=True)
    if len(distinct) < 4:  # noqa: PLR2004 (two days to fit on, two to measure, both ways)
        return {}
    numbers: list[tuple[date, Measurement]] = []
    for half in (0, 1):
        fitted = fit_estimators(rows[day_of % 2 != half], contract)
        for number in range(half, len(distinct), 2):
            measured = measure_rows(
                fitted, rows[day_of == number], contract=contract, version=version
            )
            numbers += [(distinct[number].item(), value) for value in measured]
    return noise_of(numbers, contract.policy.confidence)
