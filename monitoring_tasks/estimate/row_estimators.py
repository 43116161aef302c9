"""Which row-level estimators a contract asks for, fitted or loaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reconstruction import Reconstruction
from monitoring_tasks.estimate.fitted import Fitted
from monitoring_tasks.estimate.reconstruction import RECONSTRUCTION, rebuild
from monitoring_tasks.estimate.reconstruction_learning import fit_reconstruction
from monitoring_tasks.estimate.rowwise import (
    CLASSIFIER,
    LOSSES,
    MULTICLASS,
    fit_classifier,
    fit_loss,
    fit_multiclass,
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
    wanted = []
    if contract.problem is Problem.REGRESSION:
        wanted.append(Estimator(kind=Kind.ESTIMATED, metrics=LOSSES, fit=fit_loss))
    elif contract.estimates_classes:
        wanted.append(
            Estimator(kind=Kind.ESTIMATED, metrics=MULTICLASS, fit=fit_multiclass)
        )
    elif contract.rebuilds_rows:
        wanted.append(
            Estimator(kind=Kind.DRIFT, metrics=RECONSTRUCTION, fit=fit_reconstruction)
        )
    if contract.policy.drift.domain_classifier:
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
    return _fit(estimators(contract), rows, contract)


def _fit(
    wanted: Sequence[Estimator], rows: pd.DataFrame, contract: Contract
) -> tuple[Fitted, ...]:
    return tuple(
        estimator.fit(rows, contract.columns)
        for estimator in wanted
        # What estimates performance learns from labels; what tells drift does not.
        if estimator.kind is not Kind.ESTIMATED
        or rows[contract.columns.label].notna().any()
    )


def load_estimators(
    rows: Callable[[], pd.DataFrame | None],
    contract: Contract,
    *,
    reconstruction: Callable[[], Reconstruction | None],
) -> tuple[Fitted, ...]:
    """Return the row-level estimators a contract asks for, without NannyML if possible.

    Args:
        rows: Loads the reference rows; None where there are none. Called only where
            NannyML must learn from them.
        contract: Says which estimators there are, and names the columns.
        reconstruction: Loads what rebuilds rows. Called only where they are rebuilt.

    Raises:
        EstimationError: If the reference does not suffice for one of them.
    """
    wanted = estimators(contract)
    learning = [e for e in wanted if e.metrics != RECONSTRUCTION]
    kept = reconstruction() if len(learning) < len(wanted) else None
    rebuilt = () if kept is None else (rebuild(kept),)
    learnt_from = rows() if learning else None
    if learnt_from is None:
        return rebuilt
    return (*rebuilt, *_fit(learning, learnt_from, contract))


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
