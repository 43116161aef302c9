"""How a day's labels lie, held against the days before them and against the outputs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.statistics.level_moves import (
    DayLevel,
    LevelMove,
    level_move,
    share_level,
    share_of,
)

TO_SPREAD = 3.29
"""Distance of the 5 % and 95 % quantiles in standard deviations, of a normal sample."""
WHOLE_SPREAD = 4.0
"""A share is one of all labels; so many standard deviations hold all of a number's."""
POSITIVE = "1"
"""The level of a binary label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLevel:
    """How far one level of the labels moved, by itself and beside the outputs.

    Attributes:
        level: A class, or a quantile.
        alone: The move of the level; of a share on the log odds.
        beside: The move of its distance from what the model said of the same rows.
        spread: Standard deviation of one label.
        is_share: Whether it is the share of a class, and not a quantile.
    """

    level: str
    alone: LevelMove
    beside: LevelMove
    spread: float
    is_share: bool

    @property
    def ends(self) -> tuple[float, float]:
        """What was usual, and what is, in units of the label or as a share."""
        usual, value = self.alone.usual, self.alone.value
        return (share_of(usual), share_of(value)) if self.is_share else (usual, value)

    @property
    def distance(self) -> float:
        """How far it moved, as a share or in units of the label."""
        return self.ends[1] - self.ends[0]

    @property
    def size(self) -> float:
        """How far it moved, in standard deviations of one label, >= 0."""
        return abs(self.distance) / self.spread if self.spread else 0.0

    @property
    def share(self) -> float:
        """The same as a share of all labels, >= 0."""
        return abs(self.distance) if self.is_share else self.size / WHOLE_SPREAD

    @property
    def p_value(self) -> float:
        """Probability that chance moves it so far; 1 where the outputs moved along."""
        is_same_way = self.alone.distance * self.beside.distance > 0
        return max(self.alone.p_value, self.beside.p_value) if is_same_way else 1.0

    @property
    def text(self) -> str:
        """What moved, from where to where."""
        usual, value = self.ends
        after = f"on the {self.alone.days} sound days before"
        if not self.is_share:
            return (
                f"the {self.level} quantile of the labels is {value:.4g}; it was "
                f"{usual:.4g} {after}, and the predictions did not move along"
            )
        named = "positive" if self.level == POSITIVE else f"'{self.level}'"
        return (
            f"{value:.1%} of the labels are {named}; it was {usual:.1%} {after}, and "
            "the outputs did not move along"
        )


def held_levels(
    before: Sequence[LabelDay], now: Sequence[LabelDay], *, spread: float = 0.0
) -> Iterator[HeldLevel]:
    """Hold every level of the latest days' labels against the days before.

    Args:
        before: Days that were well, oldest first.
        now: The latest days, oldest first, none of them one of `before`.
        spread: Of a share between days beyond sampling, where that is known from
            elsewhere; the larger one counts.
    """
    if not before or not now:
        return
    # A class that no label has today is one of those of the day before.
    levels = dict.fromkeys((*now[-1].labels.levels, *before[-1].labels.levels))
    for level in levels:
        held = held_level(level, before, now, spread=spread)
        if held is not None:
            yield held


def held_level(
    level: str,
    before: Sequence[LabelDay],
    now: Sequence[LabelDay],
    *,
    spread: float = 0.0,
) -> HeldLevel | None:
    """Hold one level against the days before; None where too few of them have it.

    Args:
        level: A class, or a quantile.
        before: Days that were well, oldest first.
        now: The latest days, at least one.
        spread: See `held_levels`.
    """
    is_share = not now[-1].labels.is_numeric
    shares = [d.labels.levels.get(level, 0.0) for d in before]
    usual = sum(shares) / len(shares) if shares else 0.5

    def move(*, is_beside: bool) -> LevelMove | None:
        series = [
            [
                found
                for d in days
                if (found := _level_of(d, level, usual, is_beside=is_beside))
            ]
            for days in (before, now)
        ]
        return level_move(*series)

    alone, beside = move(is_beside=False), move(is_beside=True)
    if alone is None or beside is None:
        return None
    if is_share:
        middle = share_of(alone.usual)
        of_one = max(middle * (1 - middle), 0.0) ** 0.5
        if spread and of_one:
            # From shares to log odds, by the delta method.
            alone = alone.widened_to(spread / of_one**2)
    else:
        # Of the days before: labels that are all alike today have no spread.
        of_one = sum(map(_width, before)) / len(before) or _width(now[-1])
        of_one /= TO_SPREAD
    return HeldLevel(
        level=level, alone=alone, beside=beside, spread=of_one, is_share=is_share
    )


def _width(day: LabelDay) -> float:
    """Return how far the quantiles of a numeric label lie apart; 0 without them."""
    values = list(day.labels.levels.values())
    return values[-1] - values[0] if values else 0.0


def _level_of(
    day: LabelDay, level: str, usual: float, *, is_beside: bool
) -> DayLevel | None:
    labels = day.labels
    if not labels.is_numeric:
        share = labels.levels.get(level, 0.0)
        said = labels.outputs.get(level, 0.0) if is_beside else 0.5
        return share_level(day.day, share, labels.rows, usual=usual, beside=said)
    if level not in labels.levels:
        return None
    value = labels.levels[level] - (labels.outputs[level] if is_beside else 0.0)
    # A quantile of a label has no error that follows from its rows alone.
    return DayLevel(day=day.day, value=value, error=0.0, rows=labels.rows)
