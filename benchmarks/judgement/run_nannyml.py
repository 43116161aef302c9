"""NannyML at its defaults, one chunk a day, a reference cut into days as well.

Univariate drift of every feature (Jensen-Shannon), missing and unseen values, and one
metric as it is estimated (CBPE; DLE for a regression) and as it came true: ROC AUC,
accuracy of several classes, mean absolute error; where it is asked for, multivariate
drift (reconstruction error) as well. Two rules: any alert calls somebody; an alert
about performance does. A calculator that fails calls somebody: its job has stopped.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.judgement.answers import STOPPED, Answer
from benchmarks.judgement.nannyml_fits import (
    ABOUT_PERFORMANCE,
    Watch,
    fitted_calculator,
    plain,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem

ANY, PERFORMANCE = "any alert", "performance alerts"
RULES = (ANY, PERFORMANCE)
FAILED = " failed: "


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    Attributes:
        about: The calculator and what it looked at, or how it failed.
        size: How far the number lies from the middle of its limits, in half their
            width: above 1; `STOPPED` where the limits have no width.
    """

    about: str
    size: float


def judge(
    days: Sequence[tuple[date, Path]],
    reference: Path,
    contract: Contract,
    watch: Watch | None = None,
) -> list[Answer]:
    """Hold days against a version's reference.

    Args:
        days: Each day with its joined rows; all served by one version.
        reference: The joined reference rows of that version.
        contract: Which column is what.
        watch: Which calculators look; None for all but the multivariate one.
    """
    warnings.simplefilter("ignore")
    fitted = _Fitted(reference, contract, watch or Watch())
    # DLE reshapes a column's array, which those of pandas 3's strings cannot do.
    is_number = contract.problem is Problem.REGRESSION
    with pd.option_context("future.infer_string", not is_number):
        return _judge(days, fitted)


def _judge(days: Sequence[tuple[date, Path]], fitted: "_Fitted") -> list[Answer]:
    frames = {day: pd.read_parquet(path) for day, path in days}
    # A day without rows would have no chunk among the others, and look quiet.
    if all(len(frame) for frame in frames.values()):
        together = _try_all(fitted, frames)
        if together is not None:
            return together
    return [
        (_try_all(fitted, {day: frame}) or [_alone(fitted, day, frame)])[0]
        if len(frame)
        else _alone(fitted, day, frame)
        for day, frame in frames.items()
    ]


@dataclass(frozen=True, slots=True)
class _Fitted:
    """The calculators of a watch, each fitted when it is first asked for."""

    reference: Path
    contract: Contract
    watch: Watch

    def calculator(self, name: str) -> Any:  # noqa: ANN401 (NannyML's)
        text = self.contract.model_dump_json()
        return fitted_calculator(name, self.reference, text, self.watch)


def _try_all(fitted: _Fitted, frames: dict[date, pd.DataFrame]) -> list[Answer] | None:
    contract = fitted.contract
    rows = plain(pd.concat(frames.values(), ignore_index=True), contract)
    alerts: dict[date, list[Alert]] = {day: [] for day in frames}
    for name in fitted.watch.calculators:
        try:
            result = _ask(name, fitted.calculator(name), rows, contract.columns.label)
        except Exception:  # noqa: BLE001 (any failure: its days are tried one by one)
            return None
        for day, alert in _alerts(name, result):
            alerts[day].append(alert)
    return [_answer(day, of_day) for day, of_day in alerts.items()]


def _alone(fitted: _Fitted, day: date, frame: pd.DataFrame) -> Answer:
    """Ask each calculator by itself; one that fails is an alert."""
    contract = fitted.contract
    frame, label = plain(frame, contract), contract.columns.label
    alerts: list[Alert] = []
    for name in fitted.watch.calculators:
        try:
            result = _ask(name, fitted.calculator(name), frame, label)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer)
            alerts.append(Alert(f"{name}{FAILED}{type(error).__name__}", STOPPED))
            continue
        alerts += [alert for _, alert in _alerts(name, result)]
    return _answer(day, alerts)


def _ask(name: str, calculator: Any, rows: pd.DataFrame, label: str) -> Any:  # noqa: ANN401
    if name == "estimated":
        return calculator.estimate(rows)
    if name == "realized":
        return calculator.calculate(rows[rows[label].notna()])
    return calculator.calculate(rows)


def _alerts(name: str, result: Any) -> Iterator[tuple[date, Alert]]:  # noqa: ANN401
    table = result.filter(period="analysis").to_df()
    chunk = next(c for c in table.columns if c[-1] == "start_date")
    for column in table.columns:
        if column[-1] != "alert":
            continue
        sizes = _sizes(table, column[:-1])
        for at, is_alert, size in zip(table[chunk], table[column], sizes, strict=True):
            if is_alert is True or is_alert == 1:
                yield pd.Timestamp(at).date(), Alert(f"{name} {column[0]}", size)


def _sizes(table: pd.DataFrame, column: tuple[str, ...]) -> list[float]:
    """Return how far each number lies outside its limits; missing ones are 0 and 1."""
    value, lower, upper = (
        pd.to_numeric(table[(*column, part)], errors="coerce").to_numpy("float64")
        for part in ("value", "lower_threshold", "upper_threshold")
    )
    lower, upper = np.nan_to_num(lower, nan=0.0), np.nan_to_num(upper, nan=1.0)
    half = (upper - lower) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.abs(value - (upper + lower) / 2) / half
    return [float(each) for each in np.nan_to_num(size, nan=STOPPED, posinf=STOPPED)]


def _answer(day: date, alerts: list[Alert]) -> Answer:
    performance = [a for a in alerts if a.about.startswith(ABOUT_PERFORMANCE)]
    by_rule = {ANY: alerts, PERFORMANCE: performance}
    return Answer(
        day=day,
        alerts={rule: bool(of_rule) for rule, of_rule in by_rule.items()},
        counts={rule: _count(of_rule) for rule, of_rule in by_rule.items()},
        sizes={
            rule: max((a.size for a in of_rule), default=0.0)
            for rule, of_rule in by_rule.items()
        },
        why=", ".join(alert.about for alert in alerts)[:200],
    )


def _count(alerts: list[Alert]) -> int:
    """Count alerts; a job that has stopped outweighs any number of them."""
    has_stopped = any(FAILED in alert.about for alert in alerts)
    return STOPPED if has_stopped else len(alerts)
