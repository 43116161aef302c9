"""Shares of a day's labels, of a class or below a value, and what was said of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import QUANTILES, NumberCurves
from monitoring_tasks.statistics.expected_shares import (
    UsualResiduals,
    limits_beside,
    usual_cuts,
    usual_residuals,
)
from monitoring_tasks.statistics.share_curves import shares_at_most


class Cut(NamedTuple):
    """The usual quantile of a label, and what usually comes of a prediction.

    `limit` lies halfway to the next value that labels have, where they have steps.
    """

    label: float
    limit: float
    residuals: UsualResiduals


class DayShare(NamedTuple):
    """The share of a day's labels that counts, and what the model said of it."""

    day: LabelDay
    share: float
    said: float


def cuts_of(levels: Iterable[str], before: Sequence[LabelDay]) -> dict[str, Cut]:
    """Return where to cut the labels; nothing where no day before kept its curves."""
    curves = [d.labels.curves for d in before if d.labels.curves is not None]
    if not curves:
        return {}
    cuts = usual_cuts(curves)
    limits, residuals = limits_beside(curves, cuts), usual_residuals(curves)
    by_level = {
        level: Cut(label=cut, limit=limit, residuals=residuals)
        for level, cut, limit in zip(
            QUANTILES, cuts.tolist(), limits.tolist(), strict=True
        )
    }
    return {level: by_level[level] for level in levels if level in by_level}


def shares_of(days: Sequence[LabelDay], level: str, cut: Cut | None) -> list[DayShare]:
    """Return the shares of the days that tell them."""
    if cut is not None:
        return [
            DayShare(day, *_shares_at_most(curves, cut))
            for day in days
            if (curves := day.labels.curves) is not None
        ]
    return [
        DayShare(
            day, day.labels.levels.get(level, 0.0), day.labels.outputs.get(level, 0.0)
        )
        for day in days
        if not day.labels.is_numeric
    ]


def _shares_at_most(curves: NumberCurves, cut: Cut) -> tuple[float, float]:
    """Return the share of labels at most a cut, and the one predictions expect."""
    share = shares_at_most(curves.labels, np.array([cut.label]))
    said = cut.residuals.shares_expected(curves, np.array([cut.limit]))
    return float(share[0]), float(said[0])
