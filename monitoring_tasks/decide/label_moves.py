"""Did the labels move with the onset of a breach, or only what they mean? Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.statistics.level_moves import (
    DayLevel,
    LevelMove,
    level_move,
    share_error,
)

JUST_BEFORE = 3
"""So many days before the onset have to be as those before them."""
HALF = 0.5
"""A move is overnight if less than half of it was there before, and turned labels if
more than half of it is what they would bring: whichever hypothesis is nearer counts."""
POSITIVE = "1"
LevelOf = Callable[[LabelDay], float]


@dataclass(frozen=True, slots=True)
class LabelMoves:
    """Mature days before and since the onset of a breach, and what moved between them.

    Attributes:
        days: All of them, oldest first.
        began: The onset.
        policy: How sure and how large is a move.
    """

    days: Sequence[LabelDay]
    began: date
    policy: Policy

    def texts(self) -> Iterator[str]:
        """Say what shows that the labels moved overnight, and the outputs did not."""
        since = [d for d in self.days if d.day >= self.began]
        if not since:
            return
        for level in since[-1].labels.levels:
            moves = self._moved(level)
            if moves is not None and self._is_surely(moves, since[-1].labels, level):
                yield _said(level, moves[0])
                return
        turned = self._turned()
        if turned is not None:
            yield turned

    @property
    def _before(self) -> list[LabelDay]:
        calm = [d for d in self.days if d.day < self.began and d.is_calm]
        return calm[-self.policy.labels.baseline_days :]

    def _held(self, value_of: LevelOf, error_of: LevelOf) -> LevelMove | None:
        """Hold the days since the onset against those before; None if it crept in."""
        since = [d for d in self.days if d.day >= self.began]
        series = [
            [_as_level(d, value_of, error_of) for d in days]
            for days in (self._before, since)
        ]
        move = level_move(series[0], series[1]) if series[1] else None
        if move is None:
            return None
        crept = level_move(
            series[0][:-JUST_BEFORE] or series[0], series[0][-JUST_BEFORE:]
        )
        is_creeping = crept is not None and (
            crept.distance * (1 if move.distance > 0 else -1)
            > HALF * abs(move.distance)
        )
        return None if is_creeping else move

    def _moved(self, level: str) -> tuple[LevelMove, LevelMove] | None:
        """Return how far a level moved, and how far against the outputs."""

        def error(day: LabelDay) -> float:
            # A quantile of a label has no error that follows from its rows alone.
            if level.endswith("%"):
                return 0.0
            return share_error(_level(day.labels, level), day.labels.rows)

        plain = self._held(lambda d: _level(d.labels, level), error)
        against = self._held(lambda d: _excess(d.labels, level), error)
        return (plain, against) if plain and against else None

    def _is_surely(
        self, moves: tuple[LevelMove, LevelMove], today: LabelSummary, level: str
    ) -> bool:
        chance = (1 - self.policy.confidence) / max(len(today.levels), 1)
        shift = self.policy.outcome.min_label_shift
        if level.endswith("%"):
            ends = list(today.levels.values())
            spread = (ends[-1] - ends[0]) / 3.29
        else:
            spread = max(moves[0].usual * (1 - moves[0].usual), 0.0) ** 0.5
        is_same_way = moves[0].distance * moves[1].distance > 0
        return is_same_way and all(
            move.p_value < chance and abs(move.distance) >= shift * spread
            for move in moves
        )

    def _turned(self) -> str | None:
        """Say that a share of binary labels looks turned into their contrary.

        Turning a share f of them leaves 1 - 2 f of the slope of labels on scores and
        moves the rate by f (1 - 2 p), towards one half; labels that follow the
        features less leave as much of the slope and move no rate.
        """
        moves, slope = self._moved(POSITIVE), self._held(_slope, lambda _: 0.0)
        if moves is None or slope is None or slope.usual <= 0:
            return None
        share = min(max((1 - slope.value / slope.usual) / 2, 0.0), 1.0)
        turned = share * (1 - 2 * moves[0].usual)
        sign = 1 if turned > 0 else -1
        nearest = min(sign * move.distance for move in moves)
        # Where turned labels would move the rate no further than chance, nothing tells.
        is_told = abs(turned) >= max(move.error for move in moves)
        if not is_told or nearest <= HALF * abs(turned):
            return None
        return (
            f"{_said(POSITIVE, moves[0])}; {share:.0%} of labels turned into their "
            "contrary would bring that"
        )


def _as_level(day: LabelDay, value_of: LevelOf, error_of: LevelOf) -> DayLevel:
    return DayLevel(
        day=day.day, value=value_of(day), error=error_of(day), rows=day.labels.rows
    )


def _level(labels: LabelSummary, level: str) -> float:
    return labels.levels.get(level, 0.0)


def _excess(labels: LabelSummary, level: str) -> float:
    return _level(labels, level) - labels.outputs.get(level, 0.0)


def _slope(day: LabelDay) -> float:
    return day.labels.slope or 0.0


def _said(level: str, move: LevelMove) -> str:
    if level.endswith("%"):
        what, shown = f"the {level} quantile of the labels is", "{:.4g}"
    else:
        named = "positive" if level == POSITIVE else f"'{level}'"
        what, shown = f"the share of labels that are {named} is", "{:.1%}"
    return (
        f"{what} {shown.format(move.value)} since the onset; it was "
        f"{shown.format(move.usual)} on the {move.days} sound days before, and the "
        "outputs did not move along"
    )
