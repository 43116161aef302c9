"""How closely labels go with what the model said, and whether that has ended."""

from collections.abc import Sequence

from scipy.special import stdtrit

from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.statistics.day_levels import DayLevel
from monitoring_tasks.statistics.level_moves import LevelMove, level_move

JUST_BEFORE = 3
"""So many days before an onset have to be as those before them."""
HALF = 0.5
"""What was lost by more than half before an onset has not ended with it."""
CLOSE = 5.0
"""Standard errors above 0 from which labels surely went with the outputs."""
NEXT_TO_NOTHING = 0.25
"""Share of the usual slope below which hardly a relation is left."""


def slope_move(before: Sequence[LabelDay], now: Sequence[LabelDay]) -> LevelMove | None:
    """Hold the slope of labels on outputs against the days before; None if too few.

    Args:
        before: Days that were well, oldest first. Days without a slope do not count.
        now: The latest days, oldest first.
    """
    return level_move(_slopes(before), _slopes(now))


def vanished(
    before: Sequence[LabelDay], now: Sequence[LabelDay], *, chance: float
) -> LevelMove | None:
    """Return the move of a slope of which next to nothing is left overnight, else None.

    The usual one is `CLOSE` errors above 0, the upper end of what is left lies below
    `NEXT_TO_NOTHING` of it, and just before most of it was there. Labels dealt anew
    among all rows leave none of it; a world that changes what inputs mean, or noise
    in the labels, leaves a part.

    Args:
        before: Days that were well, oldest first.
        now: The latest days, oldest first.
        chance: Probability that the upper end lies too low by chance.
    """
    move = slope_move(before, now)
    if move is None or move.usual < CLOSE * move.error:
        return None
    upper = move.value + float(stdtrit(move.freedom, 1 - chance)) * move.error
    if upper >= NEXT_TO_NOTHING * move.usual:
        return None
    crept = slope_move(before[:-JUST_BEFORE], before[-JUST_BEFORE:])
    return None if crept and crept.distance < HALF * move.distance else move


def _slopes(days: Sequence[LabelDay]) -> list[DayLevel]:
    return [
        DayLevel(
            day=day.day,
            value=day.labels.slope,
            # Days that kept no error differ by it: their spread has it.
            error=day.labels.slope_error or 0.0,
            rows=day.labels.rows,
        )
        for day in days
        if day.labels.slope is not None
    ]
