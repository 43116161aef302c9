"""What the move of a drifted column would cost by itself, on the reference's rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.direction import Better, loss
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.column_shift import Shift, effective_rows, shift_of
from monitoring_tasks.estimate.weighted_metric import (
    METRICS,
    Weighted,
    is_usable,
    weighted_metric,
)
from monitoring_tasks.statistics.arrays import Floats

Days = NDArray[np.datetime64]
FEWEST_DAYS = 7
"""Fewer days of the reference say too little of how an effect varies."""
MOST_GROUPS = 30
"""Groups of whole days that are left out one after the other."""


def predicted_metric(contract: Contract) -> str:
    """Name the metric that effects are predicted of.

    The first that is promised, realized or estimated, of the whole batch and can be
    weighted; else the one versions are compared by.
    """
    promised = (
        objective.metric
        for objective in contract.objectives
        if objective.source in {"realized", "estimated"} and objective.segment == "all"
    )
    weighable = (name for name in promised if name in METRICS[contract.problem])
    return next(weighable, contract.comparison_metric)


def column_effects(
    rows: pd.DataFrame,
    days: Sequence[date],
    *,
    profile: DayProfile,
    reference: ReferenceProfile,
    contract: Contract,
    columns: Sequence[str],
) -> list[ColumnEffect]:
    """Predict what the move of single columns costs, each as if all else stood still.

    The reference's labelled rows are weighted until the column is spread as on the day
    (`Shift.weights`); the loss is the metric of the unweighted rows less that of the
    weighted ones (the other way round where lower is better). Interval: jackknife over
    at most 30 groups of whole days, Student's t; it allows for rows of a day that are
    alike. The day's own spread is taken as it is.

    Assumes that the column alone moved: given its value, rows are what they were, and
    their labels too. When it lies: a changed meaning (concept drift) is invisible here;
    columns that move together each get the whole of their common effect; a column that
    stands for a season gets the season's effect; within a bin or a category all rows
    count as alike; rows unlike all of the reference are left out (`unlike`).

    Args:
        rows: Labelled rows of the version's reference. Not modified.
        days: The calendar day of each row.
        profile: The counts of the day, as a whole.
        reference: The version's reference; its bins are those of the profile.
        contract: Names columns and metric; `policy.min_rows` effective rows are needed.
        columns: The columns that moved.

    Returns:
        One a column, in the order given; without a loss, and with a reason, where
        nothing can be said.

    References:
        Shimodaira (2000), JSPI 90, 227-244 (weights under covariate shift); Zhang et
        al. (2023), ICML, "Why did the model fail?" (one distribution at a time); Kott
        (2001), Journal of Official Statistics 17, 521-526 (jackknife by groups).
    """
    usable = is_usable(rows, contract)
    kept = rows.loc[usable].reset_index(drop=True)
    of_day = np.array(days, dtype="datetime64[D]")[usable]
    metric = predicted_metric(contract)
    empty = partial(ColumnEffect, version=profile.version, metric=metric)
    distinct_days = len(np.unique(of_day))
    if distinct_days < FEWEST_DAYS:
        why = (
            f"labelled reference rows of {distinct_days} days are fewer than "
            f"{FEWEST_DAYS}"
        )
        return [empty(column=name, reason=why) for name in columns]
    weighing = _Weighing(
        weighted_metric(kept, contract, metric),
        of_day,
        better=metric_of(Kind.REALIZED, metric).better,
        confidence=contract.policy.confidence,
        min_rows=contract.policy.min_rows,
    )
    return [
        weighing.effect(empty(column=name), _shift(kept, name, profile, reference))
        for name in columns
    ]


def _shift(
    rows: pd.DataFrame, column: str, profile: DayProfile, reference: ReferenceProfile
) -> Shift | str:
    part = profile.columns.get(column)
    if part is None:
        return "the column was not counted on the day"
    if column not in rows.columns:
        return "the stored reference rows lack this column"
    return shift_of(rows[column], part, reference.bins.get(column))


class _Weighing:
    """A metric of the reference's rows, whole and with groups of days left out."""

    def __init__(
        self,
        value: Weighted,
        of_day: Days,
        *,
        better: Better,
        confidence: float,
        min_rows: int,
    ) -> None:
        self._value, self._better, self._confidence = value, better, confidence
        self._min_rows = min_rows
        self._all = np.ones(len(of_day))
        self._parts = list(_groups_left_out(of_day))
        self._plain = [value(kept) for kept in (self._all, *self._parts)]

    def effect(self, blank: ColumnEffect, shift: Shift | str) -> ColumnEffect:
        """Return the loss under a shift with its interval, or why there is none.

        Args:
            blank: The effect without numbers; names column, metric and version.
            shift: How the column is spread on the day, or why that is not known.
        """
        if isinstance(shift, str):
            return replace(blank, reason=shift)
        unlike, enough = shift.unlike, effective_rows(shift.weights(self._all))
        blank = replace(blank, rows=int(enough), unlike=unlike)
        if unlike == 1:
            return replace(
                blank, reason="no reference row resembles any row of the day"
            )
        if enough < self._min_rows:
            why = (
                f"only {int(enough)} effective rows support it, {self._min_rows} are "
                "needed"
            )
            return replace(blank, reason=why)
        # Each time against the same rows unweighted: what a group of days changes in
        # both is no part of the effect.
        losses = [
            self._loss(before, self._value(shift.weights(kept)))
            for before, kept in zip(self._plain, (self._all, *self._parts), strict=True)
        ]
        defined = np.array([loss for loss in losses if loss is not None])
        if len(defined) < len(losses) or not np.isfinite(defined).all():
            why = f"{blank.metric} is not defined on so few rows"
            return replace(blank, reason=why)
        reach = self._reach(defined[1:])
        why = f"{unlike:.0%} of the day's rows resemble no reference row"
        return replace(
            blank,
            loss=float(defined[0]),
            lower=float(defined[0] - reach),
            upper=float(defined[0] + reach),
            reason=why if unlike >= 0.005 else "",  # noqa: PLR2004 (it would say 0 %)
        )

    def _loss(self, before: float | None, after: float | None) -> float | None:
        if before is None or after is None:
            return None
        return loss(self._better, after, before) + 0.0  # never -0

    def _reach(self, losses: Floats) -> float:
        """Return the half-width of the interval from the losses without each group."""
        groups = len(losses)
        # Jackknife: leaving out a group moves the loss by 1 / (groups - 1) of its own.
        variance = (groups - 1) * float(np.var(losses))
        quantile = float(stats.t.ppf(0.5 + self._confidence / 2, groups - 1))
        return quantile * float(np.sqrt(variance))


def _groups_left_out(of_day: Days) -> Iterator[Floats]:
    """Leave out one group of consecutive days after the other: 0 for its rows."""
    days = np.unique(of_day)
    for group in np.array_split(days, min(len(days), MOST_GROUPS)):
        yield (~np.isin(of_day, group)).astype(np.float64)
