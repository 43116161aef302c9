"""How far days that came before strayed from those before them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.day_levels import DayLevel

Places = np.ndarray[tuple[int], np.dtype[np.int_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierMoves:
    """Moves of spans of earlier days, each from the mean of all days before it.

    Attributes:
        distances: How far, >= 0, ascending; empty where too few days came.
        variance: Their mean square beyond sampling; 0 where too few days came.
    """

    distances: tuple[float, ...] = ()
    variance: float = 0.0


def earlier_moves(
    days: Sequence[DayLevel], values: Floats, *, span: int, fewest: int
) -> EarlierMoves:
    """Hold every span of earlier days against the days before it, as a later one is.

    What was predicted of days that have come shows how far off predictions are where a
    model of chance does not: where days resemble those before them for weeks, where a
    few lie far out, where what was expected of them was wrong.

    Args:
        days: Oldest first, shape (n_days,); their sampling errors are read.
        values: What is held, shape (n_days,).
        span: Days in a row that are held together.
        fewest: Days that have to come before a span.
    """
    if len(values) < fewest + span:
        return EarlierMoves()
    errors = np.array([d.error for d in days]) ** 2
    ends = np.arange(fewest + span, len(values) + 1)
    moves = _means(values, ends, span) - _means_before(values, ends - span)
    chance = _means(errors, ends, span) / span
    chance += _means_before(errors, ends - span) / (ends - span)
    return EarlierMoves(
        distances=tuple(np.sort(np.abs(moves)).tolist()),
        variance=max(float(np.mean(moves**2 - chance)), 0.0),
    )


def _means(values: Floats, ends: Places, span: int) -> Floats:
    sums = np.append(0.0, np.cumsum(values))
    return np.asarray((sums[ends] - sums[ends - span]) / span)


def _means_before(values: Floats, ends: Places) -> Floats:
    return np.asarray(np.cumsum(values)[ends - 1] / ends)
