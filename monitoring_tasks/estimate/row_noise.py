"""How the row-level estimates move from day to day while nothing is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.estimate.fitted import Fitted
from monitoring_tasks.estimate.noise import noise_of
from monitoring_tasks.estimate.row_segments import measure_rows
from monitoring_tasks.estimate.rowwise import (
    CLASSIFIER,
    LOSSES,
    MULTICLASS,
    RECONSTRUCTION,
    fit_classifier,
    fit_loss,
    fit_multiclass,
    fit_reconstruction,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator:
    """A row-level estimator that has not learnt anything yet.

    Attributes:
        kind: Kind of its measurements.
        metrics: What it measures.
        fit: Reference rows and columns -> the estimator that learnt them.
    """

    kind: Kind
    metrics: tuple[str, ...]
    fit: Callable[[pd.DataFrame, Columns], Fitted]


def estimators(contract: Contract) -> list[Estimator]:
    """Return the row-level estimators a contract asks for.

    Regression: DLE. Three classes and more: CBPE. Binary: reconstruction error, if
    wanted (CBPE needs no rows). Any: a domain classifier, if wanted.
    """
    drift, wanted = contract.policy.drift, []
    if contract.problem is Problem.REGRESSION:
        wanted.append(Estimator(kind=Kind.ESTIMATED, metrics=LOSSES, fit=fit_loss))
    elif contract.estimates_classes:
        wanted.append(
            Estimator(kind=Kind.ESTIMATED, metrics=MULTICLASS, fit=fit_multiclass)
        )
    elif contract.problem is Problem.BINARY and drift.multivariate:
        wanted.append(
            Estimator(kind=Kind.DRIFT, metrics=RECONSTRUCTION, fit=fit_reconstruction)
        )
    if drift.domain_classifier:
        wanted.append(
            Estimator(kind=Kind.DRIFT, metrics=CLASSIFIER, fit=fit_classifier)
        )
    return wanted


def fit_estimators(rows: pd.DataFrame, contract: Contract) -> tuple[Fitted, ...]:
    """Fit the row-level estimators a contract asks for on reference rows.

    Args:
        rows: Reference rows with the contract's columns. Not modified.
        contract: Says which estimators there are, and names the columns.

    Raises:
        EstimationError: If the rows do not suffice for one of them.
    """
    return tuple(
        estimator.fit(rows, contract.columns)
        for estimator in estimators(contract)
        # What estimates performance learns from labels; what tells drift does not.
        if estimator.kind is not Kind.ESTIMATED
        or rows[contract.columns.label].notna().any()
    )


def unmeasured(
    contract: Contract, version: str, *, reason: str, segments: Sequence[str] = ()
) -> list[Measurement]:
    """Return the numbers of `estimators` without a value, for they have a reason.

    Args:
        contract: Says which there are.
        version: The version that scored the rows.
        reason: Why there are none.
        segments: Segments and groups of the day, `all` left out.
    """
    return [
        Measurement(
            kind=estimator.kind,
            metric=metric,
            segment=segment,
            version=version,
            reason=reason,
        )
        for estimator in estimators(contract)
        for segment in ("all", *(segments if estimator.kind is Kind.ESTIMATED else ()))
        for metric in estimator.metrics
    ]


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
