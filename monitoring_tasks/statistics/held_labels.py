"""How a day's labels lie, held against the days before them and against the outputs.

All levels are shares of the labels: of a class, or of a number that is at most what was
the usual quantile. Shares err by the binomial, whether a number takes few values or
many, and however heavy its tails.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
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
from monitoring_tasks.statistics.level_moves import (
    LevelMove,
    level_move,
    share_level,
    share_of,
)
from monitoring_tasks.statistics.share_curves import shares_at_most

POSITIVE = "1"
"""The level of a binary label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLevel:
    """How far one level of the labels moved, by itself and beside the outputs.

    Attributes:
        level: A class, or a quantile.
        alone: The move of the share, on the log odds.
        beside: The move of its distance from what the model said of the same rows.
        spread: Standard deviation of one label that counts or does not.
        cut: The usual quantile of a number; None of a class.
    """

    level: str
    alone: LevelMove
    beside: LevelMove
    spread: float
    cut: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The share that was usual, and the one that is."""
        return share_of(self.alone.usual), share_of(self.alone.value)

    @property
    def share(self) -> float:
        """How far it moved, as a share of all labels, >= 0."""
        usual, value = self.ends
        return abs(value - usual)

    @property
    def size(self) -> float:
        """How far it moved, in standard deviations of one label, >= 0."""
        return self.share / self.spread if self.spread else 0.0

    @property
    def p_value(self) -> float:
        """Probability that chance moves it so far; 1 where the outputs moved along."""
        is_same_way = self.alone.distance * self.beside.distance > 0
        return max(self.alone.p_value, self.beside.p_value) if is_same_way else 1.0

    @property
    def text(self) -> str:
        """What moved, from where to where."""
        usual, value = self.ends
        if self.cut is not None:
            named, said = f"at most {self.cut:.4g}", "the predictions"
        else:
            named = "positive" if self.level == POSITIVE else f"'{self.level}'"
            said = "the outputs"
        return (
            f"{value:.1%} of the labels are {named}; it was {usual:.1%} on the "
            f"{self.alone.days} sound days before, and {said} did not move along"
        )


def held_levels(
    before: Sequence[LabelDay],
    now: Sequence[LabelDay],
    *,
    spread: float = 0.0,
    is_trimmed: bool = False,
) -> Iterator[HeldLevel]:
    """Hold every level of the latest days' labels against the days before.

    Args:
        before: Days that were well, oldest first.
        now: The latest days, oldest first, none of them one of `before`.
        spread: Of a share between days beyond sampling, where that is known from
            elsewhere; the larger one counts.
        is_trimmed: Whether the day that lies farthest on the side of most is left out,
            by level: one strange day is that day's news, and no week's.
    """
    if not before or not now:
        return
    # A class that no label has today is one of those of the day before.
    levels = dict.fromkeys((*now[-1].labels.levels, *before[-1].labels.levels))
    for level in levels:
        held = held_level(level, before, now, spread=spread, is_trimmed=is_trimmed)
        if held is not None:
            yield held


def held_level(
    level: str,
    before: Sequence[LabelDay],
    now: Sequence[LabelDay],
    *,
    spread: float = 0.0,
    is_trimmed: bool = False,
) -> HeldLevel | None:
    """Hold one level against the days before; None where too few of them have it.

    Args:
        level: A class, or a quantile.
        before: Days that were well, oldest first.
        now: The latest days, at least one.
        spread: See `held_levels`.
        is_trimmed: See `held_levels`.
    """
    cut = _cut(level, before) if now[-1].labels.is_numeric else None
    usual, latest = (_shares(days, level, cut) for days in (before, now))
    if not usual or not latest:
        return None
    middle = mean(day.share for day in usual)
    if is_trimmed:
        latest = _without_the_farthest(latest, middle)
    alone = _move(usual, latest, middle, is_beside=False)
    beside = _move(usual, latest, middle, is_beside=True)
    if alone is None or beside is None:
        return None
    share = share_of(alone.usual)
    of_one = max(share * (1 - share), 0.0) ** 0.5
    if spread and of_one and cut is None:
        # From shares to log odds, by the delta method.
        alone = alone.widened_to(spread / of_one**2)
    return HeldLevel(
        level=level,
        alone=alone,
        beside=beside,
        spread=of_one,
        cut=None if cut is None else cut.label,
    )


class _Cut(NamedTuple):
    """The usual quantile of a label, and what usually comes of a prediction.

    `limit` lies halfway to the next value that labels have, where they have steps.
    """

    label: float
    limit: float
    residuals: UsualResiduals


class _DayShare(NamedTuple):
    """The share of a day's labels that counts, and what the model said of it."""

    day: LabelDay
    share: float
    said: float


def _cut(level: str, before: Sequence[LabelDay]) -> _Cut | None:
    """Return where to cut the labels; None where no day before has kept its curves."""
    curves = [d.labels.curves for d in before if d.labels.curves is not None]
    if not curves or level not in QUANTILES:
        return None
    place = [list(QUANTILES).index(level)]
    cuts = usual_cuts(curves)[place]
    return _Cut(
        label=cuts.item(),
        limit=limits_beside(curves, cuts).item(),
        residuals=usual_residuals(curves),
    )


def _shares(days: Sequence[LabelDay], level: str, cut: _Cut | None) -> list[_DayShare]:
    """Return the shares of the days that tell them."""
    if cut is not None:
        return [
            _DayShare(day, *_shares_at_most(curves, cut))
            for day in days
            if (curves := day.labels.curves) is not None
        ]
    return [
        _DayShare(
            day, day.labels.levels.get(level, 0.0), day.labels.outputs.get(level, 0.0)
        )
        for day in days
        if not day.labels.is_numeric
    ]


def _shares_at_most(curves: NumberCurves, cut: _Cut) -> tuple[float, float]:
    """Return the share of labels at most a cut, and the one predictions expect."""
    share = shares_at_most(curves.labels, np.array([cut.label]))
    said = cut.residuals.shares_expected(curves, np.array([cut.limit]))
    return float(share[0]), float(said[0])


def _without_the_farthest(days: list[_DayShare], usual: float) -> list[_DayShare]:
    sign = 1 if sum(day.share - usual for day in days) > 0 else -1
    farthest = max(range(len(days)), key=lambda index: sign * days[index].share)
    return [day for index, day in enumerate(days) if index != farthest]


def _move(
    before: Sequence[_DayShare],
    now: Sequence[_DayShare],
    usual: float,
    *,
    is_beside: bool,
) -> LevelMove | None:
    series = [
        [
            share_level(
                d.day.day,
                d.share,
                d.day.labels.rows,
                usual=usual,
                beside=d.said if is_beside else 0.5,
            )
            for d in days
        ]
        for days in (before, now)
    ]
    return level_move(*series)
