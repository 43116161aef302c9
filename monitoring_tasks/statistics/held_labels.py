"""How a day's labels lie, held against the days before them and against the outputs.

All levels are shares of the labels: of a class, or of a number that is at most what was
the usual quantile. Shares err by the binomial, whether a number takes few values or
many, and however heavy its tails.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.statistics.day_levels import share_level, share_of
from monitoring_tasks.statistics.label_shares import (
    Cut,
    DayShare,
    cuts_of,
    shares_of,
)
from monitoring_tasks.statistics.level_moves import LevelMove, level_move

POSITIVE = "1"
"""The level of a binary label."""
FARTHER = 2.0
"""Times as far as on any day before that is like nothing that was seen."""
HALF = 0.5
"""Of the way by which labels and outputs parted: whoever moved more of it, left."""


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
        """How far it moved and parted from the outputs, as a share of all labels, >= 0.

        The smaller of both: near 0 and 1 log odds tell moves that are none.
        """
        moves = (self.alone, self.beside)
        return min(abs(share_of(m.value) - share_of(m.usual)) for m in moves)

    @property
    def size(self) -> float:
        """The same in standard deviations of one label, >= 0."""
        return self.share / self.spread if self.spread else 0.0

    @property
    def p_value(self) -> float:
        """Probability that chance moves it so far; 1 where the outputs moved along."""
        is_same_way = self.alone.distance * self.beside.distance > 0
        return max(self.alone.p_value, self.beside.p_value) if is_same_way else 1.0

    @property
    def p_value_of_parting(self) -> float:
        """Probability that chance parts labels and outputs so far; 1 if outputs left.

        Demand moves labels and outputs alike. Where they part it is the labels that
        left if these moved at least half of the way, and, of themselves, farther than
        chance takes them at the square root.
        """
        apart, by_labels = self.beside.distance, self.alone.distance
        if apart * by_labels <= 0 or abs(by_labels) < HALF * abs(apart):
            return 1.0
        return max(self.beside.p_value, self.alone.p_value**2)

    def is_certain(self, false_alarm: float, *, least: float) -> bool:
        """Whether one day is beyond doubt: past chance and all that was seen.

        Args:
            false_alarm: Of a number that is told; the square of it is beyond doubt.
            least: Standard deviations of one label that it has to have moved.
        """
        farthest = FARTHER * self.beside.farthest
        is_unseen = 0 < farthest <= abs(self.beside.distance)
        is_large = self.size >= least
        return is_large and is_unseen and self.p_value_of_parting < false_alarm**2

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
    spreads: Mapping[str, float] | None = None,
    is_trimmed: bool = False,
) -> Iterator[HeldLevel]:
    """Hold every level of the latest days' labels against the days before.

    Args:
        before: Days that were well, oldest first.
        now: The latest days, oldest first, none of them one of `before`.
        spreads: Of the share of a class between days beyond sampling, by level, where
            that is known from elsewhere; the larger one counts.
        is_trimmed: Whether the day that lies farthest on the side of most is left out,
            by level: one strange day is that day's news, and no week's.
    """
    if not before or not now:
        return
    # A class that no label has today is one of those of the day before.
    levels = dict.fromkeys((*now[-1].labels.levels, *before[-1].labels.levels))
    cuts = cuts_of(levels, before) if now[-1].labels.is_numeric else {}
    for level in levels:
        held = _held(
            level,
            cuts.get(level),
            before,
            now,
            spread=(spreads or {}).get(level, 0.0),
            is_trimmed=is_trimmed,
        )
        if held is not None:
            yield held


def held_level(
    level: str,
    before: Sequence[LabelDay],
    now: Sequence[LabelDay],
) -> HeldLevel | None:
    """Hold one level against the days before; None where too few of them have it.

    Args:
        level: A class, or a quantile.
        before: Days that were well, oldest first.
        now: The latest days, at least one.
    """
    cuts = cuts_of([level], before) if now[-1].labels.is_numeric else {}
    return _held(level, cuts.get(level), before, now)


def _held(
    level: str,
    cut: Cut | None,
    before: Sequence[LabelDay],
    now: Sequence[LabelDay],
    *,
    spread: float = 0.0,
    is_trimmed: bool = False,
) -> HeldLevel | None:
    usual, latest = (shares_of(days, level, cut) for days in (before, now))
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


def _without_the_farthest(days: list[DayShare], usual: float) -> list[DayShare]:
    sign = 1 if sum(day.share - usual for day in days) > 0 else -1
    farthest = max(range(len(days)), key=lambda index: sign * days[index].share)
    return [day for index, day in enumerate(days) if index != farthest]


def _move(
    before: Sequence[DayShare],
    now: Sequence[DayShare],
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
