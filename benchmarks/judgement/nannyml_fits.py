"""NannyML's calculators, each fitted on a version's reference; kept where wanted."""

import os
import pickle
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.judgement.natural import METRICS
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem

DAILY = {"timestamp_column_name": "chunk", "chunk_period": "D"}
ABOUT_PERFORMANCE = ("estimated", "realized")
FITTED_AT_ONCE = 16
"""Fitted calculators a process keeps: those of two references, and some more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Which calculators look at a batch, and at which columns.

    Attributes:
        calculators: Names among those of `FITS`.
        with_outputs: Whether drift and missing values are looked for in scores and
            predictions as well as in the inputs.
        kept: Where fitted calculators lie for other processes; None for nowhere.
    """

    calculators: tuple[str, ...] = (
        *("drift", "missing", "unseen"),
        *ABOUT_PERFORMANCE,
    )
    with_outputs: bool = False
    kept: Path | None = None


@lru_cache(FITTED_AT_ONCE)
def fitted_calculator(name: str, reference: Path, contract: str, watch: Watch) -> Any:  # noqa: ANN401 (NannyML's)
    """Return a calculator that knows a reference: fitted now, before, or elsewhere.

    Args:
        name: Name among those of `FITS`.
        reference: The joined reference rows.
        contract: The contract, as JSON.
        watch: At which columns it looks, and where it is kept.
    """
    path = watch.kept / f"{name}.pickle" if watch.kept else None
    if path is not None and path.is_file():
        return pickle.loads(path.read_bytes())  # noqa: S301 (written below)
    parsed = Contract.model_validate_json(contract)
    rows = plain(pd.read_parquet(reference), parsed)
    # LightGBM, in DLE, prints what it does.
    with redirect_stdout(StringIO()):
        calculator = FITS[name](rows, parsed, watch)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        half.write_bytes(pickle.dumps(calculator))
        half.replace(path)
    return calculator


def outputs_of(contract: Contract) -> list[str]:
    """Name the columns of scores and predictions, predictions last."""
    columns = contract.columns
    if contract.problem is Problem.REGRESSION:
        return [columns.prediction]
    score = columns.score
    scores = list(score.values()) if isinstance(score, dict) else [str(score)]
    return [*scores, columns.prediction]


def _watched(contract: Contract, watch: Watch) -> tuple[list[str], list[str]]:
    """Return the columns that are looked at, and those of them that hold names."""
    columns = contract.columns
    watched = [*columns.continuous, *columns.categorical]
    names = list(columns.categorical)
    if not watch.with_outputs:
        return watched, names
    is_number = contract.problem is Problem.REGRESSION
    decided = [] if is_number else [columns.prediction]
    return [*watched, *outputs_of(contract)], [*names, *decided]


def _fit_drift(rows: pd.DataFrame, contract: Contract, watch: Watch) -> Any:  # noqa: ANN401
    import nannyml as nml

    watched, names = _watched(contract, watch)
    calculator = nml.UnivariateDriftCalculator(
        column_names=watched, treat_as_categorical=names, **DAILY
    )
    return calculator.fit(rows)


def _fit_multivariate(rows: pd.DataFrame, contract: Contract, _: Watch) -> Any:  # noqa: ANN401
    import nannyml as nml

    inputs = [*contract.columns.continuous, *contract.columns.categorical]
    return nml.DataReconstructionDriftCalculator(column_names=inputs, **DAILY).fit(rows)


def _fit_missing(rows: pd.DataFrame, contract: Contract, watch: Watch) -> Any:  # noqa: ANN401
    import nannyml as nml

    watched, _ = _watched(contract, watch)
    return nml.MissingValuesCalculator(column_names=watched, **DAILY).fit(rows)


def _fit_unseen(rows: pd.DataFrame, contract: Contract, _: Watch) -> Any:  # noqa: ANN401
    import nannyml as nml

    names = list(contract.columns.categorical)
    return nml.UnseenValuesCalculator(column_names=names, **DAILY).fit(rows)


def _fit_estimated(rows: pd.DataFrame, contract: Contract, _: Watch) -> Any:  # noqa: ANN401
    import nannyml as nml

    columns, given = contract.columns, _performance(contract)
    features = [*columns.continuous, *columns.categorical]
    estimator = (
        nml.DLE(feature_column_names=features, **given)
        if contract.problem is Problem.REGRESSION
        else nml.CBPE(**given, problem_type=_problem_type(contract.problem))
    )
    return estimator.fit(rows[rows[columns.label].notna()])


def _fit_realized(rows: pd.DataFrame, contract: Contract, _: Watch) -> Any:  # noqa: ANN401
    import nannyml as nml

    calculator = nml.PerformanceCalculator(
        **_performance(contract), problem_type=_problem_type(contract.problem)
    )
    return calculator.fit(rows[rows[contract.columns.label].notna()])


FITS: Mapping[str, Callable[[pd.DataFrame, Contract, Watch], Any]] = {
    "drift": _fit_drift,
    "multivariate": _fit_multivariate,
    "missing": _fit_missing,
    "unseen": _fit_unseen,
    "estimated": _fit_estimated,
    "realized": _fit_realized,
}
"""By name: what fits a calculator on reference rows."""


def _performance(contract: Contract) -> dict[str, Any]:
    """Return what estimator and calculator have in common."""
    columns = contract.columns
    given = {
        "metrics": [METRICS[contract.problem]],
        "y_pred": columns.prediction,
        "y_true": columns.label,
        **DAILY,
    }
    if contract.problem is Problem.REGRESSION:
        return given
    return given | {"y_pred_proba": columns.score}


def _problem_type(problem: Problem) -> str:
    is_number = problem is Problem.REGRESSION
    return str(problem) if is_number else f"classification_{problem}"


def plain(rows: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return texts as objects: NannyML does not know the string type of pandas 3."""
    columns = contract.columns
    named = (*columns.categorical, columns.prediction, columns.label)
    is_named = contract.problem is Problem.MULTICLASS
    texts = [
        name
        for name in (named if is_named else columns.categorical)
        if name in rows.columns
    ]
    return rows.astype(dict.fromkeys(texts, "object"))
