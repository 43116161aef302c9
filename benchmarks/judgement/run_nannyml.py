"""NannyML at its defaults, one chunk a day, a reference cut into days as well.

Univariate drift of every feature (Jensen-Shannon), missing and unseen values, and one
metric as it is estimated (CBPE; DLE for a regression) and as it came true: ROC AUC,
accuracy of several classes, mean absolute error. Two rules: any alert calls somebody;
an alert about performance does. A calculator that fails calls somebody: its job has
stopped.
"""

import warnings
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.judgement.answers import STOPPED, Answer
from benchmarks.judgement.natural import METRICS
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem

ANY, PERFORMANCE = "any alert", "performance alerts"
RULES = (ANY, PERFORMANCE)
DAILY = {"timestamp_column_name": "chunk", "chunk_period": "D"}
FAILED = " failed: "


def judge(
    days: Sequence[tuple[date, Path]], reference: Path, contract: Contract
) -> list[Answer]:
    """Hold days against a version's reference.

    Args:
        days: Each day with its joined rows; all served by one version.
        reference: The joined reference rows of that version.
        contract: Which column is what.
    """
    warnings.simplefilter("ignore")
    # DLE reshapes a column's array, which those of pandas 3's strings cannot do.
    is_number = contract.problem is Problem.REGRESSION
    with pd.option_context("future.infer_string", not is_number):
        return _judge(days, reference, contract)


def _judge(
    days: Sequence[tuple[date, Path]], reference: Path, contract: Contract
) -> list[Answer]:
    fitted = _fit(reference, contract.model_dump_json())
    frames = {day: pd.read_parquet(path) for day, path in days}
    together = _try_all(fitted, frames, contract)
    if together is not None:
        return together
    return [
        (
            _try_all(fitted, {day: frame}, contract)
            or [_alone(fitted, day, frame, contract)]
        )[0]
        for day, frame in frames.items()
    ]


@cache
def _fit(reference: Path, contract: str) -> dict[str, Any]:
    import nannyml as nml

    parsed = Contract.model_validate_json(contract)
    columns = parsed.columns
    rows = _plain(pd.read_parquet(reference), parsed)
    known = rows[rows[columns.label].notna()]
    features = [*columns.continuous, *columns.categorical]
    performance = _performance(parsed)
    estimator = (
        nml.DLE(feature_column_names=features, **performance)
        if parsed.problem is Problem.REGRESSION
        else nml.CBPE(**performance, problem_type=_problem_type(parsed.problem))
    )
    realized = nml.PerformanceCalculator(
        **performance, problem_type=_problem_type(parsed.problem)
    )
    return {
        "drift": nml.UnivariateDriftCalculator(
            column_names=features,
            treat_as_categorical=list(columns.categorical),
            **DAILY,
        ).fit(rows),
        "missing": nml.MissingValuesCalculator(column_names=features, **DAILY).fit(
            rows
        ),
        "unseen": nml.UnseenValuesCalculator(
            column_names=list(columns.categorical), **DAILY
        ).fit(rows),
        "estimated": estimator.fit(known),
        "realized": realized.fit(known),
    }


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


def _plain(rows: pd.DataFrame, contract: Contract) -> pd.DataFrame:
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


def _try_all(
    fitted: dict[str, Any], frames: dict[date, pd.DataFrame], contract: Contract
) -> list[Answer] | None:
    rows = _plain(pd.concat(frames.values(), ignore_index=True), contract)
    found: dict[date, list[str]] = {day: [] for day in frames}
    for name, calculator in fitted.items():
        try:
            result = _ask(name, calculator, rows, contract.columns.label)
        except Exception:  # noqa: BLE001 (any failure: its days are tried one by one)
            return None
        for day, alert in _alerts(name, result):
            found[day].append(alert)
    return [_answer(day, alerts) for day, alerts in found.items()]


def _alone(
    fitted: dict[str, Any], day: date, frame: pd.DataFrame, contract: Contract
) -> Answer:
    """Ask each calculator by itself; one that fails is an alert."""
    frame, label = _plain(frame, contract), contract.columns.label
    alerts = []
    for name, calculator in fitted.items():
        try:
            result = _ask(name, calculator, frame, label)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer)
            alerts.append(f"{name}{FAILED}{type(error).__name__}")
            continue
        alerts += [alert for _, alert in _alerts(name, result)]
    return _answer(day, alerts)


def _ask(name: str, calculator: Any, rows: pd.DataFrame, label: str) -> Any:  # noqa: ANN401
    if name == "estimated":
        return calculator.estimate(rows)
    if name == "realized":
        return calculator.calculate(rows[rows[label].notna()])
    return calculator.calculate(rows)


def _alerts(name: str, result: Any) -> Iterator[tuple[date, str]]:  # noqa: ANN401
    table = result.filter(period="analysis").to_df()
    chunk = next(c for c in table.columns if c[-1] == "start_date")
    for column in table.columns:
        if column[-1] != "alert":
            continue
        for at, is_alert in zip(table[chunk], table[column], strict=True):
            if is_alert is True or is_alert == 1:
                yield pd.Timestamp(at).date(), f"{name} {column[0]}"


def _answer(day: date, alerts: list[str]) -> Answer:
    performance = [a for a in alerts if a.startswith(("estimated", "realized"))]
    return Answer(
        day=day,
        alerts={ANY: bool(alerts), PERFORMANCE: bool(performance)},
        counts={ANY: _count(alerts), PERFORMANCE: _count(performance)},
        why=", ".join(alerts)[:200],
    )


def _count(alerts: list[str]) -> int:
    """Count alerts; a job that has stopped outweighs any number of them."""
    return STOPPED if any(FAILED in alert for alert in alerts) else len(alerts)
