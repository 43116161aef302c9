"""Guessing objectives: what a first contract promises of each kind of model.

A loss is promised as small as somebody would act on, unless a week of the model's rows
could not tell it from chance: a promise nobody can check only brings days that say so.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.domain.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

BIAS_SHARE = 0.25
DROPS = (0.03, 0.05)
"""Smallest and largest loss of AUC or accuracy that is promised."""
ERROR_SHARES = (0.10, 0.15)
"""The same of the mean absolute error, as a share of it."""
A_WEEK = 7
WEEKLY_Z = 2.576
"""Chance passes so many standard errors on 1 week in 200: a week's `false_alarm`."""
SHARE_SPREAD = 0.5
"""Standard deviation of a yes or no, at most. Of a row's share in an AUC about so,
where both classes are equally common; else the rarer one says how many rows count."""
ERROR_SPREAD = 0.756
"""That of the absolute of a normal error, in its mean: sqrt(pi / 2 - 1)."""


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
    rows_by_day: Collection[float] = (),
    rarer: float = 0.5,
) -> list[Promise]:
    """Return the objectives of a first contract.

    Args:
        problem: What the model predicts.
        predicted: Predicted numbers of a regression; else not used.
        truth: Their labels, in the same order; nothing where there are none yet.
        has_labels: Whether labels come at all.
        is_estimated: Whether anything is estimated before; not of two classes.
        rows_by_day: How many labelled rows each day seen has; none: the largest losses.
        rarer: Share of the rarer of two classes among the labels.
    """
    if problem is not Problem.REGRESSION:
        metric = "roc_auc" if problem is Problem.BINARY else "accuracy"
        # As many rows of equally common classes tell as much.
        counting = 4 * rarer * (1 - rarer) if problem is Problem.BINARY else 1.0
        telling = [counting * rows for rows in rows_by_day]
        drop = _rounded(_told_by_a_week(telling, SHARE_SPREAD, DROPS))
        why = f"a loss of {drop:g} against the version's own reference"
        promises = _both(metric, {"max_drop": drop}, why, has_labels=has_labels)
        return [p for p in promises if is_estimated or p.source == "realized"]
    errors = (predicted - truth)[np.isfinite(predicted - truth)]
    share = _told_by_a_week(rows_by_day, ERROR_SPREAD, ERROR_SHARES)
    if errors.size:
        mae, mean = float(np.abs(errors).mean()), float(errors.mean())
        why = f"{share:.0%} of the mean absolute error of the rows seen ({mae:.3g})"
        reach = abs(mean) + BIAS_SHARE * mae
        bias_why = (
            f"the rows' own mean error ({mean:.3g}) and {BIAS_SHARE:.0%} of {mae:.3g}"
        )
    else:
        spread = float(np.nanstd(predicted)) if predicted.size else 1.0
        mae = spread / 2 or 1.0
        why = f"no labels yet: a part of the predictions' own spread ({spread:.3g})"
        reach, bias_why = BIAS_SHARE * mae, why
    drop, bias = _rounded(share * mae), _rounded(reach)
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


def _told_by_a_week(
    rows_by_day: Collection[float], spread: float, ends: tuple[float, float]
) -> float:
    """Return the smallest loss that a week of rows tells from chance, within ends."""
    smallest, largest = ends
    if not rows_by_day:
        return largest
    told = WEEKLY_Z * spread / math.sqrt(A_WEEK * max(median(rows_by_day), 1))
    return min(max(told, smallest), largest)


def _rounded(value: float) -> float:
    # A limit of 0 would be crossed by any error at all.
    return float(f"{value:.2g}") or 1.0
