"""What a metric of the reference's rows loses under a shift, days left out in turn."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from monitoring_tasks.domain.direction import Better, loss
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.estimate.column_shift import Shift, effective_rows
from monitoring_tasks.estimate.weighted_metric import (
    Weighted,
)
from monitoring_tasks.statistics.arrays import Floats

Days = NDArray[np.datetime64]
MOST_GROUPS = 30
"""Groups of whole days that are left out one after the other."""


class WeightedLoss:
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
        quantile = float(stdtrit(groups - 1, 0.5 + self._confidence / 2))
        return quantile * float(np.sqrt(variance))


def _groups_left_out(of_day: Days) -> Iterator[Floats]:
    """Leave out one group of consecutive days after the other: 0 for its rows."""
    days = np.unique(of_day)
    for group in np.array_split(days, min(len(days), MOST_GROUPS)):
        yield (~np.isin(of_day, group)).astype(np.float64)
