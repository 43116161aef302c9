"""Guessing objectives: what a first contract promises of each kind of model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.domain.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

ERROR_SHARE = 0.15
BIAS_SHARE = 0.25
DROP = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One objective and what its limit was taken from.

    Attributes:
        metric: The metric.
        source: `realized` or `estimated`.
        limits: Key of the contract -> number.
        why: From what.
    """

    metric: str
    source: str
    limits: dict[str, float]
    why: str


def guess_promises(
    problem: Problem,
    predicted: NDArray[np.float64],
    truth: NDArray[np.float64],
    *,
    has_labels: bool,
    is_estimated: bool = True,
) -> list[Promise]:
    """Return the objectives of a first contract.

    Args:
        problem: What the model predicts.
        predicted: Predicted numbers of a regression; else not used.
        truth: Their labels, in the same order; nothing where there are none yet.
        has_labels: Whether labels come at all.
        is_estimated: Whether anything is estimated before; not of two classes.
    """
    if problem is not Problem.REGRESSION:
        metric = "roc_auc" if problem is Problem.BINARY else "accuracy"
        why = f"a loss of {DROP:g} against the version's own reference"
        promises = _both(metric, {"max_drop": DROP}, why, has_labels=has_labels)
        return [p for p in promises if is_estimated or p.source == "realized"]
    errors = (predicted - truth)[np.isfinite(predicted - truth)]
    if errors.size:
        mae, mean = float(np.abs(errors).mean()), float(errors.mean())
        why = (
            f"{ERROR_SHARE:.0%} of the mean absolute error of the rows seen ({mae:.3g})"
        )
        reach = abs(mean) + BIAS_SHARE * mae
        bias_why = (
            f"the rows' own mean error ({mean:.3g}) and {BIAS_SHARE:.0%} of {mae:.3g}"
        )
    else:
        spread = float(np.nanstd(predicted)) if predicted.size else 1.0
        mae = spread / 2 or 1.0
        why = f"no labels yet: a part of the predictions' own spread ({spread:.3g})"
        reach, bias_why = BIAS_SHARE * mae, why
    drop, bias = _rounded(ERROR_SHARE * mae), _rounded(reach)
    promises = _both("mae", {"max_drop": drop}, why, has_labels=has_labels)
    if has_labels:
        limits = {"min": -bias, "max": bias}
        promises.append(
            Promise(metric="bias", source="realized", limits=limits, why=bias_why)
        )
    return promises


def _both(
    metric: str, limits: dict[str, float], why: str, *, has_labels: bool
) -> list[Promise]:
    sources: Sequence[str] = ("realized", "estimated") if has_labels else ("estimated",)
    return [Promise(metric=metric, source=s, limits=limits, why=why) for s in sources]


def _rounded(value: float) -> float:
    # A limit of 0 would be crossed by any error at all.
    return float(f"{value:.2g}") or 1.0
